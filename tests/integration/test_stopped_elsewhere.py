"""Somebody on another port of the modem stops or starts a stack: with a connection open, while logged in, in the middle
of a file. As much as the modem allows fails, in words; the arbiter finds its way, and the next job works."""

import os
import re
import threading
import unittest

from support.client import pattern
from support.control import RpcError
from support.waiting import until
from test_jobs import MEBI, Jobs


class Elsewhere(Jobs):
    def commands(self, name):
        """How often the daemon has said that, since it was ready."""
        said = self.daemon.child.output().partition("modem: ready")[2]
        return len(re.findall(rf"tty > AT\+{name}\b", said))

    def assert_well(self):
        status = self.daemon.status()
        counters = status["modem"]["counters"]
        self.assertEqual((counters["bring_ups"], counters["losses"]), (1, 0))
        self.assertEqual(status["state"], "ready")

    def fails(self, request, *kinds):
        with self.assertRaises(RpcError) as refused:
            self.control.answer_to(request)
        self.assertIn(refused.exception.kind, kinds, refused.exception)
        return refused.exception


class Https(Elsewhere):
    def begin(self, **options):
        self.serve_https(arbiter={"linger": 60}, **options)

    def page(self):
        answer = self.control.call("https.request", url="https://server.test/small.txt", via="https")
        self.assertEqual((answer["status"], answer["body"]), (200, "Hello through the modem.\n"))

    def test_stop_with_an_open_connection(self):
        self.begin()
        self.page()
        self.assertEqual(self.emulator.status()["https"]["state"], "open")
        self.emulator.control("stop_stack", stack="https")
        self.page()
        self.page()
        self.assert_well()

    def test_stop_in_the_middle_of_an_answer(self):
        self.begin(more=["--baud", "115200"])
        reading, writing = os.pipe()
        request = self.control.start("https.request", [writing], url="https://server.test/random.bin", via="https",
                                     response_fd=0)
        os.close(writing)
        with open(reading, "rb") as pipe:
            self.assertTrue(pipe.read(1000))
            self.emulator.control("stop_stack", stack="https")
            self.assertLess(len(pipe.read()), MEBI)
        self.fails(request, "interrupted", "modem_error", "peer_closed")
        self.page()
        self.assert_well()

    def test_a_second_start(self):
        self.begin()
        self.emulator.control("start_stack", stack="https")
        self.page()
        self.assertEqual((self.commands("CHTTPSSTART"), self.commands("CHTTPSSTOP")), (2, 1))
        self.assert_well()

    def test_another_stack_is_started(self):
        """The modem cannot serve both; who has it there has to give it back."""
        self.begin()
        self.emulator.control("start_stack", stack="ftps")
        error = self.refusal("https.request", url="https://server.test/small.txt", via="https")
        self.assertEqual((error.kind, error.data["stage"]), ("modem_error", "acquire"))
        self.emulator.control("stop_stack", stack="ftps")
        self.page()
        self.assert_well()


class Ftps(Elsewhere):
    def begin(self, **options):
        self.serve_ftps("proftpd", arbiter={"linger": 60}, **options)

    def where_am_i(self):
        self.assertEqual(self.ftps({"op": "pwd"})["steps"], [{"op": "pwd", "path": "/"}])

    def start(self, fds, *steps):
        return self.control.start("ftps.run", fds, host="server.test", user=self.server.user,
                                  password=self.server.password, steps=list(steps))

    def test_stop_while_logged_in(self):
        self.begin()
        reading, writing = os.pipe()
        request = self.start([reading], {"op": "pwd"}, {"op": "put", "path": "a.bin", "body_fd": 0})
        os.close(reading)
        until(lambda: self.emulator.status()["ftps"]["state"] == "in", "it to be logged in")
        self.emulator.control("stop_stack", stack="ftps")
        with open(writing, "wb") as pipe:
            pipe.write(b"x" * 5000)
        self.fails(request, "interrupted", "modem_error", "peer_closed")
        self.where_am_i()
        self.assert_well()

    def test_stop_in_the_middle_of_a_file(self):
        self.begin(more=["--baud", "115200"])
        self.server.put("a.bin", pattern(MEBI, 1))
        reading, writing = os.pipe()
        request = self.start([writing], {"op": "get", "path": "a.bin", "response_fd": 0})
        os.close(writing)
        with open(reading, "rb") as pipe:
            self.assertTrue(pipe.read(1000))
            self.emulator.control("stop_stack", stack="ftps")
            self.assertLess(len(pipe.read()), MEBI)
        self.fails(request, "interrupted")
        self.where_am_i()
        self.assert_well()

    def test_stop_between_two_jobs(self):
        self.begin()
        self.where_am_i()
        self.emulator.control("stop_stack", stack="ftps")
        self.where_am_i()
        self.assert_well()

    def test_a_second_start(self):
        self.begin()
        self.emulator.control("start_stack", stack="ftps")
        self.where_am_i()
        self.assertEqual((self.commands("CFTPSSTART"), self.commands("CFTPSSTOP")), (2, 1))
        self.assert_well()

    def test_the_other_jobs_wait_and_work(self):
        """Whatever happens to one stack, the queue goes on: a job of the other one waits, and runs."""
        self.nginx = self.start_nginx()
        self.serve_ftps("vsftpd", session=self.nginx, arbiter={"linger": 60})
        reading, writing = os.pipe()
        request = self.start([reading], {"op": "put", "path": "a.bin", "body_fd": 0})
        os.close(reading)
        until(lambda: self.emulator.status()["ftps"]["state"] == "in", "it to be logged in")
        waiting = self.connect()
        page = {}

        def fetch():
            page.update(waiting.call("https.request", url="https://server.test/random.bin", via="https"))

        thread = threading.Thread(target=fetch)
        thread.start()
        other = self.connect()
        until(lambda: any(job["waiting_for"] and job["waiting_for"]["stack"] == "ftps"
                          for job in other.call("job.list")["jobs"]), "the page to wait for the file")
        self.emulator.control("stop_stack", stack="ftps")
        with open(writing, "wb") as pipe:
            pipe.write(b"x" * 5000)
        self.fails(request, "interrupted", "modem_error", "peer_closed")
        thread.join()
        self.assertEqual(page["status"], 200)
        self.assert_well()


if __name__ == "__main__":
    unittest.main()
