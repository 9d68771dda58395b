"""failure_reply = "http": a client that speaks HTTP is told in HTTP why it has no connection."""

import json
import socket
import unittest

from support.client import Client
from support.control import Control
from support.places import free_port, loopback
from support.rig import Rig
from support.service import echo

HTTP = {"failure_reply": "http"}


class FailureReply(Rig):
    def start(self, server=None, maps=None, **tables):
        self.emulator = self.start_emulator(server, maps=maps or {})
        self.daemon = self.start_daemon(self.emulator.link, **tables)

    def assert_reply(self, status, kind, *words, name="ssl1"):
        """curl gets a whole answer with this status, and the error as JSON."""
        done = self.curl(self.daemon.socket(name), "/", "--write-out", "\n%{http_code} %{content_type}")
        self.assert_served(done)
        body, _, last = done.stdout.rpartition("\n")
        self.assertEqual(last, f"{status} application/json")
        error = json.loads(body)
        self.assertEqual(error["kind"], kind)
        for word in words:
            self.assertIn(word, error["message"])
        told = self.daemon.until_session(name, lambda s: s["last_error"], "the reason")["last_error"]
        self.assertEqual((told["kind"], told["message"]), (error["kind"], error["message"]))
        return error

    def test_connection_refused(self):
        self.start(maps={"server.test:443": f"{loopback()}:{free_port(loopback())}"}, ssl0=HTTP, ssl1=HTTP)
        for name in ("ssl0", "ssl1"):
            self.assert_reply(502, "connect_failed", "server.test:443", name=name)

    def test_refusal_is_the_same_in_reply_status_event_and_journal(self):
        """Bits, host and the line that would accept them; in both modes, and on an endpoint with a name of its own."""
        self.start(self.start_server(echo, self.certificates.expired), ssl0={**HTTP, "transparent": "always"}, ssl1=HTTP,
                   **{"endpoint.mail": {"host": "server.test", "session": "any", **HTTP}})
        with Control(self.daemon.socket("control"), 60) as control:
            control.call("events.subscribe")
            for name, section in (("ssl0", "[ssl0]"), ("ssl1", "[ssl1]"), ("mail", "[endpoint.mail]")):
                error = self.assert_reply(502, "tls_alert", "server.test", "certificate-expired", section,
                                          'accept_alerts = ["certificate-expired"', name=name)
                self.assertIn("certificate-expired", error["alert"]["bits"])
                for kind in ("session.alert", "session.closed"):
                    event = control.until_event(lambda e: e["type"] == kind and e["session"] == name)
                    self.assertEqual(event["error"]["message"], error["message"])
                    self.assertEqual(event["error"]["alert"], error["alert"])
                self.assertIn(f"{name}: {error['message']}", self.daemon.child.output())

    def test_busy(self):
        self.start(self.start_server(echo), ssl1={**HTTP, "busy": "reject"})
        with Client(self.daemon.socket("ssl1")) as first:
            first.send(b"here")
            self.assertEqual(first.read(4), b"here")
            self.assert_reply(503, "busy", "in use by ssl1")

    def test_no_modem(self):
        self.daemon = self.start_daemon(self.folder / "modem", ready=False, ssl1=HTTP, timeouts={"connect": 1})
        self.assert_reply(503, "modem_absent", str(self.folder / "modem"))

    def test_timeout(self):
        mute = socket.create_server((loopback(), 0))
        self.addCleanup(mute.close)
        self.start(maps={"server.test:443": "{}:{}".format(*mute.getsockname())}, ssl1=HTTP,
                   **{"timeouts.ssl": {"connect": 1}})
        self.assert_reply(504, "timeout", "server.test")

    def test_nothing_is_put_into_an_answer_that_has_begun(self):
        def half(connection):
            connection.recv(1000)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")
            connection.recv(1)
        self.start(self.start_server(half), ssl1=HTTP)
        with Client(self.daemon.socket("ssl1")) as client:
            client.ask("GET /")
            start = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf"
            self.assertEqual(client.read(len(start)), start)
            self.emulator.control("reboot")
            self.assertEqual(client.read_to_end(), (b"", "reset"))


if __name__ == "__main__":
    unittest.main()
