"""What the two FTPS servers of the tests have in common: where they are unpacked, a home, a user, a port."""

import os
import pathlib
import shutil
import socket

from .places import ROOT, free_port, let_others_reach, loopback
from .process import Child

# packaging/install-build-deps unpacks them there: as packages they exclude each other.
SERVERS = ROOT / "build" / "servers"


def server_program(name):
    path = SERVERS / "usr" / "sbin" / name
    if not path.exists():
        raise FileNotFoundError(f"{path}: run packaging/install-build-deps demo tests")
    return path


class FtpServer:
    """An explicit-TLS server whose root is `home`; the modem logs in as `user` with `password`."""

    name = ""
    user, password = "", ""
    owner = ("nobody", "nogroup")

    def __init__(self, folder, pair, **options):
        self.folder = pathlib.Path(folder) / self.name
        self.home = self.folder / "home"
        self.home.mkdir(parents=True)
        let_others_reach(self.home)
        shutil.chown(self.home, *self.owner)
        self.address, self.port = loopback(), free_port(loopback())
        self.config = self.folder / f"{self.name}.conf"
        self.config.write_text(self.configuration(pair, **options))
        self.child = Child(self.name, self.command(), folder, env=self.environment())
        self.child.until(self._connects, f"{self.name} to accept connections")

    def environment(self):
        return dict(os.environ)

    def _connects(self):
        try:
            with socket.create_connection((self.address, self.port), timeout=1) as connection:
                connection.settimeout(5)
                return connection.recv(3) == b"220"
        except OSError:
            return False

    def put(self, path, data):
        """A file as the server's user would own it."""
        target = self.home / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        for made in (target, target.parent):
            shutil.chown(made, *self.owner)
        return target

    @property
    def where(self):
        return f"{self.address}:{self.port}"

    def stop(self):
        self.child.stop()
