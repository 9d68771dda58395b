"""sim52xxctl doctor against real faults: each is injected, found, and explained with a remedy."""

import fcntl
import grp
import json
import os
import pty
import shutil
import subprocess
import unittest

from support.ctl import ctl
from support.daemon import Daemon, configuration, toml
from support.fake_daemon import FakeDaemon
from support.places import free_port, loopback
from support.process import Child
from support.rig import Rig
from support.tlsserver import one_page
from support.waiting import until

CHECKS = ["daemon", "device", "access", "others", "modemmanager", "answers", "firmware", "sim", "apn", "network",
          "signal", "clock", "losses", "tls"]
WELL = dict.fromkeys(CHECKS, "ok")


class Doctor(Rig):
    def doctor(self, *more, socket=None):
        """{name: check} of what it finds; both forms of its answer agree on the exit code."""
        done = ctl(socket or self.daemon.socket("control"), "doctor", "--json", "--config",
                   self.folder / "sim52xxd.toml", *more, seconds=120)
        report = json.loads(done.stdout)
        self.assertEqual(done.returncode, 0 if report["healthy"] else 1, done.stdout + done.stderr)
        self.report = report
        found = {}
        for check in report["checks"]:
            found.setdefault(check["name"].split()[0], check)
        return found

    def assert_found(self, checks, **expected):
        """The verdict of every check; those not named are well or, behind a problem, skipped."""
        verdicts = {name: check["verdict"] for name, check in checks.items()}
        self.assertEqual(list(verdicts), CHECKS)
        for name, verdict in verdicts.items():
            allowed = [expected[name]] if name in expected else ["ok", "skipped"]
            self.assertIn(verdict, allowed, f"{name}: {json.dumps(checks[name])}")
        for name, verdict in expected.items():
            self.assertEqual(bool(checks[name]["remedies"]), verdict in ("problem", "warning"), name)

    def start(self, server=None, ready=True, until_said=None, config=None, **knobs):
        self.emulator = self.start_emulator(server, more=["--time-scale", "0.1"])
        if knobs:
            self.emulator.control("set", **knobs)
        tables = {"modem": {"baud": 115200}, **(config or {})}
        self.daemon = self.start_daemon(self.emulator.link, ready=ready, **tables)
        if until_said:
            self.daemon.child.until_says(until_said, 60)
            self.until_status(lambda modem: modem["last_error"])

    def until_status(self, look):
        until(lambda: look(self.daemon.status()["modem"]), "the modem's status", 60,
              last=lambda: self.daemon.status()["modem"])

    def remedies(self, check):
        return " ".join(check["remedies"])


class Healthy(Doctor):
    def test_all_is_well(self):
        self.start(self.start_server(one_page(b"x")))
        checks = self.doctor()
        self.assertEqual({name: check["verdict"] for name, check in checks.items()}, WELL)
        self.assertEqual([check["name"] for check in self.report["checks"]][-2:], ["tls ssl0", "tls ssl1"])
        self.assertIn("opened in", checks["tls"]["finding"])
        said = ctl(self.daemon.socket("control"), "doctor", "--no-connect")
        self.assertEqual((said.returncode, said.stderr), (0, ""))
        self.assertEqual(said.stdout.splitlines()[-1], "all is well")

    def test_it_leaves_nothing_behind(self):
        self.start(self.start_server(one_page(b"x")))
        self.doctor()
        self.emulator.until_idle()
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/"))

    def test_no_connect_opens_nothing(self):
        self.start(self.start_server(one_page(b"x")))
        checks = self.doctor("--no-connect")
        self.assertEqual(checks["tls"]["verdict"], "skipped")
        self.assertEqual(sum(e["accepted"] for e in self.daemon.status()["endpoints"]), 0)

    def test_a_session_in_use_is_not_disturbed(self):
        held = []
        self.start(self.start_server(lambda connection: held.append(connection) or connection.recv(1)),
                   config={"ssl0": {"busy": "kick", "transparent": "always"}})
        client = self.started(Child("client", ["socat", "-T", "60", f"UNIX:{self.daemon.socket('ssl0')}", "STDIO"],
                                    self.folder, stdin=subprocess.PIPE))
        client.killed = True
        self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
        checks = self.doctor("--wait", "2")
        self.assertEqual((checks["tls"]["verdict"], checks["tls"]["finding"]),
                         ("ok", "server.test:443 is open for a client"))
        self.assertEqual(self.daemon.session("ssl0")["state"], "open")
        self.assertTrue(client.alive())


