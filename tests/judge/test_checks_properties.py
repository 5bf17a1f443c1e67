"""Calendars, distances and intervals by other ways of reckoning; and no text makes a check fail."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from checks_helpers import derived
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.judge.checks.amounts import Amount, least_figure, plain, total
from tocsin.judge.checks.calendar import WEEKDAYS, days_of, length_of, weekday, weekday_steps
from tocsin.judge.checks.lines import LANGUAGES, forms
from tocsin.judge.checks.wordings import exactly, nearest, words_of
from tocsin.resolve.extent import distance_range
from tocsin.testing.strategies import texts

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
PLACES = st.sampled_from(
    (
        "geonames:1522867",  # Kazakhstan
        "geonames:484048",  # Tatarstan
        "geonames:690791",  # Ukraine
        "geonames:703448",  # Kyiv
        "geonames:524901",  # Moscow
        "geonames:1526384",  # Almaty
        "geonames:625144",  # Minsk
    )
)


@given(DAYS)
def test_weekdays_agree_with_a_count_of_days(day: date) -> None:
    """1 January of year 1 of the Gregorian calendar, carried back, was a Monday."""
    assert weekday(day) == (day - date(1, 1, 1)).days % 7 == day.weekday()
    assert f"is a {WEEKDAYS[day.weekday()]}" in weekday_steps(day)


@given(st.integers(1, 9999), st.integers(1, 12))
def test_months_have_their_days_in_leap_years_too(year: int, month: int) -> None:
    found = days_of(f"{year:04}-{month:02}")
    assert found is not None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    february = 29 if leap else 28
    expected = (31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)[month - 1]
    assert (found.last - found.first).days + 1 == expected
    assert leap == calendar.isleap(year)


@given(st.text(max_size=12))
def test_other_values_are_no_dates_or_lengths(value: str) -> None:
    found, length = days_of(value), length_of(value)
    assert found is None or found.first <= found.last
    assert length is None or length.days >= 0


@given(st.integers(0, 10_000), st.sampled_from("DWMY"))
def test_a_length_in_days_is_near_that_on_the_calendar(count: int, unit: str) -> None:
    length = length_of(f"P{count}{unit}")
    assert length is not None
    if unit in "DW":
        assert timedelta(**{"days" if unit == "D" else "weeks": count}).days == length.days
    elif count:
        months = count if unit == "M" else 12 * count
        assert abs(length.days / months - 30.437) < 0.01


@settings(max_examples=40, deadline=None)
@given(PLACES, PLACES, PLACES)
def test_distances_are_symmetric_hold_their_points_and_keep_the_triangle(a: str, b: str, c: str) -> None:
    one, back = distance_range(a, b), distance_range(b, a)
    assert one == back
    assert one.low - one.slack <= one.between_points <= one.high + one.slack
    way = one.between_points + distance_range(b, c).between_points
    assert distance_range(a, c).between_points <= way + 0.2  # rounded to 100 m


NUMBERS = st.floats(-1e9, 1e9, allow_nan=False)


@st.composite
def amounts(draw: st.DrawFn) -> Amount:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    return Amount(low, high, draw(st.floats(low, high)))


@given(st.lists(amounts(), min_size=1, max_size=5))
def test_the_sum_of_amounts_holds_the_sum_of_what_they_hold(items: list[Amount]) -> None:
    added = total(items)
    inside = sum(a.written for a in items)
    assert added.low - 1e-3 <= inside <= added.high + 1e-3
    assert added.meets(added)


@given(amounts(), amounts())
def test_meeting_is_mutual(one: Amount, other: Amount) -> None:
    assert one.meets(other) == other.meets(one)
    assert one.meets(one)


@given(st.integers(-(10**14), 10**14), st.text(max_size=8))
def test_a_last_figure_is_a_power_of_ten_that_divides_the_number(number: int, words: str) -> None:
    unit = least_figure(float(number), words)
    assert unit >= 0
    assert unit == 0 or (number % int(unit) == 0 and str(int(unit)).strip("0") == "1")
    assert plain(float(number)).replace(",", "") == str(number)


@given(st.text(max_size=200), st.text(max_size=200))
def test_a_text_holds_itself_and_likeness_stays_inside(one: str, other: str) -> None:
    words = words_of(one)
    if words:
        found = exactly([words], words)
        assert found is not None
        assert found[0].start == words[0].span.start
        assert found[-1].end == words[-1].span.end
    near = nearest(words, words_of(other))
    if near is not None:
        assert near.span.end <= len(other)


def test_every_pattern_compiles() -> None:
    names = (
        *("born", "aged", "aged_when", "lasting", "interval", "undated", "order", "total", "total_first"),
        *(
            "not_all",
            "no_sum",
            "people",
            "no_noun",
            "share",
            "share_alone",
            "change",
            "less",
            "more",
            "range",
        ),
        *("way", "can_reach", "cannot_reach", "distance", "distance_alone", "part_of_way", "straight"),
        *("nearer", "living_in", "people_in", "flow", "share_of_people", "hedged", "length_before"),
    )
    for language in LANGUAGES:
        for name in names:
            assert forms(language, name) or (language, name) == ("kk", "order"), (language, name)


#: What patterns are made of, so that odd texts come near them.
PIECES = (
    *(
        "from Kyiv to Lviv ",
        "is 470 km ",
        "600 km ",
        "less than 1200",
        " of 40 ",
        "12 ",
        "35% ",
        "i.e. ",
        "born on ",
    ),
    *(
        "4 May 1980",
        ", aged 300",
        " Monday, 31 February 2026 ",
        "10 days before ",
        "всего ",
        "от Москвы до ",
        "в 0 км от ",
    ),
    *(
        "с 0 до 0 на 0% ",
        "99999999999999999999 человек ",
        "из 0 ",
        "(0%) ",
        "Minsk",
        "в понедельник, 29 февраля 2023 года ",
    ),
    *(
        "2026 жылғы 2 наурызда, дүйсенбі күні ",
        "барлығы 13",
        "photo: ",
        "Имя файла.jpg\n",
        ". ",
        "\n",
        " < ",
        "<q0>",
        "≤ 5 km ",
    ),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.one_of(st.sampled_from(PIECES), texts()), min_size=1, max_size=9).map("".join))
def test_no_text_makes_a_check_fail(text: str) -> None:
    if not text.strip():
        return
    found, problems = derived(text)
    assert not problems
    for row in found:
        for span in (*row.inputs, *row.statement):
            assert span.of(text).strip()
        assert row.workings or row.missing
    assert found == derived(text)[0]
