"""Sessions in every way a modem may speak (support/modes.py): a page each way, ends, half-closed clients."""

import os
import unittest

from support.client import Client, digest, pattern
from support.modes import SINGLE, TOGETHER
from support.rig import Rig
from support.service import service

LONG = bool(os.environ.get("SIM52XX_LONG"))
BODY = pattern(64 << 10, seed=1)


class Modes(Rig):
    """One test per mode; ssl0 transparent, slow0 the same session counted, ssl1."""

    def check(self, **knobs):
        self.emulator = self.start_emulator(self.start_server(service))
        self.emulator.control("set", **knobs)
        slow0 = {"host": "server.test", "session": 0, "transparent": "never"}
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"}, **{"endpoint.slow0": slow0})
        if knobs.get("echo"):
            self.emulator.control("set", echo=True)  # bring-up has turned it off
        self.size, self.body = 256 << 10, BODY
        if knobs.get("block") == 1 and not LONG:
            self.size = 16 << 10  # 25 bytes of line for each byte of data
        if knobs.get("dribble"):
            self.size, self.body = 600, BODY[:2000]  # the line has 500 bytes per second
        for endpoint in ("ssl0", "slow0", "ssl1"):
            with self.subTest(endpoint=endpoint):
                self.check_requests(endpoint)
                self.check_half_close(endpoint)

    def check_requests(self, endpoint):
        with Client(self.daemon.socket(endpoint)) as client:
            client.ask(f"GET /{self.size}")
            self.assert_same(client.read(self.size), pattern(self.size))
            client.ask("POST /", self.body)
            self.assertEqual(client.read(64).decode(), digest(self.body))
            client.ask(f"GET /{self.size}/close")
            data, end = client.read_to_end()
            self.assert_same(data, pattern(self.size))
            self.assertEqual(end, "end")

    def check_half_close(self, endpoint):
        with Client(self.daemon.socket(endpoint)) as client:
            client.ask(f"GET /{self.size}/close")
            client.finish_writing()
            data, end = client.read_to_end()
            self.assert_same(data, pattern(self.size))
            self.assertEqual(end, "end")

    def assert_same(self, got, wanted):
        if got != wanted:
            at = next((i for i, pair in enumerate(zip(got, wanted)) if pair[0] != pair[1]), min(len(got), len(wanted)))
            self.fail(f"{len(got)} bytes for {len(wanted)}, different from byte {at}: {got[at:at + 40]!r}")


def _add(name, knobs):
    def test(self):
        self.check(**knobs)
    setattr(Modes, f"test_{name}", test)


for _name, _knobs in {**TOGETHER, **(SINGLE if LONG else {})}.items():
    _add(_name, _knobs)


if __name__ == "__main__":
    unittest.main()
