"""A TLS server of the test's own, for what nginx does not do: odd endings, odd certificates, recorded bytes."""

import socket
import ssl
import threading

from .places import loopback


class TlsServer:
    """Calls serve(connection) for each client, one after the other; failures of clients are kept, not raised."""

    def __init__(self, pair, serve):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.cert, pair.key)
        self.context, self._serve = context, serve
        self._listener = socket.create_server((loopback(), 0))
        self.address, self.port = self._listener.getsockname()
        self.troubles = []
        self.served = 0
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._one, args=(raw,), daemon=True).start()

    def _one(self, raw):
        try:
            raw.settimeout(60)
            with self.context.wrap_socket(raw, server_side=True) as connection:
                self._serve(connection)
                self.served += 1
        except OSError as trouble:
            self.troubles.append(repr(trouble))
        finally:
            raw.close()

    def small_buffer(self):
        """Of what it does not read, the kernel keeps little for it."""
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    @property
    def where(self):
        return f"{self.address}:{self.port}"

    def stop(self):
        self._listener.close()


def read_until(connection, mark):
    """Bytes up to and with `mark`, or what there was before the end."""
    data = b""
    while mark not in data:
        more = connection.recv(4096)
        if not more:
            break
        data += more
    return data


def read_exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            raise ConnectionError(f"the client ended after {len(data)} of {count} bytes")
        data += more
    return data


def close_in_order(connection):
    """Says goodbye in TLS and reads the other's goodbye, so that no byte is lost to a reset."""
    try:
        connection.unwrap()
    except OSError:
        pass


def one_page(body, headers=b""):
    """A server that answers each request with `body`, without a length, and then ends: the oldest HTTP there is."""
    def serve(connection):
        read_until(connection, b"\r\n\r\n")
        connection.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + headers + b"\r\n" + body)
        close_in_order(connection)
    return serve
