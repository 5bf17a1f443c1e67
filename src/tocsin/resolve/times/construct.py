"""From the tokens a rule named to what they mean: one ``Time``, or the two ends of a range."""

from __future__ import annotations

from typing import Final

from tocsin.resolve.times.clocks import CLOCKS
from tocsin.resolve.times.dates import DATES
from tocsin.resolve.times.lengths import LENGTHS
from tocsin.resolve.times.offsets import OFFSETS
from tocsin.resolve.times.ranges import RANGES, End
from tocsin.resolve.times.site import Site

__all__ = ["CONSTRUCTORS", "construct"]

CONSTRUCTORS: Final = {**DATES, **OFFSETS, **LENGTHS, **CLOCKS}


def construct(site: Site) -> tuple[End, ...]:
    """The meaning of a match, empty where it is no time; raises KeyError on a rule without constructor."""
    rule = site.match.rule
    if rule in RANGES:
        return RANGES[rule](site) or ()
    time = CONSTRUCTORS[rule](site)
    return () if time is None else (End(time, site.match.first, site.match.last, False),)
