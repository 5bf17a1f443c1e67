"""Which earlier text a post is most like, where something else already says that it derives from one.

A forward's words may have been edited beyond what a search of the whole case would dare to link. Within the
posts of the channel it names, the rare words still tell which it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tocsin.link.fold import fold_rows, text_buffers

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, Any]

__all__ = ["LIKELY", "Ranked", "WordRanking"]

_SHINGLE = 5
#: A score is weighted Jaccard and this share of weighted containment.
_CONTAINMENT = 0.2
#: From this score a text is a likely original; those that come this close to the best may be it too.
LIKELY = 0.13
_CLOSE = 0.8
_MOST_LIKELY = 3
_MOST_UNLIKELY = 12


@dataclass(frozen=True, slots=True)
class Ranked:
    """Texts that may be a query's original, best first: row and score, and whether the best is likely."""

    rows: tuple[tuple[int, float], ...]
    likely: bool


class WordRanking:
    """An index of some texts by their five-letter shingles, rare ones weighing more (log of inverse
    frequency).

    Addresses and @names count here: a channel that names itself in each post is evidence. ``rows`` are the
    row numbers of the texts, ascending.
    """

    def __init__(self, texts: pa.Array | pa.ChunkedArray, rows: Array) -> None:
        import numpy as np

        self.rows = rows
        flat, edges = self._shingles(texts, rows)
        owners = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(edges))
        order = np.argsort(flat, kind="stable")
        self.vocabulary, starts = np.unique(flat[order], return_index=True)
        self.edges = np.append(starts, len(flat))
        self.postings = owners[order]
        counts = np.diff(self.edges)
        # The last weight is that of a shingle no text has. None is nothing, so that two texts can be
        # compared.
        self.weights = np.append(np.log1p(len(rows) / counts), np.log1p(len(rows)))
        spread = np.repeat(self.weights[:-1], counts)
        self.totals = np.bincount(self.postings, spread, minlength=len(rows))

    @staticmethod
    def _shingles(texts: pa.Array | pa.ChunkedArray, rows: Array) -> tuple[Array, Array]:
        from tocsin.link import kernels

        codes, bounds = fold_rows(text_buffers(texts), rows, keep_addresses=True)
        made: tuple[Array, Array] = kernels.sort_shingles(codes, bounds, _SHINGLE)
        return made

    def rank(self, texts: pa.Array | pa.ChunkedArray, row: int, before: int) -> Ranked:
        """Texts of the index with rows below ``before`` that may be the original of text ``row``.

        A likely best comes with those close to it, at most three in all; if none is likely the twelve best
        are given, none of them to be relied on.
        """
        import numpy as np

        from tocsin.link import pairing

        until = int(np.searchsorted(self.rows, before))
        query, _ = self._shingles(texts, np.array([row]))
        shared = np.zeros(len(self.rows))
        own = pairing.shared_weight(query, self.vocabulary, self.edges, self.postings, self.weights, shared)
        shared, totals = shared[:until], self.totals[:until]
        smaller = np.minimum(totals, own)
        score = shared / np.maximum(totals + own - shared, 1e-9)
        score += _CONTAINMENT * shared / np.maximum(smaller, 1e-9)
        most = min(_MOST_UNLIKELY, int((shared > 0).sum()))
        best = np.lexsort((np.arange(until), -score))[:most]
        found = [(int(self.rows[at]), round(float(score[at]), 4)) for at in best]
        likely = bool(found) and found[0][1] >= LIKELY
        if likely:
            found = [item for item in found if item[1] >= _CLOSE * found[0][1]][:_MOST_LIKELY]
        return Ranked(tuple(found), likely)
