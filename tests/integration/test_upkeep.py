"""metrics, config.reload and SIGHUP, trace.start and trace.stop."""

import re
import signal
import unittest

from support.client import Client
from support.control import Control, RpcError
from support.daemon import configuration, toml
from support.rig import CURL_RESET, Rig
from support.tlsserver import one_page
from support.transcript import parse


class Upkeep(Rig):
    def set_up(self, server=None, ready=True, **tables):
        self.emulator = self.start_emulator(server)
        self.tables = tables
        self.daemon = self.start_daemon(self.emulator.link, ready=ready, **tables)
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)

    def write(self, **tables):
        self.daemon.config.write_text(toml(configuration(self.emulator.link, **tables)))

    def refused(self, method):
        with self.assertRaises(RpcError) as refused:
            self.control.call(method)
        return refused.exception


class Metrics(Upkeep):
    def test_are_in_the_format_of_prometheus(self):
        self.set_up(self.start_server(one_page(b"x" * 100)))
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/"))
        self.daemon.until_session("ssl0", lambda s: s["state"] == "idle", "to be idle")
        text = self.control.call("metrics")
        samples, typed = {}, set()
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                name, kind = line.split()[2:]
                self.assertIn(kind, ("counter", "gauge"))
                self.assertEqual(name.endswith("_total"), kind == "counter", name)
                typed.add(name)
            elif not line.startswith("# HELP "):
                match = re.fullmatch(r'([a-z0-9_]+)(\{[a-z_]+="[^"]*"(?:,[a-z_]+="[^"]*")*\})? (-?[0-9.e+-]+)', line)
                self.assertTrue(match, line)
                self.assertIn(match[1], typed)
                samples[match[1] + (match[2] or "")] = float(match[3])
        self.assertEqual(samples["sim52xx_modem_ready"], 1)
        self.assertEqual(samples['sim52xx_endpoint_accepted_total{endpoint="ssl0"}'], 1)
        self.assertGreater(samples['sim52xx_endpoint_bytes_total{endpoint="ssl0",direction="down"}'], 100)
        self.assertGreater(samples['sim52xx_serial_bytes_total{direction="to_modem"}'], 100)
        self.assertEqual(samples['sim52xx_jobs_total{state="done"}'], 0)
        self.assertTrue(text.endswith("\n"))


