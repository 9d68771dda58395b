"""mosquitto_sub holds ssl0: HTTPS jobs run beside it, an FTPS job waits, says for whom, and runs when it leaves."""

import json
import subprocess
import time
import unittest

from support.control import Control
from support.ctl import ctl
from support.notes import note
from support.process import run
from support.rig import Rig
from support.waiting import PATIENCE, until


class MosquittoBesideJobs(Rig):
    def serve(self, transparent):
        self.broker = self.start_mosquitto()
        self.nginx = self.start_nginx(size=1000)
        self.ftp = self.start_ftp_server("proftpd")
        self.ftp.put("there.txt", b"already there")
        self.emulator = self.start_emulator(maps={"server.test:8883": self.broker.where, "server.test:443": self.nginx.where,
                                                  "server.test:21": self.ftp.where})
        self.daemon = self.start_daemon(self.emulator.link,
                                        ssl0={"host": "server.test", "port": 8883, "transparent": transparent})
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)

    def subscribe(self):
        """mosquitto_sub on ssl0, as soon as the broker knows it; prints what comes."""
        process = subprocess.Popen(["mosquitto_sub", "--unix", self.daemon.socket("ssl0"), "-i", "subscriber",
                                    "-t", "room/#"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        self.broker.child.until_says("Received SUBSCRIBE from subscriber")
        return process

    def publish(self, payload):
        """Around the modem: straight to the broker."""
        done = run(["mosquitto_pub", "-h", self.broker.address, "-p", self.broker.port, "--cafile",
                    self.certificates.ca.cert, "--insecure", "-t", "room/door", "-m", payload])
        self.assertEqual(done.returncode, 0, done.stderr)

    def ftps_get(self):
        return self.control.call("ftps.run", host="server.test", user=self.ftp.user, password=self.ftp.password,
                                 steps=[{"op": "get", "path": "there.txt"}], detach=True)["job_id"]

    def say(self, *arguments):
        done = ctl(self.daemon.socket("control"), *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def check(self, transparent, mode):
        self.serve(transparent)
        subscriber = self.subscribe()
        session = self.daemon.session("ssl0")
        self.assertEqual((session["state"], session["mode"]), ("open", mode))
        self.runs_at_once()
        job = self.ftps_get()
        self.waits_and_says_for_whom(job)
        self.nobody_overtakes(job)
        self.publish("open")  # the application notices nothing of all this
        self.assertEqual(subscriber.stdout.readline(), "open\n")
        self.assertEqual(self.control.call("job.get", job_id=job)["state"], "acquiring")
        self.assertEqual(self.broker.child.output().count("as subscriber"), 1, "connected once, all the time")
        subscriber.terminate()
        done = self.control.call("job.wait", job_id=job)
        self.assertEqual((done["state"], done["result"]["steps"][0]["body"]), ("done", "already there"))
        self.assertIsNone(done["waiting_for"])

    def runs_at_once(self):
        """Over the spare SSL session; `auto` is what one gets who says nothing."""
        begin = time.monotonic()
        answer = self.control.call("https.request", url="https://server.test/small.txt")
        took = time.monotonic() - begin
        self.assertEqual((answer["status"], answer["via"], answer["body"]), (200, "ssl", "Hello through the modem.\n"))
        note(f"an HTTPS job beside mosquitto_sub on ssl0: {took:.1f} s")
        self.assertLess(took, 15 * PATIENCE)

    def waits_and_says_for_whom(self, job):
        shown = until(lambda: (j := self.control.call("job.get", job_id=job))["waiting_for"] and j, "the job to wait")
        self.assertEqual(shown["state"], "acquiring")
        self.assertEqual({name: shown["waiting_for"][name] for name in ("stack", "holder")},
                         {"stack": "ssl", "holder": "ssl0"})
        status = self.daemon.status()
        self.assertEqual([(j["job_id"], j["waiting_for"]["holder"]) for j in status["jobs"] if j["waiting_for"]],
                         [(job, "ssl0")])
        waiters = [(w["name"], w["waiting_for"]["stack"], w["waiting_for"]["holder"])
                   for w in status["arbiter"]["waiters"]]
        self.assertEqual(waiters, [(f"job {job}", "ssl", "ssl0")])
        waits = "for the ssl stack, held by ssl0"
        self.assertRegex(self.say("status"), rf"(?m)^Waiting +job {job} {waits}")
        self.assertRegex(self.say("job", "show", job), rf"(?m)^Waits +{waits}")
        self.assertRegex(self.say("job", "list"), rf"(?m)^{job} +ftps +server.test:21 +acquiring .*waits {waits}")
        self.assertEqual(json.loads(self.say("job", "show", job, "--json"))["waiting_for"]["holder"], "ssl0")

    def nobody_overtakes(self, job):
        """First come, first served: what comes after the waiting job does not overtake it."""
        late = self.control.call("https.request", url="https://server.test/small.txt", detach=True)["job_id"]
        waits = until(lambda: self.control.call("job.get", job_id=late)["waiting_for"], "the later job to wait")
        self.assertEqual((waits["stack"], waits["holder"]), ("ftps", f"job {job}"))
        self.control.call("job.cancel", job_id=late)

    def test_counted(self):
        self.check("never", "counted")

    def test_transparent(self):
        self.check("always", "transparent")


if __name__ == "__main__":
    unittest.main()
