"""How far two words are from sounding alike, in Latin or Cyrillic letters, in nats.

The costs come from the table ``data/sounds.txt``, learnt by ``training/names/learn_sounds.py``: expected
counts of chunk pairs such as ``дж`` – ``j``. The cost of a chunk pair is the mean of the two surprises,
``-(ln P(latin | cyrillic) + ln P(cyrillic | latin)) / 2``. Two words of one script are compared through the
letters of the other: ``sh`` and ``sch`` are near because ``ш`` is written as either. The distance of two
words is the cheapest way to cut both into chunk pairs (Viterbi), a weighted edit distance.

Everything works on many pairs of words at once; one pair costs some microseconds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from math import inf, log
from typing import Final

import numpy as np
import numpy.typing as npt

from tocsin.resolve.names.letters import CYRILLIC, LATIN, plain

__all__ = ["LONGEST", "Codes", "codes_of", "distance", "distances"]

#: Letters of a word that count; what is beyond is cut off.
LONGEST: Final = 18
#: The end of a word is a letter of its own in each script: what is silent is silent there («Pence» – Пенс).
_ENDS: Final = {"l": "$", "c": "#"}
_LETTERS: Final = LATIN + "$" + CYRILLIC + "#"
_CODE: Final = {letter: code for code, letter in enumerate(_LETTERS, 1)}
_OTHER: Final = len(_LETTERS) + 1  # any letter of another script
_SYMBOLS: Final = len(_LETTERS) + 2
#: Costs in nats of what the table does not know: a wrong letter, one too many, two swapped.
_WRONG: Final = 5.0
_EXTRA: Final = 3.5
_SWAP: Final = 4.0
_FAR: Final = 99.0
_RARE: Final = 0.003  # chunk pairs within a script rarer than this are not kept
_FORWARD: Final = 0.4  # how much P(latin | cyrillic) counts beside P(cyrillic | latin)
_MARKS: Final = frozenset(_ENDS.values())
_NONE: Final[dict[str, float]] = {}
_BATCH: Final = 2048
_BAND: Final = 5  # how far the letters of a pair may drift apart

_Float = npt.NDArray[np.float32]
_Int = npt.NDArray[np.int32]
_Pair = tuple[str, str]

#: Letters of related alphabets, which the learnt table knows too little about.
_KIN: Final = (
    "гґ:0.2 гғ:0.3 гһ:1.2 хһ:0.5 хғ:2 кқ:0.3 хқ:1.5 нң:0.4 оө:0.7 уұ:0.3 уү:0.4 ұү:0.6 оұ:1.2 аә:0.7 еә:1.2 "
    "ыі:0.7 иі:0.3 иї:0.3 ії:0.3 еє:0.3 еэ:0.3 эє:0.6 её:0.1 оё:0.8 иы:0.7 ий:0.5 йі:0.6 йї:0.5 ўу:0.5 "
    "ўв:0.5 гх:1.5 шщ:0.7 ья:2 ъь:0.3"
)


@dataclass(frozen=True, slots=True)
class _Table:
    """Numbers of chunks (``step`` and ``chunk`` walk a trie of letters), costs, and the operations in use."""

    step: _Int  # [nodes, symbols] next node; 0 is a dead end, 1 the root
    chunk: _Int  # [nodes] number of the chunk spelt so far; the last number if none
    cost: _Float  # [chunks, chunks], chunk 0 is empty
    operations: dict[tuple[str, str], tuple[tuple[int, int], ...]]
    number: dict[str, int]


@dataclass(frozen=True, slots=True)
class Codes:
    """Words as numbers of their letters and their end: ``[words, longest]``, 0 beyond."""

    letters: npt.NDArray[np.uint8]
    lengths: _Int
    cyrillic: npt.NDArray[np.bool_]

    def take(self, rows: _Int) -> Codes:
        return Codes(self.letters[rows], self.lengths[rows], self.cyrillic[rows])

    def trimmed(self) -> Codes:
        return Codes(self.letters[:, : self.lengths.max()], self.lengths, self.cyrillic)


def codes_of(folded: Sequence[str]) -> Codes:
    """Words (as ``letters.letters`` gives them) for ``distances``."""
    longest = min(LONGEST, max((len(w) for w in folded), default=0)) + 1
    grid = np.zeros((len(folded), longest), np.uint8)
    get = _CODE.get
    for row, word in enumerate(folded):
        numbers = [get(c, _OTHER) for c in word[: longest - 1]]
        grid[row, : len(numbers) + 1] = [*numbers, _CODE[_ENDS[_side(word)]]]
    lengths = np.array([min(len(w), longest - 1) + 1 for w in folded], np.int32)
    cyrillic = (grid[:, 0] > _CODE["$"]) & (grid[:, 0] < _OTHER)
    return Codes(grid, lengths, cyrillic)


@cache
def _file() -> list[str]:
    return (files("tocsin.resolve.names") / "data" / "sounds.txt").read_text(encoding="utf-8").splitlines()


def _counts() -> dict[_Pair, float]:
    """Chunk pairs, Cyrillic first, with their counts; a Latin letter's mark may be missing at a price."""
    found: dict[_Pair, float] = defaultdict(float)
    for line in _file()[1:]:
        cyrillic, latin, count = line.split("\t")
        cyrillic = cyrillic.replace("$", "#")
        found[cyrillic, latin] += float(count)
        bare = plain(latin)
        if bare != latin:
            found[cyrillic, bare] += float(count) * 0.2
    return dict(found)


