"""How soon a client learns that its session is lost, and what a wedged modem and a broken peer look like. All kinds of
failures in both modes: test_failure_table.py."""

import socket
import struct
import time
import unittest

from support.client import Client
from support.waiting import PATIENCE
from support.rig import Rig
from support.service import echo
from support.tlsserver import read_until


class Failures(Rig):
    def start(self, server=None, maps=None, **tables):
        self.emulator = self.start_emulator(server, maps=maps or {})
        self.daemon = self.start_daemon(self.emulator.link, **tables)

    def client(self, name="ssl1"):
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        return client

    def both_ends(self, name="ssl1"):
        """How it ends for a client that has written something, and for one that has not."""
        with Client(self.daemon.socket(name)) as silent:
            quiet = silent.read_to_end()
        with Client(self.daemon.socket(name)) as client:
            try:
                client.send(b"hello")
            except BrokenPipeError:
                return quiet, (b"", "reset")  # refused so soon that there was nothing to write to
            return quiet, client.read_to_end()

    def assert_refused(self, kind, stage, *words, name="ssl1"):
        self.assertEqual(self.both_ends(name), ((b"", "end"), (b"", "reset")))
        return self.assert_told(kind, stage, *words, name=name)

    def assert_told(self, kind, stage, *words, name="ssl1"):
        said = self.daemon.until_session(name, lambda s: s["last_error"] and s["last_error"]["kind"] == kind, kind)
        error = said["last_error"]
        self.assertEqual(error["stage"], stage)
        for word in words:
            self.assertIn(word, error["message"])
            self.assertIn(word, self.daemon.child.output())
        return error


class Opening(Failures):
    """The session never opens; the rest of the kinds is in test_failure_table.py."""

    def test_certificate_refused_on_a_named_endpoint(self):
        self.start(self.start_server(echo, self.certificates.wrong_host),
                   **{"endpoint.mail": {"host": "server.test", "session": "any"}})
        self.assert_refused("tls_alert", "handshake", "server.test", "host-mismatch", "[endpoint.mail]", name="mail")


class InSession(Failures):
    """The session was open and had carried bytes; the client waits for more."""

    def begin(self, name, **tables):
        def half(connection):
            read_until(connection, b"\n")
            connection.sendall(b"half of")
            connection.recv(1)
        self.server = self.start_server(half)
        self.start(self.server, ssl0={"transparent": "always"}, **tables)
        client = self.client(name)
        client.send(b"request\n")
        self.assertEqual(client.read(7), b"half of")
        return client

    def check_lost(self, name, how, *words, **parameters):
        """A truncated answer must not look complete: the client is reset, at once."""
        client = self.begin(name)
        begin = time.monotonic()
        self.emulator.control(how, **parameters)
        self.assertEqual(client.read_to_end(), (b"", "reset"))
        self.assertLess(time.monotonic() - begin, 8 * PATIENCE)  # a reboot is seen when it is over, after 3 s
        self.assert_told("interrupted", "modem", *words, name=name)
        self.daemon.until_ready(60)

    def test_reboot_counted(self):
        self.check_lost("ssl1", "reboot", "restarted")

    def test_reboot_transparent(self):
        self.check_lost("ssl0", "reboot", "restarted")

    def test_unplugged_counted(self):
        self.check_lost("ssl1", "vanish", "modem was lost", ms=500, reboot=True)

    def test_unplugged_transparent(self):
        self.check_lost("ssl0", "vanish", "modem was lost", ms=500, reboot=True)

    def test_wedged(self):
        client = self.begin("ssl1", **{"timeouts.ssl": {"transfer": 1}})
        self.emulator.control("wedge")
        client.send(b"more\n")
        self.assertEqual(client.end(), "reset")
        self.assert_told("timeout", "command", "the modem did not answer AT+CSSLSEND")
        self.emulator.control("wedge", on=False)
        self.daemon.until_ready(60)

    def test_wedged_transparent_is_noticed_at_the_end(self):
        client = self.begin("ssl0")
        self.emulator.control("wedge")
        client.close()
        self.daemon.child.until(lambda: self.daemon.state() != "ready", "the modem given up")
        self.emulator.control("wedge", on=False)
        self.daemon.until_ready(60)

    def test_daemon_stops(self):
        client = self.begin("ssl1")
        self.daemon.terminate()
        self.assertEqual(client.read_to_end(), (b"", "reset"))
        self.assertEqual(self.daemon.child.wait(30), 0)
        self.assertIn("the daemon stops", self.daemon.child.output())


class PeerReset(Failures):
    """A peer that breaks the connection: the modem tells it as an end, and so do we, after every byte."""

    def check(self, name):
        def abort(connection):
            read_until(connection, b"\n")
            connection.sendall(b"half of")
            read_until(connection, b"\n")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.start(self.start_server(abort), ssl0={"transparent": "always"})
        client = self.client(name)
        client.send(b"request\n")
        self.assertEqual(client.read(7), b"half of")
        client.send(b"and now\n")
        self.assertEqual(client.read_to_end()[0], b"")
        self.daemon.until_session(name, lambda s: s["client"] is None, "its client gone")

    def test_counted(self):
        self.check("ssl1")

    def test_transparent(self):
        self.check("ssl0")


if __name__ == "__main__":
    unittest.main()
