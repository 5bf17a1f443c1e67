"""Tables in delimited text: CSV, TSV and their cousins."""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tocsin.errors import (
    EmptyFileError,
    InputError,
    MalformedRecordError,
    RecordTooLargeError,
    TruncatedFileError,
)
from tocsin.read.columns import columns_of, draft_of, knows_text
from tocsin.read.drafts import finish
from tocsin.read.events import Context, Result
from tocsin.read.text import Line, TextSource, lines

__all__ = ["CsvReader", "Delimited", "Dialect", "Row", "dialect_of"]

_DELIMITERS = (",", ";", "\t", "|")
_SEP_LINE = re.compile(r"sep=(.)\Z")
#: A quotation mark escaped by a backslash inside a cell; at a cell's end the backslash is the cell's own.
_ESCAPED = re.compile(r'[^\\,;\t|\n]\\"(?![",;\t|\n]|\Z)|[,;\t|]"\\"(?!")')
#: Times a quotation mark left open is given up and its lines read again: bounds the work a file can cost.
_RECOVERIES = 20
_STRUCTURED = ("{", "[", "<")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are told apart, and the share of sample rows as wide as the first."""

    delimiter: str
    escape: str | None
    header: tuple[str, ...]
    rows: int
    share: float


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as a spreadsheet counts it (the header is row 1), cells by column, or the error."""

    number: int
    cells: dict[str, str]
    error: InputError | None = None

    @property
    def position(self) -> str:
        return f"row {self.number}"


def dialect_of(sample: str) -> Dialect:
    """The likeliest dialect of the first lines of a table. ``csv.Sniffer`` takes letters for delimiters."""
    first, _, rest = sample.partition("\n")
    marked = _SEP_LINE.match(first)
    if marked:
        sample = rest
    delimiters = (marked[1],) if marked else _DELIMITERS
    escape = "\\" if _ESCAPED.search(sample) else None
    found = [_try(sample, delimiter, escape) for delimiter in delimiters]
    return max(found, key=lambda d: (len(d.header) > 1, knows_text(d.header), d.share, len(d.header)))


def _try(sample: str, delimiter: str, escape: str | None) -> Dialect:
    rows: list[list[str]] = []
    try:
        for row in _reader(iter(sample.splitlines(keepends=True)), delimiter, escape):
            if row:
                rows.append(row)
            if len(rows) > 60:
                break
    except csv.Error:
        pass
    if len(rows) > 2 and len(rows) <= 60:
        rows.pop()  # the last row of a sample may be cut
    header = tuple(rows[0]) if rows else ()
    same = sum(1 for row in rows[1:] if len(row) == len(header))
    return Dialect(delimiter, escape, header, len(rows) - 1, same / max(1, len(rows) - 1))


def _reader(source: Iterator[str], delimiter: str, escape: str | None) -> Iterator[list[str]]:
    return csv.reader(source, delimiter=delimiter, escapechar=escape, doublequote=escape is None)


class _TooLongError(Exception):
    """A physical line is longer than a record may be."""


class _OverrunError(Exception):
    """The lines of one row are longer together than a record may be."""


class _Feed:
    """Hands lines to ``csv.reader`` and remembers those of the current row, to give them again."""

    def __init__(self, source: Iterator[Line], limit: int) -> None:
        self._source = source
        self._limit = limit
        self._again: deque[Line] = deque()
        self.taken: list[Line] = []
        self._size = 0
        self.ended = False

    def begin(self) -> None:
        self.taken, self._size, self.ended = [], 0, False

    def push_back(self, some: list[Line]) -> None:
        self._again.extendleft(reversed(some))

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source, None)
        if line is None:
            self.ended = True
            raise StopIteration
        text = line[1]
        if text is None:
            raise _TooLongError
        self.taken.append(line)
        self._size += len(text)
        if self._size > self._limit:
            raise _OverrunError
        return text + "\n"


