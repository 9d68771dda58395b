#!/usr/bin/env python3
"""Tests the Debian packages as installed under a real systemd, in a container; counts go to a JSON file.

usage: run.py [--json FILE] [NAME...]     NAME: part of a test's name, e.g. Reload or test_package
"""

import argparse
import json
import os
import pathlib
import sys
import time
import unittest

HERE = pathlib.Path(__file__).resolve().parent
NAMESPACE = "SIM52XX_SYSTEM_NAMESPACE"


class Result(unittest.TestResult):
    """Keeps a story of each test; after a failure with what the machine's journal has to say."""

    def __init__(self):
        super().__init__()
        self.tests = []
        self.begin = time.monotonic()

    def startTest(self, test):
        super().startTest(test)
        self.begin = time.monotonic()

    def tell(self, test, outcome, story=""):
        seconds = round(time.monotonic() - self.begin, 2)
        self.tests.append({"name": test.id(), "outcome": outcome, "story": story, "seconds": seconds})
        print(f"  {outcome:7} {seconds:7.1f} s  {test.id()}", flush=True)
        if story:
            print("    | " + story.rstrip().replace("\n", "\n    | "), flush=True)

    def addSuccess(self, test):
        self.tell(test, "passed")

    def addSkip(self, test, reason):
        self.tell(test, "skipped", reason)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        more = getattr(test, "diagnostics", lambda: "")
        self.tell(test, "failed", self._exc_info_to_string(err, test) + more())

    addError = addFailure

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:  # unittest calls neither addFailure() nor addSuccess() then
            self.tell(subtest, "failed", self._exc_info_to_string(err, test) + test.diagnostics())


def chosen(suite, names):
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from chosen(item, names)
        elif not names or any(part in item.id() for part in names):
            yield item


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", help="write the results there")
    parser.add_argument("names", nargs="*", help="only tests with one of these in their name")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("a container with systemd takes root")
    if NAMESPACE not in os.environ:  # with mounts of its own, which end with it
        os.environ[NAMESPACE] = "1"
        os.execvp("unshare", ["unshare", "--mount", "--propagation", "private", sys.executable, *sys.argv])
    sys.path.insert(0, str(HERE))
    result = Result()
    unittest.TestSuite(chosen(unittest.defaultTestLoader.discover(str(HERE)), options.names)).run(result)
    counts = {word: sum(t["outcome"] == word for t in result.tests) for word in ("passed", "failed", "skipped")}
    if options.json:
        pathlib.Path(options.json).write_text(json.dumps({**counts, "tests": result.tests}, indent=1))
    print(", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["failed"] or not result.tests else 0


if __name__ == "__main__":
    sys.exit(main())
