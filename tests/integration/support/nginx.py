"""A real nginx with TLS, in a folder of its own, and the small HTTP service behind its /post."""

import hashlib
import http.server
import json
import pathlib
import random
import socket
import socketserver
import threading

from .places import free_port, loopback
from .process import Child
from .waiting import until

CONFIG = """
daemon off;
master_process off;
user root;
worker_processes 1;
pid {folder}/nginx.pid;
error_log stderr notice;
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  client_max_body_size 2g;
  server {{
    listen {address}:{port} ssl;
    ssl_certificate {cert};
    ssl_certificate_key {key};
    ssl_protocols {protocols};
    root {folder}/pages;
    absolute_redirect off;
    location /moved {{ return 302 /small.txt; }}
    location /post {{ proxy_pass http://unix:{folder}/post.sock; }}
  }}
}}
"""


class Answer(http.server.BaseHTTPRequestHandler):
    """Answers a POST with the size and the checksum of what has arrived."""

    def do_POST(self):
        received, missing = hashlib.sha256(), int(self.headers["Content-Length"])
        while missing and (piece := self.rfile.read(min(missing, 1 << 20))):
            received.update(piece)
            missing -= len(piece)
        answer = json.dumps({"bytes": int(self.headers["Content-Length"]) - missing,
                             "sha256": received.hexdigest()}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def address_string(self):
        return "nginx"

    def log_message(self, *_):
        pass


class PostService(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True


class Nginx:
    """pages: random.bin (`size` bytes), small.txt, keep.txt; POST /post gives size and sha256."""

    def __init__(self, folder, pair, size=1 << 20, protocols="TLSv1 TLSv1.1 TLSv1.2"):
        self.folder = pathlib.Path(folder) / "nginx"
        pages = self.folder / "pages"
        pages.mkdir(parents=True)
        self.page = random.Random(52).randbytes(size)
        (pages / "random.bin").write_bytes(self.page)
        (pages / "small.txt").write_text("Hello through the modem.\n")
        self.address, self.port = loopback(), free_port(loopback())
        config = self.folder / "nginx.conf"
        config.write_text(CONFIG.format(folder=self.folder, address=self.address, port=self.port,
                                        cert=pair.cert, key=pair.key, protocols=protocols))
        self.post = PostService(str(self.folder / "post.sock"), Answer)
        threading.Thread(target=self.post.serve_forever, daemon=True).start()
        self.child = Child("nginx", ["nginx", "-p", self.folder, "-e", self.folder / "error.log", "-c", config], folder)
        self.child.until(self._connects, "nginx to accept connections")

    def add_page(self, name, size):
        """A page of any size; its sha256."""
        source, received = random.Random(size), hashlib.sha256()
        with open(self.folder / "pages" / name, "wb") as page:
            for offset in range(0, size, 1 << 20):
                piece = source.randbytes(min(1 << 20, size - offset))
                received.update(piece)
                page.write(piece)
        return received.hexdigest()

    def _connects(self):
        try:
            socket.create_connection((self.address, self.port), timeout=1).close()
            return True
        except OSError:
            return False

    def stop(self):
        self.child.stop()
        self.post.shutdown()
        self.post.server_close()

    @property
    def where(self):
        return f"{self.address}:{self.port}"


def access_lines(nginx, count):
    """The first `count` lines of the access log, as soon as they are there."""
    path = nginx.folder / "access.log"
    return until(lambda: (lines := path.read_text().splitlines())[count - 1:] and lines, f"{count} requests at nginx")