def _across(counts: dict[_Pair, float]) -> dict[_Pair, float]:
    """Costs of chunk pairs, Cyrillic first."""
    total = sum(counts.values())
    left: dict[str, float] = defaultdict(float)
    right: dict[str, float] = defaultdict(float)
    for (c, found), count in counts.items():
        left[c] += count
        right[found] += count
    left[""] = right[""] = total  # «nothing» is as frequent as there are places for it
    return {
        (c, found): -_FORWARD * log(count / left[c]) - (1 - _FORWARD) * log(count / right[found])
        for (c, found), count in counts.items()
    }


def _within(counts: dict[_Pair, float], side: int) -> dict[_Pair, float]:
    """Costs of chunk pairs of one script (0: Cyrillic, 1: Latin), through what both are written as."""
    shares: dict[str, dict[str, float]] = defaultdict(dict)
    by_other: dict[str, float] = defaultdict(float)
    own: dict[str, float] = defaultdict(float)
    for pair, count in counts.items():
        shares[pair[1 - side]][pair[side]] = count
        by_other[pair[1 - side]] += count
        own[pair[side]] += count
    chunks = list(own)
    place = {chunk: n for n, chunk in enumerate(chunks)}
    sizes = np.array([len(chunk) for chunk in chunks])
    chance = np.zeros((len(chunks), len(chunks)))
    for other, written in shares.items():
        if not other:
            continue
        whole = by_other[other]
        at = [place[chunk] for chunk in written]
        ours = np.array([n / own[chunk] if chunk else n / whole for chunk, n in written.items()])
        chance[np.ix_(at, at)] += ours[:, None] * np.array(list(written.values())) / whole
    silent = sizes == 0
    far = sizes[:, None] + sizes > np.where(silent[:, None] | silent, 1, 5)
    rare = (np.minimum(chance, chance.T) < _RARE**2) | (np.maximum(chance, chance.T) < _RARE)
    np.fill_diagonal(far, val=True)
    found = {}
    for row, column in np.argwhere(~(far | rare)).tolist():
        one, two = chunks[row], chunks[column]
        least = 1.5 if one[-1:] in {"$", "#"} else 0.3
        there, back = float(chance[row, column]), float(chance[column, row])
        found[one, two] = max(least, -0.5 * (log(there) + log(back)))
    return found


def _kin() -> dict[_Pair, float]:
    found = {}
    for item in _KIN.split():
        pair, cost = item.split(":")
        found[pair[0], pair[1]] = found[pair[1], pair[0]] = float(cost)
    return found


def _operations(costs: Iterable[_Pair]) -> tuple[tuple[int, int], ...]:
    sizes = {(len(a), len(b)) for a, b in costs}
    return tuple(sorted(sizes | {(1, 0), (0, 1), (1, 1)}))


