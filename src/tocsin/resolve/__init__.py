"""Times and places, resolved to values that can be compared and mapped (names and quantities come).

Light to import: lexicons and gazetteer load at first use. The Arrow kernels are in ``resolve.stage``.
"""

from __future__ import annotations

from tocsin.resolve.gazetteer import Entry, Gazetteer, load_gazetteer
from tocsin.resolve.places import find_places
from tocsin.resolve.times import find_times

__all__ = ["Entry", "Gazetteer", "find_places", "find_times", "load_gazetteer"]
