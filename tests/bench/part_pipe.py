"""The transparent pipe against an ideal bridge, socat, gensiot and ser2net: cost, latency, both ways at line rate, rest.

Everything runs on one processor. `direct` has no bridge: both ends on the two sides of the pty. `ideal` waits by epoll,
reads once and writes once; `ideal-drain` reads all that is there before it writes.
"""

from bridges import Trouble, bridge, commands, installed, one_processor, sleep_idle
from figures import Samples, alternate, goal

MIB = 1 << 20
BAUDS = (115200, 921600, 4000000)
SIZES = (1, 64, 1024)


def bulk(between, samples):
    """Bytes one way and the other, as fast as they go."""
    size = 32 * MIB
    for way in ("down", "up"):
        before = between.usage()
        seconds = between.tell(f"{way} {size}")["seconds"]
        samples[f"{way}_mib_s"] = 32 / seconds
        if before:
            samples[f"{way}_cpu_s"] = (between.usage()["cpu_s"] - before["cpu_s"]) / 32 * 100
    if between.process:
        samples["peak_kib"] = between.usage()["peak_rss"] / 1024


def echo(between, samples):
    for size in SIZES:
        between.tell(f"echo {size} 200")
        before = between.usage()
        figures = between.tell(f"echo {size} 10000")
        samples[f"echo{size}_p50_us"], samples[f"echo{size}_p99_us"] = figures["p50_us"], figures["p99_us"]
        if before:
            samples[f"echo{size}_cpu_us"] = (between.usage()["cpu_s"] - before["cpu_s"]) / 10000 * 1e6


def calls(between, samples):
    """System calls, in transfers of their own."""
    counter = between.system_calls()
    if counter is None:
        return
    if counter.count() is None:
        raise Trouble("system calls are not counted: it takes root, and mount -t tracefs nodev /sys/kernel/tracing")
    for name, words, units in (("down_calls", f"down {8 * MIB}", 8), ("up_calls", f"up {8 * MIB}", 8),
                               ("echo64_calls", "echo 64 1000", 1000)):
        before = counter.count()
        between.tell(words)
        samples[name] = (counter.count() - before) / units
    counter.close()


def paced(between, samples):
    for baud in BAUDS:
        before = between.usage()
        figures = between.tell(f"paced {baud} 3")
        samples |= {f"paced{baud}_{name}": value for name, value in figures.items()}
        if before:
            samples[f"paced{baud}_cpu_ms"] = (between.usage()["cpu_s"] - before["cpu_s"]) / 3 * 1e3


def rest(between, samples):
    if not between.process:
        return
    sleep_idle(1)
    before = between.usage()
    sleep_idle(10)
    samples["wakeups"] = between.usage()["switches"] - before["switches"]


PHASES = (bulk, echo, calls, paced, rest)


def measure(options):
    samples = Samples()
    rows = commands(options.build)
    names = list(installed(rows))
    for phase in PHASES:
        for number, name in alternate(names, options.rounds or 3):
            figures = {}
            try:
                with bridge(name, rows[name], options.build, options.scratch, 40 * MIB) as between:
                    phase(between, figures)
            except Trouble as trouble:
                print(trouble)
            samples.add(name, number, figures)
    return samples


def show(samples):
    samples.show("Throughput", [("down_mib_s", "modem to app, MiB/s", 1), ("up_mib_s", "app to modem, MiB/s", 1)], "ideal")
    samples.show("Processor time", [("down_cpu_s", "modem to app, s per 100 MiB", 3),
                                    ("up_cpu_s", "app to modem, s per 100 MiB", 3)], "ideal")
    samples.show("System calls", [("down_calls", "per MiB modem to app", 0), ("up_calls", "per MiB app to modem", 0),
                                  ("echo64_calls", "per 64 B round trip", 1)], "ideal")
    samples.show("Round trip, us", [(f"echo{s}_{p}_us", f"{s} B, {p}", 1) for s in SIZES for p in ("p50", "p99")], "ideal")
    samples.show("Processor time of a round trip, us", [(f"echo{s}_cpu_us", f"{s} B", 1) for s in SIZES], "ideal")
    samples.show("Both ways at line rate, % of it", [(f"paced{b}_{w}_pct", f"{b} {w}", 2) for b in BAUDS
                                                     for w in ("down", "up")])
    samples.show("Longest silence at the app meanwhile, ms", [(f"paced{b}_silence_ms", f"{b}", 1) for b in BAUDS])
    samples.show("Processor time meanwhile, ms per s", [(f"paced{b}_cpu_ms", f"{b}", 2) for b in BAUDS], "ideal")
    samples.show("Connected, at rest", [("wakeups", "wake-ups in 10 s", 0), ("peak_kib", "peak memory, KiB", 0)])


def goals(samples):
    def against(words, figure, reference, limit, most=True):
        return goal(f"{words}, of {reference}'s", samples.ratio("sim52xxd", reference, figure), limit, most)

    yield against("processor time modem to app", "down_cpu_s", "ideal", 1.10)
    yield against("processor time modem to app", "down_cpu_s", "socat", 0.75)
    yield against("processor time app to modem", "up_cpu_s", "ideal", 1.10)
    yield against("throughput modem to app", "down_mib_s", "ideal", 0.95, most=False)
    yield against("throughput app to modem", "up_mib_s", "ideal", 0.90, most=False)
    for size, limit in zip(SIZES, (1.10, 1.10, 1.20)):
        yield against(f"round trip of {size} B, median", f"echo{size}_p50_us", "ideal", limit)
    yield against("round trip of 64 B, 99 %", "echo64_p99_us", "ideal", 1.25)
    yield against("round trip of 64 B, median", "echo64_p50_us", "socat", 0.90)
    yield against("processor time of a 64 B round trip", "echo64_cpu_us", "ideal", 1.20)
    yield goal("system calls of a 64 B round trip", samples.median("sim52xxd", "echo64_calls"), 8)
    for baud in BAUDS:
        for way in ("down", "up"):
            yield against(f"{baud} baud both ways, {way}", f"paced{baud}_{way}_pct", "direct", 0.998, most=False)
        yield goal(f"{baud} baud both ways, longest silence", samples.median("sim52xxd", f"paced{baud}_silence_ms"), 50,
                   unit=" ms")
    yield against("processor time at 4 Mbaud both ways", "paced4000000_cpu_ms", "ideal", 1.20)
    yield goal("wake-ups in 10 s, connected", samples.median("sim52xxd", "wakeups"), 0, digits=0)
    yield against("peak memory", "peak_kib", "socat", 1.15)


def run(options):
    with one_processor():
        samples = measure(options)
    show(samples)
    return {"rows": list(samples.medians()), "goals": list(goals(samples))}
