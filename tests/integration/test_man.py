"""The man pages are true: every option, key and method is in them and nothing else, and their examples run."""

import os
import re
import unittest

from support.places import ROOT, program
from support.process import quiet_environment, run
from support.rig import Rig
from support.tlsserver import one_page

PAGES = ROOT / "packaging" / "man"


def page(name):
    return (PAGES / f"{name}.scd").read_text()


def options_of(text):
    """Those that a page has in bold, or a --help in its left column."""
    return set(re.findall(r"(?<![\w-])(--?[A-Za-z0-9](?:[a-z0-9-]*[a-z0-9])?)(?![\w-])", text))


def bold_options(text):
    return set().union(*(options_of(bold) for bold in re.findall(r"\*(-[^*]+)\*", text)))


def help_of(*argv):
    return run([program(argv[0]), *argv[1:], "--help"]).stdout


def left_column(text):
    """The options that --help defines, not those that its words mention."""
    section = text[text.index("\nOptions:"):]
    return set().union(*(options_of(re.split(r"\s{2,}|[ =\[:][A-Z{]", line.strip(), 1)[0].replace(",", " "))
                         for line in section.splitlines() if re.match(r" {2,6}-", line)))


def verbs_of(*path):
    text = run([program("sim52xxctl"), *path, "--help"]).stdout
    if "\nVerbs:" not in text:
        return []
    section = text[text.index("\nVerbs:"):text.index("\nOptions:")]
    return re.findall(r"^  ([a-z][a-z-]*)", section, re.M)


class Truth(Rig):
    def test_daemon_options(self):
        self.assertEqual(bold_options(page("sim52xxd.8")), left_column(help_of("sim52xxd")))

    def test_emulator_options(self):
        self.assertEqual(bold_options(page("sim52xx-sim.1")), left_column(help_of("sim52xx-sim")))

    def test_ctl_verbs_and_options(self):
        text, known = page("sim52xxctl.1"), left_column(help_of("sim52xxctl"))
        for verb in verbs_of():
            inner = verbs_of(verb)
            for path in [[verb, each] for each in inner] or [[verb]]:
                known |= left_column(help_of("sim52xxctl", *path))
                # "https get* | *head* | *post*": the family is named once.
                self.assertRegex(text, rf"\*{path[0]}( |\*)", path)
                self.assertRegex(text, rf"(\*|\b{path[0]} ){path[-1]}\b", path)
        self.assertEqual(bold_options(text) - {"-"}, known)

    def test_configuration_keys(self):
        text = page("sim52xxd.toml.5")
        (self.folder / "sim52xxd.toml").write_text('[endpoint.x]\nsession = 0\nhost = "a.test"\n')
        printed = run([program("sim52xxd"), "--print-config", "--config", self.folder / "sim52xxd.toml"]).stdout
        keys = set(re.findall(r"^#?(\w+) = ", printed, re.M))
        sections = text[text.index("# [modem]"):text.index("# ALERTS")]
        named = " ".join(re.findall(r"^\*.*$", sections, re.M))
        self.assertEqual(set(re.findall(r"\*(\w+)\*", named)), keys)
        for key, default in re.findall(r"^\*(\w+)\* = (.+)$", text, re.M):
            if key != "session":
                self.assertRegex(printed, rf"(?m)^{key} = {re.escape(default)}(\.0)?  #", key)
        for section in re.findall(r"^\[([a-z.]+)", printed, re.M):
            self.assertIn(section.split(".")[0], text)

    def test_alerts(self):
        (self.folder / "sim52xxd.toml").write_text('[https]\naccept_alerts = ["nonsense"]\n')
        said = run([program("sim52xxd"), "--check-config", "--config", self.folder / "sim52xxd.toml"]).stderr
        section = re.search(r"^# ALERTS\n(.*?)\n\nOnly", page("sim52xxd.toml.5"), re.M | re.S)[1]
        names = re.findall(r"[a-z]+(?:-[a-z]+)+", section)
        self.assertEqual(len(names), 29)
        for name in names:
            self.assertIn(name, said)

    def test_methods_and_parameters(self):
        daemon = self.start_daemon(self.folder / "none", ready=False)
        text = page("sim52xx-control.7")
        methods = {m["name"]: m for m in daemon.control("rpc.discover")["methods"]}
        section = text[text.index("# METHODS"):text.index("# JOBS")]
        named = re.findall(r"\*([a-z.]+)\*", " ".join(re.findall(r"^(\*[a-z.]+\*.*)$", section, re.M)))
        self.assertEqual(set(named), set(methods))
        for name, method in methods.items():
            for parameter in method["params"]:
                self.assertIn(f"*{parameter['name']}*", section, name)
        status = daemon.status()
        for member in status:
            self.assertIn(f"*{member}*", section)

    def test_emulator_faults(self):
        text = page("sim52xx-sim.1")
        said = run([program("sim52xx-sim"), "--list-faults"]).stdout
        names = re.findall(r"^(\w+) \((?:answer|command)\)", said, re.M)
        self.assertGreater(len(names), 25)
        section = text[text.index("# FAULTS"):text.index("# EXAMPLES")].replace("\\_", "_")
        self.assertEqual(re.findall(r"^\*(\w+)\* \(", section, re.M), names)

    def test_emulator_commands_and_knobs(self):
        text, said = page("sim52xx-sim.1"), help_of("sim52xx-sim")
        commands = said[said.index("On --control"):said.index("Knobs of")]
        knobs = said[said.index("Knobs of"):]
        self.assertEqual(re.findall(r"^\*(\w+)\*", text[text.index("# COMMANDS"):text.index("# KNOBS")], re.M),
                         re.findall(r"^  (\w+)", commands, re.M))
        self.assertEqual(re.findall(r"^\*(\w+)\* = (.*)$", text[text.index("# KNOBS"):text.index("# EXAMPLES")], re.M),
                         re.findall(r'^  (\w+)=("[^"]*"|\S+)', knobs, re.M))


