"""A sample of the fault matrix (tests/matrix) with the real programs: the emulator makes one fault at one step of a
page's way through a data socket, the client gets the page or a clear failure, and the next client is served."""

import json
import os
import unittest

from support.rig import CURL_RESET, Rig
from support.waiting import until

PAGE = "Hello through the modem.\n"
# Timers of the note, made short; a fault that comes "late" comes after them.
SHORT = {"connect": 4, "transfer": 4, "close": 2, "stop": 2}
CUT = "echo '{\"cmd\":\"reboot\"}' | socat -t 5 - UNIX-CONNECT:%s"

# Socket, fault, the command or the answer that it strikes, and what else it is told.
SAMPLE = [
    ("ssl1", "garble", "+CSSLRECV", {"at": 6}),
    ("ssl1", "drop", "+CSSLRECV", {"at": 60}),
    ("ssl1", "cut", "+CSSLRECV", {"at": 60}),
    ("ssl1", "long_data", "", {"seconds": 12}),
    ("ssl1", "no_prompt", "CSSLSEND", {}),
    ("ssl1", "late_final", "CSSLSEND", {"seconds": 6}),
    ("ssl1", "reboot", "CSSLOPEN", {}),
    ("ssl0", "error", "CSSLOPEN", {}),
    ("ssl0", "no_final", "CSSLOPEN", {}),
    ("ssl0", "vanish", "CSSLOPEN", {"seconds": 1}),
    ("ssl0", "wedge", "CSSLSTART", {}),
    ("ssl0", "peer_close", "CSSLOPEN", {}),
]


class Sample(Rig):
    def setUp(self):
        super().setUp()
        self.nginx = self.start_nginx()
        self.emulator = self.start_emulator(self.nginx)
        self.emulator.control("set", boot_ms=300)
        self.daemon = self.start_daemon(self.emulator.link, timeouts=SHORT,
                                        modem={"reset_command": CUT % self.emulator.control_path})

    def play(self, endpoint, name, match, more):
        self.emulator.control("fault", name=name, match=match, **more)
        done = self.curl(self.daemon.socket(endpoint), "/small.txt", seconds=60)
        if done.returncode == 0:
            self.assertEqual(done.stdout, PAGE)
        else:
            # curl sees the end without an answer (52) where the failure was told by status alone.
            self.assertIn(done.returncode, (*CURL_RESET, 18, 52))
        faults = self.emulator.control("faults")
        self.assertEqual((faults["armed"], faults["struck"]), (0, 1))

    def assert_serves(self):
        """Soon, though the first client may find out that the modem is not well."""
        def served():
            done = self.curl(self.daemon.socket("ssl0"), "/small.txt", seconds=60)
            return done.returncode == 0 and done.stdout == PAGE
        until(served, "a client to be served", 120)


def test_of(case):
    def test(self):
        self.play(*case)
        self.daemon.until_ready(120)
        self.assert_serves()
    return test


for number, each in enumerate(SAMPLE):
    if each[1] == "wedge" and "SIM52XX_LONG" not in os.environ:
        continue  # a minute: recovery is patient before it cuts the power
    setattr(Sample, f"test_{each[0]}_{each[1]}_{number}", test_of(each))


class Names(Rig):
    def test_unknown_fault(self):
        emulator = self.start_emulator()
        with self.assertRaisesRegex(AssertionError, "no such fault: rust"):
            emulator.control("fault", name="rust")

    def test_by_script(self):
        script = self.folder / "script"
        script.write_text(json.dumps({"at": 0, "cmd": "fault", "name": "error", "match": "CSSLOPEN"}) + "\n")
        emulator = self.start_emulator(more=["--script", script])
        until(lambda: emulator.control("faults")["armed"] == 1, "the script to arm the fault")


if __name__ == "__main__":
    unittest.main()
