"""Where sim52xxctl https puts what it gets, against a daemon that answers what the test wants."""

import json
import os
import stat
import subprocess
import unittest

from support.client import INSTRUMENTED
from support.ctl import Terminal, environment
from support.fake_daemon import wait
from support.places import program
from test_ctl_https import PAGE, Https, answer


class Quiet:
    """A call without descriptors."""
    params = {}


class Output(Https):
    def test_standard_output_is_a_pipe(self):
        done = self.run_ctl("get", "https://x/page", text=False)
        self.assertEqual((done.stdout, done.stderr), (PAGE, b""))
        self.assertEqual(self.asked(), {"url": "https://x/page", "method": "GET", "response_fd": 0})

    def test_standard_output_is_a_file_that_has_something_already(self):
        path = self.folder / "out"
        with open(path, "wb") as out:
            out.write(b"before\n")
            out.flush()
            subprocess.run([program("sim52xxctl"), "https", "get", "https://x/"], stdout=out, check=True,
                           env=environment(self.daemon.path))
            subprocess.run(["echo", "after"], stdout=out, check=True)
        self.assertEqual(path.read_bytes(), b"before\n" + PAGE + b"after\n")

    def test_standard_output_is_a_terminal(self):
        self.daemon.on("https.request", lambda call: answer(call, b"Hello\n"))
        terminal = self.started(Terminal(self.daemon.path, "https", "get", "https://x/"))
        self.assertEqual(terminal.wait(), 0)
        self.assertIn("Hello\r\n", terminal.shown)
        self.assertNotIn("receiving", terminal.shown, "no bar over the page")
        self.assertIn("200 OK", terminal.shown)

    def test_into_a_file(self):
        self.run_ctl("get", "https://x/", "-o", "page")
        self.assertEqual((self.folder / "page").read_bytes(), PAGE)
        self.assertEqual(stat.S_IMODE(os.stat(self.folder / "page").st_mode), 0o666 & ~self.umask())
        self.assertEqual(self.names(), ["page"])

    @staticmethod
    def umask():
        mask = os.umask(0)
        os.umask(mask)
        return mask

    def names(self):
        return sorted(path.name for path in self.folder.iterdir() if path.name not in ("control.sock", "certificates"))

    def test_remote_name(self):
        self.run_ctl("get", "https://x/dir/page.html?a=/b", "-O")
        self.assertEqual(self.names(), ["page.html"])
        self.run_ctl("get", "https://x/", "-O", code=2)
        self.run_ctl("get", "https://x", "-O", code=2)

    def test_an_existing_file_keeps_its_permissions(self):
        path = self.folder / "page"
        path.write_text("old")
        path.chmod(0o600)
        self.run_ctl("get", "https://x/", "-o", path)
        self.assertEqual((path.read_bytes(), stat.S_IMODE(path.stat().st_mode)), (PAGE, 0o600))

    def test_a_link_stays_a_link(self):
        (self.folder / "real").write_text("old")
        (self.folder / "link").symlink_to("real")
        self.run_ctl("get", "https://x/", "-o", "link")
        self.assertTrue((self.folder / "link").is_symlink())
        self.assertEqual((self.folder / "real").read_bytes(), PAGE)

    def test_into_a_device(self):
        self.run_ctl("get", "https://x/", "-o", "/dev/null")
        self.assertTrue(stat.S_ISCHR(os.stat("/dev/null").st_mode))

    def test_after_a_failure_no_new_file_is_there_and_an_old_one_is_as_it_was(self):
        self.refuse("peer_closed", "cut short")
        self.run_ctl("get", "https://x/", "-o", "page", code=1)
        self.assertEqual(self.names(), [])
        (self.folder / "page").write_text("old")
        self.run_ctl("get", "https://x/", "-o", "page", code=1)
        self.assertEqual((self.folder / "page").read_text(), "old")
        self.assertEqual(self.names(), ["page"])

    def test_a_file_that_cannot_be_made(self):
        done = self.run_ctl("get", "https://x/", "-o", "no/such/folder/page", code=1)
        self.assertIn("No such file or directory", done.stderr)
        self.assertEqual(self.daemon.requests, [], "the modem is not bothered")

    def test_include_puts_the_head_first(self):
        done = self.run_ctl("get", "-i", "https://x/", text=False)
        self.assertEqual(done.stdout, b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n" + PAGE)
        self.run_ctl("get", "-i", "https://x/", "-o", "page")
        self.assertEqual((self.folder / "page").read_bytes(), done.stdout)

    def test_head(self):
        done = self.run_ctl("head", "https://x/", text=False)
        self.assertEqual(done.stdout, b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
        self.assertEqual(self.asked(), {"url": "https://x/", "method": "HEAD"})

    def test_fail_prints_no_body(self):
        self.daemon.on("https.request", lambda call: answer(call, b"sorry", status=404))
        self.assertEqual(self.run_ctl("get", "https://x/").stdout, "sorry")
        done = self.run_ctl("get", "-f", "https://x/", code=1)
        self.assertEqual(done.stdout, "")
        self.assertIn("404 Not Found", done.stderr)
        self.run_ctl("get", "-f", "https://x/", "-o", "page", code=1)
        self.assertEqual(self.names(), [])
        self.daemon.on("https.request", lambda call: answer(call, b"good"))
        self.assertEqual(self.run_ctl("get", "-f", "https://x/").stdout, "good")

    def test_json_has_the_result_and_the_body_in_it(self):
        self.daemon.on("https.request", lambda call: {**answer(call), "body": "Hello"})
        done = self.run_ctl("get", "--json", "https://x/")
        self.assertEqual(json.loads(done.stdout)["body"], "Hello")
        self.assertNotIn("response_fd", self.asked())
        self.daemon.on("https.request", lambda call: answer(call, PAGE))
        done = self.run_ctl("get", "--json", "https://x/", "-o", "page")
        self.assertEqual(json.loads(done.stdout)["status"], 200)
        self.assertEqual((self.folder / "page").read_bytes(), PAGE)

    def test_large_body_in_little_memory(self):
        size = 64 << 20

        def handler(call):
            piece = b"x" * (1 << 20)
            with os.fdopen(os.dup(call.fds[0]), "wb") as body:
                for _ in range(size >> 20):
                    body.write(piece)
            return answer(Quiet, bytes=size)
        self.daemon.on("https.request", handler)
        for output in ("-", "page", "/dev/null"):
            with open(self.folder / "sink", "wb") as sink:
                used = self.memory_of(["https", "get", "https://x/", "-o", output], stdout=sink)
            if not INSTRUMENTED:
                self.assertLess(used, 40 << 10, f"KiB for -o {output}")
        self.assertEqual((self.folder / "sink").stat().st_size, 0)
        self.assertEqual((self.folder / "page").stat().st_size, size)

    def memory_of(self, arguments, **options):
        """Peak resident set in KiB."""
        process = subprocess.Popen([program("sim52xxctl"), *arguments], cwd=self.folder,
                                   env=environment(self.daemon.path), **options)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0)
        return usage.ru_maxrss


if __name__ == "__main__":
    unittest.main()
