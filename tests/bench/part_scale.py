"""What grows: control clients, queued jobs, bodies, subscribers. Time and memory of each further one, which should be flat.

Each row has n of a thing; what it costs per unit is to be the same in every row, but for what a first one costs.
"""

import os
import resource
import statistics
import threading
import time

from bench_rig import rig
from figures import goal, table
from process import usage
from support.control import Control

CLIENTS = (1, 10, 100, 1000)
JOBS = (1, 10, 100, 1000, 10000)
SUBSCRIBERS = (1, 10, 50, 200)
KIB = 1024
BODIES = (KIB, 16 * KIB, 256 * KIB, 4 << 20, 64 << 20)
LONG_BODIES = (1 << 30,)
FTPS = {"host": "ftp.test", "user": "me", "password": "secret", "steps": [{"op": "list"}]}


class Fresh:
    """A daemon of its own, without a modem, and a first client whose needs do not count."""

    def __init__(self, made):
        self.made = made
        self.daemon = made.start_daemon(made.folder / "no-modem", ready=False)
        self.first = self.connect()[0]
        for _ in range(20):
            self.first.call("version")

    def connect(self, count=1):
        clients = [Control(self.daemon.socket("control"), 120) for _ in range(count)]
        for client in clients:
            self.made.addCleanup(client.close)
        return clients

    def memory(self):
        return usage(self.daemon.child.pid)["rss"]

    def cpu(self):
        return usage(self.daemon.child.pid)["cpu_s"]


