"""Certainty of a content: FactBank values from hedges, negation and the cues of its chain.

Values are those of FactBank (Saurí & Pustejovsky 2009): CT, PR or PS with + or −, and Uu. The level is the
lowest that any hedge or cue gives (a chain is as sure as its weakest link); the polarity is that of the main
clause, found as a negation before the content's first comma or subordinate clause. Composition over nested
cues follows the paper in outline only; a trained head replaces this.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from tocsin.extract.lexicon import lexicon_language, read_data
from tocsin.extract.words import Matcher
from tocsin.model import Certainty, Span, Spans

__all__ = ["Assessment", "certainty_of"]

_ORDER: Final = ("ct", "pr", "ps")
_VALUES: Final[Mapping[tuple[str, bool], Certainty]] = {
    ("ct", True): Certainty.CERTAIN,
    ("ct", False): Certainty.CERTAINLY_NOT,
    ("pr", True): Certainty.PROBABLE,
    ("pr", False): Certainty.PROBABLY_NOT,
    ("ps", True): Certainty.POSSIBLE,
    ("ps", False): Certainty.POSSIBLY_NOT,
}
_CLAUSE_END: Final = re.compile(
    r"[,;:—–]|\b(?:that|which|who|because|что|котор\w+|потому|який|яка|які|що|бо)\b", re.IGNORECASE
)
_SCOPE: Final = 90  # code points of the main clause searched for a negation
_CONDITION: Final = 12  # a condition counts when the content begins with it


@dataclass(frozen=True, slots=True)
class Assessment:
    """A FactBank value, the spans that made it (sorted, non-overlapping) and the reasons in words."""

    value: str
    hedges: Spans
    reasons: tuple[str, ...]


@cache
def _data() -> Any:
    return read_data("certainty")


@cache
def _matcher(language: str) -> Matcher:
    data = _data()[language]
    return Matcher({name: data[name] for name in ("not_neg", "unlikely", "ps", "pr", "neg", "uu")})


@cache
def _cues(language: str) -> dict[str, str]:
    data = _data()[language]
    return {lemma: name for name in ("pr", "ps", "neg", "uu") for lemma in data[f"verbs_{name}"]}


def certainty_of(
    text: str, content: Sequence[Span], language: str, cues: Sequence[tuple[str, Spans]] = ()
) -> Assessment:
    """Certainty of a content; ``cues`` are the chain's ``(lemma, spans)``, outermost first.

    A language without rules gives CT+ with the reason saying so: what nobody looked at is not hedged.
    """
    rules = lexicon_language(language)
    if not rules:
        return Assessment(Certainty.CERTAIN, (), ("no hedge rules for this language",))
    level, positive, hedges, reasons = "ct", True, [], []
    for lemma, spans in cues:
        effect = _cues(rules).get(lemma)
        if effect is None:
            continue
        hedges += list(spans)
        reasons.append(f"cue: {lemma}")
        if effect == "neg":
            positive = not positive
        else:
            level = _lower(level, effect) if effect != "uu" else "uu"
    level, negated = _inside(text, content, rules, level, hedges, reasons)
    if negated:
        positive = not positive
    value = Certainty.UNDERSPECIFIED if level == "uu" else _VALUES[level, positive]
    return Assessment(value, _sorted(hedges), tuple(reasons))


def _lower(level: str, other: str) -> str:
    if "uu" in (level, other):
        return "uu"
    return max(level, other, key=_ORDER.index)


def _inside(
    text: str, content: Sequence[Span], rules: str, level: str, hedges: list[Span], reasons: list[str]
) -> tuple[str, bool]:
    """Hedges and negation inside the content; adds to ``hedges`` and ``reasons``."""
    begin = content[0].start
    clause = _CLAUSE_END.search(text, begin + 1, min(content[0].end, begin + 400))
    limit = min(clause.start() if clause else content[0].end, begin + _SCOPE)
    negated = False
    for name, span in _matcher(rules).find(text, content):
        if name == "not_neg":
            continue
        if name == "neg":
            if span.start >= limit or negated:
                continue
            negated = True
        elif name == "uu":
            if span.start - begin > _CONDITION:
                continue
            level = "uu"
        elif name == "unlikely":
            negated = True
            level = _lower(level, "pr")
        else:
            level = _lower(level, name)
        hedges.append(span)
        reasons.append(f"{name}: {span.of(text).lower()}")
    if text[content[-1].end : content[-1].end + 1] == "?" or text[content[-1].end - 1] == "?":
        level = "uu"
        reasons.append("question")
    return level, negated


def _sorted(spans: Sequence[Span]) -> Spans:
    found: list[Span] = []
    for span in sorted(spans):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)
