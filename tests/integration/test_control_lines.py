"""A line that has DTR and DCD: transparent mode is left by DTR, and its end is told by DCD. A pty has neither; see
support/control_lines.c."""

import os
import pathlib
import subprocess
import threading
import time
import unittest
from unittest import mock

from support.client import Client
from support.waiting import PATIENCE
from support.rig import Rig
from support.tlsserver import close_in_order

SOURCE = pathlib.Path(__file__).parent / "support" / "control_lines.c"


class ControlLines(Rig):
    """ssl0, transparent, to an echo that ends when the test says so; ssl1 to nginx."""

    def setUp(self):
        super().setUp()
        self.leave, self.left_at = threading.Event(), None

        def echo_until_told(connection):
            connection.settimeout(0.02)
            while not self.leave.is_set():
                try:
                    data = connection.recv(4096)
                except TimeoutError:
                    continue
                if not data:
                    return
                connection.sendall(data)
            connection.settimeout(10)
            connection.sendall(b"the last words")
            self.left_at = time.monotonic()
            close_in_order(connection)
        echo = self.start_server(echo_until_told)
        self.emulator = self.start_emulator(self.start_nginx(), maps={"server.test:8883": echo.where})
        shim = self.folder / "control_lines.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", shim, SOURCE, "-ldl"], check=True)
        self.lines = {"LD_PRELOAD": str(shim), "CONTROL_LINES": str(self.emulator.control_path)}

    def begin(self):
        with mock.patch.dict(os.environ, self.lines):
            self.daemon = self.start_daemon(self.emulator.link, ssl0={"port": 8883, "transparent": "always"})
        self.client = Client(self.daemon.socket("ssl0"), seconds=60)
        self.addCleanup(self.client.close)
        self.say(b"hello")

    def say(self, data):
        self.client.send(data)
        self.assertEqual(self.client.read(len(data)), data)

    def assert_no_plus_signs(self):
        """But for the first time, when they find out that DTR works."""
        log = self.daemon.child.output()
        self.assertIn("tty > (DTR off)", log)
        self.assertEqual(log.count("tty > +++"), 1)
        self.assertEqual(self.daemon.status()["modem"]["capabilities"]["dtr"], "escapes")

    def test_false_alarms_and_windows(self):
        self.begin()
        for word in (b"\r\nCLOSED\r\n", b"\r\nNO CARRIER\r\n", b"\r\nOK\r\n\r\nCLOSED\r\n"):
            self.say(word)
        for _ in range(2):
            done = self.curl(self.daemon.socket("ssl1"), "/small.txt")
            self.assert_served(done)
            self.say(b"between +++")
        self.assert_no_plus_signs()
        self.assertEqual(self.emulator.status()["sessions"][0]["opens"], 1)
        self.client.close()
        self.emulator.until_idle()
        self.assert_no_plus_signs()

    def test_silent_end(self):
        """The modem prints nothing; only DCD goes off."""
        self.emulator.control("set", close="silent")
        self.begin()
        self.leave.set()
        self.assertEqual(self.client.read_to_end(), (b"the last words", "end"))
        self.assertLess(time.monotonic() - self.left_at, 5 * PATIENCE)
        self.assertNotIn("tty > +++", self.daemon.child.output())
        self.assertEqual(self.daemon.session("ssl0")["last"]["reason"], "peer_closed")

    def test_printed_end(self):
        self.begin()
        self.leave.set()
        self.assertEqual(self.client.read_to_end(), (b"the last words", "end"))
        self.assertLess(time.monotonic() - self.left_at, 5 * PATIENCE)
        self.assertNotIn("tty > +++", self.daemon.child.output())


if __name__ == "__main__":
    unittest.main()
