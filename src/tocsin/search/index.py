"""What queries are compared with: terms and vectors of a case as arrays of numbers, made by partition.

A document is a number here: its place among those of its partition, partitions one after the other. What
is made of a partition is kept as long as it is there, so a new file costs its own terms and vectors alone.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tocsin.store.orders import Order, beginnings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from tocsin.store import Snapshot

    Floats = NDArray[np.float64]
    Numbers = NDArray[np.int64]

__all__ = ["Index", "Postings", "Searchable", "kept_index", "whole_index"]

_DOCUMENTS: Final = ("document_id", "length")
_TERMS: Final = ("term", "document_id", "count")
_VECTORS: Final = ("claim_id", "document_id", "vector")


class Searchable(Protocol):
    """A case at one moment: ``tocsin.store.Snapshot``. Rows come in the canonical order of their table."""

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table: ...
    def select(self, name: str, column: str, values: Any) -> pa.Table: ...
    def query(self, sql: str, parameters: list[Any] | None = None) -> pa.Table: ...


class Keeper(Protocol):
    """Where large arrays are kept."""

    def __call__(self, array: NDArray[Any]) -> NDArray[Any]: ...


def _as_is(array: NDArray[Any]) -> NDArray[Any]:
    return array


def _joined(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks or [pa.array([], column.type)])


@dataclass(frozen=True, slots=True)
class _Documents:
    ids: pa.Array
    lengths: NDArray[np.int32]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table]) -> _Documents:
        rows = tables["search_documents"]
        return cls(_joined(rows.column("document_id")), rows.column("length").to_numpy().astype(np.int32))


def _places(rows: pa.Table, tables: Mapping[str, pa.Table]) -> NDArray[np.int32]:
    """The numbers of the documents of rows among those of their partition."""
    known = _joined(tables["search_documents"].column("document_id"))
    found: NDArray[np.int32] = pc.index_in(_joined(rows.column("document_id")), value_set=known).to_numpy()
    return found


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of a partition: which documents have each (``starts[n]`` to ``starts[n + 1]``), how often."""

    names: pa.Array
    order: Order
    starts: NDArray[np.int32]
    documents: NDArray[np.int32]
    counts: NDArray[np.int32]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], hold: Keeper) -> _Terms:
        rows = tables["search_terms"]  # by term, then document
        coded = _joined(rows.column("term")).dictionary_encode()
        names = coded.dictionary
        starts = np.searchsorted(coded.indices.to_numpy(), np.arange(len(names) + 1)).astype(np.int32)
        keys = beginnings(names)
        sorting = np.argsort(keys, kind="stable").astype(np.int32)
        return cls(
            names,
            Order(keys[sorting], sorting),
            starts,
            hold(_places(rows, tables)),
            hold(rows.column("count").to_numpy().astype(np.int32)),
        )

    def find(self, wanted: Mapping[str, int], keys: NDArray[np.uint64]) -> Iterable[tuple[int, slice]]:
        """The wanted terms that are here: their numbers, and where their documents are."""
        for row in self.order.find(keys).tolist():
            number = wanted.get(self.names[row].as_py())
            if number is not None:
                yield number, slice(int(self.starts[row]), int(self.starts[row + 1]))


@dataclass(frozen=True, slots=True)
class _Vectors:
    """The vectors of the claims of a partition, by document, then as the table has them."""

    claims: pa.Array
    documents: NDArray[np.int32]
    vectors: NDArray[np.int8]
    lengths: NDArray[np.float32]

    @classmethod
    def of(cls, tables: Mapping[str, pa.Table], hold: Keeper) -> _Vectors:
        rows = tables["claim_meanings"]
        places = _places(rows, tables)
        order = np.argsort(places, kind="stable")
        packed = b"".join(rows.column("vector").to_pylist())
        vectors = np.frombuffer(packed, np.int8).reshape(rows.num_rows, -1 if packed else 0)[order]
        squares = np.einsum("ij,ij->i", vectors, vectors, dtype=np.float32)
        lengths = np.sqrt(squares)
        return cls(
            _joined(rows.column("claim_id")).take(pa.array(order)),
            places[order],
            hold(vectors),
            np.where(lengths > 0, lengths, np.float32(1)),
        )


@dataclass(frozen=True, slots=True)
class Postings:
    """Where some terms stand, term by term in order: term (of ``names``), document and how often."""

    names: Sequence[str]
    terms: Numbers
    documents: Numbers
    counts: NDArray[np.int32]


