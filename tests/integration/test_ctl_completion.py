"""Completion of sim52xxctl in bash: the file that is installed, asked as bash asks it."""

import itertools
import os
import re
import shlex
import unittest

from support.ctl import ctl, environment
from support.fake_daemon import FakeDaemon
from support.places import ROOT, program
from support.process import run
from support.rig import Rig

SCRIPT = ROOT / "packaging" / "bash-completion" / "sim52xxctl"


class Completion(Rig):
    def setUp(self):
        super().setUp()
        self.daemon = self.started(FakeDaemon(self.folder))
        self.daemon.on("job.list", {"jobs": [{"job_id": "7"}, {"job_id": "12"}]})
        self.daemon.on("status", {"sessions": [{"name": "ssl0", "state": "open"}, {"name": "ssl1", "state": "idle"}]})

    def complete(self, line, socket=None):
        """What is offered for the last word of the line; an empty one behind a blank."""
        words = line.split(" ")
        script = f"""
            source {shlex.quote(str(SCRIPT))}
            COMP_WORDS=({" ".join(map(shlex.quote, words))}) COMP_CWORD={len(words) - 1}
            COMP_WORDS[0]={shlex.quote(program("sim52xxctl"))}
            _sim52xxctl
            printf '%s\\n' "${{COMPREPLY[@]}}"
        """
        done = run(["bash", "--norc", "-c", script], env=environment(socket or self.daemon.path), cwd=self.folder)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return done.stdout.split()

    def test_verbs(self):
        self.assertEqual(set(self.complete("sim52xxctl ")),
                         {"status", "monitor", "https", "ftps", "job", "session", "at", "reset", "reload", "metrics",
                          "trace", "call", "doctor", "version"})
        self.assertEqual(self.complete("sim52xxctl st"), ["status"])
        self.assertEqual(set(self.complete("sim52xxctl --json https ")),
                         {"get", "post", "put", "head", "delete", "request"})
        self.assertEqual(self.complete("sim52xxctl ftps rm"), ["rm", "rmdir"][::1])
        self.assertEqual(self.complete("sim52xxctl https get "), [])

    def test_options_are_those_of_the_help(self):
        for verb in ("status", "monitor", "https get", "https post", "ftps put", "ftps ls", "job list", "job wait", "at",
                     "trace save", "doctor"):
            offered = set(self.complete(f"sim52xxctl {verb} -"))
            self.assertLessEqual({"--help", "-h", "--json", "--socket"}, offered, verb)
            lines = ctl(self.daemon.path, *verb.split(), "--help").stdout.splitlines()
            columns = [line.strip().split("  ")[0] for line in lines if re.match(" +-", line)]
            known = [re.findall(r"(?<!\S)-[-\w]+", column) for column in columns]
            self.assertEqual(offered, set(itertools.chain(*known)), verb)
        self.assertLessEqual({"-o", "--output", "-H", "-L", "--via", "--max-bytes", "--detach"},
                             set(self.complete("sim52xxctl https get -")))
        self.assertEqual(self.complete("sim52xxctl https get --vi"), ["--via"])

    def test_values(self):
        self.assertEqual(self.complete("sim52xxctl https get --via "), ["auto", "https", "ssl"])
        self.assertEqual(self.complete("sim52xxctl job list --state f"), ["failed"])
        self.assertEqual(self.complete("sim52xxctl https get -m "), [], "a number")

    def test_files(self):
        (self.folder / "data.txt").touch()
        for line in ("https get https -o da", "ftps put da", "ftps run da", "https post -d @ da", "trace save da",
                     "doctor --config da"):
            self.assertEqual(self.complete(f"sim52xxctl {line}"), ["data.txt"], line)
        self.assertEqual(self.complete("sim52xxctl ftps put data.txt "), [], "then comes a URL")

    def test_jobs_and_sessions_of_the_daemon(self):
        self.assertEqual(self.complete("sim52xxctl job show "), ["7", "12"])
        self.assertEqual(self.complete("sim52xxctl job cancel 1"), ["12"])
        self.assertEqual(self.complete("sim52xxctl job wait 7 "), [])
        self.assertEqual(self.complete("sim52xxctl session close "), ["ssl0", "ssl1"])

    def test_methods_of_the_daemon(self):
        self.daemon.on("rpc.discover", {"methods": [
            {"name": "job.get", "params": [{"name": "job_id"}]}, {"name": "version", "params": []}]})
        self.assertEqual(self.complete("sim52xxctl call "), ["job.get", "version"])

    def test_the_socket_on_the_command_line(self):
        self.assertEqual(self.complete("sim52xxctl job show ", socket="/nowhere"), [])
        self.assertEqual(self.complete(f"sim52xxctl --socket {self.daemon.path} job show ", socket="/nowhere"),
                         ["7", "12"])

    def test_without_a_daemon_nothing_is_said(self):
        self.assertEqual(self.complete("sim52xxctl job show ", socket=self.folder / "none"), [])

    def test_bash_knows_it(self):
        done = run(["bash", "--norc", "-c", f"source {SCRIPT}; complete -p sim52xxctl"], env=dict(os.environ))
        self.assertEqual(done.stdout.strip(), "complete -F _sim52xxctl sim52xxctl")


if __name__ == "__main__":
    unittest.main()
