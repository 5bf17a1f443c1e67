"""Tables in Apache Parquet, a batch of rows at a time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from tocsin.errors import (
    EmptyFileError,
    EncodingError,
    MalformedFileError,
    RecordTooLargeError,
    TruncatedFileError,
)
from tocsin.read.columns import columns_of, draft_of
from tocsin.read.drafts import finish
from tocsin.read.events import Context, Result

__all__ = ["ParquetReader"]

_MAGIC = b"PAR1"
_ROWS = 1024
#: Parquet is read from its end, so one in an archive is held: in memory to this size, then unnamed on disk.
_SPOOL = 16 << 20
_COPY = 1 << 20


class ParquetReader:
    """Parquet with columns mapped or guessed."""

    name = "parquet"
    help = "Apache Parquet table; columns mapped with --map or guessed"
    extensions = (".parquet", ".pq")
    binary = True

    def sniff(self, head: bytes, name: str) -> float:
        del name
        return 1.0 if head.startswith(_MAGIC) else 0.0

    def read(self, stream: BinaryIO, context: Context) -> Iterator[Result]:
        """Posts in the file's order, at ``row 12``; the first is row 1, since there is no header."""
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as spool:
            yield from _posts(_seekable(stream, cast(BinaryIO, spool)), context)


def _seekable(stream: BinaryIO, spool: BinaryIO) -> BinaryIO:
    if stream.seekable():
        stream.seek(0)
        return stream
    while data := stream.read(_COPY):
        spool.write(data)
    spool.seek(0)
    return spool


def _posts(stream: BinaryIO, context: Context) -> Iterator[Result]:
    import pyarrow
    import pyarrow.parquet

    stream.seek(0, 2)
    size = stream.tell()
    stream.seek(max(0, size - 4))
    if stream.read(4) != _MAGIC:
        raise TruncatedFileError(
            "the table ends too early: its directory is missing", remedy="Export it again"
        )
    stream.seek(0)
    number = 0
    try:
        table: Any = pyarrow.parquet.ParquetFile(stream)
        columns = columns_of(table.schema_arrow.names, context.options.mapping)
        if not table.metadata.num_rows:
            raise EmptyFileError("the table has no rows")
        names = [
            name.split(".")[0] if name not in table.schema_arrow.names else name for name in columns.names()
        ]
        for batch in table.iter_batches(batch_size=_ROWS, columns=list(dict.fromkeys(names))):
            _check_size(batch, context)
            for row in _rows(batch, pyarrow):
                number += 1
                yield from finish(draft_of(row, columns), f"row {number}", context)
    except UnicodeDecodeError as error:
        raise EncodingError("a text of the table is not UTF-8") from error
    except (pyarrow.ArrowException, OSError, ValueError, NotImplementedError) as error:
        cause = str(error).split("\n", 1)[0][:200]
        raise MalformedFileError(f"the table is damaged: {cause}") from error


def _check_size(batch: Any, context: Context) -> None:
    # A crafted column of one repeated value takes no room on disk; the batch shows what it takes in memory.
    if batch.get_total_buffer_size() > max(context.max_record * 4, 256 << 20):
        raise RecordTooLargeError(f"{_ROWS} rows take more than {batch.get_total_buffer_size():,} bytes")


def _rows(batch: Any, pyarrow: Any) -> Iterator[dict[str, object]]:
    values = []
    for column in batch.columns:
        # Nanoseconds have no Python type without pandas; a publication time needs no more than microseconds.
        if pyarrow.types.is_timestamp(column.type) and column.type.unit == "ns":
            column = column.cast(pyarrow.timestamp("us", column.type.tz), safe=False)  # noqa: PLW2901
        values.append(column.to_pylist())
    names = batch.schema.names
    for row in zip(*values, strict=True):
        yield dict(zip(names, row, strict=True))
