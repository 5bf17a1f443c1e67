"""Rows found by an id, without looking through tables.

A query by id looks at every segment of a table: tens of milliseconds in a small case, seconds on a million
posts. Segments never change, so where the ids of a column stand in a segment is worked out once and kept, for
every snapshot that has the segment; so are rows read, the longest unused given up first. What is derived from
a document lies in segments of its partition: of these only the document's own are looked at.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final, Generic, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from tocsin.model.arrow import empty_table
from tocsin.model.tables import TABLES
from tocsin.store.orders import Order, beginnings, order_of
from tocsin.store.segments import Segment, read_footer, read_segment, segment_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Pieces"]

Value = TypeVar("Value")
_MOST_BYTES: Final = 256 << 20
_LONG: Final = 50_000  # rows of a segment of which that is too much


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
class _Layout:
    """The groups of rows of a segment; ``starts`` are their first rows, then the number of all."""

    footer: pq.FileMetaData
    starts: NDArray[np.int64]
    bounds: dict[str, list[tuple[str, str]] | None] = field(default_factory=dict)

    @classmethod
    def of(cls, footer: pq.FileMetaData) -> _Layout:
        sizes = [footer.row_group(n).num_rows for n in range(footer.num_row_groups)]
        return cls(footer, np.cumsum([0, *sizes]))

    def holding(self, column: str, wanted: pa.StringArray) -> list[int] | None:
        """The groups in which texts can be; None where the column is not in order from group to group."""
        if column not in self.bounds:
            self.bounds[column] = self._bounds_of(column)
        bounds = self.bounds[column]
        if bounds is None:
            return None
        texts: list[str] = wanted.to_pylist()
        at = ((bisect_left(texts, least), bisect_right(texts, most)) for least, most in bounds)
        return [n for n, (first, end) in enumerate(at) if first < end]

    def _bounds_of(self, column: str) -> list[tuple[str, str]] | None:
        schema = self.footer.schema
        number = [schema.column(n).path for n in range(self.footer.num_columns)].index(column)
        groups = range(self.footer.num_row_groups)
        said = [self.footer.row_group(n).column(number).statistics for n in groups]
        if not all(s is not None and s.has_min_max for s in said):
            return None
        bounds = [(s.min, s.max) for s in said]
        in_order = all(before[1] <= after[0] for before, after in pairwise(bounds))
        return bounds if in_order else None


_ROWS: Final = _Kept[pa.Table](_MOST_BYTES)
_LAYOUTS: Final = _Kept[_Layout](_MOST_BYTES // 4)
_ORDERS: Final = _Kept[Order](_MOST_BYTES)


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

    def partitions(self, tables: Sequence[str]) -> Iterator[dict[str, list[Segment]]]:
        """The segments of some tables in each partition that has any of the first table."""
        for partition in self._segments.get(tables[0], {}):
            yield {table: self._segments.get(table, {}).get(partition, []) for table in tables}

    def paths(self, segments: Iterable[Segment]) -> list[Path]:
        """Their files."""
        return [segment_path(self._root, segment) for segment in segments]

    def read(self, table: str, segments: Iterable[Segment], columns: tuple[str, ...]) -> pa.Table:
        """Some columns of segments of one table, every version of documents, in canonical order."""
        read = [read_segment(self._root, segment, columns) for segment in segments]
        if not read:
            return empty_table(TABLES[table]).select(columns)
        keys = [(key, "ascending") for key in TABLES[table].order if key in columns]
        return read[0] if len(read) == 1 else pa.concat_tables(read).sort_by(keys)

    def find(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        """The rows of a table, old versions of documents included, whose ``column`` is one of ``values``.

        They come in canonical order.
        """
        wanted = pa.array(sorted(set(values)), pa.string())
        keys = np.unique(beginnings(wanted))
        found = [empty_table(TABLES[name])]
        for segment in self._candidates(name, column, keys):
            alike = self._alike(segment, column, keys, wanted)
            found += [some.filter(pc.is_in(some.column(column), value_set=wanted)) for some in alike]
        data = pa.concat_tables(found)
        order = [(key, "ascending") for key in TABLES[name].order]
        return data.sort_by(order) if data.num_rows > 1 else data

    def _candidates(self, name: str, column: str, keys: NDArray[np.uint64]) -> list[Segment]:
        """The segments in which rows may be."""
        own = self._segments.get(name, {})
        if column == "document_id" and name != "documents" and name in self._beside:
            places, partitions = self._documents
            here = {partitions[n] for n in np.unique(places.find(keys)).tolist()}
            return [segment for partition in sorted(here & own.keys()) for segment in own[partition]]
        return [segment for segments in own.values() for segment in segments]

    @cached_property
    def _documents(self) -> tuple[Order, list[str]]:
        """All documents by the beginnings of their ids: the number of the partition each is in."""
        found = [(s, n) for n, own in enumerate(self._segments["documents"].values()) for s in own]
        orders = [self._order(segment, "document_id") for segment, _ in found]
        keys = np.concatenate([order.keys for order in orders])
        numbers = [np.full(len(o.keys), n, np.int32) for o, (_, n) in zip(orders, found, strict=True)]
        sorting = np.argsort(keys, kind="stable")
        return Order(keys[sorting], np.concatenate(numbers)[sorting]), list(self._segments["documents"])

    def _alike(
        self, segment: Segment, column: str, keys: NDArray[np.uint64], wanted: pa.StringArray
    ) -> Iterator[pa.Table]:
        """Rows of a segment among which are all that are wanted, from as few of its groups as may be."""
        layout = self._layout(segment)
        own = column == "document_id" and segment.table != "documents" and segment.table in self._beside
        if own or segment.rows > _LONG:
            # The rows of known documents, or a column too long to be kept: the groups say what they hold.
            groups = layout.holding(column, wanted)
            if groups is not None:
                yield from (self._group(segment, group) for group in groups)
                return
        rows = np.sort(self._order(segment, column).find(keys))
        starts = layout.starts
        for group in np.unique(np.searchsorted(starts, rows, "right") - 1).tolist():
            inside = rows[(rows >= starts[group]) & (rows < starts[group + 1])]
            yield self._group(segment, group).take(inside - starts[group])

    def _layout(self, segment: Segment) -> _Layout:
        return _LAYOUTS.get(
            (segment.name, ""),
            lambda: _Layout.of(read_footer(self._root, segment)),
            lambda layout: 200 * layout.footer.num_row_groups * layout.footer.num_columns,
        )

    def _group(self, segment: Segment, group: int) -> pa.Table:
        footer = self._layout(segment).footer
        return _ROWS.get(
            (segment.name, str(group)),
            lambda: read_segment(self._root, segment, groups=[group], footer=footer).combine_chunks(),
            lambda rows: rows.nbytes,
        )

    def _order(self, segment: Segment, column: str) -> Order:
        return _ORDERS.get(
            (segment.name, column),
            lambda: order_of(read_segment(self._root, segment, (column,)).column(column)),
            lambda order: int(order.keys.nbytes + order.rows.nbytes),
        )
