"""What reading takes and what it yields."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO, Protocol

from tocsin.errors import InputError
from tocsin.model import Post
from tocsin.settings import Settings

__all__ = [
    "Context",
    "Event",
    "Fault",
    "Format",
    "Found",
    "InputFile",
    "Opened",
    "Progress",
    "ReadOptions",
    "Reader",
    "Result",
    "Skipped",
]

_NO_MAPPING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class ReadOptions:
    """What the user said about the input on the command line.

    ``format`` overrides detection; ``mapping`` gives canonical field → column; ``date`` (UTC) and
    ``channel`` fill in where a record has none.
    """

    format: str | None = None
    mapping: Mapping[str, str] = field(default_factory=lambda: _NO_MAPPING)
    date: datetime | None = None
    channel: str | None = None


@dataclass(frozen=True)
class InputFile:
    """One file to read: its path for people, its real path, and its size in bytes."""

    path: str
    real: Path
    size: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A file, or a member of an archive, is about to be read as ``format`` (a name of ``formats()``)."""

    file: str
    format: str


@dataclass(frozen=True, slots=True)
class Found:
    """One post. ``file`` is the display path, ``a.zip!dir/b.json`` for a member of an archive."""

    file: str
    position: str
    post: Post


@dataclass(frozen=True, slots=True)
class Skipped:
    """One record or file that is no post, on purpose; ``reason`` is a short phrase made to be counted."""

    file: str
    position: str
    reason: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that could not be read. ``kept``: the record it concerns was kept all the same."""

    error: InputError
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """Bytes of the file on disk read so far; never falls."""

    bytes_read: int


Result = Opened | Found | Skipped | Fault
Event = Opened | Found | Skipped | Fault | Progress


@dataclass(frozen=True)
class Format:
    """A format for ``tocsin formats``. ``extensions`` are the usual ones; detection looks at content."""

    name: str
    help: str
    extensions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Context:
    """Where a reader stands: the display path ``file``, the base ``name`` without ``.gz``, the request."""

    file: str
    name: str
    options: ReadOptions
    settings: Settings

    @property
    def max_record(self) -> int:
        """Longest record, in bytes."""
        return self.settings.integer("read.max_record_bytes")

    @property
    def max_depth(self) -> int:
        """Deepest JSON record, in levels."""
        return self.settings.integer("read.max_json_depth")

    def fault(
        self, error: type[InputError], cause: str, position: str = "", *, remedy: str = "", kept: bool = False
    ) -> Fault:
        """A fault of this file."""
        return Fault(error(cause, remedy=remedy, file=self.file, position=position), kept)

    def place(self, error: InputError, position: str = "", *, kept: bool = False) -> Fault:
        """A fault from an error raised below, which did not know the file it was in."""
        error.file = error.file or self.file
        error.position = error.position or position
        return Fault(error, kept)


class Reader(Protocol):
    """One input format. A new format is one such class in the registry.

    ``binary``: the reader wants the file's own bytes. Other readers are given UTF-8 to sniff, whatever the
    encoding of the file, and decode the stream with ``text.TextSource``.
    """

    @property
    def name(self) -> str: ...

    @property
    def help(self) -> str: ...

    @property
    def extensions(self) -> tuple[str, ...]: ...

    @property
    def binary(self) -> bool: ...

    def sniff(self, head: bytes, name: str) -> float:
        """How well the first bytes fit, 0 to 1; ``name`` may only refine what the content allows."""
        ...

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """The records of ``stream``. May raise InputError, which ends this stream only."""
        ...
