"""Places mentioned in a document: candidates, weighed against what else the document names.

Two passes: the first takes what is sure (countries, areas, large towns), the second weighs every
candidate with that as its surroundings. What stays below ``KEEP`` is not shown: a map with wrong dots is
worse than one with fewer.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from tocsin.model import Alternative, PlaceMention, PlacePrecision, make_id
from tocsin.resolve.candidates import Candidate, find_candidates
from tocsin.resolve.fold import word_set
from tocsin.resolve.gazetteer import Entry, Gazetteer, load_gazetteer
from tocsin.resolve.weigh import TOP, WEIGHTS, Around, Weighed, weigh

__all__ = ["KEEP", "METHOD", "find_places", "surroundings"]

METHOD: Final = "places-1"
#: Least score of a mention that is kept.
KEEP: Final = 0.5
_SURE: Final = 0.6
_ALTERNATIVES: Final = 3
_REGION_AFTER: Final = word_set(
    "region oblast province krai облысы облысында облысының облысына облысынан облыс"
)
_PRECISION: Final = {"city": PlacePrecision.CITY, "country": PlacePrecision.COUNTRY}
_NOTHING: Final = Around(frozenset(), frozenset(), Counter())


def surroundings(firsts: Iterable[Weighed]) -> Around:
    """What sure readings of a document's candidates tell about the others."""
    countries: set[str] = set()
    regions: set[tuple[str, str]] = set()
    towns: dict[str, set[str]] = {}
    for weighed in firsts:
        entry = weighed.entry
        if weighed.score < _SURE or not entry.country:
            continue
        if entry.feature == "city":
            towns.setdefault(entry.country, set()).add(entry.place_id)
        else:
            countries.add(entry.country)
            if entry.admin1:
                regions.add((entry.country, entry.admin1))
    return Around(
        frozenset(countries), frozenset(regions), Counter({c: len(ids) for c, ids in towns.items()})
    )


def _looks(sentence: str) -> tuple[bool, bool]:
    """Whether a sentence is in title case, and whether in capitals."""
    words = [word for word in sentence.split() if len(word) > 3 and word[0].isalpha()]
    if len(words) < 3:
        return False, sentence.isupper()
    capitals = sum(word[0].isupper() for word in words)
    shouted = sum(word.isupper() for word in words)
    return capitals * 5 > len(words) * 4, shouted * 5 > len(words) * 3


def _as_region(best: Weighed, c: Candidate, gazetteer: Gazetteer) -> Weighed:
    """The region around a town where a word for it follows («Kharkiv region», «Алматы облысы»)."""
    entry = best.entry
    if entry.feature != "city" or c.after.lower() not in _REGION_AFTER:
        return best
    row = gazetteer.regions.get((entry.country, entry.admin1))
    if row is None:
        return best
    score = round(min(TOP, best.score + WEIGHTS["type word"][0]), 3)
    return Weighed(gazetteer.entry(row), score, ("region word", *best.features))


def _why_lost(best: Weighed, other: Weighed) -> str:
    missing = [name for name in best.features if name not in other.features and WEIGHTS[name][0] > 0]
    if missing:
        return "not so of it: " + WEIGHTS[max(missing, key=lambda name: WEIGHTS[name][0])][1]
    against = [name for name in other.features if name not in best.features and WEIGHTS[name][0] < 0]
    if against:
        return WEIGHTS[min(against, key=lambda name: WEIGHTS[name][0])][1]
    if best.entry.population > other.entry.population:
        return f"fewer people: {other.entry.population:,} against {best.entry.population:,}"
    return f"a {other.entry.feature} is meant less often than a {best.entry.feature}"


def _label(entry: Entry) -> str:
    return f"{entry.name} ({entry.feature}{', ' + entry.country if entry.country else ''})"


def _mention(document_id: str, c: Candidate, weighed: list[Weighed], gazetteer: Gazetteer) -> PlaceMention:
    best = _as_region(weighed[0], c, gazetteer)
    entry = best.entry
    others = [w for w in weighed if w.entry.place_id != entry.place_id][:_ALTERNATIVES]
    return PlaceMention(
        mention_id=make_id(document_id, c.start, c.end, METHOD),
        document_id=document_id,
        start=c.start,
        end=c.end,
        lemma=c.key.lstrip("="),
        place_id=entry.place_id,
        name=entry.name,
        feature=entry.feature,
        precision=_PRECISION.get(entry.feature, PlacePrecision.REGION),
        country=entry.country or None,
        latitude=entry.lat,
        longitude=entry.lon,
        score=best.score,
        reasons=best.reasons(),
        alternatives=tuple(
            Alternative(w.entry.place_id, _label(w.entry), w.score, _why_lost(best, w)) for w in others
        ),
        method=METHOD,
    )


def find_places(document_id: str, text: str, sentences: Iterable[tuple[int, int, str]]) -> list[PlaceMention]:
    """Places mentioned in one document, in text order.

    ``sentences`` gives start and end (code points of ``text``) and ISO 639-1 language of each. Languages
    other than the four are looked up by script, as English or Russian. Pure; reads only the shipped
    gazetteer.
    """
    gazetteer = load_gazetteer()
    found: list[tuple[Candidate, bool, bool]] = []
    for start, end, language in sentences:
        sentence = text[start:end]
        candidates = find_candidates(sentence, start, language)
        if candidates:
            titled, shouted = _looks(sentence)
            found += [(c, titled, shouted) for c in candidates]
    if not found:
        return []
    firsts = [
        weigh(c, replace(_NOTHING, titled=titled, shouted=shouted), gazetteer)[0]
        for c, titled, shouted in found
    ]
    around = surroundings(firsts)
    mentions = []
    for c, titled, shouted in found:
        weighed = weigh(c, replace(around, titled=titled, shouted=shouted), gazetteer)
        if weighed[0].score >= KEEP:
            mentions.append(_mention(document_id, c, weighed, gazetteer))
    return mentions
