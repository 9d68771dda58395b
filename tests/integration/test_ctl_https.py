"""sim52xxctl https in curl's letters, against a daemon that answers what the test wants."""

import hashlib
import json
import os
import pathlib
import stat
import subprocess
import threading
import time
import unittest

from support.client import SANITIZED
from support.ctl import Terminal, ctl, environment
from support.fake_daemon import FakeDaemon, Refused, wait
from support.places import program
from support.waiting import PATIENCE
from support.rig import Rig

PAGE = bytes(range(256)) * 40


def answer(call, body=b"", **more):
    """As the daemon answers: the body into the descriptor, where one was passed."""
    result = {"job_id": "1", "status": 200, "headers": [{"name": "content-type", "value": "text/plain"}],
              "bytes": len(body), "via": "https", "verified": False, "redirects": 0, **more}
    if "response_fd" in call.params:
        call.write_body(call.params["response_fd"], body)
    return result


class Https(Rig):
    def setUp(self):
        super().setUp()
        self.daemon = self.started(FakeDaemon(self.folder))
        self.daemon.on("https.request", lambda call: answer(call, PAGE))

    def run_ctl(self, *arguments, code=0, **options):
        done = ctl(self.daemon.path, "https", *arguments, cwd=self.folder, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def asked(self):
        return self.daemon.asked("https.request")[-1]

    def refuse(self, kind, message, body=b"half of it"):
        def handler(call):
            answer(call, body)
            raise Refused(kind, message)
        self.daemon.on("https.request", handler)


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
            if not SANITIZED:
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


class Quiet:
    """A call without descriptors."""
    params = {}


class Requests(Https):
    def setUp(self):
        super().setUp()
        self.daemon.on("https.request", answer)

    def body_of(self, *arguments, **options):
        """What the daemon reads from the descriptor that it is passed."""
        seen = []

        def handler(call):
            seen.append(call.read_body(call.params["body_fd"]))
            return answer(call)
        self.daemon.on("https.request", handler)
        self.run_ctl(*arguments, **options)
        return seen[0]

    def test_methods(self):
        for verb, method in (("get", "GET"), ("post", "POST"), ("put", "PUT"), ("delete", "DELETE"),
                             ("request", "GET")):
            self.run_ctl(verb, "https://x/")
            self.assertEqual(self.asked()["method"], method)
        self.run_ctl("request", "https://x/", "-d", "a")
        self.assertEqual(self.asked()["method"], "POST")
        self.run_ctl("request", "-X", "PATCH", "https://x/", "-d", "a")
        self.assertEqual(self.asked()["method"], "PATCH")

    def test_data_is_a_form(self):
        self.run_ctl("post", "https://x/", "-d", "a=1", "-d", "b=[2]")
        self.assertEqual(self.asked()["body"], "a=1&b=[2]")
        self.assertEqual(self.asked()["headers"],
                         [{"name": "Content-Type", "value": "application/x-www-form-urlencoded"}])

    def test_data_that_is_no_text(self):
        self.run_ctl("post", "https://x/", "-d", os.fsdecode(b"\xff\xfe"))
        self.assertEqual(self.asked()["body_base64"], "//4=")

    def test_data_from_a_file_as_it_is(self):
        (self.folder / "data").write_bytes(PAGE)
        self.assertEqual(self.body_of("post", "https://x/", "-d", "@data"), PAGE)
        self.assertEqual(self.asked()["headers"], [{"name": "Content-Type", "value": "application/octet-stream"}])
        self.assertEqual(self.body_of("put", "-T", "data", "https://x/"), PAGE)
        self.assertEqual(self.asked()["method"], "PUT")

    def test_data_from_standard_input(self):
        self.assertEqual(self.body_of("post", "https://x/", "-d", "@-", input=PAGE, text=False), PAGE)
        (self.folder / "data").write_bytes(PAGE)
        with open(self.folder / "data", "rb") as data:
            data.seek(100)
            self.assertEqual(self.body_of("put", "-T", "-", "https://x/", stdin=data, text=False), PAGE[100:])

    def test_data_from_a_device(self):
        self.assertEqual(self.body_of("post", "https://x/", "-d", "@/dev/null"), b"")

    def test_answer_and_request_both_by_descriptor(self):
        def handler(call):
            return answer(call, hashlib.sha256(call.read_body(call.params["body_fd"])).hexdigest().encode())
        self.daemon.on("https.request", handler)
        (self.folder / "data").write_bytes(PAGE)
        done = self.run_ctl("post", "https://x/", "-d", "@data")
        self.assertEqual(done.stdout, hashlib.sha256(PAGE).hexdigest())

    def test_two_things_to_send(self):
        (self.folder / "data").write_bytes(PAGE)
        self.run_ctl("post", "https://x/", "-d", "@data", "-d", "a", code=2)
        self.run_ctl("post", "https://x/", "-T", "data", "-d", "a", code=2)

    def test_headers(self):
        (self.folder / "secret").write_text("Authorization: Bearer abc\r\n\r\nX-Two: 2\n")
        self.run_ctl("get", "https://x/", "-H", "Accept: a, b", "-H", "@secret", "-H", "X-Empty;", "-H", "accept:c")
        self.assertEqual([(h["name"], h["value"]) for h in self.asked()["headers"]],
                         [("Accept", "a, b"), ("Authorization", "Bearer abc"), ("X-Two", "2"), ("X-Empty", ""),
                          ("accept", "c")])
        self.run_ctl("get", "https://x/", "-H", "Accept:", code=2)

    def test_own_content_type(self):
        self.run_ctl("post", "https://x/", "-d", "{}", "-H", "content-type: application/json")
        self.assertEqual(self.asked()["headers"], [{"name": "content-type", "value": "application/json"}])

    def test_the_other_letters(self):
        self.run_ctl("get", "x/page", "-L", "-m", "1.5", "--via", "ssl", "--max-bytes", "64K", "--ref", "night", "-sS")
        self.assertEqual(self.asked(), {"url": "https://x/page", "method": "GET", "follow_redirects": 10,
                                        "timeout": 1.5, "via": "ssl", "max_bytes": 65536, "client_ref": "night",
                                        "response_fd": 0})
        self.run_ctl("get", "https://x/", "-L", "--max-redirs", "3")
        self.assertEqual(self.asked()["follow_redirects"], 3)

    def test_detached(self):
        taken = threading.Event()

        def handler(call):
            def later(fd=os.dup(call.fds[0]) if call.fds else None):
                wait(call.connection.closed, "sim52xxctl to be gone")
                if fd is not None:
                    with os.fdopen(fd, "wb") as body:
                        body.write(PAGE)
                taken.set()
            threading.Thread(target=later).start()
            return {"job_id": "7"}
        self.daemon.on("https.request", handler)
        done = self.run_ctl("get", "--detach", "https://x/", "-o", "page")
        self.assertEqual(done.stdout, "7\n")
        wait(taken, "the job to write")
        self.assertEqual((self.folder / "page").read_bytes(), PAGE, "into the file that has the name already")
        self.assertEqual(self.asked()["detach"], True)
        self.run_ctl("get", "--detach", "https://x/")
        self.assertNotIn("response_fd", self.asked(), "the daemon keeps it for job read")
        self.run_ctl("get", "--detach", "-f", "https://x/", code=2)
        self.run_ctl("get", "--detach", "https://x/", "-o", "-", code=2)

    def test_detached_with_something_to_send(self):
        bodies = []
        self.daemon.on("https.request", lambda call: bodies.append(call.read_body(0)) or {"job_id": "7"})
        (self.folder / "data").write_bytes(PAGE)
        self.run_ctl("post", "--detach", "https://x/", "-d", "@data")
        self.run_ctl("post", "--detach", "https://x/", "-d", "@-", input=PAGE, text=False)
        self.assertEqual(bodies, [PAGE, PAGE])
        self.run_ctl("post", "--detach", "https://x/", "-d", "@/dev/null", code=2)

    def test_a_daemon_that_keeps_the_descriptors_keeps_nobody_waiting(self):
        kept = []

        def handler(call):
            kept.extend(os.dup(fd) for fd in call.fds)
            raise Refused("timeout", "late; the modem is still at it")
        self.daemon.on("https.request", handler)
        begin = time.monotonic()
        self.run_ctl("post", "https://x/", "-d", "@-", input=PAGE, text=False, code=7)
        self.assertLess(time.monotonic() - begin, 10 * PATIENCE, "our pipes are not the daemon's")
        for fd in kept:
            os.close(fd)

    def test_a_reader_that_leaves_early(self):
        def handler(call):
            try:
                with os.fdopen(os.dup(call.fds[0]), "wb") as body:
                    for _ in range(64):
                        body.write(b"line\n" * 20000)
            except BrokenPipeError:
                raise Refused("interrupted", "the reader is gone") from None
            return answer(Quiet)
        self.daemon.on("https.request", handler)
        done = subprocess.run(f"{program('sim52xxctl')} https get https://x/ | head -n 1", shell=True, timeout=60,
                              env=environment(self.daemon.path), capture_output=True, text=True, check=False)
        self.assertEqual(done.stdout, "line\n")

    def test_a_full_disk(self):
        self.daemon.on("https.request", lambda call: answer(call, PAGE))
        if not pathlib.Path("/dev/full").exists():
            self.skipTest("no /dev/full here")
        with open("/dev/full", "wb") as full:
            done = subprocess.run([program("sim52xxctl"), "https", "get", "https://x/"], stdout=full, timeout=60,
                                  env=environment(self.daemon.path), stderr=subprocess.PIPE, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertIn("No space left", done.stderr)


if __name__ == "__main__":
    unittest.main()
