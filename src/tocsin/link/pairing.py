"""The inner loops that bring texts together: bands, passages, exact similarity, rare shingles in common.

As in ``kernels``, everything is flat arrays, and unsigned arithmetic is cast wherever it must wrap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tocsin.compiled import grown, jit, lower_bound, sort_in_place
from tocsin.link.kernels import count_shingles, shingle

__all__ = [
    "agreement",
    "band_pairs",
    "passage_pairs",
    "shared_runs",
    "shared_weight",
    "winnow_texts",
]


# --- candidates ---------------------------------------------------------------------------------


@jit
def agreement(sketches: Any, one: Any, other: Any) -> int:
    """In how many bytes two sketches agree."""
    count = 0
    for p in range(sketches.shape[1]):
        count += int(sketches[one, p] == sketches[other, p])
    return count


@jit
def _agreed_before(sketches: Any, one: Any, other: Any, band: int, rows: int) -> bool:
    """Whether an earlier band already brought these two together."""
    for b in range(band):
        same = True
        for p in range(b * rows, (b + 1) * rows):
            if sketches[one, p] != sketches[other, p]:
                same = False
                break
        if same:
            return True
    return False


@jit
def band_pairs(
    entries: Any, sketches: Any, band: tuple[int, int], least: int, limits: Any, wanted: Any
) -> tuple[Any, Any]:
    """Pairs of texts that share one band and whose sketches agree in at least ``least`` bytes.

    ``band`` is its number and its width. ``entries`` are sorted ``key << limits[0] | text`` of it. Of a
    bucket of more than ``limits[1]`` texts each is compared with the ``limits[1]`` before it and with the
    bucket's leaders (texts that agreed with no leader before them), at most ``limits[1]`` of those. So what
    a text is compared with depends on those before it alone. Pairs are given where ``wanted`` has the greater
    number. Returns the pairs, shape (pairs, 2), smaller number first, and counts: buckets that were too
    large, and pairs in them that were not compared.
    """
    shift, widest = np.uint64(limits[0]), limits[1]
    number, rows = band
    mask = (np.uint64(1) << shift) - np.uint64(1)
    lesser, greater = np.empty(1024, np.int64), np.empty(1024, np.int64)
    used = 0
    counts = np.zeros(2, np.int64)
    leaders = np.empty(widest, np.int64)
    start = 0
    while start < len(entries):
        end = start + 1
        while end < len(entries) and entries[end] >> shift == entries[start] >> shift:
            end += 1
        size = end - start
        large = size > widest
        led = 0
        for j in range(start + 1 if not large else start, end):
            two = np.int64(entries[j] & mask)
            if not large and not wanted[two]:
                continue
            first = max(start, j - widest) if large else start
            compared = j - first
            matched = False
            for i in range(first, j + led):
                one = np.int64(entries[i] & mask) if i < j else leaders[i - j]
                if one == two or (i >= j and one >= np.int64(entries[first] & mask)):
                    continue
                known = _agreed_before(sketches, one, two, number, rows)
                if not known and agreement(sketches, one, two) < least:
                    continue
                matched = True
                if known or not wanted[two]:
                    continue
                if used == len(lesser):
                    lesser, greater = grown(lesser, 2 * used), grown(greater, 2 * used)
                lesser[used], greater[used] = one, two
                used += 1
            if large and not matched and led < widest:
                leaders[led] = two
                led += 1
            counts[1] += max(0, j - start - compared - led)
        counts[0] += np.int64(large)
        start = end
    found = np.empty((used, 2), np.int64)
    for k in range(used):
        found[k, 0], found[k, 1] = lesser[k], greater[k]
    return found, counts


@jit
def shared_runs(codes: Any, other: Any, size: int, least: int) -> Any:
    """Where the words of one folded text stand in another too: runs ``[start, end)``, shape (runs, 2).

    A run is a stretch covered by shingles of ``size`` that the other text has, at least ``least`` long.
    """
    number = count_shingles(0, len(other), size)
    known = np.empty(number, np.uint32)
    for at in range(number):
        known[at] = shingle(other, at, min(size, len(other)))
    sort_in_place(known)
    runs = np.empty((len(codes) + 1, 2), np.int64)
    used = 0
    start = -1
    stop = -1
    for at in range(count_shingles(0, len(codes), size)):
        wide = min(size, len(codes))
        value = shingle(codes, at, wide)
        place = lower_bound(known, value)
        if place == number or known[place] != value:
            continue
        if at > stop:
            if stop - start >= least and start >= 0:
                runs[used, 0], runs[used, 1] = start, stop
                used += 1
            start = at
        stop = at + wide
    if start >= 0 and stop - start >= least:
        runs[used, 0], runs[used, 1] = start, stop
        used += 1
    return runs[:used]


# --- fingerprints -------------------------------------------------------------------------------


@jit
def winnow_texts(codes: Any, bounds: Any, size: int, window: int) -> tuple[Any, Any]:
    """Fingerprints of each folded text by winnowing (Schleimer, Wilkerson & Aiken 2003), with offsets.

    Two texts that share ``size + window - 1`` folded code points in a row share a fingerprint. Of each window
    the least hash is kept, the rightmost of equal ones, once.
    """
    flat = np.empty(max(1, len(codes)), np.uint32)
    edges = np.zeros(len(bounds), np.int64)
    used = 0
    for k in range(len(bounds) - 1):
        start, end = bounds[k], bounds[k + 1]
        number = end - start - size + 1
        if number >= 1:
            hashes = np.empty(number, np.uint32)
            for at in range(number):
                hashes[at] = shingle(codes, start + at, size)
            chosen = -1
            for first in range(max(1, number - window + 1)):
                stop = min(number, first + window)
                if chosen < first:
                    chosen = first
                    for at in range(first + 1, stop):
                        if hashes[at] <= hashes[chosen]:
                            chosen = at
                elif hashes[stop - 1] <= hashes[chosen]:
                    chosen = stop - 1
                else:
                    continue
                flat[used] = hashes[chosen]
                used += 1
        edges[k + 1] = used
    return flat[:used], edges


@jit
def passage_pairs(entries: Any, shift: int, widest: int, wanted: Any) -> Any:
    """Pairs ``one << 32 | other`` (one < other) of texts that share a fingerprint, once for each shared.

    ``entries`` are sorted ``fingerprint << shift | text``. A fingerprint of more than ``widest`` texts is
    boilerplate or a passage that many quote: each of its texts is paired with the first ``widest`` of them
    and with the one before, so that it still finds where the words stand first. Pairs are given where
    ``wanted`` has the later text.
    """
    mask = (np.uint64(1) << np.uint64(shift)) - np.uint64(1)
    found = np.empty(1024, np.uint64)
    used = 0
    start = 0
    while start < len(entries):
        end = start + 1
        while end < len(entries) and entries[end] >> np.uint64(shift) == entries[start] >> np.uint64(shift):
            end += 1
        for j in range(start + 1, end):
            two = entries[j] & mask
            if not wanted[two]:
                continue
            first_end = min(j, start + widest)
            for k in range(start, first_end + (1 if first_end < j else 0)):
                one = entries[k if k < first_end else j - 1] & mask
                if one == two:
                    continue
                if used == len(found):
                    found = grown(found, 2 * used)
                found[used] = (one << np.uint64(32)) | two
                used += 1
        start = end
    return found[:used]


# --- ranking by rare shingles -------------------------------------------------------------------


@jit
def shared_weight(query: Any, vocabulary: Any, edges: Any, postings: Any, weights: Any, out: Any) -> float:
    """Add to ``out`` the weight of the shingles each text shares with a query; returns the query's own
    weight.

    ``vocabulary`` is sorted; texts with its k-th shingle are ``postings[edges[k]:edges[k + 1]]``. A shingle
    no text has weighs what the rarest does.
    """
    total = 0.0
    rarest = weights[-1]
    for value in query:
        place = lower_bound(vocabulary, value)
        if place == len(vocabulary) or vocabulary[place] != value:
            total += rarest
            continue
        total += weights[place]
        for at in range(edges[place], edges[place + 1]):
            out[postings[at]] += weights[place]
    return total
