"""What was collected: by channel and day, with gaps, files, problems of the input, and methods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any, Final

from markupsafe import Markup, escape

from tocsin.present.charts import Axis, axis_over, columns_svg
from tocsin.present.evidence import plain
from tocsin.present.index import common_folder
from tocsin.serve.charts import axis_dates
from tocsin.serve.facts import with_facts
from tocsin.serve.filters import CoverageFilters
from tocsin.serve.lists import Found, Listing, Where, find
from tocsin.serve.reading import View
from tocsin.store import InputRecord, Snapshot

__all__ = ["CHANNELS", "Collected", "Coverage", "Stage", "coverage_of", "problems_of", "stages_of"]

CHANNELS: Final = 40
_MOST_FILES, _MOST_GAPS = 60, 12
#: A channel's silence is worth a word when it is this long and this many times its usual interval.
_SILENT_DAYS, _SILENT_TIMES = 3, 5
#: Sums of documents by channel, with all that a channel is told by.
_COUNTS: Final = """
SELECT coalesce(channel_id, channel, '') AS key, channel, platform, language, published::DATE AS day,
    count(*) AS n, count(*) FILTER (forward) AS forwards, min(published) AS first, max(published) AS last
FROM document_facts GROUP BY ALL
"""
_CHANNELS: Final = """
WITH named AS (
    SELECT key, arg_min(channel, (-n, channel)) AS name FROM (
        SELECT key, channel, sum(n) AS n FROM coverage_counts WHERE channel IS NOT NULL GROUP BY ALL
    ) GROUP BY 1
), posted AS (
    SELECT key, arg_min(platform, (-n, platform)) AS platform FROM (
        SELECT key, platform, sum(n) AS n FROM coverage_counts GROUP BY ALL
    ) GROUP BY 1
)
SELECT key, any_value(name) AS name, any_value(posted.platform) AS platform, sum(n)::BIGINT AS documents,
    coalesce(sum(n) FILTER (day IS NULL), 0)::BIGINT AS undated, sum(forwards)::BIGINT AS forwards,
    min(first) AS first, max(last) AS last, list_distinct(list(language)) AS languages
FROM coverage_counts LEFT JOIN named USING (key) LEFT JOIN posted USING (key)
GROUP BY 1 ORDER BY (key = ''), 4 DESC, 1
"""
_DAYS: Final = (
    "SELECT day, sum(n)::BIGINT AS n FROM coverage_counts WHERE day IS NOT NULL GROUP BY 1 ORDER BY 1"
)
_NO_STEPS: Final = {"longest": None, "usual": None, "steps": None}
#: Of some channels: documents by day, and the longest time without one beside the usual.
_OF_CHANNELS: Final = """
SELECT key, day, sum(n)::BIGINT AS n FROM coverage_counts
WHERE day IS NOT NULL AND key IN (SELECT unnest(?::VARCHAR[])) GROUP BY 1, 2 ORDER BY 1, 2
"""
_SILENCES: Final = """
WITH steps AS (
    SELECT coalesce(channel_id, channel, '') AS key, published,
        lag(published) OVER (PARTITION BY key ORDER BY published) AS before
    FROM document_facts
    WHERE published IS NOT NULL AND coalesce(channel_id, channel, '') IN (SELECT unnest(?::VARCHAR[]))
)
SELECT key, arg_max({'start': before, 'until': published}, published - before) AS longest,
    median(epoch(published - before)) AS usual, count(*) AS steps
