"""The Yocto recipe against what it describes: the sources, their CMake options, and what they install."""

import fnmatch
import hashlib
import os
import re
import unittest

from support.places import BUILD, ROOT
from support.process import run
from support.rig import Rig

LAYER = ROOT / "packaging" / "yocto"
RECIPE = next(LAYER.glob("recipes-*/*/*.bb"))

# As openembedded-core has them in meta/conf/bitbake.conf, for an image with systemd and a merged /usr.
PLACES = {
    "bindir": "/usr/bin", "sbindir": "/usr/sbin", "libexecdir": "/usr/libexec", "datadir": "/usr/share",
    "sysconfdir": "/etc", "nonarch_libdir": "/usr/lib", "nonarch_base_libdir": "/usr/lib", "libdir": "/usr/lib",
    "systemd_system_unitdir": "/usr/lib/systemd/system", "PN": "sim52xxd", "docdir": "/usr/share/doc",
    "mandir": "/usr/share/man",
}
# What FILES:${PN}, -doc and -bash-completion have without being told.
USUAL = ["${bindir}/*", "${sbindir}/*", "${libexecdir}/*", "${sysconfdir}", "${datadir}/${PN}", "${docdir}", "${mandir}",
         "${datadir}/bash-completion"]
# Which recipe has what CMake looks for; those without one come with the compiler, or are for the tests.
RECIPES = {"Boost": "boost", "CLI11": "cli11", "nlohmann_json": "nlohmann-json", "spdlog": "spdlog", "CURL": "curl",
           "OpenSSL": "openssl", "libsystemd": "systemd", "Threads": None, "GTest": None, "PkgConfig": None}


def variables():
    """NAME -> value; of those that are added to, all of it."""
    found = {}
    text = re.sub(r"\\\n\s*", " ", RECIPE.read_text())
    for name, _, value in re.findall(r'^([\w:${}\[\]-]+) (\?\?=|\?=|\+=|=\+|=) "(.*)"$', text, re.M):
        found[name] = f"{found.get(name, '')} {value}".strip()
    return found


def expand(text):
    for name, value in PLACES.items():
        text = text.replace(f"${{{name}}}", value)
    return text


def cmake_files():
    for path in ROOT.rglob("CMakeLists.txt"):
        if "build" not in path.relative_to(ROOT).parts:
            yield path.relative_to(ROOT), path.read_text()


class Recipe(Rig):
    def setUp(self):
        super().setUp()
        self.recipe = variables()

    def test_version_and_license(self):
        version = re.search(r"project\(sim52xxd VERSION ([\d.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
        self.assertEqual(RECIPE.name, f"sim52xxd_{version}.bb")
        digest = hashlib.md5((ROOT / "LICENSE").read_bytes()).hexdigest()
        self.assertEqual(self.recipe["LIC_FILES_CHKSUM"], f"file://LICENSE;md5={digest}")

    def test_options_exist(self):
        text = "".join(text for _, text in cmake_files())
        known = set(re.findall(r"(?:option|set)\((SIM52XX_\w+) [^)]*", text))
        used = set(re.findall(r"-D(\w+)=", RECIPE.read_text()))
        self.assertLessEqual({"SIM52XX_TESTS", "SIM52XX_EMULATOR", "SIM52XX_MAN"}, used)
        # The folders of units and rules are asked for where systemd/ has a CMakeLists.txt.
        self.assertEqual({o for o in used - known if o not in ("SIM52XX_UNIT_DIR", "SIM52XX_UDEV_DIR")}, set())
        if (ROOT / "systemd" / "CMakeLists.txt").exists():
            self.assertLessEqual({"SIM52XX_UNIT_DIR", "SIM52XX_UDEV_DIR"}, known)

    def test_everything_that_is_looked_for_is_depended_on(self):
        emulator = self.recipe["PACKAGECONFIG[emulator]"].split(",")[2].split()
        depends = self.recipe["DEPENDS"].split()
        self.assertIn("tomlplusplus", depends, "only its header is looked for, by the compiler")
        for path, text in cmake_files():
            wanted = re.findall(r"find_package\((\w+)", text) + re.findall(r"pkg_check_modules\(.*?(libsystemd)", text)
            for name in wanted:
                recipe = RECIPES[name]
                allowed = depends + (emulator if path.parts[:2] == ("tests", "emulator") else [])
                if recipe:
                    self.assertIn(recipe, allowed, path)

    def test_users_and_groups(self):
        sysusers = ROOT / "systemd" / "sim52xx.sysusers"
        groups = set(re.findall(r"--system (\S+?)(?:;|$)", self.recipe["GROUPADD_PARAM:${PN}"]))
        self.assertEqual(groups, {"sim52xx", "sim52xx-admin"})
        self.assertTrue(self.recipe["USERADD_PARAM:${PN}"].endswith(" sim52xx"))
        if sysusers.exists():
            self.assertEqual(set(re.findall(r"^[ug] (\S+)", sysusers.read_text(), re.M)), groups)

    def test_everything_that_is_installed_is_shipped(self):
        root = self.folder / "root"
        done = run(["cmake", "--install", BUILD, "--prefix", "/usr"], env={**os.environ, "DESTDIR": str(root)},
                   seconds=120)
        self.assertEqual(done.returncode, 0, done.stderr)
        files = self.recipe["FILES:${PN}"] + " " + self.recipe["FILES:sim52xx-sim"]
        patterns = [expand(pattern) for pattern in files.split() + USUAL]
        installed = [f"/{path.relative_to(root)}" for path in root.rglob("*") if not path.is_dir()]
        # This build was configured for /usr/local, and /etc is absolute; cmake.bbclass says /usr and /etc.
        installed = [path.replace("/usr/local/etc/", "/etc/") for path in installed]
        # DESTDIR is clean: nothing was put beside it, and our programs are all there.
        self.assertLessEqual({"/usr/sbin/sim52xxd", "/usr/bin/sim52xxctl"}, set(installed))
        for path in installed:
            self.assertTrue(any(fnmatch.fnmatch(path, pattern) or path.startswith(pattern + "/")
                                for pattern in patterns), f"{path} would be installed and not shipped")

    def test_the_service_is_one_of_ours(self):
        units = [path.name for path in (ROOT / "systemd").iterdir()]
        service = self.recipe["SYSTEMD_SERVICE:${PN}"]
        self.assertTrue(service in units or f"{service}.in" in units)


if __name__ == "__main__":
    unittest.main()
