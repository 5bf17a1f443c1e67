"""Clauses of a content and what their verbs say of time: Russian, Ukrainian and Kazakh.

A clause ends at punctuation. It is subordinate if it begins with a word that makes it so («если», «которые»);
the conjunction a reported content begins with («что», «що») makes none. This is no parse: a clause cut in two
by an inserted one counts as two, of which one lacks its verb.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Final

from tocsin.extract.lexicon import read_data
from tocsin.extract.predicates import denies, goes_on, predicative, tense
from tocsin.extract.words import normal, word_set
from tocsin.language.morphology import parses
from tocsin.model import Span

__all__ = ["Clause", "Token", "clauses_of", "condition_word", "main_clause", "negation", "reports"]

_TOKEN: Final = re.compile(r"\d+(?:[.,:–-]\d+)*(?:-\w+)?|[^\W_]+(?:['’ʼ-][^\W_]+)*|[.,:;!?…—–()]|\s-\s")
_ENDS: Final = frozenset({".", ",", ":", ";", "!", "?", "…", "—", "–", "(", ")", "-"})
_STRONG: Final = frozenset({".", ";", "!", "?", "…", ":"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word with its place; ``word`` is it in lower case, with one apostrophe and without ё."""

    word: str
    span: Span


@dataclass(frozen=True, slots=True)
class Clause:
    """Words between two punctuation marks.

    ``main`` is False for a subordinate clause, ``conditional`` True for one that says under what condition;
    ``ends`` is the punctuation after it (empty at the end of a content).
    """

    tokens: tuple[Token, ...]
    main: bool
    conditional: bool
    ends: str

    @property
    def span(self) -> Span:
        """From the first word to the last."""
        return Span(self.tokens[0].span.start, self.tokens[-1].span.end)

    @property
    def words(self) -> tuple[str, ...]:
        """The words alone."""
        return tuple(token.word for token in self.tokens)

    def finite(self, language: str) -> bool:
        """Whether it has a predicate of its own; in Kazakh that ends it."""
        if language == "kk":
            return any(tense(w, "kk") or predicative(w, "kk") for w in self.words[-2:])
        told = {"past", "pres", "futr", "impr"}
        return any(tense(w, language) in told or predicative(w, language) for w in self.words)


@cache
def _openers(language: str) -> dict[str, frozenset[str]]:
    data: Any = read_data("clauses")[language]
    return {name: frozenset(normal(word) for word in words) for name, words in data.items()}


def clauses_of(text: str, content: Sequence[Span], language: str) -> list[Clause]:
    """The clauses of a content, in order; none for a content without words."""
    return list(_clauses(text, tuple(content), language))


_KAZAKH_IF: Final = re.compile(r"..[^ғг](?:са|се|сам|сем|саң|сең|сақ|сек|саңыз|сеңіз|саңдар|сеңдер)$")


@lru_cache(maxsize=64)
def _clauses(text: str, content: tuple[Span, ...], language: str) -> tuple[Clause, ...]:
    groups: list[tuple[list[Token], str]] = [([], "")]
    for number, span in enumerate(content):
        if number and groups[-1][0]:
            sign = _resumes(text, span, language)
            if sign:
                groups[-1] = (groups[-1][0], sign)
                groups.append(([], ""))
        for match in _TOKEN.finditer(text, span.start, span.end):
            sign = match.group().strip()
            if sign in _ENDS:
                groups[-1] = (groups[-1][0], groups[-1][1] or sign)
                groups.append(([], ""))
            else:
                groups[-1][0].append(Token(normal(match.group()), Span(*match.span())))
    found: list[Clause] = []
    for tokens, ends in groups:
        if tokens:
            found.append(_clause(tuple(tokens), ends, language, found))
        elif found and ends in _STRONG:
            found[-1] = Clause(found[-1].tokens, found[-1].main, found[-1].conditional, ends)
    return tuple(found)


def _resumes(text: str, span: Span, language: str) -> str:
    """What parts a further piece of a content from the one before: a full stop, a comma or nothing."""
    inner = text[span.start : span.end].lstrip("«“„\"' ")
    if inner[:1].isupper() or text[span.start] in "«“„":
        return "."
    first = normal(inner.split(" ", 1)[0].rstrip(",;:"))
    openers = _openers(language)
    return "," if first in openers["sub"] | openers["that"] | openers["and"] else ""


def _clause(tokens: tuple[Token, ...], ends: str, language: str, before: Sequence[Clause]) -> Clause:
    openers = _openers(language)
    first = tokens[0].word
    if first in openers["and"] and len(tokens) > 1:
        first = tokens[1].word
    begins = not before or before[-1].ends in _STRONG
    conditional = _conditional(tokens, ends, language)
    if first in openers["that"]:
        coordinate = bool(before) and before[0].tokens[0].word in openers["that"]
        subordinate = not (begins or coordinate or _only_introduces(before[-1], language))
    elif begins and first in (openers["relative"] | openers["bid"]):
        subordinate = bool(before) and first not in openers["question"]
    else:
        second = tokens[1].word if len(tokens) > 1 else ""
        subordinate = first in (openers["sub"] | openers["relative"]) or second in openers["relative"]
    if conditional:
        subordinate = first not in openers["else"]
    return Clause(tokens, not subordinate, conditional, ends)


