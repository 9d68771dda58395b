"""A modem that is not there, not ours, or goes away."""

import fcntl
import json
import os
import pathlib
import socket
import unittest

from support.client import Client, fill
from support.rig import Rig


class Device(Rig):
    def test_missing_device_is_awaited(self):
        nginx = self.start_nginx()
        device = self.folder / "modem"
        daemon = self.start_daemon(device, ready=False)
        daemon.until_state("modem_absent")
        self.assertIn(str(device), json.dumps(daemon.status()["modem"]) + daemon.child.output())
        self.start_emulator(nginx, link=device)
        daemon.until_ready()
        self.assert_served(self.curl(daemon.socket("ssl0"), "/small.txt"))

    def test_data_sockets_accept_while_the_modem_is_missing(self):
        daemon = self.start_daemon(self.folder / "modem", ready=False, timeouts={"connect": 1})
        daemon.until_state("modem_absent")
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(60)
            client.connect(str(daemon.socket("ssl1")))
            client.sendall(b"hello")
            with self.assertRaises(ConnectionResetError):
                client.recv(1)
        self.assertIn("modem", json.dumps(daemon.session("ssl1")["last_error"]))

    def test_locked_device_is_named_and_awaited(self):
        emulator = self.start_emulator(self.start_nginx())
        other = os.open(emulator.link, os.O_RDWR | os.O_NOCTTY)
        try:
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
            daemon = self.start_daemon(emulator.link, ready=False)
            daemon.until_state("modem_absent")
            daemon.child.until(lambda: "locked by another program" in json.dumps(daemon.status()["modem"]),
                               "status to say so", last=daemon.status)
            self.assertIn("locked by another program", daemon.child.output())
        finally:
            os.close(other)
        daemon.until_ready()

    def test_device_that_is_no_modem_port(self):
        device = self.folder / "modem"
        device.write_text("just a file\n")
        daemon = self.start_daemon(device, ready=False)
        daemon.until_state("modem_absent")
        self.assertEqual(device.read_text(), "just a file\n")

    def test_modem_goes_away_in_a_session_and_comes_back(self):
        nginx = self.start_nginx()
        emulator = self.start_emulator(nginx)
        daemon = self.start_daemon(emulator.link)
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(60)
            client.connect(str(daemon.socket("ssl1")))
            client.sendall(b"GET /small.txt HTTP/1.1\r\nHost: server.test\r\n\r\n")
            self.assertTrue(client.recv(1))
            emulator.stop()
            while self.readable(client):
                pass
        daemon.until_state("modem_absent")
        emulator.link.unlink(missing_ok=True)
        self.start_emulator(nginx)
        daemon.until_ready()
        self.assert_served(self.curl(daemon.socket("ssl1"), "/small.txt"))

    def test_modem_goes_away_while_an_upload_waits_for_it(self):
        """Whoever finds out first, the writer or the reader: the daemon goes on, and the client is told."""
        emulator = self.start_emulator(self.start_server(lambda connection: connection.recv(1)))
        daemon = self.start_daemon(emulator.link)
        with Client(daemon.socket("ssl0")) as client:
            daemon.until_session("ssl0", lambda session: session["state"] == "open", "to be open")
            emulator.control("set", deaf=True)
            fill(client.socket)
            emulator.stop()
            self.assertEqual(client.end(), "reset")
        daemon.until_state("modem_absent")

    def test_modem_comes_back_under_another_name(self):
        nginx = self.start_nginx()
        emulator = self.start_emulator(nginx)
        daemon = self.start_daemon(emulator.link)
        before = os.readlink(emulator.link)
        for other in os.openpty():  # the next number is taken
            self.addCleanup(os.close, other)
        emulator.control("vanish", ms=300)
        daemon.child.until(lambda: daemon.status()["modem"]["counters"]["bring_ups"] == 2 and daemon.state() == "ready",
                           "the modem to be back", last=daemon.status)
        self.assertIn("vanished", daemon.control("trace.get")["trace"])
        self.assertFalse([fd for fd in pathlib.Path(f"/proc/{daemon.child.pid}/fd").iterdir()
                          if self.link_of(fd) == f"{before} (deleted)"], "the old descriptor is closed")
        self.assert_served(self.curl(daemon.socket("ssl1"), "/small.txt"))

    @staticmethod
    def link_of(fd):
        try:
            return os.readlink(fd)
        except FileNotFoundError:
            return ""

    def modem_that_takes_no_bytes_in_a_transparent_session(self):
        """Its CTS is stuck, as it were: the session ends with a reason, and the modem starts over."""
        emulator = self.start_emulator(self.start_server(lambda connection: connection.recv(1)))
        daemon = self.start_daemon(emulator.link, timeouts={"transfer": 5})
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(daemon.socket("ssl0")))
            daemon.until_session("ssl0", lambda session: session["state"] == "open", "to be open")
            emulator.control("set", deaf=True)
            client.settimeout(2)
            with self.assertRaises(TimeoutError):
                while True:
                    client.sendall(b"x" * 65536)
        daemon.child.until(lambda: daemon.state() != "ready", "the modem to be given up", 60, last=daemon.status)
        self.assertTrue(daemon.session("ssl0")["last"]["reason"])
        emulator.control("set", deaf=False)
        daemon.until_ready(90)

    @staticmethod
    def readable(client):
        try:
            return client.recv(4096)
        except ConnectionResetError:
            return b""


if os.environ.get("SIM52XX_LONG"):  # it takes more than a minute
    Device.test_modem_that_takes_no_bytes_in_a_transparent_session = \
        Device.modem_that_takes_no_bytes_in_a_transparent_session

if __name__ == "__main__":
    unittest.main()
