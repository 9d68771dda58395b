"""Counted sessions on a line of 115200 baud: how near to what the framing of AT+CSSLSEND and +CSSLRECV leaves.

The limit of a block is the time that its own bytes take on the line, one after the other where the dialogue wants it:
up, command + prompt + block + OK; down, header + block + CRLF. All else (the +CSSLSEND reports, questions, pauses) is
counted against the daemon. Measured on the line, from the first command or header to the last; the median block beside
it is what a machine with less to do would show. How long the line lay idle until one of the two spoke is told apart: what
the emulator takes, a process on the same machine, is not the daemon's.
"""

import itertools
import statistics
import threading
import time

from bench_rig import rig
from figures import Samples, goal
from line import DOWN, UP
from support.client import Client, pattern
from support.service import service

BAUD = 115200
BLOCK = 1024
KIB = 1024
COMMAND = rb"AT\+CSSLSEND=(\d),(\d+)\r"
HEADER = rb"\r\n\+CSSLRECV: DATA,(\d),(\d+)\r\n"
FRAMES = {UP: ["AT+CSSLSEND=1,1024\r", ">", "\r\nOK\r\n"], DOWN: ["\r\n+CSSLRECV: DATA,1,1024\r\n", "\r\n"]}
MARKS = {UP: COMMAND, DOWN: HEADER}


def limit(way):
    """Bytes a second that the framing leaves."""
    return BAUD / 10 * BLOCK / (BLOCK + sum(len(frame) for frame in FRAMES[way]))


def move(client, way, size):
    """So many bytes over a session."""
    if way == DOWN:
        client.ask(f"GET /{size}")
        if client.read(size) != pattern(size):
            raise AssertionError("other bytes came than the server has sent")
    else:
        client.ask("POST /", pattern(size))
        client.read(64)


class Counted:
    """`modem_baud`: the emulator's own pace. It needs one where it is to choose whose block is next as a modem does:
    just before there is room on the line. Else it has put all of the first session's into the pty's large buffer."""

    def __init__(self, made, modem_baud=0):
        emulator = made.start_emulator(made.start_server(service), more=["--baud", modem_baud])
        self.line = made.start_line(emulator, BAUD)
        self.daemon = made.start_daemon(self.line.device, modem={"baud": BAUD}, ssl0={"transparent": "never"})
        self.clients = [Client(self.daemon.socket(name), 600) for name in ("ssl0", "ssl1")]
        for client in self.clients:
            made.addCleanup(client.close)
            move(client, DOWN, 10)  # it is open

    def blocks(self, way):
        """[(time, session, length)] of what has passed."""
        return [(at, int(match[1]), int(match[2])) for at, match in self.line.found(way, MARKS[way])]

    def alone(self, way, size):
        """Goodput of one session, over all and of the median block."""
        self.line.forget()
        move(self.clients[1], way, size)
        full = [at for at, _, length in self.blocks(way) if length == BLOCK]
        median = statistics.median(after - before for before, after in itertools.pairwise(full))
        figures = {"goodput": BLOCK * (len(full) - 1) / (full[-1] - full[0]), "block": BLOCK / median, "limit": limit(way)}
        figures["percent"], figures["block_percent"] = (figures[each] / limit(way) * 100 for each in ("goodput", "block"))
        waits = self.line.waits(full[0], full[-1])
        figures["daemon_ms"], figures["modem_ms"] = (waits[each] / (len(full) - 1) * 1e3 for each in (UP, DOWN))
        own = BLOCK * (len(full) - 1) / (full[-1] - full[0] - waits[DOWN])
        figures["own_percent"] = own / limit(way) * 100
        return figures

    def together(self, way, size):
        """The smaller session's part of a fair share, while both have bytes."""
        self.line.forget()
        moves = [threading.Thread(target=move, args=(client, way, size)) for client in self.clients]
        for each in moves:
            each.start()
        for each in moves:
            each.join()
        blocks = self.blocks(way)
        begins = max(min(at for at, session, _ in blocks if session == number) for number in (0, 1))
        ends = min(max(at for at, session, _ in blocks if session == number) for number in (0, 1))
        shares = [sum(length for at, session, length in blocks if session == number and begins <= at <= ends)
                  for number in (0, 1)]
        return {"share": min(shares) / (sum(shares) / 2) * 100}

    def message(self):
        """Seconds from the write of 20 bytes until the first byte of their command is on the line."""
        self.line.forget()
        begin = time.monotonic()
        self.clients[1].send(b"GET /7 HTTP/1.1\r\nA: ")
        while not (found := self.line.found(UP, rb"AT\+CSSLSEND=1,20\r")):
            time.sleep(0.001)  # the bench's own look at the line; it costs the daemon nothing
        self.clients[1].send(b"1\r\n\r\n")
        self.clients[1].read(7)
        return found[0][0] - begin - len(found[0][1][0]) * 10 / BAUD


def measure(options, number, samples):
    size = (64 if options.quick else 256) * KIB
    for way in (UP, DOWN):
        with rig() as made:
            samples.add(f"one session, {way}", number, Counted(made).alone(way, size))
        with rig() as made:
            both = Counted(made, 0 if way == UP else int(BAUD * 1.05))
            samples.add(f"both sessions, {way}", number, both.together(way, size // 2))
    with rig() as made:
        counted = Counted(made)
        delays = sorted(counted.message() for _ in range(20))
    samples.add("a message of 20 B, up", number, {"delay_ms": delays[len(delays) // 2] * 1e3})


def run(options):
    samples = Samples()
    for number in range(options.rounds or 1):
        measure(options, number, samples)
    samples.show(f"{BAUD} baud, blocks of {BLOCK} B", [
        ("goodput", "B/s", 0), ("limit", "limit of the framing, B/s", 0), ("percent", "% of it", 2),
        ("block_percent", "median block", 2), ("own_percent", "without the emulator's pauses", 2), ("daemon_ms", "idle for the daemon, ms a block", 2),
        ("modem_ms", "for the modem", 2), ("share", "smaller session, % of fair", 1), ("delay_ms", "ms until it is on the line", 2)])
    goals = []
    for way in (UP, DOWN):
        goals.append(goal(f"one session {way}, of the framing's limit, without the emulator's pauses",
                          samples.median(f"one session, {way}", "own_percent"), 96, most=False, unit=" %"))
        goals.append(goal(f"both sessions {way}, the smaller one's part of fair",
                          samples.median(f"both sessions, {way}", "share"), 95, most=False, unit=" %"))
    return {"rows": list(samples.medians()), "goals": goals}
