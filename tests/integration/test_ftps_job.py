"""FTPS jobs: every way firmware has to answer, real servers, the modem's own files."""

import hashlib
import os
import threading
import time
import unittest

from support.client import INSTRUMENTED, pattern, resident
from support.control import RpcError
from support.notes import note
from support.waiting import until
from test_jobs import MEBI, Jobs, digest

PICTURE = b"a picture\r\nOK\r\n\r\n+CFTPSGET: 0\r\n" * 100
LARGE = (50 if os.environ.get("SIM52XX_LONG") else 1) * MEBI


class FtpsJobs(Jobs):
    def serve(self, kind="proftpd", pair=None, more=(), knobs=None, maps=None, more_of_server="", **tables):
        self.server = self.start_ftp_server(kind, pair, more=more_of_server)
        self.efs = self.folder / "efs"
        self.efs.mkdir()
        self.emulator = self.start_emulator(maps={"server.test:21": self.server.where, **(maps or {})},
                                            more=["--efs", self.efs, *more])
        if knobs:
            self.emulator.control("set", **knobs)
        self.daemon = self.start_daemon(self.emulator.link, **tables)
        self.control = self.connect()

    def fails(self, *steps, **more):
        with self.assertRaises(RpcError) as refused:
            self.ftps(*steps, **more)
        return refused.exception

    def assert_in_order(self, bring_ups=1, **more):
        """The modem was never lost, and the next job finds it as it should be."""
        answer = self.ftps({"op": "pwd"}, **more)
        self.assertEqual(answer["steps"], [{"op": "pwd", "path": "/"}])
        counters = self.daemon.status()["modem"]["counters"]
        self.assertEqual((counters["bring_ups"], counters["losses"]), (bring_ups, bring_ups - 1))

    def session_of_6_2(self):
        """The steps of the note's 6.2, in its order."""
        for path in ("testdelfile.txt", "mysubdir/testfile.jpg"):
            self.server.put(path, PICTURE)
        answer = self.ftps(
            {"op": "mkdir", "path": "testdir"}, {"op": "rmdir", "path": "testdir"},
            {"op": "delete", "path": "testdelfile.txt"}, {"op": "cwd", "path": "/mysubdir"}, {"op": "pwd"},
            {"op": "list"}, {"op": "get_efs", "path": "testfile.jpg", "dir": 1},
            {"op": "put_efs", "path": "testfile.jpg", "dir": 1}, {"op": "get", "path": "testfile.jpg"},
            {"op": "put", "path": "t1.txt", "body": "test content", "verify": True})
        steps = answer["steps"]
        self.assertEqual([s["op"] for s in steps], ["mkdir", "rmdir", "delete", "cwd", "pwd", "list", "get_efs",
                                                    "put_efs", "get", "put"])
        self.assertEqual(steps[4]["path"], "/mysubdir")
        entry = next(e for e in steps[5]["entries"] if e["name"] == "testfile.jpg")
        self.assertEqual((entry["type"], entry["size"]), ("file", len(PICTURE)))
        self.assertRegex(entry["modified"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d$")
        self.assertEqual((self.efs / "Picture/testfile.jpg").read_bytes(), PICTURE)
        self.assertEqual((self.server.home / "mysubdir/testfile.jpg").read_bytes(), PICTURE)
        self.assertEqual((steps[8]["bytes"], steps[8]["body"].encode()), (len(PICTURE), PICTURE))
        self.assertEqual((steps[9]["bytes"], steps[9]["verified_size"]), (12, 12))
        self.assertEqual((self.server.home / "mysubdir/t1.txt").read_bytes(), b"test content")
        self.assertFalse((self.server.home / "testdelfile.txt").exists())


class Manners(FtpsJobs):
    """The session of the note's 6.2, with all that firmware makes of it."""

    def play(self, kind="proftpd", twice=True, **knobs):
        self.serve(kind, knobs=knobs)
        begin = time.monotonic()
        self.session_of_6_2()
        first = time.monotonic() - begin
        if twice:  # now it is known how this modem answers
            self.session_of_6_2()
        self.assertLess(first, 30, "nothing was waited for that does not come")
        self.assert_in_order()

    def test_the_notes_answers(self):
        self.play("vsftpd")

    def test_the_notes_names(self):
        self.play(spelling="note", file_args="note", ftps_data="mixed")

    def test_either_name(self):
        self.play(spelling="both", file_args="both", ftps_data="comma", ftps_block=1020, ftps_block_2=1058)

    def test_results_before_the_ok(self):
        self.play("vsftpd", ftps_style="new", ok_order="after", ftps_data="space", start_ms=700, stop_ms=300)

    def test_results_behind_the_ok(self):
        self.play(ftps_style="new", ok_order="before", ftps_data="tight", start_ms=700, open_ms=700, close_ms=700)

    def test_results_behind_every_ok(self):
        self.play("vsftpd", ftps_style="late", ftps_ok="late", start_ms=100, open_ms=1500, close_ms=700, stop_ms=700)

    def test_a_slow_start_behind_its_ok(self):
        """Longer than one waits for a result that may not exist: the login comes too early."""
        self.play(twice=False, ftps_style="late", start_ms=3000)

    def test_blocks_of_one_byte(self):
        self.play(twice=False, ftps_block=1)


class Files(FtpsJobs):
    def test_through_pipes_by_checksum(self):
        """Up and down, in constant memory, on a server of each kind."""
        for kind in ("proftpd", "vsftpd"):
            with self.subTest(kind):
                self.there_and_back(kind)

    def there_and_back(self, kind):
        self.folder = self.folder / kind
        self.folder.mkdir()
        self.serve(kind)
        content = pattern(LARGE, 5)
        self.ftps({"op": "pwd"})
        before, begun = resident(self.daemon.child.pid), time.monotonic()
        up, down = os.pipe(), os.pipe()
        request = self.control.start("ftps.run", [up[0], down[1]], host="server.test", user=self.server.user,
                                     password=self.server.password, steps=[
                                         {"op": "put", "path": "a.bin", "body_fd": 0, "verify": True},
                                         {"op": "get", "path": "a.bin", "response_fd": 1}])
        os.close(up[0])
        os.close(down[1])

        def feed():
            with open(up[1], "wb", buffering=0) as pipe:
                for i in range(0, len(content), 65536):
                    pipe.write(content[i:i + 65536])

        feeder = threading.Thread(target=feed)
        feeder.start()
        received, most = hashlib.sha256(), 0
        with open(down[0], "rb", buffering=0) as pipe:
            while piece := pipe.read(65536):
                received.update(piece)
                most = max(most, resident(self.daemon.child.pid))
        feeder.join()
        steps = self.control.answer_to(request)["steps"]
        self.assertEqual([s["bytes"] for s in steps], [LARGE, LARGE])
        self.assertEqual(steps[0]["verified_size"], LARGE)
        self.assertEqual(received.hexdigest(), digest(content))
        self.assertEqual(digest((self.server.home / "a.bin").read_bytes()), digest(content))
        after = resident(self.daemon.child.pid)
        note(f"{kind}: {LARGE >> 20} MiB up and down in {time.monotonic() - begun:.1f} s; the daemon has {before >> 10} KiB"
             f" before, {most >> 10} KiB at most, {after >> 10} KiB after")
        if not INSTRUMENTED:
            self.assertLess(most - before, 4 * MEBI)

    def test_a_slow_reader_slows_the_server_down(self):
        self.serve()
        content = pattern(MEBI, 3)
        self.server.put("a.bin", content)
        reading, writing = os.pipe()
        request = self.control.start("ftps.run", [writing], host="server.test", user=self.server.user,
                                     password=self.server.password,
                                     steps=[{"op": "get", "path": "a.bin", "response_fd": 0}])
        os.close(writing)
        job = until(lambda: self.connect().call("job.list")["jobs"], "the job to be there")[0]["job_id"]

        def moved():
            return self.connect().call("job.get", job_id=job)["progress"]["down"]

        stuck = until(lambda: (d := moved()) and d == moved() and d, "nothing to move any more")
        self.assertLess(stuck, MEBI // 2)
        with open(reading, "rb") as pipe:
            self.assertEqual(digest(pipe.read()), digest(content))
        self.assertEqual(self.control.answer_to(request)["steps"][0]["bytes"], MEBI)

    def test_empty_files(self):
        self.serve()
        self.server.put("empty", b"")
        self.assertEqual(self.ftps({"op": "get", "path": "empty"})["steps"][0]["bytes"], 0)
        error = self.fails({"op": "put", "path": "a", "body": ""})
        self.assertEqual(error.kind, "unsupported")
        reading, writing = os.pipe()
        os.close(writing)
        error = self.fails({"op": "put", "path": "a", "body_fd": 0}, fds=[reading])
        os.close(reading)
        self.assertEqual(error.kind, "unsupported")
        self.assertFalse((self.server.home / "a").exists())
        self.assert_in_order()

    def test_names_with_blanks_and_folders(self):
        self.serve()
        self.ftps({"op": "mkdir", "path": "my dir"},
                  {"op": "put", "path": "my dir/a b.txt", "body": "x", "verify": True})
        entries = self.ftps({"op": "list", "path": "/my dir"})["steps"][0]["entries"]
        self.assertEqual([(e["name"], e["size"]) for e in entries if e["type"] == "file"], [("a b.txt", 1)])

    def test_names_that_are_not_ascii(self):
        self.serve("vsftpd")
        path = "Pr\u00fcfung \u6e2c.txt"
        steps = self.ftps({"op": "put", "path": path, "body": "x", "verify": True}, {"op": "list"})["steps"]
        self.assertEqual(steps[1]["entries"][0]["name"], path)
        self.assertEqual((self.server.home / path).read_bytes(), b"x")

    def test_text_is_sent_as_text(self):
        """Lines end with CR LF on their way, and with LF at servers that have those."""
        for kind, more in (("proftpd", ""), ("vsftpd", "ascii_upload_enable=YES\nascii_download_enable=YES\n")):
            with self.subTest(kind):
                self.folder = self.folder / kind
                self.folder.mkdir()
                self.serve(kind, more_of_server=more)
                text = "one\r\ntwo\r\n" * 300  # in several blocks, and one ends between CR and LF
                put = self.ftps({"op": "put", "path": "a.txt", "body": text}, type="A")
                self.assertEqual(put["steps"][0]["bytes"], len(text))
                self.assertEqual((self.server.home / "a.txt").read_bytes(), text.replace("\r", "").encode())
                self.assertEqual(self.ftps({"op": "get", "path": "a.txt"}, type="A")["steps"][0]["body"], text)
                self.assertEqual(self.ftps({"op": "get", "path": "a.txt"})["steps"][0]["body"], text.replace("\r", ""))

    def test_the_modems_own_files(self):
        self.serve(knobs={"file_args": "note"})
        content = pattern(200000, 9)
        (self.efs / "Audio/sound.bin").write_bytes(content)
        error = self.fails({"op": "put_efs", "path": "none.bin", "dir": 7})
        self.assertEqual(error.kind, "modem_error")
        steps = self.ftps({"op": "put_efs", "path": "sound.bin", "dir": 7},
                          {"op": "get_efs", "path": "/sound.bin", "dir": 2})["steps"]
        self.assertEqual(steps, [{"op": "put_efs", "path": "sound.bin", "dir": 7},
                                 {"op": "get_efs", "path": "/sound.bin", "dir": 2}])
        self.assertEqual((self.efs / "Video/sound.bin").read_bytes(), content)
        self.assertEqual((self.server.home / "sound.bin").read_bytes(), content)


if __name__ == "__main__":
    unittest.main()
