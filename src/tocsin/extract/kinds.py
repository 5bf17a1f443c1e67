"""What kind of statement a content is (report, forecast, blame, advice, opinion), with the words for it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from tocsin.extract.clauses import clauses_of, main_clause, reports
from tocsin.extract.cues import CueMatcher, cue_words
from tocsin.extract.lexicon import lexicon_language, read_data
from tocsin.extract.statements import bare, evidence, timeless
from tocsin.extract.words import Matcher, normal, word_spans
from tocsin.language.morphology import parses
from tocsin.model import ClaimKind, SourceKind, Span, Spans

__all__ = ["foretells", "kind_of"]

#: First match wins. Advice («should») outranks blame inside it, and both outrank the tense they stand in.
_ORDER: Final = ("advice", "blame", "forecast")
#: What a cue can be besides, in Russian, Ukrainian and Kazakh.
_CUES: Final = (*_ORDER, "opinion", "suspect", "ahead", "sure", "believe", "call", "ask")
#: «may be due to», «could have been»: a guess about what is, no forecast.
_PAST: Final = re.compile(r"\s+(?:(?:indeed|also|well|not|still)\s+)*(?:have|be)\b", re.IGNORECASE)
#: «would be issued», «there could be»: what is to come all the same.
_TO_COME: Final = re.compile(
    r"would\s+(?:(?:also|not|still)\s+)*be\b|(?<=there )(?:may|might|could)\s+be\b", re.IGNORECASE
)


@cache
def _data() -> Any:
    return read_data("kinds")


@cache
def _matcher() -> Matcher:
    data = _data()["en"]
    return Matcher({name: data[name] for name in (*_ORDER, "opinion", "forecast_weak", "ignore")})


@cache
def _cues(language: str) -> dict[str, str]:
    names = (*_ORDER, "opinion") if language == "en" else _CUES
    return {lemma: name for name in names for lemma in _data()[language][f"verbs_{name}"]}


@cache
def _cue_matcher(language: str) -> CueMatcher:
    names = (*_ORDER, "opinion") if language == "en" else _CUES
    return CueMatcher({name: _data()[language][f"verbs_{name}"] for name in names})


def _effects(text: str, cue: tuple[str, Spans], rules: str) -> list[str]:
    """What the cue is; its words are asked, in English first the lemma that a rule gave."""
    lemma, spans = cue
    if rules == "en" and lemma in _cues(rules):
        return [_cues(rules)[lemma]]
    found = [match.name for match in _cue_matcher(rules).find(cue_words(text, spans, rules))]
    return found or [name for known, name in _cues(rules).items() if known == lemma]


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
    if rules == "en":
        return _by_words(text, content, cue, source_kind)
    return _by_clauses(text, content, rules, cue, source_kind)


def foretells(text: str, content: Sequence[Span], language: str) -> bool:
    """Whether the words of a content foretell, whatever else it is («in my opinion these could become
    targets»).
    """
    rules = lexicon_language(language)
    if rules == "en":
        found = _matcher().find(text, content)
        return any(n == "forecast" or (n == "forecast_weak" and not _guesses(text, s)) for n, s in found)
    return bool(rules) and "forecast" in evidence(text, content, rules)


def _guesses(text: str, span: Span) -> bool:
    """Whether a «may» or «would» guesses about what is or was."""
    return bool(_PAST.match(text, span.end)) and not _TO_COME.match(text, span.start)


def _by_words(
    text: str, content: Sequence[Span], cue: tuple[str, Spans], source_kind: str
) -> tuple[str, Spans]:
    """The kind of an English content: its words, wherever they stand."""
    found: dict[str, list[Span]] = {}
    for name, span in _matcher().find(text, content):
        if name != "ignore" and not (name == "forecast_weak" and _guesses(text, span)):
            found.setdefault(name, []).append(span)
    spans = cue[1]
    for effect in _effects(text, cue, "en")[:1]:
        found.setdefault(effect, []).extend(spans)
    for name in _ORDER:
        if name in found and not (name == "forecast" and source_kind == SourceKind.AUTHOR and spans):
            return ClaimKind(name), _sorted(found[name])
    if source_kind == SourceKind.AUTHOR and spans:
        return ClaimKind.OPINION, _sorted([*found.get("opinion", ()), *spans])
    for name in ("forecast", "opinion", "forecast_weak"):
        if name in found:
            return ClaimKind(name.removesuffix("_weak")), _sorted(found[name])
    return ClaimKind.REPORT, ()


def _by_clauses(
    text: str, content: Sequence[Span], rules: str, cue: tuple[str, Spans], source_kind: str
) -> tuple[str, Spans]:
    """The kind of a content in Russian, Ukrainian or Kazakh: cue first, then its main clauses."""
    spans = cue[1]
    effects = set(_effects(text, cue, rules))
    found = evidence(text, content, rules)
    finite = _finite(text, content, rules)
    if _asks(text, content, effects, rules):
        return ClaimKind.REPORT, ()
    form = bare(text, content, rules)
    if form == "bid" and not effects:
        return ClaimKind.ADVICE, _sorted(spans)
    if "advice" in effects or "advice" in found:
        return ClaimKind.ADVICE, _sorted([*(spans if "advice" in effects else ()), *found.get("advice", ())])
    blaming = "blame" in effects or ("suspect" in effects and not finite)
    if blaming or "blame" in found:
        return ClaimKind.BLAME, _sorted([*(spans if blaming else ()), *found.get("blame", ())])
    if "forecast" in effects or ("ahead" in effects and not finite):
        return ClaimKind.FORECAST, _sorted([*spans, *found.get("forecast", ())])
    if "forecast" in found and not (rules == "kk" and "opinion" in found):
        return ClaimKind.FORECAST, _sorted(found["forecast"])
    if form == "dated" and not effects:
        return ClaimKind.FORECAST, _sorted(spans)
    judged = list(found.get("opinion", ()))
    if "call" in effects and not finite and not _says_false(text, content, rules):
        judged += spans
    own_stance = source_kind == SourceKind.AUTHOR and effects & {"believe", "sure"}
    if "opinion" in effects or own_stance or ("believe" in effects and timeless(text, content, rules)):
        judged += spans
    return (ClaimKind.OPINION, _sorted(judged)) if judged else (ClaimKind.REPORT, ())


def _finite(text: str, content: Sequence[Span], rules: str) -> bool:
    """Whether something is stated, in a clause: «что на трассе гололёд», but not «о гололёде»."""
    clauses = clauses_of(text, content, rules)
    clause = main_clause(clauses, rules)
    return clause is not None and (clause.finite(rules) or reports(clauses[0], rules))


def _asks(text: str, content: Sequence[Span], effects: set[str], rules: str) -> bool:
    """Whether a question is reported: the cue asks; in Kazakh one verb asks and bids, so the words decide."""
    if rules != "kk" or "ask" in effects:
        return "ask" in effects
    if "advice" not in effects:
        return False
    words = {normal(span.of(text)) for span in word_spans(text, content)}
    return not words.isdisjoint(_data()["kk"]["questions"])


def _says_false(text: str, content: Sequence[Span], rules: str) -> bool:
    """«назвал это выдумкой» denies, «назвал это позором» judges; both need the instrumental."""
    spans = list(word_spans(text, content))
    words = [normal(span.of(text)) for span in spans]
    if not set(words).isdisjoint(_data()[rules]["false"]):
        return True
    if rules == "kk":
        return False
    return not any(p.case == "ablt" for w in words[1:] for p in parses(w, rules)[:4])


def _sorted(spans: Sequence[Span]) -> Spans:
    found: list[Span] = []
    for span in sorted(spans):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)
