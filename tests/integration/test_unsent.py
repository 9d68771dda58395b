"""A peer that does not read: no more waits in the modem than it can hold, whether it reports what it has sent or stays at
CSSLSET=0 and has to be asked. Both sessions at once."""

import socket
import threading
import unittest

from support.client import Client, digest, pattern
from support.rig import Rig
from support.tlsserver import read_exactly

SIZE = 150_000
HOLDS = 8192  # bytes of a session; the emulator refuses what is more


class Unsent(Rig):
    def setUp(self):
        super().setUp()
        self.gate = threading.Event()
        self.addCleanup(self.gate.set)

        def late(connection):
            connection.sendall(b"go")
            self.gate.wait(120)
            connection.sendall(digest(read_exactly(connection, SIZE)).encode())
        server = self.start_server(late)
        server.small_buffer()
        self.emulator = self.start_emulator(server)

    def unsent(self):
        return [session["unsent"] for session in self.emulator.status()["sessions"]]

    def check(self, **knobs):
        self.emulator.control("set", cache=HOLDS, cache_full="error", **knobs)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})
        uploads = []
        for seed, name in enumerate(("ssl0", "ssl1")):
            client = Client(self.daemon.socket(name), seconds=60)
            self.addCleanup(client.close)
            self.assertEqual(client.read(2), b"go")
            data = pattern(SIZE, seed)
            uploads.append((client, data, threading.Thread(target=client.send, args=(data,), daemon=True)))
        for _, _, upload in uploads:
            upload.start()
        self.daemon.child.until(lambda: min(self.unsent()) > HOLDS - 1024, "both to be full", last=self.unsent)
        self.gate.set()
        for client, data, upload in uploads:
            self.assertEqual(client.read(64).decode(), digest(data))
            upload.join()

    def test_with_reports(self):
        self.check()

    def test_csslset_0(self):
        self.check(send_report=False)


if __name__ == "__main__":
    unittest.main()
