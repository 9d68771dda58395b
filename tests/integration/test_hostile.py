"""Strings that would break out of their place are refused by the name of their field, and nothing is sent; secrets stay."""

import base64
import json
import pathlib
import unittest

from support.control import Control, RpcError
from support.ctl import ctl
from support.rig import Rig

EVIL = {"CR": "a\rAT+CRESET", "LF": "a\nb", "CR LF": "a\r\nAT+CRESET\r\n", "quote": 'a"b', "NUL": "a\0b",
        "10 kB": "a" * 10240, "escape": "a\x1bb", "DEL": "a\x7f", "end of input": "a\x1a"}
FTPS = {"host": "server.test", "user": "me", "password": "x", "steps": [{"op": "list"}]}


class Talk(Rig):
    def connect(self):
        self.control = Control(self.daemon.socket("control"), 60)
        self.addCleanup(self.control.close)

    def refusal(self, method, /, **parameters):
        with self.assertRaises(RpcError) as refused:
            self.control.call(method, **parameters)
        return refused.exception


class Hostile(Talk):
    """One test for each field that a client fills in."""

    def setUp(self):
        super().setUp()
        self.emulator = self.start_emulator()
        self.daemon = self.start_daemon(self.emulator.link)
        self.connect()
        self.bring_up = len(self.daemon.child.output())

    def tearDown(self):
        """Nothing was sent, no job was made, and the daemon is as it was."""
        self.assertNotIn("tty >", self.daemon.child.output()[self.bring_up:])
        self.assertEqual(self.control.call("job.list")["jobs"], [])
        self.assertEqual(self.daemon.state(), "ready")
        super().tearDown()

    def refused(self, field, method, but=(), **parameters):
        """parameters() makes the parameters of a call out of a string."""
        make = parameters.pop("make")
        for what, evil in EVIL.items():
            if what in but:
                continue
            with self.subTest(what):
                error = self.refusal(method, **make(evil))
                self.assertEqual((error.kind, error.code), ("invalid", -32602), error)
                self.assertRegex(error.message, rf"\b{field}")
                self.assertLess(len(error.message), 1000, "what was wrong is not repeated at length")
                self.assertNotRegex(error.message, "[\\x00-\\x1f\\x7f]")

    def https(self, **more):
        return {"url": "https://server.test/", **more}

    def test_url(self):
        for url in ("https://{}/", "https://server.test:{}/", "https://server.test/{}", "https://server.test/?q={}"):
            self.refused("url", "https.request", make=lambda evil, url=url: {"url": url.format(evil)})

    def test_method(self):
        self.refused("method", "https.request", make=lambda evil: self.https(method=evil))

    def test_header_name(self):
        self.refused("headers", "https.request", make=lambda evil: self.https(headers={evil: "1"}))
        self.refused("headers", "https.request", make=lambda evil: self.https(headers=[{"name": evil, "value": "1"}]))

    def test_header_value(self):
        """Quotes are at home there."""
        self.refused("headers", "https.request", but=["quote"], make=lambda evil: self.https(headers={"X-A": evil}))
        self.refused("headers", "https.request", but=["quote"], make=lambda evil: self.https(headers={"Host": evil}))

    def test_host(self):
        self.refused("host", "ftps.run", make=lambda evil: {**FTPS, "host": evil})

    def test_user(self):
        self.refused("user", "ftps.run", make=lambda evil: {**FTPS, "user": evil})

    def test_password(self):
        self.refused("password", "ftps.run", make=lambda evil: {**FTPS, "password": evil})

    def test_a_bad_password_is_not_repeated(self):
        error = self.refusal("ftps.run", **{**FTPS, "password": "sesame\r"})
        self.assertNotIn("sesame", str(error) + str(error.data) + self.daemon.child.output())

    def test_path(self):
        for op in ("cwd", "mkdir", "rmdir", "delete", "list", "get", "put_efs", "get_efs"):
            self.refused(r"steps\[0\]\.path", "ftps.run",
                         make=lambda evil, op=op: {**FTPS, "steps": [{"op": op, "path": evil}]})
        self.refused(r"steps\[1\]\.path", "ftps.run",
                     make=lambda evil: {**FTPS, "steps": [{"op": "list"}, {"op": "put", "path": evil, "body": "x"}]})

    def test_op_and_type(self):
        self.refused(r"steps\[0\]\.op", "ftps.run", make=lambda evil: {**FTPS, "steps": [{"op": evil}]})
        self.refused("type", "ftps.run", make=lambda evil: {**FTPS, "type": evil})

    def test_password_credential(self):
        """Neither does it lead to other files."""
        without = {name: value for name, value in FTPS.items() if name != "password"}
        self.refused("password_credential", "ftps.run", but=["quote"],
                     make=lambda evil: {**without, "password_credential": evil})
        for name in ("../../etc/passwd", "/etc/passwd", "..", ".", ""):
            error = self.refusal("ftps.run", **without, password_credential=name)
            self.assertEqual(error.kind, "invalid")
            self.assertIn("password_credential", error.message)

    def test_client_ref(self):
        self.refused("client_ref", "https.request", but=["quote"], make=lambda evil: self.https(client_ref=evil))

    def test_via(self):
        self.refused("via", "https.request", make=lambda evil: self.https(via=evil))

    def test_command(self):
        """An admin's too: one command, and what is no single line is none."""
        for what, evil in EVIL.items():
            if what == "quote":
                continue
            with self.subTest(what):
                error = self.refusal("modem.command", command=f"AT+CSQ{evil}")
                self.assertEqual(error.kind, "invalid")
                self.assertIn("command", error.message)

    def test_names_that_are_nobodys(self):
        for what, evil in EVIL.items():
            with self.subTest(what):
                self.assertEqual(self.refusal("session.close", session=evil).kind, "not_found")
                self.assertEqual(self.refusal("job.get", job_id=evil).kind, "not_found")
                self.assertEqual(self.refusal(evil).code, -32601)

    def test_the_name_of_a_parameter(self):
        for what, evil in EVIL.items():
            with self.subTest(what):
                error = self.refusal("https.request", **self.https(**{evil: 1}))
                self.assertEqual(error.code, -32602)
                self.assertNotRegex(error.message, "[\\x00-\\x1f\\x7f]")
                self.assertLess(len(error.message), 1000)
                self.assertLess(len(str(error.data)), 1000)

    def test_by_sim52xxctl(self):
        """What a shell can pass on; its user sees the field, and nothing that controls the terminal."""
        for arguments, field in ((["https", "get", "https://server.test/a\rb"], "url"),
                                 (["https", "get", "https://server.test/", "-H", "X-A: a\nb"], "header"),
                                 (["https", "request", "https://server.test/", "-X", 'G"T'], "method"),
                                 (["ftps", "ls", "ftps://me@server.test/a%0d%0aAT"], "path"),
                                 (["ftps", "ls", "ftps://m%22e@server.test/"], "user"),
                                 (["ftps", "ls", "ftps://me@ser%22ver.test/"], "host")):
            with self.subTest(field):
                done = ctl(self.daemon.socket("control"), *arguments, env={"SIM52XX_PASSWORD": "x"})
                self.assertIn(done.returncode, (1, 2), done.stderr)
                self.assertIn(field, done.stderr.lower())
                self.assertNotRegex(done.stderr, "[\\x00-\\x09\\x0b-\\x1f\\x7f]")


