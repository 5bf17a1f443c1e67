"""Files of annotations or predictions → records, one at a time: JSON lines, CSV, Parquet, told by content.

For places also the XML and the table of published sets. For times also TimeML, one document or a folder of
them, and texts with brackets in YAML.

A record that cannot be read is one problem, and the next one follows. Positions are those of ``tocsin read``:
``line 3`` for JSON lines and CSV, ``row 3`` for Parquet.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

from tocsin.errors import (
    EmptyFileError,
    EncodingError,
    FileInputError,
    MalformedFileError,
    MalformedRecordError,
    NoInputError,
    RecordInputError,
    RecordTooLargeError,
    UndetectedFormatError,
    UnreadableFileError,
)
from tocsin.evaluate.bracketed import bracketed_groups
from tocsin.evaluate.geoparsing import is_articles, is_tweets, read_articles, read_tweets
from tocsin.evaluate.problems import Problems
from tocsin.evaluate.timeml import is_timeml, timeml_record
from tocsin.read.streams import DiskFile, open_regular
from tocsin.settings import Settings

__all__ = ["Line", "Raw", "file_sha256", "files_of", "head_of", "json_lines", "parse_line", "read_raw"]

_BOM: Final = b"\xef\xbb\xbf"
_MAGIC: Final = b"PAR1"
_CHUNK: Final = 1 << 20
_ROWS: Final = 256
_REPAIR: Final = "Repair it and run the command again; the rest was read"
_FORMATS: Final = "Write one JSON object to a line, or CSV or Parquet, as docs/evaluate.md shows for the task"
_YAML: Final = (".yaml", ".yml")
#: Names of TimeML documents in a folder.
_TIMEML: Final = (".tml", ".xml")
_HALF: Final = re.compile(r"\\u[dD][89a-fA-F]")
#: What bytes that are no UTF-8 become under the error handler ``surrogateescape``.
_ESCAPED: Final = re.compile("[\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class Raw:
    """One record: its number in the file from 0, where it stands, and its fields."""

    ordinal: int
    position: str
    value: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """One line with something in it: number of the record from 0, of the line from 1, byte offset, bytes."""

    ordinal: int
    number: int
    offset: int
    data: bytes

    @property
    def position(self) -> str:
        return f"line {self.number}"


def file_sha256(path: Path) -> str:
    """SHA-256 of the file's bytes in hex; of a folder of the names and bytes that are read.

    Raises UnreadableFileError.
    """
    state = sha256()
    try:
        for part in files_of(path):
            if part != path:
                state.update(f"{len(part.name)}:{part.name}:{part.stat().st_size}:".encode())
            with DiskFile(part) as disk:
                while data := disk.read(_CHUNK):
                    state.update(data)
    except FileInputError as error:
        error.file = error.file or str(path)
        raise
    return state.hexdigest()


def files_of(path: Path) -> list[Path]:
    """The file itself, or the TimeML documents of a folder, by name."""
    if not path.is_dir():
        return [path]
    return sorted(p for p in path.iterdir() if p.suffix in _TIMEML and p.is_file())


def read_raw(path: Path, problems: Problems) -> Iterator[Raw]:
    """Records in the file's order. Raises NoInputError, and FileInputError for a file that is of no use."""
    if not path.exists():
        raise NoInputError("there is no such file", file=str(path))
    try:
        if path.is_dir():
            yield from _folder(path, problems)
            return
        head = head_of(path)
        if is_articles(head) or is_tweets(head):
            yield from _geoparsing(path, read_articles if is_articles(head) else read_tweets)
        elif is_timeml(head):
            yield from _timeml(path, problems)
        elif path.suffix in _YAML:
            yield from _bracketed(path, problems)
        elif head.startswith(_MAGIC):
            yield from _parquet(path)
        elif head.lstrip().startswith(b"{"):
            yield from _jsonl(path, problems)
        else:
            yield from _csv(path, problems)
    except FileInputError as error:
        error.file = error.file or str(path)
        raise


