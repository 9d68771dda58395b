"""The daemon meets a modem in the state that somebody else has left it in."""

import socket
import unittest

from support.rig import Rig
from support.serial_line import SerialLine


class LeftBehind(Rig):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.emulator = self.start_emulator(self.nginx)
        self.line = SerialLine(self.emulator.link)

    def assert_serves(self):
        """The daemon, started now, gets the modem ready and pages through both sessions."""
        self.line.close()
        daemon = self.start_daemon(self.emulator.link)
        for endpoint in ("ssl0", "ssl1"):
            done = self.curl(daemon.socket(endpoint), "/small.txt")
            self.assert_served(done)
            self.assertEqual(done.stdout, "Hello through the modem.\n")

    def test_clean(self):
        self.assert_serves()

    def test_in_data_mode(self):
        for command in ("ATE0", "AT+CSSLMODE=1", "AT+CSSLSTART"):
            self.line.command(command)
        self.line.command('AT+CSSLOPEN=0,"server.test",443', final=b"\r\nCONNECT 115200\r\n")
        self.assert_serves()

    def test_in_data_mode_with_half_a_request_sent(self):
        for command in ("AT+CSSLMODE=1", "AT+CSSLSTART"):
            self.line.command(command)
        self.line.command('AT+CSSLOPEN=0,"server.test",443', final=b"\r\nCONNECT 115200\r\n")
        self.line.send(b"GET / HTTP/1.1\r\nHo")
        self.assert_serves()

    def test_half_a_command_line(self):
        self.line.send(b"AT+CSSLOP")
        self.assert_serves()

    def test_waiting_for_the_bytes_of_a_prompt(self):
        self.line.command("AT+CSSLSTART")
        self.line.command('AT+CSSLOPEN=1,"server.test",443')
        self.line.command("AT+CSSLSEND=1,20", final=b">")
        self.assert_serves()

    def test_echo_on_and_words_for_results(self):
        self.line.command("ATE1")
        self.line.command("AT+CMEE=2")
        self.assert_serves()

    def test_stack_left_started(self):
        self.line.command("AT+CSSLSTART")
        self.assert_serves()

    def test_both_sessions_left_open(self):
        self.line.command("AT+CSSLSTART")
        for session in (0, 1):
            self.line.command(f'AT+CSSLOPEN={session},"server.test",443')
        self.assert_serves()


class KilledDaemon(Rig):
    def test_killed_in_a_transparent_session_and_started_again(self):
        nginx = self.start_nginx()
        emulator = self.start_emulator(nginx)
        first = self.start_daemon(emulator.link, ssl0={"transparent": "always"})
        line = self.open_session(first)
        first.child.kill()
        line.close()
        second = self.start_daemon(emulator.link, ssl0={"transparent": "always"})
        self.assert_served(self.curl(second.socket("ssl0"), "/small.txt"))

    def open_session(self, daemon):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(daemon.socket("ssl0")))
        daemon.until_session("ssl0", lambda s: s["state"] == "open" and s["mode"] == "transparent", "open")
        return client


if __name__ == "__main__":
    unittest.main()
