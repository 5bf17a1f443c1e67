"""The list of stories: what several channels published from one another, and how many origins it has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from markupsafe import Markup

from tocsin.model import Span
from tocsin.present.evidence import highlight
from tocsin.serve.facts import documents_of, with_facts
from tocsin.serve.filters import StoryFilters
from tocsin.serve.lists import NEVER, Found, Listing, Where, find
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["STORIES", "StoryCard", "find_stories", "opening", "story_cards", "with_story_index"]

_QUOTED = 260
_INDEX = f"""
SELECT s.story_id, s.earliest_id, s.first, s.last, s.documents, s.channels, s.origins_low, s.origins_high,
    s.gap_days, coalesce(epoch_us(s.last), -{NEVER}) AS latest,
    coalesce(epoch_us(s.first), {NEVER}) AS oldest,
    s.origins_low::BIGINT * 1000000000 + least(s.channels, 99999) * 10000 + least(s.documents, 9999)
        AS independent,
    s.channels::BIGINT * 1000000 + least(s.documents, 999999) AS spread, m.names,
    coalesce(spoken.languages, []) AS languages, m.any_id
FROM stories AS s JOIN (
    SELECT story_id, min(document_id) AS any_id,
        list_distinct(flatten(list([lower(d.channel), d.channel_id]))) AS names
    FROM story_documents JOIN document_facts AS d USING (document_id)
    GROUP BY story_id
) AS m USING (story_id) LEFT JOIN (
    SELECT story_id, list(language ORDER BY seen NULLS LAST, language) AS languages FROM (
        SELECT story_id, language, min(published) AS seen
        FROM story_documents JOIN document_facts USING (document_id)
        WHERE language IS NOT NULL GROUP BY story_id, language
    ) GROUP BY story_id
) AS spoken USING (story_id)
"""
STORIES = Listing(
    "stories",
    "story_index",
    "story_id",
    "story_id, coalesce(earliest_id, any_id) AS earliest_id, first, last, documents, channels, origins_low, "
    "origins_high, gap_days, languages",
    {
        "origins": ("independent", "DESC", int),
        "channels": ("spread", "DESC", int),
        "newest": ("latest", "DESC", int),
        "oldest": ("oldest", "ASC", int),
    },
)


@dataclass(frozen=True, slots=True)
class StoryCard:
    """One story of a list. ``cut`` counts the characters of its earliest document not quoted."""

    story_id: str
    documents: int
    channels: int
    low: int
    high: int
    languages: tuple[str, ...]
    first: datetime | None
    last: datetime | None
    earliest_id: str
    channel: str | None
    language: str
    quote: Markup
    cut: int


def with_story_index(view: View) -> None:
    """Have the table ``story_index``."""

    with_facts(view)

    def make(tables: Snapshot) -> bool:
        tables.keep("story_index", _INDEX)
        return True

    view.once("story_index", make)


def find_stories(view: View, filters: StoryFilters) -> Found:
    """One page of the stories that fulfil the filters. Raises BadCursorError."""
    with_story_index(view)
    where = Where()
    where.maybe("list_has_any(names, [lower(?), ?])", filters.channel)
    where.maybe("list_contains(languages, ?)", filters.language)
    where.maybe("origins_low >= ?", filters.origins)
    where.add("channels >= ?", filters.channels)
    since, until = filters.moments()
    where.maybe("last >= ?::TIMESTAMPTZ", since)
    where.maybe("first <= ?::TIMESTAMPTZ", until)
    return find(view, STORIES, where, filters.sort, filters)


def opening(text: str, most: int = _QUOTED) -> tuple[Markup, int]:
    """The first words of a document, and how many characters of it are left out."""
    end = len(text) if len(text) <= most + 40 else most
    return (highlight(text, Span(0, end), ()) if end else Markup("")), len(text) - end


def story_cards(view: View, rows: Sequence[dict[str, Any]]) -> list[StoryCard]:
    """What a list shows of stories, in the order given."""
    firsts = [row["earliest_id"] for row in rows]
    known = documents_of(view, firsts)
    cards = []
    for row in rows:
        own = known.get(row["earliest_id"])
        if own is None:
            continue
        quote, cut = opening(own["text"])
        cards.append(
            StoryCard(
                story_id=row["story_id"],
                documents=row["documents"],
                channels=row["channels"],
                low=row["origins_low"],
                high=row["origins_high"],
                languages=tuple(code for code in row["languages"] if code and code != "und"),
                first=row["first"],
                last=row["last"],
                earliest_id=row["earliest_id"],
                channel=own["channel"],
                language=own["language"],
                quote=quote,
                cut=cut,
            )
        )
    return cards
