"""The note's own dialogues (tests/traces): the daemon against a modem that plays them, the emulator against a host."""

import socket
import unittest

from support.ftp_by_hand import FtpByHand
from support.places import PATIENCE
from support.rig import Rig
from support.scripted_modem import ScriptedModem
from support.serial_line import SerialLine
from support.tlsserver import close_in_order, read_exactly
from support.transcript import load, sent_by

HOST = {"host": "www.myserver.com", "port": 443}
NOTE_ALERTS = ["bad-issuer", "view-certificate"]  # 134218240
DATA = b"+CSSLRECV: DATA,1,227\r\n"
PAGE = sent_by(load("note-6.3-counted"), "modem").split(DATA)[1][:227]
REQUEST = next(s.data for s in load("note-6.3-counted") if s.data.startswith(b"GET"))


class DaemonFollowsTheNote(Rig):
    def begin(self, trace, **tables):
        self.modem = ScriptedModem()
        self.addCleanup(self.modem.stop)
        tables.setdefault("ssl0", HOST)
        tables.setdefault("ssl1", HOST)
        self.daemon = self.start_daemon(self.modem.path, arbiter={"linger": 0}, **tables)
        self.modem.play(load(trace))

    def client(self, name):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(30 * PATIENCE)
        client.connect(str(self.daemon.socket(name)))
        self.addCleanup(client.close)
        return client

    def test_6_3_counted_with_alert_continued(self):
        self.begin("note-6.3-counted", ssl1={**HOST, "accept_alerts": NOTE_ALERTS})
        client = self.client("ssl1")
        client.sendall(REQUEST)
        self.assertEqual(read_exactly(client, len(PAGE)), PAGE)
        client.close()
        self.modem.until_played()

    def test_4_7_transparent_with_alert_continued(self):
        self.begin("note-4.7-transparent", ssl0={**HOST, "accept_alerts": NOTE_ALERTS, "transparent": "always"})
        client = self.client("ssl0")
        client.sendall(b"hello, server\r\n")
        self.assertEqual(read_exactly(client, 15), b"hello, client\r\n")
        client.close()
        self.modem.until_played()

    def test_4_2_alert_not_accepted_is_cancelled(self):
        self.begin("note-4.2-cancelled", ssl1={**HOST, "accept_alerts": ["view-certificate"]})
        client = self.client("ssl1")
        # A refusal quicker than the client's write is EPIPE.
        with self.assertRaises((ConnectionResetError, BrokenPipeError)):
            client.sendall(REQUEST)
            client.recv(1)
        self.modem.until_played()
        self.assertIn("bad-issuer", str(self.daemon.session("ssl1")["last_error"]))


class EmulatorFollowsTheNote(Rig):
    """The emulator gives the alert the id of its session; the note's 0 for session 1 is a misprint."""

    def begin(self, serve, **knobs):
        server = self.start_server(serve, self.certificates.self_signed)
        self.begin_with({"www.myserver.com:443": server.where, "www.mywebsite.com:443": server.where}, **knobs)

    def begin_with(self, maps, **knobs):
        self.emulator = self.start_emulator(maps=maps)
        if knobs:
            self.emulator.control("set", **knobs)
        self.line = SerialLine(self.emulator.link)
        self.addCleanup(self.line.close)
        self.line.command("ATE0")

    def begin_ftps(self, files, **knobs):
        """The note's server: its listing, and a picture of the lengths it prints."""
        steps = load("note-6.2-ftps")
        listing = sent_by(steps, "modem").split(b"DATA,192\r\n")[1][:192]
        self.server = self.started(FtpByHand(self.certificates.good, files, listing))
        self.begin_with({"www.myftpsserver.com:990": self.server.where}, ftps_verify="no", **knobs)

    @staticmethod
    def picture(trace, *headers):
        """What the modem prints behind each of these headers, of the length they say."""
        said = sent_by(load(trace), "modem")
        return b"".join(said.split(header + b"\r\n")[1][:int(header.split(b", ")[1].rstrip(b","))]
                        for header in headers)

    @staticmethod
    def with_right_id(steps):
        for step in steps:
            step.data = step.data.replace(b"+CSSLALERT: 0,2", b"+CSSLALERT: 1,2")
        return steps

    @staticmethod
    def answer_page(connection):
        read_exactly(connection, len(REQUEST))
        connection.sendall(PAGE)
        connection.recv(1)
        close_in_order(connection)

    @staticmethod
    def answer_hello(connection):
        read_exactly(connection, len(b"hello, server\r\n"))
        connection.sendall(b"hello, client\r\n")
        connection.recv(1)
        close_in_order(connection)

    def test_6_3_counted_with_alert_continued(self):
        self.begin(self.answer_page)
        self.line.play(self.with_right_id(load("note-6.3-counted")))

    def test_4_7_transparent_with_alert_continued(self):
        self.begin(self.answer_hello)
        self.line.play(load("note-4.7-transparent"))

    def test_6_1_a_page_over_https(self):
        self.begin(self.answer_page, https_event=False)  # the note shows it in chapter 5.1 only
        self.line.play(load("note-6.1-https"))

    def test_5_1_the_answer_is_there_before_it_is_asked_for(self):
        self.begin(self.answer_page)
        self.line.play(load("note-5.1-recv-event"))

    def test_2_as_printed(self):
        self.begin(self.answer_page, spelling="note", https_event=False)
        self.line.play(load("note-2-as-printed"))

    def test_6_2_an_ftps_session(self):
        picture = self.picture("note-6.2-ftps", b"+CFTPSGET: DATA, 1024,", b"+CFTPSGET:DATA, 1058")
        self.begin_ftps({"/testdelfile.txt": b"x", "/mysubdir/testfile.jpg": picture}, ftps_block=1024,
                        ftps_block_2=1058)
        steps = load("note-6.2-ftps")
        get = next(i for i, step in enumerate(steps) if step.data.startswith(b"AT+CFTPSGET="))
        self.line.play(steps[:get])
        self.emulator.control("set", ftps_data="mixed")
        self.line.play(steps[get:])
        self.assertEqual(self.server.files, {"/mysubdir/testfile.jpg": picture,
                                             "/mysubdir/t1.txt": b"test contentleft data put here"})

    def test_3_as_printed(self):
        picture = self.picture("note-3-as-printed", b"+CFTPGET: DATA, 1020,", b"+CFTPGET: DATA, 1058,")
        self.begin_ftps({"/mysubdir/mydelfile": b"x", "/mysubdir/mygetfile.txt": b"text",
                         "/mysubdir/mypicture.jpg": picture}, spelling="note", file_args="note", ftps_data="comma",
                        ftps_block=1020, ftps_block_2=1058)
        self.line.play(load("note-3-as-printed"))
        self.assertEqual(self.server.files["/mysubdir/myputfile.txt"], b"test contentmore")

    def test_4_2_alert_cancelled(self):
        self.begin(self.answer_page)
        self.line.play(self.with_right_id(load("note-4.2-cancelled")))


if __name__ == "__main__":
    unittest.main()