@cache
def _table() -> _Table:
    counts = _counts()
    across, latin, cyrillic = _across(counts), _within(counts, 1), _within(counts, 0)
    kin = _kin()
    cyrillic = {**cyrillic, **{k: min(v, cyrillic.get(k, _FAR)) for k, v in kin.items()}}
    doubled = {(c * 2, c): 0.4 for c in LATIN + CYRILLIC}
    marks = {(c, plain(c)): 0.3 for c in LATIN if plain(c) != c}
    alike = {**doubled, **marks}
    alike |= {(b, a): cost for (a, b), cost in alike.items()}
    pairs = {**across, **{(b, a): v for (a, b), v in across.items()}, **latin, **cyrillic}
    pairs |= {k: min(v, pairs.get(k, _FAR)) for k, v in alike.items()}
    chunks = ["", *sorted({c for pair in pairs for c in pair if c} | set(_LETTERS))]
    number = {chunk: n for n, chunk in enumerate(chunks)}
    size = len(chunks)
    cost = np.full((size + 1, size + 1), _FAR, np.float32)
    single = np.array([len(c) == 1 for c in chunks] + [False])
    cost[np.ix_(single, single)] = _WRONG
    cost[single, 0] = cost[0, single] = _EXTRA
    for end in _ENDS.values():
        cost[number[end], :] = cost[:, number[end]] = _FAR
    for (a, b), value in pairs.items():
        cost[number[a], number[b]] = min(value, cost[number[a], number[b]]) if a and b else min(value, _EXTRA)
    for letter in _LETTERS:
        cost[number[letter], number[letter]] = 0.0
    operations = {
        ("c", "l"): _operations(across),
        ("l", "c"): _operations((b, a) for a, b in across),
        ("l", "l"): _operations([*latin, *alike]),
        ("c", "c"): _operations([*cyrillic, *doubled]),
    }
    return _Table(*_trie(chunks), cost, operations, number)


def _trie(chunks: list[str]) -> tuple[_Int, _Int]:
    step = [[0] * _SYMBOLS, [0] * _SYMBOLS]
    chunk = [len(chunks), len(chunks)]
    for number, text in enumerate(chunks):
        node = 1
        for letter in text:
            following = step[node][_CODE[letter]]
            if not following:
                following = len(step)
                step.append([0] * _SYMBOLS)
                chunk.append(len(chunks))
                step[node][_CODE[letter]] = following
            node = following
        if text:
            chunk[node] = number
    return np.array(step, np.int32), np.array(chunk, np.int32)


@lru_cache(maxsize=1 << 16)
def distance(left: str, right: str, limit: float = inf) -> float:
    """``distances`` of one pair of words (as ``letters.letters`` gives them), without arrays.

    A distance beyond ``limit`` may be given as any other number beyond it: words that are far apart show it
    after a few letters.

    >>> distance("шойгу", "shoigu") < distance("шойгу", "shmygal")
    True
    """
    if left == right:
        return 0.0
    if left > right:
        return distance(right, left, limit)
    return _cheapest(left, right, limit)


def _cheapest(left: str, right: str, limit: float) -> float:
    scripts = (_side(left), _side(right))
    left, right = left[:LONGEST] + _ENDS[scripts[0]], right[:LONGEST] + _ENDS[scripts[1]]
    many, wide = len(left), len(right)
    swaps = scripts[0] == scripts[1]
    operations, costs = _operations_of(scripts), _costs()
    best = [[_FAR] * (wide + 1) for _ in range(many + 1)]
    best[0][0] = 0.0
    for i, row in enumerate(best):
        if min(row) > limit:
            continue
        # What letter i may begin: the row it leads to, costs by the other's chunk, the default and sizes.
        ways = []
        for (a, b), default in operations:
            ours = left[i : i + a]
            known = costs.get(ours, _NONE)
            if i + a <= many and (known or default < _FAR):
                ways.append((best[i + a], a, b, known, _FAR if ours in _MARKS else default))
        for j in range(max(0, i - _BAND), min(wide, i + _BAND) + 1):
            here = row[j]
            if here > limit or here >= _FAR:
                continue
            drift = i - j
            for after, a, b, known, default in ways:
                if j + b > wide or not -_BAND <= drift + a - b <= _BAND:
                    continue
                theirs = right[j : j + b]
                cost = known.get(theirs)
                if cost is None:
                    cost = _FAR if theirs in _MARKS else default
                cost += here
                if cost < after[j + b]:  # noqa: PLR1730 - min() costs as much as the rest of the loop
                    after[j + b] = cost
            if swaps and i + 1 < many and j + 1 < wide and left[i : i + 2] == right[j + 1] + right[j]:
                best[i + 2][j + 2] = min(best[i + 2][j + 2], here + _SWAP)
    return best[-1][-1]


