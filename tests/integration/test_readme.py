"""The five-minute tour of README.md works, word by word, and so does what it has in Python."""

import os
import re
import signal
import subprocess
import sys
import unittest

from support.places import ROOT, free_port, loopback, program
from support.waiting import PATIENCE
from support.process import quiet_environment, run
from support.rig import Rig
from support.tlsserver import one_page

# After a block that starts something, what a human's fingers would wait for.
READY = {
    "openssl s_server": 'until (exec 3<>/dev/tcp/127.0.0.1/4433) 2>/dev/null; do sleep 0.05; done',
    "sim52xx-sim": "until [ -e modem ]; do sleep 0.05; done",
    "sim52xxd --foreground": "until [ -S ssl0.sock ]; do sleep 0.05; done",
}


def tour():
    """The tour's commands, block by block, without the first: it builds."""
    text = (ROOT / "README.md").read_text()
    section = text[text.index("## Five minutes without hardware"):]
    section = section[:section.index("\n## ", 5)]
    return re.findall(r"^```sh\n(.*?)^```", section, re.M | re.S)[1:]


class Tour(Rig):
    def test_word_by_word(self):
        blocks = []
        for number, block in enumerate(tour()):
            blocks.append(f"echo '== block {number}'\n{block}")
            if block.rstrip().endswith("&"):
                blocks += [line for word, line in READY.items() if word in block]
        port = free_port(loopback())
        script = "\n".join(blocks)
        for mark in (":", "/"):
            script = script.replace(f"127.0.0.1{mark}4433", f"{loopback()}{mark}{port}")
        folders = [os.path.dirname(program(name)) for name in ("sim52xxd", "sim52xxctl", "sim52xx-sim")]
        environment = {**quiet_environment(), "PATH": ":".join([*folders, os.environ["PATH"]])}
        (self.folder / "tour").write_text(script)
        shell = subprocess.Popen(["bash", "tour"], cwd=self.folder, env=environment, text=True, start_new_session=True,
                                 stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        try:
            said, _ = shell.communicate(timeout=90 * PATIENCE)
        finally:
            self.end_group(shell)
        parts = said.split("== block ")
        asked, answered, served, job = (parts[n + 1] for n in (3, 4, 6, 7))
        self.assertIn("curl: (56)", asked, said)
        self.assertIn('accept_alerts = ["bad-issuer", "view-certificate"]', answered, said)
        self.assertIn("s_server", served, said)
        self.assertIn("s_server", job, said)

    @staticmethod
    def end_group(shell):
        try:
            os.killpg(shell.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        shell.wait()


class Snippets(Rig):
    def test_python(self):
        web = self.start_server(one_page(b"a page\n"), self.certificates.named("api.example.com"))
        self.start_daemon(self.start_emulator(maps={"api.example.com:443": web.where}).link,
                          ssl1={"host": "api.example.com"})
        runtime = str(self.folder / "run")
        environment = {**quiet_environment(), "PYTHONPATH": str(ROOT / "packaging" / "python"),
                       "SIM52XX_SOCKET": f"{runtime}/control.sock"}
        said = []
        for block in re.findall(r"^```python\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S):
            done = run([sys.executable, "-c", block.replace("/run/sim52xx", runtime)], seconds=60, cwd=self.folder,
                       env=environment)
            self.assertEqual(done.returncode, 0, done.stderr)
            said.append(done.stdout)
        self.assertEqual(said, ["a page\n\n", "200\n"])
        self.assertEqual((self.folder / "page.html").read_text(), "a page\n")


if __name__ == "__main__":
    unittest.main()
