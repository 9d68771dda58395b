"""HTTPS and FTPS jobs over the control socket, against real servers behind the modem."""

import hashlib
import json
import os
import select
import unittest

from support.client import SANITIZED, Client, pattern, resident
from support.control import Control, RpcError
from support.notes import note
from support.rig import Rig
from support.service import echo
from support.waiting import until

MEBI = 1 << 20
LARGE = (100 if os.environ.get("SIM52XX_LONG") else 6) * MEBI


def digest(data):
    return hashlib.sha256(data).hexdigest()


class Jobs(Rig):
    def connect(self, seconds=200):
        control = Control(self.daemon.socket("control"), seconds)
        self.addCleanup(control.close)
        return control

    def serve_https(self, size=MEBI, more=(), **tables):
        self.nginx = self.start_nginx(size=size)
        self.emulator = self.start_emulator(self.nginx, more=more)
        self.daemon = self.start_daemon(self.emulator.link, **tables)
        self.control = self.connect()

    def serve_ftps(self, kind="vsftpd", more=(), session=None, **tables):
        self.server = self.start_ftp_server(kind)
        efs = self.folder / "efs"
        efs.mkdir()
        self.emulator = self.start_emulator(session, maps={"server.test:21": self.server.where},
                                            more=["--efs", efs, *more])
        self.daemon = self.start_daemon(self.emulator.link, **tables)
        self.control = self.connect()

    def ftps(self, *steps, fds=(), control=None, **more):
        parameters = {"host": "server.test", "user": self.server.user, "password": self.server.password,
                      "steps": list(steps), **more}
        return (control or self.control).call("ftps.run", fds, **parameters)

    def refusal(self, method, fds=(), /, **parameters):
        with self.assertRaises(RpcError) as refused:
            self.control.call(method, fds, **parameters)
        return refused.exception

    def opened(self, name, mode="wb+"):
        file = open(self.folder / name, mode)  # pylint: disable=consider-using-with
        self.addCleanup(file.close)
        return file


