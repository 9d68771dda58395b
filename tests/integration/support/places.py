"""Where things are: the repository, the programs under test, and addresses nobody else uses."""

import os
import pathlib
import socket

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = (ROOT / os.environ.get("SIM52XX_BUILD", "build/release")).resolve()
TRACES = ROOT / "tests" / "traces"


def program(name):
    """The built program of that name, wherever the build has put it."""
    for folder in ("", "daemon", "tests/emulator", "bin"):
        path = BUILD / folder / name
        if path.is_file() and os.access(path, os.X_OK):
            return str(path)
    raise FileNotFoundError(f"{name} is not built under {BUILD}; set SIM52XX_BUILD or build it")


def loopback():
    """A loopback address of this process alone, so that tests in parallel never fight for a port."""
    pid = os.getpid()
    return f"127.{100 + (pid >> 16) % 100}.{(pid >> 8) & 255}.{pid & 255 or 1}"


def free_port(address):
    with socket.socket() as probe:
        probe.bind((address, 0))
        return probe.getsockname()[1]


def let_others_reach(folder):
    """For what works under a user of its own."""
    for path in (folder, *folder.parents):
        mode = path.stat().st_mode
        if mode & 0o111 != 0o111:
            path.chmod(mode | 0o111)
