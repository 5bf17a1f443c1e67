"""The heads of the language core as systems: each behind the protocol of its task in ``systems``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain

import numpy as np

from tocsin.errors import UsageError
from tocsin.evaluate.systems import Persuasions
from tocsin.language.assess import EVENT, CertaintyHead, CheckworthyHead
from tocsin.language.core import Analysis, language_core
from tocsin.language.identify import identify
from tocsin.language.names import DEFAULT_STYLE, OTHER_STYLE, STYLES, Names, default_style
from tocsin.language.persuasion import NotInstalled, packaged_persuasion
from tocsin.language.segment import sentences
from tocsin.language.windows import windows

__all__ = ["CoreCertainty", "CoreCheckworthy", "CoreNames", "CorePersuasion"]

#: Certainty of a finding runs from 1 to 6.
_LEAST, _RANGE = 1.0, 5.0


class _OnCore:
    """Reads texts with the packaged core."""

    name = "core"

    def __init__(self) -> None:
        self._core = language_core()
        self.version = self._core.name

    def _document(self, text: str) -> list[Analysis]:
        """A text cut into sentences."""
        spans = [(paragraph, span.start, span.end) for paragraph, span in sentences(text)]
        return self._read(text, spans)

    def _sentence(self, text: str) -> list[Analysis]:
        """A text that is one sentence; in several windows only if it is endless."""
        return self._read(text, [(0, 0, len(text))])

    def _read(self, text: str, spans: Sequence[tuple[int, int, int]]) -> list[Analysis]:
        return [self._core.read(window) for window in windows(text, spans, self._core.pieces)]


class CoreNames(_OnCore):
    """Names by one guide; without one, by that of the language each text is in."""

    def __init__(self) -> None:
        super().__init__()
        self._names = Names(self._core)
        self._style: str | None = None
        defaults = {*DEFAULT_STYLE.values(), OTHER_STYLE}
        self.types = frozenset(chain.from_iterable(STYLES[style] for style in defaults))

    def follow(self, style: str) -> None:
        """Follow one guide whatever the language; raises UsageError where there is none of that name."""
        if style not in STYLES:
            raise UsageError(
                f"{style!r} is no guide for names", remedy=f"Choose one of {', '.join(sorted(STYLES))}"
            )
        self._style = style
        self.types = frozenset(STYLES[style])

    def names(self, text: str) -> list[tuple[int, int, str, float]]:
        style = self._style or default_style(identify(text)[0])
        read = self._document(text)
        found = self._names.spans(read, [style] * len(read))
        return [(span.start, span.end, span.type, span.score) for span in found]


class CoreCertainty(_OnCore):
    """Certainty of events, and of sentences as wholes; every text is taken for one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._head = CertaintyHead(self._core)

    def certainty(self, text: str, spans: Sequence[tuple[int, int]]) -> list[float]:
        """A span that touches no word gets the mean of the head's scale."""
        found = np.full(len(spans), np.nan)
        for analysis in self._sentence(text):
            own = self._head.spans(analysis, spans)
            found = np.where(np.isnan(found), own, found)
        return [float(value) for value in np.where(np.isnan(found), EVENT[0], found)]

    def sentence_certainty(self, texts: Sequence[str]) -> list[float]:
        """From 0 to 3: the head's own scale is 1 to 6."""
        return [3 * (finding - _LEAST) / _RANGE for finding, _ in map(self._whole, texts)]

    def hedging(self, texts: Sequence[str]) -> list[float]:
        return [hedged for _, hedged in map(self._whole, texts)]

    def _whole(self, text: str) -> tuple[float, float]:
        """Certainty of the finding and probability of a hedge; the mean over the parts of an endless text."""
        said = [self._head.sentences(analysis) for analysis in self._sentence(text)]
        if not said:
            return _LEAST, 0.0
        finding, hedged = (
            np.concatenate(parts) for parts in zip(*((s.finding, s.hedged) for s in said), strict=True)
        )
        return float(finding.mean()), float(hedged.mean())


class CoreCheckworthy(_OnCore):
    """Check-worthiness of sentences."""

    def __init__(self) -> None:
        super().__init__()
        self._head = CheckworthyHead(self._core)
        self.thresholds: Mapping[str, float] = {"checkworthy": self._head.threshold}

    def checkworthy(self, texts: Sequence[str]) -> list[float]:
        """An endless text is as much worth checking as the part of it that is most so."""
        return [
            max((float(self._head.sentences(a)[0]) for a in self._sentence(text)), default=0.0)
            for text in texts
        ]


class CorePersuasion(_OnCore):
    """Techniques of manipulation; raises HeadNotInstalledError where its weights are left out."""

    def __init__(self) -> None:
        super().__init__()
        head = packaged_persuasion()
        if isinstance(head, NotInstalled):
            raise head.error()
        self._head = head
        self.thresholds: Mapping[str, float] = head.thresholds
        self.techniques = frozenset(head.thresholds)

    def persuasion(self, texts: Sequence[str]) -> list[Persuasions]:
        found = map(self._head.text, texts)
        return [Persuasions(one.techniques, one.spans) for one in found]
