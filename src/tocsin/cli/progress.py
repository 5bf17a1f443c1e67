"""Progress on standard error: a bar on a terminal, a line now and then elsewhere, nothing with --quiet."""

from __future__ import annotations

import sys
import time
from types import TracebackType

__all__ = ["Progress"]

_EVERY_SECONDS = 10.0


class Progress:
    """Follows one ``Case.add``: bytes and posts while reading, documents while analysing.

    Satisfies ``ingest.Watcher``; ``derived`` is the callback of the second half.
    """

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._terminal = sys.stderr.isatty() and not quiet
        self._posts = 0
        self._analysed = 0
        self._last = self._start = time.monotonic()

    def __enter__(self) -> Progress:
        if self._terminal:
            from rich.console import Console
            from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
            from rich.progress import Progress as Bars

            columns = (
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.fields[note]}"),
                TimeElapsedColumn(),
            )
            self._bars = Bars(*columns, console=Console(stderr=True), transient=True)
            self._reading = self._bars.add_task("reading", total=None, note="")
            self._analysing = self._bars.add_task("analysing", total=None, note="", visible=False)
            self._bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._terminal:
            self._bars.stop()

    def total(self, size: int) -> None:
        if self._terminal:
            self._bars.update(self._reading, total=max(size, 1))

    def file(self, file: str) -> None:
        if self._terminal:
            self._bars.update(self._reading, description=f"reading {_short(file)}")

    def bytes(self, count: int) -> None:
        if self._terminal:
            self._bars.advance(self._reading, count)

    def documents(self, count: int) -> None:
        self._posts += count
        self._note(f"{self._posts:,} posts", self._posts, reading=True)

    def derived(self, documents: int) -> None:
        """That many more documents are analysed."""
        self._analysed += documents
        self._note(f"{self._analysed:,} documents", self._analysed, reading=False)

    def _note(self, text: str, count: int, *, reading: bool) -> None:
        now = time.monotonic()
        rate = f"{text}, {count / max(now - self._start, 1e-9):,.0f}/s"
        if self._terminal:
            task = self._reading if reading else self._analysing
            self._bars.update(task, note=rate, visible=True)
        elif not self._quiet and now - self._last > _EVERY_SECONDS:
            self._last = now
            print(("read " if reading else "analysed ") + rate, file=sys.stderr)  # noqa: T201


def _short(file: str, width: int = 32) -> str:
    return file if len(file) <= width else "…" + file[-width + 1 :]
