"""Rows found by an id, without looking through tables.

A query by id looks at every segment of a table: tens of milliseconds in a small case, seconds on a million
posts. Segments never change, so where the ids of a column stand in a segment is worked out once and kept, for
every snapshot that has the segment; so are rows read, the longest unused given up first. What is derived from
a document lies in segments of its partition: of these only the document's own are looked at.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tocsin.model.arrow import empty_table
from tocsin.model.tables import TABLES
from tocsin.store.segments import Segment, read_segment, segment_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Pieces"]

Value = TypeVar("Value")
_MOST_BYTES: Final = 256 << 20
_BEGINNING: Final = 8  # bytes of a text that are kept to find it by


class _Kept(Generic[Value]):
    """Values by name, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._values: OrderedDict[tuple[str, str], tuple[Value, int]] = OrderedDict()
        self._bytes = 0

    def get(self, name: tuple[str, str], make: Callable[[], Value], size: Callable[[Value], int]) -> Value:
        """The value of a name, made if it is not there."""
        with self._lock:
            if name in self._values:
                self._values.move_to_end(name)
                return self._values[name][0]
        value = make()
        with self._lock:
            if name not in self._values:
                self._values[name] = (value, size(value))
                self._bytes += self._values[name][1]
            while self._bytes > self._most and len(self._values) > 1:
                _, (_, given_up) = self._values.popitem(last=False)
                self._bytes -= given_up
        return value


@dataclass(frozen=True, slots=True)
class _Order:
    """The texts of a column by their first bytes, in order, and the rows they stand in."""

    keys: NDArray[np.uint64]
    rows: NDArray[np.int32]

    def find(self, wanted: NDArray[np.uint64]) -> NDArray[np.int32]:
        """The rows of texts that begin as wanted; ``wanted`` is in order and without repetition."""
        first = np.searchsorted(self.keys, wanted, "left")
        counts = np.searchsorted(self.keys, wanted, "right") - first
        before = np.cumsum(counts) - counts
        found: NDArray[np.int32] = self.rows[np.repeat(first - before, counts) + np.arange(counts.sum())]
        return found


_ROWS: Final = _Kept[pa.Table](_MOST_BYTES)
_ORDERS: Final = _Kept[_Order](_MOST_BYTES)


def _beginnings(texts: pa.StringArray) -> NDArray[np.uint64]:
    """The first bytes of each text as a number; shorter texts are filled up with zeros."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return np.zeros(len(texts), np.uint64)
    bounds = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * 4)
    letters = np.concatenate([np.frombuffer(data, np.uint8), np.zeros(_BEGINNING, np.uint8)])
    places = bounds[:-1, None] + np.arange(_BEGINNING)
    taken = np.where(places < bounds[1:, None], letters[places], 0).astype(np.uint8)
    return taken.view(">u8").ravel().astype(np.uint64)


def _order_of(column: pa.ChunkedArray) -> _Order:
    keys = _beginnings(_joined(column))
    rows = np.arange(len(keys), dtype=np.int32)
    if not np.all(keys[1:] >= keys[:-1]):
        rows = np.argsort(keys, kind="stable").astype(np.int32)
        keys = keys[rows]
    return _Order(keys, rows)


def _joined(column: pa.ChunkedArray) -> pa.StringArray:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole


class Pieces:
    """The segments of one snapshot by table and partition."""

    def __init__(self, root: Path, segments: Iterable[Segment]) -> None:
        self._root = root
        self._segments: dict[str, dict[str, list[Segment]]] = {}
        for segment in segments:
            self._segments.setdefault(segment.table, {}).setdefault(segment.partition, []).append(segment)
        partitions = self._segments.get("documents", {}).keys()
        #: Tables whose rows lie beside the documents they are of.
        self._beside = {
            name
            for name, own in self._segments.items()
            if "document_id" in TABLES[name].column_names and own.keys() <= partitions
        }

    def partitions(self, tables: Sequence[str]) -> Iterator[dict[str, list[Path]]]:
        """The files of some tables in each partition that has any of the first table."""
        for partition in self._segments.get(tables[0], {}):
            own = {table: self._segments.get(table, {}).get(partition, []) for table in tables}
            yield {name: [segment_path(self._root, s) for s in segments] for name, segments in own.items()}

    def find(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        """The rows of a table, old versions of documents included, whose ``column`` is one of ``values``.

        They come in canonical order.
        """
        wanted = pa.array(sorted(set(values)), pa.string())
        keys = np.unique(_beginnings(wanted))
        found = [empty_table(TABLES[name])]
        for segment in self._candidates(name, column, keys):
            rows = self._order(segment, column).find(keys)
            if len(rows):
                some = self._rows(segment).take(rows)
                found.append(some.filter(pc.is_in(some.column(column), value_set=wanted)))
        data = pa.concat_tables(found)
        order = [(key, "ascending") for key in TABLES[name].order]
        return data.sort_by(order) if data.num_rows > 1 else data

    def _candidates(self, name: str, column: str, keys: NDArray[np.uint64]) -> list[Segment]:
        """The segments in which rows may be."""
        own = self._segments.get(name, {})
        if column == "document_id" and name != "documents" and name in self._beside:
            partitions = [
                partition
                for partition, documents in self._segments["documents"].items()
                if partition in own and any(len(self._order(s, column).find(keys)) for s in documents)
            ]
            return [segment for partition in partitions for segment in own[partition]]
        return [segment for segments in own.values() for segment in segments]

    def _rows(self, segment: Segment) -> pa.Table:
        return _ROWS.get(
            (segment.name, ""),
            lambda: read_segment(self._root, segment).combine_chunks(),
            lambda rows: rows.nbytes,
        )

    def _order(self, segment: Segment, column: str) -> _Order:
        def make() -> _Order:
            # Of a document's own rows all is wanted next; of other ids most segments hold none.
            whole = column == "document_id" and segment.table != "documents" and segment.table in self._beside
            data = self._rows(segment) if whole else read_segment(self._root, segment, (column,))
            return _order_of(data.column(column))

        return _ORDERS.get(
            (segment.name, column), make, lambda order: int(order.keys.nbytes + order.rows.nbytes)
        )
