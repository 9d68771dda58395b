"""Two clients at once, one per session, and two clients of one session."""

import hashlib
import os
import socket
import subprocess
import unittest

from support.places import PATIENCE
from support.process import quiet_environment
from support.rig import Rig


class TwoClients(Rig):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.emulator = self.start_emulator(self.nginx)
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
    """While ssl0 is transparent, ssl1 is served in windows, and ssl0 keeps its connection."""

    def test_client_of_ssl1_is_served_and_ssl0_goes_on(self):
        daemon = self.start_daemon(self.start_emulator(self.start_nginx()).link, ssl0={"transparent": "always"})
        holder = self.connect(daemon, "ssl0")
        daemon.until_session("ssl0", lambda s: s["state"] == "open", "open")
        guest = self.connect(daemon, "ssl1")
        guest.sendall(b"GET /small.txt HTTP/1.0\r\n\r\n")
        self.assertIn(b"200 OK", guest.recv(100))
        self.assertEqual(daemon.session("ssl0")["state"], "open")
        holder.sendall(b"GET /small.txt HTTP/1.0\r\n\r\n")
        self.assertIn(b"200 OK", holder.recv(100))
        self.assertEqual([e["accepted"] for e in daemon.status()["endpoints"]], [1, 1])

    def connect(self, daemon, name):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(60 * PATIENCE)
        client.connect(str(daemon.socket(name)))
        return client


if __name__ == "__main__":
    unittest.main()
