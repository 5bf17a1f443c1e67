"""Who acts and where, in a claim's content: names and places that were found, and those that hide in them.

A place missed makes a twin of another place look the same. So a name of a place that the stage of places
did not resolve is looked up by its case forms, and two ways in which one is missed are undone: a Kazakh town
behind a person («Данияр Соколик Қазанда») and a town before one («у Алмати Даніяр Соколик»).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from tocsin.link.narratives.terms import is_day_or_month
from tocsin.model import Claim, NameMention, NameType, PlaceMention, Span
from tocsin.resolve.candidates import Candidate, find_candidates
from tocsin.resolve.gazetteer import load_gazetteer
from tocsin.resolve.names import nominatives
from tocsin.resolve.places import locate
from tocsin.resolve.weigh import after_preposition

__all__ = ["inside", "who_and_where"]

_ACTORS: Final[dict[str, str]] = {NameType.PERSON: "PER", NameType.ORG: "ORG"}
#: People of a town that is known by its bare name.
_KNOWN: Final = 100_000
#: Words of a name of a person from which the first may be a town that stands before it.
_LONG_NAME: Final = 3


def inside(start: int, end: int, content: Sequence[Span]) -> bool:
    """Whether a stretch lies in one of the spans."""
    return any(span.start <= start and end <= span.end for span in content)


def _apart(start: int, end: int, taken: Iterable[tuple[int, int]]) -> bool:
    return not any(a < end and start < b for a, b in taken)


def who_and_where(
    text: str, claim: Claim, names: Sequence[NameMention], places: Iterable[PlaceMention]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Actors and places of a claim's content as ``Facts`` keeps them; all mentions are of its document."""
    content = claim.content
    where = [p for p in places if inside(p.start, p.end, content)]
    taken = [(p.start, p.end) for p in where]
    here = [
        n
        for n in names
        if inside(n.start, n.end, content)
        and _apart(n.start, n.end, taken)
        and not is_day_or_month(text[n.start : n.end], claim.language)
    ]
    unresolved = [(n.start, n.end) for n in here if n.type == NameType.PLACE]
    actors = {(n.start, n.end): _ACTORS[n.type] for n in here if n.type in _ACTORS}
    hidden = list(_hidden(text, claim, taken + unresolved, actors))
    for start, end in hidden:
        for own in [own for own in actors if own[0] == start]:
            rest = text[end : own[1]]
            actors[own[1] - len(rest.lstrip()), own[1]] = actors.pop(own)
    single = [(a, b) for a, b in unresolved if not any(map(str.isspace, text[a:b]))]
    found = locate(claim.document_id, text, single + hidden, claim.language)
    where += [p for p in found if p is not None]
    resolved = {(p.start, p.end) for p in where}
    known = {f"{p.place_id}|{p.country or ''}|{p.precision}|{p.name}" for p in where}
    known |= {
        f"||name|{_nominative(' '.join(text[a:b].split()), claim.language)}"
        for a, b in unresolved
        if (a, b) not in resolved
    }
    acting = {f"{kind}|{' '.join(text[a:b].split())}" for (a, b), kind in actors.items()}
    return tuple(sorted(acting)), tuple(sorted(known))


def _nominative(name: str, language: str) -> str:
    found = nominatives(name, language)
    return found[0][0] if found else name


def _hidden(
    text: str, claim: Claim, taken: Sequence[tuple[int, int]], actors: Iterable[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """Stretches that are well-known places although nothing found them."""
    persons = list(actors)
    for span in claim.content:
        for c in find_candidates(span.of(text), span.start, claim.language):
            if c.initial or not _apart(c.start, c.end, taken) or not _well_known(c):
                continue
            if _apart(c.start, c.end, persons):
                # A case ending says that it is no surname; Kazakh has one where others have a preposition.
                if claim.language == "kk" and not c.direct:
                    yield c.start, c.end
            elif after_preposition(c) and any(
                a == c.start and c.end < b and len(text[a:b].split()) >= _LONG_NAME for a, b in persons
            ):
                yield c.start, c.end


def _well_known(c: Candidate) -> bool:
    entry = load_gazetteer().entry(c.readings[0].row)
    return entry.feature == "country" or (entry.feature == "city" and entry.population >= _KNOWN)
