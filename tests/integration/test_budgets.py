"""What the daemon may use of a small machine: wake-ups, memory, its size. Exact, unlike times: those are measured by
tests/bench."""

import math
import os
import pathlib
import re
import subprocess
import time
import unittest

from support.client import INSTRUMENTED, Client, resident
from support.control import Control
from support.http_server import HttpServer
from support.places import program
from support.rig import Rig
from support.service import echo, service
from support.waiting import until

MEBI = 1 << 20
LONG = bool(os.environ.get("SIM52XX_LONG"))


def next_timer(pid):
    """In how many seconds one of the process' timers will wake it, as the kernel sees it."""
    left = [math.inf]
    for info in pathlib.Path(f"/proc/{pid}/fdinfo").iterdir():
        try:
            value = re.search(r"^it_value: \((\d+), (\d+)\)", info.read_text(), re.MULTILINE)
        except FileNotFoundError:
            continue  # closed meanwhile
        if value and value.groups() != ("0", "0"):
            left.append(int(value[1]) + int(value[2]) / 1e9)
    return min(left)


def switches(pid):
    """How often the process has been woken, or has been interrupted by another."""
    count = 0
    for thread in pathlib.Path(f"/proc/{pid}/task").iterdir():
        count += sum(int(n) for n in re.findall(r"_ctxt_switches:\t(\d+)", (thread / "status").read_text()))
    return count


class WakeUps(Rig):
    """Nothing to do: no timer is due, so nothing but the outside can wake it; and for a while it is seen to sleep.

    A timer that was cancelled may be left armed if it is near, and fires once."""

    def check_asleep(self, what):
        pid = self.daemon.child.pid
        until(lambda: next_timer(pid) == math.inf, f"{what}: no timer due", last=lambda: next_timer(pid))
        until(lambda: self.woken(pid, 0.3) == 0, f"{what}: asleep")
        woken = self.woken(pid, 10 if LONG else 2)
        self.assertEqual(woken, 0, what)

    @staticmethod
    def woken(pid, seconds):
        """How often in that time: that nothing happens has no state to wait for."""
        before = switches(pid)
        time.sleep(seconds)
        return switches(pid) - before

    def setUp(self):
        super().setUp()
        self.emulator = self.start_emulator(self.start_server(echo))
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})

    def test_none_with_a_ready_modem(self):
        self.check_asleep("ready")

    def test_none_with_idle_sessions(self):
        for name in ("ssl0", "ssl1"):
            with self.subTest(name), Client(self.daemon.socket(name)) as client:
                client.send(b"hello")
                self.assertEqual(client.read(5), b"hello")
                self.check_asleep(f"a client of {name} that is silent")

    def test_none_with_idle_control_clients(self):
        with Control(self.daemon.socket("control")) as control:
            control.call("events.subscribe", topics=["modem"])
            self.check_asleep("a subscriber")


class Memory(Rig):
    def test_after_the_start(self):
        daemon = self.start_daemon(self.start_emulator().link)
        self.assertLessEqual(resident(daemon.child.pid), 8 * MEBI)

    def grown(self, use, warm_up, times):
        """By how many bytes, after the first uses."""
        for _ in range(warm_up):
            use()
        before = resident(self.daemon.child.pid)
        for _ in range(times):
            use()
        return resident(self.daemon.child.pid) - before

    def test_unchanged_after_many_sessions(self):
        self.daemon = self.start_daemon(self.start_emulator(self.start_server(service)).link,
                                        ssl1={"transparent": "never"})

        def session():
            with Client(self.daemon.socket("ssl1")) as client:
                client.ask("GET /5000/close")
                data, end = client.read_to_end()
            self.assertEqual((len(data), end), (5000, "end"))

        self.assertLess(self.grown(session, 30, 1000 if LONG else 100), MEBI)

    def test_unchanged_after_many_jobs(self):
        page = b"HTTP/1.1 200 OK\r\nContent-Length: 5000\r\n\r\n" + b"x" * 5000
        self.daemon = self.start_daemon(self.start_emulator(self.started(
            HttpServer(self.certificates.good, {"/page": page}))).link)
        control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(control.close)

        def job():
            result = control.call("https.request", url="https://server.test/page")
            self.assertEqual((result["status"], result["bytes"]), (200, 5000))

        self.assertLess(self.grown(job, 30, 1000 if LONG else 100), MEBI)


class Size(Rig):
    def test_of_the_program(self):
        stripped = self.folder / "sim52xxd"
        subprocess.run(["strip", "-o", stripped, program("sim52xxd")], check=True)
        self.assertLessEqual(stripped.stat().st_size, 3 * MEBI)


if INSTRUMENTED:  # sanitizers and counters need memory of their own, and add to the program
    del Memory, Size


if __name__ == "__main__":
    unittest.main()
