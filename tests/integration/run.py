#!/usr/bin/env python3
"""Runs the integration tests, each test in a process of its own, several at a time; counts go to a JSON file.

usage: run.py [--jobs N] [--json FILE] [NAME...]     NAME: part of a test's name, e.g. curl, alerts.Refused or, with
SIM52XX_LONG, @echo
"""

import argparse
import concurrent.futures
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from support.modes import EVERYWHERE, SESSION_TESTS  # noqa: E402
from support.waiting import PATIENCE  # noqa: E402

LONG = bool(os.environ.get("SIM52XX_LONG"))
# What would take many minutes there: MiB, byte by byte or with 30 bytes around each.
TOO_SLOW = {"dribble": [".Large."], "block_1": ["test_two_downloads_share_the_line"]}
# What takes longest begins first, so that nobody waits for a last one.
LONGEST = (".Scale.", ".LargeBodies.", ".Soak.", "test_ctl_completion.", "test_a_day_on_the_server", ".MqttBesidePages.",
           ".Demo.", "test_refresh.", "test_worked_examples.")
LIMIT = 1500 if LONG else 240  # seconds for one test; every wait inside has a smaller deadline of its own


def names_of(suite):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from names_of(item)
        else:
            yield item.id()


class Result(unittest.TextTestResult):
    """Adds the logs of the test's children to each failure, while they are still there."""

    def _with_logs(self, test, err):
        text = self._exc_info_to_string(err, test)
        logs = getattr(test, "diagnostics", lambda: "")()
        return f"{text}{logs}\n"

    def addFailure(self, test, err):
        self.failures.append((test, self._with_logs(test, err)))

    def addError(self, test, err):
        self.errors.append((test, self._with_logs(test, err)))

    def addSubTest(self, test, subtest, err):
        if err is not None:
            self.failures.append((subtest, f"{subtest}\n{self._with_logs(test, err)}"))


def one(name):
    """In the child process: runs one test, prints its story as JSON."""
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        runner = unittest.TextTestRunner(stream=nowhere, resultclass=Result, verbosity=0)
        result = runner.run(unittest.defaultTestLoader.loadTestsFromName(name))
    story = "\n".join(text for _, text in [*result.failures, *result.errors])
    outcome = "passed" if result.wasSuccessful() and result.testsRun else "failed"
    if result.skipped and outcome == "passed":
        outcome, story = "skipped", result.skipped[0][1]
    print(json.dumps({"name": name, "outcome": outcome, "story": story}))


def in_every_mode(names):
    """The tests of sessions once more for each way in which a modem may speak: "test_curl.Curl.test_x@echo"."""
    return [f"{name}@{mode}" for name in names if name.partition(".")[0] in SESSION_TESTS for mode in EVERYWHERE
            if not any(part in name for part in TOO_SLOW.get(mode, ()))]


def die_with_parent():
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def in_child(name):
    begin = time.monotonic()
    test, _, mode = name.partition("@")
    environment = {**os.environ, **({"SIM52XX_MODE": mode, "SIM52XX_PATIENCE": str(3 * PATIENCE)} if mode else {})}
    child = subprocess.Popen([sys.executable, __file__, "--one", test], cwd=HERE, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, env=environment, preexec_fn=die_with_parent)
    try:
        out, err = child.communicate(timeout=LIMIT * PATIENCE)
        told = json.loads(out.splitlines()[-1])
        told["name"] = name
        told["story"] += err
    except subprocess.TimeoutExpired:
        child.kill()
        told = {"name": name, "outcome": "failed", "story": f"not finished after {LIMIT * PATIENCE:g} s"}
        child.communicate()
    except (IndexError, json.JSONDecodeError):
        told = {"name": name, "outcome": "failed", "story": f"ended with {child.returncode}\n{out}{err}"}
    told["seconds"] = round(time.monotonic() - begin, 2)
    return told


def main():
    # A run in the background may have been told to ignore Ctrl-C; the programs under test must not be.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--jobs", type=int, default=int(os.environ.get("SIM52XX_JOBS", 6 * (os.cpu_count() or 1))))
    parser.add_argument("--json", help="write the results there")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", help="only tests with one of these in their name")
    options = parser.parse_args()
    if options.one:
        return one(options.one)

    os.chdir(HERE)
    suite = unittest.defaultTestLoader.discover(str(HERE), pattern="test_*.py")
    names = list(names_of(suite))
    if LONG:
        names += in_every_mode(names)
    names = [n for n in names if not options.names or any(part in n for part in options.names)]
    names.sort(key=lambda name: not any(part in name for part in LONGEST))
    results = []
    with tempfile.TemporaryDirectory(prefix="sim52xx-tests.") as top, \
            concurrent.futures.ThreadPoolExecutor(max_workers=options.jobs) as pool:
        os.environ["TMPDIR"] = top  # so that a test that was killed leaves nothing behind either
        for done in concurrent.futures.as_completed(pool.submit(in_child, name) for name in names):
            told = done.result()
            results.append(told)
            print(f"  {told['outcome']:7} {told['seconds']:7.1f} s  {told['name']}", flush=True)
            for line in told["story"].splitlines() if told["outcome"] == "passed" else ():
                if line.startswith("note: "):
                    print(f"    {line}", flush=True)
            if told["outcome"] == "failed":
                print("    | " + told["story"].rstrip().replace("\n", "\n    | "), flush=True)
    counts = {word: sum(r["outcome"] == word for r in results) for word in ("passed", "failed", "skipped")}
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({**counts, "tests": results}, indent=1))
    print(", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["failed"] or not results else 0


if __name__ == "__main__":
    sys.exit(main())
