"""What an endpoint's configuration does to its clients: busy, idle_timeout, half_close_timeout, names of one's own."""

import json
import socket
import unittest

from support.waiting import PATIENCE
from support.rig import Rig


class Endpoints(Rig):
    def setUp(self):
        super().setUp()

        def echo(connection):
            while data := connection.recv(4096):
                connection.sendall(data)
        self.emulator = self.start_emulator(self.start_server(echo))

    def client(self, name, say=b"hello"):
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(60 * PATIENCE)
        client.connect(str(self.daemon.socket(name)))
        client.sendall(say)
        return client

    def start(self, name, **keys):
        self.daemon = self.start_daemon(self.emulator.link, **{name: keys})

    def test_busy_reject(self):
        self.start("ssl1", busy="reject")
        first = self.client("ssl1")
        self.assertEqual(first.recv(100), b"hello")
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):  # the latter when it was faster than we
            self.client("ssl1").recv(1)
        first.sendall(b"still here")
        self.assertEqual(first.recv(100), b"still here")

    def test_busy_wait(self):
        self.start("ssl1", busy="wait")
        first = self.client("ssl1")
        self.assertEqual(first.recv(100), b"hello")
        second = self.client("ssl1", b"my turn")
        first.sendall(b"still here")
        self.assertEqual(first.recv(100), b"still here")
        first.close()
        self.assertEqual(second.recv(100), b"my turn")

    def test_busy_kick(self):
        self.start("ssl1", busy="kick")
        first = self.client("ssl1")
        self.assertEqual(first.recv(100), b"hello")
        second = self.client("ssl1", b"mine")
        self.assertEqual(second.recv(100), b"mine")
        try:
            self.assertEqual(first.recv(1), b"")
        except ConnectionResetError:
            pass

    def test_idle_timeout_ends_a_silent_session(self):
        self.start("ssl1", idle_timeout=1)
        client = self.client("ssl1")
        self.assertEqual(client.recv(100), b"hello")
        try:
            self.assertEqual(client.recv(1), b"")
        except ConnectionResetError:
            pass
        self.daemon.until_session("ssl1", lambda s: "idle_timeout" in json.dumps(s["last_error"]), "the reason told")

    def test_half_close_timeout_ends_a_session_whose_peer_stays(self):
        self.start("ssl1", half_close_timeout=1)
        client = self.client("ssl1")
        client.shutdown(socket.SHUT_WR)
        self.assertEqual(client.recv(100), b"hello")
        self.assertEqual(client.recv(1), b"")

    def test_endpoint_with_a_name_of_its_own(self):
        telemetry = {"host": "server.test", "session": "any"}
        self.daemon = self.start_daemon(self.emulator.link, **{"endpoint.telemetry": telemetry})
        client = self.client("telemetry")
        self.assertEqual(client.recv(100), b"hello")
        self.assertIn(self.daemon.session("telemetry")["session"], (0, 1))

    def test_failure_reply_http_answers_with_the_reason(self):
        bad = self.start_server(lambda connection: None, self.certificates.expired)
        self.emulator.stop()
        emulator = self.start_emulator(bad)
        self.daemon = self.start_daemon(emulator.link, ssl1={"failure_reply": "http"})
        done = self.curl(self.daemon.socket("ssl1"), "/", "--include")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r"^HTTP/1\.[01] 502 ")
        self.assertIn("certificate-expired", done.stdout)

    def test_client_that_leaves_before_its_session_is_open(self):
        self.start("ssl1")
        for _ in range(5):
            self.client("ssl1").close()
        client = self.client("ssl1")
        self.assertEqual(client.recv(100), b"hello")


if __name__ == "__main__":
    unittest.main()
