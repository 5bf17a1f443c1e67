"""Worker processes of a pipeline."""

from __future__ import annotations

import select
import subprocess
import sys
import time

import pytest

#: Its worker has the same input and output: the output ends when both are gone.
STARTER = """
import subprocess, sys, time
subprocess.Popen([sys.executable, "-m", "tocsin.workers"], stdin=sys.stdin)
print("started", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps the number of a parent that is gone")
def test_a_worker_leaves_when_its_parent_is_killed() -> None:
    """Though its input stays open, as it does in the middle of a job."""
    with subprocess.Popen(
        [sys.executable, "-c", STARTER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "started\n"
        time.sleep(1)
        starter.kill()
        starter.wait()
        ended, _, _ = select.select([starter.stdout], [], [], 30)
        assert ended
        assert starter.stdout.read() == ""
