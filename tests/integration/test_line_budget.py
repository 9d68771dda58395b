"""What a request and a message may cost on the serial line, start and stop of the stack included (README, Figures)."""

import unittest

from support.ctl import ctl
from support.process import run
from support.rig import Rig


class LineBudget(Rig):
    """The figures are those of tests/bench/part_cost.py, and an eighth for headers of other lengths."""

    def cost(self, action):
        """Bytes both ways, until the stack is stopped."""
        before = self.bytes()
        done = action()
        self.assertEqual(done.returncode, 0, done.stderr)
        self.daemon.child.until(lambda: self.daemon.status()["arbiter"]["stack"] is None, "the stack to be stopped")
        return self.bytes() - before

    def bytes(self):
        counters = self.daemon.status()["modem"]["counters"]
        return counters["bytes_read"] + counters["bytes_written"]

    def test_a_page_of_1_kib(self):
        self.emulator = self.start_emulator(self.start_nginx(size=1024))
        self.daemon = self.start_daemon(self.emulator.link)
        self.assertLess(self.cost(lambda: ctl(self.daemon.socket("control"), "https", "get",
                                              "https://server.test/random.bin", text=False)), 1900)
        self.assertLess(self.cost(lambda: self.curl(self.daemon.socket("ssl0"), "/random.bin", text=False)), 1800)

    def publish(self):
        return run(["mosquitto_pub", "--unix", self.daemon.socket("ssl0"), "-i", "station", "-q", "1",
                    "-t", "room/temperature", "-m", "21.5"], seconds=60)

    def test_a_message_over_transparent(self):
        self.emulator = self.start_emulator(self.start_mosquitto())
        self.daemon = self.start_daemon(self.emulator.link)
        self.assertLess(self.cost(self.publish), 290)

    def test_a_message_over_counted(self):
        self.emulator = self.start_emulator(self.start_mosquitto())
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})
        self.assertLess(self.cost(self.publish), 500)


if __name__ == "__main__":
    unittest.main()
