"""Figures that a test has measured: the runner prints them, also when the test has passed."""

import sys


def note(words):
    print(f"note: {words}", file=sys.stderr)
