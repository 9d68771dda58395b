#!/usr/bin/env python3
"""Runs the lint of the house rules over the tree, and its own tests; results go to a JSON file.

usage: run.py [--json FILE]
"""

import argparse
import io
import json
import pathlib
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import coroutines  # noqa: E402


def own_tests():
    for path in sorted(HERE.glob("test_*.py")):
        story = io.StringIO()
        suite = unittest.defaultTestLoader.discover(str(HERE), pattern=path.name)
        good = unittest.TextTestRunner(stream=story).run(suite).wasSuccessful()
        yield {"name": f"lint.{path.stem}", "outcome": "passed" if good else "failed", "story": story.getvalue()}


def over_the_tree():
    files = list(coroutines.sources())
    found = [f"{path.relative_to(coroutines.TREE)}:{line}: {wrong}" for path in files
             for line, wrong in coroutines.findings(path.read_text(encoding="utf-8"))]
    good = files and not found
    return {"name": "lint.coroutines", "outcome": "passed" if good else "failed", "story": "\n".join(found),
            "files": len(files)}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path, help="write the results there")
    options = parser.parse_args()
    results = [over_the_tree(), *own_tests()]
    for result in results:
        print(f"  {result['outcome']:7} {result['name']}")
        if result["outcome"] == "failed":
            print(result["story"])
    if options.json:
        options.json.write_text(json.dumps({"tests": results}, indent=1))
    return 0 if all(result["outcome"] == "passed" for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
