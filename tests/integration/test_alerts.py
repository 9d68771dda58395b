"""Certificate alerts: every kind of bad certificate is refused by name, and goes through where it is accepted."""

import json
import socket
import unittest

from support.client import Client
from support.rig import CURL_RESET, Rig
from support.tlsserver import one_page
from support.waiting import until

# The certificate of support/certificates.py -> the alert that names what is wrong with it.
BAD = {
    "self_signed": "bad-issuer",
    "unknown_ca": "unknown-ca",
    "expired": "certificate-expired",
    "wrong_host": "host-mismatch",
    "revoked": "certificate-revoked",
}
EVERY = [*BAD.values(), "view-certificate"]


class Alerts(Rig):
    def serve(self, kind, **tables):
        server = self.start_server(one_page(b"secret"), getattr(self.certificates, kind))
        emulator = self.start_emulator(server, crl=True)
        self.daemon = self.start_daemon(emulator.link, **tables)
        return server

    def check_refused(self, kind, endpoint):
        server = self.serve(kind)
        done = self.curl(self.daemon.socket(endpoint), "/")
        self.assertIn(done.returncode, CURL_RESET, f"{done.stdout}{done.stderr}")
        # The latter when it was reset before curl on a busy machine had looked whether it is connected.
        self.assertRegex(done.stderr, "Connection reset by peer|Couldn't connect")
        self.assertEqual(server.served, 0)
        words = json.dumps(self.daemon.session(endpoint)["last_error"])
        self.assertIn(BAD[kind], words)
        self.assertIn("accept_alerts", words, "the line that would accept it")
        self.assertIn(BAD[kind], self.daemon.child.output())

    def check_accepted(self, kind, endpoint):
        self.serve(kind, **{endpoint: {"accept_alerts": EVERY}})
        done = self.curl(self.daemon.socket(endpoint), "/")
        self.assert_served(done)
        self.assertEqual(done.stdout, "secret")


def _add(kind, endpoint, what):
    def test(self):
        getattr(self, f"check_{what}")(kind, endpoint)
    setattr(Alerts, f"test_{kind}_{what}_on_{endpoint}", test)


for _kind in BAD:
    for _endpoint in ("ssl0", "ssl1"):
        _add(_kind, _endpoint, "refused")
        _add(_kind, _endpoint, "accepted")


class AfterARefusal(Rig):
    def setUp(self):
        super().setUp()
        self.server = self.start_server(one_page(b"page"), self.certificates.expired)
        self.emulator = self.start_emulator(self.server)
        self.daemon = self.start_daemon(self.emulator.link)

    def test_accepting_another_alert_does_not_help(self):
        self.daemon.stop()
        daemon = self.start_daemon(self.emulator.link, ssl1={"accept_alerts": ["host-mismatch"]})
        self.assertIn(self.curl(daemon.socket("ssl1"), "/").returncode, CURL_RESET)

    def test_client_that_wrote_nothing_sees_the_end(self):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(60)
            client.connect(str(self.daemon.socket("ssl1")))
            self.assertEqual(client.recv(1), b"")

    def test_client_that_writes_after_the_refusal_is_reset(self):
        with Client(self.daemon.socket("ssl1")) as client:
            until(lambda: "does not trust" in self.daemon.child.output(), "the refusal")
            client.socket.sendall(b"late")
            self.assertEqual(client.read_to_end(), (b"", "reset"))

    def test_the_line_that_last_error_names_works(self):
        self.curl(self.daemon.socket("ssl1"), "/")
        words = json.dumps(self.daemon.session("ssl1")["last_error"]).replace('\\"', '"')
        start = words.index("accept_alerts = [")
        line = words[start:words.index("]", start) + 1]
        self.daemon.stop()
        daemon = self.start_daemon(self.emulator.link, ssl1={"accept_alerts": json.loads(line.split("=")[1])})
        self.assert_served(self.curl(daemon.socket("ssl1"), "/"))


class Good(Rig):
    def test_good_certificate_needs_nothing_accepted(self):
        server = self.start_server(one_page(b"page"))
        emulator = self.start_emulator(server, crl=True)
        daemon = self.start_daemon(emulator.link)
        for endpoint in ("ssl0", "ssl1"):
            self.assert_served(self.curl(daemon.socket(endpoint), "/"))


if __name__ == "__main__":
    unittest.main()
