"""A modem that knows nothing newer than TLS 1.0, as the real ones: with a server that allows that, and one that does not."""

import json
import ssl
import unittest

from support.rig import CURL_RESET, Rig
from support.tlsserver import one_page


class OldTls(Rig):
    def start(self, oldest):
        server = self.start_server(one_page(b"page"))
        server.context.minimum_version = oldest
        server.context.set_ciphers("ALL:@SECLEVEL=0")
        emulator = self.start_emulator(server, more=["--tls-max", "1.0"])
        self.daemon = self.start_daemon(emulator.link)

    def test_server_that_allows_it(self):
        self.start(ssl.TLSVersion.TLSv1)
        done = self.curl(self.daemon.socket("ssl1"), "/")
        self.assert_served(done)

    def test_server_that_refuses_it(self):
        self.start(ssl.TLSVersion.TLSv1_2)
        done = self.curl(self.daemon.socket("ssl1"), "/")
        self.assertIn(done.returncode, CURL_RESET)
        self.assertIn("protocol-version", json.dumps(self.daemon.session("ssl1")["last_error"]))


if __name__ == "__main__":
    unittest.main()
