"""Which part of one name stands for which part of the other.

Parts are paired one to one, or two neighbours with one («Jan Daniel» – «JanDaniel», «Саифул» – «Saif ul»), so
that the weight of what agrees is as large as possible; the order of the parts does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, inf, log
from typing import Final

import numpy as np
import numpy.typing as npt

from tocsin.resolve.names.irregular import other_spellings
from tocsin.resolve.names.known import known, spelling
from tocsin.resolve.names.letters import script
from tocsin.resolve.names.parse import Part, Role
from tocsin.resolve.names.sounds import Codes, distance, distances

__all__ = ["IRREGULAR", "Pairing", "align", "likeness", "likenesses", "sounding"]

#: Nats a letter at which two words are as likely one name as not, and how fast that changes. Across scripts
#: the true spelling itself is uncertain, so more is allowed (held-out Wikidata pairs: 95% below 1.4, the
#: nearest wrong names with the same consonants 95% above 1.6).
_MIDDLE: Final = {"same": 0.95, "across": 1.4}
_SLOPE: Final = {"same": 0.2, "across": 0.28}
#: Words less alike than this are never paired.
_LEAST: Final = 0.3
_ROUNDING: Final = 1e-6
#: The likeness of a name and its irregular spelling in the other script.
IRREGULAR: Final = 0.97
_EXACT_SPAN: Final = 7  # longer names are paired greedily
_JOIN_PRICE: Final = 0.02


@dataclass(frozen=True, slots=True)
class Pairing:
    """Parts of the left name and of the right that stand for each other, how alike (0–1) and why."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    alike: float
    why: str


@lru_cache(maxsize=1 << 17)
def likeness(left: str, right: str) -> float:
    """How alike two words (of ``letters``) are: 1 if equal, .5 where it may go either way. Symmetric.

    What is less alike than any pairing needs may be given as anything below that.
    """
    if right in other_spellings().get(left, ()):
        return IRREGULAR
    return sounding(left, right, _LEAST)


def sounding(left: str, right: str, least: float = 0.0) -> float:
    """``likeness`` from the letters alone, without the list of irregular spellings.

    Below ``least`` it may be given as anything below that, which takes less time.
    """
    if left == right:
        return 1.0
    kind = "same" if script(left) == script(right) else "across"
    size = (len(left) + len(right)) / 2 + 0.5
    limit = inf
    if least:
        limit = (_MIDDLE[kind] + _SLOPE[kind] * log(0.99 / least - 1.0)) * size + _ROUNDING
    cost = distance(left, right, limit) / size
    return 0.99 / (1.0 + exp((cost - _MIDDLE[kind]) / _SLOPE[kind]))


def likenesses(left: Codes, right: Codes) -> npt.NDArray[np.float32]:
    """``sounding`` of many pairs of words, row by row."""
    size = (left.lengths + right.lengths) / 2 - 0.5  # lengths count the end of a word
    same = left.cyrillic == right.cyrillic
    middle = np.where(same, _MIDDLE["same"], _MIDDLE["across"])
    slope = np.where(same, _SLOPE["same"], _SLOPE["across"])
    cost = distances(left, right)
    found = 0.99 / (1.0 + np.exp(np.minimum((cost / size - middle) / slope, 50.0)))
    return np.where((cost == 0) & same, 1.0, found).astype(np.float32)


def _initial(short: str, word: str) -> float:
    """How well an initial fits the beginning of a word; 0 if it does not."""
    if not word or not short:
        return 0.0
    best = min(distance(short, word[:size]) for size in range(1, min(len(word), len(short) + 1) + 1))
    return 0.9 if best < 1.2 else 0.7 if best < 3.2 else 0.0


def _listed(left: Part, right: Part) -> tuple[float, str] | None:
    """Agreement by a list: one given name in two languages, a pet form, a translated word."""
    lists = known()
    if left.role is right.role is Role.CONCEPT:
        return (0.97, "the same word in two languages") if left.value == right.value else None
    ours, theirs = lists.given.get(spelling(left.text), ()), lists.given.get(spelling(right.text), ())
    best = None
    for a in ours:
        for b in theirs:
            if a.group == b.group:
                familiar = a.familiar or b.familiar
                found = (
                    (0.82, "a familiar form of the same name")
                    if familiar
                    else (0.93, "one given name in two forms")
                )
                best = max(best or found, found)
    return best


