"""The bytes that status counts are those the client wrote and read, and those the modem itself counts."""

import unittest

from support.client import Client, pattern
from support.rig import Rig
from support.service import echo

# Odd sizes, on both sides of every limit of the modem.
SIZES = (1, 2, 249, 1023, 1024, 1025, 1058, 4095, 16385, 40000)


class Counters(Rig):
    def setUp(self):
        super().setUp()
        self.emulator = self.start_emulator(self.start_server(echo))

    def exchange(self, name, sizes=SIZES, seed=0):
        """A client that has written and read as many bytes as it tells."""
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        for size in sizes:
            data = pattern(size, seed)
            client.send(data)
            self.assertEqual(client.read(size), data)
        return client, sum(sizes)

    def assert_counted(self, name, session, count):
        said = self.daemon.until_session(name, lambda s: (s["up"], s["down"]) == (count, count), "all bytes counted")
        self.assertEqual(said["session"], session)
        modem = self.emulator.status()["sessions"][session]
        self.assertEqual((modem["up"], modem["down"]), (count, count))

    def test_transparent(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        _, count = self.exchange("ssl0")
        self.assert_counted("ssl0", 0, count)

    def test_counted(self):
        self.daemon = self.start_daemon(self.emulator.link)
        _, count = self.exchange("ssl1")
        self.assert_counted("ssl1", 1, count)

    def test_both_sessions_each_for_itself(self):
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})
        _, zero = self.exchange("ssl0", (10000, 3))
        _, one = self.exchange("ssl1", (777,), seed=1)
        self.assert_counted("ssl0", 0, zero)
        self.assert_counted("ssl1", 1, one)

    def test_a_probe_is_not_counted(self):
        """What the daemon itself says in transparent mode, to find out whether the session lives."""
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        client, count = self.exchange("ssl0", (500,))
        word = b"\r\nCLOSED\r\n"
        client.send(word)
        self.assertEqual(client.read(len(word)), word)
        self.assertGreater(self.emulator.status()["escapes"], 0)
        self.assert_counted("ssl0", 0, count + len(word))

    def test_next_client_begins_at_zero(self):
        self.daemon = self.start_daemon(self.emulator.link)
        first, _ = self.exchange("ssl1", (5000,))
        first.close()
        self.daemon.until_session("ssl1", lambda s: s["client"] is None, "its client gone")
        _, count = self.exchange("ssl1", (30,))
        self.assert_counted("ssl1", 1, count)


if __name__ == "__main__":
    unittest.main()