class Https(Jobs):
    def test_a_page(self):
        self.serve_https()
        answer = self.control.call("https.request", url="https://server.test/small.txt", via="https")
        self.assertEqual((answer["status"], answer["body"]), (200, "Hello through the modem.\n"))
        self.assertEqual((answer["via"], answer["verified"]), ("https", False))
        self.assertEqual(answer["bytes"], len(answer["body"]))

    def test_a_status_of_the_server_is_a_result(self):
        self.serve_https()
        answer = self.control.call("https.request", url="https://server.test/nothing", via="https")
        self.assertEqual(answer["status"], 404)
        self.assertIn("404", answer["body"])

    def test_bytes_into_a_file_and_from_a_file(self):
        self.serve_https()
        out = self.opened("out")
        answer = self.control.call("https.request", [out.fileno()], url="https://server.test/random.bin", response_fd=0)
        self.assertEqual(answer["bytes"], MEBI)
        self.assertNotIn("body", answer)
        out.seek(0)
        self.assertEqual(digest(out.read()), digest(self.nginx.page))
        body = self.opened("in")
        body.write(self.nginx.page[:300000])
        body.flush()
        body.seek(0)
        answer = self.control.call("https.request", [body.fileno()], url="https://server.test/post", method="POST",
                                   body_fd=0)
        self.assertEqual(json.loads(answer["body"]), {"bytes": 300000, "sha256": digest(self.nginx.page[:300000])})

    def test_a_large_answer_is_read_in_pieces(self):
        self.serve_https()
        answer = self.control.call("https.request", url="https://server.test/random.bin")
        self.assertNotIn("body", answer)
        self.assertEqual(digest(self.control.read_body(answer["job_id"])), digest(self.nginx.page))

    def test_spool_limit(self):
        self.serve_https(control={"spool_limit": 500000})
        error = self.refusal("https.request", url="https://server.test/random.bin")
        self.assertEqual(error.kind, "limit")
        self.assertIn("spool_limit (500000 bytes)", error.message)
        job = self.control.call("job.get", job_id=error.data["job_id"])
        self.assertEqual((job["state"], job["error"]["kind"]), ("failed", "limit"))
        self.assertIn("sim52xx_spool_bytes 0\n", self.control.call("metrics"))

    def test_a_hundred_mebibytes_do_not_grow_the_daemon(self):
        """Through a pipe both ways; at the pace of the reader."""
        self.serve_https(size=LARGE)
        self.control.call("https.request", url="https://server.test/small.txt")
        before = resident(self.daemon.child.pid)
        reading, writing = os.pipe()
        request = self.control.start("https.request", [writing], url="https://server.test/random.bin", response_fd=0)
        os.close(writing)
        received, most = hashlib.sha256(), 0
        with open(reading, "rb", buffering=0) as pipe:
            while piece := pipe.read(65536):
                received.update(piece)
                most = max(most, resident(self.daemon.child.pid))
        self.assertEqual(self.control.answer_to(request)["bytes"], LARGE)
        self.assertEqual(received.hexdigest(), digest(self.nginx.page))
        note(f"{LARGE >> 20} MiB down through a descriptor: {(most - before) >> 10} KiB more memory at most")
        if not SANITIZED:
            self.assertLess(most - before, 4 * MEBI)

    def test_a_large_file_up_does_not_grow_the_daemon_either(self):
        size = min(LARGE, 60 * MEBI)
        self.serve_https(size=size)
        self.control.call("https.request", url="https://server.test/small.txt")
        before = resident(self.daemon.child.pid)
        body = self.opened("in")
        body.write(self.nginx.page)
        body.flush()
        body.seek(0)
        self.control.call("events.subscribe", topics=["job"])
        request = self.control.start("https.request", [body.fileno()], url="https://server.test/post", method="POST",
                                     body_fd=0)
        most = 0
        while self.control.until_event(lambda event: event["type"] in ("job.progress", "job.state"))["state"] != "done":
            most = max(most, resident(self.daemon.child.pid))
            self.control.call("job.list")
        answer = self.control.answer_to(request)
        self.assertEqual(json.loads(answer["body"]), {"bytes": size, "sha256": digest(self.nginx.page)})
        note(f"{size >> 20} MiB up from a file: {max(most - before, 0) >> 10} KiB more memory at most")
        if not SANITIZED:
            self.assertLess(most - before, 4 * MEBI)

    def test_a_slow_reader_and_a_slow_writer_block_nobody(self):
        self.serve_https(ssl0={"transparent": "never"})
        reading, writing = os.pipe()
        slow_in, slow_out = os.pipe()
        for end in (reading, writing, slow_out):
            self.addCleanup(os.close, end)
        down = self.control.start("https.request", [writing], url="https://server.test/random.bin", response_fd=0,
                                  via="ssl", detach=True)
        up = self.control.start("https.request", [slow_in], url="https://server.test/post", method="POST", body_fd=0,
                                via="ssl", detach=True)
        os.close(slow_in)
        jobs = [self.control.answer_to(request)["job_id"] for request in (down, up)]
        until(lambda: not select.select([], [writing], [], 0)[1], "the pipe to be full")
        self.assertIn("daemon", self.control.call("version"), "the daemon goes on")
        for job in jobs:
            self.assertIn(self.control.call("job.get", job_id=job)["state"], ("connecting", "sending", "receiving"))
            self.control.call("job.cancel", job_id=job)
            self.assertEqual(self.control.call("job.wait", job_id=job)["state"], "cancelled")

    def test_a_reader_that_goes_away(self):
        self.serve_https()
        reading, writing = os.pipe()
        request = self.control.start("https.request", [writing], url="https://server.test/random.bin", response_fd=0)
        os.close(writing)
        os.read(reading, 1000)
        os.close(reading)
        with self.assertRaises(RpcError) as refused:
            self.control.answer_to(request)
        self.assertEqual(refused.exception.kind, "interrupted")
        self.assertEqual(self.control.call("https.request", url="https://server.test/small.txt")["status"], 200)

    def test_beside_a_session_of_somebody_else(self):
        """Over SSL while SSL is held, and at once."""
        self.serve_https(ssl0={"transparent": "never"})
        with Client(self.daemon.socket("ssl0")) as client:
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            answer = self.control.call("https.request", url="https://server.test/small.txt")
            self.assertEqual((answer["status"], answer["via"], answer["verified"]), (200, "ssl", True))
            client.send(b"GET /small.txt HTTP/1.0\r\n\r\n")
            self.assertIn(b"Hello", client.read_to_end()[0])

    def test_cancelled_with_its_connection(self):
        self.serve_https(more=["--baud", "9600"])
        other = self.connect()
        other.start("https.request", url="https://server.test/random.bin", client_ref="mine")
        until(lambda: self.control.call("job.list")["jobs"], "the job to be there")
        job = self.control.call("job.list")["jobs"][0]["job_id"]
        other.close()
        self.assertEqual(self.control.call("job.wait", job_id=job)["state"], "cancelled")
        until(lambda: self.emulator.status()["https"]["state"] != "open", "the modem's connection to be closed")

    def test_detached_survives_its_connection(self):
        self.serve_https()
        with self.connect() as other:
            job = other.call("https.request", url="https://server.test/small.txt", detach=True)["job_id"]
        done = self.control.call("job.wait", job_id=job)
        self.assertEqual((done["state"], done["result"]["body"]), ("done", "Hello through the modem.\n"))


    def test_interrupted_by_the_end_of_the_daemon(self):
        """Who waits is told; so is who waits in the queue."""
        self.serve_https(more=["--baud", "9600"])
        running = self.control.start("https.request", url="https://server.test/random.bin", via="https")
        until(lambda: self.emulator.status()["https"]["state"] == "open", "the connection to be open")
        waiting = self.control.start("https.request", url="https://server.test/small.txt", via="https")
        until(lambda: len(self.daemon.status()["jobs"]) == 2, "both to be there")
        self.daemon.terminate()
        for request in (waiting, running):
            with self.assertRaises(RpcError) as refused:
                self.control.answer_to(request)
            self.assertEqual(refused.exception.kind, "interrupted")
        self.assertEqual(self.daemon.child.wait(20), 0)


