"""Sorted keys, each with a list of numbers; spans of such lists as arrays."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Int", "Lists", "Long", "expand"]

Int = npt.NDArray[np.int32]
Long = npt.NDArray[np.int64]


class Lists:
    """Lists of numbers by key, in three arrays: sorted keys, where each list starts, all values."""

    def __init__(self, keys: npt.NDArray[Any], starts: Long, values: Int) -> None:
        self.keys, self.starts, self.values = keys, starts, values

    @classmethod
    def of(cls, keys: npt.NDArray[Any], values: npt.NDArray[Any]) -> Lists:
        """Lists of ``values`` by ``keys``, in the order given within a key."""
        order = np.argsort(keys, kind="stable")
        unique, starts = np.unique(keys[order], return_index=True)
        return cls(unique, np.append(starts, len(order)).astype(np.int64), values[order].astype(np.int32))

    def spans(self, wanted: npt.NDArray[Any]) -> tuple[Long, Long]:
        """Where the lists of ``wanted`` keys begin and end in ``values``; equal for a missing key."""
        if not len(self.keys):
            nothing = np.zeros(len(wanted), np.int64)
            return nothing, nothing
        at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        present = self.keys[at] == wanted
        return np.where(present, self.starts[at], 0), np.where(present, self.starts[at + 1], 0)


def expand(begin: Long, end: Long) -> tuple[Long, Long]:
    """For spans, the number of the span and the position of each of their items.

    >>> [part.tolist() for part in expand(np.array([3, 8]), np.array([5, 9]))]
    [[0, 0, 1], [3, 4, 8]]
    """
    sizes = end - begin
    owner = np.repeat(np.arange(len(sizes)), sizes)
    offset = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return owner, begin[owner] + offset
