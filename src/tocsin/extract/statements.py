"""What speaks for each kind of statement inside a content, clause by clause: Russian, Ukrainian, Kazakh.

Only main clauses count: «закроют, потому что нужно чинить» bids nobody.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Final

from tocsin.extract.clauses import Clause, Token, clauses_of
from tocsin.extract.horizons import horizons_of
from tocsin.extract.lexicon import lexicon, read_data
from tocsin.extract.predicates import goes_on, tense, verb_kind
from tocsin.extract.words import Matcher, word_set
from tocsin.language.morphology import parses
from tocsin.model import Span

__all__ = ["bare", "evidence", "foretelling", "looks_ahead", "timeless"]

_WORDS: Final = ("ignore", "advice", "modal", "must", "blame", "forecast", "may", "opinion")
#: Infinitives that tell what may be the case, not what may happen.
_BEING: Final = frozenset({"быть", "бути", "являться", "иметь", "мати", "означать", "означати"})
_PERSONS: Final = word_set("я ты мы вы он она они каждый все ти ми ви він вона вони кожен усі всі")
_BIDS: Final = frozenset({"чтобы", "чтоб", "щоб", "аби"})
_TRAILING: Final = frozenset({"екен", "мыс", "шығар", "сияқты", "деп", "деді"})
_KAZAKH_PASSIVE: Final = ("латын", "летін", "натын", "нетін")
_EXISTING: Final = frozenset({"болуы", "екені", "болғаны", "бар"})


@cache
def _matcher(language: str) -> Matcher:
    data: Any = read_data("kinds")[language]
    return Matcher({name: data[name] for name in _WORDS})


def evidence(text: str, content: Sequence[Span], language: str) -> dict[str, list[Span]]:
    """Spans for ``advice``, ``blame``, ``forecast`` and ``opinion`` in the main clauses of a content."""
    found: dict[str, list[Span]] = {}
    clauses = clauses_of(text, content, language)
    for clause in clauses:
        if clause.main:
            for name, span in _in_clause(text, clause, language):
                found.setdefault(name, []).append(span)
    if clauses and clauses[0].tokens[0].word in _BIDS:
        found.setdefault("advice", []).append(clauses[0].tokens[0].span)
    return found


def bare(text: str, content: Sequence[Span], language: str) -> str:
    """What a content without a predicate is: ``bid`` (an infinitive), ``dated`` (a date ahead) or nothing."""
    clauses = [c for c in clauses_of(text, content, language) if c.main]
    if not clauses or any(c.finite(language) for c in clauses):
        return ""
    if language in {"ru", "uk"} and tense(clauses[0].words[0], language) == "infn":
        return "bid"
    if clauses[0].words[0] == "не" and "infn" in {tense(w, language) for w in clauses[0].words[1:2]}:
        return "bid"
    return "dated" if any(_ahead(c, language) for c in clauses) else ""


def timeless(text: str, content: Sequence[Span], language: str) -> bool:
    """Whether a content tells nothing that has happened («решение ошибочно»): what is believed so is judged.

    In Kazakh, whose predicates of quality end like past ones, everything without a number counts.
    """
    clauses = [c for c in clauses_of(text, content, language) if c.main]
    words = [word for c in clauses for word in c.words]
    if any(word[:1].isdigit() for word in words):
        return False
    return language == "kk" or not any(tense(word, language) == "past" for word in words)


def looks_ahead(text: str, content: Sequence[Span], language: str) -> bool:
    """Whether a word tells by itself of what is to come: a future, an infinitive, a plan, a possibility.

    A date is none of these: «курс на сегодняшний вечер составляет 104 рубля».
    """
    for clause in clauses_of(text, content, language):
        if any(tense(word, language) in {"futr", "infn"} for word in clause.words):
            return True
        if any(
            name in {"forecast", "may", "must"} for name, _ in _matcher(language).find(text, [clause.span])
        ):
            return True
    return False


def foretelling(text: str, clause: Clause, language: str) -> list[Span]:
    """The words that make one clause a forecast."""
    return [span for name, span in _in_clause(text, clause, language) if name == "forecast"]


def _in_clause(text: str, clause: Clause, language: str) -> list[tuple[str, Span]]:
    found: list[tuple[str, Span]] = []
    infinitives = [t for t in clause.tokens if tense(t.word, language) == "infn"]
    for name, span in _matcher(language).find(text, [clause.span]):
        if name in {"advice", "blame", "forecast", "opinion"}:
            found.append((name, span))
        elif name == "modal" and any(t.span.start > span.start - 40 for t in infinitives):
            found.append(("advice", span))
        elif name == "must":
            found += [(kind, span) for kind in _must(clause, span, infinitives, language)]
        elif name == "may" and _may_happen(clause, span, infinitives, language):
            found.append(("forecast", span))
    found += [("advice", t.span) for t in clause.tokens if _bids(clause, t, language)]
    found += [("blame", t.span) for t in clause.tokens if _harms(clause, t, language)]
    if not any(name == "forecast" for name, _ in found):
        found += [("forecast", span) for span in _to_come(clause, language)]
    return found


def _bids(clause: Clause, token: Token, language: str) -> bool:
    """A verb that bids («не верьте»), early in its clause."""
    early = clause.tokens.index(token) < 4
    return early and tense(token.word, language) == "impr" and len(token.word) > 3


@cache
def _harm(language: str) -> frozenset[str]:
    data: Any = read_data("kinds")[language]
    return frozenset(data["harm"])


def _harms(clause: Clause, token: Token, language: str) -> bool:
    """A verb of harm in the past with somebody who did it («сторож поджёг сарай»)."""
    if not _harm(language) or tense(token.word, language) != "past":
        return False
    verb = next((p for p in parses(token.word, language) if p.lemma in _harm(language)), None)
    if verb is None or verb.pos == "PRTS":
        return False
    for other in clause.tokens:
        subject = [p for p in parses(other.word, language)[:3] if p.pos == "NOUN" and p.case == "nomn"]
        agrees = any(p.animate and (p.number or "sing") == (verb.number or "sing") for p in subject)
        if other.word in _PERSONS or agrees:
            return other is not token
    return False


def _must(clause: Clause, span: Span, infinitives: Sequence[Token], language: str) -> list[str]:
    """«жители должны сдать» bids, «поезд должен прийти» foretells, «должна быть ошибка» does neither."""
    if language == "kk":
        before = clause.words[: _place(clause, span)]
        return [] if not before or before[-1] in _EXISTING else ["forecast"]
    if not infinitives or (all(t.word in _BEING for t in infinitives) and not _ahead(clause, language)):
        return []
    heads = lexicon(language).heads
    for token in clause.tokens:
        if token.span.start >= span.start:
            break
        readings = [p for p in parses(token.word, language)[:3] if p.pos == "NOUN"]
        subject = [p for p in readings if p.case == "nomn"]
        agents = {"official", "organisation"}
        if token.word in _PERSONS or any(p.animate or heads.get(p.lemma) in agents for p in subject):
            return ["advice"]
    return ["forecast"]


def _place(clause: Clause, span: Span) -> int:
    """The number of the word a span begins at."""
    tokens = clause.tokens
    return next((n for n, t in enumerate(tokens) if t.span.start >= span.start), len(tokens) - 1)


def _may_happen(clause: Clause, span: Span, infinitives: Sequence[Token], language: str) -> bool:
    """«может вырасти» foretells, «может болеть» and «может быть ошибкой» do not."""
    if language == "kk":
        place = _place(clause, span)
        before = clause.words[place - 1] if place else ""
        return before.endswith(("уы", "уі", "юы", "юі")) and before not in _EXISTING
    words = [t.word for t in infinitives if t.span.start > span.start]
    if not words:
        return span.start < clause.tokens[-1].span.start and _ahead(clause, language)
    return words[0] not in _BEING and (verb_kind(words[0], language) == "perf" or _ahead(clause, language))


def _ahead(clause: Clause, language: str) -> bool:
    return any(h.ahead for h in horizons_of(clause.tokens, language))


def _to_come(clause: Clause, language: str) -> list[Span]:
    """The verbs of a clause that tell what will be."""
    if language == "kk":
        return _kazakh_to_come(clause)
    tenses = [(t, tense(t.word, language)) for t in clause.tokens]
    future = [t.span for t, name in tenses if name == "futr" and len(t.word) > 3]
    if future or any(name == "past" for _, name in tenses):
        return future
    present = [t.span for t, name in tenses if name == "pres"]
    return present[:1] if present and _ahead(clause, language) else []


def _kazakh_to_come(clause: Clause) -> list[Span]:
    """The verb that ends a Kazakh clause («жабылады»), or before «мүмкін», unless it tells a habit."""
    horizons = horizons_of(clause.tokens, "kk")
    tokens = list(clause.tokens)
    while len(tokens) > 1 and tokens[-1].word in _TRAILING:
        tokens.pop()
    words = [t.word.removesuffix("-мыс").removesuffix("-міс") for t in tokens]
    if any(h.habit for h in horizons) or goes_on(words) or clause.ends == "?":
        return []
    last, name = tokens[-1], tense(words[-1], "kk")
    ahead = any(h.ahead for h in horizons) or "енді" in words
    datives = ("ға", "ге", "қа", "ке")
    possible = words[-1] in {"болады", "болмайды"} and len(words) > 1 and words[-2].endswith(datives)
    if name == "futr" and not possible:
        return [last.span]
    if name == "pres" and ahead and words[-1].endswith(("ады", "еді", "йды", "йді")):
        return [last.span]
    if words[-1] == "болды" and len(words) > 1 and tense(words[-2], "kk") == "nominal":
        return [last.span]  # «салынатын болды»
    if name == "nominal":
        passive = any(part in words[-1] for part in _KAZAKH_PASSIVE)
        return [last.span] if ahead or (passive and not horizons) or len(tokens) < len(clause.tokens) else []
    return []
