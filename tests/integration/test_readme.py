"""The five-minute tour of README.md works, word by word."""

import os
import re
import signal
import subprocess
import unittest

from support.places import PATIENCE, ROOT, free_port, loopback, program
from support.process import quiet_environment
from support.rig import Rig

# After a block that starts something, what a human's fingers would wait for.
READY = {
    "openssl s_server": 'until (exec 3<>/dev/tcp/127.0.0.1/4433) 2>/dev/null; do sleep 0.05; done',
    "sim52xx-sim": "until [ -e modem ]; do sleep 0.05; done",
    "sim52xxd --foreground": "until [ -S ssl0.sock ]; do sleep 0.05; done",
}


def tour():
    """The tour's commands, block by block, without the first: it builds."""
    text = (ROOT / "README.md").read_text()
    section = text[text.index("## Five minutes without hardware"):]
    section = section[:section.index("\n## ", 5)]
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)[1:]


class Tour(Rig):
    def test_word_by_word(self):
        blocks = []
        for number, block in enumerate(tour()):
            blocks.append(f"echo '== block {number}'\n{block}")
            if block.rstrip().endswith("&"):
                blocks += [line for word, line in READY.items() if word in block]
        port = free_port(loopback())
        script = "\n".join(blocks)
        for mark in (":", "/"):
            script = script.replace(f"127.0.0.1{mark}4433", f"{loopback()}{mark}{port}")
        folders = [os.path.dirname(program(name)) for name in ("sim52xxd", "sim52xxctl", "sim52xx-sim")]
        environment = {**quiet_environment(), "PATH": ":".join([*folders, os.environ["PATH"]])}
        (self.folder / "tour").write_text(script)
        shell = subprocess.Popen(["bash", "tour"], cwd=self.folder, env=environment, text=True, start_new_session=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            said, _ = shell.communicate(timeout=90 * PATIENCE)
        finally:
            self.end_group(shell)
        parts = said.split("== block ")
        asked, answered, served = (parts[n + 1] for n in (3, 4, 6))
        self.assertIn("curl: (56)", asked, said)
        self.assertIn('accept_alerts = ["bad-issuer", "view-certificate"]', answered, said)
        self.assertIn("s_server", served, said)

    @staticmethod
    def end_group(shell):
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shell.wait()


if __name__ == "__main__":
    unittest.main()