class Pages(Rig):
    def test_are_pages(self):
        """Made by scdoc, without an error of mandoc's, and each names the others of its own that exist."""
        pages = sorted(PAGES.glob("*.scd"))
        self.assertEqual(len(pages), 5)
        for path in pages:
            made = run(["scdoc"], input=path.read_text())
            self.assertEqual((made.returncode, made.stderr), (0, ""), path.name)
            roff = self.folder / path.stem
            roff.write_text(made.stdout)
            lint = run(["mandoc", "-Tlint", "-W", "error", roff])
            self.assertEqual((lint.returncode, lint.stdout), (0, ""), path.name)
            for name, section in re.findall(r"\*(sim52xx[\w.-]*)\*\((\d)\)", path.read_text()):
                self.assertTrue((PAGES / f"{name}.{section}.scd").exists(), f"{path.name}: {name}({section})")
            for line in path.read_text().splitlines():
                self.assertLessEqual(len(line.expandtabs(4)), 130, f"{path.name}: {line}")


class Examples(Rig):
    """The blocks of EXAMPLES, one after the other as somebody types them; only addresses and folders are ours."""

    def blocks(self, name):
        text = page(name)
        section = text[text.index("# EXAMPLES"):]
        section = section[:section.index("\n# ", 5)]
        return [block.replace("\\\\", "\\") for block in re.findall(r"^```\n(.*?)^```", section, re.M | re.S)]

    def start(self):
        hosts = ("mqtt.example.com", "api.example.com", "files.example.com")
        pair = self.certificates.named(*hosts)
        web = self.start_server(one_page(b'{"interval": 60}\n'), pair)
        self.files = self.start_ftp_server("proftpd", pair)
        self.emulator = self.start_emulator(maps={
            "mqtt.example.com:8883": web.where, "api.example.com:443": web.where,
            "files.example.com:21": self.files.where})
        self.daemon = self.start_daemon(self.emulator.link, ssl0={"host": "mqtt.example.com", "port": 8883},
                                        ssl1={"host": "api.example.com"})

    def run_block(self, block, replaced=()):
        for ours, theirs in (("/run/sim52xx", str(self.folder / "run")), *replaced):
            block = block.replace(ours, theirs)
        folders = {os.path.dirname(program(name)) for name in ("sim52xxd", "sim52xxctl", "sim52xx-sim")}
        environment = {**quiet_environment(), "PATH": ":".join([*folders, os.environ["PATH"]]),
                       "PYTHONPATH": str(ROOT / "packaging" / "python"),
                       "SIM52XX_SOCKET": str(self.folder / "run" / "control.sock")}
        done = run(["bash", "-euo", "pipefail", "-c", block], seconds=120, cwd=self.folder, env=environment)
        self.assertEqual(done.returncode, 0, f"{block}\n{done.stdout}\n{done.stderr}")
        return done.stdout

    def test_ctl(self):
        self.start()
        (self.folder / "password").write_text("mypassword\n")
        said = [self.run_block(block, (("//me@", "//myname@"),)) for block in self.blocks("sim52xxctl.1")]
        self.assertEqual(len(said), 6)
        self.assertIn("all is well", said[0])
        self.assertEqual((self.folder / "config.json").read_text(), '{"interval": 60}\n')
        self.assertEqual((self.folder / "later.json").read_text(), '{"interval": 60}\n')
        self.assertIn("config.json", said[3])
        self.assertFalse((self.files.home / "config.json").exists())
        self.assertIn("+CSQ: 20,99", said[4])
        self.assertIn("AT+COPS?", (self.folder / "failure.trace").read_text())

    def test_daemon(self):
        self.start()
        said = [self.run_block(block) for block in self.blocks("sim52xxd.8")]
        self.assertIn("half_close_timeout = 60", said[0])
        self.assertEqual(said[1], '{"interval": 60}\n')

    def test_control(self):
        self.start()
        said = [self.run_block(block) for block in self.blocks("sim52xx-control.7")]
        self.assertIn('"profile":"sim52xx"', said[0].replace(" ", ""))
        self.assertEqual((said[1], (self.folder / "answer.json").read_text()),
                         ('ssl0 idle\nssl1 idle\n"ready"\n', '{"interval": 60}\n\n'))
        self.assertEqual(said[2:4], ["200 ready\n", "200\n"])
        self.assertEqual((self.folder / "page.html").read_text(), '{"interval": 60}\n')

    def test_configuration(self):
        for block in self.blocks("sim52xxd.toml.5"):
            (self.folder / "sim52xxd.toml").write_text(block)
            done = run([program("sim52xxd"), "--check-config", "--config", self.folder / "sim52xxd.toml"])
            self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_emulator(self):
        said = [self.run_block(block) for block in self.blocks("sim52xx-sim.1")]
        self.assertIn('"ok":true', said[0].replace(" ", ""))


if __name__ == "__main__":
    unittest.main()
