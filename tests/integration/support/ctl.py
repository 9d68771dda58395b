"""sim52xxctl as its users run it: in a script, or on a terminal."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time

from .places import program
from .waiting import PATIENCE
from .process import _die_with_parent, quiet_environment, run


def environment(socket, **more):
    clean = {k: v for k, v in quiet_environment().items() if not k.startswith("SIM52XX_PASS") and k != "NO_COLOR"}
    return {**clean, "SIM52XX_SOCKET": str(socket), "LC_ALL": "C.UTF-8", "TZ": "UTC", **more}


def ctl(socket, *arguments, seconds=30, text=True, env=None, **options):
    """Runs it to its end: returncode, stdout, stderr."""
    return run([program("sim52xxctl"), *arguments], seconds=seconds, text=text,
               env=environment(socket, **(env or {})), **options)


class Terminal:
    """sim52xxctl on a terminal of its own: what it shows, and keys for it."""

    def __init__(self, socket, *arguments, columns=100, env=None, stdout=None):
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
        self.master = master
        self.shown = ""

        def on_terminal():
            _die_with_parent()
            os.setsid()
            fcntl.ioctl(slave, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            [program("sim52xxctl"), *map(str, arguments)], stdin=slave, stdout=stdout or slave, stderr=slave,
            env=environment(socket, **{"TERM": "xterm", **(env or {})}), preexec_fn=on_terminal)
        os.close(slave)

    def read(self, seconds=0.05):
        """Takes in what it has shown meanwhile; False at its end."""
        if not select.select([self.master], [], [], seconds)[0]:
            return True
        try:
            self.shown += os.read(self.master, 65536).decode()
        except OSError:  # the last one on the terminal has left
            return False
        return True

    def until_shows(self, text, seconds=20):
        deadline = time.monotonic() + seconds * PATIENCE
        while text not in self.shown:
            if not self.read() or time.monotonic() > deadline:
                raise AssertionError(f"not shown: {text!r}\n{self.shown}")

    def type(self, keys):
        os.write(self.master, keys.encode())

    def wait(self, seconds=30):
        """The exit code; all that was shown is in `shown`."""
        deadline = time.monotonic() + seconds * PATIENCE
        while self.read():
            if time.monotonic() > deadline:
                raise AssertionError(f"not ended within {seconds * PATIENCE:g} s\n{self.shown}")
        return self.process.wait(timeout=seconds * PATIENCE)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
        os.close(self.master)