def reports(clause: Clause, language: str) -> bool:
    """Whether it begins as a reported clause does: «что …»."""
    return clause.tokens[0].word in _openers(language)["that"]


def condition_word(clause: Clause, language: str) -> Span:
    """The word that makes a clause a condition; in Kazakh the clause, whose verb it is."""
    if language == "kk":
        return clause.span
    conditions = _openers(language)["condition"]
    return next((t.span for t in clause.tokens if t.word in conditions), clause.tokens[0].span)


def _only_introduces(clause: Clause, language: str) -> bool:
    """«Не исключено, что …», «мы надеемся, что …»: a clause whose point is the one after it."""
    if len(clause.tokens) > 3 or language not in {"ru", "uk"}:
        return False
    return not any(parses(word, language)[0].pos == "NOUN" for word in clause.words)


def _conditional(tokens: Sequence[Token], ends: str, language: str) -> bool:
    words = [token.word for token in tokens]
    conditions = _openers(language)["condition"]
    if language == "kk":
        return (ends == "," and bool(_KAZAKH_IF.search(words[-1]))) or words[0] in conditions
    return any(word in conditions for word in words[:2])


# --- what a clause says ------------------------------------------------------------------------------

#: What follows «не» without denying the predicate: «не раньше», «не только».
_NO_DENIAL: Final = word_set(
    "раньше ранее позже позднее только менее более меньше больше просто лишь далее исключено "
    "исключается лише тільки пізніше менше більше виключено виключається факт хуже лучше гірше краще "
    "просто случайно зря впервые раз один одна вперше дарма випадково"
)
_NONE: Final = frozenset({"нет", "нету", "немає", "нема"})
_DOUBTLESS: Final = ("сомнен", "сумнів", "спор", "вопрос", "питан")
_COPULAS: Final = word_set(
    "екен еді екенін екені болатын болды болған болып сияқты шығар мүмкін керек екендігін деген"
)
_KAZAKH_NOT_DOING: Final = ("май", "мей", "бай", "бей", "пай", "пей")
_MODAL: Final = ("мож", "мог", "буд", "долж", "мус", "повин", "смож", "змож", "соби", "збир", "намер", "след")


def main_clause(clauses: Sequence[Clause], language: str, spans: Sequence[Span] = ()) -> Clause | None:
    """The first main clause with a predicate (of those that touch ``spans``, if given), else the first."""
    own = [c for c in clauses if c.main and (not spans or any(_meets(c, span) for span in spans))]
    return next((c for c in own if c.finite(language)), own[0] if own else None)


def _meets(clause: Clause, span: Span) -> bool:
    return span.start < clause.span.end and clause.span.start < span.end


def negation(clause: Clause, language: str) -> Span | None:
    """The word that denies the predicate of a clause, if any."""
    if language == "kk":
        return _kazakh_negation(clause)
    tokens = clause.tokens
    stated = False
    for index, token in enumerate(tokens):
        following = tokens[index + 1].word if index + 1 < len(tokens) else ""
        if token.word in _NONE and not following.startswith(_DOUBTLESS):
            return token.span
        if token.word == "не" and following not in _NO_DENIAL:
            form = tense(following, language)
            if form == "infn" and stated:
                continue  # «решили не закрывать»
            if form or predicative(following, language) or _bare_adjective(tokens, index, language):
                twice = following.startswith(("мож", "мог")) and "не" in clause.words[index + 2 : index + 4]
                return None if twice else token.span
        if tense(token.word, language) in {"past", "pres", "futr"} and not token.word.startswith(_MODAL):
            stated = True
    return None


def _bare_adjective(tokens: Sequence[Token], index: int, language: str) -> bool:
    """«не готові» with no noun after it: in Ukrainian the full form of an adjective is the predicate."""
    if language != "uk" or index + 1 >= len(tokens):
        return False
    readings = parses(tokens[index + 1].word, language)
    adjective = readings[0].pos in {"ADJF", "PRTF"} and readings[0].case == "nomn"
    after = parses(tokens[index + 2].word, language)[0].pos if index + 2 < len(tokens) else ""
    return adjective and after not in {"NOUN", "ADJF"}


def _kazakh_negation(clause: Clause) -> Span | None:
    """The last word if it denies, or the one before a copula or an auxiliary («жүрмейді екен»)."""
    words = clause.words
    places = [len(words) - 1]
    if len(words) > 1 and (words[-1] in _COPULAS or goes_on(words)):
        places.append(len(words) - 2)
    for index in places:
        before = words[index - 1] if index else ""
        converb = index < len(words) - 1 and goes_on(words) and words[index].endswith(_KAZAKH_NOT_DOING)
        lexical = words[index] in {"жаппай", "арбай"} or before in {"ғана", "ғажап", "таңғаларлық"}
        if (denies(words[index], "kk") or converb) and not lexical:
            return clause.tokens[index].span
    return None
