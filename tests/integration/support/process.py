"""A child process with a log file, that dies with the test and is the only thing the test ever kills."""

import ctypes
import os
import pathlib
import signal
import subprocess

from .waiting import PATIENCE, until

PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Child:
    """Runs argv in the background; output goes to a log file in `folder`."""

    def __init__(self, name, argv, folder, stdin=subprocess.DEVNULL, **options):
        self.name = name
        self.argv = [str(a) for a in argv]
        self.killed = False
        self.log = pathlib.Path(folder) / f"{name}.log"
        with open(self.log, "ab") as out:
            self.process = subprocess.Popen(
                self.argv, stdin=stdin, stdout=out, stderr=subprocess.STDOUT, preexec_fn=_die_with_parent, **options)

    @property
    def pid(self):
        return self.process.pid

    def alive(self):
        return self.process.poll() is None

    def output(self):
        return self.log.read_text(errors="backslashreplace")

    def until(self, look, what, seconds=20, last=None):
        """Like waiting.until, but gives up at once when the process has ended."""
        def look_alive():
            answer = look()
            if not answer and not self.alive():
                raise AssertionError(f"{self.name} ended with {self.process.returncode} before: {what}\n{self.tail()}")
            return answer
        return until(look_alive, what, seconds, last)

    def until_says(self, text, seconds=20):
        self.until(lambda: text in self.output(), f"{self.name} to say {text!r}", seconds)

    def wait(self, seconds):
        """The exit code, within so many seconds."""
        return self.process.wait(timeout=seconds * PATIENCE)

    def kill(self):
        """As a power cut would: no farewell."""
        self.killed = True
        self.process.kill()
        self.process.wait()

    def stop(self, seconds=15):
        """Asks it to end, insists after a while; the exit code."""
        if self.alive():
            self.process.terminate()
            try:
                self.wait(seconds)
            except subprocess.TimeoutExpired:
                self.process.kill()
        return self.process.wait()

    def stop_well(self, seconds=15):
        """Stops it and insists that it ends with 0: neither crashed, nor leaked, nor hung."""
        code = self.stop(seconds)
        if code != 0 and not self.killed:
            raise AssertionError(f"{self.name} ended with {code}")

    def tail(self, lines=60):
        text = self.output().splitlines()
        head = f"---- {self.name} ({self.log}, last {min(lines, len(text))} of {len(text)} lines)"
        return "\n".join([head, *text[-lines:]])


def run(argv, seconds=30, text=True, **options):
    """Runs a client to its end; never raises for an exit code, always for lateness."""
    options.setdefault("stdin", None if "input" in options else subprocess.DEVNULL)
    if "input" in options:
        options.pop("stdin")
    return subprocess.run([str(a) for a in argv], capture_output=True, text=text, timeout=seconds * PATIENCE,
                          preexec_fn=_die_with_parent, **options)


def quiet_environment():
    """The caller's environment without proxies: every server of the tests is on the loopback."""
    return {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
