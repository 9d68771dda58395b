"""Everything in config/examples does what it says: with real clients, real servers and the emulated modem."""

import configparser
import os
import pathlib
import re
import shlex
import socket
import subprocess
import unittest

from support.daemon import Daemon, check_config, toml
from support.places import ROOT, free_port, loopback, program
from support.process import Child, quiet_environment, run
from support.rig import Rig
from support.tlsserver import one_page
from support.waiting import until

EXAMPLES = ROOT / "config" / "examples"
PROXY = pathlib.Path("/lib/systemd/systemd-socket-proxyd")


def unit(name):
    """A unit file: its sections; keys keep their case, and of those that come twice the last counts."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, comment_prefixes=("#",), delimiters=("=",))
    parser.optionxform = str
    parser.read_string(re.sub(r"\\\n\s*", " ", (EXAMPLES / name).read_text()))
    return parser


class Files(Rig):
    def test_configurations_are_right(self):
        configurations = sorted(EXAMPLES.glob("*.toml"))
        self.assertEqual(len(configurations), 3)
        for path in configurations:
            code, said, _ = check_config(path.read_text(), self.folder, path.name)
            self.assertEqual((code, said.count("warning")), (0, 0), f"{path.name}: {said}")

    def test_units_are_right(self):
        """As systemd reads them; programs that are not installed here are not missed."""
        units = [p for p in EXAMPLES.iterdir() if p.suffix in (".service", ".socket", ".timer")]
        self.assertEqual(len(units), 6)
        for path in units:
            text = path.read_text().replace("/usr/bin/sim52xxctl", program("sim52xxctl"))
            (self.folder / path.name).write_text(text)
        done = run(["systemd-analyze", "verify", "--man=no", *(self.folder / p.name for p in units)],
                   env={**os.environ, "SYSTEMD_UNIT_PATH": f"{self.folder}:"})
        ours = [line for line in done.stderr.splitlines() if str(self.folder) in line or "sim52xx-" in line]
        self.assertEqual(ours, [])

    def test_the_readme_names_every_file(self):
        text = (EXAMPLES / "README").read_text()
        for path in EXAMPLES.iterdir():
            self.assertTrue(path.name == "README" or path.name in text, path.name)


class Walked(Rig):
    def start(self, example, servers, **more):
        """The daemon with an example as its configuration; only the device is ours."""
        maps = {host: server.where for host, server in servers.items()}
        self.emulator = self.start_emulator(maps=maps)
        folder = self.folder / "conf.d"
        folder.mkdir()
        (folder / "50-test.toml").write_text(toml({"modem": {"device": str(self.emulator.link)}, **more}))
        self.daemon = self.started(Daemon(self.folder, (EXAMPLES / example).read_text()))
        self.daemon.until_ready()

    def pair(self, *hosts):
        return self.certificates.named(*hosts)

    def words(self, line, **environment):
        """A command of a unit, as it runs here: our programs, our runtime directory."""
        line = line.replace("/usr/bin/", "").replace("/run/sim52xx", str(self.daemon.runtime))
        for name, value in environment.items():
            line = line.replace(f"${{{name}}}", str(value))
        return shlex.split(line)

    def environment(self):
        folders = [os.path.dirname(program(name)) for name in ("sim52xxd", "sim52xxctl")]
        return {**quiet_environment(), "PATH": ":".join([*folders, os.environ["PATH"]]),
                "SIM52XX_SOCKET": str(self.daemon.socket("control"))}

    def start_broker(self):
        self.certificates.__dict__["good"] = self.pair("mqtt.example.com")
        return self.start_mosquitto()

    def subscribe(self, broker, *where):
        process = subprocess.Popen(["mosquitto_sub", *where, "-k", "300", "-t", "room/#", "-C", "1", "-W", "90"],
                                   stdout=subprocess.PIPE, text=True, env=quiet_environment())
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        until(lambda: "Received SUBSCRIBE" in broker.child.output(), "the broker to see the subscription", 60)
        return process

    def assert_gets_a_message(self, broker, subscriber):
        done = run(["mosquitto_pub", "-h", broker.address, "-p", broker.port, "--cafile", self.certificates.ca.cert,
                    "--insecure", "-t", "room/door", "-m", "open"], env=quiet_environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(subscriber.communicate(timeout=60)[0], "open\n")

    def test_mqtt_gateway(self):
        broker = self.start_broker()
        self.start("mqtt-gateway.toml", {"mqtt.example.com:8883": broker})
        first = self.subscribe(broker, "--unix", self.daemon.socket("ssl0"))
        self.assert_gets_a_message(broker, first)

    def test_mqtt_gateway_a_client_that_comes_back(self):
        broker = self.start_broker()
        self.start("mqtt-gateway.toml", {"mqtt.example.com:8883": broker})
        self.subscribe(broker, "--unix", self.daemon.socket("ssl0"))
        again = subprocess.Popen(["mosquitto_sub", "--unix", self.daemon.socket("ssl0"), "-t", "room/#", "-C", "1",
                                  "-W", "90"], stdout=subprocess.PIPE, text=True)
        self.addCleanup(again.communicate)
        self.addCleanup(again.kill)
        until(lambda: broker.child.output().count("Received SUBSCRIBE") > 1, "the second one's subscription", 60)
        self.assert_gets_a_message(broker, again)

    def test_http_telemetry(self):
        server = self.start_server(one_page(b"thanks"), self.pair("telemetry.example.com"))
        self.start("http-telemetry.toml", {"telemetry.example.com:443": server})
        command = re.search(r"^#\s+(curl .*)$", (EXAMPLES / "http-telemetry.toml").read_text(), re.M)[1]
        for _ in range(2):
            done = run(self.words(command), seconds=60, env=self.environment())
            self.assertEqual((done.returncode, done.stdout), (0, "thanks"), done.stderr)

    def test_http_telemetry_tells_why_not(self):
        server = self.start_server(one_page(b"thanks"), self.pair("elsewhere.example.com"))
        self.start("http-telemetry.toml", {"telemetry.example.com:443": server})
        done = run(["curl", "-s", "-w", "%{http_code}", "--unix-socket", self.daemon.socket("telemetry"),
                    "http://telemetry.example.com/"], seconds=60, env=quiet_environment())
        self.assertEqual(done.stdout[-3:], "502")
        self.assertIn("host-mismatch", done.stdout)

    def test_nightly_ftps(self):
        """MQTT has the modem; the upload takes it, and MQTT comes back."""
        files = self.start_ftp_server("proftpd", self.pair("files.example.com"))
        broker = self.start_broker()
        nightly = (EXAMPLES / "nightly-ftps.toml").read_text()
        self.assertIn("preempt_after = 60", nightly)
        self.start("mqtt-gateway.toml", {"mqtt.example.com:8883": broker, "files.example.com:21": files})
        (self.folder / "conf.d" / "nightly-ftps.toml").write_text(
            nightly.replace("preempt_after = 60", "preempt_after = 1"))
        self.assertIn("arbiter.preempt", self.daemon.control("config.reload")["applied"])
        subscriber = self.subscribe(broker, "--unix", self.daemon.socket("ssl0"))
        (self.folder / "ftps").write_text(files.password + "\n")
        (self.folder / "today.csv").write_text("21.5\n" * 1000)
        command = unit("sim52xx-upload.service")["Service"]["ExecStart"]
        command = command.replace("gateway@", f"{files.user}@").replace("/var/log/measurements", str(self.folder))
        done = run(self.words(command, CREDENTIALS_DIRECTORY=self.folder), seconds=90, env=self.environment())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual((files.home / "today.csv").read_text(), "21.5\n" * 1000)
        until(lambda: broker.child.output().count("Received SUBSCRIBE") > 1, "MQTT to come back", 60)
        self.assert_gets_a_message(broker, subscriber)

    @unittest.skipUnless(PROXY.exists(), "needs systemd")
    def test_a_port_for_programs_without_unix_sockets(self):
        broker = self.start_broker()
        self.start("mqtt-gateway.toml", {"mqtt.example.com:8883": broker})
        self.assertEqual(unit("sim52xx-mqtt.socket")["Socket"]["ListenStream"], "127.0.0.1:1883")
        command = self.words(unit("sim52xx-mqtt.service")["Service"]["ExecStart"])
        self.assertEqual(command[0], str(PROXY))
        port = free_port(loopback())
        proxy = self.started(Child("proxy", ["systemd-socket-activate", "-l", f"{loopback()}:{port}", *command],
                                   self.folder))
        proxy.killed = True  # ends by the signal that stops it
        proxy.until(lambda: self.connects(port), "the proxy to listen")
        self.assert_gets_a_message(broker, self.subscribe(broker, "-h", loopback(), "-p", str(port)))

    def test_many_clients_of_one_session(self):
        web = self.start_server(one_page(b"shared\n"), self.pair("telemetry.example.com"))
        self.start("http-telemetry.toml", {"telemetry.example.com:443": web})
        port = free_port(loopback())
        text = (EXAMPLES / "haproxy.cfg").read_text().replace("127.0.0.1:8080", f"{loopback()}:{port}")
        text = re.sub(r"(?m)^  (user|group) .*\n", "", text).replace("/run/sim52xx", str(self.daemon.runtime))
        (self.folder / "haproxy.cfg").write_text(text)
        proxy = self.started(Child("haproxy", ["haproxy", "-db", "-f", self.folder / "haproxy.cfg"], self.folder))
        proxy.killed = True
        proxy.until(lambda: self.connects(port), "HAProxy to listen")
        clients = [subprocess.Popen(["curl", "--silent", "--show-error", "--max-time", "90", f"http://{loopback()}:{port}/"],
                                    stdout=subprocess.PIPE, text=True, env=quiet_environment()) for _ in range(3)]
        said = [client.communicate()[0] for client in clients]
        self.assertEqual(said, ["shared\n"] * 3)
        until(lambda: web.served == 3, "the server to be done with all of them", last=lambda: web.served)

    @staticmethod
    def connects(port):
        text = pathlib.Path("/proc/net/tcp").read_text()
        address = socket.inet_aton(loopback())[::-1].hex().upper()
        return re.search(rf"^ *\d+: {address}:{port:04X} \S+ 0A ", text, re.M)

    def test_metrics(self):
        self.start("mqtt-gateway.toml", {})
        command = unit("sim52xx-metrics.service")["Service"]["ExecStart"]
        folder = self.folder / "collector"
        folder.mkdir()
        done = run(self.words(command), cwd=folder, env=self.environment())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([p.name for p in folder.iterdir()], ["sim52xx.prom"])
        self.assertIn("\nsim52xx_modem_ready 1\n", (folder / "sim52xx.prom").read_text())
        self.daemon.stop()
        done = run(self.words(command), cwd=folder, env=self.environment())
        self.assertEqual(done.returncode, 1)
        self.assertEqual(list(folder.iterdir()), [])


if __name__ == "__main__":
    unittest.main()
