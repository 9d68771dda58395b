"""A job that has waited long enough closes sessions, as arbiter.preempt allows; nobody overtakes it."""

import threading
import unittest

from support.client import Client
from support.control import Control, RpcError
from support.rig import Rig
from support.service import echo
from support.waiting import until


class Preempt(Rig):
    def serve(self, **arbiter):
        self.emulator = self.start_emulator(self.start_server(echo))
        self.daemon = self.start_daemon(self.emulator.link, arbiter=arbiter)

    def client(self, name):
        client = Client(self.daemon.socket(name))
        self.addCleanup(client.close)
        client.send(b"hello")
        self.assertEqual(client.read(5), b"hello")
        return client

    def nightly(self):
        """An FTPS job to a server that is not there: that it was refused shows that it had its turn."""
        control = Control(self.daemon.socket("control"), 200)
        self.addCleanup(control.close)
        refused = []

        def run():
            try:
                control.call("ftps.run", host="nobody.test", user="me", password="x", steps=[{"op": "pwd"}])
            except RpcError as error:
                refused.append(error.data["kind"])
        thread = threading.Thread(target=run, daemon=True)
        thread.start()
        self.addCleanup(thread.join)
        self.addCleanup(control.socket.close)
        return refused

    def waiters(self):
        return self.daemon.status()["arbiter"]["waiters"]

    def until_waits(self):
        waiter = until(self.waiters, "the job to wait", last=self.daemon.status)[0]
        self.assertEqual((waiter["waiting_for"]["stack"], waiter["waiting_for"]["holder"]), ("ssl", "ssl0"))
        return waiter["name"]

    def assert_closed_for(self, job):
        said = self.daemon.until_session("ssl0", lambda s: s["last_error"], "its end told")["last_error"]
        self.assertEqual(said["kind"], "interrupted")
        self.assertIn(f"{job} needs the modem", said["message"])

    def test_any_closes_a_busy_session(self):
        self.serve(preempt="any", preempt_after=2, idle_after=3600)
        zero = self.client("ssl0")
        done = self.nightly()
        job = self.until_waits()
        zero.send(b"x")
        self.assert_closed_for(job)
        until(lambda: done, "the job to run", seconds=60)
        self.client("ssl0")

    def test_idle_closes_one_without_a_byte(self):
        self.serve(preempt="idle", preempt_after=0, idle_after=2)
        self.client("ssl0")
        done = self.nightly()
        self.assert_closed_for(self.until_waits())
        until(lambda: done, "the job to run", seconds=60)

    def test_never_waits_for_its_end_and_nobody_overtakes(self):
        self.serve(preempt="never", preempt_after=0, idle_after=0)
        zero = self.client("ssl0")
        done = self.nightly()
        job = self.until_waits()
        one = Client(self.daemon.socket("ssl1"))
        self.addCleanup(one.close)
        one.send(b"hello")
        waiting = self.daemon.until_session("ssl1", lambda s: s["waiting_for"], "explained")["waiting_for"]
        self.assertEqual((waiting["stack"], waiting["holder"]), ("ftps", job))
        zero.send(b"still")
        self.assertEqual(zero.read(5), b"still")
        zero.close()
        self.assertEqual(one.read(5), b"hello")
        self.assertTrue(done, "the job came first")


if __name__ == "__main__":
    unittest.main()
