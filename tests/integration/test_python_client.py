"""python3-sim52xx against the daemon and real servers: each example of its help, every way of a body, lost connections."""

import doctest
import hashlib
import http.server
import io
import json
import os
import pathlib
import socket
import ssl
import sys
import threading
import unittest
from unittest import mock

from support.daemon import Daemon
from support.nginx import access_lines
from support.places import ROOT, free_port, loopback
from support.waiting import PATIENCE
from support.rig import Rig
from support.tlsserver import one_page

sys.path.insert(0, str(ROOT / "packaging" / "python"))
import sim52xx  # noqa: E402

MEBI = 1 << 20
HOSTS = ("api.example.com", "files.example.com")


class Page(http.server.BaseHTTPRequestHandler):
    """GET has the page of the examples, POST takes anything."""

    def do_GET(self):
        body = b'{"interval": 60}\n'
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        missing = int(self.headers["Content-Length"])
        while missing and (piece := self.rfile.read(min(missing, 65536))):
            missing -= len(piece)
        self.send_response(500 if missing else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class CutProxy:
    """Before the control socket: forwards all, but cuts the first connection off instead of forwarding its first answer."""

    def __init__(self, path, behind):
        self.behind, self.connections = str(behind), 0
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen()
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            self.connections += 1
            daemon = socket.socket(socket.AF_UNIX)
            daemon.connect(self.behind)
            threading.Thread(target=self.pump, args=(client, daemon, False), daemon=True).start()
            threading.Thread(target=self.pump, args=(daemon, client, self.connections == 1), daemon=True).start()

    @staticmethod
    def pump(source, target, cut):
        with source, target:
            while piece := source.recv(65536):
                if cut:
                    for end in (source, target):
                        end.shutdown(socket.SHUT_RDWR)
                    return
                target.sendall(piece)

    def stop(self):
        self.listener.close()


class Module(Rig):
    def client(self, path=None, **options):
        client = sim52xx.Client(path or self.daemon.socket("control"), 30 * PATIENCE, **options)
        self.addCleanup(client.close)
        return client

    def serve(self, size=MEBI, **tables):
        self.nginx = self.start_nginx(size=size)
        self.emulator = self.start_emulator(self.nginx)
        self.daemon = self.start_daemon(self.emulator.link, **tables)
        self.modem = self.client()

    def error(self, call, *argv, **options):
        with self.assertRaises(sim52xx.Error) as raised:
            call(*argv, **options)
        return raised.exception


class Bodies(Module):
    def test_large_ones_both_ways(self):
        """Beyond what fits into a line: a descriptor up, pieces down."""
        self.serve()
        page = self.modem.https("https://server.test/random.bin")
        self.assertEqual((page["bytes"], page["body"]), (MEBI, self.nginx.page))
        answer = self.modem.https("https://server.test/post", method="POST", body=self.nginx.page)
        self.assertEqual(json.loads(answer["body"]),
                         {"bytes": MEBI, "sha256": hashlib.sha256(self.nginx.page).hexdigest()})

    def test_empty_and_short_and_not_text(self):
        self.serve(size=3)
        (self.nginx.folder / "pages" / "empty").write_bytes(b"")
        self.assertEqual(self.modem.https("https://server.test/empty")["body"], b"")
        self.assertEqual(self.modem.https("https://server.test/random.bin")["body"], self.nginx.page)
        answer = self.modem.https("https://server.test/post", method="POST", body="\u00e4\0".encode())
        self.assertEqual(json.loads(answer["body"])["bytes"], 3)

    def test_a_pipe_is_read_while_the_job_runs(self):
        self.serve()
        reading, writing = os.pipe()
        with open(writing, "wb") as into:
            job = self.modem.start_https("https://server.test/random.bin", into=into)
        with open(reading, "rb") as pipe:
            self.assertEqual(pipe.read(), self.nginx.page)
        self.assertEqual(job.result(60 * PATIENCE)["bytes"], MEBI)

    def test_a_body_is_read_while_it_comes(self):
        self.serve()
        job = self.modem.start_https("https://server.test/random.bin")
        self.assertEqual(b"".join(job.read()), self.nginx.page)

    def test_ftps(self):
        server = self.start_ftp_server("proftpd")
        self.daemon = self.start_daemon(self.start_emulator(maps={"server.test:21": server.where}).link)
        large = os.urandom(300_000)
        with open(self.folder / "copy", "wb+") as copy:
            answer = self.client().ftps("server.test", [
                {"op": "put", "path": "large", "body": large}, {"op": "put", "path": "small", "body": b"\xff"},
                {"op": "get", "path": "small"}, {"op": "get", "path": "large"},
                {"op": "get", "path": "large", "into": copy}], user=server.user, password=server.password)
            copy.seek(0)
            self.assertEqual(copy.read(), large)
        self.assertEqual([step.get("body") for step in answer["steps"]], [None, None, b"\xff", large, None])
        self.assertEqual((server.home / "large").read_bytes(), large)


class Failures(Module):
    def test_of_a_parameter_and_of_nobody(self):
        self.serve(size=1)
        error = self.error(self.modem.https, "https://server.test/", colour="red")
        self.assertEqual((error.kind, error.data["unknown"]), ("invalid", ["colour"]))
        job = self.modem.start_https("https://server.test/random.bin", max_bytes=1, client_ref="a")
        self.assertEqual(job.result(30 * PATIENCE)["bytes"], 1)
        with self.assertRaises(sim52xx.DaemonAbsent) as absent:
            sim52xx.Client(self.folder / "nobody.sock")
        self.assertIn("is sim52xxd running?", str(absent.exception))

    def test_of_a_certificate(self):
        server = self.start_server(one_page(b"never"), self.certificates.self_signed)
        self.daemon = self.start_daemon(self.start_emulator(server).link)
        error = self.error(self.client().https, "https://server.test/", via="ssl")
        self.assertEqual((error.kind, error.data["alert"]["level"]), ("tls_alert", "suspend"))
        self.assertIn("bad-issuer", error.data["alert"]["bits"])

    def test_a_daemon_that_hangs(self):
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.folder / "hangs.sock"))
        listener.listen()
        client = sim52xx.Client(self.folder / "hangs.sock", timeout=0.2)
        with self.assertRaises(sim52xx.WaitTimeout):
            client.status()
        with self.assertRaises(sim52xx.WaitTimeout):
            next(client.events())

    def test_a_job_that_takes_longer_than_its_wait(self):
        silent = self.start_server(lambda connection: connection.recv(1 << 16) and connection.recv(1))
        self.daemon = self.start_daemon(self.start_emulator(silent).link)
        job = self.client().start_https("https://server.test/")
        with self.assertRaises(sim52xx.WaitTimeout):
            job.wait(0.2)
        job.cancel()
        self.assertEqual(job.wait(60 * PATIENCE)["state"], "cancelled")
        self.assertEqual(self.error(job.result, 1).kind, "cancelled")


