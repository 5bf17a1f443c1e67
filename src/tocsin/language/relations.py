"""Cues, and the roles of words for each cue: probabilities turned into ranges of words.

What a cue may be, where words stand relative to it and how roles are smoothed is the same in training
(``training/core/tasks/attribution.py``) and at run time (``language/attribution.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CANDIDATE",
    "CONTENT",
    "LIKELY",
    "OUTSIDE",
    "PLACE_WIDTH",
    "REACH",
    "SOURCE",
    "Cue",
    "Relation",
    "decode_cues",
    "decode_roles",
    "places",
    "runs",
]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]

#: The roles of a word for one cue.
OUTSIDE: Final = 0
SOURCE: Final = 1
CONTENT: Final = 2

#: Upper bounds of |distance| in words from the cue.
_DISTANCES: Final = np.array([0, 1, 2, 3, 5, 8, 13, 20, 32])
_SENTENCES: Final = 3
#: Columns of ``places``: in the cue, in another cue, 19 signed distances, 7 signed sentence distances.
PLACE_WIDTH: Final = 2 + 2 * len(_DISTANCES) + 1 + 2 * _SENTENCES + 1
#: Least P(begin) + P(in) of a word that may belong to a cue: candidates are judged by the second network.
CANDIDATE: Final = 0.25
#: From this on a word counts as one of a cue where another cue looks at it.
LIKELY: Final = 0.5
#: Words on each side of a cue that its roles are asked of.
REACH: Final = 50
#: Cost (log) of each beginning and end of a stretch of content away from the cue.
_BREAK: Final = 2.0
#: Added to the log probability of "source": a source found in part is worth more than none.
_SOURCE_BONUS: Final = 0.7
#: Words whose P(outside) is above this on the way in and out are not looked at.
_CERTAIN: Final = 0.97


@dataclass(frozen=True, slots=True)
class Cue:
    """Words [first, last) of a paragraph that may be a cue; ``score`` is the network's own, 0 to 1."""

    first: int
    last: int
    score: float


@dataclass(frozen=True, slots=True)
class Relation:
    """A cue with word ranges [first, last) of its source and content, in order, and one score, 0 to 1."""

    cue: Cue
    source: tuple[tuple[int, int], ...]
    content: tuple[tuple[int, int], ...]
    score: float


def places(cue: tuple[int, int], is_cue: Flags, sentence: Integers) -> Floats:
    """Where each of n words stands relative to the cue [first, last): (n, PLACE_WIDTH) of 0 and 1.

    ``is_cue`` (n,) marks words of any cue of the paragraph; ``sentence`` (n,) numbers their sentences.
    """
    count = len(sentence)
    first, last = cue
    out = np.zeros((count, PLACE_WIDTH), dtype=np.float32)
    index = np.arange(count)
    distance = np.minimum(index - first, 0) + np.maximum(index - last + 1, 0)
    inside = (index >= first) & (index < last)
    out[inside, 0] = 1
    out[is_cue & ~inside, 1] = 1
    bucket = np.searchsorted(_DISTANCES, np.abs(distance)) * np.sign(distance)
    out[index, 2 + len(_DISTANCES) + bucket] = 1
    step = np.clip(sentence - sentence[first], -_SENTENCES, _SENTENCES)
    out[index, 2 + 2 * len(_DISTANCES) + 1 + _SENTENCES + step] = 1
    return out


def runs(mask: Flags) -> list[tuple[int, int]]:
    """Maximal ranges [first, last) of true values."""
    padded = np.concatenate([[0], mask.astype(np.int8), [0]])
    change = np.flatnonzero(np.diff(padded)).tolist()
    return list(zip(change[::2], change[1::2], strict=True))


def decode_cues(tags: Floats, threshold: float) -> list[Cue]:
    """Cues in probabilities (n, 3) of outside, begin, in.

    A cue is a range of words whose P(begin) + P(in) reaches ``threshold``, cut where "begin" beats "in"; its
    score is the greatest such sum.
    """
    is_cue = 1 - tags[:, 0]
    begins = tags[:, 1] >= tags[:, 2]
    found = []
    for first, last in runs(is_cue >= threshold):
        cuts = [first, *(i for i in range(first + 1, last) if begins[i]), last]
        found += [Cue(a, b, float(is_cue[a:b].max())) for a, b in pairwise(cuts)]
    return found


def _smooth(cue: Cue, roles: Floats) -> NDArray[np.int8]:
    """The likeliest roles of n words when content costs ``_BREAK`` each time it begins or ends.

    Next to the cue it costs nothing. Plain choice word by word leaves holes in contents and cuts them short.
    """
    best = np.zeros(len(roles), dtype=np.int8)
    touched = np.flatnonzero(roles[:, OUTSIDE] < _CERTAIN)
    if not len(touched):
        return best
    low, high = int(touched[0]), int(touched[-1]) + 1
    logs = np.log(roles[low:high] + 1e-6)
    logs[:, SOURCE] += _SOURCE_BONUS
    back: list[tuple[int, int, int]] = []
    o, s, c = 0.0, 0.0, -1e9 if low else 0.0
    for at, (log_o, log_s, log_c) in enumerate(logs.tolist(), low):
        cost = 0.0 if cue.first <= at <= cue.last else _BREAK
        from_plain, plain = (o, OUTSIDE) if o >= s else (s, SOURCE)
        keep = c - cost > from_plain
        enter = from_plain - cost > c
        back.append((CONTENT if keep else plain,) * 2 + (plain if enter else CONTENT,))
        o = s = max(from_plain, c - cost)
        o += log_o
        s += log_s
        c = max(c, from_plain - cost) + log_c
        if cue.first <= at < cue.last:
            s = c = -1e9
    if high < len(roles) and not cue.first <= high <= cue.last:
        c -= _BREAK
    role = max(((o, OUTSIDE), (s, SOURCE), (c, CONTENT)))[1]
    for at in range(high - 1, low - 1, -1):
        best[at] = role
        role = back[at - low][role]
    return best


def decode_roles(cue: Cue, roles: Floats, score: float) -> Relation | None:
    """Source and content in role probabilities (n, 3); None when no word is content."""
    best = _smooth(cue, roles)
    best[cue.first : cue.last] = OUTSIDE
    content = runs(best == CONTENT)
    if not content:
        return None
    return Relation(cue, tuple(runs(best == SOURCE)), tuple(content), score)
