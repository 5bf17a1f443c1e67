"""Generic JSON: one object a line, or arrays of objects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from tocsin.errors import (
    EmptyFileError,
    InputError,
    MalformedFileError,
    MalformedRecordError,
    RecordInputError,
    RecordTooLargeError,
    TruncatedFileError,
)
from tocsin.read.columns import columns_of, draft_of, knows_text
from tocsin.read.drafts import finish
from tocsin.read.events import Context, Result
from tocsin.read.jsonscan import JsonScanner, load
from tocsin.read.shape import shape_of
from tocsin.read.text import TextSource, lines

__all__ = ["JsonLinesReader", "JsonReader", "Record", "json_lines"]

#: Position, object, error in its place.
Record = tuple[str, object, InputError | None]

#: Records looked at to learn the columns, as JSON has no header and leaves absent fields out.
_LOOK_AHEAD = 100
_HELD_VALUES = 1000


def json_lines(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """One JSON value a line, at ``line 34``; blank lines are passed over."""
    # One line is looked at before the last can be called the last.
    waiting: Record | None = None
    for number, line in lines(TextSource(stream), context.max_record):
        if waiting:
            yield waiting
            waiting = None
        position = f"line {number}"
        if line is None:
            cause = f"the line is longer than {context.max_record:,} bytes"
            yield position, None, RecordTooLargeError(cause)
        elif line and not line.isspace():
            try:
                yield position, load(line, context.max_depth), None
            except RecordInputError as error:
                waiting = position, None, error
                cut = not line.rstrip().endswith(("}", "]"))
    if waiting:
        position, _, fault = waiting
        if cut and isinstance(fault, MalformedRecordError):
            yield position, None, TruncatedFileError("the file ends in the middle of a record")
        else:
            yield waiting


def _posts(records: Iterator[Record], context: Context) -> Iterator[Result]:
    """Posts of objects whose columns are learnt from the first of them."""
    held: list[Record] = []
    ending: InputError | None = None
    try:
        for record in records:
            held.append(record)
            if len(held) >= _LOOK_AHEAD:
                break
    except InputError as error:
        ending = error
    names: dict[str, None] = {}
    for _, value, _ in held:
        if isinstance(value, dict):
            names.update(dict.fromkeys(value))
    columns = columns_of(names, context.options.mapping) if names else None
    for source in (iter(held), records):
        for position, value, fault in source:
            if fault is not None:
                yield context.place(fault, position)
            elif not isinstance(value, dict) or columns is None:
                yield context.fault(MalformedRecordError, "the record is no JSON object", position)
            else:
                yield from finish(draft_of(value, columns), position, context)
    if ending is not None:
        raise ending
    if not held:
        raise EmptyFileError("the file holds no records")


class JsonLinesReader:
    """JSON Lines (NDJSON)."""

    name = "jsonl"
    help = "one JSON object a line (JSON Lines, NDJSON); fields mapped with --map or guessed"
    extensions = (".jsonl", ".ndjson")
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        shape = shape_of(head)
        named = name.lower().endswith(self.extensions)
        if shape.kind == "lines":
            return 0.85
        return {"open": 0.8 if named else 0.5, "object": 0.65 if named else 0.0}.get(shape.kind, 0.0)

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``line 34``."""
        yield from _posts(json_lines(stream, context), context)


class JsonReader:
    """A JSON array of objects, alone or under a key of an object; or one object."""

    name = "json"
    help = "JSON array of objects, or an object holding one; fields mapped with --map or guessed"
    extensions = (".json",)
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        shape = shape_of(head)
        if name.lower().endswith(self.extensions) and head.lstrip()[:1] in (b"[", b"{"):
            return 0.7
        return {"array": 0.8 if shape.keys else 0.5, "object": 0.6, "open": 0.55}.get(shape.kind, 0.0)

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``[12]`` or ``data[12]``."""
        scanner = JsonScanner(TextSource(stream), context.max_record, context.max_depth)
        yield from _posts(_values(scanner, context), context)


def _values(scanner: JsonScanner, context: Context) -> Iterator[Record]:
    number = 0
    while char := scanner.peek():
        number += 1
        # Several values one after the other are not JSON, but nothing is lost by reading them.
        prefix = f"record {number}" if number > 1 else ""
        if char == "[":
            for element in scanner.elements():
                where = f"{prefix} [{element.index}]".strip()
                yield where, element.value, element.error
        elif char == "{":
            yield from _members(scanner, prefix, context)
        elif number == 1:
            raise MalformedFileError("it holds neither a JSON array nor an object")
        else:
            try:
                yield prefix, scanner.value(), None
            except RecordInputError as error:
                yield prefix, None, error


def _members(scanner: JsonScanner, prefix: str, context: Context) -> Iterator[Record]:
    whole: dict[str, object] = {}
    lists = False
    for key in scanner.members():
        if scanner.peek() != "[":
            try:
                whole[key] = scanner.value()
            except RecordInputError as error:
                yield prefix or key, None, error
            continue
        values: list[object] = []
        inside = False
        for element in scanner.elements():
            inside = inside or _is_record(element.value, context)
            if inside or element.error is not None:
                lists = True
                yield f"{prefix} {key}[{element.index}]".strip(), element.value, element.error
            elif len(values) < _HELD_VALUES:
                values.append(element.value)
        if not inside:
            whole[key] = values
    if not lists or _is_record(whole, context):
        yield prefix, whole, None


def _is_record(value: object, context: Context) -> bool:
    if not isinstance(value, dict):
        return False
    return context.options.mapping.get("text") in value or knows_text(value)