class Delimited:
    """A table being read: ``header``, then ``rows()``. Raises EmptyFileError for a file without a header."""

    def __init__(self, source: TextSource, context: Context) -> None:
        # The limit is one number for the whole process; it is only ever raised.
        csv.field_size_limit(max(csv.field_size_limit(), context.max_record + 1))
        head = source.read()
        self._context = context
        self._dialect = dialect_of(head[: 1 << 16])
        self._feed = _Feed(lines(_Resumed(head, source), context.max_record), context.max_record)
        if _SEP_LINE.match(head.partition("\n")[0]):
            next(self._feed)
        self._recoveries = _RECOVERIES
        self.header: list[str] = []
        for row in self._records():
            if isinstance(row, InputError):
                raise row
            self.header = [cell.strip().lstrip("\ufeff") for cell in row]
            break
        if not self.header:
            raise EmptyFileError("the table has no header")

    def rows(self) -> Iterator[Row]:
        """The rows after the header; blank lines are none."""
        number = 1
        width = len(self.header)
        for record in self._records():
            number += 1
            if isinstance(record, InputError):
                yield Row(number, {}, record)
                continue
            if len(record) > width and any(cell.strip() for cell in record[width:]):
                cause = f"the row has {len(record)} cells where the header has {width}"
                yield Row(number, {}, MalformedRecordError(cause))
                continue
            yield Row(number, dict(zip(self.header, record, strict=False)))

    def _records(self) -> Iterator[list[str] | InputError]:
        dialect, feed = self._dialect, self._feed
        reader = _reader(feed, dialect.delimiter, dialect.escape)
        while True:
            feed.begin()
            fault: InputError | None = None
            cells: list[str] = []
            try:
                cells = next(reader)
                if feed.ended and feed.taken:
                    fault = self._open_quote()
            except StopIteration:
                return
            except _TooLongError:
                fault = RecordTooLargeError(f"the row is longer than {self._context.max_record:,} bytes")
            except _OverrunError:
                fault = self._open_quote()
            except csv.Error as error:
                self._give_back(feed.taken[1:])
                fault = MalformedRecordError(f"the row cannot be read: {error}")
            if fault is not None:
                # A reader that failed keeps half a row inside.
                reader = _reader(feed, dialect.delimiter, dialect.escape)
                yield fault
            elif cells:
                yield cells

    def _open_quote(self) -> InputError:
        """A quotation mark was opened and never closed: one row is lost, its further lines are read again."""
        rest = self._feed.taken[1:]
        first = self._feed.taken[0][0]
        width = len(self.header)
        if not self._feed.ended or any(self._width(line) == width for line in rest):
            self._give_back(rest)
            return MalformedRecordError(f"a quotation mark opened in line {first} is never closed")
        return TruncatedFileError("the file ends inside a quoted cell")

    def _width(self, line: Line) -> int:
        try:
            cells = next(_reader(iter([line[1] or ""]), self._dialect.delimiter, self._dialect.escape), [])
        except csv.Error:
            return 0
        return len(cells)

    def _give_back(self, some: list[Line]) -> None:
        if self._recoveries > 0:
            self._recoveries -= 1
            self._feed.push_back(some)


class _Resumed(TextSource):
    """A source whose first piece was read for its dialect and is given again."""

    def __init__(self, head: str, source: TextSource) -> None:
        self._head: str | None = head
        self._source = source

    def read(self) -> str:
        if self._head is not None:
            head, self._head = self._head, None
            return head
        return self._source.read()


class CsvReader:
    """A table with a header, columns mapped or guessed."""

    name = "csv"
    help = "table with a header, cells between , ; | or tabs; columns mapped with --map or guessed"
    extensions = (".csv", ".tsv", ".tab")
    binary = False

    def sniff(self, head: bytes, name: str) -> float:
        text = head.decode("utf-8", "replace").lstrip("\ufeff")
        named = name.lower().endswith(self.extensions)
        if text.lstrip().startswith(_STRUCTURED):
            return 0.0
        dialect = dialect_of(text)
        header = [cell.strip() for cell in dialect.header]
        if not header or any(len(cell) > 60 for cell in header):
            return 0.3 if named else 0.0
        if len(header) > 1 and dialect.rows and dialect.share >= 0.8 and knows_text(header):
            return 0.9
        if named:
            return 0.6
        plain = all(re.fullmatch(r"[\w .\-/]{1,40}", cell) for cell in header)
        distinct = len(set(header)) == len(header)
        return (
            0.45
            if plain and distinct and len(header) > 2 and dialect.rows > 2 and dialect.share == 1
            else 0.0
        )

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``row 12`` (the header is row 1)."""
        table = Delimited(TextSource(stream), context)
        columns = columns_of(table.header, context.options.mapping)
        text = columns.fields["text"]
        number = 0
        for row in table.rows():
            number += 1
            if row.error is not None:
                yield context.place(row.error, row.position)
            elif text not in row.cells:
                cause = f"the row has only {len(row.cells)} of {len(table.header)} cells"
                yield context.fault(MalformedRecordError, cause, row.position)
            else:
                yield from finish(draft_of(row.cells, columns), row.position, context)
        if not number:
            raise EmptyFileError("the table has a header and no rows")
