"""The test case with everything in it: servers, emulator and daemon, put up per class or per test."""

import os
import pathlib
import shutil
import tempfile
import unittest

from .certificates import Certificates
from .daemon import Daemon, configuration
from .emulator import Emulator
from .modes import EVERYWHERE
from .mosquitto import Mosquitto
from .nginx import Nginx
from .process import quiet_environment, run
from .proftpd import Proftpd
from .tlsserver import TlsServer
from .vsftpd import Vsftpd


# The way in which the emulator speaks in this run (run.py).
MODE = EVERYWHERE.get(os.environ.get("SIM52XX_MODE"), {})


# What curl ends with on ECONNRESET; 7 or 55 where it took longer than a second to write its request.
CURL_RESET = (7, 55, 56)

class Rig(unittest.TestCase):
    """Each test has a folder, and whatever it starts by the methods below is stopped after it, newest first."""

    maxDiff = None

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sim52xx-test."))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.certificates = Certificates(self.folder / "certificates")
        self.children, self.emulators = [], []

    def started(self, thing):
        if hasattr(thing, "child"):
            self.children.append(thing.child)
        self.addCleanup(thing.stop)
        return thing

    def start_nginx(self, **options):
        return self.started(Nginx(self.folder, self.certificates.good, **options))

    def start_ftp_server(self, kind, pair=None, **options):
        """A real FTPS server, "proftpd" or "vsftpd"; it has home, user and password."""
        server = {"proftpd": Proftpd, "vsftpd": Vsftpd}[kind]
        return self.started(server(self.folder, pair or self.certificates.good, **options))

    def start_mosquitto(self):
        return self.started(Mosquitto(self.folder, self.certificates.good))

    def start_server(self, serve, pair=None):
        return self.started(TlsServer(pair or self.certificates.good, serve))

    def start_emulator(self, server=None, crl=False, **options):
        """An emulator for which server.test:443 is `server`, and which trusts the throw-away CA."""
        maps = options.pop("maps", {})
        if server:
            maps = {"server.test:443": server.where, **maps}
        self.emulators.append(self.started(Emulator(self.folder, maps, ca=self.certificates.ca.cert,
                                                    crl=self.certificates.crl if crl else None, **options)))
        self.emulators[-1].control("set", **MODE)
        return self.emulators[-1]

    def start_daemon(self, device, ready=True, more=(), **tables):
        daemon = self.started(Daemon(self.folder, configuration(device, **tables), more))
        if ready:
            daemon.until_ready()
            if "echo" in MODE:  # bring-up has turned it off
                self.emulators[-1].control("set", echo=True)
        return daemon

    def curl(self, socket, path, *more, seconds=90, text=True):
        """curl over one of the daemon's sockets: the URL is http, the modem does the TLS."""
        argv = ["curl", "--silent", "--show-error", "--max-time", str(seconds), "--unix-socket", socket,
                *more, f"http://server.test{path}"]
        return run(argv, seconds=seconds + 10, text=text, env=quiet_environment())

    def assert_served(self, done):
        self.assertEqual(done.returncode, 0, f"curl said: {done.stderr}")

    def diagnostics(self):
        """What the children have said; the runner prints it when the test failed."""
        return "\n".join(child.tail() for child in self.children)
