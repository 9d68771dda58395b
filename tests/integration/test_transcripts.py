"""The note's own dialogues (tests/traces): the daemon against a modem that plays them, the emulator against a host."""

import socket
import unittest

from support.places import PATIENCE
from support.rig import Rig
from support.scripted_modem import ScriptedModem
from support.serial_line import SerialLine
from support.tlsserver import close_in_order, read_exactly
from support.transcript import load, sent_by

HOST = {"host": "www.myserver.com", "port": 443}
NOTE_ALERTS = ["bad-issuer", "view-certificate"]  # 134218240
DATA = b"+CSSLRECV: DATA,1,227\r\n"
PAGE = sent_by(load("note-6.3-counted"), "modem").split(DATA)[1][:227]
REQUEST = next(s.data for s in load("note-6.3-counted") if s.data.startswith(b"GET"))


class DaemonFollowsTheNote(Rig):
    def begin(self, trace, **tables):
        self.modem = ScriptedModem()
        self.addCleanup(self.modem.stop)
        tables.setdefault("ssl0", HOST)
        tables.setdefault("ssl1", HOST)
        self.daemon = self.start_daemon(self.modem.path, arbiter={"linger": 0}, **tables)
        self.modem.play(load(trace))

    def client(self, name):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(30 * PATIENCE)
        client.connect(str(self.daemon.socket(name)))
        self.addCleanup(client.close)
        return client

    def test_6_3_counted_with_alert_continued(self):
        self.begin("note-6.3-counted", ssl1={**HOST, "accept_alerts": NOTE_ALERTS})
        client = self.client("ssl1")
        client.sendall(REQUEST)
        self.assertEqual(read_exactly(client, len(PAGE)), PAGE)
        client.close()
        self.modem.until_played()

    def test_4_7_transparent_with_alert_continued(self):
        self.begin("note-4.7-transparent", ssl0={**HOST, "accept_alerts": NOTE_ALERTS, "transparent": "always"})
        client = self.client("ssl0")
        client.sendall(b"hello, server\r\n")
        self.assertEqual(read_exactly(client, 15), b"hello, client\r\n")
        client.close()
        self.modem.until_played()

    def test_4_2_alert_not_accepted_is_cancelled(self):
        self.begin("note-4.2-cancelled", ssl1={**HOST, "accept_alerts": ["view-certificate"]})
        client = self.client("ssl1")
        # A refusal quicker than the client's write is EPIPE.
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            client.sendall(REQUEST)
            client.recv(1)
        self.modem.until_played()
        self.assertIn("bad-issuer", str(self.daemon.session("ssl1")["last_error"]))


class EmulatorFollowsTheNote(Rig):
    """The emulator gives the alert the id of its session; the note's 0 for session 1 is a misprint."""

    def begin(self, serve):
        server = self.start_server(serve, self.certificates.self_signed)
        emulator = self.start_emulator(maps={"www.myserver.com:443": server.where})
        self.line = SerialLine(emulator.link)
        self.addCleanup(self.line.close)
        self.line.command("ATE0")

    @staticmethod
    def with_right_id(steps):
        for step in steps:
            step.data = step.data.replace(b"+CSSLALERT: 0,2", b"+CSSLALERT: 1,2")
        return steps

    @staticmethod
    def answer_page(connection):
        read_exactly(connection, len(REQUEST))
        connection.sendall(PAGE)
        connection.recv(1)
        close_in_order(connection)

    @staticmethod
    def answer_hello(connection):
        read_exactly(connection, len(b"hello, server\r\n"))
        connection.sendall(b"hello, client\r\n")
        connection.recv(1)
        close_in_order(connection)

    def test_6_3_counted_with_alert_continued(self):
        self.begin(self.answer_page)
        self.line.play(self.with_right_id(load("note-6.3-counted")))

    def test_4_7_transparent_with_alert_continued(self):
        self.begin(self.answer_hello)
        self.line.play(load("note-4.7-transparent"))

    def test_4_2_alert_cancelled(self):
        self.begin(self.answer_page)
        self.line.play(self.with_right_id(load("note-4.2-cancelled")))


if __name__ == "__main__":
    unittest.main()
