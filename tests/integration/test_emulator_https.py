"""The HTTPS family of sim52xx-sim by hand over its pty, against a real nginx: chapters 2 and 6.1 of the note."""

import hashlib
import json
import os
import unittest

from support.at_host import AtHost
from support.rig import Rig
from support.tlsserver import one_page

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
SIZE = 50 << 20 if os.environ.get("SIM52XX_LONG") else 1 << 20


class EmulatorHttps(Rig):
    def host(self, server, **knobs):
        self.emulator = self.start_emulator(server)
        if knobs:
            self.emulator.control("set", **knobs)
        self.line = AtHost(self.emulator.link)
        self.addCleanup(self.line.close)
        self.line.command("ATE0")
        return self.line

    def opened(self, server, **knobs):
        line = self.host(server, **knobs)
        self.assertEqual(line.command("AT+CHTTPSSTART"), OK)
        self.assertEqual(line.command('AT+CHTTPSOPSE="server.test",443'), OK)
        return line

    def request(self, text, **more):
        self.line.https_send(text.replace("\n", "\r\n").encode(), **more)
        self.line.https_commit()

    def test_chapter_6_1(self):
        self.opened(self.start_nginx())
        self.request("GET /small.txt HTTP/1.1\nHost: server.test\nUser-Agent: MY WEB AGENT\nContent-Length: 0\n\n")
        head, body = self.line.https_answer()
        self.assertTrue(head.startswith(b"HTTP/1.1 200 OK\r\n"), head)
        self.assertEqual(body, b"Hello through the modem.\n")
        self.assertEqual(self.line.command("AT+CHTTPSCLSE"), OK)
        self.assertEqual(self.line.command("AT+CHTTPSSTOP"), OK)

    def test_get_by_checksum(self):
        nginx = self.start_nginx(size=SIZE)
        self.opened(nginx)
        self.request("GET /random.bin HTTP/1.1\nHost: server.test\n\n")
        _, body = self.line.https_answer()
        self.assertEqual(hashlib.sha256(body).hexdigest(), hashlib.sha256(nginx.page).hexdigest())

    def test_get_by_checksum_at_most(self):
        nginx = self.start_nginx()
        self.opened(nginx, https_recv="at_most", block=1460)
        self.request("GET /random.bin HTTP/1.1\nHost: server.test\n\n")
        _, body = self.line.https_answer()
        self.assertEqual(hashlib.sha256(body).hexdigest(), hashlib.sha256(nginx.page).hexdigest())

    def test_post_by_checksum(self):
        nginx = self.start_nginx(size=SIZE)
        self.opened(nginx)
        self.line.https_send(b"POST /post HTTP/1.1\r\nHost: server.test\r\nContent-Length: %d\r\n\r\n" % SIZE)
        self.line.https_send(nginx.page, chunk=4096)
        self.line.https_commit()
        _, body = self.line.https_answer()
        self.assertEqual(json.loads(body), {"bytes": SIZE, "sha256": hashlib.sha256(nginx.page).hexdigest()})

    def test_note_spelling(self):
        self.opened(self.start_nginx(), spelling="note")
        self.assertEqual(self.line.command("AT+CHTTPSSEND=1", final=ERROR), ERROR)
        self.line.names["send"] = "CHTTPSEND"
        self.request("GET /small.txt HTTP/1.1\nHost: server.test\n\n")
        self.assertEqual(self.line.https_answer()[1], b"Hello through the modem.\n")

    def test_the_server_closes(self):
        self.opened(self.start_server(one_page(b"page")))
        self.request("GET / HTTP/1.0\n\n")
        self.line.expect(b"\r\n+CHTTPS: RECV EVENT\r\n")
        blocks, result = self.line.https_receive(4096)
        self.assertTrue(blocks.endswith(b"\r\n\r\npage"), blocks)
        self.assertEqual(result, 3)
        self.assertEqual(self.line.https_receive(1), (b"", 3))
        self.assertEqual(self.line.command("AT+CHTTPSCLSE"), OK)

    def test_no_verdict_on_certificates(self):
        self.opened(self.start_server(one_page(b"page"), self.certificates.self_signed))

    def test_nobody_there(self):
        line = self.host(None)
        line.command("AT+CHTTPSSTART")
        self.assertEqual(line.command('AT+CHTTPSOPSE="127.0.0.1",9', final=ERROR), ERROR)

    def test_a_second_stack_is_refused(self):
        line = self.opened(self.start_nginx())
        self.assertEqual(line.command("AT+CSSLSTART", final=ERROR), ERROR)
        self.assertEqual(line.command("AT+CHTTPSSTOP"), OK)
        self.assertEqual(line.command("AT+CSSLSTART"), OK)
        self.assertEqual(line.command("AT+CHTTPSSTART", final=ERROR), ERROR)


if __name__ == "__main__":
    unittest.main()
