"""Shares as arrays: who shared what, when, in which message."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

__all__ = ["Shares", "codes_of", "distinct_pairs", "make_shares"]

Ints = NDArray[np.int32]
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares ordered by object, then time; one row is one object in one message.

    ``account``, ``object`` and ``message`` are codes from 0, ``time`` is whole seconds of any epoch,
    ``feed`` is the code of the class an object belongs to (its site, say) or -1. ``start[o]:start[o + 1]``
    are the rows of object ``o``. Arrays have shape (shares,), ``start`` (objects + 1,).
    """

    account: Ints
    object: Ints
    time: NDArray[np.int64]
    message: Ints
    feed: Ints
    start: NDArray[np.int64]
    accounts: int

    def __len__(self) -> int:
        return len(self.account)

    @property
    def objects(self) -> int:
        """How many distinct objects."""
        return len(self.start) - 1


def make_shares(
    account: NDArray[Any],
    object_: NDArray[Any],
    time: NDArray[Any],
    message: NDArray[Any] | None = None,
    feed: NDArray[Any] | None = None,
) -> Shares:
    """Order shares by object, then time, then the order given.

    Parameters
    ----------
    account, object_, message, feed: integer codes from 0, shape (shares,); ``message`` defaults to one
    message a
        share, ``feed`` to none (-1).
    time: seconds, shape (shares,).

    A row whose account or object is negative is a missing value: it is left out, so that nothing missing
    ever matches. Raises ValueError when the arrays differ in length.
    """
    count = len(account)
    number = np.arange(count) if message is None else message
    feeds = np.full(count, -1) if feed is None else feed
    if not len(object_) == len(time) == len(number) == len(feeds) == count:
        raise ValueError("shares need one account, object, time, message and feed each")
    given = (np.asarray(account) >= 0) & (np.asarray(object_) >= 0)
    if not given.all():
        account, object_, time = account[given], object_[given], time[given]
        number, feeds = number[given], feeds[given]
    seconds = np.asarray(time, dtype=np.int64)
    if len(seconds) > 1 and np.any(seconds[1:] < seconds[:-1]):
        order = np.argsort(seconds, kind="stable")
        account, object_, seconds = account[order], object_[order], seconds[order]
        number, feeds = number[order], feeds[order]
    codes = np.asarray(object_, dtype=np.int32)
    from tocsin.detect.sharing.kernels import order_by_code

    objects = int(codes.max()) + 1 if len(codes) else 0
    order, start = order_by_code(codes, objects)
    return Shares(
        account=np.asarray(account, dtype=np.int32)[order],
        object=codes[order],
        time=seconds[order],
        message=np.asarray(number, dtype=np.int32)[order],
        feed=np.asarray(feeds, dtype=np.int32)[order],
        start=start,
        accounts=int(np.max(account)) + 1 if len(codes) else 0,
    )


def codes_of(values: Sequence[Key | None]) -> tuple[Ints, list[Key]]:
    """Codes of values in their sorted order, so that they depend on no order of rows; None and "" become -1.

    Returns the codes, shape (values,), and the value of each code.
    """
    names: list[Any] = sorted({value for value in values if value is not None and value != ""})
    code = {name: number for number, name in enumerate(names)}
    found = [-1 if value is None or value == "" else code[value] for value in values]
    return np.array(found, dtype=np.int32), names


def distinct_pairs(first: NDArray[Any], second: NDArray[Any]) -> tuple[NDArray[np.int64], ...]:
    """The distinct pairs of two arrays of codes from 0, in order.

    Returns their first and their second codes, which of them each pair given is, and how often each is there.
    Far faster than ``numpy.unique`` along an axis, which compares rows as bytes.
    """
    wide = int(second.max(initial=0)) + 1
    keys = first.astype(np.int64) * wide + second
    found, which, counts = np.unique(keys, return_inverse=True, return_counts=True)
    one, other = np.divmod(found, wide)
    return one, other, which, counts