class Ftps(Jobs):
    def test_steps_in_one_login(self):
        self.serve_ftps()
        self.server.put("there.txt", b"already there")
        answer = self.ftps({"op": "pwd"}, {"op": "mkdir", "path": "new"}, {"op": "list"},
                           {"op": "put", "path": "new/a.txt", "body": "h\u00e9llo"}, {"op": "get", "path": "there.txt"},
                           {"op": "delete", "path": "there.txt"})
        steps = answer["steps"]
        self.assertEqual([s["op"] for s in steps], ["pwd", "mkdir", "list", "put", "get", "delete"])
        self.assertEqual(steps[0]["path"], "/")
        self.assertEqual({e["name"] for e in steps[2]["entries"]}, {"new", "there.txt"})
        self.assertEqual(steps[4]["body"], "already there")
        self.assertEqual((self.server.home / "new" / "a.txt").read_text(), "h\u00e9llo")
        self.assertFalse((self.server.home / "there.txt").exists())

    def test_files_by_descriptors_and_in_pieces(self):
        self.serve_ftps("proftpd")
        content = pattern(300000, 7)
        self.server.put("there.bin", content)
        out, body = self.opened("out"), self.opened("in")
        body.write(content)
        body.flush()
        body.seek(0)
        answer = self.ftps({"op": "put", "path": "here.bin", "body_fd": 1, "verify": True},
                           {"op": "get", "path": "there.bin", "response_fd": 0}, {"op": "get", "path": "here.bin"},
                           fds=[out.fileno(), body.fileno()])
        self.assertEqual([s["bytes"] for s in answer["steps"]], [300000] * 3)
        self.assertEqual(digest((self.server.home / "here.bin").read_bytes()), digest(content))
        out.seek(0)
        self.assertEqual(digest(out.read()), digest(content))
        self.assertEqual(digest(self.control.read_body(answer["job_id"], step=2)), digest(content))

    def test_a_failure_says_where_and_keeps_what_was_done(self):
        self.serve_ftps()
        error = self.assert_fails({"op": "pwd"}, {"op": "get", "path": "nothing.txt"})
        self.assertIn("step 2 of 2", error.message)
        self.assertEqual([s["op"] for s in error.data["partial"]["steps"]], ["pwd"])
        job = self.control.call("job.get", job_id=error.data["job_id"])
        self.assertEqual((job["state"], len(job["result"]["steps"])), ("failed", 1))

    def assert_fails(self, *steps, **more):
        with self.assertRaises(RpcError) as refused:
            self.ftps(*steps, **more)
        return refused.exception

    def test_waits_for_a_session_and_says_so(self):
        """A job waits while ssl0 is held, is explained, and runs when ssl0 closes."""
        self.serve_ftps(session=self.start_server(echo), ssl0={"transparent": "never"})
        with Client(self.daemon.socket("ssl0")) as client:
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            job = self.ftps({"op": "pwd"}, detach=True)["job_id"]
            shown = until(lambda: (j := self.control.call("job.get", job_id=job))["waiting_for"] and j, "it to wait")
            self.assertEqual(shown["state"], "acquiring")
            self.assertEqual((shown["waiting_for"]["stack"], shown["waiting_for"]["holder"]), ("ssl", "ssl0"))
            self.assertEqual(self.daemon.status()["jobs"][0]["waiting_for"]["holder"], "ssl0")
            late = self.assert_fails({"op": "pwd"}, timeout=0.5)
            self.assertEqual((late.kind, late.data["waiting_for"]["holder"]), ("timeout", "ssl0"))
            client.send(b"still here")
            self.assertEqual(client.read(10), b"still here")
        self.assertEqual(self.control.call("job.wait", job_id=job)["state"], "done")

    def test_secrets_are_nowhere(self):
        self.serve_ftps()
        self.emulator.control("set", echo=True)  # a modem that was told not to, and echoes all the same
        self.control.call("trace.start")
        self.control.call("events.subscribe")
        secret = "correct-horse-battery"
        self.assert_fails({"op": "list"}, password=secret, client_ref="r1")
        shown = json.dumps([self.control.call("job.list"), self.control.call("job.get", job_id="1"),
                            self.control.call("status"), self.control.call("metrics"), self.control.events])
        trace = self.control.call("trace.stop")["trace"]
        self.assertRegex(trace, r"(?m)^> AT\+CFTP\w*LOGIN=.*\*\*\*", "it was used")
        for what in (shown, trace, self.daemon.child.output()):
            self.assertNotIn(secret, what)


