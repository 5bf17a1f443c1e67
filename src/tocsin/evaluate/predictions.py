"""Answers made elsewhere: one JSON object to a line, in the shape of the annotations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tocsin.errors import (
    FileInputError,
    InputError,
    MalformedRecordError,
    NoInputError,
    RecordInputError,
    UndetectedFormatError,
)
from tocsin.evaluate.fields import key_of
from tocsin.evaluate.gold import Header
from tocsin.evaluate.problems import Problems
from tocsin.evaluate.raw import Line, Raw, head_of, json_lines, parse_line
from tocsin.read.streams import open_regular

__all__ = ["Predictions"]

_REST = "Repair it and run the command again; the rest was read"


class Predictions:
    """Finds the answer to a record: by its id where both files have ids, by its place in the file otherwise.

    Only places in the file are held, some hundred bytes a line; answers are read when asked for.
    """

    def __init__(self, path: Path, problems: Problems) -> None:
        """Read the file once. Raises NoInputError, FileInputError."""
        self._path = path
        self._problems = problems
        self._lines: dict[int, tuple[int, int, int]] = {}
        self._by_key: dict[str, int] = {}
        self._faulty: set[int] = set()
        self._used: set[int] = set()
        if not path.exists():
            raise NoInputError("there is no such file", file=str(path))
        try:
            if not head_of(path).lstrip().startswith(b"{"):
                raise UndetectedFormatError("it is no JSON lines", remedy="Write one JSON object to a line")
            for line in json_lines(path, problems):
                self._index(line)
            self._stream = open_regular(path)
        except FileInputError as error:
            error.file = error.file or str(path)
            raise

    def __enter__(self) -> Predictions:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()

    def _index(self, line: Line) -> None:
        try:
            key = key_of(parse_line(line).value)
            if key is not None and key in self._by_key:
                first = self._lines[self._by_key[key]][2]
                raise MalformedRecordError(f"{key} was already answered in line {first}", remedy=_REST)
        except RecordInputError as error:
            self._report(error, line.position)
            self._faulty.add(line.ordinal)
            return
        self._lines[line.ordinal] = (line.offset, len(line.data), line.number)
        if key is not None:
            self._by_key[key] = line.ordinal

    def _report(self, error: InputError, position: str) -> None:
        error.file, error.position = str(self._path), position
        self._problems.add(error)

    def find(self, header: Header) -> Raw | None:
        """The answer to a record; None where there is none, which is then listed."""
        ordinal = self._ordinal(header.key, header.ordinal)
        place = self._lines.get(ordinal)
        if place is None:
            if ordinal not in self._faulty:
                what = header.key if ordinal < 0 else f"record {header.ordinal + 1}"
                cause = f"it has no answer to {what} ({header.position} of the annotations)"
                self._report(MalformedRecordError(cause, remedy="Add it; the rest was scored"), "")
            return None
        offset, size, number = place
        self._used.add(ordinal)
        self._stream.seek(offset)
        data = b""
        while len(data) < size and (more := self._stream.read(size - len(data))):
            data += more
        return parse_line(Line(ordinal, number, offset, data))

    def _ordinal(self, key: str | None, ordinal: int) -> int:
        """Where the answer to a record should stand; -1 where its id is not known."""
        return self._by_key.get(key, -1) if key is not None and self._by_key else ordinal

    def dismiss(self, key: str | None, ordinal: int) -> None:
        """An annotation could not be read: its answer is not missed."""
        self._used.add(self._ordinal(key, ordinal))

    def refuse(self, raw: Raw, error: RecordInputError) -> None:
        """List an answer that is not what its format promises."""
        self._report(error, raw.position)

    def report_unused(self) -> None:
        """List answers to records the annotations do not have."""
        for ordinal, (_, _, number) in self._lines.items():
            if ordinal not in self._used:
                cause = "it answers no record of the annotations"
                remedy = "Check that it belongs to this file; it was not scored"
                self._report(MalformedRecordError(cause, remedy=remedy), f"line {number}")

    def describe(self, sha256: str) -> dict[str, Any]:
        """What the report says of the system measured."""
        return {"name": "predictions", "version": sha256[:16], "file": str(self._path), "sha256": sha256}
