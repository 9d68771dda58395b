"""The FTPS family of sim52xx-sim by hand over its pty, against real servers: chapters 3 and 6.2 of the note."""

import hashlib
import os
import random
import unittest

from support.at_host import AtHost
from support.ftp_by_hand import FtpByHand
from support.rig import Rig

OK, ERROR = b"\r\nOK\r\n", b"\r\nERROR\r\n"
SIZE = 50 << 20 if os.environ.get("SIM52XX_LONG") else 1 << 20
CONTENT = random.Random(4).randbytes(SIZE)


def digest(data):
    return hashlib.sha256(data).hexdigest()


class OnServer:
    """The tests for one kind of server."""

    kind = ""

    def host(self, pair=None, **knobs):
        self.server = self.start_ftp_server(self.kind, pair)
        self.efs = self.folder / "efs"
        self.efs.mkdir()
        self.emulator = self.start_emulator(maps={"server.test:990": self.server.where}, more=["--efs", self.efs])
        if knobs:
            self.emulator.control("set", **knobs)
        self.line = AtHost(self.emulator.link)
        self.addCleanup(self.line.close)
        self.line.command("ATE0")
        return self.line

    def logged_in(self, **knobs):
        """With the knobs turned once logged in."""
        line = self.host()
        line.ftps_login(self.server)
        if knobs:
            self.emulator.control("set", **knobs)
        return line

    def test_chapter_6_2(self):
        line = self.logged_in()
        home = self.server.home
        self.server.put("testdelfile.txt", b"to be deleted")
        self.server.put("mysubdir/testfile.jpg", b"a picture\r\n" * 200)
        self.assertEqual(line.command('AT+CFTPSMKD="testdir"'), OK)
        self.assertTrue((home / "testdir").is_dir())
        self.assertEqual(line.command('AT+CFTPSRMD="testdir"'), OK)
        self.assertFalse((home / "testdir").exists())
        self.assertEqual(line.command('AT+CFTPSDELE="testdelfile.txt"'), OK)
        self.assertFalse((home / "testdelfile.txt").exists())
        self.assertEqual(line.command('AT+CFTPSCWD="/mysubdir"'), OK)
        self.assertEqual(line.command("AT+CFTPSPWD"), b'\r\n+CFTPSPWD: "/mysubdir"\r\n' + OK)
        self.assertEqual(line.command("AT+CFTPSTYPE=I"), OK)
        listing, result = line.ftps_list()
        self.assertEqual(result, 0)
        self.assertRegex(listing, rb"^-rw-r--r-- .* 2200 .* testfile.jpg\r\n$")
        self.assertEqual(line.ftps_file("GETFILE", "testfile.jpg"), 0)
        self.assertEqual((self.efs / "Picture/testfile.jpg").read_bytes(), b"a picture\r\n" * 200)
        (home / "mysubdir/testfile.jpg").unlink()
        self.assertEqual(line.ftps_file("PUTFILE", "testfile.jpg"), 0)
        self.assertEqual((home / "mysubdir/testfile.jpg").read_bytes(), b"a picture\r\n" * 200)
        self.assertEqual(line.ftps_get("testfile.jpg"), (b"a picture\r\n" * 200, 0))
        line.payload('AT+CFTPSPUT="t1.txt",12', b"test content")
        line.payload("AT+CFTPSPUT=18", b"left data put here")
        line.ask("AT+CFTPSPUT")
        self.assertEqual(line.result_of(b"CFTPSPUT"), 0)
        self.assertEqual((home / "mysubdir/t1.txt").read_bytes(), b"test contentleft data put here")
        self.assertEqual(line.command("AT+CFTPSLOGOUT"), OK)
        self.assertEqual(line.command("AT+CFTPSSTOP"), OK)

    def test_put_and_get_by_checksum(self):
        line = self.logged_in()
        self.assertEqual(line.ftps_put("up.bin", CONTENT), 0)
        self.assertEqual(digest((self.server.home / "up.bin").read_bytes()), digest(CONTENT))
        data, result = line.ftps_get("up.bin")
        self.assertEqual((result, digest(data)), (0, digest(CONTENT)))

    def test_files_of_the_modem_by_checksum(self):
        line = self.logged_in()
        (self.efs / "Audio/sound.bin").write_bytes(CONTENT)
        self.assertEqual(line.ftps_file("PUTFILE", "sound.bin", 7), 0)
        self.assertEqual(digest((self.server.home / "sound.bin").read_bytes()), digest(CONTENT))
        self.assertEqual(line.ftps_file("GETFILE", "/sound.bin", 2), 0)
        self.assertEqual(digest((self.efs / "Video/sound.bin").read_bytes()), digest(CONTENT))

    def test_many_small_transfers(self):
        line = self.logged_in()
        for number in range(12):
            data = CONTENT[:number * 997 + 1]
            self.assertEqual(line.ftps_put(f"{number}.bin", data), 0)
            self.assertEqual((self.server.home / f"{number}.bin").read_bytes(), data)
            self.assertEqual(line.ftps_get(f"{number}.bin"), (data, 0))

    def test_a_transfer_goes_on_where_it_ended(self):
        line = self.logged_in()
        self.server.put("rest.txt", b"0123456789")
        self.assertEqual(line.ftps_get("rest.txt", 4), (b"456789", 0))

    def test_refusals_of_the_server(self):
        line = self.logged_in(ftps_style="new")
        self.server.put("full/file", b"x")
        for command, name in (('CFTPSCWD="none"', "CFTPSCWD"), ('CFTPSRMD="full"', "CFTPSRMD"),
                              ('CFTPSDELE="none"', "CFTPSDELE"), ('CFTPSMKD="full"', "CFTPSMKD")):
            self.assertEqual(line.command("AT+" + command, final=ERROR), b"\r\n+%s: 9\r\n" % name.encode() + ERROR)
        self.assertEqual(line.ftps_get("none"), (b"", 9))
        self.assertEqual(line.ftps_file("GETFILE", "none"), 9)
        self.assertFalse((self.efs / "Picture/none").exists())
        self.assertEqual(line.command('AT+CFTPSPUTFILE="none",1', final=ERROR), ERROR)
        # Refused after its first bytes were taken: told by the commit's result, or by its refusal.
        line.payload('AT+CFTPSPUT="none/file",3', b"abc")
        line.send(b"AT+CFTPSPUT\r")
        told = line.expect_to_contain(b"+CFTPSPUT: 9\r\n")
        line.expect(b"" if told.startswith(OK) else ERROR)
        line.command("AT")
        self.assertEqual(line.command("AT+CFTPSPWD"), b'\r\n+CFTPSPWD: "/"\r\n' + OK)

    def test_wrong_password(self):
        line = self.host(ftps_style="new", ok_order="after")
        self.server.password = "another"
        line.send(b'AT+CFTPSSTART\r')
        line.expect(b"\r\n+CFTPSSTART: 0\r\n" + OK)
        self.assertEqual(line.command('AT+CFTPSLOGIN="server.test",990,"myname","another"', final=ERROR),
                         b"\r\n+CFTPSLOGIN: 9\r\n" + ERROR)
        self.assertEqual(line.command("AT+CFTPSPWD", final=ERROR), ERROR)

    def test_bad_certificate(self):
        line = self.host(self.certificates.wrong_host, ftps_style="late")
        line.ask("AT+CFTPSSTART")
        line.next_is(b"+CFTPSSTART: 0")
        login = f'AT+CFTPSLOGIN="server.test",990,"{self.server.user}","{self.server.password}"'
        line.ask(login)
        line.next_is(b"+CFTPSLOGIN: 1")
        self.emulator.control("set", ftps_verify="no")
        line.ask(login)
        line.next_is(b"+CFTPSLOGIN: 0")

    def test_the_server_goes_away(self):
        line = self.logged_in(ftps_style="new", ftps_notify=True)
        self.server.child.kill()
        self.emulator.control("drop_peer", session="ftps")
        line.next_is(b"+CFTPSNOTIFY: PEER CLOSED")
        self.assertEqual(line.command("AT+CFTPSPWD", final=ERROR), b"\r\n+CFTPSPWD: 4\r\n" + ERROR)
        line.ask("AT+CFTPSLOGOUT")
        line.next_is(b"+CFTPSLOGOUT: 0")

    def test_stop_in_the_middle_of_a_get(self):
        line = self.logged_in()
        self.server.put("large.bin", bytes(4 << 20))
        line.ask('AT+CFTPSGET="large.bin"')
        line.expect_to_contain(b"+CFTPSGET: DATA,1024\r\n")
        line.send(b"AT+CFTPSSTOP\r")
        line.expect_to_contain(OK)
        line.next_is(b"+CFTPSGET: 6")
        self.assertEqual(line.command("AT+CHTTPSSTART"), OK)