def head_of(path: Path) -> bytes:
    """The first bytes of a file. Raises FileInputError for what no task reads."""
    with DiskFile(path) as disk:
        head = disk.read(1 << 16).removeprefix(_BOM)
    if not head.strip():
        raise EmptyFileError("the file is empty", remedy=_FORMATS)
    if head.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        raise UndetectedFormatError("it is compressed", remedy="Unpack it and give what was inside")
    if head.lstrip().startswith(b"["):
        raise UndetectedFormatError("it is one JSON array, not one object to a line", remedy=_FORMATS)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise EncodingError("it is UTF-16, not UTF-8", remedy="Save it as UTF-8")
    if b"\x00" in head and not head.startswith(_MAGIC):
        raise UndetectedFormatError("it is no text and no Parquet", remedy=_FORMATS)
    return head


def json_lines(path: Path, problems: Problems) -> Iterator[Line]:
    """Lines that hold something. One longer than ``read.max_record_bytes`` is a problem, not a line."""
    limit = Settings().integer("read.max_record_bytes")
    ordinal = offset = 0
    with io.BufferedReader(open_regular(path), _CHUNK) as stream:
        number = 0
        while data := stream.readline(limit + 1):
            number += 1
            at, offset = offset, offset + len(data)
            if len(data) > limit:
                while data and not data.endswith(b"\n"):
                    data = stream.readline(_CHUNK)
                    offset += len(data)
                _report(problems, path, f"line {number}", _too_large(limit))
                ordinal += 1
                continue
            if not at:
                data = data.removeprefix(_BOM)
                at = offset - len(data)
            if data.strip():
                yield Line(ordinal, number, at, data)
                ordinal += 1


def parse_line(line: Line) -> Raw:
    """The JSON object on a line. Raises RecordInputError."""
    try:
        text = line.data.decode("utf-8")
        value = json.loads(text)
    except UnicodeDecodeError as error:
        raise MalformedRecordError(f"byte {error.start + 1} of it is no UTF-8", remedy=_REPAIR) from None
    except RecursionError:
        raise MalformedRecordError("it is nested too deep", remedy=_REPAIR) from None
    except json.JSONDecodeError as error:
        cause = f"invalid JSON: {error.msg} at character {error.pos + 1}"
        raise MalformedRecordError(cause, remedy=_REPAIR) from None
    except ValueError:
        raise MalformedRecordError("invalid JSON: a number has too many digits", remedy=_REPAIR) from None
    if not isinstance(value, dict):
        raise MalformedRecordError("it is no JSON object", remedy=_REPAIR)
    if _HALF.search(text):
        # An escape can spell half a pair of surrogates; nothing that holds one can be written out again.
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            raise MalformedRecordError("an escape spells half a character", remedy=_REPAIR) from None
    return Raw(line.ordinal, line.position, value)


def _report(problems: Problems, path: Path, position: str, error: RecordInputError) -> None:
    error.file, error.position = str(path), position
    problems.add(error)


def _too_large(limit: int) -> RecordTooLargeError:
    return RecordTooLargeError(f"longer than {limit:,} bytes", remedy="Split it; the rest was read")


def _jsonl(path: Path, problems: Problems) -> Iterator[Raw]:
    for line in json_lines(path, problems):
        try:
            raw = parse_line(line)
        except RecordInputError as error:
            _report(problems, path, line.position, error)
            continue
        yield raw


