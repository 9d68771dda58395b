"""HTTPS and FTPS jobs over the control socket, against real servers behind the modem."""

import hashlib
import json
import os
import select
import unittest

from support.client import Client, pattern
from support.control import Control, RpcError
from support.rig import Rig
from support.service import echo
from support.waiting import until

MEBI = 1 << 20


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

    def test_a_reader_that_takes_nothing_gives_way(self):
        """To a client that waits for the modem meanwhile; without one the job may take its time."""
        self.serve_https()
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        job = self.control.call("https.request", [writing], url="https://server.test/random.bin", response_fd=0,
                                via="https", detach=True)["job_id"]
        until(lambda: not select.select([], [writing], [], 0)[1], "the pipe to be full")
        os.close(writing)
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/small.txt"))
        error = self.control.call("job.wait", job_id=job)["error"]
        self.assertEqual(error["kind"], "limit")
        self.assertIn("while ssl0 waits", error["message"])

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


    def test_end_of_the_daemon_while_the_modem_takes_no_bytes(self):
        """A command that is never answered does not delay it: systemd would kill the daemon."""
        self.serve_https(more=["--baud", "115200"])
        body = self.opened("body")
        body.write(pattern(MEBI))
        body.seek(0)
        running = self.control.start("https.request", [body.fileno()], url="https://server.test/post", method="POST",
                                     body_fd=0, via="https")
        until(lambda: self.daemon.status()["jobs"][0]["state"] == "sending", "the body to be sent")
        self.emulator.control("set", deaf=True)
        self.daemon.terminate()
        with self.assertRaises(RpcError) as refused:
            self.control.answer_to(running)
        self.assertEqual(refused.exception.kind, "interrupted")
        self.assertEqual(self.daemon.child.wait(15), 0)

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


if __name__ == "__main__":
    unittest.main()
