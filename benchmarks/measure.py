"""Run a command and measure it from outside: wall and CPU seconds, peak memory of all its processes."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Usage", "measure"]


_REST = 50.0  # seconds of rest for one of looking: at most 2 % of one core is spent on it


@dataclass(frozen=True, slots=True)
class Usage:
    """``peak`` is the largest sum of proportional set sizes over the process tree, in MiB (Linux)."""

    wall: float
    cpu: float
    peak: float
    status: int
    output: str


def _tree(root: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue  # it ended while we looked
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, queue = [root], [root]
    while queue:
        children = parents.get(queue.pop(), [])
        found += children
        queue += children
    return found


def _memory(root: int) -> float:
    """Proportional set size counts a page shared by n processes 1/n times in each."""
    total = 0
    for process in _tree(root):
        try:
            for line in Path(f"/proc/{process}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    return total / 1024


def measure(command: Sequence[str], *, every: float = 0.1, folder: Path | None = None) -> Usage:
    """Run ``command`` to its end; its standard error is kept with its output.

    Memory is looked at every ``every`` seconds, less often where one look takes long.
    """
    with tempfile.TemporaryFile("w+") as output:
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT, cwd=folder)
        peak = 0.0
        done = threading.Event()

        def watch() -> None:
            nonlocal peak
            pause = every
            while not done.wait(pause):
                looked = time.perf_counter()
                peak = max(peak, _memory(process.pid))
                # The kernel walks every page table for a proportional set size: on two workers of a gigabyte
                # each, ten looks a second took a quarter of a core away from what is measured.
                pause = max(every, _REST * (time.perf_counter() - looked))

        watcher = threading.Thread(target=watch)
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        done.set()
        watcher.join()
        output.seek(0)
        text = output.read()
    peak = max(peak, usage.ru_maxrss / 1024)
    return Usage(wall, usage.ru_utime + usage.ru_stime, peak, os.waitstatus_to_exitcode(status), text)
