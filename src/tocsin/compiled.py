"""Compiling inner loops: the one decorator, and what loops need that numba makes dear.

A first run after installation compiles every kernel before it can use it: about a minute. Numba's own
``sort``, ``argsort``, and arrays assigned to slices would take far more: loops sort and grow with these.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
import numpy as np

__all__ = ["grown", "jit", "jit_sums", "lower_bound", "sort_in_place"]

_F = TypeVar("_F", bound=Callable[..., Any])


def jit(function: _F) -> _F:
    """Compile when first called, and keep the machine code beside the source for the next process.

    It runs without the interpreter's lock: threads share the work without copying texts to other processes.
    """
    return cast(_F, numba.njit(cache=True, nogil=True)(function))


def jit_sums(function: _F) -> _F:
    """As ``jit``, for sums of floats in whatever order is quickest: the last digits differ by machine."""
    return cast(_F, numba.njit(cache=True, nogil=True, fastmath={"reassoc", "contract"})(function))


@jit
def sort_in_place(values: Any) -> None:
    """Sort a one-dimensional array of numbers: heapsort, n log n whatever the order they come in."""
    start, end = len(values) // 2, len(values)
    while end > 1:
        if start > 0:  # the heap is still being made
            start -= 1
            value = values[start]
        else:
            end -= 1
            value = values[end]
            values[end] = values[0]
        root = start
        while 2 * root + 1 < end:
            child = 2 * root + 1
            if child + 1 < end and values[child] < values[child + 1]:
                child += 1
            if not value < values[child]:
                break
            values[root] = values[child]
            root = child
        values[root] = value


@jit
def lower_bound(values: Any, value: Any) -> int:
    """Where ``value`` stands in sorted ``values``, or would: the first place that is not less."""
    low, high = 0, len(values)
    while low < high:
        middle = (low + high) // 2
        if values[middle] < value:
            low = middle + 1
        else:
            high = middle
    return low


@jit
def grown(array: Any, needed: int) -> Any:
    """A longer one-dimensional array that begins with the values of ``array``."""
    bigger = np.empty(needed, array.dtype)
    for k in range(len(array)):
        bigger[k] = array[k]
    return bigger
