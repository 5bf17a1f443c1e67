"""Stories: how many posts, how many independent origins, from whom to whom, and what the copies changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from markupsafe import Markup

from tocsin.model import TABLES, DocumentLink, LinkType, Origin, OriginKind, Span, Story, StoryDocument
from tocsin.model.arrow import rows_of
from tocsin.present.differences import Difference, difference
from tocsin.present.evidence import highlight, safe_url
from tocsin.present.index import Channel, Index
from tocsin.present.voices import Voice, voices_of, voices_range
from tocsin.present.words import count, joined, moment

__all__ = ["Edit", "Lane", "Node", "Root", "Stories", "StoryView", "stories_of"]

_MOST_NODES = 24
_MOST_LANES = 14
_QUOTED = 300
#: A copy that keeps more than this of its original is no edit worth showing.
_EDITED = 0.985


@dataclass(frozen=True, slots=True)
class Root:
    """The origins of one publisher in words: how many, and of how many documents."""

    words: str
    kind: str
    certain: bool
    documents: int
    reasons: tuple[str, ...]
    origins: int


@dataclass(frozen=True, slots=True)
class Node:
    """One document in the tree. ``how`` is the link to the one above; ``place`` says where it was read."""

    document_id: str
    depth: int
    channel: Channel
    when: str
    how: str
    certain: bool
    later: str
    reasons: tuple[str, ...]
    alternatives: tuple[str, ...]
    place: str
    link: str | None


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel's posts over the time of the story, each in per cent of it."""

    channel: Channel
    places: tuple[float, ...]
    first: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What one copy changed: who, of whose text, and the stretches."""

    copy: Channel
    original: Channel
    kind: str
    stretches: tuple[Difference, ...]
    copy_id: str
    original_id: str


@dataclass(frozen=True, slots=True)
class StoryView:
    """One story card."""

    anchor: str
    headline: str
    spread: str
    language: str
    quote: Markup
    cut: int
    earliest: Channel
    when: str
    gap: int
    reasons: tuple[str, ...]
    roots: tuple[Root, ...]
    hidden_roots: int
    nodes: tuple[Node, ...]
    hidden_nodes: int
    lanes: tuple[Lane, ...]
    hidden_lanes: int
    edit: Edit | None


@dataclass(frozen=True, slots=True)
class Stories:
    """The stories shown, and how many there are."""

    shown: tuple[StoryView, ...]
    total: int
    single: int
    linked: int
    outside: int


def _origins_in_words(story: Story) -> str:
    if story.origins_low == story.origins_high:
        return count(story.origins_low, "origin")
    return f"{story.origins_low:,}–{story.origins_high:,} origins"


def _length(span: timedelta) -> str:
    minutes = int(span.total_seconds() // 60)
    if minutes < 120:
        return count(minutes, "minute")
    hours = minutes // 60
    return count(hours, "hour") if hours < 48 else count(hours // 24, "day")


class _Case:
    """The tables of links and stories, read once, by document and by story."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def _all(self, name: str) -> list[object]:
        return list(rows_of(self.index.table(name), TABLES[name]))

    @cached_property
    def stories(self) -> list[Story]:
        return [row for row in self._all("stories") if isinstance(row, Story)]

    @cached_property
    def links(self) -> dict[str, DocumentLink]:
        names = ("document_links", "meaning_links")
        rows = [row for name in names for row in self._all(name)]
        return {row.link_id: row for row in rows if isinstance(row, DocumentLink)}

    @cached_property
    def documents(self) -> dict[str, list[StoryDocument]]:
        found: dict[str, list[StoryDocument]] = {}
        for row in self._all("story_documents"):
            if isinstance(row, StoryDocument):
                found.setdefault(row.story_id, []).append(row)
        return found

    @cached_property
    def origins(self) -> dict[str, list[Origin]]:
        found: dict[str, list[Origin]] = {}
        for row in self._all("origins"):
            if isinstance(row, Origin):
                found.setdefault(row.story_id, []).append(row)
        return found


def stories_of(index: Index, most: int) -> Stories:
    """The ``most`` stories told by most channels, as cards; one told by a single channel is only counted."""
    case = _Case(index)
    told = [story for story in case.stories if story.channels > 1]
    ranked = sorted(told, key=lambda s: (-s.channels, -s.documents, s.first is None, s.first, s.story_id))
    views = [_view(case, story, number) for number, story in enumerate(ranked[:most], start=1)]
    return Stories(
        shown=tuple(views),
        total=len(told),
        single=len(case.stories) - len(told),
        linked=sum(len(rows) for rows in case.documents.values()),
        outside=sum(1 for link in case.links.values() if link.original_id is None),
    )


def _view(case: _Case, story: Story, number: int) -> StoryView:
    index = case.index
    rows = case.documents[story.story_id]
    order = _tree(index, rows)
    first = index.row_of[story.earliest_id] if story.earliest_id else index.row_of[order[0].document_id]
    text = index.text(first)
    end = len(text) if len(text) <= _QUOTED + 40 else _QUOTED
    sightings = index.sightings(index.row_of[row.document_id] for row in order[:_MOST_NODES])
    lanes = _lanes(index, rows, story)
    published = index.published[first]
    channels = {row.document_id: index.channels[index.row_of[row.document_id]].name for row in rows}
    voices = voices_of(case.origins.get(story.story_id, ()), channels)
    return StoryView(
        anchor=f"story-{number}",
        headline=f"{count(story.documents, 'post')}, {_origins_in_words(story)}",
        spread=" · ".join([_spread(index, rows, story), *_publishers(voices, story)]),
        language=index.languages.get(first, "und"),
        quote=highlight(text, Span(0, max(1, end)), ()),
        cut=len(text) - end,
        earliest=index.channels[first],
        when=moment(published) if published else "",
        gap=story.gap_days,
        reasons=story.reasons,
        roots=tuple(map(_root, voices[:_MOST_LANES])),
        hidden_roots=sum(len(voice.origins) for voice in voices[_MOST_LANES:]),
        nodes=tuple(_node(case, row, sightings) for row in order[:_MOST_NODES]),
        hidden_nodes=max(0, len(order) - _MOST_NODES),
        lanes=lanes[:_MOST_LANES],
        hidden_lanes=max(0, len(lanes) - _MOST_LANES),
        edit=_edit(case, rows),
    )


