"""A client of a data socket, by hand: sees exactly what it is given, and how it ends."""

import hashlib
import os
import socket
import struct

from .waiting import PATIENCE


class Client:
    """One connection to NAME.sock. read_to_end() and end() tell "end" (EOF) from "reset" (ECONNRESET)."""

    def __init__(self, path, seconds=30):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(seconds * PATIENCE)
        self.socket.connect(str(path))
        self.refused = False

    def send(self, data):
        """A refusal that is quicker than this is EPIPE, and as good as a reset."""
        try:
            self.socket.sendall(data)
        except BrokenPipeError:
            self.refused = True

    def ask(self, head, body=b""):
        """A request of the service below; `head` as in HTTP: "GET /1000"."""
        self.send(head.encode() + f" HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body)

    def read(self, count):
        """Exactly so many bytes."""
        parts, missing = [], count
        while missing:
            part = self.socket.recv(min(missing, 1 << 16))
            if not part:
                raise AssertionError(f"the end came after {count - missing} of {count} bytes")
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def read_to_end(self):
        """(everything that comes, "end" or "reset")"""
        parts = []
        try:
            while part := self.socket.recv(1 << 16):
                parts.append(part)
        except ConnectionResetError:
            return b"".join(parts), "reset"
        return b"".join(parts), "reset" if self.refused else "end"

    def end(self):
        return self.read_to_end()[1]

    def finish_writing(self):
        self.socket.shutdown(socket.SHUT_WR)

    def close(self):
        self.socket.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def fill(connection):
    """Writes to a socket until nothing more is taken."""
    patience = connection.gettimeout()
    connection.settimeout(0.2)
    try:
        while True:
            connection.sendall(b"x" * 65536)
    except TimeoutError:
        connection.settimeout(patience)


def pattern(count, seed=0):
    """`count` bytes without a period, the same for the same seed, that a test can afford."""
    return hashlib.shake_256(struct.pack("<q", seed)).digest(count)


def digest(data):
    return hashlib.sha256(data).hexdigest()


# A sanitizer keeps freed memory for a while, and a build that counts coverage is not optimised: neither says how much
# memory and room the daemon needs.
INSTRUMENTED = "SIM52XX_INSTRUMENTED" in os.environ


def resident(pid):
    """Bytes of memory that a process occupies."""
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