class Reload(Upkeep):
    def test_nothing_changed(self):
        self.set_up(ready=False)
        self.assertEqual(self.control.call("config.reload"), {"applied": [], "needs_restart": []})

    def test_names_what_is_applied_and_what_is_not(self):
        self.set_up(ready=False)
        self.write(modem={"apn": "other"}, ssl0={"busy": "kick"}, arbiter={"linger": 7}, timeouts={"connect": 9},
                   control={"job_ttl": 5, "spool_limit": 10000}, **{"endpoint.more": {"host": "more.test"}})
        answer = self.control.call("config.reload")
        self.assertEqual(set(answer["applied"]), {
            "ssl0.busy", "arbiter.linger", "timeouts.connect", "timeouts.https.connect", "timeouts.ftps.connect",
            "timeouts.ssl.connect", "control.job_ttl", "control.spool_limit"})
        self.assertEqual(set(answer["needs_restart"]), {"modem.apn", "endpoint.more"})
        self.assertIn("sim52xx_spool_limit_bytes 10000", self.control.call("metrics"))
        self.assertEqual(set(self.control.call("config.reload")["needs_restart"]), {"modem.apn", "endpoint.more"},
                         "still so")

    def test_a_mistake_changes_nothing(self):
        self.set_up(ready=False)
        self.write(ssl0={"port": 70000}, arbiter={"linger": 7})
        error = self.refused("config.reload")
        self.assertEqual(error.kind, "invalid")
        self.assertRegex(error.message, r"sim52xxd\.toml:\d+:\d+: ssl0\.port: found 70000, allowed an integer, 1 to 65535")
        self.write(arbiter={"linger": 7})
        self.assertEqual(self.control.call("config.reload")["applied"], ["arbiter.linger"])
        self.daemon.config.unlink()
        self.assertIn("cannot be read", self.refused("config.reload").message)

    def test_new_clients_get_what_is_new_and_old_ones_keep_theirs(self):
        """The certificate is accepted from the reload on; the session that is open goes on through it."""
        self.set_up(self.start_server(one_page(b"trusted"), self.certificates.self_signed))
        self.assertIn(self.curl(self.daemon.socket("ssl0"), "/").returncode, CURL_RESET)
        self.write(ssl0={"accept_alerts": ["bad-issuer", "view-certificate"], "idle_timeout": 0})
        self.assertIn("ssl0.accept_alerts", self.control.call("config.reload")["applied"])
        self.assert_served(self.curl(self.daemon.socket("ssl0"), "/"))
        with Client(self.daemon.socket("ssl0")) as client:
            self.daemon.until_session("ssl0", lambda s: s["state"] == "open", "to be open")
            self.write()
            self.assertIn("ssl0.accept_alerts", self.control.call("config.reload")["applied"])
            client.send(b"GET / HTTP/1.1\r\nHost: server.test\r\nConnection: close\r\n\r\n")
            self.assertIn(b"trusted", client.read_to_end()[0])
        self.assertIn(self.curl(self.daemon.socket("ssl0"), "/").returncode, CURL_RESET)

    def test_by_signal(self):
        self.set_up(ready=False)
        self.control.call("events.subscribe", topics=["config"])
        self.write(arbiter={"linger": 9})
        self.daemon.child.process.send_signal(signal.SIGHUP)
        event = self.control.event()
        self.assertEqual((event["type"], event["applied"]), ("config.reloaded", ["arbiter.linger"]))
        self.daemon.config.write_text("[nonsense]\n")
        self.daemon.child.process.send_signal(signal.SIGHUP)
        self.daemon.child.until_says("nonsense: found an unknown section")
        self.assertTrue(self.daemon.child.alive())


class Trace(Upkeep):
    def test_is_a_transcript(self):
        self.set_up(self.start_server(one_page(b"x" * 100)), ssl1={"host": "server.test"})
        self.control.call("trace.start")
        self.assert_served(self.curl(self.daemon.socket("ssl1"), "/"))
        self.daemon.until_session("ssl1", lambda s: s["state"] == "idle", "to be idle")
        answer = self.control.call("trace.stop")
        self.assertFalse(answer["truncated"])
        steps = parse(answer["trace"])
        self.assertIn(b'AT+CSSLOPEN=1,"server.test",443\r', b"".join(s.data for s in steps if s.who == "host"))
        self.assertIn(b"\r\nOK\r\n", b"".join(s.data for s in steps if s.who == "modem"))
        self.assertRegex(answer["trace"], r"(?m)^# \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")
        self.assertRegex(answer["trace"], r"(?m)^@ \d+\.\d{3}$")
        self.assertNotIn("xxxx", answer["trace"], "payloads by their length only")
        self.assertIn("\\{100}", answer["trace"])
        self.assertEqual(self.refused("trace.stop").kind, "invalid")

    def test_has_no_secrets(self):
        secret = self.folder / "password"
        secret.write_text("correct-horse-battery\n")
        self.set_up(modem={"apn_user": "me", "apn_password_file": str(secret)})
        self.control.call("trace.start")
        self.control.call("events.subscribe", topics=["modem"])
        self.emulator.control("reboot")
        self.control.until_event(lambda event: event["type"] == "modem.ready")
        trace = self.control.call("trace.stop")["trace"]
        self.assertRegex(trace, r'AT\+CSOCKAUTH=1,\d,"\\\{21\}"')
        self.assertNotIn("correct-horse", trace)


if __name__ == "__main__":
    unittest.main()
