"""How many cores this process may really use: physical ones, within affinity and container limits.

Hyper-threads share one arithmetic unit, so a second thread on a core slows matrix work down.
"""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

CPU_INFO = Path("/proc/cpuinfo")
CGROUP_QUOTA = Path("/sys/fs/cgroup/cpu.max")


@cache
def physical_cores() -> int:
    """Physical cores available to this process, at least 1."""
    logical = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    counts = [logical or 1, _cores_of_machine(), _quota_of_container()]
    return max(1, min(count for count in counts if count))


def _cores_of_machine() -> int:
    """0 where it cannot be told."""
    if CPU_INFO.is_file():
        return count_cores(CPU_INFO.read_text(encoding="utf-8", errors="replace"))
    if sys.platform == "darwin":
        # perflevel0 are the fast cores; Intel Macs do not have that name.
        for name in ("hw.perflevel0.physicalcpu", "hw.physicalcpu"):
            told = subprocess.run(["sysctl", "-n", name], capture_output=True, text=True)
            if told.stdout.strip().isdigit():
                return int(told.stdout)
    return 0


def count_cores(cpuinfo: str) -> int:
    """Distinct (socket, core) pairs in the text of /proc/cpuinfo; 0 where it names none."""
    cores, socket = set(), ""
    for line in cpuinfo.splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "physical id":
            socket = value.strip()
        elif name.strip() == "core id":
            cores.add((socket, value.strip()))
    return len(cores)


def _quota_of_container() -> int:
    """Whole cores granted by the cgroup (at least 1); 0 where there is no limit."""
    if not CGROUP_QUOTA.is_file():
        return 0
    quota, period = CGROUP_QUOTA.read_text(encoding="ascii").split()
    return 0 if quota == "max" else max(1, round(int(quota) / int(period)))
