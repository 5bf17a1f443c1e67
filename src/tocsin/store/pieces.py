"""Rows of a few documents, read from only the segments that hold them.

A query by id looks at every segment of a table; on a million posts that takes seconds. Everything derived
from a document lies in segments of the same partition as the document, so its rows can be read from there
alone. What was read is kept, the longest unused given up first: segments never change.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tocsin.model.arrow import empty_table
from tocsin.model.tables import TABLES
from tocsin.store.segments import Segment, read_segment

__all__ = ["Pieces"]

_MOST_BYTES = 256 << 20


class _Kept:
    """Segments read, by name, up to so many bytes."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._tables: OrderedDict[str, pa.Table] = OrderedDict()
        self._bytes = 0

    def get(self, root: Path, segment: Segment) -> pa.Table:
        with self._lock:
            if segment.name in self._tables:
                self._tables.move_to_end(segment.name)
                return self._tables[segment.name]
        data = read_segment(root, segment)
        with self._lock:
            if segment.name not in self._tables:
                self._tables[segment.name] = data
                self._bytes += data.nbytes
            while self._bytes > self._most and len(self._tables) > 1:
                _, old = self._tables.popitem(last=False)
                self._bytes -= old.nbytes
        return data


_KEPT = _Kept(_MOST_BYTES)


class Pieces:
    """The segments of one snapshot by table and partition."""

    def __init__(self, root: Path, segments: Iterable[Segment]) -> None:
        self._root = root
        self._segments: dict[str, dict[str, list[Segment]]] = {}
        for segment in segments:
            self._segments.setdefault(segment.table, {}).setdefault(segment.partition, []).append(segment)
        documents = self._segments.get("documents", {})
        self._partitions = set(documents)
        self._partition_of = {s.name: partition for partition, own in documents.items() for s in own}

    def holds(self, name: str) -> bool:
        """Whether the rows of a table lie beside the documents they are of."""
        own = set(self._segments.get(name, {}))
        return "document_id" in TABLES[name].column_names and own <= self._partitions

    def rows(self, name: str, documents: Mapping[str, str]) -> pa.Table:
        """The rows of some documents; ``documents`` maps their ids to the names of their segments."""
        wanted = pa.array(sorted(documents), type=pa.string())
        found = [empty_table(TABLES[name])]
        for partition in sorted({self._partition_of[name] for name in documents.values()}):
            for segment in self._segments.get(name, {}).get(partition, ()):
                data = _KEPT.get(self._root, segment)
                found.append(data.filter(pc.is_in(data.column("document_id"), value_set=wanted)))
        return pa.concat_tables(found)
