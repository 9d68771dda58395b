"""What status tells of the network: at once when the modem says so, asked anew when somebody looks, with its age."""

import unittest

from support.rig import Rig
from support.waiting import until


class Refresh(Rig):
    def set_up(self, **tables):
        self.emulator = self.start_emulator(self.start_nginx())
        self.daemon = self.start_daemon(self.emulator.link, **tables)

    def modem(self):
        return self.daemon.status()["modem"]

    def test_ages(self):
        self.set_up()
        first = self.modem()
        self.assertEqual((first["signal_dbm"], first["operator"], first["registration"]), (-73, "Emulated", 1))
        for name, age in first["ages"].items():
            self.assertLess(age, 30, name)
        second = self.modem()
        self.assertGreater(second["ages"]["signal_dbm"], first["ages"]["signal_dbm"])
        self.assertEqual(second["asked"], first["asked"], "what is fresh is not asked again")

    def test_what_the_modem_says_by_itself_is_known_at_once(self):
        self.set_up()
        self.emulator.control("urc", line="+CREG: 2")
        changed = until(lambda: self.modem() if self.modem()["registration"] == 2 else None, "the news", last=self.modem)
        self.assertLess(changed["ages"]["registration"], changed["ages"]["operator"])

    def test_asked_anew_when_somebody_looks(self):
        self.set_up()
        until(lambda: self.emulator.control("set", csq=10) and self.modem()["signal_dbm"] == -93, "the new signal", 60,
              last=self.modem)
        self.assertLess(self.modem()["ages"]["signal_dbm"], 20)


if __name__ == "__main__":
    unittest.main()
