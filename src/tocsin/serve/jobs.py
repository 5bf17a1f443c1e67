"""Uploads: a file kept in the case folder, read into the case by a process of its own.

What was acknowledged is on disk: an upload whose reading was cut short is begun again when the workbench
starts. One is read at a time; while another process holds the case (``tocsin watch``), it waits.
"""

from __future__ import annotations

import json
import re
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from typing import IO, Any, Final

from tocsin.errors import NoSuchFindingError, TooLargeError
from tocsin.settings import SETTINGS, Settings
from tocsin.store.durable import write_durably

__all__ = ["Job", "Jobs", "safe_name"]

_RECORD: Final = "job.json"
_CHUNK: Final = 1 << 20
_BUSY: Final = 4  # the exit code of a case that cannot be used
_PAUSE: Final = 2.0
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", _RECORD})


@dataclass(frozen=True, slots=True)
class Job:
    """One upload. ``state`` is waiting, reading, deriving, done or failed; ``done`` of ``size`` bytes read.

    ``problems`` counts faults in the file: they are listed with the case's problems, and the rest was read.
    """

    job_id: str
    name: str
    author: str
    size: int
    created: str
    state: str = "waiting"
    done: int = 0
    found: int = 0
    added: int = 0
    problems: int = 0
    error: str = ""


def safe_name(name: str) -> str:
    """A file name for this machine from one somebody sent: no folder, no control, nothing hidden."""
    last = re.split(r"[/\\]", name)[-1]
    kept = re.sub(r"[^\w.\- ()+,]", "_", last).strip(" .")[-120:].lstrip(" .-")
    if not kept or kept.lower().partition(".")[0] in _RESERVED or kept.lower() == _RECORD:
        kept = f"upload-{kept}".rstrip("-")
    return kept


class Jobs:
    """The uploads of one case."""

    def __init__(self, case: Path, settings: Settings) -> None:
        self._case = case
        self._settings = [f"{s.name}={settings[s.name]}" for s in SETTINGS if settings[s.name] != s.default]
        self._folder = case / "uploads"
        self._lock = threading.Lock()
        self._jobs: dict[str, Job] = {}
        self._queue: SimpleQueue[str | None] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._process: subprocess.Popen[str] | None = None
        self._closing = threading.Event()
        self.changes = 0  # differs after any change of a job
        self._restore()

    def _restore(self) -> None:
        for path in sorted(self._folder.glob(f"*/{_RECORD}")):
            job = Job(**json.loads(path.read_text(encoding="utf-8")))
            if job.state not in {"done", "failed"}:
                job = replace(job, state="waiting", done=0)
                self._queue.put(job.job_id)
                self._start()
            self._jobs[job.job_id] = job

    # --- asked by requests -------------------------------------------------------------------------

    def add(self, stream: IO[bytes], name: str, author: str, limit: int) -> Job:
        """Keep a file and queue its reading; raises TooLargeError beyond ``limit`` bytes."""
        job_id = secrets.token_hex(16)
        folder = self._folder / job_id
        folder.mkdir(parents=True)
        kept = safe_name(name)
        path = folder / kept
        try:
            size = _copy(stream, path, limit)
        except BaseException:
            path.unlink(missing_ok=True)
            folder.rmdir()
            raise
        job = Job(job_id, kept, author, size, datetime.now(UTC).isoformat(timespec="seconds"))
        self._keep(job)
        self._queue.put(job_id)
        self._start()
        return job

    def get(self, job_id: str) -> Job:
        """One upload as it stands; raises NoSuchFindingError."""
        with self._lock:
            if job_id not in self._jobs:
                raise NoSuchFindingError(f"there is no upload {job_id}")
            return self._jobs[job_id]

    def all(self) -> list[Job]:
        """Every upload, the latest first."""
        with self._lock:
            return sorted(self._jobs.values(), key=lambda job: (job.created, job.job_id), reverse=True)

    def close(self) -> None:
        """Stop: what is being read goes on at the next start."""
        self._closing.set()
        self._queue.put(None)
        if self._process is not None:
            self._process.terminate()
        if self._thread is not None:
            self._thread.join(timeout=30)

    # --- the thread --------------------------------------------------------------------------------

    def _start(self) -> None:
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="uploads", daemon=True)
                self._thread.start()

    def _work(self) -> None:
        while (job_id := self._queue.get()) is not None:
            while not self._closing.is_set() and not self._read(job_id):
                time.sleep(_PAUSE)
            if self._closing.is_set():
                return

    def _keep(self, job: Job, *, durable: bool = True) -> None:
        with self._lock:
            self._jobs[job.job_id] = job
            self.changes += 1
        if durable:
            path = self._folder / job.job_id / _RECORD
            write_durably(path, json.dumps(asdict(job), ensure_ascii=False).encode("utf-8"))

    def _read(self, job_id: str) -> bool:
        """Read one upload; False when the case is held by another process."""
        job = self.get(job_id)
        path = self._folder / job_id / job.name
        command = [sys.executable, "-m", "tocsin.serve.reading_process", str(self._case), str(path)]
        command += self._settings
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:  # noqa: S603
            self._process = process
            assert process.stdout is not None
            last: dict[str, Any] = {}
            for last in _messages(process.stdout):
                if last.get("state") in {"reading", "deriving"}:
                    self._keep(
                        replace(self.get(job_id), **_known(last), done=last.get("done", 0)), durable=False
                    )
            code = process.wait()
        self._process = None
        if code == _BUSY and last.get("code") == "case-busy":
            self._keep(replace(self.get(job_id), state="waiting", error=""), durable=False)
            return False
        if self._closing.is_set():
            return True
        job = replace(self.get(job_id), **_known(last), done=job.size)
        if job.state not in {"done", "failed"}:
            job = replace(job, state="failed", error=f"the reading ended with status {code}")
        self._keep(job)
        return True


def _known(message: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in message.items() if key in Job.__slots__ and key != "done"}


def _copy(stream: IO[bytes], path: Path, limit: int) -> int:
    import os

    size = 0
    with path.open("xb") as kept:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise TooLargeError(f"the file is longer than {limit:,} bytes")
            kept.write(chunk)
        kept.flush()
        os.fsync(kept.fileno())
    return size


def _messages(lines: IO[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:  # something else that a library printed
            continue
        if isinstance(found, dict):
            yield found
