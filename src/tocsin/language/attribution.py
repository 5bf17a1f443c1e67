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

from tocsin.language.core import LANGUAGES, Analysis, LanguageCore, language_core
from tocsin.language.heads import Linear, gelu, named_array, standardised
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
#: The curve of a file without one: a score is the chance it says.
_AS_SAID: Final = np.array([[0, 1], [0, 1]], dtype=np.float32)
#: Least P(begin) + P(in) of a word of an outermost cue. Lower than where two networks are heard: the
#: second stage knows what the tagger only suspects; on held-out texts joint F rises by half a point.
_CANDIDATE: Final = 0.12
#: Candidates judged in one call.
_CALL: Final = 16


@dataclass(frozen=True, slots=True, eq=False)
class _Taken:
    """What is already found in a window: relations, and words that are cues of them."""

    relations: list[Relation]
    is_cue: Flags


class _Around5:
    """A depthwise convolution over five words and a layer at each word, added to what goes in."""

    def __init__(self, core: LanguageCore, name: str) -> None:
        self._near: Floats = np.ascontiguousarray(named_array(core.named, f"{name}.near.weight")[:, 0].T)
        self._bias = named_array(core.named, f"{name}.near.bias")
        self._mix = Linear(core.named, f"{name}.mix")
        self._scale = named_array(core.named, f"{name}.norm.weight")
        self._shift = named_array(core.named, f"{name}.norm.bias")

    def __call__(self, x: Floats) -> Floats:
        near = x * self._near[2]
        for shift in (1, 2):
            near[shift:] += x[:-shift] * self._near[2 - shift]
            near[:-shift] += x[shift:] * self._near[2 + shift]
        near += self._bias
        out: Floats = standardised(x + self._mix(gelu(near))) * self._scale + self._shift
        return out


class _Taggers:
    """Probabilities (n, 3) of outside, begin, in: of outermost cues, and of all."""

    def __init__(self, core: LanguageCore) -> None:
        self._enter = Linear(core.named, "attribution.enter")
        self._layers = [_Around5(core, f"attribution.layers.{number}") for number in range(2)]
        self._cue = Linear(core.named, "attribution.cue")
        self._inner = Linear(core.named, "attribution.inner")

    def __call__(self, words: Floats) -> tuple[Floats, Floats]:
        x = gelu(self._enter(words))
        for layer in self._layers:
            x = layer(x)
        seen = np.concatenate([words, x], axis=1)
        return _softmax(self._cue(seen)), _softmax(self._inner(seen))


class Attributor:
    """Finds the relations of windows; the graph of the second stage is read when it is made."""

    def __init__(self, core: LanguageCore) -> None:
        self._core = core
        self._roles: Any = core.graph("roles")
        shape = (len(LANGUAGES),)
        found = core.named.get("attribution.threshold", np.array(THRESHOLD, np.float32))
        self.thresholds: Floats = np.broadcast_to(found, shape)
        curve = core.named.get("attribution.calibration", _AS_SAID)
        self._curves: Floats = np.broadcast_to(curve, (*shape, *curve.shape[-2:]))
        self._taggers = _Taggers(core)

    def chance(self, score: float, language: str = "en") -> float:
        """How often an attribution with this score was right where it was measured (the model card).

        Languages without a curve of their own (``core.LANGUAGES`` have one) get that of English.
        """
        scores, chances = self._curves[_row(language)]
        return float(np.interp(score, scores, chances))

    def relations(
        self, analysis: Analysis, language: str = "en", threshold: float | None = None, depth: int = DEPTH
    ) -> list[Relation]:
        """Relations of a window, outermost first, then those inside them, by where their cues begin.

        ``score`` is the network's own; ``chance`` says what it is worth. ``threshold`` holds for the
        outermost ones, if not given that of the ``language``; ``depth`` 1 leaves out what is inside others.
        """
        threshold = float(self.thresholds[_row(language)]) if threshold is None else threshold
        outermost, every = self._taggers(analysis.words)
        cues = decode_cues(outermost, _CANDIDATE)
        if not cues:
            return []
        is_cue = np.zeros(len(analysis.words), dtype=bool)
        for cue in cues:
            is_cue[cue.first : cue.last] |= cue.score >= LIKELY
        found = [r for r in self._judge(analysis, cues, is_cue) if r.score >= threshold]
        taken = _Taken(found, is_cue)
        inner = decode_cues(every, CANDIDATE)
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
        return self._taggers(analysis.words)[0]

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


def _row(language: str) -> int:
    return LANGUAGES.index(language if language in LANGUAGES else "en")


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
