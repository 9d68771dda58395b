"""HTTPS jobs with firmware of all sorts, and with all that HTTP servers do."""

import os
import threading

from support.client import Client, pattern
from support.control import RpcError
from support.http_server import HttpServer, page
from support.waiting import until
from test_jobs import Jobs, digest


class Firmware(Jobs):
    """The same jobs, whatever the modem makes of the note."""

    def check(self, size=200000, **knobs):
        self.serve_https(size=size)
        if knobs:
            self.emulator.control("set", **knobs)
        for _ in range(2):  # the second one knows the modem, and finds its connection still open
            out = self.opened("out")
            answer = self.control.call("https.request", [out.fileno()], url="https://server.test/random.bin",
                                       response_fd=0)
            self.assertEqual((answer["status"], answer["via"]), (200, "https"))
            out.seek(0)
            self.assertEqual(digest(out.read()), digest(self.nginx.page))
        content = pattern(size // 2, 5)
        body = self.opened("in")
        body.write(content)
        body.flush()
        body.seek(0)
        answer = self.control.call("https.request", [body.fileno()], url="https://server.test/post", method="POST",
                                   body_fd=0, headers={"Content-Type": "application/octet-stream"})
        self.assertIn(digest(content), answer["body"])
        answer = self.control.call("https.request", url="https://server.test/small.txt", method="HEAD")
        self.assertEqual((answer["status"], answer["bytes"], answer["headers"]["content-length"]), (200, 0, "25"))
        with self.assertRaises(RpcError) as refused:
            self.control.call("https.request", url="https://nobody.test/")
        self.assertEqual(refused.exception.kind, "connect_failed")
        self.assertEqual(self.control.call("https.request", url="https://server.test/small.txt")["status"], 200)
        until(lambda: not self.emulator.status()["https"]["started"], "the stack to be stopped",
              last=self.emulator.status)

    def test_of_the_note(self):
        self.check()

    def test_number_is_the_most(self):
        self.check(https_recv="at_most", block=1460)

    def test_number_is_the_most_and_never_waits(self):
        self.check(https_recv="at_most_now", https_notify=True)

    def test_without_events(self):
        self.check(https_event=False)

    def test_without_events_and_never_waits(self):
        self.check(https_event=False, https_recv="at_most_now")

    def test_results_behind_the_ok(self):
        self.check(https_style="late", start_ms=300, open_ms=300, stop_ms=100)

    def test_ok_behind_the_results(self):
        self.check(ok_order="after", https_errors="result")

    def test_spelling_of_the_note(self):
        self.check(spelling="note")

    def test_spaces_and_lines_between(self):
        self.check(size=60000, spaces=True, urc_between="+CSQ: 20,99")

    def test_byte_by_byte(self):
        self.check(size=4000, dribble=True)

    def test_what_is_sent_waits_for_the_commit(self):
        self.check(size=15000, https_send="commit", https_close_gone="error", cache=100000)

    def test_a_small_cache(self):
        self.check(cache=4096)

    def test_peer_closed_and_an_error_for_the_rest(self):
        self.check(https_notify=True, https_close_gone="error", https_short_result=0)


class Servers(Jobs):
    """Jobs against servers whose answers are written down."""

    via = "https"

    def serve(self, more=(), **pages):
        self.server = self.started(HttpServer(self.certificates.good,
                                              {"/" + name: answer for name, answer in pages.items()}))
        self.other = self.started(HttpServer(self.certificates.good, {"/": page(b"other")}))
        self.emulator = self.start_emulator(maps={"server.test:443": self.server.where,
                                                  "other.test:443": self.other.where}, more=more)
        self.daemon = self.start_daemon(self.emulator.link, https={"accept_alerts": ["host-mismatch"]})
        self.control = self.connect()

    def ask(self, path, host="server.test", **more):
        return self.control.call("https.request", url=f"https://{host}/{path}", via=self.via, **more)

    def kind(self, path, **more):
        with self.assertRaises(RpcError) as refused:
            self.ask(path, **more)
        return refused.exception.kind

    def reached(self, job, way, least):
        """The job has sent or received so many bytes, or is over."""
        job = self.control.call("job.get", job_id=job)
        return job["finished"] or job["progress"][way] >= least


class Http(Servers):
    """What servers answer, over both stacks."""

    def test_endings(self):
        self.serve(
            length=page(b"hello"),
            chunked=b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2;x=y\r\nlo\r\n0\r\nX-T: 1\r\n\r\n",
            closed=b"HTTP/1.1 200 OK\r\n\r\nhello|",
            old=b"HTTP/1.0 200 OK\r\n\r\nhello|",
            interim=b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n" + page(b"hello"),
            nothing=b"HTTP/1.1 204 No Content\r\n\r\n",
            same=b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
        for path in ("length", "chunked", "closed", "old", "interim"):
            with self.subTest(path):
                answer = self.ask(path)
                self.assertEqual((answer["status"], answer["body"]), (200, "hello"))
        self.assertEqual(self.ask("nothing")["status"], 204)
        self.assertEqual(self.ask("same")["status"], 304)

    def test_what_the_server_gets(self):
        self.serve(echo=page(b"ok"))
        self.ask("echo?a=b", method="PUT", body="h\u00e9llo", headers={"X-A": "1", "Accept": "text/html"})
        request = self.server.requests[-1]
        self.assertEqual((request.method, request.path, request.body), ("PUT", "/echo?a=b", "h\u00e9llo".encode()))
        self.assertEqual({name: request.headers[name] for name in ("host", "accept", "x-a", "content-length")},
                         {"host": "server.test", "accept": "text/html", "x-a": "1", "content-length": "6"})
        self.assertRegex(request.headers["user-agent"], r"^sim52xxd/\d+\.\d+")
        for method in ("DELETE", "PATCH", "OPTIONS"):
            self.ask("echo", method=method)
            self.assertEqual(self.server.requests[-1].method, method)

    def test_redirects(self):
        self.serve(page=page(b"first", "302 Found", "Location: /second\r\n"),
                   second=page(b"second", "301 Moved", "Location: https://other.test/\r\n"),
                   loop=page(b"", "302 Found", "Location: /loop\r\n"),
                   out=page(b"", "302 Found", "Location: http://server.test/page\r\n"),
                   moved=page(b"", "307 Temporary", "Location: /here\r\n"), here=page(b"here"),
                   posted=page(b"", "303 See Other", "Location: /here\r\n"))
        self.assertEqual(self.ask("page")["status"], 302)
        answer = self.ask("page", follow_redirects=5, headers={"Authorization": "secret", "X-A": "1"})
        self.assertEqual((answer["status"], answer["body"], answer["redirects"]), (200, "other", 2))
        self.assertEqual(self.server.requests[-1].headers["authorization"], "secret")
        self.assertNotIn("authorization", self.other.requests[-1].headers)
        self.assertEqual(self.other.requests[-1].headers["x-a"], "1")
        self.assertEqual(self.kind("loop", follow_redirects=3), "limit")
        self.assertEqual(self.kind("out", follow_redirects=3), "unsupported")
        self.assertEqual(self.ask("moved", follow_redirects=1, method="PUT", body="hello")["body"], "here")
        self.assertEqual((self.server.requests[-1].method, self.server.requests[-1].body), ("PUT", b"hello"))
        self.ask("posted", follow_redirects=1, method="POST", body="hello")
        self.assertEqual((self.server.requests[-1].method, self.server.requests[-1].body), ("GET", b""))

    def test_broken_servers(self):
        self.serve(garbage=b"220 mail.server.test ESMTP\r\n\r\n|", cut=page(b"hello world")[:-3] + b"|", none=lambda _: None,
                   endless=b"HTTP/1.1 200 OK\r\n" + b"X-A: " + b"b" * 70000 + b"\r\n|", good=page(b"hello"))
        for path, kind in (("garbage", "protocol_error"), ("cut", "peer_closed"), ("none", "peer_closed"),
                           ("endless", "limit")):
            with self.subTest(path):
                self.assertEqual(self.kind(path), kind)
                self.assertEqual(self.ask("good")["body"], "hello")

    def test_limits(self):
        self.serve(page=page(b"hello"))
        self.assertEqual(self.kind("page", max_bytes=4), "limit")
        self.assertEqual(self.ask("page", max_bytes=5)["body"], "hello")

    def test_a_pipe_goes_in_chunks(self):
        self.serve(page=page(b"thanks"))
        reading, writing = os.pipe()
        request = self.control.start("https.request", [reading], url="https://server.test/page", method="POST",
                                     body_fd=0, via=self.via)
        os.close(reading)
        content = pattern(30000, 3)
        os.write(writing, content[:10])
        os.write(writing, content[10:])
        os.close(writing)
        self.assertEqual(self.control.answer_to(request)["body"], "thanks")
        self.assertEqual(self.server.requests[-1].headers["transfer-encoding"], "chunked")
        self.assertEqual(digest(self.server.requests[-1].body), digest(content))

    def test_cancelled_at_any_moment(self):
        """Each time a little later; the next job always finds everything in order."""
        self.serve(["--baud", "460800"], large=page(b"x" * 20000), good=page(b"hello"))
        for way, least in [("up", 1), *(("up", 4000 * n) for n in range(1, 6)), *(("down", 4000 * n) for n in range(5))]:
            job = self.ask("large", method="PUT", body="b" * 20000, detach=True)["job_id"]
            until(lambda: self.reached(job, way, least), f"{least} bytes {way}")  # pylint: disable=cell-var-from-loop
            self.control.call("job.cancel", job_id=job)
            done = self.control.call("job.wait", job_id=job)
            self.assertIn(done["state"], ("cancelled", "done"))
            answer = self.ask("good")
            self.assertEqual((answer["status"], answer["body"]), (200, "hello"))

    def test_a_job_that_is_too_slow(self):
        asked_again = threading.Event()
        self.addCleanup(asked_again.set)
        self.serve(slow=lambda _: asked_again.wait() and page(b"late"), good=page(b"hello"))
        self.assertEqual(self.kind("slow", timeout=1), "timeout")
        asked_again.set()
        self.assertEqual(self.ask("good")["body"], "hello")


class HttpOverSsl(Http):
    via = "ssl"

    def test_certificates(self):
        self.serve(page=page(b"hello"))
        self.assertTrue(self.ask("page")["verified"])
        self.assertFalse(self.ask("", host="other.test")["verified"])  # its name is not in the certificate


class KeepAlive(Servers):
    def test_one_connection_for_many_jobs(self):
        self.serve(page=page(b"hello"), closing=page(b"hello", headers="Connection: close\r\n") + b"|")
        for _ in range(4):
            self.assertEqual(self.ask("page")["body"], "hello")
        self.assertEqual(self.server.connections, 1)
        self.ask("closing")
        self.ask("page")
        self.assertEqual(self.server.connections, 2)

    def test_a_server_that_does_not_keep_its_word(self):
        """It closes as soon as a second request comes; jobs do not notice."""
        seen = []

        def fickle(request):
            seen.append(request)
            return page(b"hello") if len(seen) % 2 else None
        self.serve(fickle=fickle)
        self.assertEqual(self.ask("fickle")["body"], "hello")
        self.assertEqual(self.ask("fickle", method="POST", body="x" * 5000)["body"], "hello")
        self.assertEqual(len(seen), 3)
        self.assertEqual(self.server.connections, 2)


class Beside(Jobs):
    """Jobs while a data socket is in use."""

    def test_in_windows_of_a_transparent_session(self):
        self.serve_https(ssl0={"transparent": "always"})
        with Client(self.daemon.socket("ssl0")) as client:
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            answer = self.control.call("https.request", url="https://server.test/small.txt")
            self.assertEqual((answer["status"], answer["via"]), (200, "ssl"))
            client.send(b"GET /small.txt HTTP/1.0\r\n\r\n")
            self.assertIn(b"Hello", client.read_to_end()[0])

    def test_over_https_it_waits_and_says_for_whom(self):
        self.serve_https(ssl0={"transparent": "never"})
        with Client(self.daemon.socket("ssl0")):
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            job = self.control.call("https.request", url="https://server.test/small.txt", via="https",
                                    detach=True)["job_id"]
            waits = until(lambda: self.control.call("job.get", job_id=job)["waiting_for"], "the job to wait")
            self.assertEqual((waits["stack"], waits["holder"]), ("ssl", "ssl0"))
        done = self.control.call("job.wait", job_id=job)
        self.assertEqual((done["state"], done["result"]["via"]), ("done", "https"))
