"""sim52xxctl against the daemon, an emulated modem, nginx, proftpd and vsftpd: as its users will run it."""

import hashlib
import json
import os
import random
import signal
import socket
import time
import unittest

from support.ctl import Terminal, ctl, environment
from support.places import let_others_reach, program
from support.process import Child
from support.rig import Rig
from support.waiting import PATIENCE, until

SIZE = 50 << 20 if os.environ.get("SIM52XX_LONG") else 1 << 20
SECONDS = 600 if os.environ.get("SIM52XX_LONG") else 60


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


class Real(Rig):
    def run_ctl(self, *arguments, code=0, **options):
        done = ctl(self.daemon.socket("control"), *arguments, seconds=SECONDS, cwd=self.folder,
                   env={"SIM52XX_PASSWORD": "mypassword"}, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def wait_for_job(self, look, what):
        """The newest job, as soon as look(job) is true."""
        def newest():
            jobs = json.loads(self.run_ctl("job", "list", "--json", "-n", "1").stdout)["jobs"]
            return jobs[0] if jobs and look(jobs[0]) else None
        return until(newest, f"a job: {what}")


class WithoutModem(Real):
    def setUp(self):
        super().setUp()
        self.daemon = self.start_daemon(self.folder / "no-modem", ready=False)

    def test_version(self):
        self.assertRegex(self.run_ctl("version").stdout, r"sim52xxctl +\d.*\nsim52xxd +\d.*control protocol 1\.\d")

    def test_status(self):
        self.assertRegex(self.run_ctl("status").stdout, r"(?m)^State +(modem_absent|starting|bring_up|recovering)")

    def test_a_request_that_does_not_get_a_modem_in_time(self):
        done = self.run_ctl("https", "get", "https://server.test/", "-m", "0.5", code=7)
        self.assertIn("[timeout]", done.stderr)

    def test_every_method_of_the_protocol_has_a_verb(self):
        methods = {m["name"] for m in json.loads(self.run_ctl("call", "rpc.discover", "--json").stdout)["methods"]}
        verbs = {"version", "status", "https.request", "ftps.run", "job.list", "job.get", "job.wait", "job.cancel",
                 "job.read", "events.subscribe", "session.close", "modem.command", "modem.reset", "metrics",
                 "config.reload", "trace.start", "trace.stop", "trace.get"}
        self.assertLessEqual(verbs, methods)

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_those_who_may_not_are_told_which_group_may(self):
        let_others_reach(self.folder)
        os.chmod(self.daemon.runtime, 0o711)
        os.chmod(self.daemon.socket("control"), 0o666)
        done = ctl(self.daemon.socket("control"), "reset", user="nobody", group="nogroup", extra_groups=[])
        self.assertEqual(done.returncode, 4)
        self.assertIn("sudo usermod -aG sim52xx-admin nobody", done.stderr)

    def test_metrics_reload_and_trace(self):
        self.assertIn("# TYPE sim52xx_", self.run_ctl("metrics").stdout)
        self.assertIn("nothing has changed", self.run_ctl("reload").stdout)
        self.run_ctl("trace", "start")
        self.run_ctl("trace", "save", self.folder / "a.trace")
        self.assertTrue((self.folder / "a.trace").exists())


class Https(Real):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.daemon = self.start_daemon(self.start_emulator(self.nginx).link)
        self.page = self.nginx.folder / "pages" / "ctl.bin"
        self.page.write_bytes(random.Random(7).randbytes(SIZE))

    def test_the_session_of_the_notes_chapter_6_1(self):
        done = self.run_ctl("https", "get", "-i", "--via", "https", "-H", "User-Agent: MY WEB AGENT",
                            "https://server.test/small.txt", text=False).stdout
        self.assertTrue(done.startswith(b"HTTP/1.1 200 OK\r\n") and done.endswith(b"\r\n\r\nHello through the modem.\n"))
        log = until((self.nginx.folder / "access.log").read_text, "nginx to log it")
        self.assertRegex(log, r'"GET /small\.txt HTTP/1\.1" 200 .*"MY WEB AGENT"')

    def test_get_into_a_file(self):
        for way in ("https", "ssl"):
            self.run_ctl("https", "get", "https://server.test/ctl.bin", "-o", "got.bin", "--via", way)
            self.assertEqual(digest(self.folder / "got.bin"), digest(self.page), way)

    def test_get_into_a_pipe(self):
        done = self.run_ctl("https", "get", "https://server.test/ctl.bin", text=False)
        self.assertEqual(hashlib.sha256(done.stdout).hexdigest(), digest(self.page))

    def test_head_and_include(self):
        self.assertIn(f"content-length: {SIZE}\r\n".encode(),
                      self.run_ctl("https", "head", "https://server.test/ctl.bin", text=False).stdout)
        said = self.run_ctl("https", "get", "-i", "https://server.test/small.txt", text=False).stdout
        self.assertTrue(said.startswith(b"HTTP/1.1 200 OK\r\n") and said.endswith(b"\r\n\r\nHello through the modem.\n"))

    def test_post_from_a_file_and_from_a_pipe(self):
        for how in (("-d", f"@{self.page}"), ("-T", self.page)):
            answer = json.loads(self.run_ctl("https", "post", "https://server.test/post", *how).stdout)
            self.assertEqual((answer["bytes"], answer["sha256"]), (SIZE, digest(self.page)))

    def test_redirects(self):
        self.assertIn("302 Found", self.run_ctl("https", "get", "-i", "https://server.test/moved").stdout)
        done = self.run_ctl("https", "get", "-L", "https://server.test/moved")
        self.assertEqual(done.stdout, "Hello through the modem.\n")

    def test_fail(self):
        self.assertIn("404 Not Found", self.run_ctl("https", "get", "-f", "https://server.test/none", code=1).stderr)
        self.assertIn("404 Not Found", self.run_ctl("https", "get", "https://server.test/none").stdout)

    def test_max_bytes(self):
        done = self.run_ctl("https", "get", "https://server.test/ctl.bin", "-o", "got.bin", "--max-bytes", "64K", code=1)
        self.assertIn("[limit]", done.stderr)
        self.assertFalse(list(self.folder.glob("got*")))

    def test_detached_jobs(self):
        job = self.run_ctl("https", "get", "--detach", "https://server.test/ctl.bin", "-o", "got.bin").stdout.strip()
        self.assertRegex(self.run_ctl("job", "wait", job).stdout, r"(?m)^State +done$")
        self.assertEqual(digest(self.folder / "got.bin"), digest(self.page))
        job = self.run_ctl("https", "get", "--detach", "https://server.test/ctl.bin").stdout.strip()
        self.run_ctl("job", "read", job, "-o", "read.bin")
        self.assertEqual(digest(self.folder / "read.bin"), digest(self.page))
        self.assertIn("200", self.run_ctl("job", "show", job).stdout)
        self.run_ctl("job", "show", "999", code=1)

    def test_the_terminal(self):
        terminal = self.started(Terminal(self.daemon.socket("control"), "https", "get", "https://server.test/ctl.bin",
                                         "-o", self.folder / "got.bin"))
        self.assertEqual(terminal.wait(SECONDS), 0)
        self.assertRegex(terminal.shown, r"200 OK, \d+(\.0)? MiB in .*, via https, certificate not checked")
        self.assertEqual(digest(self.folder / "got.bin"), digest(self.page))


class Silent(Real):
    """A server that accepts and then says nothing."""

    def setUp(self):
        super().setUp()
        server = self.start_server(lambda connection: connection.recv(1 << 16) and connection.recv(1))
        self.daemon = self.start_daemon(self.start_emulator(server).link)

    def test_ctrl_c_cancels_the_job(self):
        terminal = self.started(Terminal(self.daemon.socket("control"), "https", "get", "https://server.test/", "-o",
                                         self.folder / "got.bin"))
        terminal.until_shows("receiving")
        terminal.type("\x03")
        self.assertEqual(terminal.wait(), 130)
        self.assertRegex(terminal.shown, r"cancelling job \d+")
        self.wait_for_job(lambda job: job["state"] == "cancelled", "cancelled")
        self.assertFalse(list(self.folder.glob("got*")))

    def test_a_killed_client_takes_its_job_with_it(self):
        child = Child("sim52xxctl", [program("sim52xxctl"), "https", "get", "https://server.test/"], self.folder,
                      env=environment(self.daemon.socket("control")))
        self.wait_for_job(lambda job: job["state"] in ("connecting", "sending", "receiving"), "on its way")
        child.process.send_signal(signal.SIGKILL)
        child.process.wait()
        self.wait_for_job(lambda job: job["state"] == "cancelled", "cancelled")

    def test_max_time(self):
        """Whoever reads our output does not have to wait until the modem has got out of it."""
        begin = time.monotonic()
        done = self.run_ctl("https", "get", "https://server.test/", "-m", "1", code=7)
        self.assertIn("[timeout]", done.stderr)
        self.assertLess(time.monotonic() - begin, 10 * PATIENCE)


class OnServer:
    """The tests for one kind of server."""

    kind = ""

    def setUp(self):
        super().setUp()
        self.server = self.start_ftp_server(self.kind)
        self.efs = self.folder / "efs"
        self.efs.mkdir()
        emulator = self.start_emulator(maps={"server.test:21": self.server.where}, more=["--efs", self.efs])
        self.daemon = self.start_daemon(emulator.link)
        self.file = self.folder / "sent.bin"
        self.file.write_bytes(random.Random(8).randbytes(SIZE))
        self.url = f"ftps://{self.server.user}@server.test"

    def ftps(self, verb, *arguments, **options):
        return self.run_ctl("ftps", verb, *arguments, **options)

    def test_the_session_of_the_notes_chapter_6_2(self):
        """Verb by verb, and as the steps of one login."""
        picture = b"a picture\r\nOK\r\n" * 200
        home, kept = self.server.home, self.folder / "testfile.jpg"
        (self.folder / "t1.txt").write_bytes(b"test contentleft data put here")

        def check(listing):
            self.assertIn("testfile.jpg", listing)
            self.assertEqual(kept.read_bytes(), picture)
            self.assertEqual((self.efs / "Picture" / "testfile.jpg").read_bytes(), picture)
            self.assertEqual((home / "mysubdir" / "t1.txt").read_bytes(), b"test contentleft data put here")
            self.assertFalse((home / "testdir").exists() or (home / "testdelfile.txt").exists())

        self.server.put("testdelfile.txt", b"x")
        self.server.put("mysubdir/testfile.jpg", picture)
        self.ftps("mkdir", f"{self.url}/testdir")
        self.assertTrue((home / "testdir").is_dir())
        self.ftps("rmdir", f"{self.url}/testdir")
        self.ftps("rm", f"{self.url}/testdelfile.txt")
        self.assertEqual(self.ftps("pwd", f"{self.url}/mysubdir/").stdout, "/mysubdir\n")
        listing = self.ftps("ls", f"{self.url}/mysubdir/").stdout
        self.ftps("get-efs", f"{self.url}/mysubdir/testfile.jpg", "--dir", "1")
        (home / "mysubdir" / "testfile.jpg").unlink()
        self.ftps("put-efs", f"{self.url}/mysubdir/testfile.jpg", "--dir", "1")
        self.ftps("get", f"{self.url}/mysubdir/testfile.jpg", "-o", kept)
        self.ftps("put", self.folder / "t1.txt", f"{self.url}/mysubdir/t1.txt")
        check(listing)

        kept.unlink()
        (self.efs / "Picture" / "testfile.jpg").unlink()
        (home / "mysubdir" / "t1.txt").unlink()
        self.server.put("testdelfile.txt", b"x")
        (self.folder / "steps.json").write_text(json.dumps({
            "host": "server.test", "user": self.server.user, "steps": [
                {"op": "mkdir", "path": "testdir"}, {"op": "rmdir", "path": "testdir"},
                {"op": "delete", "path": "testdelfile.txt"}, {"op": "cwd", "path": "/mysubdir"}, {"op": "pwd"},
                {"op": "list"}, {"op": "get_efs", "path": "testfile.jpg", "dir": 1},
                {"op": "put_efs", "path": "testfile.jpg", "dir": 1},
                {"op": "get", "path": "testfile.jpg", "file": str(kept)},
                {"op": "put", "path": "t1.txt", "file": str(self.folder / "t1.txt")}]}))
        done = self.ftps("run", "steps.json").stdout
        self.assertRegex(done, r"(?m)^pwd +/mysubdir +done$")
        check(done)

    def test_a_day_on_the_server(self):
        self.assertEqual(self.ftps("pwd", f"{self.url}/").stdout, "/\n")
        self.ftps("mkdir", f"{self.url}/reports")
        self.ftps("put", self.file, f"{self.url}/reports/", "--verify")
        self.assertEqual(digest(self.server.home / "reports" / "sent.bin"), digest(self.file))
        self.assertEqual(self.ftps("ls", "-1", f"{self.url}/reports").stdout, "sent.bin\n")
        self.assertRegex(self.ftps("ls", f"{self.url}/").stdout, r"reports/\n")
        self.ftps("get", f"{self.url}/reports/sent.bin", "-o", "got.bin")
        self.assertEqual(digest(self.folder / "got.bin"), digest(self.file))
        self.ftps("rm", f"{self.url}/reports/sent.bin")
        self.ftps("rmdir", f"{self.url}/reports")
        self.assertEqual(self.ftps("ls", f"{self.url}/").stdout, "")

    def test_between_the_server_and_the_modem(self):
        self.server.put("photo.jpg", b"a picture\r\n" * 200)
        self.ftps("get-efs", f"{self.url}/photo.jpg")
        stored = until(lambda: list(self.efs.rglob("photo.jpg")), "the file in the modem")
        self.assertEqual(stored[0].read_bytes(), b"a picture\r\n" * 200)
        self.ftps("rm", f"{self.url}/photo.jpg")
        self.ftps("put-efs", f"{self.url}/photo.jpg")
        self.assertEqual((self.server.home / "photo.jpg").read_bytes(), b"a picture\r\n" * 200)

    def test_what_is_not_there(self):
        self.ftps("get", f"{self.url}/none", "-o", "got.bin", code=4)
        self.assertFalse(list(self.folder.glob("got*")))

    def test_steps_in_one_login(self):
        (self.folder / "steps.json").write_text(json.dumps({
            "host": "server.test", "user": self.server.user,
            "steps": [{"op": "mkdir", "path": "a"}, {"op": "put", "path": "a/b.bin", "file": str(self.file)},
                      {"op": "get", "path": "a/b.bin", "file": str(self.folder / "back.bin")}]}))
        self.assertRegex(self.ftps("run", "steps.json").stdout, r"(?m)^get +a/b\.bin +\d")
        self.assertEqual(digest(self.folder / "back.bin"), digest(self.file))

    def test_the_password_is_nowhere(self):
        self.ftps("pwd", f"{self.url}/")
        shown = self.run_ctl("job", "list", "--json").stdout + self.run_ctl("status", "--json").stdout
        self.assertNotIn("mypassword", shown + self.daemon.child.output())


class Proftpd(OnServer, Real):
    kind = "proftpd"


class Vsftpd(OnServer, Real):
    kind = "vsftpd"


class Admin(Real):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.daemon = self.start_daemon(self.start_emulator(self.nginx).link)

    def test_at(self):
        self.assertRegex(self.run_ctl("at", "AT+CSQ").stdout, r"^\+CSQ: \d+,\d+\nOK\n$")
        self.assertIn("belongs to the daemon", self.run_ctl("at", "AT+CSSLOPEN=0", code=4).stderr)

    def test_monitor_session_close_and_reset(self):
        watch = Child("monitor", [program("sim52xxctl"), "monitor"], self.folder,
                      env=environment(self.daemon.socket("control")))
        self.addCleanup(watch.stop)
        watch.until_says("watching")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.daemon.socket("ssl0")))
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "open")
            self.assertRegex(self.run_ctl("status").stdout, r"(?m)^ssl0 +0 +open")
            self.run_ctl("session", "close", "ssl0")
            watch.until_says("session.closed")
        self.assertRegex(watch.output(), r"session\.open +ssl0 +pid \d+, uid \d+, to server\.test:443, session 0")
        self.daemon.until_session("ssl0", lambda s: s["state"] == "idle", "idle")
        self.assertIn("[not_found]", self.run_ctl("session", "close", "ssl0", code=1).stderr)
        self.run_ctl("reset")
        watch.until_says("modem.ready", seconds=60)


if __name__ == "__main__":
    unittest.main()
