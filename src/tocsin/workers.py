"""Several processes for one pipeline.

Workers are plain child processes (``python -m tocsin.workers``) that take a job a line and answer a
result a line. ``multiprocessing`` is not used on purpose: with its safe start methods it re-imports the
caller's main module, so a ten-line script or a notebook using the Python API would fail; with its
unsafe one it copies the engines' locks. Jobs and results are only names: the rows go through segments.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from dataclasses import asdict
from queue import SimpleQueue
from typing import Any, Final

from tocsin.collecting import seldom_collecting
from tocsin.errors import InternalError
from tocsin.pipeline import Derived, Job, derive_partition, in_process
from tocsin.settings import Settings
from tocsin.store import Segment

__all__ = ["WorkerRunner", "worker_count"]

#: Tells a worker the number of the process that started it.
_PARENT: Final = "TOCSIN_WORKER_PARENT"
#: Below this many documents a second process costs more to start than it saves.
_WORTH_IT = 400


def worker_count(settings: Settings) -> int:
    """``run.workers``, or one per core this process may use."""
    chosen = settings.integer("run.workers")
    if chosen:
        return chosen
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1  # pragma: no cover - platforms without affinity


class _Worker:
    """One child process."""

    def __init__(self) -> None:
        # One thread per process: engines that each start a thread per core fight over the cores.
        single = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "ARROW_NUM_THREADS": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tocsin.workers"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, **single, "PYTHONUTF8": "1", _PARENT: str(os.getpid())},
            text=True,
            encoding="utf-8",
        )

    def do(self, job: Job) -> Derived:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(json.dumps(_plain(job)) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise InternalError("a worker process ended unexpectedly") from error
        answer = self._process.stdout.readline()
        if not answer:
            code = self._process.wait()
            raise InternalError(f"a worker process ended unexpectedly (exit status {code})")
        value = json.loads(answer)
        if "error" in value:
            raise InternalError(value["error"])
        segments = {
            stage: tuple(Segment(**segment) for segment in group)
            for stage, group in value["segments"].items()
        }
        return Derived(value["partition"], segments, value["seconds"])

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):  # it may have left already
            self._process.stdin.close()  # end of file is the worker's sign to leave
        self._process.stdout.close()
        self._process.wait()


class WorkerRunner:
    """A ``pipeline.Runner`` over ``count`` processes; small work stays in this one."""

    def __init__(self, count: int) -> None:
        self._count = count

    def __call__(self, jobs: Sequence[Job]) -> Iterator[Derived]:
        documents = sum(job.segments["documents"].rows for job in jobs)
        count = min(self._count, len(jobs))
        if count < 2 or documents < _WORTH_IT:
            yield from in_process(jobs)
            return
        yield from self._spread(jobs, count)

    @staticmethod
    def _spread(jobs: Sequence[Job], count: int) -> Iterator[Derived]:
        idle: SimpleQueue[_Worker] = SimpleQueue()
        workers = [_Worker() for _ in range(count)]
        for worker in workers:
            idle.put(worker)

        def work(job: Job) -> Derived:
            worker = idle.get()
            try:
                return worker.do(job)
            finally:
                idle.put(worker)

        # Largest first, so that the last job to end is a short one.
        ordered = sorted(jobs, key=lambda job: -job.segments["documents"].size)
        pool = ThreadPoolExecutor(count)
        try:
            for future in as_completed([pool.submit(work, job) for job in ordered]):
                yield future.result()
        finally:
            pool.shutdown(cancel_futures=True)
            for worker in workers:
                worker.close()


def _plain(job: Job) -> dict[str, Any]:
    segments = {table: asdict(segment) for table, segment in job.segments.items()}
    settings = dict(job.settings)
    return {"root": job.root, "segments": segments, "stages": list(job.stages), "settings": settings}


def _job(value: Mapping[str, Any]) -> Job:
    segments = {table: Segment(**segment) for table, segment in value["segments"].items()}
    return Job(value["root"], segments, tuple(value["stages"]), value["settings"])


def _leave_with(parent: int) -> None:
    """End this process when its parent is gone: a job takes minutes, and one told to stop frees nothing else.

    End of file is not enough, since it is seen between two jobs only. Where the system keeps the number of a
    parent that is gone (Windows) the job is done to its end.
    """
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


@seldom_collecting()
def main() -> None:
    """Answer jobs from standard input until it ends."""
    # Told, not asked of the system: that would name another process where the parent died before this line.
    # Windows starts the interpreter of an environment by way of another process, which is then the parent.
    parent = os.getppid() if sys.platform == "win32" else int(os.environ[_PARENT])
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    answers = sys.stdout
    sys.stdout = sys.stderr  # a library that prints must not garble the answers
    for line in sys.stdin:
        value: dict[str, Any]
        try:
            derived = derive_partition(_job(json.loads(line)))
            segments = {
                stage: [asdict(segment) for segment in group] for stage, group in derived.segments.items()
            }
            value = {
                "partition": derived.partition,
                "segments": segments,
                "seconds": dict(derived.seconds),
            }
        except Exception as error:
            value = {"error": str(error)}
        answers.write(json.dumps(value) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
