"""Two counted sessions at once: neither stands in the other's way."""

import threading
import time
import unittest

from support.client import INSTRUMENTED, Client, pattern, resident
from support.waiting import PATIENCE
from support.rig import Rig
from support.service import service

MIB = 1 << 20


class Fairness(Rig):
    def start(self, serve, more=(), **keys):
        server = self.start_server(serve)
        self.emulator = self.start_emulator(server, more=more)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never", **keys}, ssl1=keys)

    def client(self, name):
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        return client

    def test_two_uploads_share_the_line(self):
        size = 40_000
        lock, got = threading.Lock(), {}
        at_the_end = []

        def serve(connection):
            with lock:
                me = len(got)
                got[me] = 0
            connection.sendall(b"go")
            while got[me] < size:
                count = len(connection.recv(4096))
                with lock:
                    got[me] += count
            with lock:
                at_the_end.append(dict(got))
            connection.sendall(b"thanks")
        self.start(serve, more=["--baud", "115200"])
        clients = [self.client("ssl0"), self.client("ssl1")]
        for client in clients:
            self.assertEqual(client.read(2), b"go")
        uploads = [threading.Thread(target=client.send, args=(pattern(size),)) for client in clients]
        for upload in uploads:
            upload.start()
        for client, upload in zip(clients, uploads):
            self.assertEqual(client.read(6), b"thanks")
            upload.join()
        first = at_the_end[0]
        share = min(first.values()) / sum(first.values())
        self.assertGreaterEqual(share, 0.4, f"when the first was through: {first}")

    def test_two_downloads_share_the_line(self):
        self.start(service, more=["--baud", "115200"])
        clients = [self.client("ssl0"), self.client("ssl1")]
        for client in clients:
            client.ask("GET /30000")
        down = {}

        def one_is_through():
            down.update({name: self.daemon.session(name)["down"] for name in ("ssl0", "ssl1")})
            return max(down.values()) >= 30000
        self.daemon.child.until(one_is_through, "one to be through", 30, last=lambda: down)
        self.assertGreaterEqual(min(down.values()) / sum(down.values()), 0.4, down)
        for client in clients:
            self.assertEqual(client.read(30000), pattern(30000))

    def test_slow_reader_does_not_stop_the_other(self):
        """One is given stall_timeout to read on; then the other goes on, whatever it costs the first."""
        self.start(service, stall_timeout=1, buffer_limit=65536)
        before = resident(self.daemon.child.pid)
        slow = self.client("ssl1")
        slow.ask(f"GET /{8 * MIB}/close")
        self.daemon.until_session("ssl1", lambda s: s["down"] > 65536, "the slow one has got as much as it may")
        other = self.client("ssl0")
        begin = time.monotonic()
        other.ask(f"GET /{256 << 10}")
        self.assertEqual(other.read(256 << 10), pattern(256 << 10))
        self.assertLess(time.monotonic() - begin, 10 * PATIENCE)
        if not INSTRUMENTED:
            self.assertLess(resident(self.daemon.child.pid) - before, 4 * MIB)
        self.check_slow(slow)
        other.ask("GET /1000")
        self.assertEqual(other.read(1000), pattern(1000))

    def check_slow(self, slow):
        """It has lost its session, and is told so, or gets all of it; never a gap."""
        data, end = slow.read_to_end()
        self.assertTrue(pattern(8 * MIB).startswith(data), "the bytes are not those the server sent")
        if (len(data), end) == (8 * MIB, "end"):
            return
        self.assertEqual(end, "reset")
        error = self.daemon.until_session("ssl1", lambda s: s["last_error"], "the reason told")["last_error"]
        self.assertEqual(error["kind"], "limit")
        self.assertIn("stall_timeout", error["message"])
        self.assertIsNone(self.daemon.session("ssl0")["last_error"])


if __name__ == "__main__":
    unittest.main()
