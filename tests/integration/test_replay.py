"""Traces: always kept, saved by sim52xxctl, and played by sim52xx-sim --replay to the same end."""

import os
import re
import signal
import socket

from support.client import INSTRUMENTED, resident
from support.ctl import ctl
from support.places import program
from support.process import Child, run
from support.rig import Rig
from support.tlsserver import one_page
from support.transcript import parse
from support.waiting import PATIENCE, until

PAGE = b"GET / HTTP/1.1\r\nHost: server.test\r\nAuthorization: Basic bWU6Y29ycmVjdC1ob3JzZQ==\r\n\r\n"


class Replayer:
    """sim52xx-sim as the modem of a trace."""

    def __init__(self, folder, trace, more=()):
        self.link = folder / "replay-modem"
        self.child = Child("replay", [program("sim52xx-sim"), "--link", self.link, "--replay", trace, *more], folder)
        self.child.until(lambda: os.path.lexists(self.link), "the port of the trace's modem")

    def stop(self):
        if self.child.alive():
            self.child.process.send_signal(signal.SIGTERM)
        return self.child.process.wait(10 * PATIENCE)


def journal_words(daemon):
    """What it has said of the modem and its sessions, without times and names of devices."""
    said = re.findall(r"\[?(?:warning|warn|error|info)\]? (?:modem|ssl\d): .*", daemon.child.output())
    return [re.sub(r"\d+ (ms|bytes)|/\S*modem\b", "#", line) for line in said]


def page_and_no_end(connection):
    """The session stays open, whatever becomes of the modem."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4000\r\n\r\n" + b"x" * 2000)
    connection.recv(1)


class Trace(Rig):
    def save(self, daemon, *more):
        path = self.folder / "saved.trace"
        done = ctl(daemon.socket("control"), "trace", "save", path, *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return path

    def client(self, daemon, name):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(60 * PATIENCE)
        client.connect(str(daemon.socket(name)))
        self.addCleanup(client.close)
        return client

    def end_of(self, daemon, name):
        """How a session has ended, in the daemon's words."""
        def over():
            session = daemon.session(name)
            return session if session["state"] == "idle" and session["last"] else None
        session = until(over, f"the session of {name} to be over", 60, last=lambda: daemon.session(name))
        error = session["last_error"]
        return {"reason": re.sub(r"/\S*modem\b", "#", session["last"]["reason"]), "mode": session["last"]["mode"], "up": session["last"]["up"],
                "down": session["last"]["down"],
                "error": error and (error["kind"], error["stage"], re.sub(r"/\S*modem\b", "#", error["message"]))}

    def replayed(self, trace, talk, more=(), **tables):
        """The same talk with a second daemon and the modem of the trace; and how the modem's part ended."""
        folder = self.folder / "again"
        folder.mkdir()
        modem = Replayer(folder, trace, more)
        self.addCleanup(modem.stop)
        first, self.folder = self.folder, folder
        try:
            daemon = self.start_daemon(modem.link, ready=False, **tables)
        finally:
            self.folder = first
        end = talk(daemon)
        modem.child.until_says("played to its end")
        return daemon, end, modem

    def same_end(self, talk, fault, serve=one_page(b"x" * 2000), **tables):
        """A fault set in the emulator -> trace saved -> replayed: the same end, told in the same words."""
        self.emulator = self.start_emulator(self.start_server(serve))
        self.fault = fault
        daemon = self.start_daemon(self.emulator.link, **tables)
        end = talk(daemon)
        if daemon.state() == "ready":  # what it says at its end would be part of the trace
            until(lambda: daemon.status()["arbiter"]["stack"] is None, "the stack released", last=daemon.status)
        trace = self.save(daemon)
        said = journal_words(daemon)
        daemon.stop()
        self.fault = lambda: None
        again, end_again, modem = self.replayed(trace, talk, **tables)
        self.assertEqual(end_again, end)
        until(lambda: journal_words(again)[:len(said)] == said, "the same words in the journal", last=lambda: (said, journal_words(again)))
        again.stop()
        self.assertEqual(modem.stop(), 0)
        return end, trace.read_text()

    def one_request(self, name):
        def talk(daemon):
            daemon.until_ready(60)
            client = self.client(daemon, name)
            client.sendall(PAGE)
            got = b""
            try:
                while part := client.recv(4096):
                    if not got:
                        self.fault()
                    got += part
            except ConnectionResetError:
                pass
            client.close()
            daemon.until_ready(60)
            return {**self.end_of(daemon, name), "got": len(got)}
        return talk


