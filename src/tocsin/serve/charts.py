"""Drawings that a strict content policy allows: positions are attributes, nothing is styled in place.

Shapes stretch to their box; words on axes are SVG text placed in per cent, so they keep their size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.dates import format_date, format_datetime
from markupsafe import Markup, escape

from tocsin.model.surges import Surge, SurgePoint
from tocsin.present.charts import Axis, axis_over
from tocsin.present.evidence import plain
from tocsin.present.surges import series_svg
from tocsin.serve.i18n import N_, catalogue
from tocsin.serve.place_names import subject_name

__all__ = ["Lane", "axis_dates", "axis_svg", "axis_words", "bar_svg", "lanes_of", "series"]

_EXPECTED, _SERIES = N_("expected"), N_("documents, with what was expected")

_PATTERNS = {"hour": "d MMM HH:mm", "month": "LLL y", "year": "y", "decade": "y", "century": "y"}


@dataclass(frozen=True, slots=True)
class Lane:
    """One channel's posts over a span of time, each in per cent of it; ``first`` is the earliest."""

    channel: str
    places: tuple[float, ...]
    first: datetime


def axis_words(axis: Axis, language: str) -> list[tuple[float, str]]:
    """The ticks of an axis, in per cent, labelled in the language of the page."""
    start, end = axis.edges[0], axis.edges[-1]
    found: list[tuple[float, str]] = []
    day = ""
    for tick in axis.ticks:
        when = start + timedelta(seconds=round((end - start).total_seconds() * tick.at / 100))
        if axis.unit == "hour":
            when = (when + timedelta(minutes=30)).replace(minute=0, second=0, microsecond=0)
            same = day == when.date().isoformat()
            day = when.date().isoformat()
            label = format_datetime(when, "HH:mm" if same else "d MMM HH:mm", locale=language)
        else:
            if axis.unit in {"day", "week"}:
                when += timedelta(hours=12)
            label = format_datetime(when, _PATTERNS.get(axis.unit, "d MMM"), locale=language)
        found.append((tick.at, label))
    return found


def axis_dates(axis: Axis, language: str) -> list[str]:
    """The date at which each step of an axis begins, in the language of the page."""
    pattern = {"month": "LLLL y", "year": "y"}.get(axis.unit, "d MMM y")
    return [format_date(edge, pattern, locale=language) for edge in axis.edges[:-1]]


def axis_svg(axis: Axis, language: str, most: int = 5) -> Markup:
    """The labelled axis below a drawing of the same width."""
    words = axis_words(axis, language)
    step = -(-len(words) // most) if words else 1
    shapes = []
    for at, label in words[::step]:
        anchor = ' text-anchor="end" dx="-4"' if at > 84 else ' dx="4"'
        shapes.append(
            f'<line x1="{at}%" x2="{at}%" y1="0" y2="14"/>'
            f'<text x="{at}%" y="12"{anchor}>{escape(label)}</text>'
        )
    return Markup(f'<svg class="axis-x" aria-hidden="true">{"".join(shapes)}</svg>')  # noqa: S704  escaped


def bar_svg(share: float) -> Markup:
    """A bar of ``share`` (0 to 1) of its box."""
    width = max(0.0, min(100.0, round(100 * share, 1)))
    return Markup(  # noqa: S704  a number
        f'<svg class="bar-x" aria-hidden="true"><rect width="{width}%" height="100%"/></svg>'
    )


def series(points: Sequence[SurgePoint], surge: Surge, language: str) -> Markup:
    """The series of an alarm with what was expected, its words in the language of the page."""
    gettext = catalogue(language).gettext
    pattern = "d MMM HH:mm" if surge.step == "hour" else "d MMM y"

    def tip(point: SurgePoint, _: str) -> str:
        words = f"{format_datetime(point.period, pattern, locale=language)}: {point.observed}"
        if point.expected is None:
            return words
        usual = f"{point.expected:.1f} ({point.low:.0f}–{point.high:.0f})"
        return f"{words}; {gettext(_EXPECTED)} {usual}"

    title = f"{plain(subject_name(surge, language) or surge.subject)}: {gettext(_SERIES)}"
    return series_svg(points, surge, title, tip)


def lanes_of(posts: Iterable[tuple[str, datetime]], most: int) -> tuple[list[Lane], Axis | None, int]:
    """Lanes by channel, earliest first; their axis; and how many lanes are left out."""
    times: dict[str, list[datetime]] = {}
    for channel, when in posts:
        times.setdefault(channel, []).append(when)
    if not times:
        return [], None, 0
    first, last = min(map(min, times.values())), max(map(max, times.values()))
    if first == last:
        return [], None, 0
    axis = axis_over(first, last)
    order: Sequence[str] = sorted(times, key=lambda name: (min(times[name]), name))
    lanes = [
        Lane(name, tuple(sorted(axis.place(when) for when in times[name])), min(times[name]))
        for name in order[:most]
    ]
    return lanes, axis, len(order) - len(lanes)
