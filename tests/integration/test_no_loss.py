"""Nothing is lost at the end of a session, whoever ends it and how; and nothing grows while a client does not read."""

import socket
import unittest

from support.client import INSTRUMENTED, Client, pattern, resident
from support.rig import Rig
from support.tlsserver import close_in_order, read_until
from support.waiting import until

MIB = 1 << 20
PAGE = pattern(MIB)
UPLOAD = pattern(100_000, seed=1)


class NoLoss:
    """The same in transparent and in counted mode."""

    endpoint = None

    def start(self, serve):
        self.server = self.start_server(serve)
        self.emulator = self.start_emulator(self.server)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        client = Client(self.daemon.socket(self.endpoint))
        self.addCleanup(client.close)
        return client

    def assert_page(self, client, head=b""):
        data, end = client.read_to_end()
        self.assertEqual((len(data), end), (len(head) + MIB, "end"))
        self.assertTrue(data == head + PAGE, "the bytes are not those the server sent")

    def test_server_sends_unasked_and_closes_at_once(self):
        def serve(connection):
            connection.sendall(PAGE)
            close_in_order(connection)
        self.assert_page(self.start(serve))

    def test_page_without_a_length(self):
        head = b"HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n"

        def serve(connection):
            read_until(connection, b"\r\n\r\n")
            connection.sendall(head + PAGE)
            close_in_order(connection)
        client = self.start(serve)
        client.send(b"GET / HTTP/1.0\r\n\r\n")
        self.assert_page(client, head)

    def test_server_that_only_shuts_down_its_side(self):
        def serve(connection):
            connection.sendall(PAGE)
            connection.shutdown(socket.SHUT_WR)
        self.assert_page(self.start(serve))

    def test_client_that_writes_and_leaves(self):
        got = []

        def serve(connection):
            got.append(b"".join(iter(lambda: connection.recv(4096), b"")))
        client = self.start(serve)
        # One that leaves before it has a session gives up its place, and what it wrote.
        self.daemon.until_session(self.endpoint, lambda s: s["state"] == "open", "open")
        client.send(UPLOAD)
        client.close()
        until(lambda: got, "the server to see the end", 30)
        self.assertEqual(len(got[0]), len(UPLOAD))
        self.assertEqual(got[0], UPLOAD)
        self.daemon.until_session(self.endpoint, lambda s: s["client"] is None, "its client gone")
        self.assertIsNone(self.daemon.session(self.endpoint)["last_error"])

    def test_slow_reader_slows_the_server_down(self):
        size = 8 * MIB
        page = pattern(size, seed=2)
        sent = [0]

        def serve(connection):
            for begin in range(0, size, 16384):
                connection.sendall(page[begin:begin + 16384])
                sent[0] += 16384
            close_in_order(connection)
        client = self.start(serve)
        before = resident(self.daemon.child.pid)
        self.until_stuck(lambda: (sent[0], self.daemon.session(self.endpoint)["down"]))
        self.assertLess(sent[0], size, "the server is slowed down")
        self.assertLess(self.daemon.session(self.endpoint)["down"], MIB)
        if not INSTRUMENTED:
            self.assertLess(resident(self.daemon.child.pid) - before, 4 * MIB)
        data, end = client.read_to_end()
        self.assertEqual((len(data), end), (size, "end"))
        self.assertTrue(data == page, "the bytes are not those the server sent")

    @staticmethod
    def until_stuck(look):
        """Bytes have come, and for some looks no more do."""
        seen = []

        def stuck():
            seen.append(look())
            return seen[-1][1] > 0 and len(seen) > 50 and len(set(seen[-50:])) == 1
        until(stuck, "the bytes to stop", 60, last=lambda: seen[-1])


class TransparentNoLoss(NoLoss, Rig):
    endpoint = "ssl0"


class CountedNoLoss(NoLoss, Rig):
    endpoint = "ssl1"


if __name__ == "__main__":
    unittest.main()
