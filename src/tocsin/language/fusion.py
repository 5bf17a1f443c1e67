"""Two networks on one English paragraph: the tagger's spans, believed as far as the core bears them out.

Cues are those of the mean of both taggers' probabilities; each is judged by both second stages. The spans
are the tagger's, which cuts contents better; whether they hold is said by a logistic regression over what
both say and how far they agree (late fusion; ``training/attribution/fuse.py``), so the score is a calibrated
chance.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.attribution import Attributor
from tocsin.language.core import Analysis
from tocsin.language.relations import (
    CANDIDATE,
    CONTENT,
    LIKELY,
    SOURCE,
    Cue,
    Relation,
    decode_cues,
    decode_roles,
)
from tocsin.language.tagger import AttributionNetwork, groups
from tocsin.language.wordfeatures import ParagraphWords

__all__ = ["FEATURES", "Candidate", "Fusion", "candidates", "packaged_fusion"]

Floats = NDArray[np.float32]

#: What the regression reads of a candidate, in the order of its weights; log-odds of chances.
FEATURES: Final = (
    "tagger: holds",
    "core: holds",
    "tagger: cue",
    "core: cue",
    "both: cue",
    "contents agree, IoU",
    "sources agree, IoU",
    "mean chance of content",
    "mean chance of source",
    "doubt per word of content",
    "log of the words of content",
    "no source",
    "content in parts",
    "stands in another's content",
)
_LEAST: Final = 1e-5


@dataclass(frozen=True, slots=True, eq=False)
class Candidate:
    """A relation as the tagger reads it, and its ``FEATURES`` (f,)."""

    relation: Relation
    features: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Fusion:
    """The regression: chance = 1 / (1 + exp(-(features · ``weights`` + ``bias``))).

    The answer is yes from ``threshold`` on.
    """

    weights: NDArray[np.float64]
    bias: float
    threshold: float

    def relations(self, found: Sequence[Candidate]) -> list[Relation]:
        """Those candidates of a paragraph that hold, in order, with their chance as the score."""
        kept = []
        for candidate in found:
            logit = float(np.dot(candidate.features, self.weights)) + self.bias
            chance = float(1 / (1 + np.exp(-logit)))
            if chance >= self.threshold:
                r = candidate.relation
                kept.append(Relation(r.cue, r.source, r.content, chance))
        return kept


@cache
def packaged_fusion() -> Fusion:
    """The regression that ships."""
    stored: dict[str, Any] = json.loads(
        (files("tocsin.language") / "data" / "fusion.json").read_text(encoding="utf-8")
    )
    weights = np.array([stored["weights"][name] for name in FEATURES])
    return Fusion(weights, float(stored["bias"]), float(stored["threshold"]))


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Where the words of a paragraph stand in the core's windows: (window, word) or -1."""

    window: NDArray[np.int64]
    word: NDArray[np.int64]

    @classmethod
    def of(cls, words: ParagraphWords, analyses: Sequence[Analysis]) -> _Place:
        window = np.full(len(words), -1)
        word = np.full(len(words), -1)
        for number, analysis in enumerate(analyses):
            starts = analysis.window.starts
            if not len(starts):
                continue  # a window of signs that are no words
            at = np.minimum(np.searchsorted(starts, words.starts), len(starts) - 1)
            same = starts[at] == words.starts
            window[same], word[same] = number, at[same]
        return cls(window, word)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The cues of one paragraph, where its words stand, and the cue probabilities (n, 3) of both taggers."""

    cues: list[Cue]
    place: _Place
    theirs: Floats
    own: Floats


def candidates(
    paragraphs: Sequence[ParagraphWords],
    analyses: Sequence[Analysis],
    tagger: AttributionNetwork,
    core: Attributor,
) -> list[list[Candidate]]:
    """For each paragraph of a document, every candidate that has a content, by where its cue begins.

    ``analyses`` are the core's of the same document.
    """
    found: list[list[Candidate]] = [[] for _ in paragraphs]
    tags = [core.tags(analysis) for analysis in analyses]
    for group in groups([len(p) for p in paragraphs]):
        chosen = [paragraphs[i] for i in group]
        states = tagger.states(chosen)
        asked = [
            _asked(words, theirs, analyses, tags)
            for words, theirs in zip(chosen, tagger.cue_probabilities(states, chosen), strict=True)
        ]
        cues = [(row, _scored(cue, one.theirs)) for row, one in enumerate(asked) for cue in one.cues]
        read = iter(tagger.judge(states, chosen, cues))
        for i, one in zip(group, asked, strict=True):
            found[i] = _candidates(one, [next(read) for _ in one.cues], analyses, core)
    return found


def _asked(
    words: ParagraphWords, theirs: Floats, analyses: Sequence[Analysis], tags: Sequence[Floats]
) -> _Asked:
    place = _Place.of(words, analyses)
    own = np.zeros_like(theirs)
    own[:, 0] = 1
    for number in np.unique(place.window[place.window >= 0]).tolist():
        here = place.window == number
        own[here] = tags[number][place.word[here]]
    return _Asked(decode_cues(np.float32(0.5) * (theirs + own), CANDIDATE), place, theirs, own)


def _candidates(
    asked: _Asked, read: Sequence[tuple[Floats, float]], analyses: Sequence[Analysis], core: Attributor
) -> list[Candidate]:
    borne = _judged_by_core(asked, analyses, core)
    rows = []
    for cue, (roles, holds), (others, bears) in zip(asked.cues, read, borne, strict=True):
        relation = decode_roles(cue, roles, holds)
        if relation is not None:
            own = _scored(cue, asked.theirs).score, _scored(cue, asked.own).score, cue.score
            rows.append((relation, roles, decode_roles(cue, others, 0), (holds, bears, *own)))
    relations = [row[0] for row in rows]
    return [Candidate(row[0], _features(*row, inside=_inside(row[0], relations))) for row in rows]


def _scored(cue: Cue, tags: Floats) -> Cue:
    """A cue with the score one network gives it."""
    return Cue(cue.first, cue.last, float(np.clip((1 - tags[cue.first : cue.last, 0]).max(), 1e-4, 1 - 1e-4)))


def _judged_by_core(
    asked: _Asked, analyses: Sequence[Analysis], core: Attributor
) -> list[tuple[Floats, float]]:
    """Roles (n, 3) of the paragraph's words for each cue by the core, and whether it holds.

    Words in another window than the cue have no role; where the core has not read the cue it does not hold.
    """
    cues, at = asked.cues, asked.place
    none = np.zeros_like(asked.own)
    none[:, 0] = 1
    found: list[tuple[Floats, float]] = [(none, _LEAST)] * len(cues)
    home = [int(at.window[cue.first]) for cue in cues]
    for number in sorted({n for n in home if n >= 0}):
        analysis = analyses[number]
        rows = [k for k, n in enumerate(home) if n == number]
        size = len(analysis.words)
        candidates_here = []
        is_cue = np.zeros(size, dtype=bool)
        for cue in decode_cues(core.tags(analysis), LIKELY):
            is_cue[cue.first : cue.last] = True
        for k in rows:
            first = int(at.word[cues[k].first])
            last = min(size, first + cues[k].last - cues[k].first)
            candidates_here.append(Cue(first, last, _scored(cues[k], asked.own).score))
            is_cue[first:last] |= cues[k].score >= LIKELY
        here = at.window == number
        for k, (roles, holds) in zip(rows, core.judge(analysis, candidates_here, is_cue), strict=True):
            own = none.copy()
            own[here] = roles[at.word[here]]
            found[k] = own, holds
    return found


def _inside(relation: Relation, others: Sequence[Relation]) -> bool:
    """Whether a cue stands in another's content, and not the other way round."""
    return any(
        other is not relation and _holds(other, relation.cue) and not _holds(relation, other.cue)
        for other in others
    )


def _holds(relation: Relation, cue: Cue) -> bool:
    return any(first <= cue.first and cue.last <= last for first, last in relation.content)


def _words(ranges: Sequence[tuple[int, int]]) -> set[int]:
    return {i for first, last in ranges for i in range(first, last)}


def _agreement(one: set[int], other: set[int]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0


def _features(
    relation: Relation,
    roles: Floats,
    other: Relation | None,
    chances: Sequence[float],
    *,
    inside: bool,
) -> NDArray[np.float64]:
    content, source = _words(relation.content), _words(relation.source)
    told = _words(other.content) if other else set()
    by = _words(other.source) if other else set()
    kept = np.clip(np.array(chances, dtype=np.float64), _LEAST, 1 - _LEAST)
    share = roles[:, CONTENT]
    rest = [
        _agreement(content, told),
        _agreement(source, by),
        float(share[sorted(content)].mean()),
        float(roles[sorted(source), SOURCE].mean()) if source else 0.0,
        float(np.minimum(share, 1 - share).sum()) / len(content),
        float(np.log(len(content))),
        not source,
        len(relation.content) > 1,
        inside,
    ]
    return np.concatenate([np.log(kept / (1 - kept)), np.array(rest, dtype=np.float64)])
