"""Times, places and quantities, resolved to values that can be compared, mapped and checked.

Light to import: lexicons and gazetteer load at first use. The Arrow kernels are in ``resolve.stage``.
"""

from __future__ import annotations

from tocsin.resolve.gazetteer import Entry, Gazetteer, load_gazetteer
from tocsin.resolve.places import find_places
from tocsin.resolve.quantities import find_quantities
from tocsin.resolve.times import find_times

__all__ = ["Entry", "Gazetteer", "find_places", "find_quantities", "find_times", "load_gazetteer"]
