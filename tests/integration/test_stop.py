"""SIGTERM: the daemon leaves the modem as it would like to find it, within ten seconds."""

import socket
import time
import unittest

from support.client import fill
from support.rig import Rig
from support.tlsserver import read_until
from support.waiting import PATIENCE


class Stop(Rig):
    def setUp(self):
        super().setUp()

        def hold(connection):
            read_until(connection, b"\n")
            connection.sendall(b"hello\n")
            connection.recv(1)
        self.emulator = self.start_emulator(self.start_server(hold))
        self.clients = []

    def hold_session(self, name):
        """A client in the middle of its session."""
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(60 * PATIENCE)
        client.connect(str(self.daemon.socket(name)))
        client.sendall(b"hi\n")
        self.assertEqual(client.recv(100), b"hello\n")
        self.clients.append(client)

    def assert_stops(self):
        begin = time.monotonic()
        self.daemon.terminate()
        self.assertEqual(self.daemon.child.wait(30), 0)
        self.assertLess(time.monotonic() - begin, 10 * PATIENCE)
        self.assertEqual(list(self.daemon.runtime.glob("*.sock")), [], "no socket is left behind")
        for client in self.clients:
            self.assertIn(self.end_of(client), ("end", "reset"))

    def assert_stops_well(self):
        self.assert_stops()
        self.emulator.until_idle()

    @staticmethod
    def end_of(client):
        try:
            return "data" if client.recv(1) else "end"
        except ConnectionResetError:
            return "reset"

    def test_when_idle(self):
        self.daemon = self.start_daemon(self.emulator.link)
        self.assert_stops_well()

    def test_in_a_transparent_session(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.hold_session("ssl0")
        self.assert_stops_well()

    def test_while_an_upload_waits_for_the_line(self):
        """The modem takes no bytes: there is no way to tell it anything."""
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.hold_session("ssl0")
        self.emulator.control("set", deaf=True)
        fill(self.clients[0])
        self.assert_stops()

    def test_in_a_counted_session(self):
        self.daemon = self.start_daemon(self.emulator.link)
        self.hold_session("ssl1")
        self.assert_stops_well()

    def test_in_two_sessions(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})
        self.hold_session("ssl0")
        self.hold_session("ssl1")
        self.assert_stops_well()

    def test_while_the_stack_lingers(self):
        self.daemon = self.start_daemon(self.emulator.link, arbiter={"linger": 600})
        self.hold_session("ssl1")
        self.clients.pop().close()
        self.daemon.until_session("ssl1", lambda s: not s["client"], "its client gone")
        self.assert_stops_well()


if __name__ == "__main__":
    unittest.main()