class Index:
    """The documents of a case with their terms and the vectors of their claims, whichever were asked for."""

    def __init__(
        self,
        documents: Sequence[_Documents],
        terms: Sequence[_Terms],
        vectors: Sequence[_Vectors],
        old: Collection[str] = (),
    ) -> None:
        self.ids = pa.chunked_array([d.ids for d in documents], pa.string())
        self.lengths = np.concatenate([d.lengths for d in documents] or [np.zeros(0, np.int32)])
        sizes = [len(d.lengths) for d in documents]
        self._firsts = np.cumsum([0, *sizes])[:-1].tolist()
        self._terms, self._vectors = terms, vectors
        #: Which documents are current versions; None: all of them.
        self.current = ~self.among(pa.array(sorted(old), pa.string())) if old else None

    def among(self, documents: pa.Array) -> NDArray[np.bool_]:
        """Which documents are among those of these ids."""
        found: NDArray[np.bool_] = pc.is_in(self.ids, value_set=documents).to_numpy()
        return found

    @cached_property
    def size(self) -> tuple[int, float]:
        """How many current documents there are, and their mean length."""
        own = self.lengths if self.current is None else self.lengths[self.current]
        return len(own), float(own.mean()) if len(own) else 1.0

    def postings(self, wanted: Collection[str]) -> Postings:
        """Where these terms stand in current documents."""
        names = sorted(wanted)
        numbers = {name: n for n, name in enumerate(names)}
        keys = np.unique(beginnings(pa.array(names, pa.string())))
        found: list[list[tuple[NDArray[Any], NDArray[Any]]]] = [[] for _ in names]
        for first, part in zip(self._firsts, self._terms, strict=True):
            for number, there in part.find(numbers, keys):
                found[number].append((part.documents[there] + first, part.counts[there]))
        pieces = [piece for own in found for piece in own]
        documents = np.concatenate([d for d, _ in pieces] or [np.zeros(0, np.int64)])
        counts = np.concatenate([c for _, c in pieces] or [np.zeros(0, np.int32)])
        terms = np.repeat(np.arange(len(names)), [sum(len(d) for d, _ in own) for own in found])
        if self.current is not None:
            kept = self.current[documents]
            terms, documents, counts = terms[kept], documents[kept], counts[kept]
        return Postings(names, terms, documents, counts)

    @cached_property
    def _claims(self) -> tuple[Numbers, Numbers]:
        """The documents that have claims, and the first claim of each, then the number of all claims."""
        parts = zip(self._firsts, self._vectors, strict=True)
        owners = np.concatenate([p.documents + first for first, p in parts] or [np.zeros(0, np.int64)])
        starts = np.flatnonzero(np.diff(owners, prepend=-1))
        return owners[starts], np.append(starts, len(owners))

    def cosines(self, vector: NDArray[np.float32]) -> tuple[Floats, NDArray[np.float32]]:
        """For each document the cosine of its nearest claim with a unit vector, 0 without claims; and of
        each claim.
        """
        from tocsin.search.dots import products

        owners, starts = self._claims
        every = np.zeros(int(starts[-1]), np.float32)
        at = 0
        for part in self._vectors:
            if len(part.lengths):
                own = every[at : at + len(part.lengths)]
                products(part.vectors, vector, own)
                own /= part.lengths
                at += len(own)
        best = np.zeros(len(self.lengths))
        if len(owners):
            best[owners] = np.maximum.reduceat(every, starts[:-1])
        if self.current is not None:
            best[~self.current] = 0
        return best, every

    def nearest(self, documents: Sequence[int], cosines: NDArray[np.float32]) -> list[str | None]:
        """The claim of each of some documents that is nearest, the first of equals; None without claims."""
        owners, starts = self._claims
        wanted = np.asarray(documents, np.int64)
        places = np.minimum(np.searchsorted(owners, wanted), max(len(owners) - 1, 0))
        known = owners[places] == wanted if len(owners) else np.zeros(len(wanted), bool)
        bounds = zip(
            starts[places].tolist(), starts[np.minimum(places + 1, len(owners))].tolist(), strict=True
        )
        best = [first + int(np.argmax(cosines[first:end])) if first < end else 0 for first, end in bounds]
        claims = iter(self._claim_ids.take(np.array(best, np.int64)[known]).to_pylist())
        return [next(claims) if here else None for here in known.tolist()]

    @cached_property
    def _claim_ids(self) -> pa.ChunkedArray:
        return pa.chunked_array([part.claims for part in self._vectors], pa.string())


def kept_index(tables: Snapshot, *, words: bool, meanings: bool) -> Index:
    """The index of a snapshot, of what is kept of each of its partitions."""
    hold = tables.hold
    own = {"search_documents": _DOCUMENTS}
    documents = tables.keep_made("search_documents", own, _Documents.of)
    terms = list[_Terms]()
    vectors = list[_Vectors]()
    if words:
        columns = {"search_documents": _DOCUMENTS[:1], "search_terms": _TERMS}
        terms = tables.keep_made("search_terms", columns, lambda rows: _Terms.of(rows, hold))
    if meanings:
        columns = {"search_documents": _DOCUMENTS[:1], "claim_meanings": _VECTORS}
        vectors = tables.keep_made("search_vectors", columns, lambda rows: _Vectors.of(rows, hold))
    return Index(documents, terms, vectors, tables.superseded)


def whole_index(tables: Searchable, wanted: Collection[str], *, meanings: bool) -> Index:
    """An index for one query: of terms only those wanted."""
    rows = {
        "search_documents": tables.table("search_documents", _DOCUMENTS),
        "search_terms": tables.select("search_terms", "term", wanted).select(_TERMS),
    }
    if meanings:
        rows["claim_meanings"] = tables.table("claim_meanings", _VECTORS)
    vectors = [_Vectors.of(rows, _as_is)] if meanings else []
    return Index([_Documents.of(rows)], [_Terms.of(rows, _as_is)], vectors)
