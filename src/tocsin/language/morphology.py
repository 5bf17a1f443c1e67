"""Lemmas and parses of single words: Russian, Ukrainian (dictionary), Kazakh (endings), English (possessive).

Russian and Ukrainian use pymorphy3 with its OpenCorpora and VESUM dictionaries; an analyzer is made once per
process, at first use. Everything is cached in bounded LRU caches, since news repeats its words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from sys import intern
from typing import Any, Final

from tocsin.language.kazakh import stems

__all__ = ["Parse", "lemma", "lemmas", "nominative", "noun_forms", "parses", "verb_forms"]

#: Languages with a dictionary here.
_DICTIONARIES: Final = frozenset({"ru", "uk"})
_CACHE: Final = 1 << 17
_NAME_MARKS: Final = frozenset({"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"})
_SHARED: Final[dict[frozenset[str], frozenset[str]]] = {}
_ENGLISH_POSSESSIVES: Final = ("'s", "’s", "ʼs")


@dataclass(frozen=True, slots=True)
class Parse:
    """One reading of a word form; grammemes are OpenCorpora's (NOUN, ADJF, VERB; nomn, gent …; sing, plur).

    ``marks`` holds those of Name, Surn, Patr, Geox, Orgn, Trad, Abbr, Init that apply. ``score`` is the share
    of the reading in OpenCorpora for Russian; Ukrainian has no counts, all readings get 1.
    ``known`` is False for a word guessed by its ending.
    """

    lemma: str
    pos: str
    case: str
    number: str
    gender: str
    animate: bool
    marks: frozenset[str]
    score: float
    known: bool
    tense: str = ""


@cache
def _analyzer(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


def _raw(word: str, language: str) -> Any:
    """pymorphy3's own readings; none for a word it stumbles over (code points without a Unicode name)."""
    try:
        return _analyzer(language).parse(word)
    except ValueError:
        return ()


def _parse_of(raw: Any) -> Parse:
    tag = raw.tag
    grammemes = tag.grammemes
    marks = _NAME_MARKS & grammemes
    # Hundreds of thousands of readings are kept: what they have in common is there once.
    return Parse(
        lemma=raw.normal_form,
        pos=intern(str(tag.POS or "")),
        case=intern(str(tag.case or "")),
        number=intern(str(tag.number or ("plur" if "plur" in grammemes else "sing" if tag.gender else ""))),
        gender=intern(str(tag.gender or "")),
        animate="anim" in grammemes,
        marks=_SHARED.setdefault(marks, marks),
        score=float(raw.score),
        known=bool(raw.is_known),
        tense=intern(str(tag.tense or "")),
    )


@lru_cache(maxsize=_CACHE)
def parses(word: str, language: str) -> tuple[Parse, ...]:
    """All readings of a word, likeliest first; empty for a language without a dictionary.

    ``word`` in any case of letters; ``language`` an ISO 639-1 code.
    """
    if language not in _DICTIONARIES or not word:
        return ()
    lower = word.lower()
    if lower != word:
        return parses(lower, language)
    found = tuple(_parse_of(raw) for raw in _raw(word, language))
    return found or (Parse(word, "", "", "", "", False, frozenset(), 0.0, False),)


@lru_cache(maxsize=_CACHE)
def lemmas(word: str, language: str) -> tuple[str, ...]:
    """All candidate lemmas of a word, lower case, likeliest first, never empty for a non-empty word.

    Russian and Ukrainian: the dictionary's normal forms. Kazakh: the stems that remain when endings come
    off, the word itself first (see ``language.kazakh``). English: without possessive 's. Others: the word
    itself. Raises nothing; an unknown word is guessed by its ending or given back.

    >>> lemmas("Шымкентте", "kk")
    ('шымкентте', 'шымкент')
    """
    lower = word.lower()
    if language in _DICTIONARIES and lower:
        return tuple(dict.fromkeys(parse.lemma for parse in parses(lower, language)))
    if language == "kk" and lower:
        return stems(lower)
    if language == "en":
        return (_english(lower),)
    return (lower,)


def _english(lower: str) -> str:
    for ending in _ENGLISH_POSSESSIVES:
        if lower.endswith(ending) and len(lower) > len(ending):
            return lower[: -len(ending)]
    # The plural possessive: "sources'" is "sources"; number is kept, no dictionary says what is plural.
    if len(lower) > 2 and lower[-1] in "'’" and lower[-2] == "s":
        return lower[:-1]
    return lower


