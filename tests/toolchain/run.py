#!/usr/bin/env python3
"""Are the traps of the compiler and of Asio that our house rules avoid still there? Each canary shows one.

The form that a rule asks for must be right with every compiler; the other one must be as broken as GCC 12 and Asio 1.26
of Debian 12 are known to be: where it is not, the rule may be reconsidered. Other versions are only told about.

usage: run.py [--json FILE]
"""

import argparse
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
COMPILER = os.environ.get("CXX", "g++")
FLAGS = ["-std=c++20", "-O1", "-g1", "-Wno-mismatched-new-delete"]


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def compiled(source, folder, *flags):
    program = folder / source.removesuffix(".cpp")
    done = run(COMPILER, *FLAGS, *flags, "-o", program, HERE / source)
    if done.returncode:
        raise RuntimeError(f"{source} does not compile:\n{done.stderr[-3000:]}")
    return str(program)


def expected_there():
    """Whether this compiler and this Asio are those that the canaries were written for."""
    done = subprocess.run([COMPILER, "-std=c++20", "-E", "-P", "-include", "boost/asio/version.hpp", "-x", "c++", "-"],
                          input="gcc __GNUC__ clang __clang__ asio BOOST_ASIO_VERSION\n", capture_output=True,
                          text=True, check=True)
    words = done.stdout.split()
    return words[-6:-2] == ["gcc", "12", "clang", "__clang__"], words[-1] == "102600"


def verdict(there, expected):
    state = "still there" if there else "gone"
    if expected and not there:
        return "failed", f"{state}: this is the version that was known to have it; reconsider the house rule"
    return "passed", state


def form_is_safe(name, done):
    good = done.returncode == 0
    return f"toolchain.{name}.safe", "passed" if good else "failed", "" if good else done.stderr[-3000:]


def coroutines(folder, expected):
    program = compiled("coroutines.cpp", folder, "-fsanitize=address")
    for name in run(program).stdout.split():
        broken = "AddressSanitizer" in run(program, name, "broken").stderr
        yield f"toolchain.{name}.trap", *verdict(broken, expected)
        yield form_is_safe(name, run(program, name, "safe"))


def braces(folder, expected):
    del folder
    command = [COMPILER, *FLAGS, "-fsyntax-only", HERE / "braces.cpp"]
    refused = re.search("array used as initializer", run(*command, "-DBROKEN").stderr) is not None
    yield "toolchain.braces.trap", *verdict(refused, expected)
    yield form_is_safe("braces", run(*command))


def asio(folder, expected):
    program = compiled("asio.cpp", folder)
    for name in run(program).stdout.split():
        yield f"toolchain.asio.{name}", *verdict(run(program, name).stdout == "there\n", expected)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", type=pathlib.Path, help="write the results there")
    options = parser.parse_args()
    gcc_12, asio_1_26 = expected_there()
    results = []
    with tempfile.TemporaryDirectory(prefix="sim52xx-toolchain.") as top:
        for canaries, expected in ((coroutines, gcc_12), (braces, gcc_12), (asio, asio_1_26)):
            for name, outcome, story in canaries(pathlib.Path(top), expected):
                results.append({"name": name, "outcome": outcome, "story": story})
                print(f"  {outcome:7} {name:40} {story}", flush=True)
    if options.json:
        options.json.write_text(json.dumps({"tests": results}, indent=1))
    return 0 if results and all(result["outcome"] == "passed" for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