class Secrets(Talk):
    """Whatever is secret appears neither in logs (everything is logged) nor in status, jobs, events, metrics or the trace."""

    def assert_nowhere(self, secret):
        trace = self.control.call("trace.stop")["trace"]
        jobs = self.control.call("job.list")
        shown = json.dumps([jobs, [self.control.call("job.get", job_id=job["job_id"]) for job in jobs["jobs"]],
                            self.control.call("status"), self.control.call("metrics"), self.control.events])
        for what in (secret, base64.b64encode(secret.encode()).decode(), secret.encode().hex()):
            for where, text in (("shown", shown), ("trace", trace), ("log", self.daemon.child.output()),
                                ("argv", pathlib.Path(f"/proc/{self.daemon.child.pid}/cmdline").read_text())):
                self.assertNotIn(what, text, where)
        return trace

    def begin(self, **tables):
        self.daemon = self.start_daemon(self.emulator.link, **tables)
        self.connect()
        self.control.call("trace.start")
        self.control.call("events.subscribe")

    def ftps(self, kind, password):
        server = self.start_ftp_server(kind)
        self.emulator = self.start_emulator(maps={"server.test:21": server.where})
        self.emulator.control("set", echo=True)  # a modem that was told not to, and echoes all the same
        self.begin()
        return {"host": "server.test", "user": server.user, "password": password or server.password,
                "steps": [{"op": "pwd"}]}

    def test_password_that_is_right(self):
        order = self.ftps("proftpd", None)
        self.control.call("ftps.run", **order, client_ref="r")
        self.assertRegex(self.assert_nowhere(order["password"]), r"(?m)^> AT\+CFTP\w*LOGIN=.*\\\{\d+\}", "it was used")

    def test_password_that_is_wrong(self):
        order = self.ftps("proftpd", "correct-horse-battery")
        self.assertIn("log in", self.refusal("ftps.run", **order).message)
        self.assertRegex(self.assert_nowhere(order["password"]), r"(?m)^> AT\+CFTP\w*LOGIN=.*\\\{\d+\}", "it was used")

    def test_password_with_the_modem_rebooting(self):
        order = self.ftps("proftpd", "correct-horse-battery")
        job = self.control.call("ftps.run", **order, detach=True)["job_id"]
        self.emulator.control("reboot")
        self.control.call("job.cancel", job_id=job)
        self.control.call("job.wait", job_id=job)
        self.assert_nowhere(order["password"])

    def headers_and_body(self, via):
        self.nginx = self.start_nginx(size=1000)
        self.emulator = self.start_emulator(self.nginx)
        self.emulator.control("set", echo=True)
        self.begin()
        secret = "open-sesame-4711"
        self.control.call("https.request", url=f"https://server.test/post?key={secret}", method="POST", body=secret,
                          headers={"Authorization": f"Bearer {secret}", "Cookie": secret}, client_ref="r", via=via)
        # In the answer there is what the server says, and nothing else.
        self.assert_nowhere(secret)

    def test_headers_and_body_over_https(self):
        self.headers_and_body("https")

    def test_headers_and_body_over_ssl(self):
        self.headers_and_body("ssl")

    def test_password_of_the_access_point(self):
        """Of the configuration."""
        (self.folder / "apn").write_text("apn-sesame\n")
        self.emulator = self.start_emulator()
        self.emulator.control("set", echo=True)
        self.begin(modem={"apn_user": "me", "apn_password_file": str(self.folder / "apn")})
        self.control.call("config.reload")
        self.assert_nowhere("apn-sesame")


if __name__ == "__main__":
    unittest.main()
