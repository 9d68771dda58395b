"""What an admin may ask: AT commands beside the daemon's work, closing a session, resetting the modem."""

import unittest

from support.client import Client
from support.control import RpcError
from support.rig import Rig
from support.waiting import until


def echo(connection):
    while data := connection.recv(4096):
        connection.sendall(data)


class Admin(Rig):
    def setUp(self):
        super().setUp()
        self.emulator = self.start_emulator(self.start_server(echo))
        self.daemon = self.start_daemon(self.emulator.link)

    def client(self, name):
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        self.assert_echoes(client)
        return client

    def assert_echoes(self, client, data=b"hello"):
        client.send(data)
        self.assertEqual(client.read(len(data)), data)

    def command(self, text, **more):
        return self.daemon.control("modem.command", command=text, **more)

    def refusal(self, method, **parameters):
        with self.assertRaises(RpcError) as caught:
            self.daemon.control(method, **parameters)
        return caught.exception

    def arbiter(self):
        return self.daemon.status()["arbiter"]

    def test_a_command_and_its_answer(self):
        answer = self.command("AT+CSQ", timeout=10)
        self.assertEqual(answer["final"], "OK")
        self.assertEqual([line[:5] for line in answer["lines"]], ["+CSQ:"])
        self.assertGreaterEqual(answer["seconds"], 0)
        self.assertEqual(self.command("AT+NONSENSE")["final"].split(":")[0].split()[-1], "ERROR")

    def test_beside_open_sessions_nobody_loses_a_byte(self):
        zero = self.client("ssl0")
        self.assertEqual(self.daemon.session("ssl0")["mode"], "transparent")
        for _ in range(3):
            self.assertEqual(self.command("ATI")["final"], "OK")
            self.assert_echoes(zero, b"still here")
        one = self.client("ssl1")
        self.assertEqual(self.command("AT+COPS?")["final"], "OK")
        self.assert_echoes(one)
        self.assert_echoes(zero)

    def test_what_would_break_the_daemon_is_denied(self):
        zero = self.client("ssl0")
        for text in ("AT+CSSLSTOP", "AT+CHTTPSSTART", "AT+CFTPSSTART", "ATD*99#", "ATO", "ATZ", "AT&F", "ATE1", "ATV0",
                     "ATQ1", "AT&C0", "AT&D2", "AT+IPR=9600", "AT+IFC=2,2", "AT+CMUX=0", 'AT+CMGS="1"'):
            with self.subTest(text):
                self.assertEqual(self.refusal("modem.command", command=text).data["kind"], "denied")
        for text in ("", "hello", "AT\rATZ", "AT\nATZ", "ATI;+CSQ", "AT\x1a", "AT+CUSD=\"\xe4\"", "AT" + "0" * 10000):
            with self.subTest(text):
                self.assertEqual(self.refusal("modem.command", command=text).data["kind"], "invalid")
        for seconds in (0, -1, 1e9):
            with self.subTest(seconds):
                self.assertEqual(self.refusal("modem.command", command="AT", timeout=seconds).data["kind"], "invalid")
        self.assert_echoes(zero)

    def test_a_conflicting_family_says_who_is_in_the_way(self):
        one = self.client("ssl1")
        refusal = self.refusal("modem.command", command="AT+NETOPEN")
        self.assertEqual(refusal.data["kind"], "busy")
        self.assertEqual({k: refusal.data["waiting_for"][k] for k in ("stack", "holder")},
                         {"stack": "ssl", "holder": "ssl1"})
        self.assertIn("since", refusal.data["waiting_for"])
        self.assert_echoes(one)
        one.close()
        self.daemon.until_session("ssl1", lambda s: s["client"] is None, "its client gone")
        self.command("AT+NETOPEN")  # whatever the modem says: it was asked
        self.assertEqual(self.arbiter()["stack"], "tcpip", "the warm stack was stopped first")

    def test_session_close(self):
        zero, one = self.client("ssl0"), self.client("ssl1")
        self.assertEqual(self.daemon.control("session.close", session="ssl1"), {})
        one.send(b"x")
        one.end()
        self.assert_echoes(zero)
        self.assertEqual(self.daemon.control("session.close", session=0), {})
        said = self.daemon.until_session("ssl0", lambda s: s["last_error"], "its end told")["last_error"]
        self.assertEqual((said["kind"], said["message"]), ("interrupted", "an admin closed the session"))
        self.daemon.until_session("ssl0", lambda s: s["client"] is None, "its client gone")
        self.assertEqual(self.refusal("session.close", session="ssl0").data["kind"], "not_found")
        self.assertEqual(self.refusal("session.close", session="nobody").data["kind"], "not_found")
        for wrong in (2, True, [0], None):
            self.assertEqual(self.refusal("session.close", session=wrong).data["kind"], "invalid")

    def test_reset(self):
        zero = self.client("ssl0")
        zero.send(b"x")
        self.assertEqual(self.daemon.control("modem.reset"), {})
        said = self.daemon.until_session("ssl0", lambda s: s["last_error"], "its end told")["last_error"]
        self.assertEqual(said["kind"], "interrupted")
        self.assertIn("reset", said["message"])
        self.daemon.until_ready()
        self.client("ssl0")

    def test_the_arbiter_in_the_status(self):
        self.assertEqual(self.arbiter(), {"stack": None, "switching": False, "holders": [], "waiters": []})
        self.client("ssl1")
        waiting = Client(self.daemon.socket("ssl1"))
        self.addCleanup(waiting.close)
        until(lambda: self.arbiter()["waiters"], "a waiter", last=self.arbiter)
        said = self.arbiter()
        self.assertEqual((said["stack"], said["switching"]), ("ssl", False))
        self.assertEqual([{k: h[k] for k in ("name", "stack", "session")} for h in said["holders"]],
                         [{"name": "ssl1", "stack": "ssl", "session": 1}])
        self.assertRegex(said["holders"][0]["since"], r"^\d{4}-\d\d-\d\dT[\d:.]+Z$")
        waiter = said["waiters"][0]
        self.assertEqual((waiter["name"], waiter["endpoint"]), ("ssl1", "ssl1"))
        self.assertEqual({k: waiter["waiting_for"][k] for k in ("stack", "holder")},
                         {"stack": "ssl", "holder": "ssl1"})


if __name__ == "__main__":
    unittest.main()
