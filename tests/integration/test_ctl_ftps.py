"""sim52xxctl ftps: URLs, passwords, files, and steps, against a daemon that answers what the test wants."""

import json
import threading
import unittest

from support.ctl import Terminal, ctl
from support.fake_daemon import FakeDaemon, Refused, wait
from support.rig import Rig

URL = "ftps://me@files.test"
CONTENT = bytes(range(256)) * 4
ENTRIES = [
    {"name": "reports", "type": "directory", "size": None, "modified": "2026-09-01T18:01", "raw": "drwx 0 reports"},
    {"name": "photo.jpg", "type": "file", "size": 2017, "modified": "2026-09-01T17:24", "raw": "-rw- 2017 photo.jpg"},
    {"name": "", "type": "unknown", "size": None, "modified": "", "raw": "what is this"},
]


class Ftps(Rig):
    def setUp(self):
        super().setUp()
        self.daemon = self.started(FakeDaemon(self.folder))
        self.sent = []
        self.daemon.on("ftps.run", self.steps)

    def steps(self, call):
        """Does what it is asked, as a server that always agrees."""
        done = []
        for step in call.params["steps"]:
            result = {"op": step["op"], **({"path": step["path"]} if "path" in step else {})}
            if step["op"] == "put":
                self.sent.append(call.read_body(step["body_fd"]))
                result.update(bytes=len(self.sent[-1]), **({"verified_size": len(self.sent[-1])} if step.get("verify") else {}))
            elif step["op"] == "get":
                if step["path"] == "missing":
                    raise Refused("not_found", "step 2 of 2: there is no such file", partial={"steps": done})
                if "response_fd" in step:
                    call.write_body(step["response_fd"], CONTENT)
                result["bytes"] = len(CONTENT)
            elif step["op"] == "list":
                result["entries"] = ENTRIES
            elif step["op"] == "pwd":
                result["path"] = "/home/me"
            done.append(result)
        return {"job_id": "3", "steps": done}

    def run_ctl(self, *arguments, code=0, env=None, **options):
        done = ctl(self.daemon.path, "ftps", *arguments, cwd=self.folder, env=env or {"SIM52XX_PASSWORD": "s3cret"},
                   **options)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def asked(self):
        return self.daemon.asked("ftps.run")[-1]


