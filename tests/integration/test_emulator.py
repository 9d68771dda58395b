"""sim52xx-sim by hand over its pty, without the daemon: so that one knows whose mistake it is."""

import hashlib
import unittest

from support.places import program
from support.process import run
from support.rig import Rig
from support.serial_line import SerialLine
from support.tlsserver import one_page

# The certificate of support/certificates.py -> the bits of the note's chapter 5.2.
BITS = {
    "self_signed": 0x08000200,  # bad issuer, view certificate: the note's own example
    "unknown_ca": 0x00010000,
    "expired": 0x00001000,
    "wrong_host": 0x04000000,
    "revoked": 0x00000800,
}


class Emulator(Rig):
    def host(self, server, crl=True):
        emulator = self.start_emulator(server, crl=crl)
        self.line = SerialLine(emulator.link)
        self.addCleanup(self.line.close)
        self.line.command("ATE0")
        return emulator

    def open_transparent(self):
        self.line.command("AT+CSSLMODE=1")
        self.line.command("AT+CSSLSTART")
        self.line.command('AT+CSSLOPEN=0,"server.test",443', final=b"\r\nCONNECT 115200\r\n")

    def check_alert(self, kind):
        self.host(self.start_server(one_page(b"page"), getattr(self.certificates, kind)))
        self.line.command("AT+CSSLSTART")
        said = self.line.command('AT+CSSLOPEN=1,"server.test",443', final=b"\r\nERROR\r\n")
        self.assertEqual(said, b"\r\n+CSSLALERT: 1,2,%d\r\n\r\n+CSSLOPEN: ALERTSTATE\r\n\r\nERROR\r\n" % BITS[kind])

    def test_good_certificate(self):
        self.host(self.start_server(one_page(b"page")))
        self.line.command("AT+CSSLSTART")
        self.assertEqual(self.line.command('AT+CSSLOPEN=1,"server.test",443'), b"\r\nOK\r\n")

    def test_transparent_1_mib(self):
        body = hashlib.sha512(b"seed").digest() * (1 << 14)
        self.host(self.start_server(one_page(body)))
        self.open_transparent()
        self.line.send(b"GET / HTTP/1.1\r\n\r\n")
        self.line.expect_to_contain(b"\r\n\r\n")
        self.line.expect(body, 60)
        self.line.expect_to_contain(b"\r\nCLOSED\r\n")

    def test_escape_keeps_the_session(self):
        emulator = self.host(self.start_nginx())
        self.open_transparent()
        self.line.send(b"GET /small.txt HTTP/1.1\r\n")
        emulator.child.until(lambda: emulator.status()["sessions"][0]["up"] == 25, "half a request passed on")
        self.line.play_escape()
        self.line.command("ATO", final=b"\r\nCONNECT 115200\r\n")
        self.line.send(b"Host: server.test\r\n\r\n")
        self.line.expect_to_contain(b"Hello through the modem.\n")


def _add(kind):
    setattr(Emulator, f"test_alert_of_{kind}", lambda self: self.check_alert(kind))


for _kind in BITS:
    _add(_kind)


class Scripted(Rig):
    """--script: what happens to the modem without anybody asking for it."""

    def write(self, *lines):
        path = self.folder / "a.script"
        path.write_text("\n".join(lines) + "\n")
        return path

    def test_what_happens_when(self):
        path = self.write("# a boring afternoon", "", '{"at": 40, "cmd": "reboot"}',
                          '{"at": 10, "cmd": "urc", "line": "RING"}', '{"at": 10, "cmd": "set", "csq": 7}',
                          '{"at": 20, "cmd": "drop_peer", "session": 0}')
        emulator = self.start_emulator(more=["--script", path, "--time-scale", "0.05"])
        line = SerialLine(emulator.link)
        self.addCleanup(line.close)
        line.expect(b"\r\nRING\r\n")
        line.command("ATE0")
        self.assertIn(b"+CSQ: 7,99", line.command("AT+CSQ"))
        emulator.child.until_says("a.script:6: that session has no peer")
        line.expect_to_contain(b"\r\nSTART\r\n")
        self.assertEqual(emulator.status()["reboots"], 1)

    def test_mistakes_are_told_with_their_line(self):
        for text, words in (('{"cmd": "reboot"}', '"at" (seconds) is missing'), ("reboot", "a JSON object is wanted"),
                            ('{"at": 1, "cmd": "rebot"}', "there is no command rebot"),
                            ('{"at": -1, "cmd": "reboot"}', '"at" is not within'), ('{"at": 1}', '"cmd" is missing')):
            with self.subTest(text):
                path = self.write("# a script", text)
                done = run([program("sim52xx-sim"), "--link", self.folder / "modem", "--script", path])
                self.assertEqual(done.returncode, 1)
                self.assertIn(f"a.script:2: {words}", done.stderr)


if __name__ == "__main__":
    unittest.main()
