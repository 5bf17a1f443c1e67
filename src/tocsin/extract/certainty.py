"""Certainty of a content: FactBank values from the cue, the hedges and the negation of what is said.

Values are those of FactBank (Saurí & Pustejovsky 2009): CT, PR or PS with + or −, and Uu. They say how surely
this source gives this content: the level is the lowest that the cue or any hedge gives; the outer links of a
chain have claims of their own. Asking leaves it open. The polarity is that of the main statement: in English
a negation before the first comma or subordinate clause, in the other languages one of its predicate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, Final

from tocsin.extract.clauses import Clause, Token, clauses_of, condition_word, main_clause, negation
from tocsin.extract.cues import CueMatcher, cue_words
from tocsin.extract.lexicon import lexicon_language, read_data
from tocsin.extract.words import Matcher
from tocsin.model import Certainty, Span, Spans

__all__ = ["Assessment", "certainty_of"]

_ORDER: Final = ("ct", "pr", "ps", "uu")
_VALUES: Final[Mapping[tuple[str, bool], Certainty]] = {
    ("ct", True): Certainty.CERTAIN,
    ("ct", False): Certainty.CERTAINLY_NOT,
    ("pr", True): Certainty.PROBABLE,
    ("pr", False): Certainty.PROBABLY_NOT,
    ("ps", True): Certainty.POSSIBLE,
    ("ps", False): Certainty.POSSIBLY_NOT,
}
_CLAUSE_END: Final = re.compile(r"[,;:—–]|\b(?:that|which|who|because)\b", re.IGNORECASE)
_SCOPE: Final = 90  # code points of an English main clause searched for a negation
_CONDITION: Final = 12  # an English condition counts when the content begins with it
_HEARSAY: Final = ("-мыс", "-міс")  # a Kazakh ending: "or so they say"
_HAPPENED: Final = ("ған", "ген", "қан", "кен", "атын", "етін", "йтын", "йтін")
#: Classes of cues that are no entries of their own in the hedges.
_CUES: Final = ("ct", "pr", "ps", "neg", "uu", "doubt")


@dataclass(frozen=True, slots=True)
class Assessment:
    """A FactBank value, the spans that made it (sorted, non-overlapping) and the reasons in words."""

    value: str
    hedges: Spans
    reasons: tuple[str, ...]


@dataclass(slots=True)
class _Balance:
    """What has been found so far."""

    level: str = "ct"
    positive: bool = True
    hedges: list[Span] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)

    def lower(self, level: str) -> None:
        self.level = max(self.level, level, key=_ORDER.index)

    def assessment(self) -> Assessment:
        value = Certainty.UNDERSPECIFIED if self.level == "uu" else _VALUES[self.level, self.positive]
        return Assessment(value, _sorted(self.hedges), tuple(self.reasons))


@cache
def _data() -> Any:
    return read_data("certainty")


@cache
def _matcher(language: str) -> Matcher:
    data = _data()[language]
    return Matcher({name: data[name] for name in ("not_neg", "unlikely", "ps", "pr", "neg", "uu")})


@cache
def _cue_matcher(language: str) -> CueMatcher:
    data = _data()[language]
    return CueMatcher({name: data[f"verbs_{name}"] for name in _CUES})


@cache
def _lemmas(language: str) -> dict[str, str]:
    data = _data()[language]
    return {lemma: name for name in _CUES for lemma in data[f"verbs_{name}"]}


def certainty_of(
    text: str,
    content: Sequence[Span],
    language: str,
    cues: Sequence[tuple[str, Spans]] = (),
    *,
    main: Sequence[Span] = (),
    around: Sequence[Span] = (),
) -> Assessment:
    """Certainty of a content.

    ``cues`` are ``(lemma, spans)`` of the links that give these very words (the lemma may be empty); ``main``
    is the statement whose polarity is wanted, where it is not the first; ``around`` are the reporter's words
    beside the cue, which may hedge too («якобы»). A language without rules gives CT+ with the reason saying
    so: what nobody looked at is not hedged.
    """
    rules = lexicon_language(language)
    if not rules:
        return Assessment(Certainty.CERTAIN, (), ("no hedge rules for this language",))
    balance = _Balance()
    for lemma, spans in cues:
        _weigh_cue(text, lemma, spans, rules, balance)
    for name, span in _matcher(rules).find(text, around):
        if name in {"ps", "pr"}:
            balance.lower(name)
            balance.hedges.append(span)
            balance.reasons.append(f"{name}: {span.of(text).lower()}")
    if rules == "en" and content:
        _in_english(text, content, balance)
    elif content:
        _in_clauses(text, content, rules, main, balance)
    return balance.assessment()


def _weigh_cue(text: str, lemma: str, spans: Spans, rules: str, balance: _Balance) -> None:
    """What one cue does, by its words; in English the lemma that a rule gave comes first."""
    found: list[tuple[str, bool]] = []
    if rules != "en" or lemma not in _lemmas(rules):
        found = [(m.name, m.negated) for m in _cue_matcher(rules).find(cue_words(text, spans, rules))]
    if not found and lemma in _lemmas(rules):
        found = [(_lemmas(rules)[lemma], False)]
    for effect, negated in found:
        if effect == "ct" and not negated:
            continue
        if effect == "neg":
            balance.positive ^= not negated
        elif effect == "uu":
            balance.lower("ct" if negated else "uu")
        elif effect == "doubt" or (effect in {"ct", "pr"} and negated):
            balance.lower("pr")
            balance.positive = not balance.positive
        else:
            balance.lower(effect)
        said = lemma or " ".join(span.of(text).lower() for span in spans)
        balance.hedges += list(spans)
        balance.reasons.append(f"cue: {said}")


def _in_english(text: str, content: Sequence[Span], balance: _Balance) -> None:
    """Hedges and negation inside an English content."""
    begin = content[0].start
    clause = _CLAUSE_END.search(text, begin + 1, min(content[0].end, begin + 400))
    limit = min(clause.start() if clause else content[0].end, begin + _SCOPE)
    negated = False
    for name, span in _matcher("en").find(text, content):
        if name == "not_neg":
            continue
        if name == "neg":
            if span.start >= limit or negated:
                continue
            negated = True
        elif name == "uu":
            if span.start - begin > _CONDITION:
                continue
            balance.lower("uu")
        elif name == "unlikely":
            negated = True
            balance.lower("pr")
        else:
            balance.lower(name)
        balance.hedges.append(span)
        balance.reasons.append(f"{name}: {span.of(text).lower()}")
    balance.positive ^= negated
    _question(text, content, balance)


def _in_clauses(
    text: str, content: Sequence[Span], rules: str, main: Sequence[Span], balance: _Balance
) -> None:
    """Hedges of all main clauses and the negation of the main statement."""
    clauses = clauses_of(text, content, rules)
    own = [c for c in clauses if c.main and (not main or _touches(c, main) or not _says_more(c, rules))]
    for name, span in _matcher(rules).find(text, [c.span for c in own]):
        if name in {"ps", "pr"}:
            balance.lower(name)
        elif name == "unlikely":
            balance.positive = not balance.positive
            balance.lower("pr")
        elif name != "uu" or not _leaves_open(text, span, clauses):
            continue
        else:
            balance.lower("uu")
        balance.hedges.append(span)
        balance.reasons.append(f"{name}: {span.of(text).lower()}")
    for name, token in _kazakh_hedges(own) if rules == "kk" else ():
        balance.lower(name)
        balance.hedges.append(token.span)
        balance.reasons.append(f"{name}: {token.word}")
    for clause in clauses:
        if clause.conditional:
            balance.lower("uu")
            balance.hedges.append(condition_word(clause, rules))
            balance.reasons.append(f"uu: {balance.hedges[-1].of(text).lower()}")
    stated = main_clause(clauses, rules, main)
    denied = negation(stated, rules) if stated is not None else None
    if denied is not None:
        balance.positive = not balance.positive
        balance.hedges.append(denied)
        balance.reasons.append(f"neg: {denied.of(text).lower()}")
    if len([c for c in clauses if c.ends in {".", "!", "?", "…"}]) <= 1:
        _question(text, content, balance)


def _kazakh_hedges(clauses: Sequence[Clause]) -> Iterator[tuple[str, Token]]:
    """Hedges that are no words of their own: «-мыс», and «көрінеді» after what has happened."""
    for clause in clauses:
        for before, token in pairwise((None, *clause.tokens)):
            assert token is not None
            if token.word.endswith(_HEARSAY):
                yield "ps", token
            elif token.word == "көрінеді" and before is not None and before.word.endswith(_HAPPENED):
                yield "pr", token


def _says_more(clause: Clause, rules: str) -> bool:
    """Whether a clause is a statement beside the main one, not «не исключается» or «думаю»."""
    return clause.finite(rules) and len(clause.tokens) > 3


def _touches(clause: Clause, spans: Sequence[Span]) -> bool:
    return any(s.start < clause.span.end and clause.span.start < s.end for s in spans)


def _leaves_open(text: str, span: Span, clauses: Sequence[Clause]) -> bool:
    """«бы» anywhere, «если» and «чтобы» where the content begins with them."""
    word = span.of(text).lower()
    return word in {"бы", "б", "би"} or span.start <= clauses[0].tokens[0].span.start


def _question(text: str, content: Sequence[Span], balance: _Balance) -> None:
    end = content[-1].end
    if text[end : end + 1] == "?" or text[content[0].start : end].rstrip("»”\"'“").endswith("?"):
        balance.lower("uu")
        balance.reasons.append("question")


def _sorted(spans: Sequence[Span]) -> Spans:
    found: list[Span] = []
    for span in sorted(spans):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return tuple(found)
