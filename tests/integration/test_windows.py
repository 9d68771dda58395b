"""While session 0 is transparent, ssl1 is served in windows: nothing is lost, and session 0 stays as it is."""

import subprocess
import threading
import time
import unittest

from support.client import Client, digest, pattern
from support.waiting import PATIENCE
from support.process import quiet_environment
from support.rig import Rig
from support.tlsserver import close_in_order


class Windows(Rig):
    """ssl0 goes to an echo, transparent and held by a client from the start; ssl1 to nginx, echo1 to an echo."""

    def setUp(self):
        super().setUp()
        self.leave, self.push = threading.Event(), threading.Event()
        self.nginx = self.start_nginx()
        ends = self.start_server(self.echo_until(self.leave, close_in_order))
        pushes = self.start_server(self.echo_until(self.push, lambda connection: connection.sendall(b"news")))
        self.emulator = self.start_emulator(self.nginx, maps={"server.test:8883": ends.where,
                                                              "server.test:8884": pushes.where})

    @staticmethod
    def echo_until(event, then):
        """An echo that does `then` when the test sets `event`, and is an echo no more."""
        def serve(connection):
            while not event.is_set():
                connection.settimeout(0.02)
                try:
                    data = connection.recv(4096)
                except TimeoutError:
                    continue
                if not data:
                    return
                connection.settimeout(60)
                connection.sendall(data)
            connection.settimeout(60)
            then(connection)
            connection.recv(1)
        return serve

    def start(self, **keys):
        echo1 = {"host": "server.test", "port": 8884, "session": 1}
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"port": 8883, **keys}, **{"endpoint.echo1": echo1})
        self.holder = self.client("ssl0")
        self.say(self.holder, b"hello")
        self.assertEqual(self.daemon.session("ssl0")["mode"], "transparent")

    def client(self, name):
        client = Client(self.daemon.socket(name), seconds=60)
        self.addCleanup(client.close)
        return client

    def say(self, client, data):
        client.send(data)
        self.assertEqual(client.read(len(data)), data)

    def page(self, path="/small.txt"):
        done = self.curl(self.daemon.socket("ssl1"), path, text=False)
        self.assert_served(done)
        return done.stdout

    def until_mode(self, mode):
        self.daemon.child.until(lambda: self.emulator.status()["mode"] == mode, f"the modem in {mode}")

    def assert_never_reconnected(self):
        self.say(self.holder, b"still here")
        self.assertEqual(self.emulator.status()["sessions"][0]["opens"], 1)
        session = self.daemon.session("ssl0")
        self.assertEqual((session["mode"], session["state"], session["last_error"]), ("transparent", "open", None))

    def test_pages_one_after_the_other(self):
        self.start()
        for _ in range(3):
            self.assertEqual(self.page(), b"Hello through the modem.\n")
            self.say(self.holder, b"between")
        self.assert_never_reconnected()

    def test_nothing_is_lost_on_either(self):
        """Both carry much at the same time."""
        self.start(window_max=1)
        data = pattern(200_000) + b"+++" + pattern(1000, 1) + b"\r\nOK\r\n+++"
        upload = threading.Thread(target=self.holder.send, args=(data,))
        upload.start()
        out = self.folder / "page"
        curl = subprocess.Popen(["curl", "--silent", "--show-error", "--max-time", "90", "--unix-socket",
                                 self.daemon.socket("ssl1"), "--output", out, "http://server.test/random.bin"],
                                env=quiet_environment())
        self.addCleanup(curl.wait)
        self.addCleanup(curl.kill)
        self.assertEqual(digest(self.holder.read(len(data))), digest(data))
        upload.join()
        self.assertEqual(curl.wait(timeout=100), 0)
        self.assertEqual(digest(out.read_bytes()), digest(self.nginx.page))
        self.assert_never_reconnected()

    def test_status_in_a_window(self):
        self.start()
        other = self.client("echo1")
        self.say(other, b"hi")
        self.until_mode("online_command")
        begin = time.monotonic()
        sessions = {s["name"]: s for s in self.daemon.status()["sessions"]}
        self.assertLess(time.monotonic() - begin, PATIENCE)
        self.assertEqual((sessions["ssl0"]["state"], sessions["ssl0"]["mode"]), ("open", "transparent"))
        self.assertEqual((sessions["echo1"]["state"], sessions["echo1"]["mode"]), ("open", "counted"))
        other.close()
        self.until_mode("data")
        self.assert_never_reconnected()

    def test_two_that_stay_take_turns(self):
        """Neither waits longer than a window and what it takes to go in and out of it."""
        self.start(window_max=1)
        other = self.client("echo1")
        self.say(other, b"hi")
        worst = 0
        for turn in range(4):
            begin = time.monotonic()
            self.say(self.holder, b"zero %d" % turn)
            self.say(other, b"one %d" % turn)
            worst = max(worst, time.monotonic() - begin)
        self.assertLess(worst, 12 * PATIENCE)
        self.assertEqual([s["opens"] for s in self.emulator.status()["sessions"]], [1, 1])
        other.close()
        self.assert_never_reconnected()

    def test_client_bytes_wait_for_the_end_of_a_window(self):
        """They can neither get lost nor be taken for a command."""
        self.start()
        other = self.client("echo1")
        self.say(other, b"hi")
        self.until_mode("online_command")
        before = self.emulator.status()["commands"]
        self.say(self.holder, b"AT+CSSLSTOP\rAT+CMGD=1,4\r")
        after = self.emulator.status()["commands"]
        for command in ("+CSSLSTOP", "+CMGD"):
            self.assertEqual(after.get(command), before.get(command))
        other.close()
        self.assert_never_reconnected()

    def test_peer_of_session_0_leaves_in_a_window(self):
        self.start()
        self.assertTrue(self.page())
        other = Client(self.daemon.socket("ssl1"), seconds=60)
        self.addCleanup(other.close)
        other.send(b"GET /small.txt HTTP/1.1\r\nHost: server.test\r\n")
        self.until_mode("online_command")
        self.leave.set()
        self.assertEqual(self.holder.read_to_end(), (b"", "end"))
        other.send(b"Connection: close\r\n\r\n")
        data, end = other.read_to_end()
        self.assertTrue(data.endswith(b"Hello through the modem.\n"))
        self.assertEqual(end, "end")

    def test_data_for_session_1_right_behind_the_end_of_session_0(self):
        """The modem has kept it back, and prints it at once when it is in command mode again. Session 0's client
        gets none of it and its orderly end; session 1's client gets all of it, and stays."""
        self.start(window_max=1)
        other = self.client("echo1")
        self.say(other, b"hi")
        self.until_mode("data")
        self.push.set()
        self.daemon.child.until(lambda: self.emulator.status()["sessions"][1]["waiting"] == 4 or
                                self.daemon.session("echo1")["down"] == 6, "news at the modem")
        self.leave.set()
        self.assertEqual(self.holder.read_to_end(), (b"", "end"))
        self.assertEqual(other.read(4), b"news")
        session = self.daemon.session("echo1")
        self.assertEqual((session["state"], session["down"], session["last_error"]), ("open", 6, None))

    def test_firmware_without_windows(self):
        self.emulator.control("set", refuse_session1_in_window=True)
        self.start()
        curl = subprocess.Popen(["curl", "--silent", "--max-time", "90", "--unix-socket", self.daemon.socket("ssl1"),
                                 "http://server.test/small.txt"], stdout=subprocess.PIPE, env=quiet_environment())
        self.addCleanup(curl.communicate)
        self.addCleanup(curl.kill)
        self.daemon.until_session("ssl1", lambda s: (s["waiting_for"] or {}).get("holder") == "ssl0", "told to wait")
        self.assertNotIn("windows", self.daemon.control("version")["capabilities"])
        self.assert_never_reconnected()
        self.holder.close()
        self.assertEqual(curl.communicate(timeout=60)[0], b"Hello through the modem.\n")
        with self.client("ssl0") as again:
            self.say(again, b"hello again")
            self.assertEqual(self.daemon.session("ssl0")["mode"], "counted")
            self.assertEqual(self.page(), b"Hello through the modem.\n")


if __name__ == "__main__":
    unittest.main()
