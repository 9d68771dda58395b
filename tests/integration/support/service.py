"""What the session tests talk to behind the modem: requests in, answers of any size out, without a length."""

from .client import digest, pattern
from .tlsserver import close_in_order


def service(connection):
    """GET /N: N bytes of pattern(N). GET /N/close: the same, and the end. POST: the sha256 of the body."""
    requests = connection.makefile("rb")
    while first := requests.readline():
        verb, path = first.decode().split()[:2]
        length = int(requests.readline().split(b": ")[1])
        requests.readline()
        if verb == "POST":
            connection.sendall(digest(requests.read(length)).encode())
        else:
            connection.sendall(pattern(int(path.split("/")[1])))
        if path.endswith("/close"):
            return close_in_order(connection)


def echo(connection):
    """Sends back what comes, until the client leaves."""
    while data := connection.recv(4096):
        connection.sendall(data)