class Replay(Trace):
    def test_a_session_that_went_well(self):
        end, text = self.same_end(self.one_request("ssl1"), lambda: None)
        self.assertIsNone(end["error"])
        self.assertGreater(end["got"], 2000)
        self.assertNotIn("bWU6", text)
        self.assertRegex(text, r"(?m)^> AT\+CSSLSEND=1,\d+\\r$")

    def test_a_transparent_session(self):
        end, text = self.same_end(self.one_request("ssl0"), lambda: None)
        self.assertEqual(end["mode"], "transparent")
        self.assertRegex(text, r"(?m)^~ \d\.\d\n> \+\+\+$")
        self.assertNotIn("bWU6", text)

    def test_the_modem_restarts_in_a_session(self):
        end, _ = self.same_end(self.one_request("ssl1"), lambda: self.emulator.control("reboot"), page_and_no_end)
        self.assertTrue(end["error"])

    def test_the_port_vanishes_in_a_session(self):
        end, text = self.same_end(self.one_request("ssl1"), lambda: self.emulator.control("vanish", ms=700), page_and_no_end)
        self.assertIn("the modem was lost", end["error"][2])
        self.assertRegex(text, r"(?m)^! vanished: .*\n(#.*\n|@.*\n)*! opened ")

    def test_bytes_are_lost_on_the_line(self):
        def talk(daemon):
            daemon.until_ready(60)
            self.fault()
            client = self.client(daemon, "ssl1")
            try:
                client.sendall(PAGE)
                while client.recv(4096):
                    pass
            except (ConnectionResetError, BrokenPipeError):
                pass
            client.close()
            daemon.until_ready(60)
            return self.end_of(daemon, "ssl1")
        # Of the answer to AT+CSSLSTART and what follows it: the OK has no O.
        self.same_end(talk, lambda: self.emulator.control("fault", kind="garble", direction="to_host", at=2, count=1),
                      timeouts={"connect": 3})

    def test_a_modem_that_answers_no_more(self):
        def talk(daemon):
            daemon.until_ready(60)
            self.fault()
            client = self.client(daemon, "ssl1")
            try:
                client.sendall(PAGE)
                client.recv(1)
            except (ConnectionResetError, BrokenPipeError):
                pass
            client.close()
            return self.end_of(daemon, "ssl1")
        end, _ = self.same_end(talk, lambda: self.emulator.control("wedge"), timeouts={"connect": 3})
        self.assertTrue(end["error"])

    def test_a_host_that_says_something_else_is_told_where(self):
        trace = self.folder / "other.trace"
        trace.write_text("> AT\\r\n< \\r\\nOK\\r\\n\n# the daemon proves it by AT+CGSN\n> ATI\\r\n")
        modem = Replayer(self.folder, trace)
        self.addCleanup(modem.stop)
        self.start_daemon(modem.link, ready=False)
        modem.child.until_says("other.trace:4: expected: I\\r; the host says: +CGSN")
        self.assertEqual(modem.child.process.wait(10 * PATIENCE), 1)

    def test_mistakes_in_a_trace_are_named(self):
        trace = self.folder / "wrong.trace"
        for text, words in (("> AT\n? what\n", "line 2: no such mark"), ("> \\q\n", "line 1: not an escape")):
            trace.write_text(text)
            done = run([program("sim52xx-sim"), "--link", self.folder / "modem", "--replay", trace])
            self.assertEqual(done.returncode, 1)
            self.assertIn(words, done.stderr)
        done = run([program("sim52xx-sim"), "--link", self.folder / "modem", "--no-pauses"])
        self.assertEqual(done.returncode, 2)

    def test_without_pauses(self):
        self.emulator = self.start_emulator(self.start_server(one_page(b"x")))
        daemon = self.start_daemon(self.emulator.link)
        trace = self.save(daemon)
        daemon.stop()
        self.replayed(trace, lambda again: again.until_ready(20), more=["--no-pauses"])

    def test_with_payloads_an_https_job_replays(self):
        server = self.start_server(one_page(b"x" * 3000))
        self.emulator = self.start_emulator(server)
        daemon = self.start_daemon(self.emulator.link, ready=False)
        daemon.control("trace.start", payload=True)
        daemon.until_ready()
        talk = lambda at: at.control("https.request", url="https://server.test/", via="https",
                                     headers={"Authorization": "Bearer correct-horse"})
        answer = talk(daemon)
        trace = self.save(daemon)
        text = trace.read_text()
        self.assertIn("HTTP/1.1 200 OK", text)
        self.assertNotIn("correct-horse", text)
        self.assertRegex(text, r"Authorization:\\\{21\}")
        daemon.stop()
        def again(at):
            at.until_ready(60)
            return talk(at)
        _, same, _ = self.replayed(trace, again)
        self.assertEqual((same["status"], same["body"]), (answer["status"], answer["body"]))


class Kept(Trace):
    def test_nobody_has_to_ask_for_it_before(self):
        emulator = self.start_emulator(self.start_nginx())
        daemon = self.start_daemon(emulator.link)
        text = self.save(daemon).read_text()
        self.assertRegex(text, r"\A# \d{4}-\d\d-\d\dT[\d:.]+Z\n@ \d+\.\d{3}\n! opened ")
        said = b"".join(step.data for step in parse(text) if step.who == "host")
        self.assertIn(b"ATE0\r", said)
        self.assertIn(b"AT+COPS?\r", said)

    def test_it_is_bounded_and_comes_in_pages(self):
        emulator = self.start_emulator(self.start_server(one_page(b"line\n" * 500_000)))
        daemon = self.start_daemon(emulator.link)
        before = resident(daemon.child.pid)
        self.assertEqual(self.curl(daemon.socket("ssl0"), "/", "-o", "/dev/null").returncode, 0)
        self.assertEqual(self.curl(daemon.socket("ssl1"), "/", "-o", "/dev/null").returncode, 0)
        page = daemon.control("trace.get")
        self.assertTrue(page["more"])
        self.assertLess(len(page["trace"]), 256 * 1024)
        text = self.save(daemon).read_text()
        self.assertTrue(text.startswith("# what came before this is lost\n"))
        self.assertLess(len(text), 4 << 20)
        if not INSTRUMENTED:
            self.assertLess(resident(daemon.child.pid), before + (3 << 20))
        self.assertNotIn("line", text)
