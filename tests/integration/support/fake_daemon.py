"""A daemon that says what the test wants: the control protocol without a modem behind it."""

import array
import json
import os
import pathlib
import socket
import threading
import time

from .waiting import PATIENCE


class Refused(Exception):
    """What a handler raises to answer with an error: Refused("busy", "ssl0 has it", waiting_for={...})."""

    def __init__(self, kind, message, code=-32000, **data):
        super().__init__(message)
        self.error = {"code": code, "message": message,
                      "data": {"kind": kind, "stage": "acquire", "retryable": False, **data}}


class Call:
    """One request, as handlers see it."""

    def __init__(self, connection, request, fds):
        self.connection, self.params, self.fds = connection, request.get("params", {}), fds

    def event(self, event_type, **fields):
        self.connection.send({"jsonrpc": "2.0", "method": "event",
                              "params": {"seq": 1, "time": "2026-11-22T12:00:00.000Z", "type": event_type, **fields}})

    def read_body(self, index):
        """All that the passed descriptor has."""
        with os.fdopen(os.dup(self.fds[index]), "rb") as body:
            return body.read()

    def write_body(self, index, data):
        with os.fdopen(os.dup(self.fds[index]), "wb") as body:
            body.write(data)


class Connection:
    def __init__(self, daemon, connected):
        self.daemon, self.socket = daemon, connected
        self.pid = int.from_bytes(connected.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12)[:4], "little")
        self.lock = threading.Lock()
        self.closed = threading.Event()

    def send(self, message):
        with self.lock:
            self.socket.sendall(message if isinstance(message, bytes) else json.dumps(message).encode() + b"\n")

    def serve(self):
        pending, fds = b"", []
        try:
            while True:
                data, control, _, _ = self.socket.recvmsg(65536, socket.CMSG_SPACE(16 * 4))
                for level, kind, content in control:
                    if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                        fds += array.array("i", content[:len(content) // 4 * 4])
                if not data:
                    return
                pending += data
                while b"\n" in pending:
                    line, pending = pending.split(b"\n", 1)
                    request = json.loads(line)
                    self.daemon.requests.append(request)
                    taken = descriptors_needed(request.get("params", {}))
                    # Answers may come out of order, so that a job can be cancelled while it runs.
                    threading.Thread(target=self.answer, args=(request, fds[:taken]), daemon=True).start()
                    fds = fds[taken:]
        except OSError:
            pass
        finally:
            self.closed.set()
            self.socket.close()

    def answer(self, request, fds):
        call = Call(self, request, fds)
        reply = {"jsonrpc": "2.0", "id": request["id"]}
        try:
            handler = self.daemon.handlers.get(request["method"])
            if handler is None:
                reply["error"] = {"code": -32601, "message": f"there is no method {request['method']}"}
            else:
                reply["result"] = handler(call)
        except Refused as refused:
            reply["error"] = refused.error
        finally:
            for fd in fds:
                os.close(fd)
        try:
            self.send(reply)
        except OSError:
            pass


def descriptors_needed(params):
    """A line takes as many as its highest index asks for, wherever in it that is."""
    if isinstance(params, list):
        return max(map(descriptors_needed, params), default=0)
    if not isinstance(params, dict):
        return 0
    return max((value + 1 if name.endswith("_fd") else descriptors_needed(value) for name, value in params.items()),
               default=0)


class FakeDaemon:
    """`handlers` maps methods to functions of a Call; `requests` has what was asked, in order."""

    def __init__(self, folder, **handlers):
        self.path = pathlib.Path(folder) / "control.sock"
        self.requests = []
        self.connections = []
        self.handlers = {name.replace("__", "."): handler for name, handler in handlers.items()}
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.path))
        self.listener.listen(16)
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connected, _ = self.listener.accept()
            except OSError:
                return
            connection = Connection(self, connected)
            self.connections.append(connection)
            threading.Thread(target=connection.serve, daemon=True).start()

    def on(self, method, handler):
        self.handlers[method] = handler if callable(handler) else lambda _: handler

    def asked(self, method):
        """The parameters of the requests of that method."""
        return [request.get("params", {}) for request in self.requests if request["method"] == method]

    def die(self):
        """As if it had crashed."""
        self.listener.close()
        for connection in self.connections:
            connection.socket.shutdown(socket.SHUT_RDWR)

    def stop(self):
        self.die_quietly()

    def die_quietly(self):
        try:
            self.die()
        except OSError:
            pass


def wait(event, what, seconds=20):
    """Waits for a threading.Event with a deadline."""
    if not event.wait(seconds * PATIENCE):
        raise AssertionError(f"not within {seconds * PATIENCE:g} s: {what}")


def now(ago=0):
    return time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - ago))
