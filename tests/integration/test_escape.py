"""Nothing a client writes takes the modem out of transparent mode: plus signs at the end of a write, with pauses."""

import time
import unittest

from support.client import Client
from support.rig import Rig
from support.service import echo
from support.waiting import until


class Escape(Rig):
    """The echo and the modem's own counters tell when bytes have passed; nothing here waits for an amount of time
    except guard_time(), which is the subject."""

    firmware = "strict"

    def setUp(self):
        super().setUp()
        self.emulator = self.start_emulator(self.start_server(echo))
        self.emulator.control("set", escape=self.firmware)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.client = Client(self.daemon.socket("ssl0"))
        self.addCleanup(self.client.close)
        self.sent = 0
        self.say(b"begin")

    def say(self, data):
        """Writes, and waits until all of it has come back: the line is silent then, in both directions."""
        self.client.send(data)
        self.sent += len(data)
        self.assertEqual(self.client.read(len(data)), data)

    def guard_time(self):
        time.sleep(1.05)  # the silence that the modem wants around +++: no state tells that it is over

    def assert_untouched(self):
        self.say(b"still here")
        modem = self.emulator.status()
        self.assertEqual(modem["escapes"], 0)
        self.assertEqual((modem["sessions"][0]["opens"], modem["sessions"][0]["up"]), (1, self.sent))

    def test_three_at_once_in_silence(self):
        self.guard_time()
        self.say(b"+++")
        self.guard_time()
        self.assert_untouched()

    def test_three_one_by_one_in_silence(self):
        self.guard_time()
        for _ in range(3):
            self.client.send(b"+")
            self.sent += 1
        self.assertEqual(self.client.read(3), b"+++")
        self.guard_time()
        self.assert_untouched()

    def test_three_each_awaited(self):
        """The third is written as soon as the modem has passed on the second."""
        self.guard_time()
        for _ in range(3):
            self.say(b"+")
        self.guard_time()
        self.assert_untouched()

    def test_at_the_end_of_a_write(self):
        for data in (b"data+++", b"++++", b"a+", b"++", b"+", b"+++++++"):
            self.say(data)
        self.guard_time()
        self.assert_untouched()

    def test_completed_after_a_pause(self):
        for rest in (b"+", b"++", b"+rest"):
            self.say(b"some+")
            self.say(b"+")
            self.guard_time()
            self.say(rest)
        self.guard_time()
        self.assert_untouched()

    def test_many_plus_signs_pass_at_full_speed(self):
        """What ends in something else is never held, whatever stands in it."""
        begin = time.monotonic()
        for _ in range(20):
            self.say(b"+++a" * 500 + b"b")
        self.assertLess(time.monotonic() - begin, 10)
        self.assert_untouched()

    def test_client_that_ends_with_plus_signs(self):
        self.client.send(b"bye+++")
        self.client.finish_writing()
        self.assertEqual(self.client.read(6), b"bye+++")
        until(lambda: self.emulator.status()["sessions"][0]["up"] == self.sent + 6, "all bytes at the modem")


class SloppyEscape(Escape):
    """Firmware that needs no silence before the plus signs, and 0.2 s behind them."""

    firmware = "sloppy"


if __name__ == "__main__":
    unittest.main()
