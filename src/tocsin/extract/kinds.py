"""What kind of statement a content is (report, forecast, blame, advice, opinion), with the words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from tocsin.extract.lexicon import lexicon_language, read_data
from tocsin.extract.words import Matcher
from tocsin.model import ClaimKind, SourceKind, Span, Spans

__all__ = ["kind_of"]

#: First match wins. Advice («should») outranks blame inside it, and both outrank the tense they stand in.
_ORDER: Final = ("advice", "blame", "forecast")


#: «may be due to», «could have been»: a guess about what is, no forecast.
_PAST: Final = re.compile(
    r"\s+(?:(?:indeed|also|well|not)\s+)*(?:have|be\s+(?:due|because|the|that))\b", re.IGNORECASE
)


@cache
def _data() -> Any:
    return read_data("kinds")


@cache
def _matcher(language: str) -> Matcher:
    data = _data()[language]
    return Matcher({name: data[name] for name in (*_ORDER, "opinion", "forecast_weak")})


@cache
def _cues(language: str) -> dict[str, str]:
    data = _data()[language]
    return {lemma: name for name in (*_ORDER, "opinion") for lemma in data[f"verbs_{name}"]}


def kind_of(
    text: str,
    content: Sequence[Span],
    language: str,
    cue: tuple[str, Spans] = ("", ()),
    source_kind: str = "",
) -> tuple[str, Spans]:
    """``(ClaimKind, evidence spans)`` of a content; ``cue`` is the innermost ``(lemma, spans)``.

    A first-person opinion stays one unless the words advise, blame or plainly foretell; «could» alone makes a
    forecast only of what is nobody's opinion.
    """
    rules = lexicon_language(language)
    if not rules:
        return ClaimKind.REPORT, ()
    found: dict[str, list[Span]] = {}
    for name, span in _matcher(rules).find(text, content):
        if name == "forecast_weak" and _PAST.match(text, span.end):
            continue
        found.setdefault(name, []).append(span)
    lemma, spans = cue
    effect = _cues(rules).get(lemma, "")
    if effect:
        found.setdefault(effect, []).extend(spans)
    for name in _ORDER:
        if name in found and not (name == "forecast" and source_kind == SourceKind.AUTHOR and spans):
            return ClaimKind(name), _sorted(found[name])
    if source_kind == SourceKind.AUTHOR and spans:
        return ClaimKind.OPINION, _sorted([*found.get("opinion", ()), *spans])
    if "forecast" in found:
        return ClaimKind.FORECAST, _sorted(found["forecast"])
    if "opinion" in found:
        return ClaimKind.OPINION, _sorted(found["opinion"])
    if "forecast_weak" in found:
        return ClaimKind.FORECAST, _sorted(found["forecast_weak"])
    return ClaimKind.REPORT, ()


def _sorted(spans: Sequence[Span]) -> Spans:
    found: list[Span] = []
    for span in sorted(spans):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)
