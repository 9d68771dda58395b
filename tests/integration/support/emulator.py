"""sim52xx-sim under test: the modem as a pty, real TLS outwards."""

import json
import pathlib
import socket

from .places import program
from .process import Child
from .waiting import PATIENCE, until


class Emulator:
    """`maps` says where hosts of the modem's network really are: {"server.test:443": "127.1.2.3:4433"}."""

    def __init__(self, folder, maps=None, ca=None, crl=None, link=None, more=(), binary=None):
        folder = pathlib.Path(folder)
        self.folder = folder
        self.link = pathlib.Path(link or folder / "modem")
        self.control_path = folder / "emulator.sock"
        argv = [binary or program("sim52xx-sim"), "--link", self.link, "--control", self.control_path]
        for host, where in (maps or {}).items():
            argv += ["--map", f"{host}={where}"]
        if ca:
            argv += ["--ca", ca]
        if crl:
            argv += ["--crl", crl]
        self.child = Child("sim52xx-sim", [*argv, *more], folder)
        self.child.until(self.link.exists, f"the emulator to make {self.link.name}")
        self.child.until(self.listens, "the emulator's control socket")

    def listens(self):
        """Its file alone is not enough: it is there before anybody listens."""
        with socket.socket(socket.AF_UNIX) as connection:
            return connection.connect_ex(str(self.control_path)) == 0

    def control(self, cmd, **members):
        """One request to the emulator's own control socket, which is simpler than the daemon's."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10 * PATIENCE)
            connection.connect(str(self.control_path))
            connection.sendall(json.dumps({"cmd": cmd, **members}).encode() + b"\n")
            answer = json.loads(connection.makefile("rb").readline())
        if not answer["ok"]:
            raise AssertionError(f"the emulator refuses {cmd} {members}: {answer['error']}")
        return answer

    def status(self):
        return self.control("status")

    def until_idle(self, seconds=10):
        """No session open and the SSL stack given back."""
        def idle():
            status = self.status()
            return not status["started"] and all(s["state"] == "closed" for s in status["sessions"])
        until(idle, "the emulator's sessions closed and its stack released", seconds, last=self.status)

    def stop(self):
        self.child.stop_well()
