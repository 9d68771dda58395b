"""Sessions, jobs and faults at random, all at once: no wrong byte is ever given as right, every failure has words,
nothing is left behind. Between the faults are times of calm, in which nothing may fail at all. With SIM52XX_LONG an hour
of the modem's time, which runs four times as fast."""

import contextlib
import os
import random
import re
import threading
import time
import unittest

from support.client import INSTRUMENTED, pattern, resident
from support.control import Control, RpcError
from support.notes import note
from support.rig import CURL_RESET, Rig
from support.waiting import PATIENCE, until

LONG = bool(os.environ.get("SIM52XX_LONG"))
SECONDS = 900 if LONG else 14  # of this machine
ROUND = 30 if LONG else 8  # seconds of faults; of calm half of that
SEED = int(os.environ.get("SIM52XX_SEED", "52"))
SIZE = 20000
SPEED = 4  # of the modem's time

# Timers of the note, made short.
SHORT = {"connect": 4, "transfer": 4, "close": 2, "stop": 2}
POWER = "echo '{\"cmd\":\"reboot\"}' | socat -t 5 - UNIX-CONNECT:%s"

# Those that cannot make a payload another one: what a line may do to that, nobody can see in transparent mode.
FAULTS = [("no_prompt", {}), ("no_final", {}), ("late_final", {"seconds": 6}), ("ok_first", {}),
          ("result_first", {}), ("error", {}), ("cme_error", {}), ("lost_command", {}), ("slow", {"seconds": 3}),
          ("reboot", {}), ("wedge", {}), ("vanish", {"seconds": 1}), ("peer_close", {}), ("network_loss", {})]

# An answer to curl that is one: a page, or an end that is no page's.
EXPLAINED = (0, *CURL_RESET, 18, 52)
REASONS = {"busy", "modem_absent", "connect_failed", "timeout", "peer_closed", "interrupted", "modem_error",
           "protocol_error", "not_registered", "tls_alert"}


