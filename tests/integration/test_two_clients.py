"""Two clients at once, one per session, and two clients of one session."""

import hashlib
import os
import socket
import subprocess
import unittest

from support.waiting import PATIENCE
from support.process import quiet_environment
from support.rig import Rig
from support.tlsserver import read_exactly


class TwoClients(Rig):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        # At this speed a download takes seconds, and is seen while it goes on.
        self.emulator = self.start_emulator(self.nginx, more=("--baud", "4000000"))
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})

    def begin(self, socket, path, name):
        """A curl in the background; (process, the file it writes)."""
        out = self.folder / name
        process = subprocess.Popen(
            ["curl", "--silent", "--show-error", "--max-time", "120", "--unix-socket", self.daemon.socket(socket),
             "--output", out, f"http://server.test{path}"], stderr=subprocess.PIPE, env=quiet_environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process, out

    def assert_whole(self, process, out):
        _, errors = process.communicate(timeout=130)
        self.assertEqual(process.returncode, 0, errors)
        self.assertEqual(hashlib.sha256(out.read_bytes()).hexdigest(), hashlib.sha256(self.nginx.page).hexdigest())

    def test_one_on_each_session_at_once(self):
        first = self.begin("ssl0", "/random.bin", "one")
        second = self.begin("ssl1", "/random.bin", "two")
        self.daemon.until_session("ssl0", lambda s: s["down"] > 0, "bytes arrive")
        self.daemon.until_session("ssl1", lambda s: s["down"] > 0, "bytes arrive")
        self.assert_whole(*first)
        self.assert_whole(*second)

    def test_second_client_of_a_session_waits_its_turn(self):
        first = self.begin("ssl1", "/random.bin", "one")
        self.daemon.until_session("ssl1", lambda s: s["client"] and s["client"]["pid"] == first[0].pid, "has a client")
        second = self.begin("ssl1", "/random.bin", "two")
        self.assert_whole(*first)
        self.assert_whole(*second)

    def test_status_says_who_the_client_is(self):
        process, _ = self.begin("ssl1", "/random.bin", "one")
        session = self.daemon.until_session("ssl1", lambda s: s["client"], "has a client")
        self.assertEqual(session["client"], {**session["client"], "pid": process.pid, "uid": os.getuid()})
        self.assertEqual(session["mode"], "counted")


class BesideTransparent(Rig):
    """A client of ssl1 while session 0 is transparent."""

    def setUp(self):
        super().setUp()

        def echo(connection):
            while data := connection.recv(4096):
                connection.sendall(data)
        self.emulator = self.start_emulator(self.start_server(echo))
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.holder = self.client("ssl0", b"hello")
        self.assertEqual(read_exactly(self.holder, 5), b"hello")

    def client(self, name, say):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(60 * PATIENCE)
        client.connect(str(self.daemon.socket(name)))
        client.sendall(say)
        return client

    def test_is_served_in_a_window_and_session_0_stays(self):
        other = self.client("ssl1", b"me too")
        self.assertEqual(read_exactly(other, 6), b"me too")
        other.close()
        self.holder.sendall(b"still here")
        self.assertEqual(read_exactly(self.holder, 10), b"still here")
        self.assertEqual(self.emulator.status()["sessions"][0]["opens"], 1, "session 0 was opened once")

    def test_waits_where_the_modem_refuses_and_is_served_then(self):
        self.emulator.control("set", refuse_session1_in_window=True)
        other = self.client("ssl1", b"me too")
        waiting = self.daemon.until_session("ssl1", lambda s: s["waiting_for"], "waits")["waiting_for"]
        self.assertIn("ssl0", waiting["holder"])
        self.holder.close()
        self.assertEqual(read_exactly(other, 6), b"me too")


if __name__ == "__main__":
    unittest.main()
