"""The daemon as a service of systemd, with the test in systemd's place: notifications, watchdog, given sockets."""

import os
import signal
import socket
import time

from support.client import Client
from support.control import Control
from support.daemon import Daemon, configuration, toml
from support.places import program
from support.process import Child, run
from support.rig import Rig
from support.tlsserver import one_page
from support.waiting import PATIENCE, until

class Service(Rig):
    def setUp(self):
        super().setUp()
        self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.notify.close)
        self.notify.bind(str(self.folder / "notify"))
        self.notify.settimeout(20 * PATIENCE)

    def start(self, device, watchdog=None, **tables):
        environment = {**os.environ, "NOTIFY_SOCKET": str(self.folder / "notify")}
        if watchdog:
            environment["WATCHDOG_USEC"] = str(int(watchdog * 1e6))
        self.daemon = self.started(Daemon(self.folder, configuration(device, **tables), env=environment))
        return self.daemon

    def heard(self):
        return self.notify.recv(65536).decode()

    def until_heard(self, start):
        """The first notification that begins so, and what came before it."""
        before = []
        while not (message := self.heard()).startswith(start):
            before.append(message)
        return message, before


class Notifications(Service):
    def test_ready_when_the_sockets_answer(self):
        """Whatever the modem does: here there is none."""
        daemon = self.start(self.folder / "nothing")
        self.assertEqual(self.heard(), "READY=1")
        self.assertEqual(daemon.status()["state"], "modem_absent")
        status, _ = self.until_heard("STATUS=modem modem_absent")
        self.assertIn("nothing", status)

    def test_the_status_tells_of_the_modem(self):
        emulator = self.start_emulator()
        daemon = self.start(emulator.link)
        self.until_heard("STATUS=modem ready: SIM")
        emulator.control("vanish")
        self.until_heard("STATUS=modem modem_absent")

    def test_stopping(self):
        daemon = self.start(self.folder / "nothing")
        daemon.terminate()
        self.until_heard("STOPPING=1")
        self.assertEqual(daemon.child.wait(20), 0)

    def test_a_reload_is_framed(self):
        """RELOADING=1 with the time of the clock, then READY=1, be it good or bad; by SIGHUP and by method."""
        daemon = self.start(self.folder / "nothing")
        self.until_heard("STATUS=")
        for way in (lambda: daemon.child.process.send_signal(signal.SIGHUP), lambda: daemon.control("config.reload")):
            begin = time.monotonic_ns() // 1000
            way()
            reloading, _ = self.until_heard("RELOADING=1\nMONOTONIC_USEC=")
            self.assertTrue(begin <= int(reloading.split("=")[2]) <= time.monotonic_ns() // 1000, reloading)
            self.until_heard("READY=1")
        daemon.config.write_text("[modem]\nbaud = 7\n")
        daemon.child.process.send_signal(signal.SIGHUP)
        self.until_heard("RELOADING=1")
        self.until_heard("READY=1")
        status, _ = self.until_heard("STATUS=")
        self.assertRegex(status, r"new configuration refused: .*sim52xxd\.toml:2:8: modem\.baud: found 7")

    def test_a_bad_configuration_ends_with_a_code_of_its_own(self):
        config = self.folder / "bad.toml"
        config.write_text("[modem]\nbaud = 7\n")
        done = run([program("sim52xxd"), "--config", config, "--runtime-dir", self.folder])
        self.assertEqual(done.returncode, 78, done.stderr)


class ResetModem(Rig):
    """sim52xxd --reset-modem, for the unit that runs reset_command outside of the sandbox."""

    def reset(self, **modem):
        config = self.folder / "sim52xxd.toml"
        config.write_text(toml({"modem": modem}))
        return run([program("sim52xxd"), "--config", config, "--reset-modem"])

    def test_becomes_the_command(self):
        done = self.reset(device="/dev/ttyX", reset_command="echo $SIM52XX_DEVICE; exit 5")
        self.assertEqual((done.returncode, done.stdout), (5, "/dev/ttyX\n"))

    def test_without_a_command_it_fails(self):
        done = self.reset()
        self.assertEqual(done.returncode, 1)
        self.assertIn("modem.reset_command", done.stderr)


class Watchdog(Service):
    def test_is_fed_in_time(self):
        self.start(self.folder / "nothing", watchdog=0.4)
        self.until_heard("WATCHDOG=1")
        for _ in range(5):
            begin = time.monotonic()
            self.until_heard("WATCHDOG=1")
            self.assertLess(time.monotonic() - begin, 0.4 * PATIENCE)

    def test_a_silent_modem_does_not_matter(self):
        emulator = self.start_emulator()
        daemon = self.start(emulator.link, watchdog=0.4)
        daemon.until_ready()
        emulator.control("wedge", on=True)
        self.until_heard("STATUS=modem")
        for _ in range(5):
            self.until_heard("WATCHDOG=1")
        emulator.control("wedge", on=False)

    def test_a_stopped_loop_does(self):
        daemon = self.start(self.folder / "nothing", watchdog=0.4)
        self.until_heard("WATCHDOG=1")
        daemon.child.process.send_signal(signal.SIGSTOP)
        self.addCleanup(daemon.child.process.send_signal, signal.SIGCONT)
        self.notify.settimeout(0.8)
        with self.assertRaises(TimeoutError):
            while True:
                self.heard()

    def test_another_process_s_is_not_fed(self):
        """$WATCHDOG_PID names who has to."""
        os.environ["WATCHDOG_PID"] = str(os.getpid())
        self.addCleanup(os.environ.pop, "WATCHDOG_PID")
        daemon = self.start(self.folder / "nothing", watchdog=0.4)
        daemon.terminate()
        _, before = self.until_heard("STOPPING=1")
        self.assertNotIn("WATCHDOG=1", before)
        self.assertEqual(daemon.child.wait(20), 0)


class GivenSockets(Rig):
    """systemd-socket-activate makes the sockets, and becomes the daemon when the first client comes."""

    def give(self, device, names, **tables):
        self.runtime = self.folder / "run"
        self.runtime.mkdir()
        self.config = self.folder / "sim52xxd.toml"
        self.write(device, **tables)
        listen = [word for name in names for word in ("--listen", self.socket(name))]
        self.child = Child("sim52xxd", ["systemd-socket-activate", *listen, f"--fdname={':'.join(names)}",
                                        program("sim52xxd"), "--config", self.config, "--runtime-dir", self.runtime,
                                        "--foreground", "--log-level", "debug"], self.folder)
        self.children.append(self.child)
        self.addCleanup(self.child.stop_well)
        for name in names:
            self.child.until_says(f"Listening on {self.socket(name)} as ")

    def write(self, device, **tables):
        """Without [ssl1], unless a test wants it."""
        given = {"ssl1": {}, **tables}
        whole = configuration(device, **given)
        if not given["ssl1"]:
            del whole["ssl1"]
        self.config.write_text(toml(whole))

    def socket(self, name):
        return self.runtime / f"{name}.sock"

    def control(self, method, **parameters):
        with Control(self.socket("control"), 60) as control:
            return control.call(method, **parameters)

    def test_a_client_that_came_before_the_daemon_is_served(self):
        emulator = self.start_emulator(self.start_server(one_page(b"early")))
        self.give(emulator.link, ["control", "ssl0"])
        self.assert_served(self.curl(self.socket("ssl0"), "/"))
        self.assertEqual(self.control("status")["state"], "ready")

    def test_the_files_stay(self):
        self.give(self.folder / "nothing", ["control", "ssl0"])
        before = [os.stat(self.socket(name)).st_ino for name in ("control", "ssl0")]
        self.assertEqual(self.control("status")["state"], "modem_absent")
        self.assertEqual(self.child.stop(), 0)
        self.assertEqual([os.stat(self.socket(name)).st_ino for name in ("control", "ssl0")], before)

    def test_what_is_not_given_is_made(self):
        self.give(self.folder / "nothing", ["control"])
        self.control("status")
        self.assertTrue(self.socket("ssl0").is_socket())
        self.assertEqual(self.child.stop(), 0)
        self.assertFalse(self.socket("ssl0").exists(), "its own it removes")

    def test_a_socket_without_a_host_resets_and_says_why(self):
        self.give(self.folder / "nothing", ["control", "ssl0", "ssl1", "other"])
        for name, key in (("ssl1", "ssl1.host"), ("other", "endpoint.other.host")):
            with self.subTest(name), Client(self.socket(name)) as client:
                client.send(b"GET / HTTP/1.1\r\n\r\n")
                self.assertEqual(client.end(), "reset")
                until(lambda: self.last_error(name), "the error to be told")
                self.assertEqual(self.last_error(name)["kind"], "invalid")
                self.assertIn(key, self.last_error(name)["message"])

    def last_error(self, name):
        return next(s for s in self.control("status")["sessions"] if s["name"] == name)["last_error"]

    def test_a_reload_gives_it_a_host(self):
        emulator = self.start_emulator(self.start_server(one_page(b"now")))
        self.give(emulator.link, ["control", "ssl1"])
        self.assertEqual(self.control("config.reload"), {"applied": [], "needs_restart": []})
        self.write(emulator.link, ssl1={"host": "server.test"})
        self.assertEqual(self.control("config.reload"), {"applied": ["ssl1.host"], "needs_restart": []})
        self.assert_served(self.curl(self.socket("ssl1"), "/"))
