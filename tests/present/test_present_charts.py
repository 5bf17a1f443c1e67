"""Axes, maps, words: the numbers behind the drawings."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from present_page import parse
from present_world import OUTLINE, START, World, bridge, facts

from tocsin.model import WEEKDAY_DISAGREES, Quantity, TimeMention
from tocsin.present import build_brief
from tocsin.present.charts import axis_over, columns_svg
from tocsin.present.corpus import corpus_of
from tocsin.present.index import Index
from tocsin.present.map import _simple, load_outline, map_of
from tocsin.present.timeline import timeline_of
from tocsin.present.words import (
    count,
    day_range,
    interval,
    joined,
    language_name,
    percent,
    quantity_words,
    size,
    time_words,
)
from tocsin.settings import Settings

moments = st.datetimes(datetime(101, 1, 1), datetime(9800, 1, 1), timezones=st.just(UTC))


@given(moments, moments)
def test_an_axis_covers_its_range_in_a_bounded_number_of_bins(one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    axis = axis_over(first, last)
    assert axis.edges[0] <= first
    assert last < axis.edges[-1]
    assert 1 <= axis.bins <= 135
    assert all(a < b for a, b in pairwise(axis.edges))
    assert all(0 <= tick.at <= 92 for tick in axis.ticks)
    assert 0 <= axis.place(first) <= axis.place(last) <= 100


@pytest.mark.parametrize(
    ("days", "unit"), [(0, "hour"), (2, "hour"), (30, "day"), (400, "week"), (3000, "month"), (9000, "year")]
)
def test_the_unit_follows_the_range(days: int, unit: str) -> None:
    assert axis_over(START, START + timedelta(days=days)).unit == unit


@given(st.lists(st.integers(0, 1000), min_size=1, max_size=140))
def test_a_column_chart_keeps_to_its_box(counts: list[int]) -> None:
    svg = str(columns_svg(counts, max(counts), "t", [str(i) for i in range(len(counts))]))
    heights = [float(h) for h in re.findall(r'height="([\d.]+)"', svg)]
    assert len(heights) == sum(1 for c in counts if c)
    assert all(2 <= h <= 100 for h in heights)
    parse(svg)


def test_volume_counts_every_dated_document_once() -> None:
    index = Index(bridge().tables())
    timeline = timeline_of(index, corpus_of(index, facts()))
    assert timeline.volume is not None
    rows = timeline.volume.rows
    assert sum(rows[0].counts) == rows[0].total == 23
    assert sum(r.total for r in rows if r.role == "channel") == 23
    assert sum(r.total for r in rows if r.role == "language") == 23


def test_stray_dates_do_not_flatten_the_rest_and_are_counted() -> None:
    world = World()
    for number in range(60):
        world.document(f"Post {number}.", channel="c", published=START + timedelta(hours=number))
    world.document("Old.", channel="c", published=datetime(1999, 1, 1, tzinfo=UTC))
    index = Index(world.tables())
    volume = timeline_of(index, corpus_of(index, facts())).volume
    assert volume is not None
    assert volume.axis.unit in {"hour", "day"}
    assert volume.outside == 1
    assert "1 document with dates far from the rest" in build_brief(world.tables(), facts(), Settings())


def test_open_intervals_reach_the_edge() -> None:
    index = Index(bridge().tables())
    times = timeline_of(index, corpus_of(index, facts())).times
    since = next(t for t in times if t.label == "since 15 Feb 2024 or earlier")
    assert since.open_left
    assert since.open_right
    assert since.left + since.width == pytest.approx(100)


def test_the_map_looks_where_most_places_are_and_lists_the_rest() -> None:
    places = map_of(Index(bridge().tables()), OUTLINE)
    assert places.drawing is not None
    assert [row.name for row in places.off_map] == ["Lima"]
    assert {row.name for row in places.rows} == {"Astana", "Almaty", "Tashkent", "Kazakhstan", "Lima"}
    root = parse(str(places.drawing))
    box = [float(v) for v in root.all("svg")[0].attributes["viewbox"].split()]
    circles = root.all("circle")
    assert len(circles) == 4
    assert len(root.all("circle", "area")) == 1
    for circle in circles:
        assert 0 <= float(circle.attributes["cx"]) <= box[2]
        assert 0 <= float(circle.attributes["cy"]) <= box[3]
    corners = corners_of(root.all("path", "land")[0].attributes["d"])
    assert corners
    for x, y in corners:
        assert -0.1 <= x <= box[2] + 0.1
        assert -0.1 <= y <= box[3] + 0.1


def corners_of(path: str) -> list[tuple[float, float]]:
    """The points of closed lines that are drawn by steps."""
    found = []
    for line in re.findall(r"M([^z]+)z", path):
        numbers = [float(n) for n in re.findall(r"-?[\d.]+", line)]
        x = y = 0.0
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            found.append((x, y))
    return found


@given(
    st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=4, max_size=40),
    st.floats(0.01, 20),
)
def test_a_simpler_outline_lies_near_the_true_one(ring: list[tuple[float, float]], off: float) -> None:
    closed = [*ring, ring[0]]
    simple = _simple(closed, off)
    assert set(simple) <= set(closed)
    if not simple:
        return
    lines = list(itertools.pairwise(simple))
    for point in closed:
        assert min(_away(point, a, b) for a, b in lines) <= off + 1e-6


def _away(point: tuple[float, float], a: tuple[float, float], b: tuple[float, float]) -> float:
    line, rel = complex(*b) - complex(*a), complex(*point) - complex(*a)
    along = (rel * line.conjugate()).real / abs(line) ** 2 if abs(line) ** 2 > 1e-12 else 0.0
    return abs(rel - min(max(along, 0.0), 1.0) * line)


def test_the_shipped_outline_is_a_map_of_the_world() -> None:
    outline = load_outline()
    assert len(outline) > 150
    points = [p for _, _, rings in outline for ring in rings for p in ring]
    assert min(x for x, _ in points) < -170 < 170 < max(x for x, _ in points)


@given(st.lists(st.tuples(st.floats(-180, 180), st.floats(-85, 85)), min_size=1, max_size=12))
@example([(0.0, -83.0)])
def test_any_points_give_a_map(points: list[tuple[float, float]]) -> None:
    from dataclasses import replace

    world = World()
    document = world.document("Almaty " * len(points), channel="c")
    for number, (longitude, latitude) in enumerate(points):
        world.place(document, "Almaty", "Almaty")
        world.rows["places"][-1] = replace(
            world.rows["places"][-1],
            mention_id=str(number),
            place_id=str(number),
            longitude=longitude,
            latitude=latitude,
        )
    places = map_of(Index(world.tables()), OUTLINE)
    assert places.drawing is not None
    assert "nan" not in places.drawing
    shown = len(parse(str(places.drawing)).all("circle"))
    assert shown + len(places.off_map) + places.hidden_off == len(points)
    assert shown


@pytest.mark.parametrize(
    ("lower", "upper", "flags", "words"),
    [
        ((2024, 2, 15), (2024, 2, 16), (False, False), "15 Feb 2024"),
        ((2024, 2, 1), (2024, 3, 1), (False, False), "February 2024"),
        ((2024, 12, 1), (2025, 1, 1), (False, False), "December 2024"),
        ((2024, 1, 1), (2025, 1, 1), (False, False), "2024"),
        ((1990, 1, 1), (2000, 1, 1), (False, False), "1990s"),
        ((2024, 2, 15), None, (True, False), "since 15 Feb 2024 or earlier"),
        (None, (2024, 2, 16), (False, False), "until 15 Feb 2024"),
        ((2024, 4, 2), (2024, 4, 12), (False, True), "2–11 Apr 2024 or later"),
        (None, None, (False, False), ""),
    ],
)
def test_intervals_in_words(
    lower: tuple[int, int, int] | None,
    upper: tuple[int, int, int] | None,
    flags: tuple[bool, bool],
    words: str,
) -> None:
    low = datetime(*lower, tzinfo=UTC) if lower else None
    high = datetime(*upper, tzinfo=UTC) if upper else None
    assert interval(low, high, *flags) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (Quantity(600, 600, unit="km", approximate=True), "about 600 km"),
        (Quantity(12, None), "at least 12"),
        (Quantity(12000.5, None, low_open=True, unit="KZT"), "more than 12,000.5 KZT"),
        (Quantity(None, 7, unit="%"), "at most 7%"),
        (Quantity(None, 7, high_open=True, unit="t", per="day"), "less than 7 t per day"),
        (Quantity(200, 1000, high_open=True), "200 to under 1,000"),
        (Quantity(2, 2, unit="x"), "2 times"),
    ],
)
def test_quantities_in_words(value: Quantity, words: str) -> None:
    assert quantity_words(value) == words


def test_small_words() -> None:
    assert count(1, "claim") == "1 claim"
    assert count(1204, "claim") == "1,204 claims"
    assert joined(["a", "b", "c"]) == "a, b and c"
    assert [percent(0, 9), percent(1, 1000), percent(999, 1000), percent(9, 9), percent(1, 0)] == [
        "0%",
        "<1%",
        ">99%",
        "100%",
        "–",
    ]
    assert [size(0), size(4096), size(2_500_000)] == ["0 B", "4.1 kB", "2.5 MB"]
    assert language_name("kk") == "Kazakh"
    assert language_name("und") == "undetermined"
    assert language_name("zz-bogus-0") == "zz-bogus-0"
    assert day_range(START, START + timedelta(days=400)) == "2 April 2024 – 7 May 2025"


def test_importing_present_is_light() -> None:
    import subprocess
    import sys

    code = (
        "import sys, tocsin.present; print([m for m in ('pyarrow', 'jinja2', 'altair') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def when(modifier: str | None, kind: str = "DATE", reasons: tuple[str, ...] = ()) -> str:
    low, high = datetime(2024, 4, 5, 12, tzinfo=UTC), datetime(2024, 4, 15, 12, tzinfo=UTC)
    mention = TimeMention(
        "m", "d", 0, 1, kind, "P10D", low, high, False, False, "day", modifier, None, 0.9, reasons, (), "t"
    )
    return time_words(mention)


def test_times_in_words() -> None:
    assert when(None, "DURATION") == "5–15 Apr 2024"
    assert when("until, at least", "DURATION") == "until 15 Apr 2024"
    assert when("until") == "5–15 Apr 2024"
    assert when(None, reasons=("the year is stated", WEEKDAY_DISAGREES)).endswith("not the weekday named")