class Verbs(Ftps):
    def test_ls(self):
        lines = self.run_ctl("ls", f"{URL}/dir").stdout.splitlines()
        self.assertEqual(lines, ["   SIZE  MODIFIED          NAME",
                                 "      -  2026-09-01 18:01  reports/",
                                 "2.0 KiB  2026-09-01 17:24  photo.jpg",
                                 "      -  -                 what is this"])
        self.assertEqual(self.asked(), {"host": "files.test", "user": "me", "password": "s3cret",
                                        "steps": [{"op": "list", "path": "dir"}]})
        self.assertEqual(self.run_ctl("ls", "-1", f"{URL}/").stdout, "reports\nphoto.jpg\n\n")
        self.assertEqual(self.asked()["steps"], [{"op": "list"}])
        self.assertEqual(self.run_ctl("ls", "--raw", URL).stdout.splitlines()[0], "drwx 0 reports")
        self.assertEqual(json.loads(self.run_ctl("ls", "--json", URL).stdout)["steps"][0]["entries"], ENTRIES)

    def test_put(self):
        (self.folder / "a.txt").write_bytes(CONTENT)
        self.assertEqual(self.run_ctl("put", "a.txt", f"{URL}:2121/b.txt", "--verify").stdout, "")
        self.assertEqual(self.asked()["port"], 2121)
        self.assertEqual(self.asked()["steps"], [{"op": "put", "path": "b.txt", "verify": True, "body_fd": 0}])
        self.run_ctl("put", self.folder / "a.txt", f"{URL}/dir/", "--ascii")
        self.assertEqual((self.asked()["steps"][0]["path"], self.asked()["type"]), ("dir/a.txt", "A"))
        self.run_ctl("put", "a.txt", URL)
        self.assertEqual(self.asked()["steps"][0]["path"], "a.txt")
        self.run_ctl("put", "-", f"{URL}/c.txt", input=CONTENT, text=False)
        self.assertEqual(self.sent, [CONTENT] * 4)
        self.run_ctl("put", "-", f"{URL}/", code=2)
        self.run_ctl("put", "nothing", f"{URL}/", code=2)
        self.run_ctl("put", self.folder, f"{URL}/", code=2)

    def test_get(self):
        self.assertEqual(self.run_ctl("get", f"{URL}/a.bin", text=False).stdout, CONTENT)
        self.run_ctl("get", f"{URL}//abs/a.bin", "-o", "b.bin")
        self.assertEqual((self.folder / "b.bin").read_bytes(), CONTENT)
        self.assertEqual(self.asked()["steps"], [{"op": "get", "path": "/abs/a.bin", "response_fd": 0}])
        self.run_ctl("get", f"{URL}/dir/c.bin", "-O")
        self.assertEqual((self.folder / "c.bin").read_bytes(), CONTENT)
        self.run_ctl("get", f"{URL}/missing", "-O", code=1)
        self.assertFalse(list(self.folder.glob("missing*")))
        self.run_ctl("get", f"{URL}/", code=2)

    def test_the_others(self):
        for verb, op in (("rm", "delete"), ("mkdir", "mkdir"), ("rmdir", "rmdir")):
            self.assertEqual(self.run_ctl(verb, f"{URL}/a%20b").stdout, "")
            self.assertEqual(self.asked()["steps"], [{"op": op, "path": "a b"}])
            self.run_ctl(verb, f"{URL}/", code=2)
        self.assertEqual(self.run_ctl("pwd", f"{URL}/").stdout, "/home/me\n")
        self.assertEqual(self.asked()["steps"], [{"op": "pwd"}])
        self.run_ctl("pwd", f"{URL}/dir")
        self.assertEqual(self.asked()["steps"], [{"op": "cwd", "path": "dir"}, {"op": "pwd"}])

    def test_the_file_system_of_the_modem(self):
        self.run_ctl("put-efs", f"{URL}/photo.jpg")
        self.assertEqual(self.asked()["steps"], [{"op": "put_efs", "path": "photo.jpg", "dir": 1}])
        self.run_ctl("get-efs", f"{URL}/photo.jpg", "--dir", "0")
        self.assertEqual(self.asked()["steps"], [{"op": "get_efs", "path": "photo.jpg", "dir": 0}])
        self.run_ctl("get-efs", f"{URL}/photo.jpg", "--dir", "9", code=2)

    def test_detached(self):
        self.daemon.on("ftps.run", {"job_id": "9"})
        self.assertEqual(self.run_ctl("mkdir", f"{URL}/x", "--detach", "--ref", "nightly", "-m", "600").stdout, "9\n")
        self.assertEqual({k: self.asked()[k] for k in ("detach", "client_ref", "timeout")},
                         {"detach": True, "client_ref": "nightly", "timeout": 600})
        self.run_ctl("get", f"{URL}/x", "--detach", code=2)


class Passwords(Ftps):
    def test_from_a_file(self):
        (self.folder / "password").write_text("p w \r\nsecond line\n")
        self.run_ctl("mkdir", f"{URL}/x", "--password-file", "password")
        self.assertEqual(self.asked()["password"], "p w ")
        self.run_ctl("mkdir", f"{URL}/x", "--password-file", "-", input="piped\n")
        self.assertEqual(self.asked()["password"], "piped")

    def test_of_the_daemon(self):
        self.run_ctl("mkdir", f"{URL}/x", "--password-credential", "ftps-password")
        self.assertEqual(self.asked()["password_credential"], "ftps-password")
        self.assertNotIn("password", self.asked())
        self.run_ctl("mkdir", f"{URL}/x", "--password-credential", "a", "--password-file", "b", code=2)

    def test_typed_on_the_terminal_and_not_shown(self):
        terminal = self.started(Terminal(self.daemon.path, "ftps", "mkdir", f"{URL}/x"))
        terminal.until_shows("Password of me at files.test: ")
        terminal.type("typed\n")
        self.assertEqual(terminal.wait(), 0)
        self.assertEqual(self.asked()["password"], "typed")
        self.assertNotIn("typed", terminal.shown)

    def test_ctrl_c_instead_of_a_password(self):
        terminal = self.started(Terminal(self.daemon.path, "ftps", "mkdir", f"{URL}/x"))
        terminal.until_shows("Password")
        terminal.type("ty\x03\n")
        self.assertEqual(terminal.wait(), 130)
        self.assertEqual(self.daemon.requests, [])

    def test_none_and_nobody_to_ask(self):
        done = self.run_ctl("mkdir", f"{URL}/x", code=2, env={"TERM": "dumb"}, start_new_session=True)
        self.assertIn("--password-file", done.stderr)

    def test_no_user(self):
        self.assertIn("--user", self.run_ctl("ls", "ftps://files.test/", code=2).stderr)
        self.run_ctl("ls", "ftps://files.test/", "-u", "you")
        self.assertEqual(self.asked()["user"], "you")


