"""The host's end of the modem's line, by hand: what a user does with a terminal program."""

import errno
import os
import select
import time
import tty

from .waiting import PATIENCE
from .transcript import shown, unlike


class SerialLine:
    def __init__(self, path):
        self.fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        tty.setraw(self.fd)
        self.received = b""

    def send(self, data):
        while data:
            select.select([], [self.fd], [])
            data = data[os.write(self.fd, data):]

    def _more(self, deadline):
        ready, _, _ = select.select([self.fd], [], [], max(0, deadline - time.monotonic()))
        if not ready:
            return False
        try:
            data = os.read(self.fd, 4096)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if not data:
            raise AssertionError("the modem has closed its end of the line")
        self.received += data
        return True

    def expect(self, data, seconds=20):
        """Exactly these bytes next, or an error that shows both."""
        deadline = time.monotonic() + seconds * PATIENCE
        while len(self.received) < len(data) and data.startswith(self.received) and self._more(deadline):
            pass
        if not self.received.startswith(data):
            raise AssertionError(f"the modem says something else\n{unlike(data, self.received)}")
        self.received = self.received[len(data):]

    def expect_to_contain(self, mark, seconds=20):
        """Reads until `mark` has come; returns all up to its end."""
        deadline = time.monotonic() + seconds * PATIENCE
        while mark not in self.received:
            if not self._more(deadline):
                raise AssertionError(f"no {shown(mark)} from the modem, only: {shown(self.received)}")
        end = self.received.index(mark) + len(mark)
        head, self.received = self.received[:end], self.received[end:]
        return head

    def take(self, count, seconds=20):
        """The next `count` bytes, whatever they are."""
        deadline = time.monotonic() + seconds * PATIENCE
        while len(self.received) < count:
            if not self._more(deadline):
                raise AssertionError(f"{len(self.received)} of {count} bytes from the modem: {shown(self.received)}")
        head, self.received = self.received[:count], self.received[count:]
        return head

    def command(self, text, final=b"\r\nOK\r\n", seconds=20):
        self.send(text.encode() + b"\r")
        return self.expect_to_contain(final, seconds)

    def play_escape(self):
        """Silence, three plus signs, silence: out of data mode, as the manual says."""
        time.sleep(1.05)
        self.send(b"+++")
        self.expect(b"\r\nOK\r\n")

    def play(self, steps):
        """The host's half of a transcript; the modem must say exactly the other half."""
        for step in steps:
            if step.who == "host":
                self.send(step.data)
            elif step.who == "silence":
                time.sleep(step.seconds * 1.05)  # the guard time is part of the dialogue
            else:
                try:
                    self.expect(step.data)
                except AssertionError as trouble:
                    raise AssertionError(f"line {step.line} of the transcript: {trouble}") from None

    def close(self):
        os.close(self.fd)
