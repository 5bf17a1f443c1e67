"""How sure a text is of what it says, and which of its sentences are worth checking, from the core's states.

Each judgement was learnt from a corpus of its own, on its own scale (``training/core/tasks/certainty.py``
and ``checkworthy.py``): factuality of an event at its words (Lee et al. 2015), certainty of a sentence that
states a finding (Pei and Jurgens 2021), hedged or not (Wikipedia), and ClaimBuster's facts worth checking
(Arslan et al. 2020). All four are English.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.core import Analysis, LanguageCore
from tocsin.language.heads import Digest, Linear, SentenceWords, gelu, named_array, pooled, sigmoid

__all__ = ["EVENT", "FINDING", "Certainty", "CertaintyHead", "CheckworthyHead"]

Floats = NDArray[np.float32]

#: Mean and deviation of the training labels: the head answers in these units.
EVENT: Final = (2.32, 1.14)
FINDING: Final = (4.55, 1.06)
#: Factuality runs from surely not to surely so, certainty of a finding from 1 to 6.
_EVENT_SCALE: Final = (-3.0, 3.0)
_FINDING_SCALE: Final = (1.0, 6.0)
#: The threshold of check-worthiness where the weights hold none.
_EVEN: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Certainty:
    """What a window's s sentences say of themselves.

    ``finding`` (s,) certainty of what is stated, 1 to 6; ``hedged`` (s,) the probability that the sentence
    hedges. ``states`` (s, width + 2 · hidden) is what events are judged with.
    """

    finding: Floats
    hedged: Floats
    states: Floats


class CertaintyHead:
    """Certainty of sentences and of events in them."""

    def __init__(self, core: LanguageCore) -> None:
        named = core.named
        self._digest = Digest(named, "certainty.digest")
        self._event = Linear(named, "certainty.event")
        self._event_out = Linear(named, "certainty.event_out")
        self._sentence_out = Linear(named, "certainty.sentence_out")

    def sentences(self, analysis: Analysis) -> Certainty:
        """Certainty of each sentence of a window."""
        digest = self._digest(analysis.words, SentenceWords.of(analysis.window))
        states = np.concatenate([analysis.sentences, digest], axis=1)
        out = self._sentence_out(states)
        finding = np.clip(out[:, 0] * np.float32(FINDING[1]) + np.float32(FINDING[0]), *_FINDING_SCALE)
        return Certainty(finding, sigmoid(out[:, 1]), states)

    def spans(
        self, analysis: Analysis, spans: Sequence[tuple[int, int]], sentences: Certainty | None = None
    ) -> Floats:
        """Factuality (k,) of the events at k spans, from -3 (surely not) to 3 (surely so).

        Spans are half-open code points of the document; every word they touch counts, and the sentence is
        that of the first. NaN for a span that touches no word of the window. ``sentences`` saves computing
        them again.
        """
        window = analysis.window
        # Words are in order and disjoint, so those that a span touches stand together.
        asked = np.array(spans, dtype=np.int64).reshape(-1, 2)
        first = np.searchsorted(window.ends, asked[:, 0], side="right")
        last = np.searchsorted(window.starts, asked[:, 1], side="left")
        return self.words(analysis, np.stack([first, last], axis=1), sentences)

    def words(
        self, analysis: Analysis, ranges: NDArray[np.int64], sentences: Certainty | None = None
    ) -> Floats:
        """Factuality (k,) of the events at words [first, last) of the window, (k, 2); NaN where empty."""
        out = np.full(len(ranges), np.nan, dtype=np.float32)
        here = np.flatnonzero(ranges[:, 0] < ranges[:, 1])
        if not len(here):
            return out
        own = ranges[here]
        states = (sentences or self.sentences(analysis)).states[analysis.window.sentence[own[:, 0]]]
        words = np.stack([analysis.words[a:b].mean(axis=0) for a, b in own.tolist()])
        hidden = gelu(self._event(np.concatenate([words, states], axis=1)))
        value = self._event_out(hidden)[:, 0] * np.float32(EVENT[1]) + np.float32(EVENT[0])
        out[here] = np.clip(value, *_EVENT_SCALE)
        return out


class CheckworthyHead:
    """Whether sentences state facts worth checking; from ``threshold`` on the answer is yes."""

    def __init__(self, core: LanguageCore) -> None:
        named = core.named
        self._mean = named_array(named, "checkworthy.mean")
        self._scale = named_array(named, "checkworthy.scale")
        self._hidden = Linear(named, "checkworthy.hidden")
        self._out = Linear(named, "checkworthy.out")
        # Chosen on sentences the head did not learn from (``training/core/refit_checkworthy.py``).
        known = "checkworthy.threshold" in named
        self.threshold = float(named_array(named, "checkworthy.threshold")) if known else _EVEN

    def sentences(self, analysis: Analysis) -> Floats:
        """The probability (s,) that each sentence of a window is worth checking."""
        words = pooled(analysis.words, SentenceWords.of(analysis.window))
        return self.judge(np.concatenate([analysis.sentences, words], axis=1))

    def judge(self, states: Floats) -> Floats:
        """The same from states (s, 3 · width): each sentence's own, the mean and the maximum of its words."""
        x = (states - self._mean) * self._scale
        return sigmoid(self._out(gelu(self._hidden(x)))[:, 0])
