"""The service as Debian's users have it: access, restarts, watchdog, reload, journal, sandbox."""

import json
import re
import subprocess
import time

from support.base import ROOT
from support.bench import Bench, configuration
from support.waiting import until

ADMIN_METHODS = ("session.close", "modem.command", "modem.reset", "config.reload", "trace.start", "trace.stop")


class Service(Bench):
    @classmethod
    def prepare(cls):
        cls.install("sim52xxd", "sim52xx-sim")
        cls.make_users()
        cls.start_surroundings()

    def setUp(self):
        """Each test finds the service running, with the usual configuration, whatever the one before has left."""
        self.configure()
        if not self.is_as_usual():
            self.machine.run("systemctl", "reset-failed")
            self.machine.run("systemctl", "restart", "emulator", "sim52xxd")
        self.until_ready()

    def is_as_usual(self):
        if self.status().get("state") != "ready":
            return False
        said = self.ctl("--json", "reload", user=None, check=False)
        return said.returncode == 0 and not json.loads(said.stdout)["needs_restart"]

    def stay(self, user="alice"):
        """A client of ssl0 that has a session; say(line) sends a line and returns what comes back."""
        argv = ["nsenter", "--target", str(self.machine.init), "--all", "--", "setpriv", f"--reuid={user}",
                f"--regid={user}", "--init-groups", "python3", "/srv/client.py", "/run/sim52xx/ssl0.sock"]
        client = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, bufsize=0)
        self.addCleanup(client.wait)
        self.addCleanup(client.stdout.close)
        self.addCleanup(client.kill)
        self.addCleanup(client.stdin.close)

        def say(line):
            client.stdin.write(line)
            return client.stdout.readline()
        self.assertEqual(say(b"hello\n"), b"hello\n")
        return say

    def test_a_page_for_a_member_of_the_group(self):
        self.assert_served(user="alice")

    def test_sockets_belong_to_the_group(self):
        said = self.machine.run("stat", "--format=%n %U %G %a %F", "/run/sim52xx", "/run/sim52xx/control.sock",
                                "/run/sim52xx/ssl0.sock").stdout
        self.assertEqual(said, "/run/sim52xx sim52xx sim52xx 755 directory\n"
                               "/run/sim52xx/control.sock sim52xx sim52xx 660 socket\n"
                               "/run/sim52xx/ssl0.sock sim52xx sim52xx 660 socket\n")

    def test_a_stranger_is_refused(self):
        self.assertEqual(self.curl(user="mallory", check=False).returncode, 7)
        done = self.ctl("status", user="mallory", check=False)
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("may not open", done.stderr)

    def test_a_member_sees_but_does_not_administer(self):
        self.assertIn("ready", self.ctl("status", user="alice").stdout)
        for method in ADMIN_METHODS:
            with self.subTest(method):
                done = self.ctl("call", method, user="alice", check=False)
                self.assertEqual(done.returncode, 4, done.stdout + done.stderr)
        for user in ("carol", None):
            self.assertIn("nothing has changed", self.ctl("reload", user=user).stdout)

    def doctor(self, user):
        """{check: what is said of it} and the exit code."""
        done = self.ctl("--json", "doctor", user=user, check=False, seconds=60)
        return {check["name"]: check for check in json.loads(done.stdout)["checks"]}, done.returncode

    def test_the_doctor_finds_all_well(self):
        for user in ("alice", None):
            with self.subTest(user):
                until(lambda: self.status()["sessions"][0]["state"] == "idle", "the session before to be over",
                      last=self.status)
                done = self.ctl("doctor", user=user, check=False, seconds=60)
                self.assertEqual(done.stdout.splitlines()[-1], "all is well", done.stdout + done.stderr)
                self.assertEqual(done.returncode, 0)
                self.assertRegex(done.stdout, r"(?m)^ok +tls ssl0 +server\.test:443 opened")

    def test_the_doctor_explains(self):
        checks, code = self.doctor("mallory")
        self.assertEqual((checks["daemon"]["verdict"], code), ("problem", 1))
        self.assertIn("usermod -aG sim52xx mallory", json.dumps(checks["daemon"]))
        self.machine.run("systemctl", "stop", "emulator")
        self.addCleanup(self.machine.run, "systemctl", "start", "emulator")
        until(lambda: self.status().get("state") != "ready", "the modem to be missed")
        checks, code = self.doctor("alice")
        self.assertEqual((checks["device"]["verdict"], code), ("problem", 1))

    def test_systemd_knows_how_it_is(self):
        self.assertEqual(self.machine.show("sim52xxd", "SubState"), "running")
        until(lambda: self.machine.show("sim52xxd", "StatusText").startswith("modem ready: "), "the status to be told")
        self.assertEqual(self.machine.run("systemctl", "is-enabled", "sim52xxd").stdout, "enabled\n")
        self.assertEqual(self.machine.show("sim52xxd", "NotifyAccess"), "main")

    def test_a_job_writes_into_a_file_of_its_owner(self):
        """Which the daemon could not open: it gets the open file."""
        self.machine.run("install", "-d", "-o", "alice", "-m", "700", "/srv/alice")
        self.ctl("https", "get", "https://server.test/", "-o", "/srv/alice/page", seconds=150)
        self.assertEqual(self.machine.path("/srv/alice/page").read_text(), "a page through the modem\n")
        said = self.machine.run("stat", "--format=%U", "/srv/alice/page").stdout
        self.assertEqual(said, "alice\n")

    def test_it_starts_without_a_warning(self):
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        self.assert_served()
        this = "_SYSTEMD_INVOCATION_ID=" + self.machine.show("sim52xxd", "InvocationID")
        self.assertIn("modem: ready", self.machine.journal(this))
        self.assertEqual(self.machine.journal(this, "--priority=warning"), "")

    def test_no_warning_of_systemd(self):
        """About any unit; that of an unknown key is nothing else than a line."""
        units = self.machine.run("sh", "-c", "ls /lib/systemd/system/sim52xx*").stdout.split()
        self.assertEqual(len(units), 7)
        named = [unit.replace("@.", "@sim52xx.") for unit in units]
        done = self.machine.run("systemd-analyze", "verify", "--man=no", *named, check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))

    def test_the_sandbox_is_tight(self):
        for unit in ("sim52xxd.service", "sim52xxd@.service"):
            self.machine.run("systemd-analyze", "security", "--offline=true", "--threshold=10",
                             f"/lib/systemd/system/{unit}")
        status = self.machine.run("cat", f"/proc/{self.main_pid()}/status").stdout
        for line in ("CapEff:\t0000000000000000", "CapBnd:\t0000000000000000", "NoNewPrivs:\t1", "Seccomp:\t2"):
            self.assertIn(line, status)
        self.assertEqual(self.machine.run("ls", f"/proc/{self.main_pid()}/cwd/home").stdout, "")

    def test_only_serial_ports_may_be_opened(self):
        self.machine.run("mknod", "/dev/forbidden", "c", "10", "200")
        self.addCleanup(self.machine.run, "rm", "/dev/forbidden")
        self.machine.run("chmod", "666", "/dev/forbidden")
        self.configure(modem={"device": "/dev/forbidden"})
        self.machine.run("systemctl", "restart", "sim52xxd")
        error = until(lambda: (self.status().get("modem") or {}).get("last_error"), "an error to be told")
        self.assertIn("Operation not permitted", error["message"])

    def test_killed_it_comes_back(self):
        say = self.stay()
        before = self.main_pid()
        self.send("KILL", before)
        until(lambda: self.main_pid() not in (0, before), "another process")
        self.until_ready()
        self.assert_served()
        self.assertEqual(say(b"anybody?\n"), b"", "the session of before is over")

    def test_a_stopped_loop_trips_the_watchdog(self):
        self.drop_in("[Service]\nWatchdogSec=2\n")
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        before = self.main_pid()
        self.send("STOP", before)
        until(lambda: self.main_pid() not in (0, before), "the watchdog to start it anew")
        self.assertIn("Watchdog timeout", self.machine.journal("-u", "sim52xxd"))
        self.until_ready()
        self.assert_served()

    def test_a_silent_modem_does_not_trip_it(self):
        self.drop_in("[Service]\nWatchdogSec=2\n")
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        before = self.main_pid()
        begin = time.monotonic()
        self.addCleanup(self.emulator, cmd="wedge", on=False)
        self.emulator(cmd="wedge", on=True)
        self.assertEqual(self.ctl("at", "--max-time", 7, "AT+CSQ", user=None, check=False).returncode, 7)
        until(lambda: time.monotonic() > begin + 6, "three times the watchdog's patience to pass")
        self.assertEqual(self.main_pid(), before)
        self.assertEqual(self.machine.show("sim52xxd", "NRestarts"), "0")

    def test_a_bad_configuration_does_not_start_and_says_why(self):
        self.machine.write("/etc/sim52xx/sim52xxd.toml", configuration(ssl0={"port": 70000}))
        self.assertNotEqual(self.machine.run("systemctl", "restart", "sim52xxd", check=False).returncode, 0)
        self.assertEqual(self.machine.show("sim52xxd", "ExecMainStatus"), "78")
        until(lambda: self.machine.show("sim52xxd", "ActiveState") == "failed", "no further try")
        self.assertIn("sim52xxd.toml:6:8: ssl0.port: found 70000", self.machine.journal("-u", "sim52xxd"))

    def test_a_reload_keeps_sessions(self):
        say = self.stay()
        before = self.main_pid()
        self.configure(ssl0={"idle_timeout": 1000}, arbiter={"idle_after": 77})
        self.machine.run("systemctl", "reload", "sim52xxd")
        self.assertEqual(say(b"still there\n"), b"still there\n")
        self.assertEqual(self.main_pid(), before)
        self.assertIn("2 keys applied", self.machine.journal("-u", "sim52xxd"))
        self.assertEqual(self.machine.show("sim52xxd", "ActiveState"), "active")

    def test_a_bad_reload_changes_nothing_and_says_what_is_wrong(self):
        say = self.stay()
        before = self.main_pid()
        self.configure(ssl0={"bussy": "kick"})
        done = self.machine.run("systemctl", "reload", "sim52xxd", check=False)
        self.assertNotEqual(done.returncode, 0)
        wrong = "sim52xxd.toml:7:1: ssl0.bussy"
        self.assertIn(wrong, self.machine.journal("-u", "sim52xxd"))
        self.assertIn(wrong, self.machine.show("sim52xxd", "StatusText"))
        self.assertEqual(say(b"still there\n"), b"still there\n")
        self.assertEqual((self.main_pid(), self.machine.show("sim52xxd", "ActiveState")), (before, "active"))
        self.configure()
        self.machine.run("systemctl", "reload", "sim52xxd")
        self.assertNotIn(wrong, self.machine.show("sim52xxd", "StatusText"))

    def test_the_journal_knows_sessions_and_events(self):
        self.assert_served()
        lines = until(lambda: self.machine.journal("SIM52XX_SESSION=ssl0", "_SYSTEMD_UNIT=sim52xxd.service"),
                      "lines of ssl0")
        self.assertIn("ssl0: connected to server.test:443", lines)
        self.assertTrue(all(line.startswith("ssl0: ") for line in lines.splitlines()), lines)
        fields = self.machine.run("journalctl", "--no-pager", "--output=verbose", "SIM52XX_SESSION=ssl0", "-n1").stdout
        self.assertIn("SYSLOG_IDENTIFIER=sim52xxd", fields)
        opened = self.machine.run("journalctl", "--no-pager", "--output=export", "SIM52XX_SESSION=ssl0").stdout
        ids = re.findall(r"MESSAGE_ID=([0-9a-f]{32})", opened)
        self.assertTrue(ids)
        self.assertIn("ssl0: ", self.machine.journal(f"MESSAGE_ID={ids[0]}"))

    def test_every_message_is_explained(self):
        """By `journalctl -x`; a number that the programs have and the catalogue has not would be in vain."""
        known = (ROOT / "daemon" / "system" / "log_event.hpp").read_text()
        ids = set(re.findall(r'"([0-9a-f]{32})"', known))
        self.assertGreater(len(ids), 9)
        listed = self.machine.run("journalctl", "--list-catalog", *ids).stdout
        self.assertEqual(set(re.findall(r"(?m)^([0-9a-f]{32}) sim52xxd: ", listed)), ids)

    def test_a_credential_reaches_the_daemon(self):
        """The PIN is in a file that only root can read, and in no journal."""
        self.machine.write("/etc/sim52xx/credentials/sim-pin", "4711\n", mode=0o600)
        self.drop_in("[Service]\nLoadCredential=sim-pin:/etc/sim52xx/credentials/sim-pin\n")
        self.configure(modem={"pin_credential": "sim-pin"})
        self.emulator(cmd="set", sim="pin", pin="4711")
        self.addCleanup(self.emulator, cmd="set", sim="ready")
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        self.assertEqual(self.status()["modem"]["sim"], "READY")
        self.assertNotIn("4711", self.machine.journal())

    def test_jobs_and_commands_are_fields_too(self):
        self.ctl("https", "get", "https://nobody.test/", check=False, seconds=150)
        self.assertIn("job 1: ", until(lambda: self.machine.journal("SIM52XX_JOB=1"), "lines of job 1"))
        self.drop_in("[Service]\nExecStart=\nExecStart=/usr/sbin/sim52xxd --log-level debug\n")
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        self.assertEqual(self.machine.journal("SIM52XX_AT=AT+CGSN").splitlines()[0], "tty > AT+CGSN")

    def test_a_reset_is_run_outside_of_the_sandbox(self):
        """The daemon only asks for it; the command is root's and may do what the daemon may not."""
        self.configure(modem={"reset_command": "id -un >/srv/reset-by; echo $SIM52XX_DEVICE >>/srv/reset-by"})
        self.machine.run("touch", "/run/sim52xx/reset-request", user="sim52xx")
        until(lambda: self.machine.path("/srv/reset-by").exists(), "the command to run")
        until(lambda: self.machine.run("test", "-e", "/run/sim52xx/reset-request", check=False).returncode == 1,
              "the request to be taken away")
        self.assertEqual(self.machine.path("/srv/reset-by").read_text(), "root\n/run/emulator/modem\n")

    def test_a_further_modem(self):
        """Its own configuration and sockets; here there is no such modem, which is no reason to end."""
        self.machine.write("/etc/sim52xx/more.toml", '[modem]\ndevice = "/dev/sim52xx-more"\n[ssl1]\nhost = "a.test"\n')
        self.machine.run("systemctl", "start", "sim52xxd@more")
        self.addCleanup(self.machine.run, "systemctl", "stop", "sim52xxd@more")
        said = self.machine.run("sim52xxctl", "--json", "--socket", "/run/sim52xx-more/control.sock", "status",
                                user="alice").stdout
        self.assertIn('"modem_absent"', said)
        self.assertEqual(self.machine.run("stat", "--format=%G %a", "/run/sim52xx-more/ssl1.sock").stdout,
                         "sim52xx 660\n")
        self.machine.run("systemctl", "reload", "sim52xxd@more")
        self.assert_served()
