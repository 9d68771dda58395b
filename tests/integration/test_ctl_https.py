"""sim52xxctl https in curl's letters, against a daemon that answers what the test wants."""

import hashlib
import os
import pathlib
import subprocess
import threading
import time
import unittest

from support.ctl import ctl, environment
from support.fake_daemon import FakeDaemon, Refused, wait
from support.places import program
from support.rig import Rig
from support.waiting import PATIENCE

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
