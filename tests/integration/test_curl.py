"""curl through the data sockets to a real nginx: the main job, end to end."""

import hashlib
import os
import random
import unittest

from support.nginx import access_lines
from support.rig import Rig


class Transparent(Rig):
    """ssl0, the fast path."""

    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.emulator = self.start_emulator(self.nginx)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "always"})
        self.ssl0 = self.daemon.socket("ssl0")

    def test_get_1_mib(self):
        done = self.curl(self.ssl0, "/random.bin", text=False)
        self.assert_served(done)
        self.assertEqual(hashlib.sha256(done.stdout).hexdigest(), hashlib.sha256(self.nginx.page).hexdigest())

    def test_post_1_mib(self):
        body = random.Random(1).randbytes(1 << 20)
        (self.folder / "body").write_bytes(body)
        done = self.curl(self.ssl0, "/post", "--data-binary", f"@{self.folder / 'body'}",
                         "--header", "Content-Type: application/octet-stream", "--header", "Expect:")
        self.assert_served(done)
        self.assertIn(f'"bytes": {len(body)}', done.stdout)
        self.assertIn(hashlib.sha256(body).hexdigest(), done.stdout)

    def test_second_curl_right_after_the_first(self):
        for _ in range(3):
            done = self.curl(self.ssl0, "/small.txt")
            self.assert_served(done)
            self.assertEqual(done.stdout, "Hello through the modem.\n")
        self.assertEqual(len(access_lines(self.nginx, 3)), 3)


class Auto(Rig):
    def test_auto_is_transparent_when_nobody_else_is_there(self):
        nginx = self.start_nginx()
        daemon = self.start_daemon(self.start_emulator(nginx).link)
        self.assert_served(self.curl(daemon.socket("ssl0"), "/small.txt"))
        self.assertIn("AT+CSSLMODE=1", daemon.child.output())


class Counted(Rig):
    """ssl1, and ssl0 with transparent = "never"."""

    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.emulator = self.start_emulator(self.nginx)
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"transparent": "never"})

    def assert_same_page(self, socket):
        done = self.curl(self.daemon.socket(socket), "/random.bin", text=False)
        self.assert_served(done)
        self.assertEqual(hashlib.sha256(done.stdout).hexdigest(), hashlib.sha256(self.nginx.page).hexdigest())

    def test_get_1_mib_over_ssl1(self):
        self.assert_same_page("ssl1")

    def test_get_1_mib_over_ssl0(self):
        self.assert_same_page("ssl0")

    def test_post_over_ssl1(self):
        body = random.Random(2).randbytes(256 << 10)
        (self.folder / "body").write_bytes(body)
        done = self.curl(self.daemon.socket("ssl1"), "/post", "--data-binary", f"@{self.folder / 'body'}",
                         "--header", "Content-Type: application/octet-stream", "--header", "Expect:")
        self.assert_served(done)
        self.assertIn(hashlib.sha256(body).hexdigest(), done.stdout)

    def test_second_curl_right_after_the_first(self):
        for _ in range(3):
            done = self.curl(self.daemon.socket("ssl1"), "/small.txt")
            self.assert_served(done)
            self.assertEqual(done.stdout, "Hello through the modem.\n")


class Large(Rig):
    """4 MiB, or 50 MiB in the long form, in one transparent session."""

    def test_large_page(self):
        size = (50 if os.environ.get("SIM52XX_LONG") else 4) << 20
        nginx = self.start_nginx()
        page = random.Random(3).randbytes(size)
        (nginx.folder / "pages" / "large.bin").write_bytes(page)
        daemon = self.start_daemon(self.start_emulator(nginx).link, ssl0={"transparent": "always"})
        done = self.curl(daemon.socket("ssl0"), "/large.bin", seconds=200, text=False)
        self.assert_served(done)
        self.assertEqual(hashlib.sha256(done.stdout).hexdigest(), hashlib.sha256(page).hexdigest())


if __name__ == "__main__":
    unittest.main()
