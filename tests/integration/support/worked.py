"""A worked example of CONTRIBUTING.md: a patch, applied to a copy of the tree; what it touches is compiled as this build
compiles it, and linked with the rest of this build."""

import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess

from .places import BUILD, ROOT

PATCHES = ROOT / "tests" / "worked"
COPIED = ("config", "daemon", "packaging", "protocol", "tests")


def sources(file):
    """What a command compiles: a file, or those that are compiled together."""
    return re.findall(r'^#include "(\S+)"$', file.read_text(), re.M) if "Unity" in file.parts else [file]


class Worked:
    def __init__(self, folder, patch):
        self.tree = pathlib.Path(folder) / "tree"
        for name in COPIED:
            shutil.copytree(ROOT / name, self.tree / name, ignore=shutil.ignore_patterns("__pycache__", "corpus"))
        self.run(["git", "apply", PATCHES / patch], self.tree, GIT_CEILING_DIRECTORIES=str(folder))
        self.touched = re.findall(r"^\+\+\+ b/(\S+)$", (PATCHES / patch).read_text(), re.M)
        commands = json.loads((BUILD / "compile_commands.json").read_text())
        self.compiled = []
        self.commands = {os.path.relpath(source, ROOT): each["command"] for each in commands
                         for source in sources(pathlib.Path(each["file"]))}

    @staticmethod
    def run(argv, where, **environment):
        done = subprocess.run([str(word) for word in argv], cwd=where, capture_output=True, text=True, check=False,
                              env={**os.environ, **environment}, timeout=300)
        if done.returncode != 0:
            raise AssertionError(f"{shlex.join(str(word) for word in argv)}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def compile(self, source, like=None):
        """The object, and the one of this build in whose place it is. A new file is compiled `like` its neighbour."""
        words = shlex.split(self.commands[like or source])
        target = self.tree / f"{source}.o"
        place = words.index("-o") + 1
        old, words[place] = words[place], str(target)
        words[words.index("-c") + 1] = str(self.tree / source)
        words.insert(next(i for i, word in enumerate(words) if word.startswith("-I")), f"-I{self.tree}")
        if source not in self.compiled:
            self.run(words, BUILD)
            self.compiled.append(source)
        return str(target), None if like else old

    def link(self, target, *sources, new=()):
        """The program `target` of this build with these sources of the copy; `new` has pairs of a file and its neighbour."""
        said = self.run(["ninja", "-t", "commands", "-s", target], BUILD).strip().splitlines()[-1]
        words = shlex.split(said.removeprefix(": && ").removesuffix(" && :"))
        first = next(i for i, word in enumerate(words) if word.endswith(".o"))
        for source, like in [*((source, None) for source in sources), *new]:
            object_, old = self.compile(source, like)
            if old in words:
                words[words.index(old)] = object_
            else:
                words.insert(first, object_)  # before the archives that have the old one
        program = self.tree / "build" / target
        program.parent.mkdir(parents=True, exist_ok=True)
        words[words.index("-o") + 1] = str(program)
        self.run(words, BUILD)
        return program

    def assert_all_compiled(self, test):
        """What the patch touches was compiled, each file of it."""
        test.assertEqual(sorted(self.compiled), sorted(name for name in self.touched if name.endswith(".cpp")))
