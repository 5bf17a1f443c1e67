"""Reading files without a case, and the options of reading."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.model import Document, Problem, document_from_post
from tocsin.settings import Settings

if TYPE_CHECKING:
    from tocsin.read import ReadOptions

__all__ = ["Reading", "SilentWatcher", "options_of", "paths_of", "read"]


class SilentWatcher:
    """A watcher that shows nothing."""

    def total(self, size: int) -> None: ...
    def file(self, file: str) -> None: ...
    def bytes(self, count: int) -> None: ...
    def documents(self, count: int) -> None: ...


def options_of(
    format: str | None = None,  # noqa: A002 - the word users know
    mapping: Mapping[str, str] | None = None,
    date: datetime | None = None,
    channel: str | None = None,
) -> ReadOptions:
    """The options of reading by the names the command line has."""
    from tocsin.read import ReadOptions

    return ReadOptions(format=format, mapping=mapping or {}, date=date, channel=channel)


@dataclass(slots=True)
class Reading:
    """Documents read from files without a case: iterate over it once.

    While it is iterated, ``problems`` and ``skipped`` fill up with what could not be read and what was
    left out on purpose (by reason).
    """

    _documents: Iterator[Document] = field(repr=False)
    problems: list[Problem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)

    def __iter__(self) -> Iterator[Document]:
        return self._documents


def read(
    inputs: str | Path | Iterable[str | Path], *, settings: Settings | None = None, **options: Any
) -> Reading:
    """Read files into documents, streaming, without keeping anything.

    ``options`` are ``format``, ``mapping``, ``date`` and ``channel``, as on the command line. The same
    document found twice is given twice. Raises NoInputError when a path does not exist.
    """
    from tocsin.ingest import problem_of
    from tocsin.read import Fault, Found, Skipped, discover, read_file

    chosen = options_of(**options)
    values = settings or Settings()
    found = list(discover(paths_of(inputs)))

    def documents() -> Iterator[Document]:
        for item in found:
            if isinstance(item, Fault):
                reading.problems.append(problem_of(item.error, "", item.kept))
                continue
            for event in read_file(item, chosen, values):
                if isinstance(event, Found):
                    yield document_from_post(event.post)
                elif isinstance(event, Skipped):
                    reading.skipped[event.reason] += 1
                elif isinstance(event, Fault):
                    reading.problems.append(problem_of(event.error, "", event.kept))

    reading = Reading(documents())
    return reading


def paths_of(inputs: str | Path | Iterable[str | Path]) -> list[str | Path]:
    """One path or several, as a list."""
    return [inputs] if isinstance(inputs, str | Path) else list(inputs)
