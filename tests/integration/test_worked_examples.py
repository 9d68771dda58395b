"""The worked examples of CONTRIBUTING.md hold: each patch of tests/worked applies, compiles, and does what it says."""

import os
import re
import sys
import unittest

from support.client import INSTRUMENTED
from support.emulator import Emulator
from support.places import BUILD, ROOT, program
from support.rig import Rig
from support.serial_line import SerialLine
from support.worked import PATCHES, Worked


class Examples(Rig):
    if not INSTRUMENTED:  # compilers do not differ in what they take; once is enough
        def test_an_at_command(self):
            """Row, reader, three dialogues, and the emulator's answer."""
            worked = Worked(self.folder, "an_at_command.patch")
            row = "protocol/profile/sim52xx.cpp"
            unit = worked.link("tests/unit/protocol_test", row, "protocol/network_fact.cpp",
                               "tests/unit/protocol/network_fact_test.cpp")
            scripted = worked.link("tests/scripted/scripted_test", row,
                                   new=[("tests/scripted/battery_test.cpp", "tests/scripted/channel_test.cpp")])
            emulator = worked.link("tests/emulator/sim52xx-sim", "tests/emulator/core/phone.cpp")
            worked.assert_all_compiled(self)
            self.assertIn("[  PASSED  ] 1 test", worked.run([unit, "--gtest_filter=*.Battery"], ROOT))
            self.assertIn("[  PASSED  ] 3 tests", worked.run([scripted, "--gtest_filter=*.BatteryIs*"], ROOT))
            modem = self.started(Emulator(self.folder, binary=emulator))
            line = SerialLine(modem.link)
            self.addCleanup(line.close)
            line.send(b"AT+CBC\r")
            line.expect_to_contain(b"+CBC: 0,80\r\n\r\nOK\r\n")

        def test_a_control_method(self):
            """Row, handler, schema, manual, and its own test, which is run as the patch has it."""
            worked = Worked(self.folder, "a_control_method.patch")
            worked.link("daemon/sim52xxd", "daemon/control/upkeep_methods.cpp")
            worked.assert_all_compiled(self)
            for name in ("sim52xxctl", "sim52xx-sim"):
                os.symlink(program(name), worked.tree / "build" / "daemon" / name)
            said = worked.run([sys.executable, "tests/integration/run.py", "--jobs", "1", "metrics_get",
                               "Schema.test_has_every_method", "test_man.Truth.test_methods"], worked.tree,
                              SIM52XX_BUILD=str(worked.tree / "build"))
            self.assertIn("3 passed, 0 failed", said)

    def test_are_those_of_the_text(self):
        """CONTRIBUTING.md names each patch, and each file that a patch touches."""
        text = (ROOT / "CONTRIBUTING.md").read_text()
        for patch in PATCHES.iterdir():
            self.assertIn(f"tests/worked/{patch.name}", text)
            for name in re.findall(r"^\+\+\+ b/(\S+)$", patch.read_text(), re.M):
                self.assertIn(name, text, patch.name)
        self.assertTrue((BUILD / "compile_commands.json").exists())


if __name__ == "__main__":
    unittest.main()