def _pair(left: Part, right: Part) -> tuple[float, str]:
    """How alike two parts are, and in what way."""
    if left.letters == right.letters:
        return 1.0, "equal"
    if Role.NUMBER in {left.role, right.role}:
        same = left.role is right.role and left.value == right.value
        return (1.0, "the same number") if same else (0.0, "")
    if Role.LEGAL in {left.role, right.role}:
        same = left.role is right.role and left.value == right.value
        return (0.98, "the same legal form") if same else (0.0, "")
    if Role.INITIAL in {left.role, right.role}:
        if left.role is right.role or left.role is Role.INITIAL:
            fits = _initial(left.letters, right.letters)
        else:
            fits = _initial(right.letters, left.letters)
        return fits, "an initial"
    listed = _listed(left, right)
    sounds = likeness(left.letters, right.letters)
    if listed and listed[0] > sounds:
        return listed
    same = script(left.letters) == script(right.letters)
    return sounds, "spelt nearly alike" if same else "sounds alike"


def _joined(parts: Sequence[Part], at: int) -> str:
    return parts[at].letters + parts[at + 1].letters


def _edges(left: Sequence[Part], right: Sequence[Part]) -> list[Pairing]:
    found = []
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            alike, why = _pair(a, b)
            if alike >= _LEAST:
                found.append(Pairing((i,), (j,), alike, why))
    words = {Role.WORD, Role.GIVEN, Role.PARTICLE, Role.CONCEPT}
    for swap in (False, True):
        one, two = (right, left) if swap else (left, right)
        for i, a in enumerate(one):
            for j in range(len(two) - 1):
                ok = a.role in words and two[j].role in words and two[j + 1].role in words
                if not ok or len(a.letters) < 4:
                    continue
                alike = likeness(a.letters, _joined(two, j)) - _JOIN_PRICE
                alone = max(likeness(a.letters, two[j].letters), likeness(a.letters, two[j + 1].letters))
                if alike >= 0.6 and alike > alone:
                    two_sides: tuple[tuple[int, ...], tuple[int, ...]] = ((i,), (j, j + 1))
                    ours, theirs = reversed(two_sides) if swap else two_sides
                    found.append(Pairing(ours, theirs, alike, "written together"))
    return found


def _gain(edge: Pairing, left: Sequence[Part], right: Sequence[Part]) -> float:
    weight = sum(left[i].weight for i in edge.left) + sum(right[j].weight for j in edge.right)
    return weight * edge.alike


def align(left: Sequence[Part], right: Sequence[Part]) -> tuple[Pairing, ...]:
    """The best pairing of two names' parts, in the order of the left name."""
    edges = _edges(left, right)
    gains = {edge: _gain(edge, left, right) for edge in edges}
    if max(len(left), len(right)) > _EXACT_SPAN:
        chosen = _greedy(edges, gains)
    else:
        chosen = _exact(edges, gains, len(left))
    return tuple(sorted(chosen, key=lambda e: (e.left, e.right)))


def _greedy(edges: list[Pairing], gains: dict[Pairing, float]) -> list[Pairing]:
    chosen: list[Pairing] = []
    ours: set[int] = set()
    theirs: set[int] = set()
    for edge in sorted(edges, key=lambda e: (-gains[e], e.left, e.right)):
        if not ours & set(edge.left) and not theirs & set(edge.right):
            chosen.append(edge)
            ours |= set(edge.left)
            theirs |= set(edge.right)
    return chosen


def _exact(edges: list[Pairing], gains: dict[Pairing, float], many: int) -> list[Pairing]:
    by_start: dict[int, list[Pairing]] = {}
    for edge in edges:
        by_start.setdefault(edge.left[0], []).append(edge)
    memo: dict[tuple[int, int], tuple[float, tuple[Pairing, ...]]] = {}

    def best(at: int, used: int) -> tuple[float, tuple[Pairing, ...]]:
        if at >= many:
            return 0.0, ()
        if (at, used) in memo:
            return memo[at, used]
        result = best(at + 1, used)
        for edge in by_start.get(at, ()):
            mask = sum(1 << j for j in edge.right)
            if used & mask:
                continue
            gain, rest = best(edge.left[-1] + 1, used | mask)
            if gain + gains[edge] > result[0] + 1e-9:
                result = (gain + gains[edge], (edge, *rest))
        memo[at, used] = result
        return result

    return list(best(0, 0)[1])
