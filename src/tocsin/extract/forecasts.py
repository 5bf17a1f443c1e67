"""The words of a forecast (what, until when) and of a blame (who, what for)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from tocsin.extract.clauses import Clause, Token, clauses_of
from tocsin.extract.drafts import pieces, subtract
from tocsin.extract.forecasts_english import english_forecast
from tocsin.extract.horizons import horizons_of
from tocsin.extract.lexicon import lexicon_language
from tocsin.extract.predicates import tense
from tocsin.extract.statements import foretelling
from tocsin.extract.words import word_set
from tocsin.model import Span, Spans

__all__ = ["blame_words", "forecast_words"]

#: Words a clause begins with that are no part of what happens.
_OPENERS: Final = word_set(
    "что чтобы будто якобы мол и а но же то о об обо про в вот ли что-то однако нибудь що щоб нібито "
    "начебто буцімто буцім мовляв і й та але аби про чи ал бірақ және енді демек сондықтан иначе інакше "
    "әйтпесе"
)
_HEDGES: Final = word_set(
    "вероятно возможно видимо наверное скорее ймовірно можливо мабуть напевно імовірно сірә бәлкім"
)
#: Forms of a Kazakh verb that tell no event of their own but how sure it is.
_KAZAKH_MAY: Final = word_set(
    "мүмкін шығар ықтимал екенін екен екені сияқты тиіс ғажап емес керек тәрізді екендігін -мыс мыс"
)
_JOINING: Final = frozenset({",", "—", "–", "-"})
_BLAME_IN: Final = {"ru": ("в", "во", "за"), "uk": ("в", "у", "за")}
_ALL: Final = frozenset({"все", "усе", "вину"})
_FAULT: Final = frozenset({"вине", "вини", "халатности", "недбалість"})
_ON: Final = frozenset({"на"})
_GUILTY: Final = ("винов", "винн", "винен", "винув", "виной")


def forecast_words(text: str, content: Sequence[Span], language: str) -> tuple[Spans, Spans]:
    """``(event, horizon)`` of a forecast: what happens, without when, and when. Each may be empty.

    The first clause that foretells is taken; where none has a verb of its own («третий класс опасности до
    среды»), all of it.
    """
    rules = lexicon_language(language)
    if rules == "en":
        return english_forecast(text, content)
    if not rules:
        return (), ()
    clauses = clauses_of(text, content, rules)
    chosen = _foretold(text, clauses, rules)
    event: list[tuple[int, int]] = []
    horizon: list[Span] = []
    for clause in chosen:
        when = [h.span for h in horizons_of(clause.tokens, rules)]
        horizon += when
        event += _within(content, subtract([_told(clause, rules)], when))
    return _whole_words(text, event), tuple(horizon)


def _foretold(text: str, clauses: Sequence[Clause], rules: str) -> list[Clause]:
    """The clause that foretells and the verbless ones beside it."""
    first = next((n for n, c in enumerate(clauses) if c.main and foretelling(text, c, rules)), None)
    if first is None:
        main = [c for c in clauses if c.main]
        return main[:1] if any(c.finite(rules) for c in main) else main
    start, end = first, first + 1
    while start and _belongs(clauses[start - 1], clauses[start], rules):
        start -= 1
    while end < len(clauses) and clauses[end - 1].ends in _JOINING and _continues(clauses[end], rules):
        end += 1
    return [c for c in clauses[start:end] if c.main and c.words[0] not in _HEDGES]


def _belongs(before: Clause, clause: Clause, rules: str) -> bool:
    if before.ends not in _JOINING or not before.main:
        return False
    if rules == "kk":
        return before.words[-1].endswith(("ып", "іп")) or before.words[-1] in _HEDGES
    return not before.finite(rules) and not clause.words[0].startswith(("что", "що"))


def _continues(clause: Clause, rules: str) -> bool:
    return rules != "kk" and clause.main and not clause.finite(rules)


def _told(clause: Clause, rules: str) -> Span:
    """A clause without the conjunction it begins with and the words for how sure it is."""
    tokens = list(clause.tokens)
    while len(tokens) > 1 and tokens[0].word in _OPENERS:
        tokens.pop(0)
    if rules == "kk":
        while len(tokens) > 1 and tokens[-1].word in _KAZAKH_MAY:
            tokens.pop()
    return Span(tokens[0].span.start, tokens[-1].span.end)


def _within(content: Sequence[Span], ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    return [
        (max(start, span.start), min(end, span.end))
        for start, end in ranges
        for span in content
        if max(start, span.start) < min(end, span.end)
    ]


def _whole_words(text: str, ranges: Iterable[tuple[int, int]]) -> Spans:
    return pieces(text, ranges)


# --- blame -----------------------------------------------------------------------------------------


def blame_words(text: str, content: Sequence[Span], language: str) -> tuple[Spans, Spans]:
    """``(blamed, deed)`` of a blame: who is made answerable, and what for with its preposition.

    Read from the order of words, so that much is missed; English gives nothing.
    """
    rules = lexicon_language(language)
    clauses = clauses_of(text, content, rules) if rules in {"ru", "uk", "kk"} else []
    tokens = [token for clause in clauses for token in clause.tokens]
    if not tokens:
        return (), ()
    if rules == "kk":
        return _kazakh_blame(text, tokens)
    guilty = next((n for n, t in enumerate(tokens) if t.word.startswith(_GUILTY)), None)
    if guilty is not None:
        return _guilt(text, tokens, guilty, rules)
    fault = next((n for n, t in enumerate(tokens) if n and t.word in _FAULT), None)
    if fault is not None:  # «трубу прорвало по вине подрядчика»
        deed = [t for t in tokens[: fault - 1] if t.word not in _OPENERS]
        return _hull(text, _clause_part(clauses, tokens[fault + 1 :])), _hull(text, deed)
    return _accused(text, clauses, tokens, rules)


def _accused(
    text: str, clauses: Sequence[Clause], tokens: Sequence[Token], rules: str
) -> tuple[Spans, Spans]:
    """What follows «обвинил», «винит», «свалил», or somebody with what he has done."""
    on = next((n for n, t in enumerate(tokens) if t.word in _ON), None)
    if on is not None and (on == 0 or tokens[0].word in {*_BLAME_IN[rules], *_ALL}):
        deed = _hull(text, tokens[:on]) if on and tokens[0].word == "за" else ()
        return _hull(text, _clause_part(clauses, tokens[on + 1 :])), deed
    if tokens[0].word in _BLAME_IN[rules] and len(tokens) > 2:
        return _hull(text, _clause_part(clauses, tokens[2:])), _hull(text, tokens[:2])
    done = next((n for n, t in enumerate(clauses[0].tokens) if n and _told_of(t.word, rules)), None)
    preposition = next((n for n, t in enumerate(tokens) if n and t.word in _BLAME_IN[rules]), None)
    if done is not None and (preposition is None or done < preposition):
        doer = [t for t in tokens[:done] if t.word not in _OPENERS]
        return _hull(text, doer), _hull(text, _clause_part(clauses, tokens[done:]))
    if preposition is None:
        return _hull(text, tokens), ()
    return _hull(text, tokens[:preposition]), _hull(text, tokens[preposition:])


def _told_of(word: str, rules: str) -> bool:
    return tense(word, rules) in {"past", "pres", "futr"}


def _guilt(text: str, tokens: Sequence[Token], at: int, rules: str) -> tuple[Spans, Spans]:
    """«X виновен в Y», «в Y виноват X»."""
    before = [t for t in tokens[:at] if t.word not in _OPENERS or t.word in _BLAME_IN[rules]]
    after = tokens[at + 1 :]
    if before and before[0].word in _BLAME_IN[rules]:
        return _hull(text, after), _hull(text, before)
    split = next((n for n, t in enumerate(after) if t.word in _BLAME_IN[rules]), len(after))
    return _hull(text, before or after[:split]), _hull(text, after[split:])


def _kazakh_blame(text: str, tokens: Sequence[Token]) -> tuple[Spans, Spans]:
    """«Y-ға X кінәлі», «X-ті Y үшін»: the deed in the dative or before «үшін», the blamed beside it."""
    guilty = next((n for n, t in enumerate(tokens) if t.word.startswith(("кінәлі", "айыпты"))), len(tokens))
    own = list(tokens[:guilty])
    sign = next((n for n, t in enumerate(own) if t.word == "үшін"), None)
    if sign is not None:
        rest = own[sign + 1 :] or []
        return _hull(text, rest), _hull(text, own[: sign + 1])
    datives = ("ына", "іне", "сына", "сіне", "нына", "ға", "ге", "қа", "ке", "на", "не")
    verb = guilty == len(tokens) and tense(own[-1].word, "kk") in {"past", "futr", "pres"} and len(own) > 1
    if verb:  # «мердігерді ақша жымқырды»
        return _hull(text, own[:1]), _hull(text, own[1:])
    deed = next((n for n, t in enumerate(own[:-1]) if t.word.endswith(datives)), None)
    if deed is not None:
        return _hull(text, own[deed + 1 :]), _hull(text, own[: deed + 1])
    return _hull(text, own), ()


def _clause_part(clauses: Sequence[Clause], tokens: Sequence[Token]) -> list[Token]:
    """Of these tokens those in the clause of the first."""
    if not tokens:
        return []
    own = next(c for c in clauses if tokens[0] in c.tokens)
    return [t for t in tokens if t in own.tokens]


def _hull(text: str, tokens: Sequence[Token]) -> Spans:
    return pieces(text, [(tokens[0].span.start, tokens[-1].span.end)]) if tokens else ()
