"""The life of the packages: install, configure, upgrade, remove, purge."""

import re
import shutil
import subprocess
import unittest

from support.base import PACKAGES, ROOT, deb
from support.bench import Bench
from support.waiting import until


class Version(unittest.TestCase):
    def test_is_that_of_the_build(self):
        """Of one place: CMakeLists.txt."""
        version = re.search(r"project\(sim52xxd VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())[1]
        for package in PACKAGES:
            said = subprocess.run(["dpkg-deb", "--field", deb(package), "Version"], check=True, capture_output=True,
                                  text=True).stdout
            self.assertEqual(said.strip(), version)


class Package(Bench):
    """The tests are chapters of one story, in the order of their names."""

    @classmethod
    def prepare(cls):
        """A later version beside the one that was built: its default configuration has changed, too."""
        work = cls.machine.folder / "later"
        subprocess.run(["dpkg-deb", "--raw-extract", deb("sim52xxd"), work], check=True)
        control = work / "DEBIAN" / "control"
        control.write_text(re.sub(r"(?m)^Version: (.*)$", r"Version: \1+later", control.read_text()))
        with open(work / "etc/sim52xx/sim52xxd.toml", "a", encoding="utf-8") as file:
            file.write("# A line of the later version.\n")
        subprocess.run(["dpkg-deb", "--root-owner-group", "--build", work, cls.machine.path("/srv/later.deb")],
                       check=True, capture_output=True)
        shutil.rmtree(work)

    def active(self, unit="sim52xxd"):
        return self.machine.run("systemctl", "is-active", unit, check=False).stdout.strip()

    def exists(self, path):
        return self.machine.run("test", "-e", path, check=False).returncode == 0

    def test_1_installed_it_runs(self):
        """Without a modem and without a word in its configuration, too."""
        self.install(*PACKAGES)
        self.assertEqual(self.active(), "active")
        self.assertEqual(self.status()["state"], "modem_absent")
        self.assertIn("/dev/sim52xx", self.machine.show("sim52xxd", "StatusText"))
        for group in ("sim52xx", "sim52xx-admin"):
            self.machine.run("getent", "group", group)
        self.assertRegex(self.machine.run("getent", "passwd", "sim52xx").stdout, r":/usr/sbin/nologin\n$")
        self.assertEqual(self.machine.run("systemctl", "is-system-running").stdout, "running\n")
        self.assertEqual(self.active("sim52xxd-ssl0.socket"), "inactive", "optional")

    def test_2_configured_it_serves(self):
        self.make_users()
        self.start_surroundings()
        self.configure()
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        self.assert_served()

    def test_2_python_has_its_client(self):
        said = self.machine.run("python3", "-c", "import sim52xx; print(sim52xx.Client().status()['state'])", user="alice")
        self.assertEqual(said.stdout, "ready\n")

    def test_3_upgraded_it_keeps_its_configuration_and_serves(self):
        before, pid = self.machine.run("cat", "/etc/sim52xx/sim52xxd.toml").stdout, self.main_pid()
        self.machine.write("/etc/sim52xx/more.toml", '[modem]\ndevice = "/dev/more"\n')
        self.machine.run("systemctl", "enable", "--now", "sim52xxd@more")
        more = self.machine.show("sim52xxd@more", "MainPID")
        self.machine.run("apt-get", "install", "--yes", "--option=Dpkg::Options::=--force-confdef",
                         "--option=Dpkg::Options::=--force-confold", "/srv/later.deb")
        self.assertEqual(self.machine.run("cat", "/etc/sim52xx/sim52xxd.toml").stdout, before)
        self.assertIn("later version", self.machine.run("cat", "/etc/sim52xx/sim52xxd.toml.dpkg-dist").stdout)
        self.assertNotIn(self.main_pid(), (0, pid))
        self.assertNotIn(self.machine.show("sim52xxd@more", "MainPID"), ("0", more))
        self.until_ready()
        self.assert_served()

    def test_4_disabled_it_stays_disabled(self):
        self.machine.run("systemctl", "disable", "sim52xxd")
        self.machine.run("apt-get", "install", "--yes", "--reinstall", "/srv/later.deb")
        self.assertEqual(self.machine.run("systemctl", "is-enabled", "sim52xxd", check=False).stdout, "disabled\n")
        self.machine.run("systemctl", "enable", "sim52xxd")

    def test_5_removed_it_leaves_only_the_configuration(self):
        self.machine.run("systemctl", "stop", "sim52xxd")
        self.machine.run("systemctl", "enable", "--now", "sim52xxd-ssl0.socket")
        self.machine.run("apt-get", "remove", "--yes", "sim52xxd")
        for path in ("/usr/sbin/sim52xxd", "/lib/systemd/system/sim52xxd.service", "/lib/udev/rules.d/70-sim52xx.rules",
                     "/run/sim52xx", "/run/sim52xx-more"):
            self.assertFalse(self.exists(path), path)
        self.assertTrue(self.exists("/etc/sim52xx/sim52xxd.toml"))
        self.assertEqual(self.machine.run("find", "/proc", "-maxdepth", "1", "-user", "sim52xx").stdout, "")
        self.assertNotEqual(self.active("sim52xxd-ssl0.socket"), "active")

    def test_6_installed_again_it_finds_its_configuration(self):
        self.install("later")
        self.machine.run("systemctl", "restart", "sim52xxd")
        self.until_ready()
        self.assert_served()

    def test_7_purged_it_leaves_nothing(self):
        self.machine.run("apt-get", "purge", "--yes", *PACKAGES)
        left = self.machine.run("sh", "-c", "find /etc /lib/systemd /lib/udev /usr/bin /usr/sbin /usr/lib/sysusers.d "
                                "/usr/libexec /usr/lib/python3 /usr/share /var/lib/systemd /run -xdev -name '*sim52xx*'").stdout
        self.assertEqual(left, "")
        until(lambda: self.active() == "inactive", "the service to be forgotten")
        self.assertEqual(self.machine.run("systemctl", "list-units", "--failed", "--plain", "--no-legend").stdout, "")
