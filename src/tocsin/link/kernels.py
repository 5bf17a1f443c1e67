"""The inner loops of finding near-duplicates, compiled with numba when first run.

Everything here works on flat arrays: texts are the UTF-8 bytes of an Arrow string column with its offsets,
so that no Python string is made. The arithmetic is unsigned and wraps: a product of two ``uint32`` is a
``uint64`` in numba, so every result that must be 32 bits wide is cast before it is compared (without the
cast MinHash found 2 % of the pairs, all of them right, and nothing failed).
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tocsin.compiled import jit, sort_in_place

__all__ = [
    "SEPARATOR",
    "SKIPPED",
    "count_shingles",
    "digest_texts",
    "fold_texts",
    "fold_with_places",
    "jaccard",
    "shingle",
    "sketch_texts",
    "sort_shingles",
]

#: What the fold table maps to: a break between words, and nothing at all.
SEPARATOR = 32
SKIPPED = 0


# --- text to folded code points -----------------------------------------------------------------


@jit
def _is_word_byte(byte: int) -> bool:
    return 48 <= byte <= 57 or 65 <= byte <= 90 or 97 <= byte <= 122 or byte == 95 or byte >= 128


@jit
def _same(data: Any, at: int, end: int, word: Any) -> bool:
    """Whether the ASCII letters at ``at`` are ``word``, whatever their case."""
    if at + len(word) > end:
        return False
    for k in range(len(word)):
        byte = data[at + k]
        if 65 <= byte <= 90:
            byte += 32
        if byte != word[k]:
            return False
    return True


_HTTP = np.frombuffer(b"http", dtype=np.uint8)
_WWW = np.frombuffer(b"www.", dtype=np.uint8)
_TME = np.frombuffer(b"t.me/", dtype=np.uint8)


@jit
def _address_end(data: Any, at: int, end: int) -> int:
    """One past an address or @name that begins at ``at``; ``at`` itself when none does."""
    stop = at
    if data[at] == 64:  # @name
        stop = at + 1
        while stop < end and _is_word_byte(data[stop]) and data[stop] < 128:
            stop += 1
        return stop if stop > at + 1 else at
    if _same(data, at, end, _HTTP):
        colon = at + 4
        if colon < end and data[colon] in (115, 83):  # https
            colon += 1
        if not (colon + 2 < end and data[colon] == 58 and data[colon + 1] == 47):
            return at
    elif not (_same(data, at, end, _WWW) or _same(data, at, end, _TME)):
        return at
    while stop < end and data[stop] > 32 and data[stop] != 0xC2:  # 0xC2 begins the no-break space
        stop += 1
    return stop


@jit
def _decode(data: Any, at: int, end: int) -> tuple[int, int]:
    """The code point at ``at`` of valid UTF-8, and where the next begins."""
    first = int(data[at])
    if first < 0x80:
        return first, at + 1
    if first < 0xE0 and at + 1 < end:
        return ((first & 0x1F) << 6) | (int(data[at + 1]) & 0x3F), at + 2
    if first < 0xF0 and at + 2 < end:
        return (
            ((first & 0x0F) << 12) | ((int(data[at + 1]) & 0x3F) << 6) | (int(data[at + 2]) & 0x3F)
        ), at + 3
    if at + 3 < end:
        return (
            ((first & 0x07) << 18)
            | ((int(data[at + 1]) & 0x3F) << 12)
            | ((int(data[at + 2]) & 0x3F) << 6)
            | (int(data[at + 3]) & 0x3F)
        ), at + 4
    return 32, end


@jit
def _fold(data: Any, span: tuple[int, int], table: Any, keep: bool, out: Any, places: Any) -> int:
    """Write the folded code points of one text to ``out``; returns how many.

    Words are separated by one ``SEPARATOR``, with none at either end. Addresses and @names are left out
    unless ``keep``: they are what a channel adds to a copy, and they say where it leads, not what it says.
    ``places``, unless empty, takes the code point of the text that each folded one stands for.
    """
    length = 0
    at, end = span
    point = -1
    fresh = True  # at the beginning of a word
    while at < end:
        if fresh and not keep:
            stop = _address_end(data, at, end)
            if stop > at:
                while at < stop:
                    point += 1
                    _, at = _decode(data, at, end)
                continue
        code, at = _decode(data, at, end)
        point += 1
        folded = table[code]
        if folded == SKIPPED:
            continue
        if folded == SEPARATOR:
            fresh = True
            continue
        if fresh and length:
            out[length] = SEPARATOR
            if len(places):
                places[length] = point
            length += 1
        fresh = False
        out[length] = folded
        if len(places):
            places[length] = point
        length += 1
    return length


@jit
def fold_texts(data: Any, offsets: Any, rows: Any, table: Any, keep: bool) -> tuple[Any, Any]:
    """Folded code points of the texts ``rows``: a flat ``uint32`` array and ``len(rows) + 1`` offsets."""
    total = 0
    for row in rows:
        total += offsets[row + 1] - offsets[row] + 1
    out = np.empty(total, np.uint32)
    bounds = np.zeros(len(rows) + 1, np.int64)
    nowhere = np.empty(0, np.int32)
    for k in range(len(rows)):
        row = rows[k]
        at = bounds[k]
        span = (offsets[row], offsets[row + 1])
        bounds[k + 1] = at + _fold(data, span, table, keep, out[at:], nowhere)
    return out[: bounds[-1]], bounds


@jit
def fold_with_places(data: Any, offsets: Any, row: int, table: Any) -> tuple[Any, Any]:
    """Folded code points of one text, and the code point of the text each stands for (``int32``)."""
    room = offsets[row + 1] - offsets[row] + 1
    out, places = np.empty(room, np.uint32), np.empty(room, np.int32)
    length = _fold(data, (offsets[row], offsets[row + 1]), table, False, out, places)
    return out[:length], places[:length]


@jit
def digest_texts(codes: Any, bounds: Any) -> Any:
    """Two independent 64-bit digests of each folded text, shape (texts, 2): FNV-1a with two primes."""
    made = np.empty((len(bounds) - 1, 2), np.uint64)
    for k in range(len(bounds) - 1):
        one = np.uint64(0xCBF29CE484222325)
        two = np.uint64(0x9E3779B97F4A7C15)
        for at in range(bounds[k], bounds[k + 1]):
            code = np.uint64(codes[at])
            one = (one ^ code) * np.uint64(0x100000001B3)
            two = (two + code) * np.uint64(0xD6E8FEB86659FD93)
            two ^= two >> np.uint64(32)
        made[k, 0] = one
        made[k, 1] = two
    return made


# --- shingles and sketches ----------------------------------------------------------------------


@jit
def _mix(value: Any) -> Any:
    """The 32-bit finaliser of MurmurHash3."""
    value = np.uint32(value ^ (value >> np.uint32(16)))
    value = np.uint32(value * np.uint32(0x85EBCA6B))
    value = np.uint32(value ^ (value >> np.uint32(13)))
    value = np.uint32(value * np.uint32(0xC2B2AE35))
    return np.uint32(value ^ (value >> np.uint32(16)))


@jit
def shingle(codes: Any, at: int, size: int) -> Any:
    """The 32-bit hash of ``size`` code points: FNV-1a, then mixed so that every bit depends on all."""
    value = np.uint32(2166136261)
    for k in range(size):
        value = np.uint32(np.uint32(value ^ codes[at + k]) * np.uint32(16777619))
    return _mix(value)


@jit
def count_shingles(start: int, end: int, size: int) -> int:
    """Shingles of a text: at least one, the whole of a text shorter than a shingle, none of an empty one."""
    return 0 if end <= start else max(1, end - start - size + 1)


@jit
def sketch_texts(codes: Any, bounds: Any, size: int, factors: Any, offsets: Any, out: Any) -> None:
    """Write the MinHash sketch of each folded text to ``out``, shape (texts, permutations), one byte each.

    A byte is eight bits of the hash of the least shingle under one permutation (b-bit MinHash, Li & König
    2010): two texts agree in it with probability J + (1 − J) / 256.
    """
    width = len(factors)
    least = np.empty(width, np.uint32)
    for k in range(len(bounds) - 1):
        start, end = bounds[k], bounds[k + 1]
        least[:] = np.uint32(0xFFFFFFFF)
        for at in range(count_shingles(start, end, size)):
            value = shingle(codes, start + at, min(size, end - start))
            for p in range(width):
                hashed = np.uint32(np.uint32(value * factors[p]) + offsets[p])
                least[p] = min(least[p], hashed)
        for p in range(width):
            out[k, p] = np.uint8(_mix(least[p]) & np.uint32(255))


@jit
def sort_shingles(codes: Any, bounds: Any, size: int) -> tuple[Any, Any]:
    """The distinct shingles of each folded text, sorted: a flat ``uint32`` array and offsets."""
    total = 0
    for k in range(len(bounds) - 1):
        total += count_shingles(bounds[k], bounds[k + 1], size)
    flat = np.empty(total, np.uint32)
    edges = np.zeros(len(bounds), np.int64)
    used = 0
    for k in range(len(bounds) - 1):
        start, end = bounds[k], bounds[k + 1]
        number = count_shingles(start, end, size)
        part = np.empty(number, np.uint32)
        for at in range(number):
            part[at] = shingle(codes, start + at, min(size, end - start))
        sort_in_place(part)
        for at in range(number):
            if at == 0 or part[at] != part[at - 1]:
                flat[used] = part[at]
                used += 1
        edges[k + 1] = used
    return flat[:used], edges


@jit
def jaccard(flat: Any, edges: Any, left: Any, right: Any) -> tuple[Any, Any]:
    """Exact Jaccard and containment (of the smaller in the larger) of pairs of shingle sets."""
    similar = np.zeros(len(left), np.float64)
    contained = np.zeros(len(left), np.float64)
    for k in range(len(left)):
        i, i_end = edges[left[k]], edges[left[k] + 1]
        j, j_end = edges[right[k]], edges[right[k] + 1]
        one, other = i_end - i, j_end - j
        shared = 0
        while i < i_end and j < j_end:
            if flat[i] == flat[j]:
                shared += 1
                i += 1
                j += 1
            elif flat[i] < flat[j]:
                i += 1
            else:
                j += 1
        if shared:
            similar[k] = shared / (one + other - shared)
            contained[k] = shared / min(one, other)
    return similar, contained
