"""From exec to an answer of the control socket and to a ready modem, on an emulator that answers at once; and memory then."""

import json
import pathlib
import shutil
import socket
import subprocess
import time

from bridges import Trouble
from figures import Samples, goal
from process import usage
from support.daemon import configuration, toml
from support.emulator import Emulator

PATIENCE = 20
STEP = 0.0005


def ask(path, request):
    """One line to the control socket; the answer's result."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(str(path))
        connection.sendall(json.dumps({"jsonrpc": "2.0", "id": 1, "method": request}).encode() + b"\n")
        return json.loads(connection.makefile("rb").readline())["result"]


def until(look, begin):
    """Milliseconds since `begin` at which look() was true for the first time."""
    while time.monotonic() < begin + PATIENCE:
        try:
            if look():
                return (time.monotonic() - begin) * 1e3
        except (FileNotFoundError, ConnectionError):
            pass
        time.sleep(STEP)
    raise Trouble("the daemon does not come up")


def start(options, device):
    folder = pathlib.Path(options.scratch) / "daemon"
    folder.mkdir()
    config = folder / "sim52xxd.toml"
    config.write_text(toml(configuration(device)))
    control = folder / "control.sock"
    with open(folder / "log", "wb") as log:
        begin = time.monotonic()
        daemon = subprocess.Popen([options.build / "daemon/sim52xxd", "--config", config, "--runtime-dir", folder,
                                   "--foreground"], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        answers = until(lambda: ask(control, "version"), begin)
        ready = until(lambda: ask(control, "status")["state"] == "ready", begin)
        return {"answers_ms": answers, "ready_ms": ready, "rss_mib": usage(daemon.pid)["rss"] / (1 << 20)}
    finally:
        daemon.terminate()
        daemon.wait()
        shutil.rmtree(folder)


def size(options):
    stripped = options.scratch / "stripped"
    subprocess.run(["strip", "-o", stripped, options.build / "daemon/sim52xxd"], check=True)
    return stripped.stat().st_size / (1 << 20)


def run(options):
    samples = Samples()
    emulator = Emulator(options.scratch)
    try:
        for number in range(options.rounds or 5):
            samples.add("sim52xxd", number, start(options, emulator.link))
    finally:
        emulator.stop()
    samples.add("sim52xxd", 0, {"binary_mib": size(options)})
    samples.show("Start", [("answers_ms", "control socket answers after, ms", 1), ("ready_ms", "modem ready after, ms", 1),
                           ("rss_mib", "memory then, MiB", 2), ("binary_mib", "program, stripped, MiB", 2)])
    median = {name: samples.median("sim52xxd", name) for name in ("answers_ms", "ready_ms", "rss_mib", "binary_mib")}
    return {"rows": list(samples.medians()), "goals": [
        goal("control socket answers after exec", median["answers_ms"], 50, unit=" ms", digits=0),
        goal("modem ready after exec", median["ready_ms"], 200, unit=" ms", digits=0),
        goal("memory after the start", median["rss_mib"], 8, unit=" MiB"),
        goal("program, stripped", median["binary_mib"], 3, unit=" MiB")]}