class Refused(Jobs):
    """Whatever could be read as a command is refused by the name of its field, and nothing is sent."""

    EVIL = {"CR": "a\rAT+CRESET", "LF": "a\nb", "quote": 'a"b', "NUL": "a\0b", "10 kB": "a" * 10240, "DEL": "a\x7f",
            "escape": "a\x1bb"}

    def setUp(self):
        super().setUp()
        self.wire = self.folder / "wire"
        self.emulator = self.start_emulator(more=["--log", self.wire])
        self.daemon = self.start_daemon(self.emulator.link)
        self.control = self.connect()
        self.bring_up = len(self.daemon.child.output())

    def assert_refused(self, field, method, /, **parameters):
        error = self.refusal(method, **parameters)
        self.assertEqual((error.kind, error.code), ("invalid", -32602), error)
        self.assertIn(field, error.message)

    def assert_nothing_sent(self):
        for words in ("CHTTPS", "CFTPS", "CRESET", "CSSL"):
            self.assertNotIn(words, self.daemon.child.output()[self.bring_up:])
        self.assertEqual(self.control.call("job.list")["jobs"], [])

    def test_https(self):
        for what, evil in self.EVIL.items():
            with self.subTest(what):
                self.assert_refused("url", "https.request", url=f"https://{evil}/")
                if what != "10 kB":
                    self.assert_refused("url", "https.request", url=f"https://server.test/{evil}")
                    self.assert_refused("method", "https.request", url="https://server.test/", method=evil)
                    self.assert_refused("header", "https.request", url="https://server.test/", headers={evil: "1"})
                if what not in ("10 kB", "quote"):
                    self.assert_refused("header", "https.request", url="https://server.test/", headers={"X-A": evil})
        self.assert_nothing_sent()

    def test_ftps(self):
        good = {"host": "server.test", "user": "me", "password": "x", "steps": [{"op": "list"}]}
        for what, evil in self.EVIL.items():
            with self.subTest(what):
                for field in ("host", "user", "password"):
                    self.assert_refused(field, "ftps.run", **{**good, field: evil})
                for op in ("cwd", "mkdir", "rmdir", "delete", "list", "get", "put_efs", "get_efs"):
                    self.assert_refused("steps[0].path", "ftps.run", **{**good, "steps": [{"op": op, "path": evil}]})
                self.assert_refused("steps[1].path", "ftps.run",
                                    **{**good, "steps": [{"op": "list"}, {"op": "put", "path": evil, "body": "x"}]})
        self.assert_nothing_sent()


if __name__ == "__main__":
    unittest.main()
