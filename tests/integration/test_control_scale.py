"""A thousand clients, two hundred subscribers, ten thousand jobs: nobody waits long, and nothing grows without bound."""

import contextlib
import os
import re
import resource
import time
import unittest

from support.client import INSTRUMENTED, resident
from support.control import Control, RpcError
from support.daemon import Daemon, configuration
from support.notes import note
from support.rig import Rig
from support.waiting import PATIENCE, until

CLIENTS = 1000
LIMIT = 1200  # of the daemon
EVENTS = 3000  # more than a subscriber's queue (1,024) and what a socket holds of them
# Sanitizers make this many times slower; what they look for is the same in fewer.
SUBSCRIBERS = 20 if INSTRUMENTED else 200
QUEUED = 2000 if INSTRUMENTED else 10000
ROUNDS = 800  # of 50 jobs each; 16,384 that are over are kept
FTPS = {"host": "ftp.test", "user": "me", "password": "secret", "steps": [{"op": "list"}]}


def milliseconds(seconds):
    return f"{seconds * 1000:.1f} ms"


class Scale(Rig):
    def setUp(self):
        super().setUp()
        hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
        if hard < 2 * LIMIT:
            self.skipTest(f"only {hard} descriptors are allowed here")
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        tables = configuration(self.folder / "no-modem", timeouts={"connect": 3600})  # jobs wait that long for it
        self.daemon = self.started(Daemon(self.folder, tables))
        self.path = self.daemon.socket("control")

    def connect(self, count=1, seconds=60):
        clients = [Control(self.path, seconds) for _ in range(count)]
        for client in clients:
            self.addCleanup(client.close)
        return clients

    def memory(self):
        return resident(self.daemon.child.pid)

    def until_alone(self):
        """Until the daemon has but the descriptors it began with and a few."""
        path = f"/proc/{self.daemon.child.pid}/fd"
        until(lambda: len(os.listdir(path)) < 50, "the daemon to notice that they have left")

    def latencies(self, clients, method="version", **parameters):
        """Of one call by each, one after the other."""
        times = []
        for client in clients:
            begin = time.monotonic()
            client.call(method, **parameters)
            times.append(time.monotonic() - begin)
        return sorted(times)

    def note_latencies(self, what, times):
        note(f"{what}: median {milliseconds(times[len(times) // 2])}, "
             f"99 % within {milliseconds(times[len(times) * 99 // 100])}, worst {milliseconds(times[-1])}")

    def test_a_thousand_clients(self):
        self.connect()[0].call("version")
        before = self.memory()
        clients = self.connect(CLIENTS)
        times = self.latencies(clients)
        full = self.memory()
        each = (full - before) / CLIENTS
        self.note_latencies(f"{CLIENTS} control clients, a call by each", times)
        # All at once: every answer goes to who asked.
        begin = time.monotonic()
        requests = [client.start("status") for client in clients]
        for client, request in zip(clients, requests):
            client.answer_to(request)
        note(f"{CLIENTS} calls of status at once: {milliseconds(time.monotonic() - begin)} for all")
        busy = self.memory()
        for client in clients:
            client.close()
        self.until_alone()
        note(f"{CLIENTS} control clients: {each / 1024:.1f} KiB of memory each; {before >> 10} KiB before, {full >> 10} "
             f"with them, {busy >> 10} when all had asked at once, {self.memory() >> 10} after they have left")
        if not INSTRUMENTED:
            self.assertLess(each, 64 << 10)
            self.assertLess(busy - before, 64 << 20)
        self.assertLess(times[len(times) // 2], 0.1 * PATIENCE)

    def test_at_the_limit_new_ones_are_told(self):
        clients = self.connect(LIMIT - 1)
        self.latencies(clients[-1:])
        more = self.connect(3)
        told = []
        for client in more:
            answer = client.answer() if client is not more[0] else None
            if answer is not None:
                told.append(answer["error"]["data"]["kind"])
        self.assertEqual(told, ["limit", "limit"])
        self.assertIn("daemon", more[0].call("version"), "the last place was free")
        clients.pop().close()
        until(lambda: "daemon" in self.try_to_call(), "a place to become free")

    def test_at_the_limit_of_descriptors_new_ones_are_told(self):
        """The last 128 are for the modem and the data sockets."""
        client, admin = self.connect(2)
        client.call("version")
        resource.prlimit(self.daemon.child.pid, resource.RLIMIT_NOFILE, (250, 250))
        others = []
        while len(others) < 250:
            other = Control(self.path)
            self.addCleanup(other.close)
            with contextlib.suppress(BrokenPipeError):  # told already
                other.send(b'{"jsonrpc":"2.0","id":1,"method":"version"}\n')
            answer = other.answer()
            if "error" in answer:
                break
            others.append(other)
        self.assertEqual(answer["error"]["data"]["kind"], "limit")
        self.assertGreater(len(others), 20)
        with open(os.devnull, "rb") as file, self.assertRaises(RpcError) as refused:
            client.call("https.request", [file.fileno()], url="https://server.test/", body_fd=0)
        self.assertEqual(refused.exception.kind, "limit")
        self.assertTrue(self.daemon.child.alive())
        others.pop().close()
        until(lambda: "daemon" in self.try_to_call(), "a place to become free")

    def try_to_call(self):
        with Control(self.path) as client:
            with contextlib.suppress(AssertionError, ConnectionError, RpcError):
                return client.call("version")
            return {}

    def test_two_hundred_subscribers_and_a_deaf_one(self):
        subscribers = self.connect(SUBSCRIBERS)
        admin, deaf = self.connect(2)
        for client in (*subscribers, deaf):
            client.call("events.subscribe", topics=["config"])
        before = self.memory()
        begin = time.monotonic()
        seen = [0] * len(subscribers)
        for number in range(1, EVENTS + 1):
            admin.call("config.reload")
            if number % 300 == 0:
                for at, client in enumerate(subscribers):
                    while seen[at] < number:
                        self.assertEqual(client.event()["type"], "config.reloaded")
                        seen[at] += 1
        took = time.monotonic() - begin
        grown = self.memory() - before
        note(f"{EVENTS} events to {SUBSCRIBERS} subscribers: {took:.1f} s, {EVENTS * SUBSCRIBERS / took:.0f} a second; "
             f"{grown / 1024:.0f} KiB more memory with a subscriber that does not read")
        self.assertGreater(self.daemon.control("metrics").count("\n"), 10)
        lost, kinds = 0, set()
        while lost + len(kinds) < 2 or kinds == {"config.reloaded"}:
            event = deaf.event()
            kinds.add(event["type"])
            lost += event.get("count", 0)
        self.assertEqual(kinds, {"config.reloaded", "events.lost"})
        self.assertGreater(lost, 100)
        if not INSTRUMENTED:
            self.assertLess(grown, 16 << 20)

    def test_ten_thousand_queued_jobs(self):
        client, = self.connect()
        client.call("version")
        before = self.memory()
        begin = time.monotonic()
        waiting = []
        for number in range(QUEUED):
            waiting.append(client.start("ftps.run", **FTPS, detach=True, client_ref=f"r{number}"))
            if len(waiting) == 50:
                for request in waiting:
                    client.answer_to(request)
                waiting.clear()
        took = time.monotonic() - begin
        full = self.memory()
        each = (full - before) / QUEUED
        note(f"{QUEUED} jobs accepted in {took:.1f} s, {took / QUEUED * 1e6:.0f} us and {each / 1024:.2f} KiB of memory each")
        for method, parameters in (("version", {}), ("status", {}), ("job.list", {"limit": 1000}),
                                   ("job.get", {"job_id": str(QUEUED)})):
            self.note_latencies(f"{method} with {QUEUED} queued jobs", self.latencies([client] * 20, method, **parameters))
        last = client.call("job.get", job_id=str(QUEUED))
        self.assertEqual(last["state"], "queued")
        self.assertEqual(last["waiting_for"]["holder"], "job 1")
        again = client.call("ftps.run", **FTPS, detach=True, client_ref="r77")
        self.assertEqual(again["job_id"], "78", "the same as before")
        begin = time.monotonic()
        for number in range(QUEUED, 0, -1):
            state = client.call("job.cancel", job_id=str(number))["state"]
            self.assertIn(state, ("cancelled", "closing"))
        note(f"{QUEUED} jobs cancelled in {time.monotonic() - begin:.1f} s")
        until(lambda: "sim52xx_jobs_waiting 0" in client.call("metrics"), "all jobs to be over")
        over = self.memory()
        note(f"memory: {before >> 10} KiB before, {full >> 10} with {QUEUED} queued jobs, {over >> 10} when all are over "
             "and kept for job_ttl")
        if not INSTRUMENTED:
            self.assertLess(each, 8 << 10)
            self.assertLess(over - before, QUEUED * (8 << 10))

    if not INSTRUMENTED:  # about memory, and it takes a sanitizer minutes
        def test_many_jobs_one_after_the_other(self):
            """Those that are over are forgotten, the oldest first, before they are too many."""
            client, = self.connect()
            memory = []
            for _ in range(4):
                for _ in range(ROUNDS // 4):
                    requests = [client.start("ftps.run", **FTPS, timeout=0.001) for _ in range(50)]
                    for request in requests:
                        with self.assertRaises(RpcError) as refused:
                            client.answer_to(request)
                        self.assertEqual(refused.exception.kind, "timeout")
                memory.append(self.memory())
            note(f"memory after every {ROUNDS // 4 * 50} jobs: {', '.join(f'{m >> 10} KiB' for m in memory)}")
            forgotten = re.search(r"(?m)^sim52xx_jobs_forgotten_total (\d+)$", client.call("metrics"))
            self.assertGreaterEqual(int(forgotten[1]), ROUNDS * 50 - 16384)
            self.assertLess(memory[3] - memory[1], 4 << 20)

    def test_clients_that_come_and_go(self):
        client, = self.connect()
        client.call("version")
        before = self.memory()
        for _ in range(20):
            for passing in [Control(self.path) for _ in range(100)]:
                passing.send(b'{"jsonrpc":"2.0","id":1,"method":"job.wait","params":{"job_id":"1"}}\n{"half')
                passing.close()
        client.call("version")
        grown = self.memory() - before
        note(f"after 2000 clients that came and went: {grown / 1024:.0f} KiB more memory")
        if not INSTRUMENTED:
            self.assertLess(grown, 8 << 20)


if __name__ == "__main__":
    unittest.main()
