"""A small JSON file of the case folder that several processes may change: all of it or nothing."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, Generic, TypeVar

from tocsin.errors import UsageError
from tocsin.store.durable import write_durably

__all__ = ["KeptFile"]

Content = TypeVar("Content")


class KeptFile(Generic[Content]):
    """The content of one file, read again when it changed; changes wait for each other by a lock beside it.

    ``read`` makes the content of the JSON, ``written`` the JSON of the content; ``empty`` is there until the
    first change makes the file.
    """

    def __init__(
        self,
        path: Path,
        empty: Content,
        read: Callable[[Any], Content],
        written: Callable[[Content], Any],
        remedy: str,
    ) -> None:
        self._path = path
        self._read, self._written, self._remedy = read, written, remedy
        self._lock = threading.RLock()
        self._stamp: tuple[int, int, int] | None = None
        self._content = empty

    @property
    def stamp(self) -> tuple[int, int, int] | None:
        """Differs after any change of the file; None: there is no file."""
        try:
            found = self._path.stat()
        except FileNotFoundError:
            return None
        return found.st_mtime_ns, found.st_size, found.st_ino

    def now(self) -> Content:
        """The content as it stands. Raises UsageError for a file that is damaged."""
        with self._lock:
            stamp = self.stamp
            if stamp is not None and stamp != self._stamp:
                self._content, self._stamp = self._load(), stamp
            return self._content

    def change(self, change: Callable[[Content], Content]) -> None:
        """Put what ``change`` makes of the content in its place; on disk for good when this returns."""
        from filelock import FileLock

        with self._lock, FileLock(self._path.with_name(f".{self._path.stem}.lock")):
            raw = self._written(change(self.now()))
            data = json.dumps(raw, ensure_ascii=False, indent=1).encode("utf-8")
            write_durably(self._path, data, private=True)
            self._stamp = None

    def _load(self) -> Content:
        try:
            return self._read(json.loads(self._path.read_text(encoding="utf-8")))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(
                f"{self._path.name} is damaged", file=str(self._path), remedy=self._remedy
            ) from error
