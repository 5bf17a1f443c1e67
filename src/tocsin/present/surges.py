"""The section on surges: alarm cards with their series and who posted when, and what was looked at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from tocsin.model import TABLES, Span
from tocsin.model.arrow import rows_of
from tocsin.present.charts import Tick, axis_over
from tocsin.present.evidence import highlight
from tocsin.present.index import Index
from tocsin.present.words import day, moment

if TYPE_CHECKING:
    from tocsin.model.surges import Surge, SurgeChannel, SurgePoint, SurgeScope

__all__ = ["SurgeCard", "Surges", "surges_of"]

#: What an analyst must see first: attention that nothing in the case explains.
_ORDER = ("unprompted attention", "event-driven", "one channel's turn", "wire-copy echo")
_MOST_CARDS, _MOST_LINES, _FIRST_POSTS, _MOST_ROWS = 12, 30, 3, 12
_QUOTE = 180


@dataclass(frozen=True, slots=True)
class FirstPost:
    """One of the earliest documents of an alarm in this corpus."""

    channel: str
    when: str
    quote: Markup
    language: str
    document_id: str


@dataclass(frozen=True, slots=True)
class Row:
    """One channel of an alarm: when it posted, as a strip; how many in the window, and by habit."""

    label: str
    posts: int
    part: SurgeChannel | None
    drawing: Markup


@dataclass(frozen=True, slots=True)
class SurgeCard:
    """One alarm as it is shown."""

    anchor: str
    surge: Surge
    when: str
    raised: str
    chart: Markup
    peak: int
    ticks: tuple[Tick, ...]
    first_posts: tuple[FirstPost, ...]
    rows: tuple[Row, ...]
    row_ticks: tuple[Tick, ...]
    hidden_rows: int


@dataclass(frozen=True, slots=True)
class Line:
    """An alarm held back by the budget, in one line."""

    subject: str
    when: str
    observed: int
    expected: float
    kind: str


@dataclass(frozen=True, slots=True)
class Surges:
    """The section. ``scope`` is None when the stage has not run."""

    scope: Surge | SurgeScope | None
    cards: tuple[SurgeCard, ...]
    hidden: int
    lines: tuple[Line, ...]
    hidden_lines: int


def surges_of(index: Index) -> Surges:
    """The alarms of a case: unprompted attention first, then by strength."""
    scopes = list(rows_of(index.table("surge_scope"), TABLES["surge_scope"]))
    if not scopes:
        return Surges(None, (), 0, (), 0)
    found: list[Surge] = list(rows_of(index.table("surges"), TABLES["surges"]))
    points: dict[str, list[SurgePoint]] = defaultdict(list)
    for point in rows_of(index.table("surge_points"), TABLES["surge_points"]):
        points[point.surge_id].append(point)
    parts: dict[str, list[SurgeChannel]] = defaultdict(list)
    for part in rows_of(index.table("surge_channels"), TABLES["surge_channels"]):
        parts[part.surge_id].append(part)
    rank = {kind: place for place, kind in enumerate(_ORDER)}
    found.sort(key=lambda s: (rank.get(s.kind, len(_ORDER)), s.q, s.start, s.surge_id))
    raised = [surge for surge in found if not surge.held]
    held = sorted((surge for surge in found if surge.held), key=lambda s: (s.q, s.surge_id))
    cards = [
        _card(index, surge, (points[surge.surge_id], parts[surge.surge_id]), n)
        for n, surge in enumerate(raised[:_MOST_CARDS], 1)
    ]
    lines = [Line(s.subject, _span(s), s.observed, s.expected, s.kind) for s in held[:_MOST_LINES]]
    return Surges(scopes[0], tuple(cards), len(raised) - len(cards), tuple(lines), len(held) - len(lines))


def _span(surge: Surge) -> str:
    last = surge.end - timedelta(microseconds=1)
    if surge.step == "hour":
        return f"{moment(surge.start)} to {moment(surge.end)}"
    return day(surge.start) if last.date() == surge.start.date() else f"{day(surge.start)} to {day(last)}"


def _card(
    index: Index, surge: Surge, behind: tuple[Sequence[SurgePoint], Sequence[SurgeChannel]], number: int
) -> SurgeCard:
    points, parts = behind
    axis = axis_over(points[0].period, points[-1].period, finest=surge.step)
    rows, row_ticks, hidden = _rows(index, surge, {part.channel: part for part in parts})
    return SurgeCard(
        anchor=f"surge-{number}",
        surge=surge,
        when=_span(surge),
        raised=moment(surge.raised),
        chart=series_svg(points, surge),
        peak=_peak(points),
        ticks=axis.ticks,
        first_posts=_first_posts(index, surge),
        rows=rows,
        row_ticks=row_ticks,
        hidden_rows=hidden,
    )


def _peak(points: Sequence[SurgePoint]) -> int:
    return max(max(point.observed, round(point.high or 0)) for point in points)


def _tip(point: SurgePoint, step: str) -> str:
    name = f"{point.period.hour:02}:00, {day(point.period)}" if step == "hour" else day(point.period)
    usual = ""
    if point.expected is not None:
        usual = f"; expected {point.expected:.1f}, {point.low:.0f} to {point.high:.0f}"
    return f"{name}: {point.observed}{usual}"


def series_svg(
    points: Sequence[SurgePoint],
    surge: Surge,
    title: str = "",
    tip: Callable[[SurgePoint, str], str] = _tip,
) -> Markup:
    """Columns of documents over the band and line of what was expected; periods not collected are hatched.

    Shapes only: it stretches to the box it is put in. The columns of the event have a class of their own.
    ``tip`` gives the words of a column, ``title`` those of the whole, for pages in other languages.
    """
    top = max(_peak(points), 1)
    shapes = [*_band(points, top)]
    for number, point in enumerate(points):
        if not point.collected:
            shapes.append(f'<rect class="gap" x="{number}" y="0" width="1" height="100"/>')
            continue
        if not point.observed:
            continue
        height = max(1.5, round(100 * point.observed / top, 1))
        inside = surge.start <= point.period < surge.end
        words = escape(tip(point, surge.step))
        shapes.append(
            f'<rect class="{"ev" if inside else "ob"}" x="{number + 0.12:g}" y="{100 - height:g}" '
            f'width=".76" height="{height:g}"><title>{words}</title></rect>'
        )
    named = escape(title or f"documents about {surge.subject} by {surge.step}, with what was expected")
    return Markup(  # noqa: S704  the only foreign text, titles, is escaped
        f'<svg class="cols surge" viewBox="0 0 {len(points)} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{named}">{"".join(shapes)}</svg>'
    )


def _band(points: Sequence[SurgePoint], top: int) -> list[str]:
    """The expectation interval and its middle, piece by piece where there is one."""
    shapes: list[str] = []
    run: list[int] = []
    for number in range(len(points) + 1):
        if number < len(points) and points[number].expected is not None:
            run.append(number)
            continue
        if run:
            high = [f"{i + x:g} {100 - 100 * (points[i].high or 0) / top:.1f}" for i in run for x in (0, 1)]
            low = [f"{i + x:g} {100 - 100 * (points[i].low or 0) / top:.1f}" for i in run for x in (0, 1)]
            middle = [
                f"{i + x:g} {100 - 100 * (points[i].expected or 0) / top:.1f}" for i in run for x in (0, 1)
            ]
            shapes.append(f'<path class="band" d="M{"L".join([*high, *reversed(low)])}z"/>')
            shapes.append(f'<path class="mid" d="M{"L".join(middle)}"/>')
        run = []
    return shapes


def _first_posts(index: Index, surge: Surge) -> tuple[FirstPost, ...]:
    posts = []
    for identifier in surge.evidence[:_FIRST_POSTS]:
        row = index.row_of.get(identifier)
        if row is None:
            continue
        text = index.text(row)
        end = min(len(text), _QUOTE)
        quote = highlight(text, Span(0, end), ()) if end else Markup("")
        if end < len(text):
            left = f' <span class="cut">[{len(text) - end:,} characters not shown]</span>'
            quote += Markup(left)  # noqa: S704  a number
        published = index.published[row]
        when = moment(published) if published else "date unknown"
        name = index.channels[row].name or "channel unknown"
        posts.append(FirstPost(name, when, quote, index.languages.get(row, "und"), identifier))
    return tuple(posts)


def _rows(
    index: Index, surge: Surge, parts: Mapping[str, SurgeChannel]
) -> tuple[tuple[Row, ...], tuple[Tick, ...], int]:
    """Who posted when: for each channel of the alarm the times of its documents, most documents first."""
    times: dict[str, list[datetime]] = defaultdict(list)
    for identifier in surge.evidence:
        row = index.row_of.get(identifier)
        published = index.published[row] if row is not None else None
        if row is not None and published is not None:
            times[index.channels[row].name or "channel unknown"].append(published)
    counts = Counter({name: len(found) for name, found in times.items()})
    order = sorted(counts, key=lambda name: (-counts[name], name))
    axis = axis_over(surge.start, surge.end - timedelta(microseconds=1))
    whole = (surge.end - surge.start).total_seconds()
    rows = []
    for name in order[:_MOST_ROWS]:
        places = [100 * (when - surge.start).total_seconds() / whole for when in times[name]]
        marks = "".join(f'<path d="M{place:.2f} 0v10"/>' for place in places)
        label = escape(f"{name}: {counts[name]} documents")
        drawing = (
            '<svg class="whens" viewBox="0 0 100 10" preserveAspectRatio="none" role="img" '
            f'aria-label="{label}">{marks}</svg>'
        )
        rows.append(Row(name, counts[name], parts.get(name), Markup(drawing)))  # noqa: S704  label is escaped
    ticks = axis.ticks
    return tuple(rows), ticks, len(order) - len(rows)
