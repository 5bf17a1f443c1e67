"""What surges take from the case: subjects of documents, groups of channels, origins and stories."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import numpy as np

from tocsin.detect.baseline import Ints
from tocsin.detect.feed import STEPS, Feed, feed_of
from tocsin.detect.subjects import (
    Mention,
    crossed_mentions,
    name_mentions,
    narrative_mentions,
    place_mentions,
    source_mentions,
)
from tocsin.link.origins import roots_of

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Given", "Group", "Provenance", "dated_days", "feed_from", "groups_of", "provenance_of"]


class Given(Protocol):
    """What a stage of the corpus is given."""

    @property
    def table(self) -> Callable[..., pa.Table]: ...

    @property
    def settings(self) -> Mapping[str, int | float | str | bool]: ...

    @property
    def previous(self) -> Mapping[str, pa.Table]: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Channels whose posts are counted together."""

    label: str
    channels: tuple[int, ...]

    def member(self, channels: int) -> Ints:
        flags = np.zeros(channels, dtype=np.int64)
        flags[list(self.channels)] = 1
        return flags


def _rows(data: pa.Table, *names: str) -> Iterator[tuple[Any, ...]]:
    return zip(*(data.column(name).to_pylist() for name in names), strict=True)


def feed_from(given: Given, step: str, evidence: int) -> Feed:
    """The feed of the case: every subject that at least ``evidence`` documents turn to."""
    documents = given.table("documents", ("document_id", "channel", "channel_id", "published"))
    channels = {
        document: channel or channel_id or ""
        for document, channel, channel_id in _rows(documents, "document_id", "channel", "channel_id")
    }
    places = given.table(
        "places", ("document_id", "place_id", "name", "precision", "country", "latitude", "longitude")
    )
    claims = given.table("claims", ("document_id", "source_kind", "source_key", "source_label"))
    entities = given.table("entities", ("entity_id", "document_id", "name"))
    narratives = given.table("narratives", ("narrative_id", "label"))
    told = given.table("narrative_claims", ("narrative_id", "document_id"))
    mentions: list[Mention] = [
        *place_mentions(places, evidence),
        *source_mentions(claims, evidence),
        *name_mentions(entities, channels, evidence),
        *narrative_mentions(narratives, told, channels, evidence),
    ]
    return feed_of(documents, [*mentions, *crossed_mentions(set(mentions), evidence)], step)


def groups_of(given: Given, feed: Feed) -> list[Group]:
    """All channels, and those of each language that at least two channels mostly publish in."""
    groups = [Group("all channels", tuple(range(len(feed.channels))))]
    languages = given.table("document_languages", ("document_id", "language", "rank"))
    first = {
        document: language
        for document, language, rank in _rows(languages, "document_id", "language", "rank")
        if rank == 0
    }
    counts: list[Counter[str]] = [Counter() for _ in feed.channels]
    for document, channel in zip(feed.documents, feed.channel.tolist(), strict=True):
        counts[channel][first.get(document, "und")] += 1
    by_language: dict[str, list[int]] = {}
    for channel, found in enumerate(counts):
        language = min(found.items(), key=lambda item: (-item[1], item[0]))[0]
        by_language.setdefault(language, []).append(channel)
    several = {language: members for language, members in by_language.items() if len(members) > 1}
    if len(by_language) > 1:
        groups += [Group(language, tuple(members)) for language, members in sorted(several.items())]
    return groups


class _Link(NamedTuple):
    document_id: str
    original_id: str | None
    original_name: str | None
    type: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where documents have what they say from, as far as the case knows; each by document.

    ``certain`` and ``possible`` name the origin of a document by the certain links and by all of them.
    ``named`` is how the origin is called where it is more than a post: a wire, an authority, an outside
    source. ``story`` is the story a document is in, ``sizes`` how many documents each story has.
    """

    certain: Mapping[str, str]
    possible: Mapping[str, str]
    named: Mapping[str, str]
    story: Mapping[str, str]
    sizes: Mapping[str, int]


def provenance_of(given: Given, wanted: set[str]) -> Provenance:
    """The origins and stories of the ``wanted`` documents; what is in no story is an origin of its own.

    Two documents that derive from a third are one origin though the third is not wanted itself.
    """
    rows = given.table("story_documents", ("document_id", "story_id", "origin_id"))
    touched = {s for d, s, _ in _rows(rows, "document_id", "story_id", "origin_id") if d in wanted}
    story, origin = {}, {}
    for document, story_id, origin_id in _rows(rows, "document_id", "story_id", "origin_id"):
        if story_id in touched:
            story[document], origin[document] = story_id, origin_id
    kinds = given.table("origins", ("origin_id", "name", "kind"))
    called = {
        key: f"{kind}: {name}"
        for key, name, kind in _rows(kinds, "origin_id", "name", "kind")
        if name and kind != "post"
    }
    links = [link for table in ("document_links", "meaning_links") for link in _links(given, table, story)]
    return Provenance(
        roots_of([*wanted, *story], links, certain=True),
        roots_of([*wanted, *story], links, certain=False),
        {document: called[key] for document, key in origin.items() if key in called},
        story,
        Counter(story.values()),
    )


def _links(given: Given, table: str, documents: Mapping[str, str]) -> Iterator[_Link]:
    """The links of some documents; filtered as a table, for there may be many more of others."""
    from tocsin.model.arrow import rows_among

    found = rows_among(given.table(table, _Link._fields), "document_id", documents)
    return map(_Link._make, _rows(found, *_Link._fields))


def dated_days(given: Given, wanted: set[str]) -> dict[str, frozenset[datetime]]:
    """For each document that reports facts, the days it dates them to: times of a day or less inside such
    claims."""
    spans: dict[str, list[tuple[int, int]]] = {}
    claims = given.table("claims", ("document_id", "content", "certainty", "kind"))
    for document, content, certainty, kind in _rows(claims, "document_id", "content", "certainty", "kind"):
        if document in wanted and kind == "report" and certainty == "CT+" and content:
            spans.setdefault(document, []).append((content[0]["start"], content[-1]["end"]))
    days: dict[str, set[datetime]] = {document: set() for document in spans}
    times = given.table("times", ("document_id", "start", "lower", "upper"))
    for document, start, lower, upper in _rows(times, "document_id", "start", "lower", "upper"):
        if document not in spans or lower is None or upper is None or upper - lower > STEPS["day"]:
            continue
        if any(low <= start < high for low, high in spans[document]):
            days[document].add(lower.replace(hour=0, minute=0, second=0, microsecond=0))
    return {document: frozenset(found) for document, found in days.items()}