@lru_cache(maxsize=_CACHE)
def lemma(word: str, language: str) -> str:
    """The likeliest lemma of a word, lower case; the empty string for an empty word.

    Russian and Ukrainian: the first reading. Kazakh: the stem after the outermost case ending, if taking
    it off leaves four letters or more; a bare «-ды/-ны» stays on, since it ends too many names («Қарағанды»).

    >>> lemma("Қарағандыдан", "kk")
    'қарағанды'
    """
    if language in _DICTIONARIES and word:
        return parses(word, language)[0].lemma
    found = lemmas(word, language)
    if language != "kk" or len(found) == 1:
        return found[0]
    stem = found[1]
    removed = found[0][len(stem) :]
    sure = found[0].startswith(stem) and len(stem) >= 4 and len(removed) >= 2
    return stem if sure and removed not in {"ды", "ді", "ны", "ні", "ты", "ті", "сы", "сі"} else found[0]


@lru_cache(maxsize=_CACHE // 4)
def nominative(word: str, language: str, case: str = "", number: str = "") -> str:
    """The nominative of a Russian or Ukrainian word form, letters' case kept; else the word itself.

    ``case`` and ``number`` (OpenCorpora names) choose among readings: «источников» with ``gent`` and
    ``plur`` gives «источники». A word whose readings already include the nominative of that number, when no
    ``case`` is asked for, is left alone.
    """
    if language not in _DICTIONARIES or not word:
        return word
    for raw in _raw(word, language):
        tag = raw.tag
        if (case and case not in tag) or (number and not _has_number(tag, number)):
            continue
        wanted = {"nomn"} | ({str(tag.number)} if tag.number else set())
        inflected = raw.inflect(wanted)
        if inflected is not None:
            return _like(word, inflected.word)
    return word


def _has_number(tag: Any, number: str) -> bool:
    # VESUM marks only the plural; a noun with a gender and no number is singular.
    return number in tag or (number == "sing" and tag.number is None)


def _like(word: str, other: str) -> str:
    """``other`` with the letters' case of ``word``, part by part around hyphens."""
    if word.isupper() and len(word) > 1:
        return other.upper()
    parts = word.split("-")
    others = other.split("-")
    if len(parts) != len(others):
        return other.capitalize() if word[:1].isupper() else other
    return "-".join(
        o[:1].upper() + o[1:] if p[:1].isupper() else o for p, o in zip(parts, others, strict=True)
    )


def verb_forms(infinitive: str, language: str) -> tuple[tuple[str, bool, bool], ...]:
    """Forms of a Russian or Ukrainian verb that can head a clause, as ``(form, plural, gerund)``, sorted.

    Third person of the present or future, the past, and the adverbial participle; ё is given as е too. Empty
    for a word the dictionary does not know as an infinitive.
    """
    found: set[tuple[str, bool, bool]] = set()
    for raw in _analyzer(language).parse(infinitive):
        if raw.normal_form != infinitive or not (raw.tag.POS == "INFN" or "infn" in raw.tag.grammemes):
            continue
        for form in raw.lexeme:
            tag = form.tag
            if (
                tag.POS == "VERB"
                and tag.person in (None, "3per")
                and not {"impr", "infn", "Impe"} & tag.grammemes
            ):
                found.add((form.word, "plur" in tag, False))
            elif tag.POS == "GRND":
                found.add((form.word, False, True))
        break
    if language == "uk":
        # VESUM lists adverbial participles apart; they follow from the past and the third person plural.
        found |= {(form + "ши", False, True) for form, _, _ in tuple(found) if form.endswith("в")}
        found |= {
            (form[:-2] + "чи", False, True)
            for form, plural, _ in tuple(found)
            if plural and form.endswith("ть")
        }
    found |= {(form.replace("ё", "е"), plural, gerund) for form, plural, gerund in tuple(found)}
    return tuple(sorted(found))


def noun_forms(nominative_form: str, language: str) -> tuple[str, ...]:
    """All case forms of a Russian or Ukrainian noun, sorted, ё also as е; empty for an unknown word."""
    found: set[str] = set()
    for raw in _analyzer(language).parse(nominative_form):
        if raw.tag.POS == "NOUN" and raw.normal_form == nominative_form:
            found |= {form.word for form in raw.lexeme}
            break
    return tuple(sorted(found | {form.replace("ё", "е") for form in found}))
