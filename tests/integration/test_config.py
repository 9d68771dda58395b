"""Bad configuration is refused with the place, what was found and what is allowed; the shipped one is good."""

import re
import unittest

from support.daemon import check_config
from support.places import ROOT, program
from support.process import run
from support.rig import Rig

# name -> (configuration, line of the mistake, words that the message must have)
MISTAKES = {
    "unknown key": ('[ssl0]\nhost = "a.test"\nhots = "b.test"\n', 3, ["hots", "host"]),
    "unknown table": ('[ssl2]\nhost = "a.test"\n', 1, ["ssl2"]),
    "port 70000": ('[ssl0]\nhost = "a.test"\nport = 70000\n', 3, ["70000", "65535"]),
    "port 0": ('[ssl0]\nhost = "a.test"\nport = 0\n', 3, ["0", "65535"]),
    "host with a quote": ("[ssl0]\nhost = 'a\"b.test'\n", 2, ["host", '"']),
    "host with a carriage return": ('[ssl0]\nhost = "a.test\\rAT+CRESET"\n', 2, ["host"]),
    "host too long": (f'[ssl0]\nhost = "{"a" * 257}"\n', 2, ["256"]),
    "wrong type": ('[ssl0]\nhost = "a.test"\nport = "443"\n', 3, ["port", '"443"', "65535"]),
    "unknown word": ('[ssl0]\nhost = "a.test"\ntransparent = "sometimes"\n', 3,
                     ["sometimes", "auto", "always", "never"]),
    "unknown alert": ('[ssl0]\nhost = "a.test"\naccept_alerts = ["bad-isuer"]\n', 3, ["bad-isuer", "bad-issuer"]),
    "transparent on session 1": ('[ssl1]\nhost = "a.test"\ntransparent = "always"\n', 3, ["transparent", "session 0"]),
    "speed": ("[modem]\nbaud = 115201\n", 2, ["115201", "115200"]),
    "device not absolute": ('[modem]\ndevice = "ttyUSB2"\n', 2, ["ttyUSB2"]),
    "negative time": ("[timeouts]\nconnect = -1\n", 2, ["-1"]),
    "broken TOML": ('[ssl0\nhost = "a.test"\n', 1, []),
    "key twice": ('[ssl0]\nhost = "a.test"\nhost = "b.test"\n', 3, ["host"]),
    "not UTF-8": (b'[ssl0]\nhost = "\xff"\n', 2, []),
}

ALL_KEYS = """\
[modem]
device = "/dev/ttyS1"
baud = 460800
flow_control = "rtscts"
profile = "sim52xx"
apn = "internet"
apn_user = "me"
apn_password_credential = "apn"
pin_credential = "pin"
[ssl0]
host = "mqtt.example.com"
port = 8883
transparent = "auto"
accept_alerts = ["bad-issuer", "view-certificate"]
busy = "kick"
half_close_timeout = 60
failure_reply = "http"
[ssl1]
host = "api.example.com"
[endpoint.telemetry]
host = "t.example.com"
session = "any"
[https]
accept_alerts = []
[timeouts]
connect = 120
[timeouts.https]
connect = 60
[arbiter]
linger = 5
preempt = "idle"
preempt_after = 900
idle_after = 60
"""


class CheckConfig(Rig):
    def refuse(self, text, line, words):
        code, said, path = check_config(text, self.folder)
        self.assertNotEqual(code, 0, said)
        self.assertRegex(said, rf"(?m)^{re.escape(str(path))}:{line}:[1-9][0-9]*: .{{8,}}")
        for word in words:
            self.assertIn(word, said)
        self.assertNotIn("\r", said, "what was found is shown escaped")

    def test_good(self):
        code, said, _ = check_config(ALL_KEYS, self.folder)
        self.assertEqual(code, 0, said)

    def test_shipped_configuration(self):
        code, said, _ = check_config((ROOT / "config" / "sim52xxd.toml").read_text(), self.folder)
        self.assertEqual(code, 0, said)

    def test_every_example_in_the_shipped_configuration(self):
        text = (ROOT / "config" / "sim52xxd.toml").read_text()
        code, said, _ = check_config(re.sub(r"(?m)^#(?=[a-z\[])", "", text), self.folder)
        self.assertEqual(code, 0, said)

    def test_later_file_wins_per_key(self):
        (self.folder / "conf.d").mkdir()
        (self.folder / "conf.d" / "10-port.toml").write_text("[ssl0]\nport = 8443\n")
        (self.folder / "conf.d" / "20-port.toml").write_text("[ssl0]\nport = 9443\n")
        path = self.folder / "sim52xxd.toml"
        path.write_text('[ssl0]\nhost = "a.test"\nport = 443\n')
        done = run([program("sim52xxd"), "--print-config", "--config", path])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertRegex(done.stdout, r'(?s)\[ssl0\].*host = "a\.test".*port = 9443')

    def test_mistake_in_a_later_file_names_that_file(self):
        (self.folder / "conf.d").mkdir()
        later = self.folder / "conf.d" / "10-port.toml"
        later.write_text("[ssl0]\nport = 70000\n")
        code, said, _ = check_config('[ssl0]\nhost = "a.test"\n', self.folder)
        self.assertNotEqual(code, 0)
        self.assertRegex(said, rf"(?m)^{re.escape(str(later))}:2:")

    def test_file_that_does_not_exist(self):
        done = run([program("sim52xxd"), "--check-config", "--config", self.folder / "none.toml"])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("none.toml", done.stderr)

    def test_daemon_does_not_start_with_a_mistake(self):
        path = self.folder / "bad.toml"
        path.write_text("[ssl0]\nhost = 5\n")
        done = run([program("sim52xxd"), "--foreground", "--config", path, "--runtime-dir", self.folder])
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("bad.toml:2:", done.stderr)


def _add(name, mistake):
    def test(self):
        self.refuse(*mistake)
    setattr(CheckConfig, "test_" + re.sub(r"\W+", "_", name), test)


for _name, _mistake in MISTAKES.items():
    _add(_name, _mistake)


if __name__ == "__main__":
    unittest.main()
