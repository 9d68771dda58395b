"""sim52xxctl in words and exit codes: what went wrong, where, and what to do next."""

import json
import os
import pwd
import socket
import unittest

from support.ctl import Terminal, ctl
from support.fake_daemon import FakeDaemon, Refused, now
from support.places import let_others_reach
from support.rig import Rig

# Every kind of the control protocol, and the exit code that scripts test for.
EXITS = {
    "busy": 5, "denied": 4, "invalid": 2, "modem_absent": 1, "not_registered": 1, "connect_failed": 1, "tls_alert": 6,
    "timeout": 7, "peer_closed": 1, "cancelled": 1, "interrupted": 1, "not_found": 1, "limit": 1, "unsupported": 1,
    "modem_error": 1, "protocol_error": 1, "of_the_future": 1,
}


class Errors(Rig):
    def setUp(self):
        super().setUp()
        self.daemon = self.started(FakeDaemon(self.folder))

    def refuse(self, kind, message, **data):
        def handler(_):
            raise Refused(kind, message, **data)
        self.daemon.on("status", handler)

    def test_every_kind_has_its_exit_code(self):
        for kind, code in EXITS.items():
            with self.subTest(kind):
                self.refuse(kind, "it did not work")
                done = ctl(self.daemon.path, "status")
                self.assertEqual((done.returncode, done.stdout), (code, ""))
                self.assertEqual(done.stderr.splitlines()[0], f"sim52xxctl: it did not work [{kind}]")

    def test_json_gives_the_error_object_as_it_came(self):
        self.refuse("tls_alert", "not trusted", alert={"level": "suspend", "err": 512, "bits": ["bad-issuer"]})
        done = ctl(self.daemon.path, "status", "--json")
        self.assertEqual((done.returncode, done.stdout), (6, ""))
        error = json.loads(done.stderr)
        self.assertEqual(error["message"], "not trusted")
        self.assertEqual(error["data"]["alert"]["bits"], ["bad-issuer"])

    def test_an_alert_names_the_bits_and_what_to_do(self):
        self.refuse("tls_alert", 'no trust; to accept this, write accept_alerts = ["bad-issuer"] into [ssl0]',
                    stage="handshake", at="AT+CSSLOPEN", response="+CSSLALERT: 0,2,512",
                    alert={"level": "suspend", "err": 512, "bits": ["bad-issuer"]})
        said = ctl(self.daemon.path, "status").stderr
        self.assertIn("accept_alerts", said)
        self.assertIn("at      handshake, AT+CSSLOPEN", said)
        self.assertIn("modem   +CSSLALERT: 0,2,512", said)
        self.assertIn("alert   bad-issuer (suspend, err 512)", said)
        self.assertIn("next    then: systemctl reload sim52xxd", said)

    def test_busy_says_who_has_it_and_since_when(self):
        self.refuse("busy", "ssl0 has the modem", retryable=True,
                    waiting_for={"stack": "ftps", "holder": "ssl0", "since": now(ago=40)})
        said = ctl(self.daemon.path, "status").stderr
        self.assertRegex(said, r"waited  for the ftps stack, held by ssl0, for 4\d s")
        self.assertIn("trying again may help", said)

    def test_denied_says_which_group(self):
        self.refuse("denied", "modem.reset is for members of the group sim52xx-admin")
        said = ctl(self.daemon.path, "status").stderr
        me = pwd.getpwuid(os.geteuid()).pw_name
        self.assertIn(f"sudo usermod -aG sim52xx-admin {me}", said)

    def test_words_of_peers_do_not_reach_the_terminal_as_commands(self):
        self.refuse("modem_error", "the modem said \x1b[2J\x07")
        said = ctl(self.daemon.path, "status").stderr
        self.assertIn(r"\x1b[2J\x07", said)
        self.assertNotIn("\x1b", said)

    def test_an_older_daemon_that_lacks_a_method(self):
        done = ctl(self.daemon.path, "metrics")
        self.assertEqual(done.returncode, 1)
        self.assertIn("sim52xxctl version", done.stderr)

    def test_something_else_on_the_socket(self):
        self.daemon.on("status", lambda call: call.connection.send(b"220 welcome\n"))
        done = ctl(self.daemon.path, "status")
        self.assertEqual(done.returncode, 1)
        self.assertIn("does not speak the control protocol", done.stderr)

    def test_a_daemon_that_goes_away_before_it_answers(self):
        self.daemon.on("status", lambda _: self.daemon.die())
        done = ctl(self.daemon.path, "status")
        self.assertEqual(done.returncode, 3)
        self.assertIn("systemctl status sim52xxd", done.stderr)

    def test_colours_only_on_a_terminal_that_wants_them(self):
        self.refuse("timeout", "late")
        self.assertNotIn("\x1b", ctl(self.daemon.path, "status").stderr)
        for more, coloured in (({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)):
            terminal = self.started(Terminal(self.daemon.path, "status", env=more))
            self.assertEqual(terminal.wait(), 7)
            self.assertEqual("\x1b[31mlate" in terminal.shown, coloured, terminal.shown)


class NoDaemon(Rig):
    def test_no_socket(self):
        path = self.folder / "control.sock"
        done = ctl(path, "status")
        self.assertEqual((done.returncode, done.stdout), (3, ""))
        self.assertIn(f"no daemon on {path}: there is no such socket", done.stderr)
        self.assertIn("systemctl status sim52xxd", done.stderr)
        self.assertIn("--socket PATH", done.stderr)

    def test_nobody_listens_any_more(self):
        path = self.folder / "control.sock"
        with socket.socket(socket.AF_UNIX) as left:
            left.bind(str(path))
        done = ctl(path, "status")
        self.assertEqual(done.returncode, 3)
        self.assertIn("nobody listens there", done.stderr)

    def test_in_json_too(self):
        done = ctl(self.folder / "control.sock", "status", "-j")
        self.assertEqual(done.returncode, 3)
        self.assertEqual(json.loads(done.stderr)["data"]["kind"], "daemon_absent")

    def test_version_tells_its_own_nevertheless(self):
        done = ctl(self.folder / "control.sock", "version")
        self.assertEqual(done.returncode, 3)
        self.assertRegex(done.stdout, r"^sim52xxctl +\d+\.\d+\.\d+\n$")

    @unittest.skipUnless(os.geteuid() == 0, "needs another user")
    def test_a_socket_that_one_may_not_open(self):
        daemon = self.started(FakeDaemon(self.folder))
        let_others_reach(self.folder)
        os.chmod(daemon.path, 0o660)
        done = ctl(daemon.path, "status", user="nobody", group="nogroup", extra_groups=[])
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn(f"you (nobody) may not open {daemon.path}", done.stderr)
        self.assertIn("sudo usermod -aG sim52xx nobody", done.stderr)


class Usage(Rig):
    def assert_misuse(self, *arguments, words, **options):
        done = ctl(self.folder / "control.sock", *arguments, **options)
        self.assertEqual((done.returncode, done.stdout), (2, ""), done.stderr)
        self.assertIn(words, done.stderr)

    def test_mistakes(self):
        self.assert_misuse(words="verb")
        self.assert_misuse("stauts", words="there is no verb stauts; did you mean status?")
        self.assert_misuse("https", "fetch", words="there is no verb fetch")
        self.assert_misuse("status", "--wach", words="--wach")
        self.assert_misuse("https", "get", words="URL")
        self.assert_misuse("https", "get", "https://x/", "--via", "carrier-pigeon", words="carrier-pigeon")
        self.assert_misuse("https", "get", "https://x/", "-m", "soon", words="soon")
        self.assert_misuse("https", "get", "https://x/", "--max-bytes", "1X", words="1X")
        self.assert_misuse("https", "post", "https://x/", "-d", "@/no/such/file", words="/no/such/file")
        self.assert_misuse("https", "get", "https://x/", "-H", "nonsense", words="-H 'Name: value'")
        self.assert_misuse("call", "status", "[1]", words="JSON object")
        self.assert_misuse("status", "--socket", "x" * 200, words="107 bytes")

    def test_no_secrets_as_arguments(self):
        self.assert_misuse("ftps", "ls", "ftps://me:secret@x/", words="--password-file")
        self.assert_misuse("https", "get", "https://me:secret@x/", words="-H @FILE")
        self.assert_misuse("call", "ftps.run", '{"password":"secret"}', words="@FILE")

    def test_every_verb_has_help_with_an_example(self):
        verbs = ["status", "monitor", "at", "reset", "reload", "metrics", "trace", "call", "version"]
        verbs += [f"https {verb}" for verb in ("get", "post", "put", "head", "delete", "request")]
        verbs += [f"ftps {verb}" for verb in
                  ("ls", "get", "put", "rm", "mkdir", "rmdir", "pwd", "put-efs", "get-efs", "run")]
        verbs += [f"job {verb}" for verb in ("list", "show", "wait", "cancel", "read")]
        verbs += [f"session {verb}" for verb in ("list", "close")]
        for verb in verbs:
            with self.subTest(verb):
                done = ctl(self.folder, *verb.split(), "--help")
                self.assertEqual((done.returncode, done.stderr), (0, ""))
                self.assertRegex(done.stdout, "Example")
                self.assertLessEqual(max(map(len, done.stdout.splitlines())), 80)


if __name__ == "__main__":
    unittest.main()
