"""What most tests need inside of the machine: the packages, users, a modem and a server behind it."""

import json
import shutil
import subprocess
import unittest

from .base import PACKAGES, ROOT, base, deb
from .machine import Machine
from .waiting import until

INSIDE = ROOT / "tests" / "system" / "inside"
MODEM = "/run/emulator/modem"
CONTROL = "/run/sim52xx/control.sock"

EMULATOR_UNIT = """\
[Service]
RuntimeDirectory=emulator
ExecStart=/usr/bin/sim52xx-sim --link /run/emulator/modem --control /run/emulator/control --ca /srv/server.pem \
  --map server.test:443=127.0.0.1:4433
# As udev leaves serial ports.
ExecStartPost=/bin/sh -c 'until [ -e /run/emulator/modem ]; do sleep 0.05; done; \
  chown root:dialout /run/emulator/modem && chmod 660 /run/emulator/modem'
"""

SERVER_UNIT = """\
[Service]
ExecStart=/usr/bin/python3 /srv/server.py /srv/server.pem /srv/server.key
"""

CONFIGURATION = {
    "modem": {"device": MODEM, "apn": "internet"},
    "ssl0": {"host": "server.test", "port": 443},
    "arbiter": {"linger": 1},
}


def toml(tables):
    """{"ssl0": {"host": "x"}} as TOML."""
    lines = []
    for table, keys in tables.items():
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    return "\n".join(lines) + "\n"


def configuration(**tables):
    return toml({table: {**CONFIGURATION.get(table, {}), **tables.get(table, {})}
                 for table in {**CONFIGURATION, **tables}})


class Bench(unittest.TestCase):
    """One machine for all tests of a class. alice uses, root administers by the group too, mallory is a stranger."""

    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.machine = Machine(base())
        cls.addClassCleanup(cls.machine.stop)
        for package in PACKAGES:
            shutil.copy(deb(package), cls.machine.path(f"/srv/{package}.deb"))
        for script in INSIDE.glob("*.py"):
            shutil.copy(script, cls.machine.path(f"/srv/{script.name}"))
        cls.prepare()

    @classmethod
    def prepare(cls):
        """Of the class's own."""

    @classmethod
    def install(cls, *packages):
        return cls.machine.run("apt-get", "install", "--yes", *(f"/srv/{name}.deb" for name in packages), seconds=120)

    @classmethod
    def make_users(cls):
        cls.machine.run("useradd", "--groups", "sim52xx", "alice")
        cls.machine.run("useradd", "--groups", "sim52xx,sim52xx-admin", "carol")
        cls.machine.run("useradd", "mallory")

    @classmethod
    def start_surroundings(cls):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-keyout", cls.machine.path("/srv/server.key"), "-out", cls.machine.path("/srv/server.pem"),
                        "-days", "2", "-subj", "/CN=server.test", "-addext", "subjectAltName=DNS:server.test"],
                       check=True, capture_output=True)
        cls.machine.write("/etc/systemd/system/emulator.service", EMULATOR_UNIT)
        cls.machine.write("/etc/systemd/system/server.service", SERVER_UNIT)
        cls.machine.run("systemctl", "daemon-reload")
        cls.machine.run("systemctl", "start", "server", "emulator")

    @classmethod
    def configure(cls, **tables):
        cls.machine.write("/etc/sim52xx/sim52xxd.toml", configuration(**tables))

    def ctl(self, *argv, user="alice", check=True, **options):
        return self.machine.run("sim52xxctl", *argv, user=user, check=check, **options)

    def status(self):
        said = self.ctl("--json", "status", user=None, check=False).stdout
        return json.loads(said) if said else {}

    def until_ready(self, seconds=60):
        until(lambda: self.status().get("state") == "ready", "the modem to be ready", seconds, last=self.status)

    def curl(self, user="alice", check=True, socket="ssl0", seconds=60):
        return self.machine.run("curl", "--silent", "--show-error", "--max-time", seconds, "--unix-socket",
                                f"/run/sim52xx/{socket}.sock", "http://server.test/", user=user, check=check,
                                seconds=seconds + 10)

    def assert_served(self, **options):
        self.assertEqual(self.curl(**options).stdout, "a page through the modem\n")

    def main_pid(self):
        return int(self.machine.show("sim52xxd", "MainPID"))

    def send(self, signal, pid):
        self.machine.run("sh", "-c", f"kill -{signal} {pid}")

    def drop_in(self, text):
        """A drop-in for the service, until the end of the test."""
        self.machine.write("/run/systemd/system/sim52xxd.service.d/test.conf", text)
        self.addCleanup(self.machine.run, "systemctl", "daemon-reload")
        self.addCleanup(self.machine.run, "rm", "-r", "/run/systemd/system/sim52xxd.service.d")
        self.machine.run("systemctl", "daemon-reload")

    def emulator(self, **request):
        """One request to the emulator's control socket."""
        said = self.machine.run("python3", "-c", """if True:
            import socket, sys
            connection = socket.socket(socket.AF_UNIX)
            connection.connect("/run/emulator/control")
            connection.sendall(sys.argv[1].encode() + b"\\n")
            print(connection.makefile().readline())""", json.dumps(request)).stdout
        answer = json.loads(said)
        self.assertTrue(answer["ok"], answer)
        return answer

    def diagnostics(self):
        return "\n---- journal\n" + "\n".join(self.machine.run(
            "journalctl", "--no-pager", "--output=short-monotonic", "--unit=sim52xx*", "--unit=emulator",
            check=False).stdout.splitlines()[-25:]) + "\n"
