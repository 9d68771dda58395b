"""`kill -9` of the daemon at random moments of sessions and jobs.

The next one finds the modem as it was left (in data mode, in the middle of a block, with a stack open, before its
bring-up was over) and serves within seconds.

SIM52XX_SEED=N for other moments; the seed is told with the worst time.
"""

import base64
import collections
import contextlib
import os
import random
import threading
import time
import unittest

from support.client import Client, pattern
from support.control import Control, RpcError
from support.http_server import HttpServer, page
from support.notes import note
from support.waiting import PATIENCE
from support.rig import Rig
from support.service import echo

ROUNDS = 80 if os.environ.get("SIM52XX_LONG") else 4
SEED = int(os.environ.get("SIM52XX_SEED", "52"))
SECONDS = 12  # from the start of a daemon to the first byte over a session; a modem that hangs would take 30 and more
BODY = pattern(60_000)
GONE = (OSError, AssertionError, RpcError, ValueError)  # what the users of a daemon that was killed may see


class Crash(Rig):
    endpoint = "ssl0"  # over which a new daemon serves; over ssl1 the modem is soon free for the next job

    def serve(self):
        web = self.started(HttpServer(self.certificates.good, {"/large": page(BODY)}))
        files = self.start_ftp_server("proftpd")
        files.put("large", BODY)
        self.login = {"user": files.user, "password": files.password}
        self.emulator = self.start_emulator(self.start_server(echo), more=["--baud", "230400"],
                                            maps={"web.test:443": web.where, "files.test:21": files.where})
        self.start()

    def start(self, ready=True):
        self.daemon = self.start_daemon(self.emulator.link, ready=ready, ssl0={"transparent": "auto"},
                                        arbiter={"linger": 0})

    def session(self, name):
        with contextlib.suppress(*GONE), contextlib.closing(Client(self.daemon.socket(name), seconds=20)) as client:
            while True:
                client.send(BODY[:5000])
                client.read(5000)

    def call(self, method, **parameters):
        with contextlib.suppress(*GONE), contextlib.closing(Control(self.daemon.socket("control"), 60)) as control:
            while True:
                control.call(method, **parameters)

    def transparent(self):
        self.session("ssl0")

    def counted(self):
        self.session("ssl1")

    def https(self):
        self.call("https.request", url="https://web.test/large", via="https")

    def ftps(self):
        body = base64.b64encode(BODY).decode()
        self.call("ftps.run", host="files.test", **self.login,
                  steps=[{"op": "get", "path": "large"}, {"op": "put", "path": "put", "body_base64": body}])

    def served(self):
        with contextlib.closing(Client(self.daemon.socket(self.endpoint), seconds=60)) as client:
            client.send(b"are you there?")
            self.assertEqual(client.read(14), b"are you there?")

    def crash_and_start(self, users, moment):
        """Seconds from the next start to the first answer over a session."""
        threads = [threading.Thread(target=user, daemon=True) for user in users]
        for thread in threads:
            thread.start()
        time.sleep(moment)  # that it is any moment is the point
        self.daemon.child.kill()
        left = self.emulator.status()
        self.left[left["mode"]] += 1
        self.left["ssl"] += left["started"]
        self.left.update(stack for stack in ("https", "ftps") if left[stack]["started"])
        for thread in threads:
            thread.join(70 * PATIENCE)
            self.assertFalse(thread.is_alive(), "a user of the killed daemon was not told")
        begin = time.monotonic()
        self.start(ready=False)
        self.served()
        return time.monotonic() - begin

    def check(self, *users, must_be_left):
        self.serve()
        self.left = collections.Counter()
        moments = random.Random(f"{SEED} {[user.__name__ for user in users]}")
        times = []
        for turn in range(ROUNDS):
            moment = moments.uniform(0, 2)
            with self.subTest(seed=SEED, round=turn, moment=moment):
                times.append(self.crash_and_start(users, moment))
                self.assertLess(times[-1], SECONDS * PATIENCE)
        self.assertEqual(len(times), ROUNDS)
        self.assertTrue(self.left[must_be_left], f"the modem was never left so: {self.left}")
        left = ", ".join(f"{count} times in {what}" for what, count in self.left.items() if count)
        note(f"seed {SEED}, {ROUNDS} rounds, left {left}: served {max(times):.1f} s after the start at worst, "
             f"{sorted(times)[len(times) // 2]:.1f} s in the middle")

    def test_in_a_transparent_session(self):
        self.check(self.transparent, must_be_left="data")

    def test_in_two_sessions(self):
        self.check(self.transparent, self.counted, must_be_left="ssl")

    def test_in_an_https_job(self):
        self.endpoint = "ssl1"
        self.check(self.https, must_be_left="https")

    def test_in_an_ftps_job(self):
        self.endpoint = "ssl1"
        self.check(self.ftps, must_be_left="ftps")

    def test_in_a_bring_up(self):
        """Killed again and again before it is ready: nothing piles up."""
        self.serve()
        moments = random.Random(SEED)
        for _ in range(2 * ROUNDS):
            self.daemon.child.kill()
            self.start(ready=False)
            time.sleep(moments.uniform(0, 0.4))
        self.daemon.child.kill()
        begin = time.monotonic()
        self.start(ready=False)
        self.served()
        self.assertLess(time.monotonic() - begin, SECONDS * PATIENCE)


if __name__ == "__main__":
    unittest.main()