def _tree(index: Index, rows: Sequence[StoryDocument]) -> list[StoryDocument]:
    """The documents of a story, each right after the one above it and its earlier siblings."""
    place = index.row_of
    below: dict[str | None, list[StoryDocument]] = {}
    for row in sorted(rows, key=lambda r: place[r.document_id]):
        below.setdefault(row.parent_id, []).append(row)
    found: list[StoryDocument] = []
    waiting = list(reversed(below.get(None, ())))
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting += reversed(below.get(row.document_id, ()))
    return found


def _root(voice: Voice) -> Root:
    words = voice.name or "a channel not known"
    if voice.kind == OriginKind.WIRE:
        words = f"wire copy of {words}"
    elif voice.kind == OriginKind.RELEASE:
        words = f"official release of {words}"
    elif voice.kind == OriginKind.OUTSIDE:
        words = f"{words}, which is not in this corpus"
    if voice.earliest_here:
        words += f"; earliest here: {voice.earliest_here}"
    return Root(words, voice.kind, voice.certain, voice.documents, voice.reasons, len(voice.origins))


def _publishers(voices: Sequence[Voice], story: Story) -> list[str]:
    """Who told the origins first, where that is fewer than there are origins."""
    told = voices_range(voices, story.origins_high)
    if told is None:
        return []
    low, high = told
    number = str(high) if low == high else f"{low}–{high}"
    return [f"first told by {number} {'publisher' if high == 1 else 'publishers'}"]


def _spread(index: Index, rows: Sequence[StoryDocument], story: Story) -> str:
    """Channels, languages in the order of their first post, and how long it took."""
    parts = [count(story.channels, "channel")]
    languages: dict[str, None] = {}
    for row in sorted(index.row_of[r.document_id] for r in rows):
        language = index.languages.get(row, "und")
        if language != "und" and index.published[row] is not None:
            languages.setdefault(language)
    if len(languages) > 1:
        parts.append(" → ".join(languages))
    if story.first and story.last and story.last > story.first:
        parts.append(f"in {_length(story.last - story.first)}")
    return joined([*parts], last="·") if len(parts) == 1 else " · ".join(parts)


def _node(case: _Case, row: StoryDocument, sightings: dict[int, tuple[str, str]]) -> Node:
    index = case.index
    number = index.row_of[row.document_id]
    published = index.published[number]
    link = case.links.get(row.link_id or "")
    above = index.row_of.get(row.parent_id or "")
    earlier = index.published[above] if above is not None else None
    later = _length(published - earlier) + " later" if published and earlier and published > earlier else ""
    file, position = sightings.get(number, ("", ""))
    url = index.documents.column("url")[number].as_py()
    return Node(
        document_id=row.document_id,
        depth=min(row.depth, 6),
        channel=index.channels[number],
        when=moment(published) if published else "date unknown",
        how=str(link.type) if link else "",
        certain=link.certain if link else True,
        later=later,
        reasons=link.reasons if link else (),
        alternatives=tuple(item.label for item in link.alternatives) if link else (),
        place=f"{index.short(file)}, {position}" if file else "",
        link=safe_url(url),
    )


def _lanes(index: Index, rows: Sequence[StoryDocument], story: Story) -> tuple[Lane, ...]:
    if story.first is None or story.last is None or story.first == story.last:
        return ()
    whole = (story.last - story.first).total_seconds()
    posts: dict[Channel, list[datetime]] = {}
    for row in rows:
        number = index.row_of[row.document_id]
        published = index.published[number]
        if published is not None:
            posts.setdefault(index.channels[number], []).append(published)
    lanes = []
    for channel, times in posts.items():
        places = sorted(round(100 * (t - story.first).total_seconds() / whole, 2) for t in times)
        lanes.append((min(times), channel.name or "", Lane(channel, tuple(places), moment(min(times)))))
    return tuple(lane for _, _, lane in sorted(lanes, key=lambda item: item[:2]))


def _edit(case: _Case, rows: Sequence[StoryDocument]) -> Edit | None:
    """The copy of the story whose edit says most: that which changed numbers, else the closest edit."""
    kinds = {LinkType.NEAR_COPY, LinkType.FORWARD}
    links = [case.links[row.link_id] for row in rows if row.link_id in case.links]
    edited = [link for link in links if link.type in kinds and link.original_id and link.score < _EDITED]
    if not edited:
        return None
    numbers = Counter({link.link_id: sum("numbers differ" in r for r in link.reasons) for link in edited})
    best = min(edited, key=lambda link: (-numbers[link.link_id], -link.score, link.link_id))
    index = case.index
    copy, original = index.row_of[best.document_id], index.row_of[best.original_id or ""]
    return Edit(
        copy=index.channels[copy],
        original=index.channels[original],
        kind=str(best.type),
        stretches=difference(index.text(original), index.text(copy)),
        copy_id=best.document_id,
        original_id=best.original_id or "",
    )
