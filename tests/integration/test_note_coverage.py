"""Everything the note names is held by a test: tests/note-coverage.toml says by which, and this that it is true."""

import ast
import functools
import pathlib
import re
import tomllib
import unittest

from note_items import items
from support.places import ROOT, TRACES

HERE = pathlib.Path(__file__).resolve().parent
TABLE = ROOT / "tests" / "note-coverage.toml"
GOOGLE_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\).*?^\}", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"^\s*//.*$", re.MULTILINE)
BITS, LEVELS, FAMILIES = 29, 4, 5


def plain(text):
    """Without what typesetting and C++ add: blanks, escapes; in one case."""
    return re.sub(r"[\s\\]", "", text).lower()


@functools.cache
def tests():
    """The text in which each test may have its words, by the test's name: its own, and what its file shares among all
    tests; neither the other tests' nor anything else."""
    found = {}
    for path in sorted((ROOT / "tests").glob("**/*_test.cpp")):
        found.update(google_tests(path))
    for path in sorted(HERE.glob("test_*.py")):
        found.update(python_tests(path))
    return found


def google_tests(path):
    text = COMMENT.sub("", path.read_text())
    bodies = {f"{m[1]}.{m[2]}": m[0] for m in GOOGLE_TEST.finditer(text)}
    shared = GOOGLE_TEST.sub("", text)
    for header in re.findall(r'#include "(tests/[\w/]+\.hpp)"', text):
        shared += (ROOT / header).read_text()
    return {name: plain(shared + body) for name, body in bodies.items()}


def python_tests(path):
    """Class.test of every test case, those of its mixins in the same file included."""
    text = path.read_text()
    module = ast.parse(text)
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}
    lines = text.splitlines()
    shared, bodies = list(lines), {}
    for node in classes.values():
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name.startswith("test_"):
                bodies[item] = "\n".join(lines[item.lineno - 1:item.end_lineno])
                shared[item.lineno - 1:item.end_lineno] = [""] * (item.end_lineno - item.lineno + 1)

    def methods(node):
        yield from (item for item in node.body if item in bodies)
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in classes:
                yield from methods(classes[base.id])

    return {f"{path.stem}.{name}.{method.name}": plain("\n".join(shared) + with_traces(bodies[method]))
            for name, node in classes.items() for method in methods(node)}


def with_traces(text):
    """A test's text and the dialogues that it plays."""
    names = re.findall(r'"(note-[\w.-]+)"', text)
    return text + "".join((TRACES / f"{name}.trace").read_text() for name in names)


class NoteCoverage(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.table = {(chapter, item): names
                     for chapter, rows in tomllib.loads(TABLE.read_text()).items() for item, names in rows.items()}

    def test_every_item_has_a_row_and_every_row_is_an_item(self):
        wanted = [(chapter, item) for chapter, item, _ in items()]
        self.assertEqual(len(wanted), len(set(wanted)), "an item is listed twice")
        self.assertEqual(sorted(set(wanted) - set(self.table)), [], "items of the note without a test")
        self.assertEqual(sorted(set(self.table) - set(wanted)), [], "rows that are no item of the note")

    def test_every_test_that_is_named_exists(self):
        for row, names in self.table.items():
            self.assertTrue(names, row)
            for name in names:
                self.assertTrue(name in tests(), f"{row}: there is no test {name}")

    def test_every_item_is_in_the_text_of_one_of_its_tests(self):
        missing = [f"{chapter} {item}: {text!r}" for chapter, item, text in items()
                   if not any(plain(text) in tests().get(name, "") for name in self.table.get((chapter, item), ()))]
        self.assertEqual(missing, [])

    def test_the_list_is_complete_where_the_note_counts(self):
        listed = [item for chapter, item, _ in items() if chapter == "5.2"]
        bits = [int(item[:10], 16) for item in listed if item.startswith("0x")]
        self.assertEqual(bits, [1 << n for n in range(BITS)])
        self.assertEqual(sum(item[:2] in ("0 ", "1 ", "2 ", "3 ") for item in listed), LEVELS)
        self.assertEqual(sum(chapter == "7" and item.endswith(("Commands", "command")) for chapter, item, _ in items()),
                         FAMILIES)


if __name__ == "__main__":
    unittest.main()
