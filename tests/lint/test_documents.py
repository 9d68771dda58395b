"""What README.md, CONTRIBUTING.md and COMMON_ERRORS.md say of the tree: each file, heading and check they name is there."""

import pathlib
import re
import unittest

TREE = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "COMMON_ERRORS.md")
TOP = ("config", "daemon", "packaging", "protocol", "systemd", "tests")
LATER = re.compile(r"^\+\+\+ b/(\S+)$", re.M)


def heading(line):
    """As its anchor is made."""
    return re.sub(r"[^\w -]", "", line.strip().lower()).replace(" ", "-")


def anchors(document):
    return {heading(line) for line in re.findall(r"^#+ (.*)$", (TREE / document).read_text(), re.M)}


class Documents(unittest.TestCase):
    def test_name_files_that_exist(self):
        made = {name for patch in (TREE / "tests" / "worked").iterdir() for name in LATER.findall(patch.read_text())}
        count = 0
        for document in DOCUMENTS:
            text = (TREE / document).read_text()
            for name in re.findall(rf"(?<![\w./-])((?:{'|'.join(TOP)})/[\w./*@-]*\w[\w*]*/?)", text):
                count += 1
                found = list(TREE.glob(name.rstrip("/"))) or name in made
                self.assertTrue(found, f"{document}: {name}")
        self.assertGreater(count, 100)

    def test_links_lead_somewhere(self):
        for document in DOCUMENTS:
            for target in re.findall(r"\]\(([^)]+)\)", (TREE / document).read_text()):
                path, _, anchor = target.partition("#")
                self.assertTrue((TREE / (path or document)).exists(), f"{document}: {target}")
                if anchor:
                    self.assertIn(anchor, anchors(path or document), f"{document}: {target}")

    def test_symptoms_name_checks_of_the_doctor(self):
        text = (TREE / "README.md").read_text()
        section = text[text.index("## When it does not work"):text.index("## Beside its neighbours")]
        named = re.findall(r"^\|[^|]*\|([^|]*)\|", section, re.M)[2:]
        checks = set(re.findall(r'Check\{"(\w+)"', (TREE / "daemon/ctl/doctor/examine.cpp").read_text()))
        self.assertGreater(len(checks), 10)
        for cell in named:
            for word in re.findall(r"`(\w+)`", cell):
                self.assertIn(word, checks, cell)


if __name__ == "__main__":
    unittest.main()
