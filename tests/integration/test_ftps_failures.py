"""FTPS jobs that fail or are stopped, against real servers."""

import os
import re
import unittest

from support.client import pattern
from support.control import RpcError
from support.waiting import until
from test_ftps_job import FtpsJobs
from test_jobs import MEBI


class Failures(FtpsJobs):
    def test_what_the_server_rejects(self):
        self.serve(knobs={"ftps_style": "new"})
        self.server.put("full/file", b"x")
        for step in ({"op": "cwd", "path": "none"}, {"op": "rmdir", "path": "full"}, {"op": "delete", "path": "none"},
                     {"op": "mkdir", "path": "full"}, {"op": "get", "path": "none"}, {"op": "get_efs", "path": "none"},
                     {"op": "put", "path": "none/file", "body": "x"}):
            with self.subTest(step["op"]):
                error = self.fails({"op": "pwd"}, step)
                self.assertEqual(error.kind, "denied", error)
                self.assertEqual(error.data["stage"], f"step 2 of 2: {step['op']}")
                self.assertIn("rejected by the server (9)", error.message)
                self.assertEqual(error.data["partial"], {"steps": [{"op": "pwd", "path": "/"}]})
        self.assert_in_order()

    def test_wrong_password(self):
        for style, kind in (("old", "connect_failed"), ("new", "denied")):
            with self.subTest(style):
                self.folder = self.folder / style
                self.folder.mkdir()
                self.serve(knobs={"ftps_style": style})
                error = self.fails({"op": "pwd"}, password="not-the-password")
                self.assertEqual((error.kind, error.data["stage"]), (kind, "open"))
                self.assertNotIn("not-the-password", self.daemon.child.output())
                self.assert_in_order()

    def test_bad_certificate(self):
        self.serve(pair=self.certificates.wrong_host, knobs={"ftps_style": "new"})
        self.assertEqual(self.fails({"op": "pwd"}).kind, "tls_alert")

    def test_no_server(self):
        self.serve()
        error = self.fails({"op": "pwd"}, port=22)
        self.assertEqual(error.kind, "connect_failed")
        self.assert_in_order()

    def test_a_server_that_dies(self):
        """In mid-file, and between two commands."""
        for notify in (True, False):
            with self.subTest(notify=notify):
                self.folder = self.folder / str(notify)
                self.folder.mkdir()
                other = self.start_ftp_server("vsftpd")
                self.serve(knobs={"ftps_style": "new", "ftps_notify": notify}, more=["--baud", "115200"],
                           maps={"server.test:2121": other.where})
                self.server.put("a.bin", pattern(4 * MEBI, 1))
                reading, writing = os.pipe()
                request = self.control.start("ftps.run", [writing], host="server.test", user=self.server.user,
                                             password=self.server.password,
                                             steps=[{"op": "get", "path": "a.bin", "response_fd": 0}])
                os.close(writing)
                with open(reading, "rb") as pipe:
                    begun = pipe.read(1000)
                    self.server.child.kill()
                    self.emulator.control("drop_peer", session="ftps")
                    got = len(begun) + len(pipe.read())
                with self.assertRaises(RpcError) as refused:
                    self.control.answer_to(request)
                self.assertLess(got, 4 * MEBI)
                self.assertIn(refused.exception.kind, ("peer_closed", "interrupted"))
                self.server = other
                self.assert_in_order(port=2121)


class Stopped(FtpsJobs):
    def begin_get(self, size, **more):
        """A get that has begun to move, and its job's number."""
        self.server.put("a.bin", pattern(size, 1))
        reading, writing = os.pipe()
        self.addCleanup(os.close, reading)
        request = self.control.start("ftps.run", [writing], host="server.test", user=self.server.user,
                                     password=self.server.password,
                                     steps=[{"op": "get", "path": "a.bin", "response_fd": 0}], **more)
        os.close(writing)
        os.read(reading, 1000)
        return request, self.other.call("job.list")["jobs"][0]["job_id"]

    def cancelled(self, request, job):
        self.other.call("job.cancel", job_id=job)
        with self.assertRaises(RpcError) as refused:
            self.control.answer_to(request)
        self.assertEqual(refused.exception.kind, "cancelled")

    def serve(self, *args, **options):
        super().serve(*args, **options)
        self.other = self.connect()

    def test_in_a_get_that_ends_soon(self):
        self.serve(more=["--baud", "115200"])
        self.cancelled(*self.begin_get(60000))
        self.assert_in_order()
        self.assertEqual(self.emulator.status()["ftps"]["logins"], 2)
        self.assertEqual(self.starts(), 1, "it was logged out, and the stack stayed warm")

    def starts(self):
        return len(re.findall(r"tty > AT\+CFTPSSTART", self.daemon.child.output()))

    def test_in_a_get_that_does_not_end(self):
        """The modem goes on pushing the file: its stack is stopped in the middle of it, and nothing of it is lost."""
        self.serve(more=["--baud", "115200"], timeouts={"close": 1})
        self.cancelled(*self.begin_get(8 * MEBI))
        self.assert_in_order()
        self.assertEqual(self.starts(), 2)

    def test_by_its_timeout(self):
        self.serve(more=["--baud", "115200"], timeouts={"close": 1})
        request, _ = self.begin_get(8 * MEBI, timeout=2)
        with self.assertRaises(RpcError) as refused:
            self.control.answer_to(request)
        self.assertEqual(refused.exception.kind, "timeout")
        self.assert_in_order()

    def test_in_a_put(self):
        """Whatever the modem thinks of a logout in mid-file."""
        for answer in ("ok", "error"):
            with self.subTest(logout=answer):
                self.folder = self.folder / answer
                self.folder.mkdir()
                self.serve(knobs={"ftps_logout_busy": answer})
                reading, writing = os.pipe()
                request = self.control.start("ftps.run", [reading], host="server.test", user=self.server.user,
                                             password=self.server.password,
                                             steps=[{"op": "put", "path": "a.bin", "body_fd": 0}])
                os.close(reading)
                os.write(writing, b"x" * 5000)
                job = until(lambda: self.other.call("job.list")["jobs"], "the job")[0]["job_id"]
                until(lambda: self.other.call("job.get", job_id=job)["progress"]["up"] >= 4608, "it to move")
                self.cancelled(request, job)
                os.close(writing)
                self.assert_in_order()
                self.assertEqual(self.starts(), 2)

    def test_while_logging_in(self):
        self.serve(knobs={"open_ms": 1500})
        request = self.control.start("ftps.run", host="server.test", user=self.server.user,
                                     password=self.server.password, steps=[{"op": "pwd"}])
        until(lambda: self.emulator.status()["ftps"]["state"] == "logging_in", "it to log in")
        self.cancelled(request, self.other.call("job.list")["jobs"][0]["job_id"])
        self.assert_in_order()
        self.assertEqual(self.emulator.status()["ftps"]["logins"], 2)
        self.assertEqual(self.starts(), 1)

    def test_the_modem_restarts_in_the_middle(self):
        self.serve(more=["--baud", "115200"])
        request, _ = self.begin_get(8 * MEBI)
        self.emulator.control("reboot")
        with self.assertRaises(RpcError) as refused:
            self.control.answer_to(request)
        self.assertEqual(refused.exception.kind, "modem_absent")
        self.daemon.until_ready()
        self.assert_in_order(bring_ups=2)


if __name__ == "__main__":
    unittest.main()
