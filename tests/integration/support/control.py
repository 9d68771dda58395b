"""A client of the daemon's control socket: JSON-RPC 2.0, one object per line."""

import base64
import json
import socket

from .waiting import PATIENCE


class RpcError(Exception):
    def __init__(self, error):
        super().__init__(f"{error.get('code')}: {error.get('message')}")
        self.code, self.data = error.get("code"), error.get("data")
        self.message = error.get("message")

    @property
    def kind(self):
        return (self.data or {}).get("kind")


class Control:
    """One connection; `with Control(path) as control: control.call("status")`."""

    def __init__(self, path, seconds=10):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds * PATIENCE)
        self.socket.connect(str(path))
        self._lines = self.socket.makefile("rb")
        self._id = 0
        self._answers = {}
        self.events = []  # notifications that came while an answer was awaited

    def send(self, raw):
        self.socket.sendall(raw)

    def answer(self):
        """The next object, or None at the end."""
        line = self._lines.readline()
        return json.loads(line) if line else None

    def start(self, method, fds=(), /, **parameters):
        """Sends a request, with descriptors where there are any; answer_to() has its answer."""
        self._id += 1
        request = {"jsonrpc": "2.0", "id": self._id, "method": method}
        if parameters:
            request["params"] = parameters
        line = json.dumps(request).encode() + b"\n"
        if fds:
            sent = socket.send_fds(self.socket, [line], list(fds))
            line = line[sent:]
        self.send(line)
        return self._id

    def answer_to(self, request):
        """The result of that request; RpcError where it has none."""
        while request not in self._answers:
            answer = self.answer()
            if answer is None:
                raise ConnectionError("the daemon closed the control connection")
            if answer.get("jsonrpc") != "2.0":
                raise AssertionError(f"not JSON-RPC: {answer}")
            if "method" in answer:
                self.events.append(answer["params"])
            elif isinstance(answer.get("id"), int) and 0 < answer["id"] <= self._id:
                self._answers[answer["id"]] = answer
            else:
                raise AssertionError(f"an answer to nothing we asked: {answer}")
        answer = self._answers.pop(request)
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer["result"]

    def call(self, method, fds=(), /, **parameters):
        return self.answer_to(self.start(method, fds, **parameters))

    def event(self):
        """The next notification's parameters."""
        if self.events:
            return self.events.pop(0)
        while True:
            message = self.answer()
            if message is None:
                raise ConnectionError("the daemon closed the control connection")
            if "method" in message:
                return message["params"]
            self._answers[message["id"]] = message

    def until_event(self, look):
        """The first event for which look(event) is true."""
        while True:
            event = self.event()
            if look(event):
                return event

    def read_body(self, job_id, **more):
        """The body that a job has received, in pieces."""
        body, eof = b"", False
        while not eof:
            piece = self.call("job.read", job_id=job_id, offset=len(body), **more)
            body += base64.b64decode(piece["data_base64"])
            eof = piece["eof"]
        return body

    def close(self):
        self._lines.close()
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
