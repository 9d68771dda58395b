#!/usr/bin/env python3
"""Adds up the results of ctest (JUnit XML) and of the other runners (JSON), and names what failed or was skipped.

Exit code 1 when anything failed.
"""

import argparse
import json
import pathlib
import sys
import xml.etree.ElementTree as xml


def of_junit(path):
    return [(case.get("name"), outcome(case)) for case in xml.parse(path).getroot().iter("testcase")]


def outcome(case):
    """ctest says "notrun" for a skipped test, and for one whose program is missing: the latter has failed."""
    skipped = case.find("skipped")
    if skipped is not None:
        return "skipped" if skipped.get("message", "").startswith(("SKIP", "Disabled")) else "failed"
    return "passed" if case.get("status") == "run" and case.find("failure") is None else "failed"


def of_json(path):
    return [(test["name"], test["outcome"]) for test in json.loads(path.read_text())["tests"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--also-failed", type=int, default=0, help="so many steps failed outside of these files")
    parser.add_argument("files", nargs="*", type=pathlib.Path)
    options = parser.parse_args()
    tests = [("a step that left no results", "failed")] * options.also_failed
    for path in options.files:
        if path.exists():
            tests += of_json(path) if path.suffix == ".json" else of_junit(path)
    for name, outcome_ in tests:
        if outcome_ != "passed":
            print(f"{outcome_}: {name}")
    outcomes = [outcome_ for _, outcome_ in tests]
    counts = {word: outcomes.count(word) for word in ("passed", "failed", "skipped")}
    print(", ".join(f"{count} {word}" for word, count in counts.items()))
    return 1 if counts["failed"] or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main())
