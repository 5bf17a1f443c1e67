"""Places mentioned in a document: candidates, each with its likeliest reading and a score that it is a place.

Two questions, two tables. *Which* of its namesakes a name means is ``rank``'s: learned, from what the
document names around it. *Whether* the word is a place name here at all is ``weigh``'s: what stays below
``KEEP`` is not shown, since a map with wrong dots is worse than one with fewer.

Both go twice over the document: first without surroundings, then with what the first round found: what was
sure tells what is a place, what was not unlikely tells which.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from tocsin.model import Alternative, PlaceMention, PlacePrecision, make_id
from tocsin.resolve.candidates import Candidate, candidate_at, find_candidates
from tocsin.resolve.fold import word_set
from tocsin.resolve.gazetteer import Entry, Gazetteer, load_gazetteer
from tocsin.resolve.rank import Context, Ranked, context_of, load_weights, rank
from tocsin.resolve.venues import with_venues
from tocsin.resolve.weigh import TOP, WEIGHTS, Around, Weighed, weigh

__all__ = ["KEEP", "METHOD", "find_places", "locate", "surroundings"]

METHOD: Final = "places-3"
#: Least score of a mention that is kept.
KEEP: Final = 0.5
_SURE: Final = 0.6
#: From this score a name tells of the others' readings: in a local report few names are sure alone.
_HINT: Final = 0.3
_ALTERNATIVES: Final = 3
#: A reading less likely than this is not worth a reader's time.
_WORTH: Final = 0.0005
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


_Ranking = list[Ranked]


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


def _why_lost(best: Ranked, other: Ranked) -> str:
    """The feature that parts two readings most, in words."""
    if best.entry.place_id == other.entry.place_id:  # the town whose region is meant
        return WEIGHTS["region word"][1]
    weights = load_weights()
    own, others = (dict(one.features) for one in (best, other))
    apart = {
        name: weights[name][0] * (own.get(name, 0.0) - others.get(name, 0.0)) for name in {**own, **others}
    }
    name = max(sorted(apart), key=lambda n: apart[n])
    words = weights[name][1]
    if name.startswith("people of") and best.entry.population > other.entry.population:
        return f"fewer people: {other.entry.population:,} against {best.entry.population:,}"
    kinds = {"town", "region", "district", "country", "area"}
    if name in kinds and best.entry.feature != other.entry.feature:
        return f"a {other.entry.feature} is meant less often than a {best.entry.feature}"
    return f"not so of it: {words}" if own.get(name, 0.0) > others.get(name, 0.0) else words


def _label(entry: Entry) -> str:
    return f"{entry.name} ({entry.feature}{', ' + entry.country if entry.country else ''})"


def _reasons(best: Weighed, ranking: _Ranking) -> tuple[str, ...]:
    """Why it is a place, then why this one of its namesakes."""
    reasons = best.reasons()
    rivals = [other for other in ranking[1:] if other.entry.place_id != best.entry.place_id]
    if not rivals or best.entry.place_id != ranking[0].entry.place_id:
        return reasons
    weights = load_weights()
    own, others = dict(ranking[0].features), dict(rivals[0].features)
    gains = {name: weights[name][0] * (value - others.get(name, 0.0)) for name, value in own.items()}
    kinds = {"town", "region", "district", "country", "area"}
    named = [n for n in sorted(gains, key=lambda n: (-gains[n], n)) if gains[n] > 0.2 and n not in kinds]
    words = [weights[name][1] for name in named[:3]]
    chosen = f"likeliest of {len(ranking)} of that name ({ranking[0].probability:.0%})"
    return (*reasons, chosen, *(word for word in words if word not in reasons))


def _mention(document_id: str, c: Candidate, best: Weighed, ranking: _Ranking) -> PlaceMention:
    entry = best.entry
    others = [r for r in ranking if r.entry.place_id != entry.place_id and r.probability >= _WORTH]
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
        reasons=_reasons(best, ranking),
        alternatives=tuple(
            Alternative(r.entry.place_id, _label(r.entry), round(r.probability, 3), _why_lost(ranking[0], r))
            for r in others[:_ALTERNATIVES]
        ),
        method=METHOD,
    )


_Found = tuple[Candidate, bool, bool]


def _resolved(found: Sequence[_Found], gazetteer: Gazetteer) -> list[tuple[Candidate, _Ranking, Weighed]]:
    """Ranking and weight of each candidate, known the others; the flags are those of ``_looks``."""
    context, around = Context(), _NOTHING
    made: list[tuple[Candidate, _Ranking, Weighed]] = []
    for _ in range(2):
        made = []
        for c, titled, shouted in found:
            ranking = rank(c, context, gazetteer)
            looks = replace(around, titled=titled, shouted=shouted)
            made.append((c, ranking, weigh(c, ranking[0], looks, gazetteer)))
        sure = [(c, ranking, weighed) for c, ranking, weighed in made if weighed.score >= _SURE]
        hinting = [(c, ranking[0]) for c, ranking, weighed in made if weighed.score >= _HINT]
        context = context_of(hinting, gazetteer)
        around = surroundings([weighed for _, ranking, weighed in sure if ranking[0].mark != "d"])
    return made


def find_places(document_id: str, text: str, sentences: Iterable[tuple[int, int, str]]) -> list[PlaceMention]:
    """Places mentioned in one document, in text order.

    ``sentences`` gives start and end (code points of ``text``) and ISO 639-1 language of each. Languages
    other than the four are looked up by script, as English or Russian. Words for peoples ("Syrian") tell
    where a document is, and are no mentions. Pure; reads only the shipped gazetteer and weights.
    """
    gazetteer = load_gazetteer()
    found: list[_Found] = []
    for start, end, language in sentences:
        sentence = text[start:end]
        candidates = find_candidates(sentence, start, language)
        if candidates:
            titled, shouted = _looks(sentence)
            found += [(c, titled, shouted) for c in candidates]
    mentions = []
    for c, ranking, weighed in _resolved(found, gazetteer):
        if weighed.score >= KEEP and ranking[0].mark != "d":
            mentions.append(_mention(document_id, c, _as_region(weighed, c, gazetteer), ranking))
    return with_venues(document_id, text, mentions)


def locate(
    document_id: str, text: str, spans: Sequence[tuple[int, int]], language: str
) -> list[PlaceMention | None]:
    """The place each of the given mentions means; None where the gazetteer has no name in it.

    Spans are code points; every one is taken to name a place, words for peoples ("Syrian") and short forms
    too, so the score is the probability of the reading among its namesakes.
    """
    gazetteer = load_gazetteer()
    candidates = [candidate_at(text, start, end, language) for start, end in spans]
    known = [c for c in candidates if c is not None]
    context = Context()
    for _ in range(2):
        context = context_of([(c, rank(c, context, gazetteer)[0]) for c in known], gazetteer)
    found: list[PlaceMention | None] = []
    for (start, end), c in zip(spans, candidates, strict=True):
        if c is None:
            found.append(None)
            continue
        ranking = rank(c, context, gazetteer)
        weighed = replace(weigh(c, ranking[0], _NOTHING, gazetteer), score=round(ranking[0].probability, 3))
        mention = _mention(document_id, c, _as_region(weighed, c, gazetteer), ranking)
        found.append(
            replace(mention, start=start, end=end, mention_id=make_id(document_id, start, end, METHOD))
        )
    return found
