"""The rig of the integration tests for a part of the benchmark: servers, an emulator, a line, the daemon."""

import contextlib

from line import Line
from support.rig import Rig


class BenchRig(Rig):
    def runTest(self):
        """It is no test."""

    def start_line(self, emulator, baud=0):
        return self.started(Line(emulator.link, baud))


@contextlib.contextmanager
def rig():
    """All that it starts is stopped at the end, newest first."""
    made = BenchRig()
    made.setUp()
    try:
        yield made
    finally:
        made.doCleanups()