class NoDaemon(Doctor):
    def test_it_does_not_run(self):
        self.emulator = self.start_emulator()
        (self.folder / "sim52xxd.toml").write_text(toml(configuration(self.emulator.link)))
        checks = self.doctor(socket=self.folder / "none.sock")
        self.assertEqual(checks["daemon"]["verdict"], "problem")
        self.assertEqual(checks["device"]["verdict"], "ok", "it looks where the configuration says")
        self.assertIn(str(self.emulator.link), checks["device"]["finding"])

    def test_its_configuration_is_wrong(self):
        (self.folder / "sim52xxd.toml").write_text('[ssl0]\nhots = "a.test"\n')
        checks = self.doctor(socket=self.folder / "none.sock")
        self.assertEqual(checks["daemon"]["verdict"], "problem")
        self.assertIn("sim52xxd.toml:2", self.remedies(checks["daemon"]))

    def test_without_json_too(self):
        done = ctl(self.folder / "none.sock", "doctor", "--config", self.folder / "none.toml")
        self.assertEqual(done.returncode, 1)
        self.assertIn("problem  daemon", done.stdout)
        self.assertIn("1 problem", done.stderr)


class Port(Doctor):
    def without_modem(self, device, **modem):
        self.daemon = self.started(Daemon(self.folder, configuration(device, modem={"device": str(device), **modem})))
        self.until_status(lambda modem: modem["last_error"])

    def test_no_device(self):
        self.without_modem(self.folder / "none")
        self.assert_found(self.doctor(), device="problem")

    def test_not_a_port(self):
        (self.folder / "file").touch()
        self.without_modem(self.folder / "file")
        checks = self.doctor()
        self.assert_found(checks, device="problem")
        self.assertIn("no serial port", checks["device"]["finding"])

    def test_held_by_another_program(self):
        self.emulator = self.start_emulator()
        port = os.open(self.emulator.link, os.O_RDWR | os.O_NOCTTY)
        fcntl.flock(port, fcntl.LOCK_EX)
        shutil.copy("/bin/sleep", self.folder / "minicom")
        holder = self.started(Child("minicom", [self.folder / "minicom", "600"], self.folder, stdin=port))
        holder.killed = True
        os.close(port)
        self.without_modem(self.emulator.link)
        checks = self.doctor()
        self.assert_found(checks, others="problem")
        self.assertIn(f"minicom (process {holder.pid} of root)", checks["others"]["finding"])
        self.assertIn("the daemon waits", checks["others"]["finding"])

    def test_modem_manager_is_at_it(self):
        self.start(self.start_server(one_page(b"x")))
        port = os.open(self.emulator.link, os.O_RDWR | os.O_NOCTTY)
        shutil.copy("/bin/sleep", self.folder / "ModemManager")
        manager = self.started(Child("ModemManager", [self.folder / "ModemManager", "600"], self.folder, stdin=port))
        manager.killed = True
        os.close(port)
        checks = self.doctor()
        self.assert_found(checks, modemmanager="problem")
        self.assertIn("ID_MM_DEVICE_IGNORE", self.remedies(checks["modemmanager"]))


class Refused(Doctor):
    """What a daemon without privileges meets; it is played, the port and its owner are real."""

    def setUp(self):
        super().setUp()
        self.master, self.slave = pty.openpty()
        self.addCleanup(os.close, self.master)
        self.addCleanup(os.close, self.slave)
        self.device = os.ttyname(self.slave)

    def play(self, message, user):
        service = self.started(Child("service", ["sleep", "600"], self.folder, user=user))
        service.killed = True
        self.daemon = self.started(FakeDaemon(self.folder))
        self.daemon.on("version", {"daemon": "0.1.0", "api": {"major": 1, "minor": 0}})
        error = {"kind": "denied", "stage": "port", "retryable": False, "message": f"{self.device}: {message}"}
        self.daemon.on("status", {
            "state": "modem_absent", "pid": service.pid, "sessions": [],
            "modem": {"device": self.device, "last_error": error, "counters": {}}})
        return {c["name"]: c for c in [self.doctor(socket=self.daemon.path)["access"]]}["access"]

    def test_its_user_may_not(self):
        os.fchown(self.slave, 0, grp.getgrnam("dialout").gr_gid)
        os.fchmod(self.slave, 0o660)
        check = self.play("Permission denied", "nobody")
        self.assertEqual(check["verdict"], "problem")
        self.assertIn("user nobody may not open", check["finding"])
        self.assertIn("usermod -aG dialout nobody", self.remedies(check))

    def test_device_allow(self):
        os.fchmod(self.slave, 0o666)
        check = self.play("Operation not permitted", "nobody")
        self.assertEqual(check["verdict"], "problem")
        self.assertIn(f"DeviceAllow={self.device} rw", self.remedies(check))


