"""Everything the note names is held by a test: tests/note-coverage.toml says by which, and this that it is true."""

import ast
import collections
import functools
import pathlib
import re
import tomllib
import unittest

from note_items import items
from support.places import ROOT, TRACES

HERE = pathlib.Path(__file__).resolve().parent
TABLE = ROOT / "tests" / "note-coverage.toml"
GOOGLE_TEST = re.compile(r"^TEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)\)", re.MULTILINE)
BITS, LEVELS, FAMILIES = 29, 4, 5


def plain(text):
    """Without what typesetting and C++ add: blanks, escapes; in one case."""
    return re.sub(r"[\s\\]", "", text).lower()


@functools.cache
def tests():
    """The texts in which each test may have its words, by the test's name: its file, and the traces named there."""
    found = collections.defaultdict(list)
    for path in sorted((ROOT / "tests").glob("**/*_test.cpp")):
        text = path.read_text()
        for suite, name in GOOGLE_TEST.findall(text):
            found[f"{suite}.{name}"].append(plain(text))
    for path in sorted(HERE.glob("test_*.py")):
        text = path.read_text()
        traces = [(TRACES / f"{name}.trace").read_text()
                  for name in re.findall(r'"(note-[\w.-]+)"', text) if (TRACES / f"{name}.trace").exists()]
        for name in python_tests(ast.parse(text)):
            found[f"{path.stem}.{name}"].append(plain(text + "".join(traces)))
    return dict(found)


def python_tests(module):
    """Class.test of every test case, those of its mixins in the same file included."""
    classes = {node.name: node for node in module.body if isinstance(node, ast.ClassDef)}

    def methods(node):
        for item in node.body:
            if isinstance(item, ast.FunctionDef) and item.name.startswith("test_"):
                yield item.name
        for base in node.bases:
            if isinstance(base, ast.Name) and base.id in classes:
                yield from methods(classes[base.id])

    for name, node in classes.items():
        for method in methods(node):
            yield f"{name}.{method}"


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

    def test_every_item_is_in_the_text_of_its_tests(self):
        for chapter, item, text in items():
            if text == "-":
                continue
            names = self.table.get((chapter, item), ())
            held = any(plain(text) in t for name in names for t in tests().get(name, ()))
            self.assertTrue(held, f"{chapter} {item}: {text!r} is in none of {names}")

    def test_the_list_is_complete_where_the_note_counts(self):
        listed = [item for chapter, item, _ in items() if chapter == "5.2"]
        bits = [int(item[:10], 16) for item in listed if item.startswith("0x")]
        self.assertEqual(bits, [1 << n for n in range(BITS)])
        self.assertEqual(sum(item[:2] in ("0 ", "1 ", "2 ", "3 ") for item in listed), LEVELS)
        self.assertEqual(sum(chapter == "7" and item.endswith(("Commands", "command")) for chapter, item, _ in items()),
                         FAMILIES)


if __name__ == "__main__":
    unittest.main()
