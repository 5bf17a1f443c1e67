"""Matrices of weights in 8 bits: whole numbers from -127 to 127 and one step for each row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["STEP", "pack", "unpack"]

Floats = NDArray[np.float32]

#: What is appended to an array's name for its steps.
STEP: Final = ".step"
#: Smaller arrays stay in half precision: biases, transitions, curves.
_LEAST: Final = 4096
_MOST: Final = 127
#: In half precision all the same: 8 bits cost a hundredth of the translations found from Kazakh.
_FINE: Final = frozenset({"place.weight", "vector.weight"})


def pack(named: Mapping[str, Floats]) -> dict[str, NDArray[Any]]:
    """Arrays to be stored: large matrices in 8 bits with their steps, the rest in half precision.

    A row is what the last axis runs over. The error of a number is at most half its row's step, which is the
    row's greatest number over 127.
    """
    stored: dict[str, NDArray[Any]] = {}
    for name, array in named.items():
        if array.ndim < 2 or array.size < _LEAST or name in _FINE:
            stored[name] = array.astype(np.float16)
            continue
        step = np.maximum(np.abs(array).max(axis=-1, keepdims=True) / _MOST, 1e-7).astype(np.float16)
        numbers = np.round(array / step.astype(np.float32))
        stored[name] = np.clip(numbers, -_MOST, _MOST).astype(np.int8)
        stored[name + STEP] = step
    return stored


def unpack(stored: Mapping[str, NDArray[Any]]) -> dict[str, Floats]:
    """The arrays in single precision, steps taken in; arrays without steps are only widened."""
    named: dict[str, Floats] = {}
    for name, array in stored.items():
        if name.endswith(STEP):
            continue
        wide = array.astype(np.float32)
        if name + STEP in stored:
            wide *= stored[name + STEP].astype(np.float32)
        named[name] = wide
    return named
