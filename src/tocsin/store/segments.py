"""Immutable Parquet segments: the bulk of a case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from tocsin.errors import CaseDamagedError
from tocsin.model.arrow import arrow_schema
from tocsin.model.ids import digest, make_id
from tocsin.model.tables import TABLES
from tocsin.store.durable import write_durably

__all__ = [
    "Segment",
    "read_as_written",
    "read_footer",
    "read_segment",
    "segment_path",
    "write_segment",
]

#: Rows are written in groups of about so many bytes (as they are in memory): what a page reads of a segment
#: for the few rows it shows. Smaller ones take more room and longer where all is read.
_GROUP_BYTES: Final = 512 << 10
_FEWEST_ROWS: Final = 256


@dataclass(frozen=True, slots=True)
class Segment:
    """One immutable Parquet file of one table.

    ``partition`` is the name of the documents segment whose rows it was derived from (its own name for
    documents, sightings and problems, which are not derived).
    """

    name: str
    table: str
    partition: str
    rows: int
    size: int
    digest: str


def segment_path(root: Path, segment: Segment) -> Path:
    """Where a segment lies in the case folder ``root``."""
    return root / "segments" / segment.table / f"{segment.name}.parquet"


def write_segment(root: Path, table: str, data: pa.Table, partition: str = "") -> Segment:
    """Write ``data`` durably as a new segment; it counts only once the manifest names it.

    The name is made of the content, so writing the same rows of the same partition again (after a crash, say)
    gives the same file. Raises ``pyarrow.ArrowInvalid`` when ``data`` does not fit the declared schema.
    """
    schema = arrow_schema(TABLES[table])
    data = data.select(schema.names).cast(schema)
    sink = pa.BufferOutputStream()
    rows = max(_FEWEST_ROWS, data.num_rows * _GROUP_BYTES // max(data.nbytes, 1))
    pq.write_table(
        data, sink, compression="zstd", compression_level=3, store_schema=False, row_group_size=rows
    )
    buffer = sink.getvalue()
    content = digest(buffer)
    name = make_id("segment", table, partition, content)
    segment = Segment(name, table, partition or name, data.num_rows, buffer.size, content)
    path = segment_path(root, segment)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_durably(path, memoryview(buffer))
    return segment


def read_as_written(root: Path, segment: Segment) -> pa.Table:
    """The rows of a segment in the columns it has, which may be those of an earlier version.

    Raises CaseDamagedError when its file is unfit.
    """
    path = segment_path(root, segment)
    with _fit(segment, path), pq.ParquetFile(path) as file:
        return file.read(use_threads=False)


def read_segment(
    root: Path,
    segment: Segment,
    columns: tuple[str, ...] | None = None,
    groups: Sequence[int] | None = None,
    footer: pq.FileMetaData | None = None,
) -> pa.Table:
    """The rows of a segment, or of some of its groups of rows, in the declared schema.

    ``footer`` is what ``read_footer`` gave of it. Raises CaseDamagedError when its file is unfit.
    """
    path = segment_path(root, segment)
    schema = arrow_schema(TABLES[segment.table])
    names = list(columns or schema.names)
    with _fit(segment, path), pq.ParquetFile(path, metadata=footer) as file:
        # A file alone: to read it as a data set of one file takes three times as long.
        if groups is None:
            data = file.read(columns=names, use_threads=False)
        else:
            data = file.read_row_groups(list(groups), columns=names, use_threads=False)
        return data.select(names).cast(pa.schema([schema.field(name) for name in names]))


def read_footer(root: Path, segment: Segment) -> pq.FileMetaData:
    """What a segment's file says of its groups of rows; raises CaseDamagedError when it is unfit."""
    path = segment_path(root, segment)
    with _fit(segment, path):
        return pq.read_metadata(path)


@contextmanager
def _fit(segment: Segment, path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, pa.ArrowException, KeyError) as error:
        raise CaseDamagedError(
            f"segment {segment.table}/{segment.name} cannot be read ({error})", file=str(path)
        ) from error
