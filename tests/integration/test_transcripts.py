"""The note's own dialogues (tests/traces): the daemon against a modem that plays them, the emulator against a host."""

import socket
import unittest

from support.control import Control
from support.ftp_by_hand import FtpByHand
from support.waiting import PATIENCE
from support.rig import Rig
from support.scripted_modem import ScriptedModem
from support.serial_line import SerialLine
from support.tlsserver import close_in_order, read_exactly
from support.transcript import load, sent_by

OK = b"\r\nOK\r\n"
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
        self.modem.play(load(trace) if isinstance(trace, str) else trace)

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

    def control(self):
        control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(control.close)
        return control

    def test_6_1_a_page_over_https(self):
        """The note's request but for the line by which every HTTP client of ours says what it accepts."""
        request = b"GET / HTTP/1.1\r\nHost: www.mywebsite.com\r\nAccept: */*\r\nUser-Agent: MY WEB AGENT\r\n" \
                  b"Content-Length: 0\r\n\r\n"
        steps = load("note-6.1-https")
        for step in steps:
            step.data = step.data.replace(b"AT+CHTTPSSEND=88\r", b"AT+CHTTPSSEND=%d\r" % len(request))
            step.data = step.data.replace(REQUEST, request)
        self.begin(steps)
        answer = self.control().call("https.request", url="https://www.mywebsite.com/", via="https", body="",
                                     headers={"User-Agent": "MY WEB AGENT"})
        self.assertEqual((answer["status"], answer["bytes"]), (200, 57))
        self.assertIn("zh-CN", str(answer["headers"]))
        self.assertEqual(answer["body"].encode(), PAGE.split(b"\r\n\r\n")[1])
        self.modem.until_played()

    def test_6_2_an_ftps_session(self):
        """The note's commands, in its order but for the transfer type, which is set when a file needs it. Its two
        pieces of a put fit into one."""
        steps = load("note-6.2-ftps")
        at = {name: next(i for i, step in enumerate(steps) if step.data.startswith(b"AT+CFTPS" + name))
              for name in (b"TYPE", b"GETFILE", b"PUT=\"t1.txt\"", b"PUT=18", b"PUT\r")}
        pieces = steps[at[b"PUT=18"]:at[b"PUT\r"]]
        first = steps[at[b"PUT=\"t1.txt\""]:at[b"PUT=18"]]
        self.assertEqual([step.data for step in first], [b'AT+CFTPSPUT="t1.txt",12\r', b">", b"test content", OK])
        self.assertEqual([step.data for step in pieces], [b"AT+CFTPSPUT=18\r", b">", b"left data put here", OK])
        first[0].data = b'AT+CFTPSPUT="t1.txt",30\r'
        first[2].data += pieces[2].data
        steps = [*steps[:at[b"TYPE"]], *steps[at[b"TYPE"] + 2:at[b"GETFILE"]], *steps[at[b"TYPE"]:at[b"TYPE"] + 2],
                 *steps[at[b"GETFILE"]:at[b"PUT=18"]], *steps[at[b"PUT\r"]:]]
        self.begin(steps)
        answer = self.control().call(
            "ftps.run", host="www.myftpsserver.com", port=990, user="myname", password="mypassword", steps=[
                {"op": "mkdir", "path": "testdir"}, {"op": "rmdir", "path": "testdir"},
                {"op": "delete", "path": "testdelfile.txt"}, {"op": "cwd", "path": "/mysubdir"}, {"op": "pwd"},
                {"op": "list"}, {"op": "get_efs", "path": "testfile.jpg", "dir": 1},
                {"op": "put_efs", "path": "testfile.jpg", "dir": 1}, {"op": "get", "path": "testfile.jpg"},
                {"op": "put", "path": "t1.txt", "body": "test contentleft data put here"}])["steps"]
        self.assertEqual(answer[4]["path"], "/mysubdir")
        entry = answer[5]["entries"][-1]
        self.assertEqual((entry["name"], entry["type"], entry["size"]), ("19800106_000128.jpg", "file", 2017))
        self.assertEqual(answer[8]["body"].encode(), EmulatorFollowsTheNote.picture(
            "note-6.2-ftps", b"+CFTPSGET: DATA, 1024,", b"+CFTPSGET:DATA, 1058"))
        self.assertEqual(answer[9]["bytes"], 30)
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
