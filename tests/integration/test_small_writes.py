"""A client that writes little and often, as MQTT's do: however many writes, they go on."""

import unittest

from support.client import Client
from support.rig import Rig
from support.service import echo


class SmallWrites(Rig):
    def check(self, name, size):
        self.emulator = self.start_emulator(self.start_server(echo))
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        with Client(self.daemon.socket(name)) as client:
            for number in range(300):
                data = b"%d\r\n" % number
                data = data * size if size > 1 else data[:1]
                client.send(data)
                self.assertEqual(client.read(len(data)), data)

    def test_single_bytes_transparent(self):
        self.check("ssl0", 1)

    def test_single_bytes_counted(self):
        self.check("ssl1", 1)

    def test_short_lines_transparent(self):
        self.check("ssl0", 8)

    def test_short_lines_counted(self):
        self.check("ssl1", 8)


if __name__ == "__main__":
    unittest.main()