class Soak(Rig):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx(size=SIZE)
        self.server = self.start_ftp_server("vsftpd")
        (self.server.home / "page").write_bytes(pattern(SIZE))
        self.emulator = self.start_emulator(self.nginx, maps={"server.test:21": self.server.where},
                                            more=["--time-scale", str(1 / SPEED)])
        self.emulator.control("set", boot_ms=300)
        timeouts = {"timeouts": SHORT, "timeouts.https": SHORT, "timeouts.ftps": SHORT}
        self.daemon = self.start_daemon(self.emulator.link, modem={"reset_command": POWER % self.emulator.control_path},
                                        arbiter={"linger": 1, "preempt_after": 5, "preempt": "any"},
                                        control={"job_ttl": 10}, **timeouts)
        self.wrong, self.counts, self.over = [], {}, threading.Event()
        self.rounds, self.calm = 0, 0  # the number of the calm that is now; 0 is trouble

    def count(self, what, number=1):
        self.counts[what] = self.counts.get(what, 0) + number

    def same(self, got, expected):
        """Whether that came, all of it and nothing else."""
        if got == expected:
            self.count("bytes compared", len(expected))
        return got == expected

    def failed(self, what, reason, calm):
        """Counts it; where no fault was set from its begin to its end there is none."""
        if reason not in REASONS:
            self.wrong.append(f"{what}: not explained: {reason}")
        if calm and calm == self.calm:
            self.wrong.append(f"{what}: {reason}, and there was no fault")
        self.count(f"{what} failures ({reason})")

    def page(self, endpoint):
        calm, before = self.calm, self.daemon.session(endpoint)["last"]
        done = self.curl(self.daemon.socket(endpoint), "/random.bin", seconds=100, text=False)
        if done.returncode == 0:
            if not self.same(done.stdout, self.nginx.page):
                self.wrong.append(f"{endpoint}: {len(done.stdout)} bytes that are not the page")
            self.count(f"{endpoint} pages")
            return
        if done.returncode not in EXPLAINED:
            self.wrong.append(f"{endpoint}: curl ended with {done.returncode}: {done.stderr}")
        last = self.daemon.session(endpoint)["last"]
        self.failed(endpoint, last["reason"] if last != before else "nothing", calm)

    def job(self, name, method, look, **parameters):
        calm = self.calm
        try:
            with Control(self.daemon.socket("control"), 200) as control:
                right = look(control, control.call(method, **parameters))
            if not right:
                self.wrong.append(f"{name}: not what the server has")
            self.count(f"{name} jobs")
        except RpcError as error:
            self.failed(name, error.kind if error.message else "no words", calm)

    def https(self, via):
        def look(control, answer):
            return answer["status"] == 200 and self.same(control.read_body(answer["job_id"]), self.nginx.page)
        self.job(f"https via {via}", "https.request", look, url="https://server.test/random.bin", via=via, timeout=90)

    def ftps(self):
        def look(control, answer):
            return self.same(control.read_body(answer["job_id"], step=0), pattern(SIZE))
        self.job("ftps", "ftps.run", look, host="server.test", user=self.server.user, password=self.server.password,
                 steps=[{"op": "get", "path": "page"}])

    def repeat(self, rng, *choices):
        try:
            while not self.over.is_set():
                rng.choice(choices)()
                self.over.wait(rng.uniform(0, 0.5))
        except Exception as error:  # pylint: disable=broad-except  # told by the test
            self.wrong.append(repr(error))

    def trouble(self, rng):
        """Faults for a while, then calm for a while."""
        end, since = time.monotonic() + ROUND, None
        while time.monotonic() < end and not self.over.wait(rng.uniform(0.2, 2)):
            since = self.restart_if_it_hangs(since)
            name, more = rng.choice(FAULTS)
            self.emulator.control("fault", name=name, step=rng.randint(1, 12), **more)
            self.count("faults")
        self.recover()
        self.rounds += 1
        self.calm = self.rounds
        self.over.wait(ROUND / 2)
        self.calm = 0

    def restart_if_it_hangs(self, since):
        """The daemon cuts the power of one that is never stable but once in half an hour."""
        if not self.emulator.status()["settings"]["wedge"]:
            return None
        if since and time.monotonic() - since > 15:
            self.emulator.control("reboot")
            self.count("restarts of a modem that hung")
        return since or time.monotonic()

    def recover(self):
        """No more faults; the daemon has got over the last ones: it is ready, and both sessions are served."""
        self.emulator.control("disarm")
        if self.emulator.status()["settings"]["wedge"]:
            self.emulator.control("reboot")
        self.daemon.until_ready(300)

        def served():
            return all(self.curl(self.daemon.socket(name), "/random.bin", seconds=60, text=False).stdout ==
                       self.nginx.page for name in ("ssl0", "ssl1"))
        until(served, "both sessions to be served", 120, last=self.daemon.status)

    def descriptors(self):
        """What the daemon has open."""
        folder = f"/proc/{self.daemon.child.pid}/fd"
        names = []
        for fd in os.listdir(folder):
            with contextlib.suppress(FileNotFoundError):  # closed in the meantime
                names.append(re.sub(r"\[\d+\]|\d+$", "", os.readlink(f"{folder}/{fd}")))
        return sorted(names)

    def rest(self):
        """Ready, both sessions served, and nobody left."""
        self.recover()
        idle = [{"state": "idle", "client": None}] * 2
        until(lambda: [{key: s[key] for key in idle[0]} for s in self.daemon.status()["sessions"]] == idle,
              "the sessions to be over", last=self.daemon.status)

    def test_everything_at_random(self):
        rng = random.Random(SEED)
        self.rest()
        before = self.descriptors(), resident(self.daemon.child.pid)
        workers = [[lambda: self.page("ssl0")], [lambda: self.page("ssl1")],
                   [lambda: self.https("https"), lambda: self.https("auto"), self.ftps],
                   [lambda: self.trouble(rng)]]
        threads = [threading.Thread(target=self.repeat, args=(random.Random(rng.random()), *work)) for work in workers]
        for thread in threads:
            thread.start()
        begin = time.monotonic()
        while time.monotonic() - begin < SECONDS and not self.wrong:
            self.over.wait(0.2)
        self.over.set()
        for thread in threads:
            thread.join(300 * PATIENCE)
            self.assertFalse(thread.is_alive(), "a client hangs")
        self.assertEqual(self.wrong, [], f"seed {SEED}")
        seconds = time.monotonic() - begin
        self.rest()
        status = self.daemon.status()
        until(lambda: len(self.descriptors()) <= len(before[0]), "no more descriptors than before",
              last=lambda: (before[0], self.descriptors()))
        with Control(self.daemon.socket("control")) as control:
            until(lambda: not control.call("job.list")["jobs"], "the jobs to be forgotten")
        after = self.descriptors(), resident(self.daemon.child.pid)
        story = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        note(f"seed {SEED}, {seconds * SPEED / 60:.0f} minutes of the modem, {self.rounds} times of calm: {story}; "
             f"{status['modem']['counters']['losses']} losses of the modem; descriptors {len(before[0])} before, "
             f"{len(after[0])} after; memory {before[1] >> 10} KiB before, {after[1] >> 10} KiB after")
        self.assertEqual((status["arbiter"]["waiters"], status["state"]), ([], "ready"))
        if not INSTRUMENTED:
            self.assertLess(after[1] - before[1], 3 << 20, "memory")


if __name__ == "__main__":
    unittest.main()
