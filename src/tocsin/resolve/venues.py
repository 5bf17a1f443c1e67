"""Venues, placed where the text puts them: «Крокус Сити Холл» под Москвой, "Crocus City Hall" near Moscow.

No list of venues exists here. A name built like a venue's (a head such as Hall, Stadium, «стадион») that
the text itself places in or near a town becomes a mention with the town's point and precision ``venue``;
where the same document names it again without a place, the place is carried over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from tocsin.model import PlaceMention, PlacePrecision, make_id
from tocsin.resolve.fold import fold

__all__ = ["with_venues"]

_HEADS: Final = (
    "Hall|Stadium|Arena|Theatre|Theater|Airport|Mall|Market|Hospital|University|Cathedral|Mosque|Museum|Hotel|Plaza"
    "|Bridge|Refinery|Airfield|Library|Palace|Centre|Center|Plant|Park|Station|Terminal"
)
#: "Crocus City Hall": capitalised words that end in a head.
_ENGLISH: Final = re.compile(rf"\b((?:[A-Z][\w-]*[ -]){{1,4}}(?:{_HEADS}))\b")
#: «Крокус Сити Холл»: a name in quotation marks that ends in a head, or follows one.
_QUOTED: Final = re.compile(r"[«“\"„]([^\W\d_a-zа-яіїєґәғқңөұүһ][^«»“”\"„\n]{2,40}?)[»”\"“]")
_ENDS: Final = re.compile(
    r"(?i)(?:холл|арена|плаза|молл|парк|центр|hall|arena|plaza|mall|park|center|centre)\Z"
)
_BEFORE: Final = re.compile(
    r"(?i)\b(?:зал\w*|т[рц]ц|торг\w+ (?:центр\w*|комплекс\w*)|стадион\w*|аэропорт\w*|театр\w*|гостиниц\w*"
    r"|отел\w*|завод\w*|рын\w+|больниц\w*|кинотеатр\w*|клуб\w*|бизнес-центр\w*|музе\w+|стадіон\w*"
    r"|аеропорт\w*|готел\w*|ринк\w+|лікарн\w*|зауыт\w*|әуежай\w*) \Z"
)
#: What may stand between a venue and the place it is in or near.
_LINK: Final = re.compile(
    r"[»”\"’']?,? (?:\((?=\w)|(?:in|near|nearby|outside|at|just outside|in the city of|в|во|под|около|близ"
    r"|недалеко от|неподалёку от|рядом с|в городе|на окраине|у|біля|під|поблизу|у місті) (?:the )?"
    r"|(?<=, ))?\Z"
)
_OWNER: Final = re.compile(r"['’]s \Z")
_FARTHEST: Final = 26


@dataclass(frozen=True, slots=True)
class _Venue:
    start: int
    end: int
    name: str


def _named(text: str) -> Iterator[_Venue]:
    for found in _QUOTED.finditer(text):
        name = found[1]
        if _ENDS.search(name) or _BEFORE.search(text, max(0, found.start() - 40), found.start()):
            yield _Venue(found.start(1), found.end(1), name)
    for found in _ENGLISH.finditer(text):
        yield _Venue(found.start(1), found.end(1), found[1])


def _place_of(venue: _Venue, text: str, mentions: Sequence[PlaceMention]) -> PlaceMention | None:
    """The town or region right after a venue, or before it as its owner ("Moscow's Crocus City Hall")."""
    for mention in mentions:
        if mention.precision not in (PlacePrecision.CITY, PlacePrecision.REGION):
            continue
        after = text[venue.end : mention.start]
        if venue.end <= mention.start <= venue.end + _FARTHEST and _LINK.match(after):
            return mention
        if mention.end <= venue.start and _OWNER.fullmatch(text[mention.end : venue.start]):
            return mention
    return None


def _mention(document_id: str, venue: _Venue, place: PlaceMention, told: bool) -> PlaceMention:
    way = "the text puts it in or near" if told else "elsewhere the text puts it in or near"
    key = fold(venue.name)
    return replace(
        place,
        mention_id=make_id(document_id, venue.start, venue.end, place.method),
        start=venue.start,
        end=venue.end,
        lemma=key,
        place_id=f"venue:{key}@{place.place_id}",
        name=f"{' '.join(venue.name.split())} ({place.name})",
        feature="venue",
        precision=PlacePrecision.VENUE,
        score=round(place.score * (0.9 if told else 0.8), 3),
        reasons=(f"{way} {place.name}; the point is that of {place.name}", *place.reasons),
    )


def with_venues(document_id: str, text: str, mentions: Sequence[PlaceMention]) -> list[PlaceMention]:
    """The mentions with those of venues, in text order; a place name inside a placed venue's name goes.

    Pure. ``mentions`` must be in text order.
    """
    venues: dict[int, _Venue] = {}
    for venue in _named(text) if mentions else ():
        venues.setdefault(venue.start, venue)
    homes: dict[str, PlaceMention] = {}
    placed: dict[int, PlaceMention] = {}
    for start, venue in sorted(venues.items()):
        place = _place_of(venue, text, mentions)
        if place is not None:
            homes.setdefault(fold(venue.name), place)
            placed[start] = _mention(document_id, venue, place, told=True)
    for start, venue in sorted(venues.items()):
        home = homes.get(fold(venue.name))
        if start not in placed and home is not None:
            placed[start] = _mention(document_id, venue, home, told=False)
    if not placed:
        return list(mentions)
    spans = [(m.start, m.end) for m in placed.values()]
    free = [m for m in mentions if not any(start < m.end and m.start < end for start, end in spans)]
    return sorted([*free, *placed.values()], key=lambda m: (m.start, m.end))
