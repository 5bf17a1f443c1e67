"""What kind of statement a content is (report, forecast, blame, advice, opinion), with the words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from tocsin.extract.lexicon import lexicon_language, read_data
from tocsin.extract.words import Matcher
from tocsin.language.morphology import parses
from tocsin.model import ClaimKind, SourceKind, Span, Spans

__all__ = ["kind_of"]

#: First match wins. Advice («should») outranks blame inside it, and both outrank the tense they stand in.
_ORDER: Final = ("advice", "blame", "forecast")


#: «may be due to», «could have been»: a guess about what is, no forecast.
_PAST: Final = re.compile(r"\s+(?:(?:indeed|also|well|not|still)\s+)*(?:have|be|быть|бути)\b", re.IGNORECASE)
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
#: How the third person of a perfective future may end; the dictionary is asked only about such words.
_FUTURES: Final = {
    "ru": ("ет", "ёт", "ит", "ут", "ют", "ат", "ят", "тся"),
    "uk": ("ить", "уть", "ють", "ать", "ять", "еться", "иться", "уться", "яться", "ються"),
}


@cache
def _data() -> Any:
    return read_data("kinds")


@cache
def _matcher(language: str) -> Matcher:
    data = _data()[language]
    return Matcher({name: data[name] for name in (*_ORDER, "opinion", "forecast_weak", "ignore")})


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
    found = _evidence(text, content, rules)
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


def _evidence(text: str, content: Sequence[Span], rules: str) -> dict[str, list[Span]]:
    """Spans that speak for each kind inside a content."""
    found: dict[str, list[Span]] = {}
    for name, span in _matcher(rules).find(text, content):
        if name == "ignore":
            continue
        if name == "forecast_weak" and _PAST.match(text, span.end):
            continue
        found.setdefault(name, []).append(span)
    if rules in _FUTURES and "forecast" not in found:
        found.update(_future(text, content, rules))
    return found


def _future(text: str, content: Sequence[Span], language: str) -> dict[str, list[Span]]:
    """Verbs in the future tense («закроют»): in Russian and Ukrainian a form of perfective verbs."""
    found = []
    for span in content:
        for match in _WORD.finditer(text, span.start, span.end):
            word = match.group()
            if len(word) > 4 and word.endswith(_FUTURES[language]) and word.islower():
                readings = parses(word, language)
                if readings[0].tense == "futr" and readings[0].pos == "VERB":
                    found.append(Span(match.start(), match.end()))
    return {"forecast": found} if found else {}


def _sorted(spans: Sequence[Span]) -> Spans:
    found: list[Span] = []
    for span in sorted(spans):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)
