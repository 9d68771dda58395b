"""sim52xxctl while a job runs: the progress bar, Ctrl-C, a daemon that dies; and the verbs for jobs."""

import json
import os
import signal
import threading
import unittest

from support.ctl import Terminal, ctl, environment
from support.fake_daemon import FakeDaemon, Refused, now, wait
from support.places import program
from support.process import Child
from support.rig import Rig
from support.waiting import until


def job(call, **more):
    return {"job_id": "7", "client_ref": None, "kind": "https", "state": "receiving", "waiting_for": None,
            "progress": {"stage": "", "up": 0, "down": 0, "total": None}, "error": None,
            "owner": {"uid": os.getuid(), "pid": call.connection.pid}, "created": now(), "started": now(),
            "finished": None, **more}


class Running(Rig):
    """A job that goes on until the test says so."""

    def setUp(self):
        super().setUp()
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.daemon = self.started(FakeDaemon(self.folder, https__request=self.run_job))
        self.daemon.on("events.subscribe", {"boot_id": "x", "seq": 0})
        self.daemon.on("job.cancel", self.cancel)
        self.error = None

    def run_job(self, call):
        self.call = call
        self.begun.set()
        self.go_on.wait(60)
        if self.error:
            raise self.error
        call.write_body(call.params["response_fd"], b"page")
        return {"job_id": "7", "status": 200, "headers": [], "bytes": 4, "via": "ssl", "verified": True, "redirects": 0}

    def cancel(self, _):
        self.error = Refused("cancelled", "the job was cancelled")
        self.go_on.set()
        return {"job_id": "7", "state": "closing"}

    def on_terminal(self, *more, **options):
        terminal = self.started(Terminal(self.daemon.path, "https", "get", "https://x/", "-o", self.folder / "page",
                                         *more, **options))
        wait(self.begun, "the job to begin")
        return terminal

    def test_the_bar(self):
        terminal = self.on_terminal()
        self.call.event("job.state", **job(self.call, state="acquiring", waiting_for={
            "stack": "ftps", "holder": "ssl0", "since": now()}))
        terminal.until_shows("acquiring: waiting for the ftps stack, held by ssl0")
        self.call.event("job.progress", **job(self.call, progress={
            "stage": "", "up": 0, "down": 512 << 10, "total": 1 << 20}))
        terminal.until_shows("receiving  50%  [====")
        terminal.until_shows("512 KiB of 1.0 MiB")
        self.go_on.set()
        self.assertEqual(terminal.wait(), 0)
        self.assertIn("200 OK, 4 B in", terminal.shown)
        self.assertIn("via ssl, certificate checked by the modem", terminal.shown)
        self.assertEqual((self.folder / "page").read_bytes(), b"page")

    def test_the_bar_fits_into_a_narrow_terminal(self):
        terminal = self.on_terminal(columns=40)
        self.call.event("job.state", **job(self.call, state="acquiring", waiting_for={
            "stack": "ftps", "holder": "a holder with a very long name indeed", "since": now()}))
        terminal.until_shows("acquiring: waiting for the ftps stack")
        self.go_on.set()
        terminal.wait()
        for line in terminal.shown.split("\r"):
            if line.startswith("acquiring"):
                self.assertLess(len(line.split("\n")[0]), 40)

    def test_of_other_jobs_nothing_is_shown(self):
        terminal = self.on_terminal()
        other = job(self.call, job_id="8", state="sending")
        other["owner"]["pid"] += 1
        self.call.event("job.state", **other)
        self.call.event("job.state", **job(self.call))
        terminal.until_shows("receiving")
        self.assertNotIn("sending", terminal.shown)
        self.go_on.set()
        terminal.wait()

    def test_silent(self):
        terminal = self.on_terminal("-s")
        self.go_on.set()
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(terminal.shown, "")

    def test_ctrl_c_cancels_the_job(self):
        terminal = self.on_terminal()
        self.call.event("job.state", **job(self.call))
        terminal.until_shows("receiving")
        terminal.type("\x03")
        self.assertEqual(terminal.wait(), 130)
        self.assertIn("cancelling job 7", terminal.shown)
        self.assertIn("sim52xxctl: ", terminal.shown)
        self.assertEqual(self.daemon.asked("job.cancel"), [{"job_id": "7"}])
        self.assertEqual([p.name for p in self.folder.glob("page*")], [], "no half of a file")

    def test_a_second_ctrl_c_does_not_wait(self):
        self.daemon.on("job.cancel", lambda _: {"job_id": "7", "state": "closing"})
        terminal = self.on_terminal()
        self.call.event("job.state", **job(self.call))
        terminal.until_shows("receiving")
        terminal.type("\x03")
        terminal.until_shows("cancelling")
        terminal.type("\x03")
        self.assertEqual(terminal.wait(), 130)
        wait(self.call.connection.closed, "the connection to be closed")

    def test_a_signal_before_the_number_is_known(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            self.begun.clear()
            child = Child("sim52xxctl", [program("sim52xxctl"), "https", "get", "https://x/", "-o", "page"], self.folder,
                          env=environment(self.daemon.path), cwd=self.folder)
            wait(self.begun, "the job to begin")
            child.process.send_signal(number)
            self.assertEqual(child.wait(20), 128 + number)
            self.assertIn("the daemon cancels the job", child.output())
            wait(self.call.connection.closed, "the connection to be closed: that cancels the job")
            self.assertEqual(list(self.folder.glob("page*")), [])

    def test_a_signal_that_is_ignored_stays_ignored(self):
        child = Child("nohup", ["nohup", program("sim52xxctl"), "https", "get", "https://x/", "-o", "page"], self.folder,
                      env=environment(self.daemon.path), cwd=self.folder)
        wait(self.begun, "the job to begin")
        child.process.send_signal(signal.SIGHUP)
        self.go_on.set()
        self.assertEqual(child.wait(20), 0)

    def test_the_daemon_dies_in_the_middle(self):
        child = Child("sim52xxctl", [program("sim52xxctl"), "https", "get", "https://x/", "-o", "page"], self.folder,
                      env=environment(self.daemon.path), cwd=self.folder)
        wait(self.begun, "the job to begin")
        self.daemon.die()
        self.assertEqual(child.wait(20), 3)
        self.assertIn("while the job ran", child.output())
        self.assertEqual(list(self.folder.glob("page*")), [])

    def test_a_daemon_without_events_does_the_job_all_the_same(self):
        del self.daemon.handlers["events.subscribe"]
        terminal = self.on_terminal()
        self.go_on.set()
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual((self.folder / "page").read_bytes(), b"page")

    def test_a_page_on_the_terminal_while_one_types(self):
        """Standard input, a terminal, is the body: it ends with Ctrl-D."""
        self.daemon.on("https.request", lambda call: {
            "status": 200, "bytes": 0, "job_id": "7", "headers": [], "via": "ssl", "verified": True, "redirects": 0,
            "echo": self.bodies.append(call.read_body(call.params["body_fd"]))})
        self.bodies = []
        terminal = self.started(Terminal(self.daemon.path, "https", "post", "https://x/", "-d", "@-"))
        until(lambda: self.daemon.asked("https.request"), "the request")
        terminal.type("typed\n")
        terminal.type("\x04")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(self.bodies, [b"typed\n"])


class Verbs(Rig):
    def setUp(self):
        super().setUp()
        self.daemon = self.started(FakeDaemon(self.folder))
        self.job = {"job_id": "7", "client_ref": "nightly", "kind": "ftps", "state": "failed", "waiting_for": None,
                    "progress": {"stage": "step 1 of 2: put", "up": 2048, "down": 0, "total": 4096},
                    "error": {"kind": "busy", "message": "ssl0 has the modem", "stage": "acquire"},
                    "owner": {"uid": 1000, "pid": 42}, "created": now(), "started": now(), "finished": now()}
        self.daemon.on("job.list", lambda _: {"jobs": [self.job]})
        for method in ("job.get", "job.wait", "job.cancel"):
            self.daemon.on(method, lambda _: self.job)

    def run_ctl(self, *arguments, code=0, **options):
        done = ctl(self.daemon.path, "job", *arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_list(self):
        lines = self.run_ctl("list").stdout.splitlines()
        self.assertEqual(lines[0].split(), ["JOB", "REF", "KIND", "STATE", "PROGRESS", "MADE", "NOTE"])
        self.assertRegex(lines[1], r"^7 +nightly +ftps +failed +step 1 of 2: put, 50 %, 2\.0 KiB of 4\.0 KiB")
        self.assertIn("ssl0 has the modem [busy]", lines[1])
        self.assertEqual(self.run_ctl("list", "-q").stdout, "7\n")
        self.assertEqual(json.loads(self.run_ctl("list", "--json").stdout)["jobs"], [self.job])
        self.run_ctl("list", "--state", "failed", "-n", "5")
        self.assertEqual(self.daemon.asked("job.list")[-1], {"state": "failed", "limit": 5})
        self.daemon.on("job.list", {"jobs": []})
        self.assertEqual(self.run_ctl("list").stdout, "")

    def test_show(self):
        self.assertRegex(self.run_ctl("show", "7").stdout, r"(?m)^State +failed$")
        self.assertEqual(self.daemon.asked("job.get"), [{"job_id": "7"}])

    def test_wait_has_the_exit_code_of_the_job(self):
        done = self.run_ctl("wait", "7", code=5)
        self.assertIn("ssl0 has the modem", done.stderr)
        self.job = {**self.job, "state": "done", "error": None}
        self.run_ctl("wait", "7")
        self.job = {**self.job, "state": "queued"}
        self.run_ctl("wait", "7", "-m", "0.1", code=7)
        self.assertEqual(self.daemon.asked("job.wait")[-1], {"job_id": "7", "timeout": 0.1})

    def test_ctrl_c_ends_the_waiting_only(self):
        begun, never = threading.Event(), threading.Event()
        self.daemon.on("job.wait", lambda _: (begun.set(), never.wait(30))[0])
        terminal = self.started(Terminal(self.daemon.path, "job", "wait", "7"))
        wait(begun, "job.wait")
        terminal.type("\x03")
        self.assertEqual(terminal.wait(), 130)
        self.assertIn("job 7 goes on", terminal.shown)
        self.assertEqual(self.daemon.asked("job.cancel"), [])
        never.set()

    def test_cancel(self):
        self.assertEqual(self.run_ctl("cancel", "7").stdout, "")
        self.assertEqual(self.daemon.asked("job.cancel"), [{"job_id": "7"}])

    def test_read_by_pieces(self):
        pieces = {0: ("AAEC", False), 3: ("", False), 4: None}
        waited = []

        def read(call):
            offset = call.params["offset"]
            if offset == 3:
                waited.append(offset)
                return {"data_base64": "Aw==", "eof": True} if len(waited) > 2 else {"data_base64": "", "eof": False}
            data, eof = pieces[offset]
            return {"data_base64": data, "eof": eof}
        self.daemon.on("job.read", read)
        self.assertEqual(self.run_ctl("read", "7", text=False).stdout, b"\0\1\2\3")
        waited.clear()
        self.run_ctl("read", "7", "--step", "2", "-o", self.folder / "body")
        self.assertEqual((self.folder / "body").read_bytes(), b"\0\1\2\3")
        self.assertEqual(self.daemon.asked("job.read")[-1]["step"], 2)

    def test_read_that_fails_leaves_no_file(self):
        def read(call):
            if call.params["offset"] > 0:
                raise Refused("not_found", "there is no such job")
            return {"data_base64": "AAEC", "eof": False}
        self.daemon.on("job.read", read)
        self.run_ctl("read", "7", "-o", self.folder / "body", code=1)
        self.assertEqual([p.name for p in self.folder.glob("body*")], [])


if __name__ == "__main__":
    unittest.main()