class Modem(Doctor):
    def test_no_answer(self):
        self.start(ready=False, until_said="does not answer AT", wedge=True)
        checks = self.doctor()
        self.assert_found(checks, answers="problem")
        self.assertIn("115200", self.remedies(checks["answers"]))

    def test_no_answer_with_flow_control(self):
        self.start(ready=False, until_said="does not answer AT", wedge=True,
                   config={"modem": {"flow_control": "rtscts"}})
        self.assertIn('try "none"', self.remedies(self.doctor()["answers"]))

    def test_later_firmware(self):
        self.start(self.start_server(one_page(b"x")), cch=True)
        checks = self.doctor()
        self.assert_found(checks, firmware="problem")
        self.assertIn("AT+CCH", checks["firmware"]["finding"])

    def test_no_sim(self):
        self.start(ready=False, sim="absent")
        self.until_status(lambda modem: modem["sim"])
        self.assert_found(self.doctor(), sim="problem")

    def test_a_sim_that_wants_its_pin(self):
        self.start(ready=False, until_said="the SIM wants a PIN", sim="pin")
        checks = self.doctor()
        self.assert_found(checks, sim="problem")
        self.assertIn("pin_credential", self.remedies(checks["sim"]))

    def test_a_wrong_pin(self):
        (self.folder / "pin").write_text("9999\n")
        self.start(ready=False, until_said="the SIM refused", sim="pin",
                   config={"modem": {"pin_file": str(self.folder / "pin")}})
        checks = self.doctor()
        self.assert_found(checks, sim="problem")
        self.assertIn("refused the configured PIN", checks["sim"]["finding"])

    def test_a_blocked_sim(self):
        self.start(ready=False, until_said="PUK", sim="puk")
        checks = self.doctor()
        self.assert_found(checks, sim="problem")
        self.assertIn("PUK", checks["sim"]["finding"])

    def test_no_network(self):
        self.start(ready=False, registration=2)
        self.until_status(lambda modem: modem["registration"] == 2)
        checks = self.doctor()
        self.assert_found(checks, network="problem")
        self.assertIn("antenna", self.remedies(checks["network"]))

    def test_a_network_that_denies(self):
        self.start(ready=False, registration=3)
        self.until_status(lambda modem: modem["registration"] == 3)
        checks = self.doctor()
        self.assert_found(checks, network="problem")
        self.assertIn("denies", checks["network"]["finding"])

    def test_no_access_point(self):
        self.start(self.start_server(one_page(b"x")), config={"modem": {"apn": ""}})
        checks = self.doctor()
        self.assert_found(checks, apn="problem")
        self.assertIn("none stored", checks["apn"]["finding"])

    def test_a_refused_access_point(self):
        self.start(ready=False, until_said="refused the APN", apn="refused")
        self.assert_found(self.doctor(), apn="problem")

    def test_a_weak_signal(self):
        self.start(self.start_server(one_page(b"x")), csq=4)
        checks = self.doctor()
        self.assert_found(checks, signal="warning")
        self.assertIn("-105 dBm", checks["signal"]["finding"])

    def test_the_clock_of_a_modem_that_was_never_told(self):
        self.start(self.start_server(one_page(b"x")), clock="80/01/06,00:00:42+00")
        checks = self.doctor()
        self.assert_found(checks, clock="problem")
        self.assertIn("AT+CCLK=", self.remedies(checks["clock"]))

    def test_restarts(self):
        self.start(self.start_server(one_page(b"x")))
        self.emulator.control("reboot")
        self.until_status(lambda modem: modem["counters"]["reboots"] == 1)
        self.daemon.until_ready(60)
        checks = self.doctor()
        self.assert_found(checks, losses="warning")


class Tls(Doctor):
    def assert_refused(self, pair, bits, *words):
        self.start(self.start_server(one_page(b"x"), pair))
        checks = self.doctor()
        self.assert_found(checks, tls="problem")
        for bit in bits:
            self.assertIn(bit, checks["tls"]["finding"])
        for word in words:
            self.assertIn(word, self.remedies(checks["tls"]))

    def test_a_certificate_that_nobody_knows(self):
        self.assert_refused(self.certificates.self_signed, ["bad-issuer", "view-certificate"],
                            'accept_alerts = ["bad-issuer", "view-certificate"] in [ssl0]')

    def test_an_expired_certificate(self):
        self.assert_refused(self.certificates.expired, ["certificate-expired"], "see clock")

    def test_a_certificate_of_another_host(self):
        self.assert_refused(self.certificates.wrong_host, ["host-mismatch"], "another name")

    def test_nobody_listens(self):
        self.emulator = self.start_emulator(maps={"server.test:443": f"{loopback()}:{free_port(loopback())}"})
        self.daemon = self.start_daemon(self.emulator.link)
        checks = self.doctor()
        self.assert_found(checks, tls="problem")
        self.assertIn("TLS 1.0", self.remedies(checks["tls"]))

    def test_no_host(self):
        self.emulator = self.start_emulator()
        self.daemon = self.started(Daemon(self.folder, {"modem": {"device": str(self.emulator.link), "apn": "a"}}))
        self.daemon.until_ready()
        self.assert_found(self.doctor(), tls="warning")


if __name__ == "__main__":
    unittest.main()
