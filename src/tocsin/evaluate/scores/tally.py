"""Counts by document and name: what figures are computed from and what a bootstrap resamples."""

from __future__ import annotations

from array import array
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["Tally"]

Floats = NDArray[np.float64]


class Tally:
    """Rows of ``width`` whole numbers under a document and a name; adding twice adds up.

    Kept as flat arrays, about 8 bytes a number, so a hundred thousand documents cost megabytes.
    """

    def __init__(self, width: int) -> None:
        self._width = width
        self._documents: dict[str, int] = {}
        self._names: dict[str, int] = {}
        self._rows = array("q")

    @property
    def documents(self) -> int:
        """Documents seen, those without a count among them."""
        return len(self._documents)

    @property
    def names(self) -> list[str]:
        """Names seen, in order of their first count."""
        return list(self._names)

    def document(self, document: str) -> int:
        """Make a document known even if nothing is counted in it; returns its row."""
        return self._documents.setdefault(document, len(self._documents))

    def add(self, document: str, name: str, counts: Sequence[int]) -> None:
        """Add ``width`` counts."""
        self._rows.append(self.document(document))
        self._rows.append(self._names.setdefault(name, len(self._names)))
        self._rows.extend(counts)

    def totals(self, name: str) -> tuple[int, ...]:
        """The sums under a name over all documents; zeros for a name never seen."""
        rows = self._table()
        own = rows[rows[:, 1] == self._names.get(name, -1), 2:]
        return tuple(int(total) for total in own.sum(axis=0))

    def matrix(self, names: Sequence[str]) -> Floats:
        """Sums of each document, (documents, len(names), width), in the order of ``names``."""
        out = np.zeros((len(self._documents), len(names), self._width))
        rows = self._table()
        column = np.full(len(self._names) + 1, -1)
        for at, name in enumerate(names):
            column[self._names.get(name, len(self._names))] = at
        column[len(self._names)] = -1
        where = column[rows[:, 1]]
        kept = where >= 0
        np.add.at(out, (rows[kept, 0], where[kept]), rows[kept, 2:])
        return out

    def _table(self) -> NDArray[np.int64]:
        flat = np.frombuffer(self._rows, dtype=np.int64) if self._rows else np.empty(0, dtype=np.int64)
        return flat.reshape(-1, self._width + 2)
