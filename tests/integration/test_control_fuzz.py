"""Whatever comes over the control socket: an error or a closed connection, never a crash, never another's business."""

import json
import os
import random
import socket
import time
import unittest

from support.control import Control
from support.daemon import Daemon, configuration
from support.rig import Rig
from support.waiting import PATIENCE, until

SECONDS = 120 if os.environ.get("SIM52XX_LONG") else 5


def deep(random_source):
    opening = random_source.choice("[{")
    return (opening if opening == "[" else '{"a":').encode() * random_source.randrange(1, 5000)


class Garbage:
    """Lines that look like requests less and less; the same for the same seed."""

    def __init__(self, seed, methods):
        self.random = random.Random(seed)
        self.methods = methods

    def value(self, depth=0):
        r = self.random
        plain = [None, True, False, 0, -1, 1, 2**31, 2**53, 2**64 - 1, -2**63, 1e308, 0.1, "", "x", "\0", "\r\nAT+CRESET",
                 '"', "é", "\U0001f600", "x" * r.randrange(3000), "0", "-1", r.random()]
        if depth < 3 and r.random() < 0.3:
            return [self.value(depth + 1) for _ in range(r.randrange(4))]
        if depth < 3 and r.random() < 0.3:
            return {str(self.value(3)): self.value(depth + 1) for _ in range(r.randrange(4))}
        return r.choice(plain)

    def params(self, method):
        r = self.random
        given = {p["name"]: self.value() for p in method["params"] if p["required"] or r.random() < 0.5}
        if "steps" in given and r.random() < 0.8:
            ops = ["list", "put", "get", "pwd", "chmod"]
            given["steps"] = [{"op": r.choice(ops), "path": self.value(3)} for _ in range(r.randrange(4))]
        if r.random() < 0.1:
            given[str(self.value(3))] = self.value()
        return given

    def request(self):
        r = self.random
        method = r.choice(self.methods)
        request = {"jsonrpc": "2.0", "id": r.choice([None, 0, -1, 1.5, "a", 7, True, [], {}]),
                   "method": method["name"], "params": self.params(method)}
        for _ in range(r.randrange(2)):
            request[r.choice(list(request))] = self.value()
        if r.random() < 0.2:
            del request[r.choice(list(request))]
        return request

    def line(self):
        r = self.random
        kind = r.randrange(10)
        if kind < 5:
            return json.dumps(self.request()).encode()
        if kind == 5:
            return json.dumps([self.request() for _ in range(r.randrange(40))]).encode()
        if kind == 6:
            return r.randbytes(r.randrange(200)).replace(b"\n", b"")
        if kind == 7:
            return deep(r)
        line = bytearray(json.dumps(self.request()).encode())
        for _ in range(r.randrange(1, 8)):
            at = r.randrange(len(line) or 1)
            line[at:at + r.randrange(3)] = r.randbytes(r.randrange(3)).replace(b"\n", b"")
        return bytes(line)


class Fuzz(Rig):
    def setUp(self):
        super().setUp()
        self.daemon = self.started(Daemon(self.folder, configuration(self.folder / "no-modem")))
        self.path = self.daemon.socket("control")
        self.canary = self.connect()
        self.watcher = self.connect()
        self.watcher.call("events.subscribe", topics=["daemon"])
        # modem.reset and config.reload have no parameters, and nothing to break here.
        self.methods = self.canary.call("rpc.discover")["methods"]

    def connect(self):
        control = Control(self.path)
        self.addCleanup(control.close)
        return control

    def assert_well(self):
        """Others are served, and see nothing of it."""
        self.assertIn("daemon", self.canary.call("version"))
        self.assertEqual(self.canary.events, [])
        self.assertTrue(self.daemon.child.alive())

    def talk(self, raw, whole=True):
        """Sends, then reads all there is to read: nothing but answers to us, or the end."""
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20 * PATIENCE)
            client.connect(str(self.path))
            try:
                client.sendall(raw)
                if not whole:
                    return
                client.shutdown(socket.SHUT_WR)
                answers = client.makefile("rb").read()
            except (BrokenPipeError, ConnectionResetError):
                return
            except socket.timeout:
                return self.fail(f"no end after {raw[:300]!r}")
        for line in answers.splitlines():
            answer = json.loads(line)
            for each in answer if isinstance(answer, list) else [answer]:
                self.assertTrue({"result", "error"} & set(each) or each.get("method") == "event", each)

    def no_waiting(self, line):
        """What would wait for ever is the one thing that must not be sent and waited for."""
        return not any(word in line for word in (b"subscribe", b"job.wait", b"ftps.run", b"https.request"))

    def test_random_lines(self):
        seed = int(os.environ.get("SIM52XX_SEED", "52"))
        garbage = Garbage(seed, self.methods)
        end = time.monotonic() + SECONDS
        count = 0
        while time.monotonic() < end:
            lines = [garbage.line() for _ in range(garbage.random.randrange(1, 6))]
            raw = b"\n".join(lines) + (b"\n" if garbage.random.random() < 0.9 else b"")
            self.talk(raw, whole=self.no_waiting(raw))
            count += len(lines)
            if count % 50 < 3:
                self.assert_well()
        self.assert_well()
        self.assertGreater(count, 20)
        self.assertNotIn("internal error", self.daemon.child.output())

    def test_every_method_with_wrong_types(self):
        garbage = Garbage(1, self.methods)
        for method in self.methods:
            for parameter in method["params"]:
                for value in (None, True, -1, 1.5, "x", [], {}, [[]], {"a": {}}):
                    params = garbage.params(method) | {parameter["name"]: value}
                    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method["name"], "params": params}).encode()
                    self.talk(line + b"\n", whole=self.no_waiting(line))
        self.assert_well()
        self.assertNotIn("internal error", self.daemon.child.output())

    def test_two_mebibytes_in_one_line(self):
        for filler in (b"x", b"[", b'{"a":', b"\0", b'"', b"\\"):
            line = b'{"jsonrpc":"2.0","id":1,"method":"version","params":{"x":"' + filler * ((2 << 20) // len(filler))
            self.talk(line + b"\n")
            self.talk(line)
        self.assert_well()

    def test_half_lines(self):
        line = b'{"jsonrpc":"2.0","id":1,"method":"status"}'
        for length in range(len(line)):
            self.talk(line[:length], whole=length % 2 == 0)
        self.assert_well()

    def test_a_client_that_never_reads(self):
        deaf = self.connect()
        line = b'{"jsonrpc":"2.0","id":1,"method":"rpc.discover"}\n'
        with self.assertRaises((BrokenPipeError, ConnectionResetError, TimeoutError)):
            deaf.socket.settimeout(20 * PATIENCE)
            for _ in range(5000):
                deaf.send(line)
        until(lambda: "does not read: dropped" in self.daemon.child.output(), "the deaf client to be dropped")
        self.assert_well()

    def test_a_tower_of_brackets(self):
        for raw in (b"[" * 1000000 + b"\n", b'{"a":' * 200000 + b"\n", b"[" * 33 + b"]" * 33 + b"\n"):
            control = self.connect()
            control.send(raw)
            self.assertIn("error", control.answer())
        self.assert_well()


if __name__ == "__main__":
    unittest.main()
