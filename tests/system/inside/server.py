"""The other end of the modem's TLS, inside of the machine: a page for GET, and an echo for everything else."""

import socket
import ssl
import sys
import threading

PAGE = b"a page through the modem\n"


def serve(connection):
    with connection:
        first = connection.recv(4096)
        if first.startswith(b"GET "):
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(PAGE) + PAGE)
            connection.unwrap()
            return
        while first:
            connection.sendall(first)
            first = connection.recv(4096)


def shake_hands(context, raw):
    try:
        serve(context.wrap_socket(raw, server_side=True))
    except OSError as trouble:
        print(trouble, flush=True)


def main():
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[1], sys.argv[2])
    listener = socket.create_server(("127.0.0.1", 4433))
    while True:
        raw, _ = listener.accept()
        threading.Thread(target=shake_hands, args=(context, raw), daemon=True).start()


if __name__ == "__main__":
    main()