class LostConnections(Module):
    def test_a_started_job_is_the_same_job(self):
        """Its answer is lost on the way: asked for again, it is one request at the server."""
        self.serve(size=3)
        proxy = self.started(CutProxy(self.folder / "cut.sock", self.daemon.socket("control")))
        client = self.client(self.folder / "cut.sock")
        job = client.start_https("https://server.test/random.bin")
        self.assertEqual(job.result(60 * PATIENCE)["bytes"], 3)
        self.assertEqual(b"".join(job.read()), self.nginx.page)
        self.assertEqual(proxy.connections, 2)
        self.assertEqual(len(access_lines(self.nginx, 1)), 1)
        self.assertEqual(client.job(job.id).client_ref, job.client_ref)

    def test_what_might_be_done_twice_is_not_repeated(self):
        self.serve(size=3)
        proxy = self.started(CutProxy(self.folder / "cut.sock", self.daemon.socket("control")))
        client = self.client(self.folder / "cut.sock")
        with self.assertRaises(sim52xx.ConnectionLost):
            client.https("https://server.test/random.bin")
        self.assertEqual(proxy.connections, 1)
        self.assertEqual(client.status()["state"], "ready", "the next call connects again")

    def test_a_restart_of_the_daemon(self):
        self.serve(size=3)
        old = self.modem.start_https("https://server.test/random.bin")
        old.wait(60 * PATIENCE)
        events = self.modem.events(["job"], timeout=60 * PATIENCE)
        first = next(events)
        self.daemon.stop()
        self.daemon = self.started(Daemon(self.folder, self.daemon.config.read_text()))
        second = next(event for event in events if event["type"] == "client.subscribed")
        self.assertEqual((first["again"], second["again"]), (False, True))
        self.assertNotEqual(first["boot_id"], second["boot_id"])
        self.assertIn(self.modem.status()["state"], ("starting", "bring_up", "ready"))
        self.assertEqual(self.error(old.get).kind, "not_found")
        self.daemon.until_ready()
        new = self.modem.start_https("https://server.test/random.bin")
        self.assertEqual(new.id, old.id, "numbers begin anew")
        self.assertIsInstance(self.error(old.get), sim52xx.ConnectionLost)
        events.close()

    def test_patience_ends(self):
        self.daemon = self.start_daemon(self.folder / "none", ready=False)
        client = self.client(patience=0.5)
        client.status()
        self.daemon.stop()
        self.assertIsInstance(self.error(client.status), sim52xx.DaemonAbsent)


class Help(Module):
    def test_examples(self):
        """Word by word; only the folder, the user and the address of the socket are ours."""
        pair = self.certificates.named(*HOSTS)
        web = self.serve_pages(pair)
        files = self.start_ftp_server("proftpd", pair)
        closed = free_port(loopback())
        self.daemon = self.start_daemon(self.start_emulator(maps={
            "api.example.com:443": web, "files.example.com:21": files.where,
            "nowhere.example.com:443": f"{loopback()}:{closed}"}).link)
        text = sim52xx.__doc__.replace('user="me", password="secret"',
                                       f"user={files.user!r}, password={files.password!r}")
        test = doctest.DocTestParser().get_doctest(text, {"sim52xx": sim52xx}, "sim52xx", None, 0)
        self.assertGreater(len(test.examples), 12)
        said, here = io.StringIO(), pathlib.Path.cwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, here)
        with mock.patch.dict(os.environ, {"SIM52XX_SOCKET": str(self.daemon.socket("control"))}):
            result = doctest.DocTestRunner().run(test, out=said.write)
        self.assertEqual(result.failed, 0, said.getvalue())

    def serve_pages(self, pair):
        server = http.server.ThreadingHTTPServer((loopback(), 0), Page)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pair.cert, pair.key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.addCleanup(server.server_close)
        self.addCleanup(server.shutdown)
        return f"{loopback()}:{server.server_port}"


if __name__ == "__main__":
    unittest.main()
