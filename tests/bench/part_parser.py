"""The parser of the modem's lines: framer, exchange, fields and unsolicited codes, from memory in reads of 4 KiB.

The stream is 35,700 commands with answers, 5 % of them errors, with unsolicited codes in a quarter of them and lines that
nobody knows in a tenth; `mixed` has a counted block of 1 KiB in a tenth, too. Per second of processor time. The parsers of
others were measured on such lines by hand: oFono's gatchat 31 MB/s, ModemManager's 14 MB/s on a machine of that class.
"""

import json
import subprocess

from figures import Samples, goal


def run(options):
    samples = Samples()
    for number in range(options.rounds or 5):
        done = subprocess.run([options.build / "tests/bench/parser_bench", "0.5"], capture_output=True, text=True, check=True)
        figures = json.loads(done.stdout)
        if not (figures.pop("lines_right") and figures.pop("mixed_right")):
            raise AssertionError("the parser does not find what is in the stream")
        samples.add("sim52xxd", number, figures)
    samples.show("Parser", [("lines_mb_s", "lines only, MB/s", 0), ("lines_mlines_s", "million lines/s", 1),
                            ("mixed_mb_s", "with blocks, MB/s", 0), ("mixed_mlines_s", "million lines/s", 1)])
    return {"rows": list(samples.medians()),
            "goals": [goal("parser, mixed stream", samples.median("sim52xxd", "mixed_mb_s"), 200, most=False,
                           unit=" MB/s", digits=0)]}