FROM steps WHERE before IS NOT NULL GROUP BY 1
"""
_PROBLEMS: Final = Listing(
    "problems",
    "problem_index",
    "problem_id",
    "problem_id, file, position, code, cause, remedy, kept",
    {"lost": ("rank", "ASC", str)},
)


@dataclass(frozen=True, slots=True)
class Collected:
    """One channel: how much was read of it, when, and its longest silence out of proportion."""

    name: str | None
    platform: str
    documents: int
    undated: int
    forwards: int
    first: datetime | None
    last: datetime | None
    languages: tuple[str, ...]
    silence: tuple[datetime, datetime] | None
    drawing: Markup


@dataclass(frozen=True, slots=True)
class Coverage:
    """The page but for its problems. ``gaps`` are (first day, last day) without any document."""

    channels: tuple[Collected, ...]
    start: int
    total: int
    axis: Axis | None
    whole: Markup | None
    peak: int
    undated: int
    gaps: tuple[tuple[date, date], ...]
    hidden_gaps: int
    inputs: tuple[InputRecord, ...]
    hidden_inputs: int
    skipped: tuple[tuple[str, int], ...]
    codes: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage as this version has it, and how many rows of each of its tables the case holds."""

    name: str
    version: str
    reads: tuple[str, ...]
    writes: tuple[tuple[str, int], ...]


def _with_counts(view: View) -> None:
    """Have the table ``coverage_counts``: how many documents of each channel, kind and day there are."""

    def make(tables: Snapshot) -> bool:
        tables.keep("coverage_counts", _COUNTS)
        return True

    with_facts(view)
    view.once("coverage_counts", make)


def _by_day(view: View) -> dict[date, int]:
    """Documents of each day that has any, in order."""
    rows = view.once("coverage days", lambda t: t.query(_DAYS).to_pylist())
    return {row["day"]: row["n"] for row in rows}


def _of_channels(
    tables: Snapshot, shown: Sequence[dict[str, Any]]
) -> tuple[dict[str, list[tuple[date, int]]], dict[str, dict[str, Any]]]:
    """Of some channels: documents by day, and their silences."""
    keys = [[row["key"] for row in shown]]
    by_channel: dict[str, list[tuple[date, int]]] = {}
    for row in tables.query(_OF_CHANNELS, keys).to_pylist():
        by_channel.setdefault(row["key"], []).append((row["day"], row["n"]))
    return by_channel, {row["key"]: row for row in tables.query(_SILENCES, keys).to_pylist()}


def _gaps(days: Sequence[date]) -> list[tuple[date, date]]:
    one = timedelta(days=1)
    found = [(a + one, b - one) for a, b in pairwise(days) if (b - a).days > 1]
    return sorted(found, key=lambda gap: (gap[0] - gap[1], gap[0]))


def _bins(axis: Axis, counts: Sequence[tuple[date, int]]) -> list[int]:
    found = [0] * axis.bins
    for day, n in counts:
        at = axis.place(datetime.combine(day, time(12), UTC))
        found[min(max(int(at / 100 * axis.bins), 0), axis.bins - 1)] += n
    return found


def _strip(counts: Sequence[int], most: int, names: Sequence[str], title: str) -> Markup:
    """A row of cells, stronger for more; four shades, so that they can be told apart."""
    cells = []
    for number, n in enumerate(counts):
        if n:
            shade = min(4, 1 + int(3.999 * (n / max(most, 1)) ** 0.5))
            tip = escape(f"{names[number]}: {n}")
            cells.append(
                f'<rect class="q{shade}" x="{number}" y="0" width=".94" height="10">'
                f"<title>{tip}</title></rect>"
            )
    return Markup(  # noqa: S704  titles are escaped
        f'<svg class="strip-x" viewBox="0 0 {len(counts)} 10" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}">{"".join(cells)}</svg>'
    )


def _silence(row: dict[str, Any]) -> tuple[datetime, datetime] | None:
    if not row["longest"] or (row["steps"] or 0) < 4 or row["key"] == "":
        return None
    start, until = row["longest"]["start"], row["longest"]["until"]
    seconds = (until - start).total_seconds()
    long = seconds >= _SILENT_DAYS * 86400 and seconds >= _SILENT_TIMES * (row["usual"] or 0)
    return (start, until) if long else None


