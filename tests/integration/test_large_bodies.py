"""A body of a hundred mebibytes, either way, over either stack: the same bytes, and the daemon does not grow."""

import hashlib
import json
import os
import threading
import time
import unittest

from support.client import INSTRUMENTED, resident
from support.control import Control
from support.notes import note
from support.waiting import PATIENCE
from support.rig import Rig

MEBI = 1 << 20
LONG = "SIM52XX_LONG" in os.environ
DOWN = (6 if INSTRUMENTED else 1024 if LONG else 100) * MEBI
UP = (6 if INSTRUMENTED else 100 if LONG else 50) * MEBI
SECONDS = 1100 if LONG else 220


class Bystander(threading.Thread):
    """Another client, who asks all the time, and looks how much memory the daemon has."""

    def __init__(self, daemon):
        super().__init__(daemon=True)
        self.pid, self.control = daemon.child.pid, Control(daemon.socket("control"), 60)
        self.control.call("status")
        self.before = self.most = resident(self.pid)
        self.times = []
        self.over = threading.Event()
        self.start()

    def run(self):
        while not self.over.wait(0.02):
            begin = time.monotonic()
            self.control.call("status")
            self.times.append(time.monotonic() - begin)
            self.most = max(self.most, resident(self.pid))

    def stop(self):
        self.over.set()
        self.join()
        self.control.close()


class LargeBodies(Rig):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx(size=1000)
        self.daemon = self.start_daemon(self.start_emulator(self.nginx).link)
        self.control = Control(self.daemon.socket("control"), SECONDS)
        self.addCleanup(self.control.close)

    def transfer(self, what, size, move):
        """move() in the company of a bystander; notes what it has cost."""
        self.control.call("https.request", url="https://server.test/small.txt")  # everything has its usual size
        bystander = Bystander(self.daemon)
        self.addCleanup(bystander.stop)
        begin = time.monotonic()
        move()
        took = time.monotonic() - begin
        bystander.stop()
        after = resident(self.daemon.child.pid)
        times = sorted(bystander.times)
        note(f"{size >> 20} MiB {what}: {took:.1f} s, {size / took / MEBI:.1f} MiB/s; memory {bystander.before >> 10} KiB "
             f"before, {bystander.most >> 10} at most, {after >> 10} after; status for others: median "
             f"{times[len(times) // 2] * 1000:.1f} ms, worst {times[-1] * 1000:.1f} ms")
        if not INSTRUMENTED:
            self.assertLess(bystander.most - bystander.before, 4 * MEBI)
        self.assertLess(times[len(times) // 2], 0.1 * PATIENCE)

    def down(self, via):
        """Through a pipe, at the pace of its reader."""
        expected = self.nginx.add_page("large.bin", DOWN)
        received = hashlib.sha256()

        def move():
            reading, writing = os.pipe()
            request = self.control.start("https.request", [writing], url="https://server.test/large.bin",
                                         response_fd=0, via=via)
            os.close(writing)
            with open(reading, "rb", buffering=0) as pipe:
                while piece := pipe.read(65536):
                    received.update(piece)
            self.assertEqual(self.control.answer_to(request)["bytes"], DOWN)
        self.transfer(f"down via {via} into a pipe", DOWN, move)
        self.assertEqual(received.hexdigest(), expected)

    def up(self, via):
        expected = self.nginx.add_page("large.bin", UP)
        answers = []

        def move():
            with open(self.nginx.folder / "pages" / "large.bin", "rb") as body:
                answers.append(self.control.call("https.request", [body.fileno()], url="https://server.test/post",
                                                 method="POST", body_fd=0, via=via))
        self.transfer(f"up via {via} from a file", UP, move)
        self.assertEqual(json.loads(answers[0]["body"]), {"bytes": UP, "sha256": expected})

    def test_down_over_https(self):
        self.down("https")

    def test_down_over_ssl(self):
        self.down("ssl")

    def test_up_over_https(self):
        self.up("https")

    def test_up_over_ssl(self):
        self.up("ssl")


if __name__ == "__main__":
    unittest.main()
