"""Words of estimative probability: which interval of probability a wording stands for, by a published table.

The words and scales are data (``judge/data/estimative.yaml``, with sources), meant to be copied and edited.
A stated figure («30 percent») goes before any word; where a scale has no entry for a term, the table's own
reading is used and said to be so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from tocsin.errors import UsageError
from tocsin.extract.lexicon import lexicon_language
from tocsin.extract.words import Matcher
from tocsin.model import Certainty, Span, Spans

__all__ = ["ASSERTED", "DEFAULT_SCALE", "Mapped", "Scale", "Wording", "scale_of", "wording_of"]

DEFAULT_SCALE: Final = "icd203"
#: The term of a forecast without any word for how probable it is.
ASSERTED: Final = "asserted"
#: The level a certainty gives where no word of the table stands in the text.
_BY_CERTAINTY: Final[Mapping[str, str]] = {
    Certainty.PROBABLE: "likely",
    Certainty.POSSIBLE: "possible",
    Certainty.PROBABLY_NOT: "unlikely",
    Certainty.POSSIBLY_NOT: "possible",
    Certainty.UNDERSPECIFIED: "possible",
}
_PERCENT: Final = re.compile(
    r"(?<![\d.,])(\d{1,3}(?:[.,]\d+)?)\s*(?:%|per ?cent\b|процент\w*|відсот\w*|пайыз\w*)", re.IGNORECASE
)
#: Words that make a percentage one of probability, within so many code points of it.
_CHANCE: Final = re.compile(
    r"chance|probab|likel|odds|вероятност|шанс|даю\w*|імовірн|ймовірн|ықтимал|мүмкіндік", re.IGNORECASE
)
_NEAR: Final = 30
#: Terms from the least to the most probable.
_ORDER: Final = (
    *("almost no chance", "very unlikely", "unlikely", "possible"),
    *("even chance", "likely", "very likely", "almost certain"),
)


@dataclass(frozen=True, slots=True)
class Wording:
    """How probable a text makes an event: a stated ``figure`` (0 to 1) or a ``term``, and the words for
    it.
    """

    figure: float | None
    term: str
    words: Spans


@dataclass(frozen=True, slots=True)
class Mapped:
    """An interval of probability and where it comes from. ``value`` is its middle."""

    low: float
    high: float
    basis: str

    @property
    def value(self) -> float:
        return (self.low + self.high) / 2


@dataclass(frozen=True, slots=True)
class Scale:
    """One scale of the table: term → interval, with its source."""

    name: str
    source: str
    terms: Mapping[str, tuple[float, float]]
    own_source: str
    own: Mapping[str, tuple[float, float]]

    def of(self, figure: float | None, term: str) -> Mapped:
        """The interval of a stated figure or of a term; an unknown term is anything from 0 to 1."""
        if figure is not None:
            return Mapped(figure, figure, "stated")
        if term in self.terms:
            return Mapped(*self.terms[term], f"“{term}” in {self.name}")
        if term in self.own:
            return Mapped(*self.own[term], f"“{term}”: own reading")
        return Mapped(0.0, 1.0, f"“{term}” is in no scale")


@cache
def _packaged() -> Any:
    from importlib.resources import files

    data = files("tocsin.judge") / "data" / "estimative.yaml"
    return _parsed(data.read_text(encoding="utf-8"), data.name)


def _read(path: Path) -> Any:
    try:
        return _parsed(path.read_text(encoding="utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error})") from error


def _parsed(text: str, path: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise UsageError(f"{path} is no YAML ({error})") from error


def scale_of(name: str = DEFAULT_SCALE, path: Path | None = None) -> Scale:
    """A scale by name from the packaged table or from an edited copy.

    Raises UsageError for an unknown name, an unreadable file or an interval that is none.
    """
    data = _packaged() if path is None else _read(path)
    try:
        scales = data["scales"]
        if name not in scales:
            raise UsageError(f"no scale {name!r}", remedy=f"Use one of {', '.join(sorted(scales))}")
        own = data.get("own") or {"source": "", "terms": {}}
        return Scale(
            name, scales[name]["source"], _terms(scales[name]["terms"]), own["source"], _terms(own["terms"])
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise UsageError(f"the table of scales lacks {error}", remedy="Copy the packaged table") from error


def _terms(raw: Mapping[str, Sequence[float]]) -> dict[str, tuple[float, float]]:
    found = {}
    for term, pair in raw.items():
        if len(pair) != 2 or not 0 <= float(pair[0]) <= float(pair[1]) <= 1:
            raise UsageError(f"{term}: {pair} is no interval between 0 and 1")
        found[str(term)] = (float(pair[0]), float(pair[1]))
    return found


@cache
def _matcher(language: str) -> Matcher:
    return Matcher({term: [str(w) for w in words] for term, words in _packaged()["words"][language].items()})


def wording_of(text: str, spans: Sequence[Span], language: str, certainty: str) -> Wording:
    """How probable the words in ``spans`` of a text make their event.

    A figure beside a word of chance is taken as it stands; else the least probable term found, because each
    hedge weakens; else the claim's certainty; else it is asserted.
    """
    figure = _figure(text, spans)
    if figure is not None:
        return Wording(figure[0], "stated", (figure[1],))
    rules = lexicon_language(language)
    found = list(_matcher(rules).find(text, spans)) if rules else []
    if found:
        term = min((name for name, _ in found), key=_ORDER.index)
        return Wording(None, term, tuple(span for name, span in found if name == term))
    return Wording(None, _BY_CERTAINTY.get(certainty, ASSERTED), ())


def _figure(text: str, spans: Sequence[Span]) -> tuple[float, Span] | None:
    for span in spans:
        for match in _PERCENT.finditer(text, span.start, span.end):
            value = float(match[1].replace(",", ".")) / 100
            around = text[max(span.start, match.start() - _NEAR) : min(span.end, match.end() + _NEAR)]
            if value <= 1 and _CHANCE.search(around):
                return value, Span(*match.span())
    return None
