"""Socket units: systemd listens, the first client starts the daemon."""

from support.bench import Bench


class Sockets(Bench):
    @classmethod
    def prepare(cls):
        cls.install("sim52xxd", "sim52xx-sim")
        cls.make_users()
        cls.start_surroundings()
        cls.configure()
        cls.machine.run("systemctl", "disable", "--now", "sim52xxd")
        cls.machine.run("systemctl", "enable", "--now", *(f"sim52xxd-{name}.socket"
                                                          for name in ("control", "ssl0", "ssl1")))

    def setUp(self):
        self.machine.run("systemctl", "stop", "sim52xxd")

    def test_a_client_that_comes_first_is_served(self):
        self.assertEqual(self.machine.show("sim52xxd", "ActiveState"), "inactive")
        self.assert_served()
        self.assertEqual(self.machine.show("sim52xxd", "ActiveState"), "active")

    def test_status_starts_it_too(self):
        self.assertIn("sim52xxd", self.ctl("version").stdout)

    def test_the_files_stay(self):
        def inodes():
            return self.machine.run("stat", "--format=%n %i %U %G %a", "/run/sim52xx/control.sock",
                                    "/run/sim52xx/ssl0.sock", "/run/sim52xx/ssl1.sock").stdout
        before = inodes()
        self.assertEqual(before.count(" sim52xx sim52xx 660\n"), 3)
        self.machine.run("systemctl", "start", "sim52xxd")
        self.until_ready()
        self.machine.run("systemctl", "stop", "sim52xxd")
        self.assertEqual(inodes(), before)

    def test_a_socket_without_a_host_leads_nowhere_and_says_so(self):
        self.assertIn(self.curl(socket="ssl1", check=False).returncode, (52, 56))
        ssl1 = next(s for s in self.status()["sessions"] if s["name"] == "ssl1")
        self.assertIn("ssl1.host", ssl1["last_error"]["message"])

    def test_a_reload_may_give_it_one(self):
        self.machine.run("systemctl", "start", "sim52xxd")
        self.until_ready()
        self.configure(ssl1={"host": "server.test"})
        self.addCleanup(self.configure)
        self.machine.run("systemctl", "reload", "sim52xxd")
        self.assert_served(socket="ssl1")

    def test_killed_it_is_started_for_who_waits(self):
        self.machine.run("systemctl", "start", "sim52xxd")
        self.send("KILL", self.main_pid())
        self.assert_served()