class Troubles(Rig):
    """What real servers rarely do."""

    def logged_in(self, scale="1", **server):
        self.server = self.started(FtpByHand(self.certificates.good, **server))
        self.emulator = self.start_emulator(maps={"server.test:990": self.server.where},
                                            more=["--time-scale", scale])
        self.line = AtHost(self.emulator.link)
        self.addCleanup(self.line.close)
        self.line.command("ATE0")
        self.line.ftps_login(self.server)
        self.emulator.control("set", ftps_style="new")
        return self.line

    def test_a_file_that_breaks_off(self):
        line = self.logged_in(files={"/a": CONTENT[:5000]}, cut=3000)
        data, result = line.ftps_get("a")
        self.assertEqual((data, result), (CONTENT[:3000], 6))

    def test_a_silent_server_does_not_hold_the_port(self):
        line = self.logged_in(scale="0.02", silent=("RETR",), files={"/a": b"x"})
        line.ask('AT+CFTPSGET="a"')
        for _ in range(20):
            line.command("AT", seconds=1)
        line.next_is(b"+CFTPSGET: 5")  # after two minutes, scaled
        self.assertEqual(line.command("AT+CFTPSPWD", final=ERROR), b"\r\n+CFTPSPWD: 4\r\n" + ERROR)

    def test_a_server_that_hangs_up(self):
        line = self.logged_in()
        self.emulator.control("set", ftps_notify=True)
        self.server.hang_up()
        line.next_is(b"+CFTPSNOTIFY: PEER CLOSED")
        self.assertEqual(line.command("AT+CFTPSLIST", final=ERROR), b"\r\n+CFTPSLIST: 4\r\n" + ERROR)
        line.ask("AT+CFTPSLOGOUT")
        line.next_is(b"+CFTPSLOGOUT: 0")
        line.ask('AT+CFTPSLOGIN="server.test",990,"myname","mypassword"')
        line.next_is(b"+CFTPSLOGIN: 0")

    def test_a_listing_as_text(self):
        listing = b"02-23-05  09:24AM       <DIR>          a\r\n" * 100
        line = self.logged_in(listing=listing)
        self.assertEqual(line.ftps_list(), (listing, 0))

    def test_nobody_there(self):
        emulator = self.start_emulator()
        line = AtHost(emulator.link)
        self.addCleanup(line.close)
        line.command("ATE0")
        line.ask("AT+CFTPSSTART")
        emulator.control("set", ftps_style="late")
        line.ask('AT+CFTPSLOGIN="127.0.0.1",9,"a","b"')
        line.next_is(b"+CFTPSLOGIN: 10")


class Proftpd(OnServer, Rig):
    kind = "proftpd"


class Vsftpd(OnServer, Rig):
    kind = "vsftpd"


if __name__ == "__main__":
    unittest.main()
