"""Distances between places that are no points."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.resolve.extent import distance_range, extent_of
from tocsin.resolve.gazetteer import load_gazetteer

KAZAKHSTAN, UKRAINE, RUSSIA = "geonames:1522867", "geonames:690791", "geonames:2017370"
TATARSTAN, MOSCOW, ALMATY, LIMA = "geonames:484048", "geonames:524901", "geonames:1526384", "geonames:3936456"
SOME = (KAZAKHSTAN, UKRAINE, RUSSIA, TATARSTAN, MOSCOW, ALMATY, LIMA, "area:donbas", "area:black-sea")
places = st.sampled_from(SOME)


@given(places, places)
def test_a_range_holds_what_lies_between(one: str, other: str) -> None:
    found = distance_range(one, other)
    assert 0 <= found.low <= found.between_points + found.slack
    assert found.between_points <= found.high + found.slack
    assert found.high <= 20_100
    assert found == distance_range(other, one)


@given(places, places, places)
def test_no_way_round_is_shorter(one: str, middle: str, other: str) -> None:
    """The greatest distance by way of a third place is no less than the least without it."""
    around = distance_range(one, middle).high + distance_range(middle, other).high
    assert distance_range(one, other).low <= around + 80


def test_neighbours_touch_and_a_part_lies_in_its_whole() -> None:
    for one, other in ((KAZAKHSTAN, RUSSIA), (UKRAINE, RUSSIA), (TATARSTAN, RUSSIA), (ALMATY, KAZAKHSTAN)):
        assert distance_range(one, other).low == 0
    assert distance_range(MOSCOW, KAZAKHSTAN).low > 500


def test_a_claim_about_a_border_can_be_checked() -> None:
    """From the nearest border of Kazakhstan to Yelabuga it is less than half the way from that of Ukraine."""
    (yelabuga,) = [e for e in load_gazetteer().find("Yelabuga") if e.country == "RU"]
    near, far = (distance_range(country, yelabuga.place_id) for country in (KAZAKHSTAN, UKRAINE))
    assert 400 < near.low < 480
    assert 1000 < far.low < 1100


def test_towns_are_circles_and_regions_have_outlines() -> None:
    town, region = extent_of(MOSCOW), extent_of(TATARSTAN)
    assert not town.rings
    assert town.guessed
    assert 20 < town.reach < 60
    assert region.rings
    assert region.holds(55.8, 49.1)  # Kazan
    assert not region.holds(55.75, 37.6)
    assert town.holds(55.75, 37.6)


def test_a_venue_has_the_extent_of_its_place() -> None:
    assert extent_of(f"venue:a hall@{MOSCOW}") == extent_of(MOSCOW)
    with pytest.raises(KeyError):
        extent_of("geonames:none")


def test_an_outline_is_near_what_it_stands_for() -> None:
    """Every outline holds, or nearly holds, the reference point of its region."""
    from tocsin.resolve.extent import _geodesic, _shapes

    gazetteer = load_gazetteer()
    for place_id in sorted(_shapes())[::40]:
        extent = extent_of(place_id)
        entry = gazetteer.by_id(place_id)
        assert entry is not None
        nearest = min(_geodesic((entry.lat, entry.lon), p) for ring in extent.rings for p in ring)
        assert extent.holds(entry.lat, entry.lon) or nearest < 60, entry


def test_import_is_light() -> None:
    code = (
        "import sys, tocsin.resolve.extent;"
        "heavy = {'numpy', 'geographiclib', 'pyarrow', 'pymorphy3'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
