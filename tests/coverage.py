#!/usr/bin/env python3
"""How much of protocol/ and daemon/ the tests have run, from a build of the preset "coverage"; and is it enough?

Branches that only an exception takes, and those that the compiler knows nobody takes, do not count. Files with the
least come first; build/coverage/FOLDER.html shows the lines.

usage: coverage.py [--json FILE] [FOLDER...]
"""

import argparse
import json
import pathlib
import subprocess
import sys

TREE = pathlib.Path(__file__).resolve().parents[1]
BUILD = TREE / "build" / "coverage"
PLURAL = {"line": "lines", "branch": "branches"}
WANTED = {"protocol": {"line": 95, "branch": 85}, "daemon": {"line": 85}}  # percent


def gcovr(*options):
    command = ["gcovr", "--root", TREE, "--exclude-throw-branches", "--exclude-unreachable-branches", *options]
    done = subprocess.run([str(word) for word in command], cwd=TREE, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"gcovr failed:\n{done.stderr}")
    return done.stdout


def percent(file, what):
    value = file[f"{what}_percent"]
    return 100 if value is None else value  # there are none


def worst(files, count=12):
    for file in sorted(files, key=lambda file: percent(file, "line"))[:count]:
        yield (f"    {percent(file, 'line'):5.1f} % of lines  {percent(file, 'branch'):5.1f} % of branches  "
               f"{file['filename']}")


def examine(folder, wanted):
    traced = BUILD / f"{folder}.json"
    gcovr("--filter", f"{folder}/", "--json", traced, BUILD / folder)  # what it is compiled to, not its tests
    gcovr("--add-tracefile", traced, "--html-details", BUILD / f"{folder}.html")
    summary = json.loads(gcovr("--add-tracefile", traced, "--json-summary", "-"))
    reached = {what: summary[f"{what}_percent"] for what in ("line", "branch")}
    good = all(reached[what] >= least for what, least in wanted.items())
    print(f"{'ok' if good else 'FAILED':<7} {folder}/: " + ", ".join(
        f"{reached[what]:.1f} % of {PLURAL[what]}" + (f" (at least {wanted[what]})" if what in wanted else "")
        for what in reached))
    print("\n".join(worst(summary["files"])), flush=True)
    return {"name": f"coverage.{folder}", "outcome": "passed" if good else "failed", **reached}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path, help="write the results there")
    parser.add_argument("folders", nargs="*", choices=[[], *WANTED], metavar="FOLDER")
    options = parser.parse_args()
    results = [examine(folder, WANTED[folder]) for folder in options.folders or WANTED]
    if options.json:
        options.json.write_text(json.dumps({"tests": results}, indent=1))
    return 0 if all(result["outcome"] == "passed" for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
