"""Near-duplicates: which texts share at least so much of their words, at a million posts on a laptop.

Fold → collapse texts that fold to the same → MinHash sketch of 200 bytes → bands of five bytes bring
candidates together → sketches that agree too little are dropped → the exact Jaccard similarity of the rest
is computed. So every pair reported is one; how many are missed is set by ``Banding``, and measured against
an exact search in ``benchmarks/link/join.py``. Broder 1997 (MinHash), Leskovec, Rajaraman & Ullman ch. 3
(banding).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from tocsin.link.fold import fold_rows, text_buffers

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, Any]

__all__ = [
    "Banding",
    "Joined",
    "NearIndex",
    "Sketches",
    "collapse",
    "meeting",
    "near_pairs",
    "pair_similarity",
    "similar_pairs",
    "sketches_of",
    "sorted_distinct",
]

#: Bits of an entry that number the text; the others hold 40 bits of a band.
_SHIFT = 24
#: Rows worked on at once: a few tens of megabytes of code points.
_CHUNK = 20_000


@dataclass(frozen=True, slots=True)
class Banding:
    """How candidates are found.

    ``shingle`` code points make a shingle; ``bands`` × ``rows`` permutations make a sketch. At Jaccard J a
    pair meets in at least one band with probability 1 − (1 − J^rows)^bands: .999 at .7 as set here.
    ``widest`` bounds the texts of one bucket that are compared each with each.
    """

    shingle: int = 5
    bands: int = 40
    rows: int = 5
    widest: int = 400

    @property
    def width(self) -> int:
        return self.bands * self.rows

    def least(self, threshold: float) -> int:
        """Agreeing bytes below which a pair is dropped: four standard errors under the threshold."""
        chance = threshold + (1 - threshold) / 256
        spread = (self.width * chance * (1 - chance)) ** 0.5
        return max(self.rows, int(self.width * chance - 4 * spread))

    def keys(self, sketches: Array, band: int) -> Array:
        """The bytes of one band of each sketch as a number."""
        import numpy as np

        keys = np.zeros(len(sketches), np.uint64)
        for column in range(band * self.rows, (band + 1) * self.rows):
            keys = (keys << np.uint64(8)) | sketches[:, column]
        return keys


@dataclass(frozen=True, slots=True)
class Sketches:
    """What is kept of each text: two 64-bit digests of its folded words, its folded length, its sketch.

    Shapes (texts, 2) ``uint64``, (texts,) ``int32`` code points, (texts, bands × rows) ``uint8``. Sketches
    depend on the text alone, so they may be made in any batches.
    """

    digests: Array
    lengths: Array
    bytes: Array


@dataclass(frozen=True, slots=True)
class Joined:
    """Pairs of similar texts, by number, and what was not compared.

    ``left`` < ``right``; ``similar`` is exact Jaccard, ``contained`` the share of the smaller text's shingles
    in the larger. ``large_buckets`` counts the buckets too large to compare each with each, and
    ``not_compared`` an upper bound of pairs left out in them.
    """

    left: Array
    right: Array
    similar: Array
    contained: Array
    large_buckets: int = 0
    not_compared: int = 0


@cache
def _permutations(width: int) -> tuple[Array, Array]:
    """Odd factors and offsets of ``width`` permutations of 32-bit numbers: fixed for ever (SplitMix64)."""
    import numpy as np

    state, made = 0x746F6373696E, []
    for _ in range(2 * width):
        state = (state + 0x9E3779B97F4A7C15) & 0xFFFFFFFFFFFFFFFF
        value = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & 0xFFFFFFFFFFFFFFFF
        value = ((value ^ (value >> 27)) * 0x94D049BB133111EB) & 0xFFFFFFFFFFFFFFFF
        made.append((value ^ (value >> 31)) & 0xFFFFFFFF)
    factors = np.array(made[:width], np.uint32) | np.uint32(1)
    return factors, np.array(made[width:], np.uint32)


def _in_threads(work: Callable[[Any], Any], parts: list[Any], threads: int) -> Iterator[Any]:
    """The results in the order of the parts, whatever order they were made in."""
    if threads == 1 or len(parts) < 2:
        yield from map(work, parts)
        return
    with ThreadPoolExecutor(threads) as pool:
        yield from pool.map(work, parts)


def _chunks(rows: Array) -> list[Array]:
    return [rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK)]


def sketches_of(
    texts: pa.Array | pa.ChunkedArray, banding: Banding | None = None, threads: int = 1
) -> Sketches:
    """The sketches of an Arrow string array, row by row; a text without words has length 0."""
    import numpy as np

    from tocsin.link import kernels

    shape = banding or Banding()
    buffers = text_buffers(texts)
    total = len(buffers[1]) - 1
    made = Sketches(
        np.empty((total, 2), np.uint64), np.empty(total, np.int32), np.empty((total, shape.width), np.uint8)
    )
    factors, offsets = _permutations(shape.width)

    def work(rows: Array) -> None:
        codes, bounds = fold_rows(buffers, rows)
        span = slice(rows[0], rows[-1] + 1)
        made.digests[span] = kernels.digest_texts(codes, bounds)
        made.lengths[span] = np.diff(bounds)
        kernels.sketch_texts(codes, bounds, shape.shingle, factors, offsets, made.bytes[span])

    for _ in _in_threads(work, _chunks(np.arange(total)), threads):
        pass
    return made


def collapse(digests: Array) -> tuple[Array, Array]:
    """Texts that fold to the same words: the first row of each group, and each row's group.

    Groups are numbered by their first row, so the result does not depend on the digests' order.
    """
    import numpy as np

    if not len(digests):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    order = np.lexsort((digests[:, 1], digests[:, 0]))
    ranked = digests[order]
    starts = np.concatenate([[True], (ranked[1:] != ranked[:-1]).any(axis=1)])
    firsts = np.minimum.reduceat(order, np.flatnonzero(starts))
    by_first = np.argsort(firsts)
    renumbered = np.empty(len(firsts), np.int64)
    renumbered[by_first] = np.arange(len(firsts))
    groups = np.empty(len(digests), np.int64)
    groups[order] = renumbered[np.cumsum(starts) - 1]
    return firsts[by_first], groups


def pair_similarity(
    texts: pa.Array | pa.ChunkedArray, left: Array, right: Array, shingle: int = 5, threads: int = 1
) -> tuple[Array, Array]:
    """Exact Jaccard and containment of pairs of rows, by shingles of folded code points."""
    import numpy as np

    from tocsin.link import kernels

    if not len(left):
        return np.zeros(0), np.zeros(0)
    needed, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    buffers = text_buffers(texts)

    def shingles(rows: Array) -> tuple[Array, Array]:
        made: tuple[Array, Array] = kernels.sort_shingles(*fold_rows(buffers, rows), shingle)
        return made

    flats, edges, used = [], [np.zeros(1, np.int64)], 0
    for flat, bounds in _in_threads(shingles, _chunks(needed), threads):
        flats.append(flat)
        edges.append(bounds[1:] + used)
        used += len(flat)
    one, other = places[: len(left)], places[len(left) :]
    similar, contained = kernels.jaccard(np.concatenate(flats), np.concatenate(edges), one, other)
    return similar, contained


def sorted_distinct(values: Array) -> Array:
    """The distinct numbers of an array in order: fifty times as fast as ``numpy.unique``, which hashes."""
    import numpy as np

    ordered = np.sort(values)
    return ordered[np.append(True, ordered[1:] != ordered[:-1])] if len(ordered) else ordered


#: Bits of a hash by which ``meeting`` tells numbers apart.
_MARKS = 22


def meeting(keys: Array, wanted: Array) -> Array:
    """The places of all keys (``uint64``) that equal a ``wanted`` one (flags), and of a few more."""
    import numpy as np

    places = (keys * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - _MARKS)
    marks = np.zeros(1 << _MARKS, np.bool_)
    marks[places[wanted]] = True
    return np.flatnonzero(marks[places])


def _entries(keys: Array, numbers: Array) -> Array:
    """Sorted ``key << _SHIFT | number`` of some texts."""
    import numpy as np

    entries: Array = (keys << np.uint64(_SHIFT)) | numbers.astype(np.uint64)
    entries.sort()
    return entries


def near_pairs(
    sketches: Array,
    wanted: Array,
    threshold: float = 0.7,
    *,
    banding: Banding | None = None,
    threads: int = 1,
) -> Array:
    """Candidates (earlier, later) of which the later text is ``wanted`` (a flag for each): shape (pairs, 2).

    ``sketches`` are of distinct texts that are not empty, in the order of time. What ``NearIndex`` finds, but
    texts that meet none of the wanted are passed over. Raises ValueError beyond 16,777,216 texts.
    """
    import numpy as np

    from tocsin.link import pairing

    shape = banding or Banding()
    if len(sketches) > 1 << _SHIFT:
        raise ValueError(f"at most {1 << _SHIFT:,} texts are compared at once, not {len(sketches):,}")
    least, limits = shape.least(threshold), np.array([_SHIFT, shape.widest], np.int64)
    everything = bool(wanted.all())

    def work(band: int) -> Array:
        keys = shape.keys(sketches, band)
        numbers = np.arange(len(keys)) if everything else meeting(keys, wanted)
        entries = _entries(keys[numbers], numbers)
        found: Array = pairing.band_pairs(entries, sketches, (band, shape.rows), least, limits, wanted)[0]
        return found

    return np.concatenate(list(_in_threads(work, list(range(shape.bands)), threads)))


@dataclass(slots=True)
class NearIndex:
    """Distinct texts seen so far, and which of them are alike: grows without looking at old pairs again.

    ``add`` compares the new texts with the old and with one another, so adding in ten batches finds the pairs
    that one batch finds.
    """

    threshold: float = 0.7
    banding: Banding = field(default_factory=Banding)
    threads: int = 1
    _room: Array | None = None
    _size: int = 0
    _runs: list[list[Array]] = field(default_factory=list)

    def add(self, sketches: Array) -> Joined:
        """Add texts by their sketches (distinct, not empty); pairs are candidates, not yet verified.

        ``similar`` is the estimate from the sketches. Raises ValueError beyond 16,777,216 texts.
        """
        import numpy as np

        from tocsin.link import pairing

        old = self._size
        if old + len(sketches) > 1 << _SHIFT:
            raise ValueError(f"an index holds at most {1 << _SHIFT:,} texts, not {old + len(sketches):,}")
        rows = self._with_room(sketches)
        least = self.banding.least(self.threshold)
        limits = np.array([_SHIFT, self.banding.widest], np.int64)
        wanted = np.arange(len(rows)) >= old

        def work(band: int) -> tuple[Array, Array, Array]:
            keys = self.banding.keys(rows[old:], band)
            fresh = _entries(keys, np.arange(old, len(rows)))
            entries = self._meeting(band, fresh)
            shape = (band, self.banding.rows)
            pairs, counts = pairing.band_pairs(entries, rows, shape, least, limits, wanted)
            return fresh, pairs, counts

        found: list[Array] = []
        counts = np.zeros(2, np.int64)
        run: list[Array] = []
        for fresh, pairs, counted in _in_threads(work, list(range(self.banding.bands)), self.threads):
            run.append(fresh)
            found.append(pairs)
            counts += counted
        self._keep(run)
        pairs = np.concatenate(found)
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        estimate = np.full(len(pairs), np.nan)
        return Joined(pairs[:, 0], pairs[:, 1], estimate, estimate, int(counts[0]), int(counts[1]))

    def _with_room(self, sketches: Array) -> Array:
        """All sketches with the new ones; room for a quarter more is kept, so that few additions copy all."""
        import numpy as np

        old, size = self._size, self._size + len(sketches)
        if self._room is None or size > len(self._room):
            wider = np.empty((size + size // 4, self.banding.width), np.uint8)
            if self._room is not None:
                wider[:old] = self._room[:old]
            self._room = wider
        self._room[old:size] = sketches
        self._size = size
        return self._room[:size]

    def _meeting(self, band: int, fresh: Array) -> Array:
        """The new entries and those old ones that have one of their keys, sorted."""
        import numpy as np

        if not self._runs:
            return fresh
        shift = np.uint64(_SHIFT)
        keys = np.unique(fresh >> shift)
        parts = [fresh]
        for run in self._runs:
            entries = run[band]
            low = np.searchsorted(entries, keys << shift)
            there = low < len(entries)
            there[there] = entries[low[there]] >> shift == keys[there]
            low = low[there]  # most keys are of new texts alone
            sizes = np.searchsorted(entries, (keys[there] + np.uint64(1)) << shift) - low
            starts = np.repeat(low - np.concatenate([[0], np.cumsum(sizes)[:-1]]), sizes)
            parts.append(entries[starts + np.arange(sizes.sum())])
        merged = np.concatenate(parts)
        merged.sort()
        return merged

    def _keep(self, run: list[Array]) -> None:
        """Keep the new entries; small runs are merged, so that there are never many."""
        import numpy as np

        self._runs.append(run)
        while len(self._runs) > 1 and 4 * len(self._runs[-1][0]) >= len(self._runs[-2][0]):
            last, before = self._runs.pop(), self._runs.pop()
            merged = [np.concatenate(pair) for pair in zip(before, last, strict=True)]
            for entries in merged:
                entries.sort()
            self._runs.append(merged)


def similar_pairs(
    texts: pa.Array | pa.ChunkedArray,
    threshold: float = 0.7,
    *,
    banding: Banding | None = None,
    threads: int = 1,
) -> Joined:
    """All pairs of *distinct* folded texts with Jaccard ≥ ``threshold``, by row of the first text of each.

    Texts that fold to the same words are represented by the first of them, texts without words by none:
    ``collapse`` tells which rows those are. ``threshold`` below .5 finds candidates only by chance.
    """

    shape = banding or Banding()
    sketches = sketches_of(texts, shape, threads)
    firsts, _ = collapse(sketches.digests)
    firsts = firsts[sketches.lengths[firsts] > 0]
    index = NearIndex(threshold, shape, threads)
    found = index.add(sketches.bytes[firsts])
    left, right = firsts[found.left], firsts[found.right]
    similar, contained = pair_similarity(texts, left, right, shape.shingle, threads)
    kept = similar >= threshold
    return Joined(
        left[kept],
        right[kept],
        similar[kept],
        contained[kept],
        found.large_buckets,
        found.not_compared,
    )
