"""The nominative of an inflected name: «Терези Мей» is Тереза Мей, «Дональдом Трампом» Дональд Трамп.

Russian and Ukrainian: pymorphy3's readings of every word; the case, number and gender are chosen that most
words agree on, since each word alone is ambiguous («Иванова» is a woman, or Ivanov's). A foreign name may
also be indeclinable. What the dictionaries do not know is guessed by ending. Kazakh: endings come off by
rule. English: the possessive 's comes off. Other languages: the name itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from tocsin.language.kazakh import stems
from tocsin.language.morphology import _like, _raw
from tocsin.language.wordlists import read_words

__all__ = ["nominatives", "word_forms"]

_SLAVIC: Final = frozenset({"ru", "uk"})
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ][^\W\d_]+)*")
#: Cases with how likely a person's name is in each, other things equal.
_CASES: Final = {"nomn": 1.0, "gent": 1.0, "datv": 0.9, "accs": 0.9, "ablt": 0.9, "loct": 0.5}
_GENDERS: Final = ("masc", "femn")
_NAMES: Final = frozenset({"Name", "Surn", "Patr"})
_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class _Reading:
    """One way to read a word form: its nominative, with a score that says how likely that is."""

    form: str
    case: str
    gender: str  # empty for either
    score: float


def _dictionary(word: str, language: str) -> list[_Reading]:
    found = []
    for raw in _raw(word.lower(), language):
        tag = raw.tag
        if str(tag.POS) not in {"NOUN", "ADJF"} or tag.case is None or tag.number == "plur":
            continue
        case = "nomn" if tag.case == "voct" else str(tag.case)
        inflected = raw if tag.case == "nomn" else raw.inflect({"nomn", "sing"} if tag.number else {"nomn"})
        if inflected is None:
            continue
        form = inflected.word if "ґ" in word.lower() else inflected.word.replace("ґ", "г")
        gender = str(tag.gender or "")
        mark = 1.0 if _NAMES & tag.grammemes else 0.3
        known = 1.0 if raw.is_known else 0.5
        score = (0.4 + float(raw.score if language == "ru" else 0.4)) * mark * known
        found.append(_Reading(_like(word, form), case, "" if gender == "neut" else gender, score))
    return found


@cache
def _rules(language: str) -> tuple[tuple[str, str, str, str], ...]:
    """Endings of names unknown to the dictionary: old, new, case, gender (``data/endings.yaml``)."""
    rules = (rule.split(":") for rule in read_words("tocsin.resolve.names", "endings")[language].split())
    return tuple((old, new, case, "masc" if gender == "m" else "femn") for old, new, case, gender in rules)


def _trust(ending: str) -> float:
    """How much an ending alone says: «-ом» ends few nominatives, «-а» many."""
    if len(ending) >= 2:
        return 0.5 if len(ending) > 2 else 0.42
    return {"у": 0.32, "ю": 0.32, "ы": 0.32}.get(ending, 0.22)


def _guesses(word: str, language: str) -> list[_Reading]:
    lower = word.lower()
    found = []
    for old, new, case, gender in _rules(language):
        stem = lower[: -len(old)]
        if lower.endswith(old) and len(stem) >= 2:
            ends_in_vowel = stem[-1] in "аеиоуыэюяёіїє"
            soft = new[:1] in {"ь", "я"}
            if (not new and ends_in_vowel) or (new == "й" and not ends_in_vowel) or (soft and ends_in_vowel):
                continue
            found.append(_Reading(_like(word, stem + new), case, gender, _trust(old)))
    return found


@lru_cache(maxsize=1 << 15)
def _readings(word: str, language: str) -> tuple[_Reading, ...]:
    found = _dictionary(word, language) + _guesses(word, language)
    last = word.lower()[-1:]
    if last not in "ая":
        found.append(_Reading(word, "*", "femn" if last not in "иіуоеюєэы" else "", 0.25))
    if last not in "ую":
        endings = word.lower()[-2:]
        oblique = endings in {"ом", "ем", "єм", "ым", "им", "ої", "го", "му"}
        nominative = 0.9 if endings in {"ия", "ія"} else 0.15 if oblique else 0.35
        found.append(_Reading(word, "nomn", "", nominative))
    elif not found:
        found.append(_Reading(word, "*", "", 0.25))
    return tuple(found)


@lru_cache(maxsize=1 << 15)
def word_forms(word: str, language: str) -> tuple[tuple[str, float], ...]:
    """Nominatives a word of a name may have, itself first, each with how likely it is beside the best.

    >>> [form for form, _ in word_forms("Трампом", "ru")][:2]
    ['Трампом', 'Трамп']
    """
    if language in _SLAVIC and word:
        best: dict[str, float] = {}
        for reading in _readings(word, language):
            best[reading.form] = max(best.get(reading.form, 0.0), reading.score)
        top = max(best.values())
        ranked = sorted(best, key=lambda form: (form != word, -best[form], form))
        return tuple((form, best[form] / top) for form in ranked)[:_MOST]
    if language == "kk" and word:
        found = dict.fromkeys((word, *(_like(word, stem) for stem in stems(word.lower()))))
        return tuple((form, 1.0) for form in found)[:_MOST]
    return ((word, 1.0),)


def _best(readings: tuple[_Reading, ...], case: str, gender: str) -> _Reading | None:
    fitting = [r for r in readings if r.case in {case, "*"} and r.gender in {"", gender}]
    return max(fitting, key=lambda r: (r.score, r.case != "*", r.form), default=None)


@lru_cache(maxsize=1 << 14)
def nominatives(name: str, language: str) -> tuple[tuple[str, float], ...]:
    """The nominatives a name may have, best first, with scores that add up to 1.

    Words after the first lower-case one («президент США», «мер Києва») keep their form: only the head of a
    phrase and the capitals before are turned. Languages without cases give the name itself.

    >>> nominatives("Дональдом Трампом", "ru")[0][0]
    'Дональд Трамп'
    """
    if language == "kk":
        return _kazakh(name)
    if language not in _SLAVIC:
        bare = re.sub(r"['’ʼ]s?$", "", name) if language == "en" else name
        return ((bare or name, 1.0),)
    pieces = [m for m in _WORD.finditer(name) if len(m.group()) > 1 and "а" <= m.group().lower()[0] <= "ӿ"]
    if not pieces:
        return ((name, 1.0),)
    readings = [_readings(m.group(), language) for m in pieces]
    totals: dict[str, float] = defaultdict(float)
    for case, prior in _CASES.items():
        for gender in _GENDERS:
            chosen = [_best(options, case, gender) for options in readings]
            if any(r is None for r in chosen):
                continue
            score = prior
            for r in chosen:
                score *= r.score if r else 0.0
            written = _written(name, pieces, [r.form for r in chosen if r])
            totals[written] = max(totals[written], score)
    whole = sum(totals.values())
    ranked = sorted(totals, key=lambda form: (-totals[form], form))
    return tuple((form, totals[form] / whole) for form in ranked[:_MOST]) if whole else ((name, 1.0),)


def _written(name: str, pieces: list[re.Match[str]], forms: list[str]) -> str:
    text, at = "", 0
    for piece, form in zip(pieces, forms, strict=True):
        text += name[at : piece.start()] + form
        at = piece.end()
    return text + name[at:]


def _kazakh(name: str) -> tuple[tuple[str, float], ...]:
    """Only the last word of a Kazakh name takes endings."""
    pieces = list(_WORD.finditer(name))
    if not pieces:
        return ((name, 1.0),)
    last = pieces[-1]
    forms = [form for form, _ in word_forms(last.group(), "kk")]
    found = [name[: last.start()] + form + name[last.end() :] for form in forms]
    weights = [0.5, *(0.5 for _ in found[1:])]
    return tuple((form, weight / sum(weights)) for form, weight in zip(found, weights, strict=True))
