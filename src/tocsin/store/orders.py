"""Texts found by their first letters: what stands where in a column, sorted, in twelve bytes a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Order", "beginnings", "order_of"]

_BEGINNING: Final = 8  # bytes of a text that are kept to find it by


@dataclass(frozen=True, slots=True)
class Order:
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


def beginnings(texts: pa.StringArray) -> NDArray[np.uint64]:
    """The first bytes of each text as a number; shorter texts are filled up with zeros."""
    _, offsets, data = texts.buffers()
    if not len(texts) or data is None:
        return np.zeros(len(texts), np.uint64)
    bounds = np.frombuffer(offsets, np.int32, len(texts) + 1, texts.offset * 4)
    letters = np.concatenate([np.frombuffer(data, np.uint8), np.zeros(_BEGINNING, np.uint8)])
    places = bounds[:-1, None] + np.arange(_BEGINNING)
    taken = np.where(places < bounds[1:, None], letters[places], 0).astype(np.uint8)
    return taken.view(">u8").ravel().astype(np.uint64)


def order_of(column: pa.ChunkedArray) -> Order:
    """The order of a column of texts."""
    keys = beginnings(_joined(column))
    rows = np.arange(len(keys), dtype=np.int32)
    if not np.all(keys[1:] >= keys[:-1]):
        rows = np.argsort(keys, kind="stable").astype(np.int32)
        keys = keys[rows]
    return Order(keys, rows)


def _joined(column: pa.ChunkedArray) -> pa.StringArray:
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) else whole