def _csv(path: Path, problems: Problems) -> Iterator[Raw]:
    limit = Settings().integer("read.max_record_bytes")
    csv.field_size_limit(limit)
    stream = io.TextIOWrapper(
        io.BufferedReader(open_regular(path), _CHUNK),
        encoding="utf-8-sig",
        errors="surrogateescape",
        newline="",
    )
    with stream:
        reader = csv.reader(stream, strict=True)
        header: list[str] = []
        ordinal = 0
        rows = iter(reader)
        while True:
            start = reader.line_num + 1
            try:
                row = next(rows)
            except StopIteration:
                return
            except csv.Error as error:
                if "unexpected end" in str(error):
                    raise MalformedFileError(
                        f"a quotation mark opened in line {start} never closes",
                        remedy="Rows before it were read; repair it and run the command again",
                        position=f"line {start}",
                    ) from None
                cause = f"invalid CSV: {error}"
                _report(problems, path, f"line {start}", MalformedRecordError(cause, remedy=_REPAIR))
                ordinal += 1
                continue
            if not header:
                header = _header(row)
            elif row:
                fault = _row_fault(row, header)
                if fault:
                    _report(problems, path, f"line {start}", MalformedRecordError(fault, remedy=_REPAIR))
                else:
                    yield Raw(ordinal, f"line {start}", dict(zip(header, row, strict=True)))
                ordinal += 1


def _header(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    if len(names) < 2 or len(set(names)) < len(names) or any(map(_ESCAPED.search, names)):
        raise UndetectedFormatError("the first line is no JSON object and no CSV header", remedy=_FORMATS)
    return names


def _row_fault(row: list[str], header: list[str]) -> str:
    if len(row) != len(header):
        return f"{len(row)} columns where the header has {len(header)}"
    if any(map(_ESCAPED.search, row)):
        return "it holds bytes that are no UTF-8"
    return ""


def _whole(path: Path) -> bytes:
    """A file that is read as one. Raises FileInputError, RecordTooLargeError."""
    limit = Settings().integer("read.max_record_bytes")
    with DiskFile(path) as disk:
        data = disk.read(limit + 1)
    if len(data) > limit:
        raise _too_large(limit)
    return data.removeprefix(_BOM)


def _timeml(path: Path, problems: Problems, ordinal: int = 0) -> Iterator[Raw]:
    try:
        yield Raw(ordinal, "", timeml_record(_whole(path), path.name))
    except RecordInputError as error:
        _report(problems, path, "document", error)


def _geoparsing(path: Path, read: Callable[[bytes], Iterator[dict[str, Any]]]) -> Iterator[Raw]:
    """Records of a published set; raises MalformedFileError where it cannot be read at all."""
    try:
        for ordinal, value in enumerate(read(_whole(path))):
            yield Raw(ordinal, f"text {ordinal + 1}", value)
    except RecordInputError as error:
        raise MalformedFileError(error.cause, remedy=error.remedy) from None


def _folder(path: Path, problems: Problems) -> Iterator[Raw]:
    """Every TimeML document of a folder, by name."""
    found = files_of(path)
    if not found:
        cause = f"it is a directory and holds no {' or '.join(_TIMEML)} files"
        raise UnreadableFileError(cause, remedy="Give a file, or a folder of TimeML documents")
    for ordinal, document in enumerate(found):
        for raw in _timeml(document, problems, ordinal):
            yield Raw(ordinal, document.name, raw.value)


def _bracketed(path: Path, problems: Problems) -> Iterator[Raw]:
    try:
        text = _whole(path).decode("utf-8")
        for ordinal, found in enumerate(bracketed_groups(text, path.stem)):
            if isinstance(found, RecordInputError):
                _report(problems, path, f"text {ordinal + 1}", found)
            else:
                yield Raw(ordinal, f"text {ordinal + 1}", found)
    except UnicodeDecodeError as error:
        raise EncodingError(f"byte {error.start + 1} is no UTF-8", remedy="Save it as UTF-8") from None
    except RecordInputError as error:
        _report(problems, path, "document", error)


def _parquet(path: Path) -> Iterator[Raw]:
    import pyarrow
    import pyarrow.parquet

    ordinal = 0
    try:
        with pyarrow.parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=_ROWS):
                for value in cast("list[dict[str, Any]]", batch.to_pylist()):
                    yield Raw(ordinal, f"row {ordinal + 1}", value)
                    ordinal += 1
    except (pyarrow.ArrowException, OSError, UnicodeDecodeError) as error:
        first = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise MalformedFileError(
            f"the Parquet file is damaged: {first}",
            remedy="Rows before the fault were read; export it again",
            position=f"row {ordinal + 1}",
        ) from None
