"""Constructors of times of the day: clock times, hours in words, noon, parts of the day, nights."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

from tocsin.resolve.times.site import Site
from tocsin.resolve.times.values import Time

__all__ = ["CLOCKS"]

_WRITTEN: Final = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d)(?::[0-5]\d)?)?")
_LATE: Final = {"AF": "pm", "EV": "pm", "pm": "pm", "am": "am"}


def _hour_minute(site: Site) -> tuple[int, int] | None:
    """Hour and minute as written, by whichever role the rule has."""
    token = site.token("clock")
    if token is not None:
        found = _WRITTEN.fullmatch(token.value)
        return None if found is None else (int(found[1]), int(found[2] or 0))
    number = site.number("hour")
    if number is None and site.token("halfpart") is not None:
        number = 1  # «в час дня»
    if number is None or not 0 <= number <= 24:
        return None
    minute = site.number("minute") or 0
    if site.token("half") is not None:
        number, minute = (number - 1) % 24, 30
    elif site.token("quarter") is not None:
        number, minute = (number - 1) % 24, 60 - int(site.value("quarter"))
    return (number, minute) if minute < 60 else None


def _clock(site: Site) -> Time | None:
    hourword = site.token("hourword")
    found = _hour_minute(site)
    if found is None or (hourword is not None and hourword.value != "hour"):
        return None
    hour, minute = found
    half = site.value("ampm")
    part = site.value("part") or site.value("halfpart")
    if half == "pm" or (_LATE.get(part) == "pm" and hour < 12) or (part == "NI" and 6 < hour < 12):
        hour = hour + 12 if hour < 12 else hour
    elif (half == "am" and hour == 12) or (part == "NI" and hour == 12):
        hour = 0
    if hour > 23:
        return None
    exact = minute > 0 or any(mark in site.value("clock") for mark in ":.")
    return Time("date", hour=hour, minute=minute if exact else None, zone=site.value("zone"))


def _noon(site: Site) -> Time | None:
    return Time("date", hour=int(site.value("noon")), minute=None, turn=None)


def _part_alone(site: Site) -> Time | None:
    part = site.value("part")
    return Time("date", part=part) if part else None


def _nightto(site: Site) -> Time | None:
    if site.token("deictic") is not None:
        unit, _, count = site.value("deictic").partition(":")
        return Time("date", relative=(unit, int(count)), part="NI", night_to=True)
    if site.token("weekday") is not None:
        return Time("date", weekday=site.number("weekday"), part="NI", night_to=True)
    if site.token("part") is not None and site.value("part") != "NI":
        return None
    return Time(
        "date",
        year=site.number("year"),
        month=site.number("month"),
        day=site.number("day"),
        part="NI",
        night_to=True,
    )


CLOCKS: Final[dict[str, Callable[[Site], Time | None]]] = {
    "clock": _clock,
    "nightto": _nightto,
    "noon": _noon,
    "part_alone": _part_alone,
}
