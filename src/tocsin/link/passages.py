"""Shared passages: which texts have a stretch of words in common, however different the rest.

Near-duplicates are alike as a whole; an excerpt, or a copy with a paragraph before it, is not. Winnowing
(Schleimer, Wilkerson & Aiken 2003) keeps a few fingerprints of each text such that any stretch of
``GUARANTEED`` folded code points that two texts share leaves one in both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tocsin.link.fold import fold_rows, fold_table, text_buffers
from tocsin.link.join import meeting, sorted_distinct

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, Any]

__all__ = ["GUARANTEED", "evidence_of", "fingerprints_of", "passage_candidates"]

_CHUNK = 20_000
_SIZE = 16
_WINDOW = 12

#: Folded code points in a row that two texts must share for their fingerprints to meet for certain.
GUARANTEED = _SIZE + _WINDOW - 1

#: Texts of one fingerprint that are paired each with each.
_WIDEST = 32
#: Runs of shared words shorter than this are no evidence, and at most this many are shown.
_SHORTEST_RUN = 12
_MOST_RUNS = 24


def fingerprints_of(texts: pa.Array | pa.ChunkedArray, rows: Array | None = None) -> tuple[Array, Array]:
    """The fingerprints of all texts or some: a flat ``uint32`` array and offsets, one more than texts."""
    import numpy as np

    from tocsin.link import pairing

    buffers = text_buffers(texts)
    wanted = np.arange(len(buffers[1]) - 1) if rows is None else rows
    flats, edges, used = [np.zeros(0, np.uint32)], [np.zeros(1, np.int64)], 0
    for at in range(0, len(wanted), _CHUNK):
        codes, bounds = fold_rows(buffers, wanted[at : at + _CHUNK])
        flat, ends = pairing.winnow_texts(codes, bounds, _SIZE, _WINDOW)
        flats.append(flat.copy())
        edges.append(ends[1:] + used)
        used += len(flat)
    return np.concatenate(flats), np.concatenate(edges)


def passage_candidates(prints: Array, bounds: Array, wanted: Array | None = None) -> tuple[Array, Array]:
    """Pairs of texts that share fingerprints: the earlier and the later, sorted.

    ``prints`` and ``bounds`` as ``fingerprints_of`` gives them, in the order of time. Only pairs of which the
    later is ``wanted`` (a flag for each text), all without it. A fingerprint of many texts pairs each with
    the first of them, not each with each; so the pairs of a text depend on those before it alone.
    """
    import numpy as np

    from tocsin.link import pairing

    counts = np.diff(bounds)
    chosen = np.ones(len(counts), np.bool_) if wanted is None else wanted
    texts = np.repeat(np.arange(len(counts), dtype=np.uint64), counts)
    entries = prints.astype(np.uint64)
    if wanted is not None:
        met = meeting(entries, np.repeat(wanted, counts))
        entries, texts = entries[met], texts[met]
    entries = sorted_distinct((entries << np.uint64(32)) | texts)
    pairs = sorted_distinct(pairing.passage_pairs(entries, 32, _WIDEST, chosen))
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(0xFFFFFFFF)).astype(np.int64)


def evidence_of(
    texts: pa.Array | pa.ChunkedArray, left: Array, right: Array
) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
    """Where the words of each pair of texts stand in the other, as code point ranges of the texts themselves.

    For each pair the ranges in the left and in the right text; the longest, at most a few dozen, in order.
    """
    from tocsin.link import kernels

    buffers, table = text_buffers(texts), fold_table()
    made = []
    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        codes, places = kernels.fold_with_places(*buffers, one, table)
        others, other_places = kernels.fold_with_places(*buffers, other, table)
        made.append((_ranges(codes, places, others), _ranges(others, other_places, codes)))
    return made


def _ranges(codes: Array, places: Array, others: Array) -> list[tuple[int, int]]:
    from tocsin.link import pairing

    least = min(_SHORTEST_RUN, len(codes))
    runs = pairing.shared_runs(codes, others, 5, least)
    longest = sorted(runs.tolist(), key=lambda run: (run[0] - run[1], run[0]))[:_MOST_RUNS]
    return sorted((int(places[start]), int(places[end - 1]) + 1) for start, end in longest)
