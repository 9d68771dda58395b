"""A serial line between a modem and the daemon, as exact as a UART: what passes it, when, and how much.

It lies between the emulator's pty and a pty of its own. Paced, a byte arrives 10 bits after the one before it, or 10
bits after it was sent, whichever is later: unlike a token bucket, a line that was idle has nothing to make up for.
"""

import bisect
import collections
import contextlib
import itertools
import os
import pty
import re
import select
import termios
import threading
import time
import tty

FIFO = 4096    # what a driver takes before its writer has to wait
COARSE = 0.001  # bytes are delivered together that arrive within so many seconds
UP, DOWN = "up", "down"  # to the modem; from it

Piece = collections.namedtuple("Piece", "way at bytes")  # `at`: when its last byte has arrived


class Way:
    """One direction."""

    def __init__(self, name, source, target, rate):
        self.name, self.source, self.target = name, source, target
        self.spacing = 1 / rate if rate else 0
        self.bytes = bytearray()  # sent, not arrived
        self.arrives = 0.0        # when the first of them does, or the next one can
        self.full = False         # its reader does not read

    def sent(self, data, now):
        if not self.bytes:
            self.arrives = max(self.arrives, now + self.spacing)
        self.bytes += data

    def due(self, now):
        """How many have arrived."""
        if not self.bytes or self.arrives > now:
            return 0
        return len(self.bytes) if not self.spacing else min(len(self.bytes), int((now - self.arrives) / self.spacing) + 1)

    def wake(self, now):
        """When to look again: with the last byte, or soon enough to be smooth."""
        if not self.bytes:
            return None
        if self.full:
            return now + COARSE
        return min(self.arrives + (len(self.bytes) - 1) * self.spacing, max(self.arrives, now + COARSE))


class Line:
    """`device` is for the daemon. `baud` 0: not paced. pieces: all that has passed."""

    def __init__(self, modem, baud=0):
        self.rate = baud / 10
        self.modem = os.open(modem, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        self.host, self.slave = pty.openpty()
        for terminal in (self.modem, self.slave):
            tty.setraw(terminal, termios.TCSANOW)
        os.set_blocking(self.host, False)
        self.device = os.ttyname(self.slave)
        self.pieces = []
        self._stop_read, self._stop_write = os.pipe()
        self._ways = [Way(UP, self.host, self.modem, self.rate), Way(DOWN, self.modem, self.host, self.rate)]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        while True:
            now = time.monotonic()
            for way in self._ways:
                self._deliver(way, now)
            wakes = [wake for way in self._ways if (wake := way.wake(now)) is not None]
            sources = [way.source for way in self._ways if len(way.bytes) < FIFO]
            ready, _, _ = select.select([*sources, self._stop_read], [], [],
                                        max(0, min(wakes) - time.monotonic()) if wakes else None)
            if self._stop_read in ready:
                return
            for way in self._ways:
                if way.source in ready:
                    with contextlib.suppress(OSError):
                        way.sent(os.read(way.source, FIFO), time.monotonic())

    def _deliver(self, way, now):
        count = way.due(now)
        if not count:
            return
        try:
            count = os.write(way.target, way.bytes[:count])
        except BlockingIOError:
            count = 0
        way.full = count == 0
        if count:
            self.pieces.append(Piece(way.name, way.arrives + (count - 1) * way.spacing, bytes(way.bytes[:count])))
            del way.bytes[:count]
            way.arrives += count * way.spacing

    def forget(self):
        self.pieces = []

    def passed(self, way):
        """All bytes of one way."""
        return b"".join(piece.bytes for piece in list(self.pieces) if piece.way == way)

    def counts(self):
        return {way: len(self.passed(way)) for way in (UP, DOWN)}

    def found(self, way, pattern):
        """[(when its last byte had arrived, match)] of all that matches in the bytes of one way."""
        pieces = [piece for piece in list(self.pieces) if piece.way == way]
        ends = list(itertools.accumulate(len(piece.bytes) for piece in pieces))
        found = []
        for match in re.finditer(pattern, b"".join(piece.bytes for piece in pieces)):
            at = bisect.bisect_left(ends, match.end())
            found.append((pieces[at].at - (ends[at] - match.end()) / self.rate if self.rate else pieces[at].at, match))
        return found

    def waits(self, begin, end):
        """How long nothing was on a paced line, by who spoke next: {UP: for the daemon, DOWN: for the modem}, seconds."""
        waits, busy_until = {UP: 0.0, DOWN: 0.0}, begin
        spans = sorted((piece.at - len(piece.bytes) / self.rate, piece.at, piece.way) for piece in list(self.pieces))
        for first, last, way in spans:
            if begin < last and first < end:
                waits[way] += max(0.0, first - busy_until)
                busy_until = max(busy_until, last)
        return waits

    def stop(self):
        os.write(self._stop_write, b"x")
        self._thread.join()
        for file in (self.modem, self.host, self.slave, self._stop_read, self._stop_write):
            os.close(file)