@cache
def _operations_of(scripts: tuple[str, str]) -> tuple[tuple[tuple[int, int], float], ...]:
    """The sizes of chunk pairs of two scripts, each with what a pair costs that the table does not know."""
    return tuple((size, _default(*size)) for size in _table().operations[scripts])


def _default(a: int, b: int) -> float:
    return _WRONG if a == b == 1 else _EXTRA if a + b == 1 else _FAR


def _side(word: str) -> str:
    return "c" if word[:1] in CYRILLIC and word else "l"


@cache
def _costs() -> dict[str, dict[str, float]]:
    """The table of costs by the left chunk, then by the right one, without its defaults."""
    table = _table()
    chunks = list(table.number)
    rows, columns = np.nonzero(table.cost[:-1, :-1] < _FAR)
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for a, b in zip(rows.tolist(), columns.tolist(), strict=True):
        cost = float(table.cost[a, b])
        if (a, b) != (0, 0) and cost != _default(len(chunks[a]), len(chunks[b])):
            found[chunks[a]][chunks[b]] = cost
    return dict(found)


def _chunk_numbers(codes: Codes, sizes: Iterable[int], table: _Table) -> dict[int, _Int]:
    """For each size the chunk that ends before position p, ``[longest + 1, words]``."""
    many, width = codes.letters.shape
    found = {}
    for size in sizes:
        if size == 0:
            continue
        grid = np.full((many, width + 1), table.cost.shape[0] - 1, np.int32)
        if width >= size:
            node = np.ones((many, width - size + 1), np.int32)
            for offset in range(size):
                node = table.step[node, codes.letters[:, offset : width - size + 1 + offset]]
            grid[:, size:] = table.chunk[node]
        found[size] = np.ascontiguousarray(grid.T)
    return found


def distances(left: Codes, right: Codes) -> _Float:
    """The distance in nats of each word of ``left`` from the word of ``right`` in the same row.

    Symmetric; 0 for equal words; pairs with letters of other scripts count each differing letter.
    """
    found = np.empty(len(left.lengths), np.float32)
    for x in (False, True):
        for y in (False, True):
            rows = np.flatnonzero((left.cyrillic == x) & (right.cyrillic == y)).astype(np.int32)
            # Words of like length together, so that short ones need not wait for long ones.
            rows = rows[np.argsort(np.maximum(left.lengths[rows], right.lengths[rows]), kind="stable")]
            scripts = ("c" if x else "l", "c" if y else "l")
            for start in range(0, len(rows), _BATCH):
                part = rows[start : start + _BATCH]
                found[part] = _distances(left.take(part).trimmed(), right.take(part).trimmed(), scripts)
    return found


def _distances(left: Codes, right: Codes, scripts: tuple[str, str]) -> _Float:
    table = _table()
    operations = table.operations[scripts]
    heights, widths = left.letters.shape[1], right.letters.shape[1]
    many, size = len(left.lengths), table.cost.shape[0]
    a_chunks = {a: grid * size for a, grid in _chunk_numbers(left, {a for a, _ in operations}, table).items()}
    b_chunks = _chunk_numbers(right, {b for _, b in operations}, table)
    flat = table.cost.ravel()
    best = np.full((heights + 1, widths + 1, many), _FAR, np.float32)
    best[0, 0] = 0
    same_script = scripts[0] == scripts[1]
    for i in range(heights + 1):
        for j in range(widths + 1):
            if (i == 0 and j == 0) or abs(i - j) > _BAND:
                continue
            here = best[i, j]
            for a, b in operations:
                if a > i or b > j or abs((i - a) - (j - b)) > _BAND:
                    continue
                key = a_chunks[a][i] + b_chunks[b][j] if a and b else a_chunks[a][i] if a else b_chunks[b][j]
                np.minimum(here, best[i - a, j - b] + flat[key], out=here)
            if same_script and i > 1 and j > 1:
                swapped = (left.letters[:, i - 1] == right.letters[:, j - 2]) & (
                    left.letters[:, i - 2] == right.letters[:, j - 1]
                )
                np.minimum(here, best[i - 2, j - 2] + np.where(swapped, _SWAP, _FAR), out=here)
    found: _Float = best[left.lengths, right.lengths, np.arange(many)]
    return found
