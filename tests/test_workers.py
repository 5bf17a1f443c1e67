"""Worker processes of a pipeline."""

from __future__ import annotations

import select
import subprocess
import sys
import time

import pytest

#: Its worker has the same input and output: the output ends when both are gone.
STARTER = """
import os, subprocess, sys, time
parent = {"TOCSIN_WORKER_PARENT": str(os.getpid())}
subprocess.Popen([sys.executable, "-m", "tocsin.workers"], stdin=sys.stdin, env=os.environ | parent)
print("started", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the number of a parent that is gone")
@pytest.mark.parametrize("seconds", [0.0, 1.0])
def test_a_worker_leaves_when_its_parent_is_killed(seconds: float) -> None:
    """Though its input stays open, as it does in the middle of a job; even where it has hardly begun."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "started\n"
        time.sleep(seconds)
        starter.kill()
        starter.wait()
        ended, _, _ = select.select([starter.stdout], [], [], 60)
        assert ended
        assert starter.stdout.read() == ""
