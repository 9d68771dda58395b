"""HTTPS and FTPS jobs of 1 MiB (--quick: 128 KiB) on a line of 115200 baud, against what the line allows.

The limit is the time that the body's blocks take on the line with the command, prompt and OK of each, or its header,
one after the other. Measured on the line, from the first block's command or header to the end of the last one.
Everything else that passes meanwhile (questions how much is unsent, pauses) is above it; how long the line lay idle until
the emulator spoke, a process on the same machine, is told apart.
"""

import hashlib
import json

from bench_rig import rig
from figures import Samples, goal
from line import DOWN, UP
from support.client import pattern
from support.control import Control

BAUD = 115200
KIB = 1024
OK = "\r\nOK\r\n"
# How a block is announced, and what else it needs.
BLOCKS = {
    "https up": (UP, rb"AT\+CHTTPSSEND=(\d+)\r", [">", OK]),
    "https down": (DOWN, rb"\r\n\+CHTTPSRECV: DATA,(\d+)\r\n", ["\r\n"]),
    "ftps up": (UP, rb"AT\+CFTPSPUT=(?:\"[^\"]*\",)?(\d+)\r", [">", OK]),
    "ftps down": (DOWN, rb"\r\n\+CFTPSGET: DATA,(\d+)\r\n", ["\r\n"]),
}


class Job:
    def __init__(self, made, size):
        self.size = size
        nginx = made.start_nginx(size=size)
        self.page, self.ftp = nginx.page, made.start_ftp_server("proftpd")
        self.ftp.put("body.bin", self.page)
        emulator = made.start_emulator(nginx, maps={"server.test:21": self.ftp.where})
        self.line = made.start_line(emulator, BAUD)
        daemon = made.start_daemon(self.line.device, modem={"baud": BAUD})
        self.control = Control(daemon.socket("control"), 900)
        made.addCleanup(self.control.close)
        self.sent = made.folder / "sent"
        self.sent.write_bytes(pattern(size))
        self.got = made.folder / "got"

    def https(self, way):
        if way == DOWN:
            with open(self.got, "wb") as file:
                self.control.call("https.request", [file.fileno()], url="https://server.test/random.bin", via="https",
                                  response_fd=0)
            self.insist(self.got.read_bytes() == self.page)
            return
        with open(self.sent, "rb") as file:
            answer = self.control.call("https.request", [file.fileno()], url="https://server.test/post", via="https",
                                       method="POST", body_fd=0)
        self.insist(json.loads(answer["body"])["sha256"] == hashlib.sha256(pattern(self.size)).hexdigest())

    def ftps(self, way):
        path = self.got if way == DOWN else self.sent
        step = {"op": "get", "path": "body.bin", "response_fd": 0} if way == DOWN else \
            {"op": "put", "path": "sent.bin", "body_fd": 0}
        with open(path, "wb" if way == DOWN else "rb") as file:
            self.control.call("ftps.run", [file.fileno()], host="server.test", user=self.ftp.user,
                              password=self.ftp.password, steps=[step])
        self.insist(self.got.read_bytes() == self.page if way == DOWN else
                    (self.ftp.home / "sent.bin").read_bytes() == pattern(self.size))

    @staticmethod
    def insist(same):
        if not same:
            raise AssertionError("other bytes arrived than were sent")

    def measure(self, stack, way):
        self.line.forget()
        getattr(self, stack)(way)
        passes, pattern_of, rest = BLOCKS[f"{stack} {way}"]
        blocks = self.line.found(passes, pattern_of)
        needs = sum(len(match[0]) + int(match[1]) + sum(map(len, rest)) for _, match in blocks)
        spacing = 10 / BAUD
        begin = blocks[0][0] - len(blocks[0][1][0]) * spacing
        end = blocks[-1][0] + int(blocks[-1][1][1]) * spacing  # the last byte of the last block, at the soonest
        ends = [piece.at for piece in self.line.pieces if piece.way == passes]
        end = max(end, min((at for at in ends if at >= end), default=end))
        limit = (needs - len(rest[-1])) * spacing
        waits = self.line.waits(begin, end)
        questions = len(self.line.found(UP, rb"AT\+C(?:HTTPSSEND|FTPSPUT)\?\r"))
        return {"kib": self.size / KIB, "seconds": end - begin, "limit": limit, "over": ((end - begin) / limit - 1) * 100,
                "own": ((end - begin - waits[DOWN]) / limit - 1) * 100,
                "daemon": waits[UP] / limit * 100, "modem": waits[DOWN] / limit * 100, "blocks": len(blocks),
                "questions": questions}


def run(options):
    samples = Samples()
    size = (128 if options.quick else 1024) * KIB
    for number in range(options.rounds or 1):
        for what in BLOCKS:
            with rig() as made:
                samples.add(what, number, Job(made, size).measure(*what.split()))
    samples.show(f"Jobs at {BAUD} baud", [
        ("kib", "KiB", 0), ("seconds", "s", 2), ("limit", "the line's limit, s", 2), ("over", "% above it", 2),
        ("own", "without the emulator's pauses", 2),
        ("daemon", "of these idle for the daemon", 2), ("modem", "for the modem", 2),
        ("blocks", "blocks", 0), ("questions", "questions", 0)])
    return {"rows": list(samples.medians()),
            "goals": [goal(f"{what}, above the line's limit, without the emulator's pauses", samples.median(what, "own"), 10, unit=" %")
                      for what in BLOCKS]}
