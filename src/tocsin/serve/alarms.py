"""Alarms: channels that turned to a subject far above their habit, and what was looked at to say so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES
from tocsin.model.arrow import rows_of
from tocsin.model.surges import Surge, SurgeChannel, SurgePoint, SurgeScope
from tocsin.present.charts import Axis, axis_over
from tocsin.serve.charts import Lane, lanes_of
from tocsin.serve.facts import by_date, documents_of, facts_of
from tocsin.serve.filters import AlarmFilters
from tocsin.serve.lists import Where
from tocsin.serve.reading import View
from tocsin.serve.story_list import opening

__all__ = ["ORDER", "AlarmPage", "FirstPost", "alarm_page", "alarms", "points_of", "scope_of"]

#: What an analyst must see first: attention that nothing in the case explains.
ORDER: Final = ("unprompted attention", "event-driven", "one channel's turn", "wire-copy echo")
_MOST_LANES, _MOST_POSTS, _QUOTED = 20, 6, 220


@dataclass(frozen=True, slots=True)
class FirstPost:
    """One of the earliest documents of an alarm in this corpus."""

    document_id: str
    channel: str | None
    published: datetime | None
    language: str
    quote: Markup
    cut: int


@dataclass(frozen=True, slots=True)
class AlarmPage:
    """Everything the page of one alarm shows. ``peak`` is the top of the scale of its chart."""

    surge: Surge
    points: tuple[SurgePoint, ...]
    peak: int
    axis: Axis | None
    posts: tuple[FirstPost, ...]
    lanes: tuple[Lane, ...]
    lanes_axis: Axis | None
    hidden_lanes: int
    parts: tuple[SurgeChannel, ...]


def scope_of(view: View) -> SurgeScope | None:
    """What was looked at; None when nobody has looked yet."""
    rows = list(rows_of(view.tables.table("surge_scope"), TABLES["surge_scope"]))
    return rows[0] if rows else None


def alarms(view: View, filters: AlarmFilters) -> tuple[list[Surge], int]:
    """The alarms that fulfil the filters, unprompted attention first, then by strength; and how many."""
    where = Where()
    where.maybe("kind = ?", filters.kind)
    where.maybe("contains(lower(subject), lower(?))", filters.subject)
    where.maybe("list_contains(list_transform(channels, lambda x: lower(x)), lower(?))", filters.channel)
    if not filters.held:
        where.add("NOT held")
    since, until = filters.moments()
    where.maybe('"end" > ?::TIMESTAMPTZ', since)
    where.maybe("start <= ?::TIMESTAMPTZ", until)
    total = view.tables.query(f"SELECT count(*) AS n FROM surges WHERE {where}", where.values)
    by = {
        "kind": "list_position(?::VARCHAR[], kind), held, q, start, surge_id",
        "newest": "start DESC, list_position(?::VARCHAR[], kind), surge_id",
    }[filters.sort]
    ids = view.tables.query(
        f"SELECT surge_id FROM surges WHERE {where} ORDER BY {by} LIMIT ? OFFSET ?",
        [*where.values, list(ORDER), filters.limit, filters.start],
    )
    order: list[str] = ids.column(0).to_pylist()
    found = {
        s.surge_id: s for s in rows_of(view.tables.select("surges", "surge_id", order), TABLES["surges"])
    }
    return [found[key] for key in order], total.column(0)[0].as_py()


def points_of(view: View, surge_ids: Sequence[str]) -> dict[str, list[SurgePoint]]:
    """The series of some alarms, by alarm."""
    found: dict[str, list[SurgePoint]] = {key: [] for key in surge_ids}
    for point in rows_of(view.tables.select("surge_points", "surge_id", surge_ids), TABLES["surge_points"]):
        found[point.surge_id].append(point)
    return found


def alarm_page(view: View, surge_id: str) -> AlarmPage:
    """One alarm. Raises NoSuchFindingError."""
    found = list(rows_of(view.tables.select("surges", "surge_id", [surge_id]), TABLES["surges"]))
    if not found:
        raise NoSuchFindingError(f"the case has no alarm {surge_id}")
    surge: Surge = found[0]
    points = points_of(view, [surge_id])[surge_id]
    parts: list[SurgeChannel] = list(
        rows_of(view.tables.select("surge_channels", "surge_id", [surge_id]), TABLES["surge_channels"])
    )
    parts.sort(key=lambda part: (part.expected - part.observed, part.channel))
    rows = sorted(facts_of(view, surge.evidence).values(), key=by_date)
    words = documents_of(view, [row["document_id"] for row in rows[:_MOST_POSTS]])
    posts = [(row["channel"] or row["channel_id"] or "", row["published"]) for row in rows]
    lanes, axis, hidden = lanes_of([(name, when) for name, when in posts if when], _MOST_LANES)
    firsts = []
    for row in rows[:_MOST_POSTS]:
        quote, cut = opening(words[row["document_id"]]["text"], _QUOTED)
        name = row["channel"] or row["channel_id"]
        language = row["language"] or "und"
        firsts.append(FirstPost(row["document_id"], name, row["published"], language, quote, cut))
    return AlarmPage(
        surge=surge,
        points=tuple(points),
        peak=max((max(p.observed, round(p.high or 0)) for p in points), default=0),
        axis=axis_over(points[0].period, points[-1].period, finest=surge.step) if points else None,
        posts=tuple(firsts),
        lanes=tuple(lanes),
        lanes_axis=axis,
        hidden_lanes=hidden,
        parts=tuple(parts[:_MOST_LANES]),
    )
