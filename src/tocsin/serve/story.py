"""One story: its origins, who has it from whom, when it reached whom, and what copies changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES, DocumentLink, LinkType, Story
from tocsin.model.arrow import rows_of
from tocsin.present.charts import Axis
from tocsin.present.differences import Difference, difference
from tocsin.present.index import Index
from tocsin.present.map import PlaceMap, map_of
from tocsin.present.voices import Voice, voices_of, voices_range
from tocsin.serve.charts import Lane, lanes_of
from tocsin.serve.facts import by_date, documents_of, facts_of
from tocsin.serve.narrative_list import with_narrative_index
from tocsin.serve.place_names import map_words
from tocsin.serve.reading import View
from tocsin.serve.story_list import StoryCard, story_cards, with_story_index
from tocsin.serve.subset import Subset

__all__ = ["Edit", "Node", "Root", "StoryPage", "edits_between", "story_page"]

MOST_NODES: Final = 60
MOST_ORIGINS: Final = 12
_KEPT_MAPS: Final = 40
_MOST_LANES, _MOST_VOICES, _MOST_EDITS, _MOST_PLACED, _MOST_NARRATIVES = 16, 16, 4, 300, 8
#: A copy that keeps more than this of its original is no edit worth showing.
_EDITED: Final = 0.985


@dataclass(frozen=True, slots=True)
class Node:
    """One document of the tree; ``link`` is how it derives from the one above, None for a root."""

    document_id: str
    depth: int
    channel: str | None
    published: datetime | None
    language: str
    link: DocumentLink | None
    later: timedelta | None
    opening: str


@dataclass(frozen=True, slots=True)
class Edit:
    """What one copy changed of its original."""

    link: DocumentLink
    copy: str | None
    original: str | None
    stretches: tuple[Difference, ...]


@dataclass(frozen=True, slots=True)
class Root:
    """The document an origin begins with: when it came and its first words."""

    published: datetime | None
    language: str
    opening: str


@dataclass(frozen=True, slots=True)
class StoryPage:
    """Everything the page shows. ``hidden_*`` count what is left out; ``start`` is the first node's place.

    ``told_first``: how many told the origins first, where that is fewer than there are origins.
    """

    story: Story
    card: StoryCard
    voices: tuple[Voice, ...]
    roots: dict[str, Root]
    hidden_origins: int
    told_first: tuple[int, int] | None
    nodes: tuple[Node, ...]
    start: int
    total: int
    lanes: tuple[Lane, ...]
    axis: Axis | None
    hidden_lanes: int
    edits: tuple[Edit, ...]
    hidden_edits: int
    places: PlaceMap
    languages: tuple[tuple[str, int], ...]
    channels: tuple[tuple[str | None, int], ...]
    narratives: tuple[dict[str, Any], ...]


def _one_story(view: View, story_id: str) -> Story:
    rows = list(rows_of(view.tables.select("stories", "story_id", [story_id]), TABLES["stories"]))
    if not rows:
        raise NoSuchFindingError(f"the case has no story {story_id}")
    story: Story = rows[0]
    return story


def _documents(view: View, story_id: str) -> list[dict[str, Any]]:
    """The documents of a story with what the tree needs, each after the one above it."""
    members = view.tables.select("story_documents", "story_id", [story_id]).to_pylist()
    facts = facts_of(view, [row["document_id"] for row in members])
    rows = [row | facts[row["document_id"]] for row in members if row["document_id"] in facts]
    rows.sort(key=by_date)
    here = facts.keys()
    below: dict[str | None, list[dict[str, Any]]] = {}
    for row in rows:
        below.setdefault(row["parent_id"] if row["parent_id"] in here else None, []).append(row)
    found: list[dict[str, Any]] = []
    waiting = list(reversed(below.get(None, ())))
    while waiting:
        row = waiting.pop()
        found.append(row)
        waiting += reversed(below.get(row["document_id"], ()))
    return found


def _links(view: View, ids: Sequence[str | None]) -> dict[str, DocumentLink]:
    wanted = [key for key in ids if key]
    found: dict[str, DocumentLink] = {}
    for name in ("document_links", "meaning_links"):
        for row in rows_of(view.tables.select(name, "link_id", wanted), TABLES[name]):
            found[row.link_id] = row
    return found


def _opening(text: str) -> str:
    return " ".join(text[:140].split())[:120]


def _nodes(
    view: View,
    rows: Sequence[dict[str, Any]],
    dates: dict[str, datetime | None],
    links: dict[str, DocumentLink],
) -> tuple[Node, ...]:
    known = documents_of(view, [row["document_id"] for row in rows])
    made = []
    for row in rows:
        published, above = row["published"], dates.get(row["parent_id"] or "")
        later = published - above if published and above and published > above else None
        made.append(
            Node(
                document_id=row["document_id"],
                depth=min(row["depth"], 6),
                channel=row["channel"] or row["channel_id"],
                published=published,
                language=row["language"] or "und",
                link=links.get(row["link_id"] or ""),
                later=later,
                opening=_opening(known[row["document_id"]]["text"]),
            )
        )
    return tuple(made)


def edits_between(view: View, links: Sequence[DocumentLink], most: int) -> tuple[Edit, ...]:
    """What copies changed of their originals, those first that changed numbers."""
    ranked = sorted(
        links, key=lambda k: (-sum("numbers differ" in r for r in k.reasons), -k.score, k.link_id)
    )[:most]
    ids = {key for link in ranked for key in (link.document_id, link.original_id) if key}
    texts = documents_of(view, ids)
    made = []
    for link in ranked:
        copy, original = texts.get(link.document_id), texts.get(link.original_id or "")
        if copy is not None and original is not None:
            stretches = difference(original["text"], copy["text"])
            made.append(Edit(link, copy["channel"], original["channel"], stretches))
    return tuple(made)


def _narratives(view: View, documents: Sequence[str]) -> tuple[dict[str, Any], ...]:
    """Narratives that documents of the story tell, with how many earlier ones of their frame there are."""
    told = view.tables.select("narrative_claims", "document_id", documents)
    pairs = set(zip(*(told.column(c).to_pylist() for c in ("narrative_id", "document_id")), strict=True))
    here = Counter(narrative for narrative, _ in pairs)
    with_narrative_index(view)
    rows: list[dict[str, Any]] = view.tables.query(
        "SELECT narrative_id, label, documents, channels, first, language, before + versions AS before "
        "FROM narrative_index WHERE narrative_id IN (SELECT unnest(?))",
        [sorted(here)],
    ).to_pylist()
    rows = [row | {"here": here[row["narrative_id"]]} for row in rows]
    rows.sort(key=lambda row: (-row["here"], -row["channels"], row["narrative_id"]))
    return tuple(rows[:_MOST_NARRATIVES])


def _map(view: View, story_id: str, documents: Sequence[str], language: str) -> PlaceMap:
    """The map of a story; drawing one takes long, so the latest are kept."""
    kept: dict[tuple[str, str], PlaceMap] = view.once("story maps", lambda _: {})
    drawn = kept.get((story_id, language))
    if drawn is None:
        drawn = map_of(Index(Subset(view.tables, documents)), words=map_words(language))
        while len(kept) >= _KEPT_MAPS:
            kept.pop(next(iter(kept)), None)
        kept[story_id, language] = drawn
    return drawn


def _counted(values: Sequence[Any]) -> tuple[tuple[Any, int], ...]:
    tally: dict[Any, int] = {}
    for value in values:
        tally[value] = tally.get(value, 0) + 1
    return tuple(sorted(tally.items(), key=lambda item: (-item[1], str(item[0]))))


def _voices(view: View, story_id: str, channels: dict[str, str | None]) -> list[Voice]:
    rows = rows_of(view.tables.select("origins", "story_id", [story_id]), TABLES["origins"])
    return voices_of(rows, channels)


def _roots(view: View, voices: Sequence[Voice]) -> dict[str, Root]:
    """The first documents of the origins shown, by id."""
    ids = [o.root_id for voice in voices for o in voice.origins[:MOST_ORIGINS] if o.root_id]
    return {
        key: Root(row["published"], row["language"], _opening(row["text"]))
        for key, row in documents_of(view, ids).items()
    }


def story_page(view: View, story_id: str, start: int = 0, language: str = "en") -> StoryPage:
    """One story; ``start`` is the place of the first document of the tree to show.

    Raises NoSuchFindingError.
    """
    story = _one_story(view, story_id)
    with_story_index(view)
    head = view.tables.query(
        "SELECT *, coalesce(earliest_id, any_id) AS earliest FROM story_index WHERE story_id = ?", [story_id]
    ).to_pylist()
    rows = _documents(view, story_id)
    if not head or not rows:
        raise NoSuchFindingError(f"the case has no story {story_id}")
    (card,) = story_cards(view, [head[0] | {"earliest_id": head[0]["earliest"]}])
    dates = {row["document_id"]: row["published"] for row in rows}
    shown = rows[start : start + MOST_NODES]
    links = _links(view, [row["link_id"] for row in rows])
    kinds = {LinkType.NEAR_COPY, LinkType.FORWARD}
    edited = [k for k in links.values() if k.type in kinds and k.original_id and k.score < _EDITED]
    posts = [(row["channel"] or row["channel_id"] or "", row["published"]) for row in rows]
    lanes, axis, hidden = lanes_of([(name, when) for name, when in posts if when], _MOST_LANES)
    ids = [row["document_id"] for row in rows[:_MOST_PLACED]]
    voices = _voices(view, story_id, {row["document_id"]: row["channel"] for row in rows})
    return StoryPage(
        story=story,
        card=card,
        voices=tuple(voices[:_MOST_VOICES]),
        roots=_roots(view, voices[:_MOST_VOICES]),
        hidden_origins=sum(len(voice.origins) for voice in voices[_MOST_VOICES:]),
        told_first=voices_range(voices, story.origins_high),
        nodes=_nodes(view, shown, dates, links),
        start=start,
        total=len(rows),
        lanes=tuple(lanes),
        axis=axis,
        hidden_lanes=hidden,
        edits=edits_between(view, edited, _MOST_EDITS),
        hidden_edits=max(0, len(edited) - _MOST_EDITS),
        places=_map(view, story_id, ids, language),
        languages=_counted([row["language"] or "und" for row in rows]),
        channels=_counted([row["channel"] or row["channel_id"] for row in rows]),
        narratives=_narratives(view, ids),
    )
