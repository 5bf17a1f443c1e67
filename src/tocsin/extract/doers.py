"""Who did what: the doer of a harm and the deed, from the forms of nouns and verb in Russian, Ukrainian,
Kazakh.

Word order does not tell («Амбар подожгли контрабандисты», «Контрабандисты подожгли амбар»): number, gender
and animacy do. Kazakh has the verb at the end and the doer without an ending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.extract.clauses import Token, clauses_of
from tocsin.extract.drafts import pieces
from tocsin.extract.words import word_set
from tocsin.language.morphology import lemmas, parses
from tocsin.model import Span, Spans

__all__ = ["Doing", "doer_and_deed"]

_OPENERS: Final = word_set("что будто якобы и а но же что-то що ніби нібито й та але деп")
_PRONOUNS: Final = word_set("он она оно они я мы вы ты кто он/она він вона воно вони ми ви ти хто")
_POSSESSIVES: Final = word_set("его ее их же його її їхній его")
_KAZAKH_OBJECTS: Final = ("ды", "ді", "ты", "ті", "ны", "ні", "ын", "ін", "сын", "сін")


@dataclass(frozen=True, slots=True)
class Doing:
    """Who did it (empty: no subject), what was done (the clause without the doer), the verb, and whether
    it is denied.
    """

    doer: Spans
    deed: Spans
    verb: Spans
    denied: bool


def doer_and_deed(text: str, spans: Sequence[Span], language: str, harm: frozenset[str]) -> Doing | None:
    """The first clause in which somebody does what ``harm`` lists; None if there is none."""
    for clause in clauses_of(text, spans, language):
        tokens = [t for t in clause.tokens if t.word not in _OPENERS]
        at = next((n for n, t in enumerate(tokens) if _harms(tokens, n, language, harm)), None)
        if at is None:
            continue
        found = _kazakh(text, tokens, at, harm) if language == "kk" else _slavic(text, tokens, at, language)
        if found is not None:
            return found
    return None


def _harms(tokens: Sequence[Token], at: int, language: str, harm: frozenset[str]) -> bool:
    word = tokens[at].word
    if language == "kk":
        return word in harm or (at + 1 < len(tokens) and f"{word} {tokens[at + 1].word}" in harm)
    if not any(p.tense == "past" for p in parses(word, language)):
        return False
    return not harm.isdisjoint(lemmas(word, language))


def _slavic(text: str, tokens: Sequence[Token], at: int, language: str) -> Doing | None:
    verb = tokens[at]
    start = at - 1 if at and tokens[at - 1].word == "не" else at
    before, after = tokens[:start], tokens[at + 1 :]
    denied = start < at
    if after and after[0].word == "не":  # «Теплицу разбил не садовник»
        denied, after = True, after[1:]
    scores = [_agreement(side, verb.word, language) for side in (before, after)]
    doer, rest = (before, after) if scores[0] >= scores[1] else (after, before)
    if max(scores) <= 0:
        doer, rest = (), [*before, *after]
        if before:
            return None
    deed = [*rest, *tokens[start : at + 1]] if rest else tokens[start : at + 1]
    return Doing(_hull(text, doer), _hull(text, deed), pieces(text, [_of(verb)]), denied)


def _agreement(side: Sequence[Token], verb: str, language: str) -> float:
    """How well the head of a noun phrase goes with a verb as its subject; 0 or less: not at all."""
    if not side:
        return 0.0
    if side[0].word in _PRONOUNS:
        return 3.0
    form = next((p for p in parses(verb, language) if p.tense == "past"), None)
    for token in side:
        readings = parses(token.word, language)
        if token.word in _POSSESSIVES or not readings or readings[0].pos not in {"NOUN", "NPRO"}:
            continue
        best = 0.0
        for rank, p in enumerate(readings[:6]):
            if p.case != "nomn" or form is None:
                continue
            if form.number and p.number and form.number != p.number:
                continue
            other = form.number == "sing" and form.gender and p.gender and form.gender != p.gender
            if other and not p.animate:  # but «канцлер приказала»
                continue
            value = 1.0 - 0.1 * rank + (1.0 if p.animate else 0.0)
            value -= 0.5 * any(o.case == "accs" and o.number == p.number for o in readings[:6])
            best = max(best, value)
        return best
    return 0.0


def _kazakh(text: str, tokens: Sequence[Token], at: int, harm: frozenset[str]) -> Doing | None:
    before = tokens[:at]
    verb = (
        tokens[at : at + 2] if at + 1 < len(tokens) and tokens[at].word not in harm else tokens[at : at + 1]
    )
    objects = [n for n, t in enumerate(before) if t.word.endswith(_KAZAKH_OBJECTS)]
    if not before:
        return None
    if objects and objects[0] < len(before) - 1:  # «Қойманы контрабандашылар өртеген»
        doer = before[objects[0] + 1 :]
        deed = [*before[: objects[0] + 1], *verb]
        spans = pieces(text, [_of(t) for t in deed])
    else:
        doer = before[:1]
        spans = _hull(text, [*before[1:], *verb])
    return Doing(_hull(text, doer), spans, _hull(text, verb), False)


def _of(token: Token) -> tuple[int, int]:
    return token.span.start, token.span.end


def _hull(text: str, tokens: Sequence[Token]) -> Spans:
    if not tokens:
        return ()
    return pieces(text, [(min(t.span.start for t in tokens), max(t.span.end for t in tokens))])
