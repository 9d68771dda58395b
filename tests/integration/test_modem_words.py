"""Peer data that reads like the modem's own words is data; a real end is told from it, and soon."""

import threading
import time
import unittest

from support.client import Client
from support.waiting import PATIENCE
from support.rig import Rig
from support.tlsserver import close_in_order

WORDS = (b"\r\nCLOSED\r\n", b"\r\nNO CARRIER\r\n", b"\r\nOK\r\n", b"\r\nSTART\r\n", b"\r\n+CSSLCLOSE: 0\r\n",
         b"\r\n+CCH_PEER_CLOSED: 0\r\n", b"\r\nOK\r\n\r\nCLOSED\r\n", b"\r\nNO CARRIER\r\n+++")


class Talk(Rig):
    """ssl0, transparent, to an echo that ends when the test says so. Silence follows each word: the test only reads."""

    def setUp(self):
        super().setUp()
        self.leave = threading.Event()
        self.left_at = None
        self.last_words = b""

        def echo_until_told(connection):
            connection.settimeout(0.02)
            while not self.leave.is_set():
                try:
                    data = connection.recv(4096)
                except TimeoutError:
                    continue
                if not data:
                    return
                connection.sendall(data)
            connection.settimeout(10)
            connection.sendall(self.last_words)
            self.left_at = time.monotonic()
            close_in_order(connection)
        self.emulator = self.start_emulator(self.start_server(echo_until_told))

    def begin(self, firmware, close="closed"):
        self.emulator.control("set", escape=firmware, close=close)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always", "probe_interval": 1})
        self.client = Client(self.daemon.socket("ssl0"))
        self.addCleanup(self.client.close)

    def say(self, data):
        self.client.send(data)
        self.assertEqual(self.client.read(len(data)), data)

    def assert_ends_soon(self):
        self.leave.set()
        self.assertEqual(self.client.read_to_end(), (b"", "end"))
        self.assertLess(time.monotonic() - self.left_at, 5 * PATIENCE)


class Words(Talk):
    def check_words(self, firmware, words):
        self.begin(firmware)
        for word in words:
            self.say(b"before" + word)
            self.say(word)
        modem = self.emulator.status()["sessions"][0]
        self.assertEqual((modem["opens"], modem["state"]), (1, "open"))
        self.assertIsNone(self.daemon.session("ssl0")["last_error"])
        self.assert_ends_soon()

    def test_in_a_stream_that_goes_on(self):
        self.begin("strict")
        self.say(b"".join(WORDS) * 50 + b"end")
        self.assert_ends_soon()

    def check_last_words(self, *words):
        """Held back as suspicious, and then the modem says the same: once."""
        for word in words:
            with self.subTest(word=word):
                self.leave.clear()
                self.last_words = b"last" + word
                with Client(self.daemon.socket("ssl0")) as client:
                    client.send(b"begin")
                    self.assertEqual(client.read(5), b"begin")
                    self.leave.set()
                    self.assertEqual(client.read_to_end(), (b"last" + word, "end"))

    def test_last_words_like_the_end_that_follows(self):
        self.begin("strict")
        self.client.close()
        self.check_last_words(b"\r\nCLOSED\r\n", b"\r\nNO CARRIER\r\n", b"\r\nOK\r\n\r\nCLOSED\r\n")

    def test_last_words_like_the_other_end(self):
        self.begin("strict", close="no_carrier")
        self.client.close()
        self.check_last_words(b"\r\nCLOSED\r\n", b"\r\nNO CARRIER\r\n")

    def test_last_words_come_while_the_modem_is_asked(self):
        """After the plus signs of the probe, the modem is still in transparent mode for a second."""
        self.begin("strict")
        self.say(b"hello")
        word, self.last_words = b"\r\nCLOSED\r\n", b"last"
        self.client.send(word)
        self.daemon.child.until_says("tty > +++")
        self.leave.set()
        self.assertEqual(self.client.read_to_end(), (word + b"last", "end"))

    def test_more_comes_while_the_modem_is_asked(self):
        self.begin("strict")
        self.say(b"hello")
        word = b"\r\nCLOSED\r\n"
        self.client.send(word)
        self.daemon.child.until_says("tty > +++")
        self.client.send(b"not an AT command\r")
        self.assertEqual(self.client.read(len(word) + 18), word + b"not an AT command\r")
        self.assert_ends_soon()


def _add(name, method, *arguments):
    def test(self):
        getattr(self, method)(*arguments)
    setattr(Words, f"test_{name}", test)


for _firmware in ("strict", "sloppy"):
    _add(f"{_firmware}_ends_of_transparent_mode", "check_words", _firmware, WORDS[:4])
    _add(f"{_firmware}_reports_and_pairs", "check_words", _firmware, WORDS[4:])


class RealEnds(Talk):
    """Each way in which firmware may say that the peer has closed."""


def _add_end(close):
    def test(self):
        self.begin("strict", close)
        self.say(b"hello")
        self.assert_ends_soon()
    setattr(RealEnds, f"test_known_within_five_seconds_{close}", test)


for _close in ("closed", "no_carrier", "cssl_closed"):
    _add_end(_close)


if __name__ == "__main__":
    unittest.main()
