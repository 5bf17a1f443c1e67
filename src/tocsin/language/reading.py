"""Documents read by the core once for every stage that asks, whatever it asks.

The layers cost most of the time, so what a reading gives is kept by the content of the document: the stage
that comes second finds it ready.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from tocsin.language.core import WEIGHTS, Analysis, LanguageCore, language_core
from tocsin.language.names import Names, NameSpan, default_style
from tocsin.language.windows import Window, windows
from tocsin.model.ids import make_id

__all__ = ["KEPT", "Reader", "SentenceSpan", "core_installed", "reader"]

#: Documents whose readings are kept: more than stages see between two looks at the same one.
KEPT: Final = 4096


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """A sentence of a document: its paragraph, half-open code points, language (ISO 639-1 or ``und``)."""

    paragraph: int
    start: int
    end: int
    language: str


class Reader:
    """Reads documents with one core. Not for use by several threads.

    What it says of a document depends on its text, its sentences and the weights, on nothing read before.
    """

    def __init__(self, core: LanguageCore, kept: int = KEPT) -> None:
        self._core = core
        self._names = Names(core)
        self._limit = kept
        self._kept: OrderedDict[str, tuple[NameSpan, ...]] = OrderedDict()
        self.name = core.name

    def read(self, text: str, sentences: Sequence[SentenceSpan]) -> list[Analysis]:
        """The states of a document's windows, in order; whoever asks for its names later finds them ready."""
        spans = [(s.paragraph, s.start, s.end) for s in sentences]
        analyses = [self._core.read(window) for window in windows(text, spans, self._core.pieces)]
        styles = [default_style(_language(analysis.window, sentences)) for analysis in analyses]
        self._kept[_key(text, sentences)] = tuple(self._names.spans(analyses, styles))
        if len(self._kept) > self._limit:
            self._kept.popitem(last=False)
        return analyses

    def names(self, text: str, sentences: Sequence[SentenceSpan]) -> tuple[NameSpan, ...]:
        """Names of a document in order, each window by the guide of its own main language."""
        key = _key(text, sentences)
        if key not in self._kept:
            self.read(text, sentences)
        return self._kept[key]


def _key(text: str, sentences: Sequence[SentenceSpan]) -> str:
    parts: list[str | int] = ["reading", text.encode("utf-8", "surrogatepass").hex()]
    for s in sentences:
        parts += [s.paragraph, s.start, s.end, s.language]
    return make_id(*parts)


def _language(window: Window, sentences: Sequence[SentenceSpan]) -> str:
    """The language of most characters of a window's sentences; of equals the first by code."""
    sizes: Counter[str] = Counter()
    for row in window.sentences:
        sizes[sentences[row].language] += sentences[row].end - sentences[row].start
    return min(sizes, key=lambda code: (-sizes[code], code), default="")


def core_installed() -> bool:
    """Whether the core's weights are here: they were trained on restricted data and can be left out."""
    return (files("tocsin.language") / "weights" / WEIGHTS).is_file()


@cache
def reader() -> Reader:
    """The reader with the packaged core, made at the first call of a process."""
    return Reader(language_core())
