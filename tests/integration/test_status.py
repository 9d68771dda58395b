"""What the control socket's status says of the modem and of a session, while it lasts and after."""

import datetime
import os
import socket
import unittest

from support.client import Client
from support.waiting import PATIENCE
from support.rig import Rig
from support.tlsserver import read_exactly


class Status(Rig):
    def setUp(self):
        super().setUp()

        def echo(connection):
            while data := connection.recv(4096):
                connection.sendall(data)
        self.emulator = self.start_emulator(self.start_server(echo), maps={"server.test:444": "127.0.0.1:1"})

    def talk(self, name):
        """A client that has sent and got 1000 bytes, and stays."""
        client = socket.socket(socket.AF_UNIX)
        self.addCleanup(client.close)
        client.settimeout(60 * PATIENCE)
        client.connect(str(self.daemon.socket(name)))
        client.sendall(bytes(1000))
        self.assertEqual(read_exactly(client, 1000), bytes(1000))
        return client

    def check_session(self, name, session, mode):
        client = self.talk(name)
        said = self.daemon.until_session(name, lambda s: (s["up"], s["down"]) == (1000, 1000), "bytes counted")
        self.assertEqual((said["session"], said["state"], said["mode"]), (session, "open", mode))
        self.assertEqual(said["target"], {"host": "server.test", "port": 443})
        self.assertEqual((said["client"]["pid"], said["client"]["uid"]), (os.getpid(), os.getuid()))
        since = datetime.datetime.fromisoformat(said["since"].replace("Z", "+00:00"))
        self.assertLess(abs((datetime.datetime.now(datetime.timezone.utc) - since).total_seconds()), 60 * PATIENCE)
        client.close()
        said = self.daemon.until_session(name, lambda s: s["client"] is None, "its client gone")
        self.assertIsNone(said["last_error"], "a client that leaves is no error")
        last = said["last"]
        self.assertEqual((last["session"], last["mode"], last["up"], last["down"]), (session, mode, 1000, 1000))
        self.assertEqual(last["client"], {"pid": os.getpid(), "uid": os.getuid()})
        self.assertEqual(last["reason"], "client_closed")
        self.assertLessEqual(last["since"], last["until"])
        endpoint = next(e for e in self.daemon.status()["endpoints"] if e["name"] == name)
        self.assertEqual((endpoint["accepted"], endpoint["failed"]), (1, 0))
        self.assertEqual((endpoint["up"], endpoint["down"]), (1000, 1000))

    def test_transparent_session(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.check_session("ssl0", 0, "transparent")

    def test_counted_session(self):
        self.daemon = self.start_daemon(self.emulator.link)
        self.check_session("ssl1", 1, "counted")

    def test_reason_is_told_before_the_client_sees_its_end(self):
        nobody = {"host": "server.test", "port": 444, "session": 1}
        self.daemon = self.start_daemon(self.emulator.link, **{"endpoint.nobody": nobody})
        with Client(self.daemon.socket("nobody")) as client:
            client.send(b"x")
            client.read_to_end()
        said = self.daemon.session("nobody")  # at once
        self.assertEqual((said["last_error"]["kind"], said["last"]["reason"]), ("connect_failed", "connect_failed"))
        self.assertEqual((said["last"]["up"], said["last"]["down"]), (0, 0))

    def test_modem(self):
        self.daemon = self.start_daemon(self.emulator.link)
        modem = self.daemon.status()["modem"]
        settings = self.emulator.status()["settings"]
        self.assertEqual(modem["imei"], settings["imei"])
        self.assertEqual(modem["model"], settings["model"])

    def test_announcements_and_alerts_are_counted(self):
        self.emulator.control("set", recv_event=True)
        self.daemon = self.start_daemon(self.emulator.link)
        self.talk("ssl1")
        said = self.daemon.until_session("ssl1", lambda s: s["recv_events"] > 0, "+CSSL: RECV EVENT counted")
        self.assertEqual((said["alerts"], said["down"]), (0, 1000))

    def test_waiting_client_is_explained(self):
        self.daemon = self.start_daemon(self.emulator.link)
        self.talk("ssl1")
        second = socket.socket(socket.AF_UNIX)
        self.addCleanup(second.close)
        second.connect(str(self.daemon.socket("ssl1")))
        self.daemon.child.until(lambda: self.daemon.status()["arbiter"]["waiters"], "a waiter", last=self.daemon.status)
        waiter = self.daemon.status()["arbiter"]["waiters"][0]
        self.assertLessEqual({"stack", "holder", "since"}, set(waiter["waiting_for"]))

    def test_peer_that_vanishes_ends_the_session(self):
        self.daemon = self.start_daemon(self.emulator.link)
        client = self.talk("ssl1")
        self.emulator.control("drop_peer", session=1)
        self.daemon.until_session("ssl1", lambda s: s["client"] is None, "its client gone")
        client.close()


if __name__ == "__main__":
    unittest.main()
