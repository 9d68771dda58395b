"""The bridges between a serial line and a Unix socket that are compared, and the ends they are put between."""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time

from process import SystemCalls, usage

WORKERS = pathlib.Path("/sys/devices/virtual/workqueue/cpumask")
SER2NET = ("connection: &b#  accepter: unix,{socket}#  connector: serialdev,{tty},115200n81,local#  options:#"
           "    chardelay: false#    dev-to-net-bufsize: 65536#    net-to-dev-bufsize: 65536")
CONFIG = """[modem]
device = "{tty}"
apn = "internet"
[ssl0]
host = "bench.test"
port = 443
transparent = "always"
"""


def commands(build):
    """Each as words in which {tty}, {socket} and {folder} are to be filled in; None: no bridge at all."""
    bench = build / "tests/bench"
    return {
        "direct": None,
        "ideal": [f"{bench}/ideal_bridge", "{tty}", "{socket}"],
        "ideal-drain": [f"{bench}/ideal_bridge", "--drain", "{tty}", "{socket}"],
        "socat": ["socat", "UNIX-LISTEN:{socket},fork", "FILE:{tty},raw,echo=0"],
        "gensiot": ["gensiot", "-i", "serialdev,{tty},115200n81,local", "-a", "unix,{socket}"],
        "ser2net": ["ser2net", "-n", "-u", "-c", "/dev/null", "-Y", SER2NET],
        "sim52xxd": [f"{build}/daemon/sim52xxd", "--config", "{folder}/sim52xxd.toml", "--runtime-dir", "{folder}",
                     "--foreground"],
    }


def installed(rows):
    """The rows that can be run here; says which cannot."""
    for name, words in rows.items():
        if words is None or shutil.which(words[0]):
            yield name
        else:
            print(f"{name} is not installed (packaging/install-build-deps measure)")


class Trouble(Exception):
    pass


class Bridge:
    """One bridge between both ends, connected; the ends do what they are told."""

    def __init__(self, name, words, build, folder, most):
        self.name = name
        self.process = None
        self.folder = pathlib.Path(folder) / name
        self.folder.mkdir()
        options = ["--direct"] if words is None else ["--commands"] if name == "sim52xxd" else []
        self.ends = subprocess.Popen([build / "tests/bench/pipe_ends", str(most), *options], text=True,
                                     stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        try:
            tty = self.ends.stdout.readline().strip()
            if words is not None:
                self.start(words, tty)
        except BaseException:
            self.stop()
            raise

    def start(self, words, tty):
        socket = self.folder / "ssl0.sock"
        (self.folder / "sim52xxd.toml").write_text(CONFIG.format(tty=tty))
        fill = {"{tty}": tty, "{socket}": str(socket), "{folder}": str(self.folder)}
        for mark, value in fill.items():
            words = [word.replace(mark, value) for word in words]
        with open(self.folder / "log", "wb") as log:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                            start_new_session=True)
        self.ready_ms = self.tell(f"connect {socket}")["ready_ms"]

    def tell(self, words):
        self.ends.stdin.write(words + "\n")
        self.ends.stdin.flush()
        line = self.ends.stdout.readline()
        figures = json.loads(line) if line else {"error": "the ends are gone"}
        if "error" in figures:
            raise Trouble(f"{self.name}: {words}: {figures['error']}")
        return figures

    def usage(self):
        return usage(self.process.pid) if self.process else None

    def system_calls(self):
        return SystemCalls(self.process.pid) if self.process else None

    def stop(self):
        """Politely; a program that forks for each client may leave something behind in its session."""
        self.ends.stdin.close()
        self.ends.wait()
        if self.process:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=5)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder)


@contextlib.contextmanager
def bridge(*arguments):
    between = Bridge(*arguments)
    try:
        yield between
    finally:
        between.stop()


@contextlib.contextmanager
def one_processor():
    """Everything on the last processor, and what the kernel does for a pty as well: else it is chance whether a byte
    has to wake another one, which costs more than what is measured. As root."""
    before, mask = os.sched_getaffinity(0), None
    chosen = max(before)
    os.sched_setaffinity(0, {chosen})
    try:
        mask = WORKERS.read_text()
        WORKERS.write_text(f"{1 << chosen:x}")
    except OSError:
        print("The kernel's workers stay on all processors (not root): latencies vary more.")
        mask = None
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
        if mask:
            WORKERS.write_text(mask)


def sleep_idle(seconds):
    """What is measured here is that nothing happens: there is no state to wait for."""
    time.sleep(seconds)
