"""What the first page shows: alarms, stories, deadlines, and what is new since the last visit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tocsin.judge.ledger import Entry
from tocsin.model import Judgement
from tocsin.model.checks import CheckVerdict
from tocsin.serve.facts import documents_of, with_facts
from tocsin.serve.filters import StoryFilters
from tocsin.serve.forecast_list import due_soon
from tocsin.serve.reading import View
from tocsin.serve.story_list import StoryCard, find_stories, story_cards
from tocsin.store import Snapshot

__all__ = [
    "Deadlines",
    "News",
    "Visit",
    "corpus_of",
    "deadlines",
    "news_since",
    "top_stories",
    "visits_of",
]

_DAYS_AHEAD = 14
_AGAIN_SECONDS = 30 * 60


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a visitor left off: the latest run and entry of the log seen, and when (seconds since 1970)."""

    run: int
    sequence: int
    at: int


@dataclass(frozen=True, slots=True)
class News:
    """What came since a visit. ``stories`` are those that grew, with how many documents."""

    since: datetime
    documents: int
    stories: tuple[tuple[StoryCard, int], ...]
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Open forecasts by deadline: those still ahead, then those just passed; and how many in all."""

    ahead: tuple[Entry, ...]
    passed: tuple[Entry, ...]
    total_ahead: int
    total_passed: int


@dataclass(frozen=True, slots=True)
class Checked:
    """One check of the list: its row, the words tested (verbatim, from ``start`` on) and the workings."""

    row: dict[str, Any]
    words: str
    start: int
    workings: tuple[str, ...]


def visits_of(cookie: str, view: View, now: datetime) -> tuple[Visit | None, Visit]:
    """The visit before this one, and this one, from what the cookie keeps of both."""
    numbers = [int(part) if part.isdecimal() and len(part) < 16 else 0 for part in cookie.split(".")]
    here = Visit(view.last_run, view.last_sequence, int(now.timestamp()))
    if len(numbers) != 6 or not numbers[2]:
        return None, here
    this, before = Visit(*numbers[:3]), Visit(*numbers[3:])
    if here.at - this.at > _AGAIN_SECONDS:
        return this, here
    return (before if before.at else None), Visit(this.run, this.sequence, here.at)


def news_since(view: View, visit: Visit, author: str) -> News:
    """What was read, what grew, and what others judged since a visit."""
    files = view.files_after(visit.run)
    documents = 0
    stories: list[tuple[StoryCard, int]] = []
    if files:
        new = "SELECT document_id FROM read_parquet(?)"
        counted = view.tables.query(
            f"SELECT count(*) FROM ({new}) JOIN documents USING (document_id)", [files]
        )
        documents = counted.column(0)[0].as_py()
        grown = view.tables.query(
            f"SELECT story_id, count(*) AS n FROM story_documents JOIN ({new}) USING (document_id) "
            "GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 5",
            [files],
        ).to_pylist()
        counts = {row["story_id"]: row["n"] for row in grown}
        rows = view.tables.query(
            "SELECT * REPLACE (coalesce(earliest_id, any_id) AS earliest_id) FROM story_index "
            "WHERE story_id IN (SELECT unnest(?))",
            [list(counts)],
        ).to_pylist()
        cards = sorted(story_cards(view, rows), key=lambda c: (-counts[c.story_id], c.story_id))
        stories = [(card, counts[card.story_id]) for card in cards]
    others = [e for e in view.raw_log if e.sequence > visit.sequence and e.author != author]
    since = datetime.fromtimestamp(visit.at, UTC)
    return News(since, documents, tuple(stories), tuple(reversed(others)))


def deadlines(view: View, now: datetime, most: int = 6) -> Deadlines:
    """Open forecasts with a deadline near ``now``."""
    ahead, total_ahead, passed, total_passed = due_soon(view, now, _DAYS_AHEAD, most)
    return Deadlines(ahead, passed[: max(2, most - total_ahead)], total_ahead, total_passed)


def top_stories(view: View, most: int) -> tuple[list[StoryCard], int]:
    """The stories of most independent origins, and how many stories of several channels there are."""
    found = find_stories(view, StoryFilters(limit=most))
    return story_cards(view, found.rows), found.total


def inconsistent(view: View, most: int = 5) -> tuple[tuple[Checked, ...], int]:
    """Checks that came out inconsistent, newest documents first; and how many there are."""

    def make(tables: Snapshot) -> tuple[tuple[Checked, ...], int]:
        columns = "check_id, document_id, topic, language, statement, workings, method"
        rows = tables.query(
            "SELECT c.*, d.channel, d.published, count(*) OVER () AS total FROM ("
            f"SELECT {columns} FROM checks WHERE verdict = ? UNION ALL "
            f"SELECT {columns} FROM source_checks WHERE verdict = ?) AS c "
            "JOIN document_facts AS d USING (document_id) "
            "ORDER BY d.published DESC NULLS LAST, check_id LIMIT ?",
            [str(CheckVerdict.INCONSISTENT), str(CheckVerdict.INCONSISTENT), most],
        ).to_pylist()
        known = documents_of(view, [row["document_id"] for row in rows])
        made = []
        for row in rows:
            spans = row["statement"]
            text = known[row["document_id"]]["text"]
            words = " … ".join(text[s["start"] : s["end"]] for s in spans)
            start = spans[0]["start"] if spans else 0
            made.append(Checked(row, " ".join(words.split()), start, tuple(row["workings"])))
        return tuple(made), rows[0]["total"] if rows else 0

    with_facts(view)
    return view.once("inconsistent", make)


def corpus_of(view: View) -> dict[str, Any]:
    """How much was read, from how many channels, from when to when."""

    def make(tables: Snapshot) -> dict[str, Any]:
        (row,) = tables.query(
            "SELECT count(*) AS documents, count(DISTINCT coalesce(channel_id, channel)) AS channels, "
            "min(published) AS first, max(published) AS last FROM document_facts"
        ).to_pylist()
        counts = tables.query(
            "SELECT (SELECT count(*) FROM claims) AS claims, "
            "(SELECT count(*) FROM narratives) AS narratives, "
            "(SELECT count(*) FROM forecasts) AS forecasts, (SELECT count(*) FROM problems) AS problems"
        ).to_pylist()[0]
        return {**row, **counts}

    with_facts(view)
    return view.once("corpus", make)
