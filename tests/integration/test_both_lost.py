"""Both sessions are open, and the modem loses them: somebody stops its SSL stack on another port, or it restarts."""

import unittest

from support.client import Client
from support.rig import Rig


class BothLost(Rig):
    def setUp(self):
        super().setUp()

        def echo(connection):
            while data := connection.recv(4096):
                connection.sendall(data)
        self.emulator = self.start_emulator(self.start_server(echo))

    def client(self, name):
        client = Client(self.daemon.socket(name), seconds=60)
        self.addCleanup(client.close)
        return client

    def say(self, client, data):
        client.send(data)
        self.assertEqual(client.read(len(data)), data)

    def begin(self, transparent):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": transparent},
                                        ssl1={"window_max": 1}, arbiter={"linger": 600})
        self.zero, self.one = self.client("ssl0"), self.client("ssl1")
        self.say(self.zero, b"zero")
        self.say(self.one, b"one")

    def assert_served_again(self):
        for name in ("ssl0", "ssl1"):
            with self.client(name) as again:
                self.say(again, b"again")

    def test_stopped_while_counted(self):
        """Nothing tells, until somebody sends."""
        self.begin("never")
        self.emulator.control("stop_ssl")
        self.zero.send(b"more")
        self.one.send(b"more")
        for name, client in (("ssl0", self.zero), ("ssl1", self.one)):
            self.assertEqual(client.read_to_end(), (b"", "reset"))
            error = self.daemon.session(name)["last_error"]
            self.assertEqual((error["kind"], error["at"]), ("modem_error", "AT+CSSLSEND"))
        self.assert_served_again()

    def test_stopped_while_transparent(self):
        """The modem's CLOSED is all that is printed."""
        self.begin("always")
        self.daemon.child.until(lambda: self.emulator.status()["mode"] == "data", "session 0 to have the line")
        self.emulator.control("stop_ssl")
        self.assertEqual(self.zero.read_to_end()[0], b"")
        self.one.send(b"more")
        self.assertEqual(self.one.read_to_end(), (b"", "reset"))
        self.assert_served_again()

    def check_restart(self, transparent):
        self.begin(transparent)
        self.emulator.control("reboot")
        for name, client in (("ssl0", self.zero), ("ssl1", self.one)):
            self.assertEqual(client.read_to_end(), (b"", "reset"))
            said = self.daemon.session(name)
            self.assertEqual((said["last_error"]["kind"], said["last"]["reason"]), ("interrupted", "interrupted"))
            self.assertIn("restarted", said["last_error"]["message"])
        self.daemon.until_ready(60)
        self.assert_served_again()

    def test_restart_while_counted(self):
        self.check_restart("never")

    def test_restart_while_transparent(self):
        self.check_restart("always")


if __name__ == "__main__":
    unittest.main()
