"""The verbs of sim52xxctl that are about no job, against a daemon that answers what the test wants."""

import json
import subprocess
import threading
import unittest

from support.ctl import ctl, environment
from support.fake_daemon import FakeDaemon, wait
from support.places import program
from support.process import Child
from support.rig import Rig


class OtherVerbs(Rig):
    """What is only passed on, and shown."""

    def setUp(self):
        super().setUp()
        self.daemon = self.started(FakeDaemon(self.folder))

    def run_ctl(self, *arguments, code=0, **options):
        done = ctl(self.daemon.path, *arguments, **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def test_at(self):
        self.daemon.on("modem.command", {"lines": ["+CSQ: 20,99"], "final": "OK", "seconds": 0.1})
        self.assertEqual(self.run_ctl("at", "AT+CSQ").stdout, "+CSQ: 20,99\nOK\n")
        self.assertEqual(self.daemon.asked("modem.command"), [{"command": "AT+CSQ"}])
        self.daemon.on("modem.command", {"lines": [], "final": "+CME ERROR: 10", "seconds": 0.1})
        done = self.run_ctl("at", "AT+CSIM=1", "-m", "60", code=1)
        self.assertEqual(done.stdout, "+CME ERROR: 10\n")
        self.assertEqual(self.daemon.asked("modem.command")[-1], {"command": "AT+CSIM=1", "timeout": 60})

    def test_session_close(self):
        self.daemon.on("session.close", {})
        for given, meant in (("0", 0), ("1", 1), ("ssl0", "ssl0")):
            self.assertEqual(self.run_ctl("session", "close", given).stdout, "")
            self.assertEqual(self.daemon.asked("session.close")[-1], {"session": meant})

    def test_reload(self):
        self.daemon.on("config.reload", {"applied": ["arbiter.linger"], "needs_restart": ["modem.device"]})
        said = self.run_ctl("reload").stdout
        self.assertRegex(said, r"Applied +arbiter\.linger\nNot yet +modem\.device \(systemctl restart sim52xxd\)\n")
        self.daemon.on("config.reload", {"applied": [], "needs_restart": []})
        self.assertIn("nothing has changed", self.run_ctl("reload").stdout)

    def test_metrics(self):
        self.daemon.on("metrics", "sim52xx_up 1\n")
        self.assertEqual(self.run_ctl("metrics").stdout, "sim52xx_up 1\n")

    def test_trace(self):
        self.daemon.on("trace.start", {})
        self.daemon.on("trace.stop", {"trace": "> AT\\r\n", "truncated": True})
        self.run_ctl("trace", "start")
        done = self.run_ctl("trace", "stop")
        self.assertEqual(done.stdout, "> AT\\r\n")
        self.assertIn("beginning of the trace is lost", done.stderr)
        self.run_ctl("trace", "save", self.folder / "a.trace", "--for", "0.1")
        self.assertEqual((self.folder / "a.trace").read_text(), "> AT\\r\n")
        self.assertEqual(len(self.daemon.asked("trace.start")), 2)
        self.run_ctl("trace", "save", self.folder / "b.trace", "--for", "0.1", "--payload")
        self.assertEqual(self.daemon.asked("trace.start")[-1], {"payload": True})
        self.assertIn("requires --for", self.run_ctl("trace", "save", self.folder / "c.trace", "--payload", code=2).stderr)

    def test_trace_save(self):
        """What the daemon has kept, page by page."""
        self.daemon.on("trace.get", lambda call: {"trace": f"# {call.params.get('from', 0)}\n", "truncated": False,
                                                  "next": call.params.get("from", 0) + 7,
                                                  "more": call.params.get("from", 0) < 14})
        self.run_ctl("trace", "save", self.folder / "a.trace")
        self.assertEqual((self.folder / "a.trace").read_text(), "# 0\n# 7\n# 14\n")
        self.assertEqual(self.run_ctl("trace", "save", "-").stdout, "# 0\n# 7\n# 14\n")

    def test_call(self):
        self.daemon.on("job.get", lambda call: {"echo": call.params})
        self.assertEqual(json.loads(self.run_ctl("call", "job.get", '{"job_id": "7"}').stdout),
                         {"echo": {"job_id": "7"}})
        self.assertEqual(json.loads(self.run_ctl("call", "job.get", "-", input='{"password": "x"}').stdout),
                         {"echo": {"password": "x"}})

    def test_monitor(self):
        def subscribe(call):
            def tell():
                call.event("session.opening", session="ssl0", target={"host": "x", "port": 443})
                call.event("session.closed", session="ssl0", error={"kind": "timeout", "message": "late"})
                call.event("of.the.future", answer=42, question=None)
            threading.Timer(0.1, tell).start()
            return {"boot_id": "x", "seq": 0}
        self.daemon.on("events.subscribe", subscribe)
        lines = self.run_ctl("monitor", "-n", "3", "--topics", "session,job").stdout.splitlines()
        self.assertEqual(self.daemon.asked("events.subscribe"), [{"topics": ["session", "job"]}])
        self.assertEqual(lines, ["12:00:00.000  session.opening    ssl0       to x:443",
                                 "12:00:00.000  session.closed     ssl0       late [timeout]",
                                 "12:00:00.000  of.the.future                 answer 42"])
        done = self.run_ctl("monitor", "-n", "1", "--json")
        self.assertEqual(json.loads(done.stdout)["type"], "session.opening")

    def test_monitor_ends_with_the_daemon_or_waits_for_it(self):
        self.daemon.on("events.subscribe", lambda call: self.daemon.die())
        self.run_ctl("monitor", code=3)
        (self.folder / "control.sock").unlink()
        child = Child("monitor", [program("sim52xxctl"), "monitor", "--retry", "-n", "1"], self.folder,
                      env=environment(self.daemon.path))
        self.addCleanup(child.stop)
        child.until_says("waiting for it")

        def subscribe(call):
            threading.Timer(0.1, lambda: call.event("daemon.started")).start()
            return {}
        self.started(FakeDaemon(self.folder, events__subscribe=subscribe))
        self.assertEqual(child.wait(20), 0)
        self.assertIn("daemon.started", child.output())

    def test_status_watched(self):
        self.daemon.on("status", {"state": "ready", "uptime": 1})
        watcher = subprocess.Popen([program("sim52xxctl"), "status", "--watch", "0.1"], stdout=subprocess.PIPE,
                                   env=environment(self.daemon.path), text=True)
        self.addCleanup(watcher.stdout.close)
        self.addCleanup(watcher.wait)
        self.addCleanup(watcher.kill)
        for _ in range(3):
            self.assertIn("ready", watcher.stdout.readline())


if __name__ == "__main__":
    unittest.main()
