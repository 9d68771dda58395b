"""An HTTP server over TLS whose answers are written down byte for byte, per path; counts its connections."""

import threading

from .tlsserver import TlsServer, close_in_order


class HttpServer(TlsServer):
    """`pages`: {"/path": answer}; an answer is bytes, or answer(request) -> bytes, or -> None: the server closes.

    A request has method, path, headers (names in lower case) and body. Every answer ends what the request began, so
    that the connection serves the next one; b"...|" (a bar at the end) closes it behind the answer.
    """

    def __init__(self, pair, pages):
        self.pages, self.requests, self.connections = pages, [], 0
        self._lock = threading.Lock()
        super().__init__(pair, self._serve_all)

    def _serve_all(self, connection):
        with self._lock:
            self.connections += 1
        with connection.makefile("rb") as incoming:
            while request := self._read(incoming):
                with self._lock:
                    self.requests.append(request)
                answer = self.pages[request.path.partition("?")[0]]
                answer = answer(request) if callable(answer) else answer
                if answer is None:
                    break
                last = answer.endswith(b"|")
                connection.sendall(answer[:-1] if last else answer)
                if last:
                    break
            close_in_order(connection)

    @staticmethod
    def _read(incoming):
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = incoming.readline()
            if not line:
                return None
            head += line
        request = Request(head.decode("latin-1"))
        if "content-length" in request.headers:
            request.body = incoming.read(int(request.headers["content-length"]))
        elif request.headers.get("transfer-encoding") == "chunked":
            while size := int(incoming.readline(), 16):
                request.body += incoming.read(size)
                incoming.readline()
            incoming.readline()
        return request


class Request:
    def __init__(self, head):
        lines = head.split("\r\n")
        self.method, self.path, _ = lines[0].split(" ")
        self.headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines[1:] if line)}
        self.body = b""


def page(body, status="200 OK", headers=""):
    return f"HTTP/1.1 {status}\r\n{headers}Content-Length: {len(body)}\r\n\r\n".encode() + body