class Run(Ftps):
    def write(self, **members):
        text = json.dumps({"host": "files.test", "user": "me", **members})
        (self.folder / "steps.json").write_text("// what to do every night\n" + text)
        return self.folder / "steps.json"

    def test_steps_with_files(self):
        (self.folder / "a.txt").write_bytes(b"first")
        (self.folder / "b.txt").write_bytes(b"second")
        steps = self.write(port=2121, steps=[
            {"op": "cwd", "path": "/reports"}, {"op": "put", "path": "a.txt", "file": str(self.folder / "a.txt")},
            {"op": "get", "path": "c.txt", "file": str(self.folder / "c.txt")},
            {"op": "put", "path": "b.txt", "file": str(self.folder / "b.txt"), "verify": True}, {"op": "list"}])
        done = self.run_ctl("run", steps)
        self.assertEqual(self.sent, [b"first", b"second"])
        self.assertEqual((self.folder / "c.txt").read_bytes(), CONTENT)
        self.assertEqual([step.get("body_fd", step.get("response_fd")) for step in self.asked()["steps"]],
                         [None, 0, 1, 2, None])
        self.assertEqual(self.asked()["port"], 2121)
        self.assertEqual(done.stdout.splitlines(), ["STEP  ON        RESULT",
                                                    "cwd   /reports  done",
                                                    "put   a.txt     5 B",
                                                    "get   c.txt     1.0 KiB",
                                                    "put   b.txt     6 B, verified",
                                                    "list  -         3 entries"])

    def test_what_was_done_before_a_failure_stays_and_is_told(self):
        steps = self.write(steps=[{"op": "get", "path": "a", "file": str(self.folder / "a")},
                                  {"op": "get", "path": "missing", "file": str(self.folder / "b")}])
        done = self.run_ctl("run", steps, code=1)
        self.assertIn("get   a   1.0 KiB", done.stdout)
        self.assertIn("step 2 of 2", done.stderr)
        self.assertEqual((self.folder / "a").read_bytes(), CONTENT)
        self.assertFalse(list(self.folder.glob("b*")))

    def test_its_password(self):
        self.run_ctl("run", self.write(password="own", steps=[{"op": "pwd"}]))
        self.assertEqual(self.asked()["password"], "own")
        self.run_ctl("run", self.write(password_credential="cred", steps=[{"op": "pwd"}]))
        self.assertEqual(self.asked().get("password"), None)

    def test_mistakes(self):
        for text in ("", "[]", "{", '{"steps": 7}', '{"host": "x", "user": "y", "steps": [{"op": "pwd", "file": "z"}]}'):
            (self.folder / "wrong.json").write_text(text)
            self.run_ctl("run", "wrong.json", code=2)
        self.assertEqual(self.daemon.requests, [])

    def test_a_long_transfer_shows_its_step(self):
        begun, go_on = threading.Event(), threading.Event()

        def handler(call):
            call.event("job.progress", job_id="3", state="sending", owner={"uid": 0, "pid": call.connection.pid},
                       progress={"stage": "step 2 of 3: put", "up": 512, "down": 0, "total": 1024})
            begun.set()
            go_on.wait(60)
            return {"job_id": "3", "steps": [{"op": "pwd", "path": "/"}]}
        self.daemon.on("events.subscribe", {"boot_id": "x", "seq": 0})
        self.daemon.on("ftps.run", handler)
        terminal = self.started(Terminal(self.daemon.path, "ftps", "run",
                                         self.write(password="x", steps=[{"op": "pwd"}])))
        wait(begun, "the job to begin")
        terminal.until_shows("sending (step 2 of 3: put)  50%")
        go_on.set()
        self.assertEqual(terminal.wait(), 0)


if __name__ == "__main__":
    unittest.main()