def _collected(row: dict[str, Any], cells: Sequence[int], most: int, names: Sequence[str]) -> Collected:
    """A channel, its days drawn against those of the busiest shown."""
    title = f"{plain(row['name'] or row['key'])}: {row['documents']}"
    return Collected(
        name=row["name"] or row["key"] or None,
        platform=row["platform"],
        documents=row["documents"],
        undated=row["undated"],
        forwards=row["forwards"],
        first=row["first"],
        last=row["last"],
        languages=tuple(sorted(code for code in row["languages"] if code and code != "und")),
        silence=_silence(row),
        drawing=_strip(cells, most, names, title),
    )


def coverage_of(view: View, start: int, language: str) -> Coverage:
    """What was collected; of channels those from place ``start`` on."""
    _with_counts(view)
    by_day = _by_day(view)
    rows = view.once("coverage channels", lambda t: t.query(_CHANNELS).to_pylist())
    ordered = sorted(by_day)
    axis, whole, peak, names = None, None, 0, list[str]()
    if ordered:
        ends = [datetime.combine(day, time(), UTC) for day in (ordered[0], ordered[-1])]
        axis = axis_over(ends[0], ends[1], finest="day")
        names = axis_dates(axis, language)
        counts = _bins(axis, sorted(by_day.items()))
        peak = max(counts)
        whole = columns_svg(counts, peak, f"{names[0]} – {names[-1]}: {sum(counts):,}", names)
    shown = rows[start : start + CHANNELS]
    by_channel, silences = view.once(f"coverage from {start}", lambda t: _of_channels(t, shown))
    bins = {r["key"]: _bins(axis, by_channel.get(r["key"], ())) if axis else [] for r in shown}
    most = max((max(cells, default=0) for cells in bins.values()), default=0)
    gaps = _gaps(ordered)
    folder = common_folder(item.file for item in view.inputs)
    inputs = sorted(view.inputs, key=lambda item: (-item.problems, item.file))
    skipped: Counter[str] = Counter()
    for item in inputs:
        skipped.update(item.skipped)
    codes = view.tables.query(
        "SELECT code, count(*) AS n FROM problems GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 40"
    )
    return Coverage(
        channels=tuple(
            _collected(row | silences.get(row["key"], _NO_STEPS), bins[row["key"]], most, names)
            for row in shown
        ),
        start=start,
        total=len(rows),
        axis=axis,
        whole=whole,
        peak=peak,
        undated=sum(row["undated"] for row in rows),
        gaps=tuple(gaps[:_MOST_GAPS]),
        hidden_gaps=max(0, len(gaps) - _MOST_GAPS),
        inputs=tuple(replace(i, file=i.file[len(folder) :] or i.file) for i in inputs[:_MOST_FILES]),
        hidden_inputs=max(0, len(inputs) - _MOST_FILES),
        skipped=tuple(sorted(skipped.items(), key=lambda item: (-item[1], item[0]))),
        codes=tuple(zip(*(column.to_pylist() for column in codes.columns), strict=True)),
    )


def problems_of(view: View, filters: CoverageFilters) -> Found:
    """One page of the problems of the input, those first of which nothing could be kept."""

    def make(tables: Snapshot) -> bool:
        tables.keep(
            "problem_index",
            "SELECT *, kept::INTEGER || ' ' || file || ' ' || position AS rank FROM problems",
        )
        return True

    view.once("problem_index", make)
    where = Where()
    where.maybe("code = ?", filters.code)
    where.maybe("contains(lower(file), lower(?))", filters.file)
    return find(view, _PROBLEMS, where, "lost", filters)


def stages_of(view: View) -> list[Stage]:
    """The stages in order, with what the case holds of what they write."""
    from tocsin.pipeline import STAGES

    rows = view.rows
    return [
        Stage(s.name, s.version, tuple(s.reads), tuple((name, rows.get(name, 0)) for name in s.writes))
        for s in STAGES
    ]
