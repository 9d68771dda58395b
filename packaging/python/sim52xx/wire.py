"""Lines of JSON over the control socket, what may go wrong with them, and how long to pause before the next attempt."""

from __future__ import annotations

import json
import random
import socket
import time
from typing import Any, Dict, Iterator, Optional, Sequence


class Error(Exception):
    """What the daemon refused, or what came of a job: kind, stage, message, and data with the rest."""

    def __init__(self, kind: str, stage: str, message: str, data: Optional[Dict[str, Any]] = None):
        super().__init__(f"{kind}: {message}")
        self.kind, self.stage, self.message, self.data = kind, stage, message, data or {}


class DaemonAbsent(Error):
    """Nobody listens at the control socket, or it may not be used."""


class ConnectionLost(Error):
    """The daemon closed the connection: it was stopped or restarted."""


class WaitTimeout(Error):
    """No answer within the time the caller had."""


def error_of(fault: Dict[str, Any]) -> Error:
    """Of an error of JSON-RPC, or of a job's."""
    data = fault.get("data") or fault
    return Error(data.get("kind", "protocol_error"), data.get("stage", "rpc"), fault.get("message", ""), data)


class Connection:
    """Lines of JSON over a Unix socket. Its bytes are ours, so that a timeout in the middle of a line loses none."""

    def __init__(self, path: str, timeout: float):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(timeout)
        self.bytes = bytearray()
        self.last_id = 0
        try:
            self.socket.connect(path)
        except OSError as why:
            self.socket.close()
            hint = {PermissionError: "you need to be in the group sim52xx", ConnectionRefusedError: "is sim52xxd running?",
                    FileNotFoundError: "is sim52xxd running?"}.get(type(why), "")
            kind = "denied" if isinstance(why, PermissionError) else "interrupted"
            raise DaemonAbsent(kind, "connect", f"{path}: {why.strerror or why}" + (f"; {hint}" if hint else "")) from why

    def send(self, method: str, params: Dict[str, Any], fds: Sequence[int], timeout: float) -> int:
        self.last_id += 1
        line = json.dumps({"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}).encode() + b"\n"
        self.socket.settimeout(timeout)
        try:
            sent = socket.send_fds(self.socket, [line], list(fds)) if fds else 0
            self.socket.sendall(line[sent:])
        except socket.timeout as why:
            raise WaitTimeout("timeout", "send", f"{method}: the daemon has read nothing for {timeout:g} s") from why
        except OSError as why:
            raise ConnectionLost("interrupted", "send", "the daemon closed the connection") from why
        return self.last_id

    def receive(self, deadline: Optional[float]) -> Dict[str, Any]:
        """The next object."""
        while (end := self.bytes.find(b"\n")) < 0:
            left = None if deadline is None else deadline - time.monotonic()
            if left is not None and left <= 0:
                raise WaitTimeout("timeout", "receive", "the daemon has not answered in time")
            self.socket.settimeout(left)
            try:
                piece = self.socket.recv(1 << 16)
            except socket.timeout:
                continue
            except OSError:
                piece = b""
            if not piece:
                raise ConnectionLost("interrupted", "receive", "the daemon closed the connection")
            self.bytes += piece
        line = bytes(self.bytes[:end])
        del self.bytes[:end + 1]
        try:
            return json.loads(line)
        except ValueError as why:
            raise ConnectionLost("protocol_error", "receive", "what listens there does not speak JSON-RPC") from why

    def call(self, method: str, params: Dict[str, Any], fds: Sequence[int], timeout: float) -> Any:
        deadline = time.monotonic() + timeout
        request = self.send(method, params, fds, timeout)
        while True:
            answer = self.receive(deadline)
            if answer.get("id") == request and "method" not in answer:
                if "error" in answer:
                    raise error_of(answer["error"])
                return answer["result"]


def pauses(patience: Optional[float]) -> Iterator[float]:
    """Growing, and each client's own, so that not all come back at once; until patience is over."""
    pause, begin = 0.1, time.monotonic()
    while patience is None or time.monotonic() - begin < patience:
        yield pause * random.uniform(0.5, 1.0)
        pause = min(2 * pause, 5.0)
