"""A machine: Debian in a container with a real systemd as its first process, on a layer over the base that is
forgotten afterwards. It has no network but its own loopback, and lives no longer than this process."""

import contextlib
import ctypes
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile

from .waiting import PATIENCE, until

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def cgroups():
    """Where this machine has its unified cgroups."""
    for line in pathlib.Path("/proc/self/mounts").read_text(encoding="ascii").splitlines():
        if line.split()[2] == "cgroup2":
            return pathlib.Path(line.split()[1])
    raise RuntimeError("no cgroup2 is mounted")


def only_child(pid):
    try:
        return int(pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()[0])
    except (FileNotFoundError, IndexError):
        return None


class Machine:
    def __init__(self, base):
        self.name = f"sim52xx-{os.getpid()}"
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sim52xx-system.", dir="/dev/shm"))
        self.root = self.folder / "root"
        for name in ("up", "work", "root"):
            (self.folder / name).mkdir()
        os.chmod(self.folder / "up", 0o755)
        subprocess.run(["mount", "-t", "overlay", "overlay", "-o",
                        f"lowerdir={base},upperdir={self.folder}/up,workdir={self.folder}/work", self.root], check=True)
        self.cgroup = cgroups() / self.name
        self.cgroup.mkdir()
        self.console = open(self.folder / "console", "wb")
        self.outer = self.init = None
        try:
            self.boot()
        except BaseException:
            self.stop()
            raise

    def boot(self):
        """The wrapper makes an end of this process the end of the container; the filter has to be one by BPF, or
        systemd inside cannot enforce DeviceAllow=."""
        def prepare():
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            (self.cgroup / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")
        argv = ["unshare", "--pid", "--fork", "--kill-child=KILL", "--mount-proc", "systemd-nspawn",
                f"--directory={self.root}", f"--machine={self.name}", "--boot", "--register=no", "--keep-unit",
                "--private-network", "--console=pipe", "--system-call-filter=bpf"]
        self.outer = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=self.console, stderr=self.console,
                                      env={"PATH": PATH, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"}, preexec_fn=prepare)
        until(self._booted, "the machine to boot", 60, last=lambda: (self.folder / "console").read_text()[-2000:])

    def _booted(self):
        if self.outer.poll() is not None:
            raise AssertionError(f"nspawn ended: {(self.folder / 'console').read_text()[-2000:]}")
        nspawn = only_child(self.outer.pid)
        self.init = nspawn and only_child(nspawn)
        return self.init and self.run("systemctl", "is-system-running", check=False).stdout.strip() in (
            "running", "degraded")

    def run(self, *argv, user=None, check=True, input=None, seconds=60):
        """Runs a command inside, as root or as another user with the groups that it has there."""
        inside = ["env", "-i", f"PATH={PATH}", "LANG=C.UTF-8", "DEBIAN_FRONTEND=noninteractive"]
        if user:
            inside += ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups"]
        done = subprocess.run(["nsenter", "--target", str(self.init), "--all", "--", *inside, *map(str, argv)],
                              capture_output=True, text=True, input=input, timeout=seconds * PATIENCE,
                              stdin=subprocess.DEVNULL if input is None else None)
        if check and done.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, argv))} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done

    def show(self, unit, name):
        """A property of a unit."""
        return self.run("systemctl", "show", "--value", f"--property={name}", unit).stdout.strip()

    def journal(self, *matches):
        return self.run("journalctl", "--no-pager", "--quiet", "--output=cat", *matches, check=False).stdout

    def path(self, inside):
        """Where that file of the machine is for us. Not below /tmp and /run, which are mounted inside only."""
        return self.root / inside.lstrip("/")

    def write(self, inside, text, mode=0o644):
        self.run("sh", "-c", 'mkdir -p "$(dirname "$1")"; cat >"$1"; chmod "$2" "$1"', "sh", inside, f"{mode:o}",
                 input=text)

    def stop(self):
        if self.outer and self.outer.poll() is None:
            nspawn = only_child(self.outer.pid)
            if nspawn:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(nspawn, signal.SIGTERM)  # an orderly power off
            try:
                self.outer.wait(timeout=20 * PATIENCE)
            except subprocess.TimeoutExpired:
                self.outer.kill()
                self.outer.wait()
        self.console.close()
        subprocess.run(["umount", "--lazy", self.root], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)
        for top in {self.cgroup, *pathlib.Path("/sys/fs/cgroup").glob(f"*/{self.name}")}:
            for folder, _, _ in os.walk(top, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
