"""How likely a word is a place name here at all: a table of features with weights.

The score is the plain sum of a base by kind and of the features that hold, cut to 0–1; it is not
calibrated. Weights were set by hand while reading development texts, never on a test part: what tells a place
from a person or a word is other in each language, and the public sets are English only. Which of its
namesakes a name means is ``resolve.rank``'s.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log10
from typing import Final

from tocsin.language.morphology import parses
from tocsin.resolve.candidates import Candidate
from tocsin.resolve.fold import fold, word_set
from tocsin.resolve.gazetteer import Entry, Gazetteer
from tocsin.resolve.rank import NEAR_LANDS, REGION_WORDS, TOWN_WORDS, Ranked, teller

__all__ = ["TOP", "WEIGHTS", "Around", "Weighed", "after_preposition", "weigh"]

#: Score of a reading before any evidence. Towns also get a tenth for every tenfold of people above 10,000.
_BASE: Final = {
    "country": 0.85,
    "continent": 0.8,
    "area": 0.75,
    "union": 0.75,
    "water": 0.72,
    "historical": 0.75,
    "region": 0.6,
    "district": 0.45,
    "city": 0.3,
}
#: Weight and wording of every feature.
WEIGHTS: Final[dict[str, tuple[float, str]]] = {
    "dictionary": (0.15, "a dictionary has the word as a place name"),
    "preposition": (0.15, "a preposition of place stands before it"),
    "type word": (0.25, "a word for its kind of place stands beside it"),
    "region word": (0.45, "a word for 'region' stands beside it"),
    "its country": (0.15, "its country is mentioned in the document"),
    "its region": (0.2, "its region is mentioned in the document"),
    "neighbour towns": (0.08, "other places of its country are mentioned"),
    "contained": (0.35, "the place containing it is named right after it"),
    "language": (0.08, "the sentence's language is spoken there"),
    "capital": (0.1, "it is a capital"),
    "main name": (0.05, "it is the place's main name"),
    "long name": (0.15, "the name has several words"),
    "other name": (-0.08, "it is only another name of the place"),
    "by lemma": (-0.05, "the name was found through an inflected form only"),
    "ordinary word": (-0.3, "it is also an ordinary word"),
    "personal name": (-0.25, "it is also a person's name"),
    "given name": (-0.35, "it is also a given name"),
    "namesakes": (-0.15, "several small towns bear the name and nothing tells which"),
    "also ordinary": (-0.12, "it is also an ordinary word"),
    "weak personal name": (-0.2, "it is also a person's name"),
    "begins sentence": (-0.12, "an ordinary word's capital may be the sentence's beginning"),
    "after a name": (-0.7, "a person's name seems to stand before it"),
    "after a capital": (-0.3, "a capitalised word before it makes it part of a longer name"),
    "before a capital": (-0.28, "a capitalised word after it makes it part of a longer name"),
    "speaks": (-0.1, "it speaks or acts, as persons do"),
    "rare reading": (-0.2, "another reading of the word's form is likelier"),
    "quoted": (-0.45, "it stands alone in quotation marks, as titles and brands do"),
    "all capitals": (-0.3, "it is written in capitals only, as abbreviations are"),
    "adjective": (-0.4, "it may be an adjective of the noun after it"),
    "before a surname": (-0.5, "a surname or patronymic follows, so it is a given name"),
    "small": (-0.12, "a small town among many of its kind, and its region is not mentioned"),
}
_PREPOSITIONS: Final[dict[str, frozenset[str]]] = {
    "en": word_set("in near from at outside across inside throughout around nearby"),
    "ru": word_set("в во из под до около близ между вокруг над через"),
    "uk": word_set("в у із з зі до під біля поблизу між навколо над через"),
}
#: Prepositions that go with lands and waters too.
_LAND_PREPOSITIONS: Final[dict[str, frozenset[str]]] = {
    "en": word_set("to into toward towards over on"),
    "ru": word_set("на по к ко с со"),
    "uk": word_set("на по"),
}
_SPEAKS: Final = word_set(
    "said says told added wrote argued noted explained replied recalled claimed"
    " who whose сказал сказала заявил"
    " заявила сообщил сообщила отметил"
    " отметила добавил добавила рассказал рассказала написал написала считает сказав заявив повідомив"
    " зазначив додав деді айтты"
)
_TITLES: Final = word_set("mr mrs ms dr sir lord lady miss president senator general colonel")
#: The best a score gets: no reading of a name is certain.
TOP: Final = 0.97
_FAMOUS: Final = 500_000  # people; a surname counts less against a town that size («Львов»)


@dataclass(frozen=True, slots=True)
class Around:
    """What else a document names: countries (ISO codes), regions (country, admin1), towns per country.

    ``titled`` marks a sentence in title case, where capitals tell nothing; ``shouted`` one in capitals.
    """

    countries: frozenset[str]
    regions: frozenset[tuple[str, str]]
    towns: Counter[str]
    titled: bool = False
    shouted: bool = False


@dataclass(frozen=True, slots=True)
class Weighed:
    """One reading with its score and the names of the features that made it."""

    entry: Entry
    score: float
    features: tuple[str, ...]

    def reasons(self) -> tuple[str, ...]:
        """The features in words, those that weigh most first."""
        ordered = sorted(self.features, key=lambda name: -abs(WEIGHTS[name][0]))
        size = []
        if self.entry.feature == "city" and self.entry.population:
            size = [f"a town of {self.entry.population:,} people"]
        elif self.entry.feature != "city":
            size = [f"{'an' if self.entry.feature[0] == 'a' else 'a'} {self.entry.feature}"]
        return (*size, *(WEIGHTS[name][1] for name in ordered))


@lru_cache(maxsize=1 << 14)
def _is_given_name(word: str, language: str) -> bool:
    return any("Name" in p.marks and p.lemma == word for p in parses(word, language))


@lru_cache(maxsize=1 << 14)
def _is_name(word: str, language: str) -> bool:
    found = parses(word, language)
    return bool(found) and bool(found[0].marks & {"Name", "Surn", "Patr"})


@lru_cache(maxsize=1 << 14)
def _is_surname(word: str, language: str) -> bool:
    found = parses(word, language)
    return bool(found) and bool(found[0].marks & {"Surn", "Patr"})


@lru_cache(maxsize=1 << 14)
def _is_adjective_of(word: str, noun: str, language: str) -> bool:
    """Whether a word may be an adjective agreeing with the lower-case noun after it («Северное сияние»)."""
    if not noun[:1].islower():
        return False
    agreed = {(p.case, p.number) for p in parses(noun, language) if p.pos in ("NOUN", "ADJF")}
    return any(p.pos == "ADJF" and (p.case, p.number) in agreed for p in parses(word, language))


def _person_features(c: Candidate, around: Around, gazetteer: Gazetteer) -> list[str]:
    found = []
    before = c.before
    if before.lower() in _TITLES or c.initials:
        found.append("after a name")
    elif before[:1].isupper() and not around.titled and before.lower() not in TOWN_WORDS:
        known = gazetteer.readings(fold(before)) and not gazetteer.is_personal(fold(before))
        if _is_name(before, c.language) or (c.language == "en" and fold(before) in gazetteer.given):
            found.append("after a name")
        elif not c.before_initial and not known and not before.isupper():
            found.append("after a capital")
    after = c.after
    personal = gazetteer.is_personal(c.key)
    if personal and after[:1].isupper() and _is_surname(after, c.language):
        found.append("before a surname")
    elif after[:1].isupper() and not around.titled and fold(after) not in gazetteer and not after.isupper():
        found.append("before a capital")
    if after.lower() in _SPEAKS or c.beyond.lower() in _SPEAKS:
        found.append("speaks")
    return found


def _word_features(c: Candidate, around: Around, gazetteer: Gazetteer) -> list[str]:
    found = []
    attested = gazetteer.is_attested(c.key)
    if attested:
        found.append("dictionary")
    if gazetteer.is_ordinary(c.key):
        found.append("also ordinary" if attested else "ordinary word")
        if c.initial:
            found.append("begins sentence")
    if _is_given_name(c.key, c.language):
        found.append("given name")
    elif gazetteer.is_personal(c.key):
        found.append("weak personal name" if attested else "personal name")
    if " " in c.key:
        found.append("long name")
    if c.rare and c.language == "ru":  # only OpenCorpora says how frequent a reading is
        found.append("rare reading")
    if c.quoted:
        found.append("quoted")
    if c.surface.isupper() and not around.shouted and not c.key.startswith("="):
        found.append("all capitals")
    if " " not in c.surface and _is_adjective_of(c.surface, c.after, c.language):
        found.append("adjective")
    if (c.language == "kk" and not c.direct) or after_preposition(c):
        found.append("preposition")
    return found


def _stands_after(c: Candidate, prepositions: dict[str, frozenset[str]]) -> bool:
    return c.before.lower() in prepositions.get(c.language, frozenset())


def after_preposition(c: Candidate) -> bool:
    """Whether a preposition of place stands right before a candidate («у Алмати», "near Kazan")."""
    return _stands_after(c, _PREPOSITIONS)


def _document_features(entry: Entry, around: Around) -> list[str]:
    found: list[str] = []
    if entry.feature in ("city", "region"):
        if entry.country in around.countries:
            found.append("its country")
        if entry.feature == "city" and (entry.country, entry.admin1) in around.regions:
            found.append("its region")
        if around.towns[entry.country] >= 2:
            found.append("neighbour towns")
    return found


def _entry_features(c: Candidate, mark: str, entry: Entry, around: Around) -> list[str]:
    found = []
    beside = {c.before.lower().rstrip("."), c.after.lower()}
    if entry.feature == "city" and beside & TOWN_WORDS:
        found.append("type word")
    if entry.feature == "region" and beside & REGION_WORDS:
        found.append("region word")
    found += _document_features(entry, around)
    if entry.country in NEAR_LANDS.get(c.language, frozenset()):
        found.append("language")
    if entry.capital:
        found.append("capital")
    elif _stands_after(c, _LAND_PREPOSITIONS):
        found.append("preposition")
    if entry.feature == "city":
        found.append("main name" if mark == "p" else "other name")
        if entry.population < 15_000 and (entry.country, entry.admin1) not in around.regions:
            found.append("small")
            if len(c.readings) >= 3:
                found.append("namesakes")
    if mark == "l":
        found.append("by lemma")
    return found


def weigh(c: Candidate, ranked: Ranked, around: Around, gazetteer: Gazetteer) -> Weighed:
    """How likely a candidate is a place at all, if it is one with the reading given."""
    entry = ranked.entry
    features = _word_features(c, around, gazetteer) + _person_features(c, around, gazetteer)
    features += _entry_features(c, ranked.mark, entry, around)
    if teller(c, entry, gazetteer):
        features.append("contained")
    if entry.feature == "city" and entry.population >= _FAMOUS and "weak personal name" in features:
        features.remove("weak personal name")
    score = _BASE[entry.feature] + sum(WEIGHTS[name][0] for name in features)
    if entry.feature == "city":
        score += 0.1 * (log10(max(entry.population, 300)) - 4)
    return Weighed(entry, round(min(TOP, max(0.0, score)), 3), tuple(features))
