"""sim52xxd under test: a configuration, a run-time folder, its sockets."""

import json
import pathlib

from .control import Control
from .places import program
from .process import Child
from .waiting import until


def toml(tables):
    """{"ssl0": {"host": "x"}} as TOML; strings, numbers, booleans and lists of them."""
    lines = []
    for table, keys in tables.items():
        lines.append(f"[{table}]")
        lines += [f"{key} = {json.dumps(value)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


def configuration(device, **tables):
    """The configuration most tests start from: both sessions to server.test, changed per table by the test."""
    base = {
        "modem": {"device": str(device), "apn": "internet"},
        "ssl0": {"host": "server.test", "port": 443},
        "ssl1": {"host": "server.test", "port": 443},
        "arbiter": {"linger": 1},
    }
    for table, keys in tables.items():
        base[table] = {**base.get(table, {}), **keys}
    return base


class Daemon:
    def __init__(self, folder, tables, more=(), **options):
        """`options` are those of subprocess.Popen."""
        self.folder = pathlib.Path(folder)
        self.runtime = self.folder / "run"
        self.runtime.mkdir(exist_ok=True)
        self.config = self.folder / "sim52xxd.toml"
        self.config.write_text(tables if isinstance(tables, str) else toml(tables))
        self.child = Child("sim52xxd", [program("sim52xxd"), "--config", self.config, "--runtime-dir", self.runtime,
                                        "--foreground", "--log-level", "debug", *more], folder, **options)
        self.child.until(self._answers, "the daemon's control socket to answer")

    def _answers(self):
        try:
            self.status()
            return True
        except (FileNotFoundError, ConnectionError):
            return False

    def socket(self, name):
        return self.runtime / f"{name}.sock"

    def control(self, method, **parameters):
        with Control(self.socket("control")) as control:
            return control.call(method, **parameters)

    def status(self):
        return self.control("status")

    def state(self):
        return self.status()["state"]

    def session(self, name):
        return next(s for s in self.status()["sessions"] if s["name"] == name)

    def until_ready(self, seconds=30):
        self.until_state("ready", seconds)

    def until_state(self, state, seconds=30):
        self.child.until(lambda: self.state() == state, f"the daemon to be {state}", seconds, last=self.state)

    def until_session(self, name, look, what, seconds=20):
        """Waits until look(session) is true and returns that session."""
        def found():
            session = self.session(name)
            return session if look(session) else None
        return until(found, f"{name}: {what}", seconds, last=lambda: self.session(name))

    def terminate(self):
        self.child.process.terminate()

    def stop(self):
        self.child.stop_well()


def check_config(text, folder, name="sim52xxd.toml"):
    """Runs `sim52xxd --check-config` over `text`; (exit code, what it said, the file)."""
    from .process import run
    path = pathlib.Path(folder) / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    done = run([program("sim52xxd"), "--check-config", "--config", path])
    return done.returncode, done.stdout + done.stderr, path
