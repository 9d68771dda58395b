"""A clean Debian 12 in a folder, made once by mmdebstrap and kept under build/; what the packages need is in it."""

import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
KEPT = ROOT / "build" / "system"
DEBS = ROOT / os.environ.get("SIM52XX_DEBS", "build/deb")

RELEASE = "bookworm"
# Beside the packages' own dependencies: an init, and what tests run inside.
ALWAYS = ["systemd", "systemd-sysv", "dbus", "udev", "curl", "openssl", "python3", "umockdev"]


PACKAGES = ("sim52xxd", "sim52xx-sim", "python3-sim52xx")


def deb(name):
    """The package that packaging/build-deb has built."""
    found = sorted(DEBS.glob(f"{name}_*.deb"))
    if len(found) != 1:
        raise FileNotFoundError(f"{name}_*.deb in {DEBS}: found {len(found)}; run packaging/build-deb")
    return found[0]


def dependencies(package):
    """Names in Depends and Recommends, without versions; of alternatives the first."""
    said = subprocess.run(["dpkg-deb", "--field", package, "Depends", "Recommends"], check=True, capture_output=True,
                          text=True).stdout
    names = re.sub(r"^\w+:", "", said, flags=re.M).replace("\n", ",").split(",")
    return {re.split(r"[ (|:]", name.strip())[0] for name in names if name.strip()}


def sources():
    """Where this machine itself gets Debian from, as lines of sources.list(5)."""
    said = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)",
                           "Created-By: Packages", "Origin: Debian"], check=True, capture_output=True, text=True).stdout
    lines = sorted({f"deb {line}" for line in said.splitlines() if f" {RELEASE}" in line})
    if not lines:
        raise RuntimeError(f"apt knows no source of Debian's {RELEASE}; apt-get update?")
    return lines


def apt_options():
    """This machine's ways to the network: proxies and the like."""
    said = subprocess.run(["apt-config", "dump"], check=True, capture_output=True, text=True).stdout
    return [line for line in said.splitlines() if re.match(r'Acquire::https?::.*"..*";$', line)]


def make(target, packages):
    argv = ["mmdebstrap", "--quiet", "--variant=minbase", "--keyring=/usr/share/keyrings",
            f"--include={','.join(packages)}", "--dpkgopt=path-exclude=/usr/share/locale/*"]
    argv += [f"--aptopt={line}" for line in apt_options()]
    done = subprocess.run([*argv, RELEASE, str(target), *sources()], capture_output=True, text=True,
                          stdin=subprocess.DEVNULL, timeout=900)
    if done.returncode != 0:
        raise RuntimeError(f"mmdebstrap ended with {done.returncode}:\n{done.stderr[-3000:]}")


def base():
    """The folder; made when the packages need something else than last time."""
    packages = sorted(set(ALWAYS).union(*(dependencies(deb(name)) for name in PACKAGES)) - set(PACKAGES))
    key = hashlib.sha256("\n".join([RELEASE, *packages]).encode()).hexdigest()[:12]
    folder = KEPT / f"base-{key}"
    if folder.is_dir():
        return folder
    KEPT.mkdir(parents=True, exist_ok=True)
    for old in KEPT.glob("base-*"):
        shutil.rmtree(old)
    work = tempfile.mkdtemp(prefix="new-", dir=KEPT)
    try:
        os.chmod(work, 0o755)
        make(work, packages)
        os.rename(work, folder)
    finally:
        shutil.rmtree(work, ignore_errors=True)
    return folder
