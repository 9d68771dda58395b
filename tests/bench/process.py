"""What a process uses: processor time, context switches, memory, system calls. From /proc and perf events."""

import ctypes
import os
import pathlib
import platform
import struct

PERF_EVENT_OPEN = {"x86_64": 298, "aarch64": 241}  # no libc has a function for it


def usage(pid):
    """Of the process and all below it. Seconds, counts, bytes."""
    total = {"cpu_s": 0.0, "switches": 0, "voluntary": 0, "rss": 0, "peak_rss": 0}
    for each in tree(pid):
        base = pathlib.Path(f"/proc/{each}")
        status = _fields(base / "status")
        total["rss"] += _kib(status.get("VmRSS"))
        total["peak_rss"] += _kib(status.get("VmHWM"))
        for thread in (base / "task").iterdir():
            total["cpu_s"] += int((thread / "schedstat").read_text().split()[0]) / 1e9
            fields = _fields(thread / "status")
            total["voluntary"] += int(fields["voluntary_ctxt_switches"])
            total["switches"] += int(fields["voluntary_ctxt_switches"]) + int(fields["nonvoluntary_ctxt_switches"])
    return total


def tree(pid):
    pids = [pid]
    for each in pids:
        for thread in pathlib.Path(f"/proc/{each}/task").iterdir():
            pids += [int(child) for child in (thread / "children").read_text().split()]
    return pids


def _fields(path):
    return {key: value.strip() for key, _, value in (line.partition(":") for line in path.read_text().splitlines())}


def _kib(words):
    return int(words.split()[0]) * 1024 if words else 0


class SystemCalls:
    """Counts the system calls of a process by the tracepoint raw_syscalls:sys_enter, which does not slow it down as
    strace does. count() is None where that is not allowed."""

    def __init__(self, pid):
        self.files = []
        event, number = _event_id(), PERF_EVENT_OPEN.get(platform.machine())
        if event is None or number is None:
            return
        libc = ctypes.CDLL(None, use_errno=True)
        # struct perf_event_attr: type PERF_TYPE_TRACEPOINT, size, config, ..., flags (bit 1: inherit)
        attributes = struct.pack("=IIQQQQQ", 2, 64, event, 0, 0, 0, 1 << 1).ljust(64, b"\0")
        threads = [int(path.name) for each in tree(pid) for path in pathlib.Path(f"/proc/{each}/task").iterdir()]
        for thread in threads:
            file = libc.syscall(number, attributes, thread, -1, -1, 8)  # 8: close on exec
            if file >= 0:
                self.files.append(file)

    def count(self):
        if not self.files:
            return None
        return sum(struct.unpack("=Q", os.read(file, 8))[0] for file in self.files)

    def close(self):
        for file in self.files:
            os.close(file)
        self.files = []


def _event_id():
    for top in ("/sys/kernel/tracing", "/sys/kernel/debug/tracing"):
        try:
            return int(pathlib.Path(top, "events/raw_syscalls/sys_enter/id").read_text())
        except OSError:
            continue
    return None