def clients(count):
    with rig() as made:
        fresh = Fresh(made)
        before = fresh.memory()
        begin = time.monotonic()
        others = fresh.connect(count)
        for client in others:
            client.call("version")
        accepted = time.monotonic() - begin
        memory = fresh.memory() - before
        cpu, calls = fresh.cpu(), max(1, 3000 // count)
        begin = time.monotonic()
        for _ in range(calls):
            for client in others:
                client.call("version")
        return {"first_us": accepted / count * 1e6, "us": (time.monotonic() - begin) / count / calls * 1e6,
                "cpu_us": (fresh.cpu() - cpu) / count / calls * 1e6, "bytes": memory / count}


def jobs(count):
    with rig() as made:
        fresh = Fresh(made)
        before, cpu = fresh.memory(), fresh.cpu()
        begin = time.monotonic()
        for at in range(0, count, 50):
            asked = [fresh.first.start("ftps.run", **FTPS, detach=True, client_ref=f"r{n}")
                     for n in range(at, min(at + 50, count))]
            for request in asked:
                fresh.first.answer_to(request)
        took = time.monotonic() - begin
        memory, spent = fresh.memory() - before, fresh.cpu() - cpu
        cpu, times = fresh.cpu(), []
        for _ in range(50):
            asked_at = time.monotonic()
            fresh.first.call("job.get", job_id=str(count))
            times.append(time.monotonic() - asked_at)
        return {"us": took / count * 1e6, "cpu_us": spent / count * 1e6, "bytes": memory / count,
                "get_us": statistics.median(times) * 1e6, "get_cpu_us": (fresh.cpu() - cpu) / 50 * 1e6}


def subscribers(count):
    """What an event costs without anybody who listens is taken off."""
    events = 400
    with rig() as made:
        fresh = Fresh(made)
        cpu, begin = fresh.cpu(), time.monotonic()
        for _ in range(events):
            fresh.first.call("config.reload")
        alone, alone_cpu = time.monotonic() - begin, fresh.cpu() - cpu
        before = fresh.memory()
        listening = fresh.connect(count)
        for client in listening:
            client.call("events.subscribe", topics=["config"])
        memory = fresh.memory() - before
        cpu, begin = fresh.cpu(), time.monotonic()
        for number in range(events):
            fresh.first.call("config.reload")
            if number % 50 == 49:
                for client in listening:
                    for _ in range(50):
                        client.event()
        return {"us": (time.monotonic() - begin - alone) / events / count * 1e6,
                "cpu_us": (fresh.cpu() - cpu - alone_cpu) / events / count * 1e6, "bytes": memory / count}


def fetch(control, size):
    """A page over HTTPS, into a pipe that somebody empties."""
    reading, writing = os.pipe()
    seen = [0]

    def empty():
        while piece := os.read(reading, 1 << 16):
            seen[0] += len(piece)
    reader = threading.Thread(target=empty)
    reader.start()
    asked = control.start("https.request", [writing], url=f"https://server.test/{size}", via="https", response_fd=0,
                          timeout=1200)
    os.close(writing)
    control.answer_to(asked)
    reader.join()
    os.close(reading)
    if seen[0] != size:
        raise AssertionError(f"{seen[0]} bytes of {size}")


def bodies(sizes):
    """HTTPS bodies; for each its cost per KiB, and how much the daemon has ever had."""
    with rig() as made:
        nginx = made.start_nginx(size=KIB)
        for size in sizes:
            with open(nginx.folder / "pages" / f"{size}", "wb") as page:
                page.truncate(size)
        pid = (daemon := made.start_daemon(made.start_emulator(nginx).link)).child.pid
        with Control(daemon.socket("control"), 1200) as control:
            fetch(control, KIB)
            for size in sizes:
                times, cpu = max(1, (64 << 10) // size), usage(pid)["cpu_s"]
                begin = time.monotonic()
                for _ in range(times):
                    fetch(control, size)
                now = usage(pid)
                units = size / KIB * times
                yield size, {"us": (time.monotonic() - begin) / units * 1e6, "cpu_us": (now["cpu_s"] - cpu) / units * 1e6,
                             "peak": now["peak_rss"]}


def show(title, unit, rows, figures):
    """`figures`: [(name, heading, divisor)]."""
    shown = [each for each in figures if each[0] in next(iter(rows.values()))]
    table(title, [unit, *(heading for _, heading, _ in shown)],
          [[count, *(f"{figured[name] / by:.2f}" for name, _, by in shown)] for count, figured in rows.items()])


COSTS = [("first_us", "accept and first call, us", 1), ("us", "us each", 1), ("cpu_us", "processor, us each", 1),
         ("get_us", "job.get of the last, us", 1), ("get_cpu_us", "processor of that, us", 1), ("bytes", "KiB each", KIB),
         ("peak", "peak memory, KiB", KIB)]


def flat(words, rows, figure, most=1.5):
    """The last row against the middle one: there the first one's costs are spread already."""
    costs = [figures[figure] for figures in rows.values()]
    middle = costs[len(costs) // 2]
    return goal(f"{words}: the last row, of the middle one's", costs[-1] / middle if middle else None, most)


def run(options):
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    sizes = BODIES[:-1] if options.quick else BODIES + LONG_BODIES if options.long else BODIES
    rows = {"control clients": {n: clients(n) for n in CLIENTS}, "queued jobs": {n: jobs(n) for n in JOBS},
            "subscribers": {n: subscribers(n) for n in SUBSCRIBERS}, "bodies": dict(bodies(sizes))}
    show("Control clients, a call of version by each in turn", "clients", rows["control clients"], COSTS)
    show("Queued jobs", "jobs", rows["queued jobs"], COSTS)
    show("Subscribers, per notification", "subscribers", rows["subscribers"], COSTS)
    show("HTTPS bodies, per KiB", "bytes", rows["bodies"], COSTS)
    peaks = [figures["peak"] for figures in rows["bodies"].values()]
    goals = [flat(f"{what}, {words}", rows[what], figure)
             for what, words, figure in (("control clients", "processor time of a call", "cpu_us"),
                                         ("queued jobs", "processor time to accept", "cpu_us"),
                                         ("queued jobs", "processor time of job.get", "get_cpu_us"),
                                         ("subscribers", "processor time of a notification", "cpu_us"),
                                         ("bodies", "processor time of a KiB", "cpu_us"))]
    goals += [goal(f"{what}, memory of each", list(rows[what].values())[-1]["bytes"] / KIB, 8, unit=" KiB")
              for what in ("control clients", "queued jobs", "subscribers")]
    goals.append(goal("bodies, memory for the largest less that for the smallest", (peaks[-1] - peaks[0]) / KIB, 1024,
                      unit=" KiB", digits=0))
    return {"rows": [{"name": what, "n": count, **figures} for what, each in rows.items()
                     for count, figures in each.items()], "goals": goals}
