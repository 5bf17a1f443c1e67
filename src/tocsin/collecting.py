"""How often Python looks for objects that only refer to each other."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

__all__ = ["seldom_collecting"]

#: New objects between two looks at the youngest ones; Python's own number is 700.
_NEW: Final = 50_000


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Look for unreachable cycles seldom while this lasts; also a decorator.

    Nearly all that is made here (modules, tables of words, rows) stays or is freed at once by its count of
    references, so that the looks find nothing: they took a tenth of the time of adding a day to a case.
    """
    before = gc.get_threshold()
    gc.set_threshold(max(_NEW, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
