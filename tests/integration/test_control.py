"""The control socket: JSON-RPC 2.0, one object per line."""

import json
import os
import stat
import unittest

from support.control import Control
from support.daemon import Daemon, configuration
from support.rig import Rig


class ControlSocket(Rig):
    """No modem is needed to talk to the daemon."""

    def setUp(self):
        super().setUp()
        self.daemon = self.started(Daemon(self.folder, configuration(self.folder / "no-modem")))
        self.control = Control(self.daemon.socket("control"))
        self.addCleanup(self.control.close)

    def assert_error(self, raw, code, request_id=None):
        self.control.send(raw)
        answer = self.control.answer()
        self.assertEqual((answer["error"]["code"], answer["id"]), (code, request_id), answer)
        self.assertIn("daemon", self.control.call("version"), "the connection goes on")

    def test_version(self):
        answer = self.control.call("version")
        self.assertRegex(answer["daemon"], r"^\d+\.\d+\.\d+")
        self.assertEqual(set(answer["api"]), {"major", "minor"})
        self.assertEqual(answer["profile"], "sim52xx")
        self.assertIn("capabilities", answer)

    def test_status(self):
        answer = self.control.call("status")
        self.assertLessEqual({"state", "uptime", "modem", "arbiter", "sessions", "endpoints", "jobs"}, set(answer))
        self.assertEqual([s["name"] for s in answer["sessions"]], ["ssl0", "ssl1"])
        keys = {"name", "session", "state", "mode", "target", "client", "up", "down", "since", "waiting_for",
                "last_error"}
        for session in answer["sessions"]:
            self.assertLessEqual(keys, set(session))

    def test_unknown_method(self):
        self.assert_error(b'{"jsonrpc":"2.0","id":7,"method":"stauts"}\n', -32601, 7)

    def test_unknown_parameter(self):
        self.assert_error(b'{"jsonrpc":"2.0","id":"a","method":"status","params":{"verbose":true}}\n', -32602, "a")

    def test_garbage(self):
        self.assert_error(b"AT+CSQ\n", -32700)

    def test_not_utf_8(self):
        self.assert_error(b'{"jsonrpc":"2.0","id":1,"method":"\xff"}\n', -32700)

    def test_not_a_request(self):
        self.assert_error(b'{"id":1}\n', -32600, 1)
        self.assert_error(b"42\n", -32600)

    def test_no_answer_to_a_notification(self):
        self.control.send(b'{"jsonrpc":"2.0","method":"version"}\n')
        self.control.call("version")  # the next answer is to this request

    def test_many_requests_in_one_write(self):
        self.control.send(b"".join(b'{"jsonrpc":"2.0","id":%d,"method":"version"}\n' % n for n in range(100)))
        self.assertEqual([self.control.answer()["id"] for _ in range(100)], list(range(100)))

    def test_request_byte_by_byte(self):
        for byte in b'{"jsonrpc":"2.0","id":1,"method":"version"}\n':
            self.control.send(bytes([byte]))
        self.assertIn("result", self.control.answer())

    def test_line_over_the_limit(self):
        try:
            self.control.send(b'{"jsonrpc":"2.0","id":1,"method":"' + b"x" * (1 << 20) + b'"}\n')
            answer = self.control.answer()
        except (BrokenPipeError, ConnectionResetError):
            answer = None
        if answer is not None:
            self.assertIn("error", answer)
        self.assertIn("daemon", self.daemon.control("version"), "others are not bothered")

    def test_many_clients_at_once(self):
        clients = [Control(self.daemon.socket("control")) for _ in range(50)]
        for client in clients:
            self.addCleanup(client.close)
        for client in clients:
            self.assertIn("daemon", client.call("version"))

    def test_sockets_are_for_owner_and_group(self):
        for name in ("control", "ssl0", "ssl1"):
            mode = stat.S_IMODE(os.stat(self.daemon.socket(name)).st_mode)
            self.assertEqual(oct(mode), oct(0o660), name)


class Secrets(Rig):
    def test_password_is_not_in_status_nor_log(self):
        secret = self.folder / "password"
        secret.write_text("correct-horse-battery\n")
        emulator = self.start_emulator()
        daemon = self.start_daemon(emulator.link, modem={"apn_user": "me", "apn_password_file": str(secret)})
        self.assertNotIn("correct-horse", json.dumps(daemon.status()) + daemon.child.output())
        self.assertIn("AT+CSOCKAUTH", daemon.child.output(), "but it was used")


if __name__ == "__main__":
    unittest.main()
