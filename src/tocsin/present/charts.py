"""Charts as small inline SVG and plain HTML.

The rejected alternative is Vega-Lite rendered by vl-convert: its drawings have a fixed width, so their words
shrink to four pixels on a phone; their colours must be patched for dark mode; and every build starts a
JavaScript engine. Here a drawing holds shapes only and stretches freely, words and numbers are HTML in the
page's own type, and colours are the style sheet's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup, escape

from tocsin.present.words import day

__all__ = ["Axis", "Tick", "axis_over", "columns_svg"]

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_YEARS = {"year": 1, "decade": 10, "century": 100}
#: More columns than this are thinner than their gaps on a phone.
_MOST_BINS = 130


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on an axis, ``at`` in per cent of its length."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Axis:
    """Time cut into bins: ``edges`` has one more item than there are bins; ``unit`` names one."""

    unit: str
    edges: tuple[datetime, ...]
    ticks: tuple[Tick, ...]

    @property
    def bins(self) -> int:
        return len(self.edges) - 1

    def place(self, when: datetime) -> float:
        """Where a moment falls, in per cent; below 0 or above 100 when outside."""
        whole = (self.edges[-1] - self.edges[0]).total_seconds()
        return round(100 * (when - self.edges[0]).total_seconds() / whole, 2)

    def label(self, number: int) -> str:
        """The name of one bin."""
        start = self.edges[number]
        if self.unit == "hour":
            return f"{day(start)}, {start.hour:02}:00"
        if self.unit == "month":
            return f"{_MONTHS[start.month - 1]} {start.year}"
        if self.unit in _YEARS:
            return str(start.year) if self.unit == "year" else f"{self.unit} from {start.year}"
        return f"week of {day(start)}" if self.unit == "week" else day(start)


def _floor(when: datetime, unit: str) -> datetime:
    if unit == "hour":
        return when.replace(minute=0, second=0, microsecond=0)
    midnight = when.replace(hour=0, minute=0, second=0, microsecond=0)
    if unit == "week":
        # Week 1 of year 1 begins on a Monday, so this cannot fall before the first date there is.
        return midnight - timedelta(days=midnight.weekday())
    if unit == "month":
        return midnight.replace(day=1)
    if unit in _YEARS:
        step = _YEARS[unit]
        return midnight.replace(year=max(1, when.year - when.year % step), month=1, day=1)
    return midnight


def _next(start: datetime, unit: str) -> datetime:
    if unit == "month":
        return start.replace(year=start.year + start.month // 12, month=start.month % 12 + 1)
    if unit in _YEARS:
        step = _YEARS[unit]
        return start.replace(year=start.year - start.year % step + step)
    return start + {"hour": _HOUR, "day": _DAY, "week": 7 * _DAY}[unit]


def _unit_for(span: timedelta) -> str:
    if span <= 3 * _DAY:
        return "hour"
    if span <= _MOST_BINS * _DAY:
        return "day"
    if span <= _MOST_BINS * 7 * _DAY:
        return "week"
    if span <= _MOST_BINS * 30 * _DAY:
        return "month"
    return next((u for u, n in _YEARS.items() if span <= _MOST_BINS * n * 365 * _DAY), "century")


def _tick_label(when: datetime, unit: str, previous: datetime | None) -> str:
    if unit in _YEARS:
        return str(when.year)
    new_year = previous is None or previous.year != when.year
    if unit == "month":
        return f"{_MONTHS[when.month - 1]} {when.year}" if new_year else _MONTHS[when.month - 1]
    if unit == "hour" and previous is not None and previous.date() == when.date():
        return f"{when.hour:02}:00"
    words = f"{when.day} {_MONTHS[when.month - 1]}"
    return f"{words} {when.year}" if new_year else words


def _ticks(edges: Sequence[datetime], unit: str, most: int = 5) -> tuple[Tick, ...]:
    bins = len(edges) - 1
    step = next((s for s in (1, 2, 3, 6, 7, 12, 14, 24, 28, 48, 56) if bins / s <= most), -(-bins // most))
    whole = (edges[-1] - edges[0]).total_seconds()
    ticks: list[Tick] = []
    previous: datetime | None = None
    for number in range(0, bins, step):
        at = 100 * (edges[number] - edges[0]).total_seconds() / whole
        if at > 92:  # its words would leave the drawing
            break
        label = _tick_label(edges[number], unit, previous)
        if ticks and at - ticks[-1].at < 2.1 * len(ticks[-1].label):  # the labels would touch
            continue
        ticks.append(Tick(round(at, 2), label))
        previous = edges[number]
    return tuple(ticks)


def axis_over(first: datetime, last: datetime, *, finest: str = "hour") -> Axis:
    """An axis over ``[first, last]`` in whole hours, days, weeks, months or years, at most about 130 bins.

    Dates of the years 1 and 9999 are clamped by the caller: an axis ends one bin after ``last``.
    """
    unit = _unit_for(last - first)
    if unit == "hour" and finest == "day":
        unit = "day"
    edges = [_floor(first, unit)]
    while edges[-1] <= last:
        edges.append(_next(edges[-1], unit))
    return Axis(unit, tuple(edges), _ticks(edges, unit))


def columns_svg(counts: Sequence[int], peak: int, title: str, names: Sequence[str] = ()) -> Markup:
    """A column chart without words, stretching to the box it is put in; heights relative to ``peak``.

    ``names`` (one per column) become tooltips. ``title`` is its text alternative.
    """
    width = len(counts)
    shapes = []
    path = []
    for number, value in enumerate(counts):
        if not value:
            continue
        height = max(2.0, round(100 * value / max(peak, 1), 1))
        if names:
            tip = escape(f"{names[number]}: {value:,}")
            shapes.append(
                f'<rect x="{number + 0.08:g}" y="{100 - height:g}" width=".84" height="{height:g}">'
                f"<title>{tip}</title></rect>"
            )
        else:
            path.append(f"M{number + 0.08:g} 100v-{height:g}h.84v{height:g}z")
    body = "".join(shapes) if names else (f'<path d="{"".join(path)}"/>' if path else "")
    return Markup(  # noqa: S704  the only foreign text, tip and title, is escaped
        f'<svg class="cols" viewBox="0 0 {width} 100" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(title)}">{body}</svg>'
    )
