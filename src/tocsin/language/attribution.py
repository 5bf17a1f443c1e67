"""The attribution network at run time, in numpy: which words are cues, and each cue's source and content.

The same arithmetic as ``training/attribution/net.py``; a test holds the two equal to 1e-3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.lstm import BiLstm, Steps
from tocsin.language.wordfeatures import ParagraphWords

__all__ = [
    "CANDIDATE",
    "CONTENT",
    "OUTSIDE",
    "PLACE_WIDTH",
    "SOURCE",
    "WEIGHTS",
    "AttributionNetwork",
    "Cue",
    "Relation",
    "attribution_network",
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
_LIKELY: Final = 0.5
#: Cost (log) of each beginning and end of a stretch of content away from the cue.
_BREAK: Final = 2.0
#: Added to the log probability of "source": a source found in part is worth more than none.
_SOURCE_BONUS: Final = 0.7
#: Words whose P(outside) is above this on the way in and out are not looked at.
_CERTAIN: Final = 0.97
#: Words per batch.
_BATCH: Final = 4000
#: Cues per batch.
_CUES: Final = 64
#: File of the weights, named after the data they were trained on.
WEIGHTS: Final = "attribution-polnear.npz"


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


def _softmax(x: Floats) -> Floats:
    x = np.exp(x - x.max(axis=1, keepdims=True))
    out: Floats = x / x.sum(axis=1, keepdims=True)
    return out


class AttributionNetwork:
    """Tags paragraphs. ``weights`` is an npz file written by ``training/attribution/export.py``."""

    def __init__(self, weights: Path) -> None:
        with np.load(weights, allow_pickle=False) as stored:
            words = stored["lexicon"].tobytes().decode().split("\n")
            named = {k: stored[k].astype(np.float32) for k in stored.files if k != "lexicon"}
        self.threshold = float(named["threshold"].item())
        self._place = {word: i + 1 for i, word in enumerate(words)}
        self._lexical: Floats = named["lexical"] @ named["project.lexical"]
        self._named = named
        self._one = BiLstm(named, "one")
        self._two = BiLstm(named, "two")

    def tag(self, paragraphs: Sequence[ParagraphWords]) -> list[list[Relation]]:
        """The relations of each paragraph, by where their cues begin, whose score reaches ``threshold``."""
        found: list[list[Relation]] = [[] for _ in paragraphs]
        for group in _groups([len(p) for p in paragraphs]):
            chosen = [paragraphs[i] for i in group]
            states = self.states(chosen)
            cues = [
                (row, cue)
                for row, tags in enumerate(self.cue_probabilities(states, chosen))
                for cue in decode_cues(tags, CANDIDATE)
            ]
            judged = self.judge(states, chosen, cues)
            for (row, cue), (roles, score) in zip(cues, judged, strict=True):
                relation = decode_roles(cue, roles, score) if score >= self.threshold else None
                if relation is not None:
                    found[group[row]].append(relation)
        return found

    def states(self, paragraphs: Sequence[ParagraphWords]) -> Floats:
        """States of the words of paragraphs, which must not grow in length, laid end to end: (n, 2u)."""
        x = np.concatenate([p.features for p in paragraphs]) @ self._named["project.features"]
        x += np.concatenate([p.shapes for p in paragraphs]) @ self._named["project.shapes"]
        x += self._lexical[[self._place.get(word.lower(), 0) for p in paragraphs for word in p.words]]
        x += self._named["project.bias"]
        np.maximum(x, 0, out=x)
        return self._one.run(x, Steps.of(np.array([len(p) for p in paragraphs])))

    def cue_probabilities(self, states: Floats, paragraphs: Sequence[ParagraphWords]) -> list[Floats]:
        """Probabilities (n, 3) of outside, begin, in for each paragraph's words."""
        tags = _softmax(states @ self._named["cue.weight"] + self._named["cue.bias"])
        return np.split(tags, np.cumsum([len(p) for p in paragraphs])[:-1])

    def judge(
        self, states: Floats, paragraphs: Sequence[ParagraphWords], cues: Sequence[tuple[int, Cue]]
    ) -> list[tuple[Floats, float]]:
        """For each cue, given with its paragraph's row: role probabilities (n, 3), and its score, 0 to 1.

        ``cues`` hold all candidates of each paragraph they name.
        """
        begin = np.concatenate([[0], np.cumsum([len(p) for p in paragraphs])])
        is_cue = [np.zeros(len(p), dtype=bool) for p in paragraphs]
        for row, cue in cues:
            is_cue[row][cue.first : cue.last] |= cue.score >= _LIKELY
        order = sorted(range(len(cues)), key=lambda k: (-len(paragraphs[cues[k][0]]), k))
        result: dict[int, tuple[Floats, float]] = {}
        for at in range(0, len(order), _CUES):
            part = [cues[k] for k in order[at : at + _CUES]]
            x = [
                self._ask(states[begin[row] : begin[row + 1]], paragraphs[row], cue, is_cue[row])
                for row, cue in part
            ]
            lengths = np.array([len(rows) for rows in x])
            out = self._two.run(np.concatenate(x), Steps.of(lengths))
            roles = _softmax(out @ self._named["role.weight"] + self._named["role.bias"])
            cuts = np.cumsum(lengths)[:-1]
            for k, (_, cue), own, role in zip(
                order[at:], part, np.split(out, cuts), np.split(roles, cuts), strict=False
            ):
                result[k] = (role, self._validity(cue, own, role))
        return [result[k] for k in range(len(cues))]

    def _ask(self, states: Floats, words: ParagraphWords, cue: Cue, is_cue: Flags) -> Floats:
        """What the second network reads of one paragraph for one cue: (n, between)."""
        named = self._named
        place = places((cue.first, cue.last), is_cue, words.sentence)
        x: Floats = states @ named["between.weight"] + place @ named["place.weight"]
        x += states[cue.first : cue.last].mean(axis=0) @ named["query.weight"] + named["between.bias"]
        np.maximum(x, 0, out=x)
        return x

    def _validity(self, cue: Cue, out: Floats, roles: Floats) -> float:
        """The score of a cue from the second network's states (n, 2u), the roles, and its first score."""
        share = roles[:, CONTENT]
        content = share @ out / (share.sum() + 1)
        own = np.log(cue.score / max(1 - cue.score, 1e-6))
        pooled = np.concatenate([out[cue.first : cue.last].mean(axis=0), content, [own]])
        logit = float(pooled @ self._named["valid.weight"][:, 0] + self._named["valid.bias"][0])
        return float(1 / (1 + np.exp(-logit)))


def _groups(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Paragraphs of at least one word, longest first, about ``_BATCH`` words a group."""
    group: list[int] = []
    size = 0
    for i in sorted((i for i, n in enumerate(lengths) if n), key=lambda i: (-lengths[i], i)):
        if group and size + lengths[i] > _BATCH:
            yield group
            group, size = [], 0
        group.append(i)
        size += lengths[i]
    if group:
        yield group


@cache
def attribution_network() -> AttributionNetwork:
    """The network with the packaged weights, read at the first call of a process."""
    with as_file(files("tocsin.language") / "weights" / WEIGHTS) as path:
        return AttributionNetwork(path)
