"""Other real clients: socat and Python's http.client; and how a session ends."""

import hashlib
import http.client
import json
import socket
import unittest

from support.waiting import PATIENCE
from support.process import run
from support.rig import Rig
from support.tlsserver import close_in_order, one_page, read_exactly, read_until


class OverUnix(http.client.HTTPConnection):
    """The five lines a Python user writes."""

    def __init__(self, path):
        super().__init__("server.test")
        self.path = str(path)

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(60 * PATIENCE)
        self.sock.connect(self.path)


class EachWay:
    """The same tests in transparent and in counted mode."""

    endpoint = None

    def serve_by(self, server, **tables):
        emulator = self.start_emulator(server)
        return self.start_daemon(emulator.link, **tables).socket(self.endpoint)

    def test_python_http_client_keeps_the_connection_alive(self):
        nginx = self.start_nginx()
        connection = OverUnix(self.serve_by(nginx))
        self.addCleanup(connection.close)
        for _ in range(3):
            connection.request("GET", "/small.txt")
            answer = connection.getresponse()
            self.assertEqual((answer.status, answer.read()), (200, b"Hello through the modem.\n"))
        connection.request("POST", "/post", body=b"abc" * 1000)
        told = json.loads(connection.getresponse().read())
        self.assertEqual(told["sha256"], hashlib.sha256(b"abc" * 1000).hexdigest())

    def test_answer_that_only_the_end_ends(self):
        body = bytes(range(256)) * 100
        connection = OverUnix(self.serve_by(self.start_server(one_page(body))))
        self.addCleanup(connection.close)
        connection.request("GET", "/")
        answer = connection.getresponse()
        self.assertIsNone(answer.getheader("Content-Length"))
        self.assertEqual(answer.read(), body)

    def test_server_closes_right_after_1_mib(self):
        body = hashlib.sha512(b"seed").digest() * (1 << 14)
        server = self.start_server(one_page(body))
        done = self.curl(self.serve_by(server), "/", text=False)
        self.assert_served(done)
        self.assertEqual(hashlib.sha256(done.stdout).hexdigest(), hashlib.sha256(body).hexdigest())

    def test_server_closes_without_a_word_in_tls(self):
        def serve(connection):
            read_until(connection, b"\r\n\r\n")
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            connection.shutdown(socket.SHUT_WR)
        done = self.curl(self.serve_by(self.start_server(serve)), "/")
        self.assert_served(done)
        self.assertEqual(done.stdout, "hello")

    def test_socat_half_closes_and_gets_the_answer(self):
        def serve(connection):
            request = read_until(connection, b"\n")
            connection.sendall(b"you said " + request)
            close_in_order(connection)
        path = self.serve_by(self.start_server(serve))
        done = run(["socat", "-t", "60", "-", f"UNIX-CONNECT:{path}"], seconds=90, input=b"hello\n", text=False)
        self.assertEqual((done.returncode, done.stdout), (0, b"you said hello\n"), done.stderr)

    def test_every_byte_value_both_ways(self):
        data = bytes(range(256)) * 64 + b"+++" + bytes(reversed(range(256))) + b"+++"

        def serve(connection):
            connection.sendall(read_exactly(connection, len(data)))
            close_in_order(connection)
        path = self.serve_by(self.start_server(serve))
        done = run(["socat", "-t", "60", "-", f"UNIX-CONNECT:{path}"], seconds=90, input=data, text=False)
        self.assertEqual(done.stdout, data)


class TransparentClients(EachWay, Rig):
    endpoint = "ssl0"


class CountedClients(EachWay, Rig):
    endpoint = "ssl1"


if __name__ == "__main__":
    unittest.main()
