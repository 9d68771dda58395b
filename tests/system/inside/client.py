"""A client of a data socket that stays: sends each line of its input and prints what comes back, until the end."""

import socket
import sys

connection = socket.socket(socket.AF_UNIX)
connection.connect(sys.argv[1])
for line in sys.stdin.buffer:
    connection.sendall(line)
    data = b""
    while not data.endswith(b"\n"):
        piece = connection.recv(4096)
        if not piece:
            sys.exit("the end came")
        data += piece
    sys.stdout.buffer.write(data)
    sys.stdout.flush()
