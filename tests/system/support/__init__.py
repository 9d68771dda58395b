"""What the system tests stand on: a base to start from, machines, and what is on them."""

import pathlib

# What integration tests need, too.
__path__.append(str(pathlib.Path(__file__).resolve().parents[2] / "support"))
