"""packaging/demo works with the programs under test, cleans up, and leaves everything running when asked to."""

import os
import pathlib
import re
import unittest

from support.places import BUILD, ROOT
from support.process import quiet_environment, run
from support.rig import Rig
from support.waiting import until


class Demo(Rig):
    def demo(self, *arguments):
        environment = {**quiet_environment(), "SIM52XX_BUILD": str(BUILD), "TMPDIR": str(self.folder)}
        done = run([ROOT / "packaging" / "demo", *arguments], seconds=90, env=environment)
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}")
        self.assertEqual(done.stderr, "")
        self.assertEqual(done.stdout.count("<h1>Hello</h1>"), 2)
        self.assertIn('"state": "ready"', done.stdout)
        self.assertIn('AT+CSSLOPEN=1,"server.test",443', done.stdout)
        return done.stdout

    def left_over(self):
        return [p.name for p in self.folder.iterdir() if p.name.startswith("sim52xx-demo")]

    def test_demo(self):
        self.demo()
        self.assertEqual(self.left_over(), [])

    def test_kept_running_until_told_to_stop(self):
        said = self.demo("--keep")
        fetch = re.search(r"^ *(curl --unix-socket .*)$", said[said.index("still running"):], re.M)[1]
        stop = re.search(r"^ *(kill .*; rm -rf .*)$", said, re.M)[1]
        try:
            self.assertIn("<h1>Hello</h1>", run(["bash", "-c", fetch], env=quiet_environment()).stdout)
        finally:
            self.assertEqual(run(["bash", "-c", stop]).returncode, 0)
        pids = [int(word) for word in re.findall(r"\d+", stop.split(";")[0])]
        until(lambda: not any(self.alive(pid) for pid in pids), "everything to stop", 15)
        self.assertEqual(self.left_over(), [])

    @staticmethod
    def alive(pid):
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return False
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"


if __name__ == "__main__":
    unittest.main()
