"""A client of the daemon's control socket: JSON-RPC 2.0, one object per line."""

import json
import socket

from .places import PATIENCE


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code, self.data = error.get("code"), error.get("data")


class Control:
    """One connection; `with Control(path) as control: control.call("status")`."""

    def __init__(self, path, seconds=10):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds * PATIENCE)
        self.socket.connect(str(path))
        self._lines = self.socket.makefile("rb")
        self._id = 0

    def send(self, raw):
        self.socket.sendall(raw)

    def answer(self):
        """The next object, or None at the end."""
        line = self._lines.readline()
        return json.loads(line) if line else None

    def call(self, method, **parameters):
        self._id += 1
        request = {"jsonrpc": "2.0", "id": self._id, "method": method}
        if parameters:
            request["params"] = parameters
        self.send(json.dumps(request).encode() + b"\n")
        answer = self.answer()
        if answer is None:
            raise ConnectionError("the daemon closed the control connection")
        if answer.get("jsonrpc") != "2.0" or answer.get("id") != self._id:
            raise AssertionError(f"not an answer to request {self._id}: {answer}")
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]

    def close(self):
        self._lines.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
