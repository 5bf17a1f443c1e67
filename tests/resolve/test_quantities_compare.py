"""Values, units and comparisons."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.resolve.quantities import (
    Quantity,
    comparable,
    contradicts,
    dimension,
    overlap,
    ratio,
    to_base,
    widened,
)
from tocsin.resolve.quantities.units import load_units

numbers = st.integers(-(10**6), 10**6).map(lambda n: n / 8)
UNITS = ("", "km", "mi", "m", "RUB", "USD", "°C", "°F", "%", "part", "kg")


@st.composite
def values(draw: st.DrawFn, unit: str | None = None) -> Quantity:
    low, high = sorted((draw(numbers), draw(numbers)))
    open_ends = draw(st.tuples(st.booleans(), st.booleans())) if low < high else (False, False)
    keep = draw(st.sampled_from([(True, True), (True, False), (False, True)]))
    return Quantity(
        low if keep[0] else None,
        high if keep[1] else None,
        open_ends[0] and keep[0],
        open_ends[1] and keep[1],
        draw(st.sampled_from(UNITS)) if unit is None else unit,
        "",
        draw(st.booleans()),
    )


def exactly(number: float, unit: str = "", per: str = "") -> Quantity:
    return Quantity(number, number, unit=unit, per=per)


def test_no_empty_interval() -> None:
    for arguments in ((5, 4, False, False), (5, 5, True, False), (math.nan, 1, False, False)):
        with pytest.raises(ValueError, match="no number"):
            Quantity(*arguments)


@given(values(), numbers)
def test_holds_agrees_with_the_bounds(value: Quantity, number: float) -> None:
    if value.low is not None:
        assert value.holds(value.low) == (not value.low_open)
        assert not value.holds(value.low - 1)
    if value.holds(number):
        assert value.low is None or value.low <= number
        assert value.high is None or number <= value.high


@given(values(), values())
def test_contradiction_is_symmetric_and_never_with_oneself(one: Quantity, other: Quantity) -> None:
    assert contradicts(one, other) == contradicts(other, one)
    assert not contradicts(one, one)
    if not comparable(one, other):
        assert not contradicts(one, other)
        with pytest.raises(ValueError, match="not comparable"):
            overlap(one, other)


@given(values("km"), values("km"), numbers)
def test_overlap_holds_what_both_hold(one: Quantity, other: Quantity, number: float) -> None:
    both = overlap(one, other, tolerance=0)
    held = one.holds(number) and other.holds(number)
    assert held == (both is not None and both.holds(number * 1000))


@given(values())
def test_base_units_are_a_fixed_point_and_keep_the_order(value: Quantity) -> None:
    base = to_base(value)
    assert to_base(base) == base
    assert dimension(base.unit, base.per) == dimension(value.unit, value.per)
    assert not contradicts(value, base)


@given(values(), st.floats(0, 1))
def test_widening_only_widens(value: Quantity, tolerance: float) -> None:
    wide = widened(value, tolerance)
    assert value.approximate or wide == value
    for number in (value.low, value.high):
        if number is not None and value.holds(number):
            assert wide.holds(number)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.sampled_from(["", "km", "RUB", "%"]))
def test_ratio_of_exact_values(one: int, other: int, unit: str) -> None:
    found = ratio(exactly(one, unit), exactly(other, unit))
    assert found is not None
    assert found.low is not None
    assert math.isclose(found.low, one / other)
    assert found.unit == "x"


@given(st.tuples(*[st.integers(1, 10**5)] * 4), st.tuples(st.booleans(), st.booleans()))
def test_ratio_bounds_the_ratio_of_any_two_numbers_held(
    ends: tuple[int, ...], open_ends: tuple[bool, bool]
) -> None:
    top, bottom = ends[:2]
    one = Quantity(top, None if open_ends[0] else top + ends[2], unit="km")
    other = Quantity(max(bottom - ends[3], 1) / 2, None if open_ends[1] else bottom, unit="km")
    found = ratio(one, other)
    if found is None:
        assert all(open_ends)  # nothing is known of either end
        return
    assert found.low is None or found.low <= top / bottom * (1 + 1e-9)
    assert found.high is None or found.high >= top / bottom * (1 - 1e-9)


def test_the_drone_range() -> None:
    """600 km against 1,200 km: half, and no contradiction of «up to 1,200»."""
    near, far = exactly(600, "km"), exactly(1200, "km")
    half = ratio(near, far)
    assert half is not None
    assert str(half) == "0.5 x"
    assert contradicts(near, far)
    assert not contradicts(near, Quantity(None, 1200, unit="km"))
    assert not contradicts(exactly(1, "mi"), Quantity(1.6, 1.7, unit="km"))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Quantity(12, None), exactly(8), True),
        (Quantity(12, None), exactly(12), False),
        (Quantity(12, None, low_open=True), exactly(12), True),
        (Quantity(200, 200, approximate=True), exactly(190), False),
        (Quantity(200, 200, approximate=True), exactly(150), True),
        (exactly(50, "%"), exactly(0.5, "part"), False),
        (exactly(50, "%"), exactly(0.4, "part"), True),
        (exactly(212, "°F"), exactly(100, "°C"), False),
        (exactly(90, "km", "h"), exactly(25, "m", "s"), False),
        (exactly(5, "RUB"), exactly(5, "USD"), False),
        (exactly(5, "km"), exactly(7), False),
        (exactly(12, "", "10000 person"), exactly(0.0012, "", "person"), False),
    ],
)
def test_contradictions(one: Quantity, other: Quantity, expected: bool) -> None:
    assert contradicts(one, other) is expected


def test_ratio_of_what_has_no_ratio() -> None:
    assert ratio(exactly(20, "°C"), exactly(10, "°C")) is None
    assert ratio(exactly(5), exactly(0)) is None
    assert ratio(exactly(5, "km"), exactly(5, "kg")) is None
    assert ratio(Quantity(None, 5), Quantity(None, 5)) is None


def test_every_unit_has_a_positive_size_and_one_base() -> None:
    bases: dict[str, str] = {}
    for unit in load_units().values():
        assert unit.size > 0
        assert bases.setdefault(unit.dimension, unit.base) == unit.base
        assert load_units()[unit.base].size == 1
