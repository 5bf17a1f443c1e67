"""Who says what, from the core's states: cues, and for each the words of its source and its content.

Two taggers read every word: one was taught the outermost attributions, the other every attribution, also
those inside what somebody else is quoted as saying. The second is asked only inside contents found, so
chains come out of the same pass. A second graph judges each candidate: the role of the words around it, and
whether it holds at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.core import Analysis, LanguageCore, language_core
from tocsin.language.relations import (
    CANDIDATE,
    LIKELY,
    PLACE_WIDTH,
    REACH,
    Cue,
    Relation,
    decode_cues,
    decode_roles,
    places,
)

__all__ = ["DEPTH", "Attributor", "packaged_attributor"]

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

#: Chains are followed this far in.
DEPTH: Final = 4
#: A score from which an attribution counts, where the weights say nothing else; and for inner ones.
THRESHOLD: Final = 0.5
_INNER: Final = 0.5
#: Candidates judged in one call.
_CALL: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """What is already found in a window: relations, and words that are cues of them."""

    relations: list[Relation]
    is_cue: Flags


class Attributor:
    """Finds the relations of windows; the graph of the second stage is read when it is made."""

    def __init__(self, core: LanguageCore) -> None:
        self._core = core
        self._roles: Any = core.graph("roles")
        self.threshold = float(core.named.get("attribution.threshold", THRESHOLD))
        self._curve = core.named.get("attribution.calibration")

    def chance(self, score: float) -> float:
        """How often an attribution with this score was right where it was measured (the model card)."""
        if self._curve is None:
            return score
        return float(np.interp(score, self._curve[0], self._curve[1]))

    def relations(
        self, analysis: Analysis, threshold: float | None = None, depth: int = DEPTH
    ) -> list[Relation]:
        """Relations of a window, outermost first, then those inside them, by where their cues begin.

        ``score`` is the network's own; ``chance`` says what it is worth. ``threshold`` holds for the
        outermost ones; ``depth`` 1 leaves out what is inside others.
        """
        threshold = self.threshold if threshold is None else threshold
        tags = self.tags(analysis)
        cues = decode_cues(tags, CANDIDATE)
        if not cues:
            return []
        is_cue = np.zeros(len(analysis.words), dtype=bool)
        for cue in cues:
            is_cue[cue.first : cue.last] |= cue.score >= LIKELY
        found = [r for r in self._judge(analysis, cues, is_cue) if r.score >= threshold]
        taken = _Taken(found, is_cue)
        inner = decode_cues(self._tags(analysis.words, "attribution.inner"), CANDIDATE)
        level = found
        for _ in range(depth - 1):
            level = self._inside(analysis, level, inner, taken)
            if not level:
                break
            taken.relations.extend(level)
        return taken.relations

    def _inside(
        self, analysis: Analysis, outer: Sequence[Relation], cues: Sequence[Cue], taken: _Taken
    ) -> list[Relation]:
        """Relations whose cues stand in the contents of ``outer``, cut to those contents."""
        used = {i for r in taken.relations for i in range(r.cue.first, r.cue.last)}
        found: list[Relation] = []
        for relation in outer:
            said = _mask(relation.content, len(analysis.words))
            own = [
                c for c in cues if said[c.first : c.last].all() and used.isdisjoint(range(c.first, c.last))
            ]
            if not own:
                continue
            for inner in self._judge(analysis, own, taken.is_cue, said):
                if inner.score >= _INNER:
                    found.append(inner)
                    used.update(range(inner.cue.first, inner.cue.last))
        return found

    def tags(self, analysis: Analysis) -> Floats:
        """Probabilities (n, 3) of outside, begin, in of outermost cues."""
        return self._tags(analysis.words, "attribution.cue")

    def _tags(self, words: Floats, name: str) -> Floats:
        named = self._core.named
        return _softmax(words @ named[f"{name}.weight"].T + named[f"{name}.bias"])

    def _judge(
        self, analysis: Analysis, cues: Sequence[Cue], is_cue: Flags, within: Flags | None = None
    ) -> list[Relation]:
        """A relation for every candidate that has a content; words outside ``within`` have no role."""
        found = []
        for cue, (chances, score) in zip(cues, self.judge(analysis, cues, is_cue), strict=True):
            if within is not None:
                chances[~within] = (1, 0, 0)
            relation = decode_roles(cue, chances, score)
            if relation is not None:
                found.append(relation)
        return found

    def judge(self, analysis: Analysis, cues: Sequence[Cue], is_cue: Flags) -> Iterator[tuple[Floats, float]]:
        """For each candidate: role probabilities (n, 3) of the window's words, and whether it holds, 0 to 1.

        ``is_cue`` (n,) marks the words that count as cues beside the candidate.
        """
        for at in range(0, len(cues), _CALL):
            part = cues[at : at + _CALL]
            ranges = [(max(0, c.first - REACH), min(len(analysis.words), c.last + REACH)) for c in part]
            roles, valid = self._roles.run(None, _question(analysis, part, ranges, is_cue))
            for (low, high), own, score in zip(ranges, roles, valid, strict=True):
                chances = np.zeros((len(analysis.words), 3), dtype=np.float32)
                chances[:, 0] = 1
                chances[low:high] = own[: high - low]
                yield chances, float(score)


def _question(
    analysis: Analysis, cues: Sequence[Cue], ranges: Sequence[tuple[int, int]], is_cue: Flags
) -> dict[str, Floats]:
    """The inputs of the second graph for candidates of one window, padded to the longest range."""
    count, steps = len(cues), max(high - low for low, high in ranges)
    words = np.zeros((count, steps, analysis.words.shape[1]), dtype=np.float32)
    at, mask = np.zeros((count, steps), np.float32), np.zeros((count, steps), np.float32)
    place = np.zeros((count, steps, PLACE_WIDTH), dtype=np.float32)
    for k, (cue, (low, high)) in enumerate(zip(cues, ranges, strict=True)):
        size = high - low
        words[k, :size] = analysis.words[low:high]
        at[k, cue.first - low : cue.last - low] = 1 / (cue.last - cue.first)
        mask[k, :size] = 1
        sentence = analysis.window.sentence[low:high]
        place[k, :size] = places((cue.first - low, cue.last - low), is_cue[low:high], sentence)
    score = np.array([np.log(c.score / max(1 - c.score, 1e-6)) for c in cues], dtype=np.float32)
    return {"words": words, "at": at, "place": place, "mask": mask, "score": score}


def _mask(ranges: Sequence[tuple[int, int]], size: int) -> Flags:
    out = np.zeros(size, dtype=bool)
    for first, last in ranges:
        out[first:last] = True
    return out


def _softmax(x: Floats) -> Floats:
    x = np.exp(x - x.max(axis=1, keepdims=True))
    out: Floats = x / x.sum(axis=1, keepdims=True)
    return out


@cache
def packaged_attributor() -> Attributor:
    """The attributor on the packaged core, made at the first call of a process."""
    return Attributor(language_core())
