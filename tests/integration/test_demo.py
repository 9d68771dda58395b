"""packaging/demo works with the programs under test, cleans up, and leaves everything running when asked to."""

import os
import pathlib
import re
import unittest

from support.places import BUILD, ROOT, let_others_reach
from support.process import quiet_environment, run
from support.rig import Rig
from support.waiting import until


class Demo(Rig):
    def demo(self, *arguments):
        let_others_reach(self.folder)  # the folder of its FTPS server is in there
        environment = {**quiet_environment(), "SIM52XX_BUILD": str(BUILD), "TMPDIR": str(self.folder)}
        done = run([ROOT / "packaging" / "demo", *arguments], seconds=90, env=environment)
        self.assertEqual(done.returncode, 0, f"{done.stdout}{done.stderr}")
        self.assertEqual(done.stderr, "")
        pages = re.findall(r"(?m)^ +\$ (curl|sim52xxctl https) .*\n +<h1>Hello</h1>$", done.stdout)
        self.assertEqual(pages, ["curl", "curl", "sim52xxctl https"])
        self.assertRegex(done.stdout, r"(?m)^ +\$ sim52xxctl ftps put \S+today\.csv ftps://demo@server\.test/")
        self.assertRegex(done.stdout, r"(?m)^ +39 B +\S+ \S+ +today\.csv$")
        self.assertRegex(done.stdout, r"(?m)^ +\$ sim52xxctl status\n +State +ready, up \d")
        self.assertRegex(done.stdout, r"(?m)^ +Jobs that are over: 3 done")
        self.assertIn('> AT+CFTPSPUT="today.csv",39\n   < >\n   > 39 bytes of payload\n', done.stdout)
        self.assertNotIn("\x1b", done.stdout, "it is no terminal")
        self.assertNotRegex(done.stdout, r'AT\+CFTPSLOGIN=.*"demo"$')
        return done.stdout

    def left_over(self):
        return [p.name for p in self.folder.iterdir() if p.name.startswith("sim52xx-demo")]

    def test_demo(self):
        self.demo()
        self.assertEqual(self.left_over(), [])

    def test_kept_running_until_told_to_stop(self):
        said = self.demo("--keep")
        fetch = re.search(r"^ *(curl --unix-socket .*)$", said[said.index("still running"):], re.M)[1]
        setting = re.search(r"^ *(export SIM52XX_SOCKET=.*)$", said, re.M)[1]
        listing = re.search(r"^ *(sim52xxctl ftps ls \S+)", said[said.index("still running"):], re.M)[1]
        stop = re.search(r"^ *(kill .*; rm -rf .*)$", said, re.M)[1]
        try:
            self.assertIn("<h1>Hello</h1>", run(["bash", "-c", fetch], env=quiet_environment()).stdout)
            listed = run(["bash", "-c", f"{setting}; {listing}"], env={**quiet_environment(), "SIM52XX_PASSWORD": "demo"})
            self.assertIn("today.csv", listed.stdout, listed.stderr)
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
