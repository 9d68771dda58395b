"""From each stack of the modem to each other one and back, with a connection still open: in order, and told right."""

import re
import unittest

from support.client import Client
from support.control import Control
from support.rig import Rig
from support.waiting import until

# Every ordered pair of two stacks is in there.
ORDER = ("ssl", "https", "ftps", "https", "ssl", "ftps", "ssl")
STOPS = {"ssl": ["AT+CSSLSTOP"], "https": ["AT+CHTTPSCLSE", "AT+CHTTPSSTOP"], "ftps": ["AT+CFTPSSTOP"]}
STARTS = {"ssl": "AT+CSSLSTART", "https": "AT+CHTTPSSTART", "ftps": "AT+CFTPSSTART"}


class Switching(Rig):
    def setUp(self):
        super().setUp()
        self.nginx, self.server = self.start_nginx(size=1000), self.start_ftp_server("proftpd")
        self.emulator = self.start_emulator(self.nginx, maps={"server.test:21": self.server.where})
        self.daemon = self.start_daemon(self.emulator.link, arbiter={"linger": 60}, ssl0={"transparent": "never"})
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)

    def ssl(self):
        with Client(self.daemon.socket("ssl0")) as client:
            client.send(b"GET /small.txt HTTP/1.0\r\n\r\n")
            self.assertIn(b"Hello", client.read_to_end()[0])

    def https(self):
        """Its connection stays open: it could be the next job's."""
        answer = self.control.call("https.request", url="https://server.test/small.txt", via="https")
        self.assertEqual((answer["status"], answer["via"]), (200, "https"))

    def ftps(self):
        answer = self.control.call("ftps.run", host="server.test", user=self.server.user, password=self.server.password,
                                   steps=[{"op": "pwd"}])
        self.assertEqual(answer["steps"][0]["path"], "/")

    def said(self):
        """The commands that start, stop or close a stack, since the last look."""
        text = self.daemon.child.output()
        new, self.seen = text[self.seen:], len(text)
        return re.findall(r"tty > (AT\+C(?:SSL|HTTPS|FTPS)(?:START|STOP)|AT\+CHTTPSCLSE)", new)

    def until_warm(self, stack):
        def warm():
            arbiter = self.daemon.status()["arbiter"]
            return (arbiter["stack"], arbiter["holders"], arbiter["waiters"], arbiter["switching"]) == (stack, [], [], False)
        until(warm, f"{stack} to be warm, and nobody's", last=lambda: self.daemon.status()["arbiter"])

    def test_every_pair(self):
        self.seen = len(self.daemon.child.output())
        before = None
        for stack in ORDER:
            with self.subTest(f"{before} to {stack}"):
                getattr(self, stack)()
                self.until_warm(stack)
                stops = STOPS[before] if before else []
                # A modem that has said ERROR to a second stack would show here.
                self.assertEqual(self.said(), [*stops, STARTS[stack]])
                getattr(self, stack)()
                self.until_warm(stack)
                self.assertEqual(self.said(), [], "it was warm")
            before = stack

    def test_all_at_once(self):
        """One after the other, in order of coming; nobody is refused."""
        with Client(self.daemon.socket("ssl0")) as client:
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            jobs = []
            for number in range(9):
                if number % 2:
                    jobs.append(self.control.call("https.request", url="https://server.test/small.txt", via="https",
                                                  detach=True)["job_id"])
                else:
                    jobs.append(self.control.call("ftps.run", host="server.test", user=self.server.user, detach=True,
                                                  password=self.server.password, steps=[{"op": "pwd"}])["job_id"])
            until(lambda: len(self.daemon.status()["arbiter"]["waiters"]) == 9, "all to wait")
            client.send(b"GET /small.txt HTTP/1.0\r\n\r\n")
            self.assertIn(b"Hello", client.read_to_end()[0])
        done = [self.control.call("job.wait", job_id=job) for job in jobs]
        self.assertEqual([job["state"] for job in done], ["done"] * 9, [job["error"] for job in done])
        self.assertEqual(sorted(done, key=lambda job: job["finished"]), done, "in order of coming")


if __name__ == "__main__":
    unittest.main()
