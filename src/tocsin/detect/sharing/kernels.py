"""The loops of co-sharing, compiled.

Pairs are never written down: for each account its shares are walked, and every account that shared the same
object within the window is counted in one dense row of counters (Gustavson 1978, sparse matrix products by
row). A viral object with n shares costs time n², not memory; the rejected alternative, a self-join, needs
both.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.compiled import grown, jit, sort_in_place

__all__ = [
    "bursts",
    "count_pairs",
    "count_strong_pairs",
    "expect_feed",
    "expect_free",
    "messages_in_pairs",
    "object_closeness",
    "order_by_code",
    "window_bounds",
]

Array = NDArray[Any]


@jit
def order_by_code(codes: Array, count: int) -> tuple[Array, Array]:
    """A stable counting sort: the order of rows, and where each code starts (shape (count + 1,))."""
    start = np.zeros(count + 1, np.int64)
    for code in codes:
        start[code + 1] += 1
    for code in range(count):
        start[code + 1] += start[code]
    place = start[:-1].copy()
    order = np.empty(len(codes), np.int64)
    for row in range(len(codes)):
        order[place[codes[row]]] = row
        place[codes[row]] += 1
    return order, start


@jit
def window_bounds(time: Array, start: Array, window: int) -> tuple[Array, Array]:
    """For each row the rows [low, high) of its object at most ``window`` seconds away; itself too."""
    low = np.empty(len(time), np.int64)
    high = np.empty(len(time), np.int64)
    for number in range(len(start) - 1):
        first, last = start[number], start[number + 1]
        left, right = first, first
        for row in range(first, last):
            while time[row] - time[left] > window:
                left += 1
            right = max(right, row)
            while right < last and time[right] - time[row] <= window:
                right += 1
            low[row], high[row] = left, right
    return low, high


@jit
def _ordered(touched: Array, weight: Array) -> Array:
    """The accounts of ``touched``, all those whose weight is not 0, in order."""
    # Reading the whole row of counters beats sorting when many are set, as beside a viral object.
    if len(touched) * 32 < len(weight):
        sort_in_place(touched)
        return touched
    made = 0
    for b in range(len(weight)):
        if weight[b]:
            touched[made] = b
            made += 1
    return touched


@jit
def count_pairs(
    account: Array,
    unit: Array,
    bounds: tuple[Array, Array],
    rows: tuple[Array, Array],
    minimum: int,
    options: tuple[bool, bool],
) -> tuple[Array, Array, Array]:
    """Edges (first, second, weight) with weight ≥ ``minimum``, ordered by first and second.

    ``unit`` is what a pair of accounts is counted once for (an object, a message); within an account's rows
    equal units must be neighbours. ``bounds`` come from ``window_bounds``; ``rows`` are the rows by account
    and where each account starts. ``options``: both directions (else only first < second), and loops of an
    account with itself.
    """
    low, high = bounds
    order, begin = rows
    both, loops = options
    count = len(begin) - 1
    weight = np.zeros(count, np.int32)
    seen = np.full(count, -1, np.int64)
    touched = np.empty(count, np.int32)
    first, second, weights = np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int32)
    made = 0
    for a in range(count):
        met = 0
        for position in range(begin[a], begin[a + 1]):
            row = order[position]
            for other in range(low[row], high[row]):
                b = account[other]
                if seen[b] == unit[row] or (b < a and not both) or (b == a and not loops):
                    continue
                seen[b] = unit[row]
                if weight[b] == 0:
                    touched[met] = b
                    met += 1
                weight[b] += 1
        kept = 0
        for number in range(met):
            b = touched[number]
            if weight[b] >= minimum:
                touched[kept] = b
                kept += 1
            else:
                weight[b] = 0
            seen[b] = -1
        if made + kept > len(first):
            more = made + kept + max(1024, len(first) // 4)
            first = grown(first, more)  # one after the other: each frees its old memory
            second = grown(second, more)
            weights = grown(weights, more)
        for b in _ordered(touched[:kept], weight):
            first[made], second[made], weights[made] = a, b, weight[b]
            weight[b] = 0
            made += 1
    return first[:made], second[:made], weights[:made]  # views: a copy would double the peak


@jit
def messages_in_pairs(account: Array, message: Array, bounds: tuple[Array, Array], messages: int) -> Array:
    """Whether each message is in some pair of different accounts and messages; shape (messages,)."""
    low, high = bounds
    found = np.zeros(messages, np.bool_)
    for row in range(len(account)):
        for other in range(low[row], high[row]):
            if account[other] != account[row] and message[other] != message[row]:
                found[message[row]] = True
                break
    return found


@jit
def count_strong_pairs(
    account: Array,
    message: Array,
    bounds: tuple[Array, Array],
    rows: tuple[Array, Array],
    strong: Array,
) -> tuple[Array, Array, Array]:
    """Edges first < second weighted by pairs of shares of which one message is ``strong`` (by message)."""
    low, high = bounds
    order, begin = rows
    weight = np.zeros(len(begin) - 1, np.int32)
    touched = np.empty(len(begin) - 1, np.int32)
    first, second, weights = np.empty(1024, np.int32), np.empty(1024, np.int32), np.empty(1024, np.int32)
    made = 0
    for a in range(len(begin) - 1):
        met = 0
        for position in range(begin[a], begin[a + 1]):
            row = order[position]
            for other in range(low[row], high[row]):
                b = account[other]
                if b <= a or message[other] == message[row]:
                    continue
                if not (strong[message[row]] or strong[message[other]]):
                    continue
                if weight[b] == 0:
                    touched[met] = b
                    met += 1
                weight[b] += 1
        if made + met > len(first):
            more = made + met + max(1024, len(first) // 4)
            first = grown(first, more)  # one after the other: each frees its old memory
            second = grown(second, more)
            weights = grown(weights, more)
        for b in _ordered(touched[:met], weight):
            first[made], second[made], weights[made] = a, b, weight[b]
            weight[b] = 0
            made += 1
    return first[:made], second[:made], weights[:made]  # views: a copy would double the peak


@jit
def _unseen(account: Array) -> Array:
    """For each account the mark of the last stretch it was seen in: none yet."""
    most = -1
    for a in account:
        most = max(most, a)
    return np.full(most + 1, -1, np.int64)


@jit
def _close_share(
    account: Array, time: Array, stretch: tuple[int, int], window: int, seen: Array
) -> tuple[int, float]:
    """Distinct accounts of rows [first, last) of an object, and the share of pairs within ``window``.

    ``seen`` is by account and kept from call to call; the first row of a stretch is its mark.
    """
    first, last = stretch
    distinct = 0
    for row in range(first, last):
        if seen[account[row]] != first:
            seen[account[row]] = first
            distinct += 1
    close, total, right = 0.0, 0.0, first
    for row in range(first, last):
        right = max(right, row)
        while right + 1 < last and time[right + 1] - time[row] <= window:
            right += 1
        close += right - row
        total += last - 1 - row
    return distinct, close / total if total > 0 else 0.0


@jit
def bursts(account: Array, time: Array, start: Array, window: int) -> tuple[Array, ...]:
    """Runs of shares of one object with gaps of at most ``window`` seconds.

    Returns the burst of each row, and for each burst its distinct accounts, the share of its pairs of shares
    within the window, the time of its first share, and how long it lasted.
    """
    of_row = np.empty(len(time), np.int64)
    size, closeness = np.empty(len(time), np.int64), np.empty(len(time), np.float64)
    opened, lasted = np.empty(len(time), np.int64), np.empty(len(time), np.int64)
    seen = _unseen(account)
    made = 0
    for number in range(len(start) - 1):
        first = start[number]
        for row in range(start[number], start[number + 1]):
            of_row[row] = made
            if row + 1 == start[number + 1] or time[row + 1] - time[row] > window:
                size[made], closeness[made] = _close_share(account, time, (first, row + 1), window, seen)
                opened[made], lasted[made] = time[first], time[row] - time[first]
                made += 1
                first = row + 1
    return of_row, size[:made].copy(), closeness[:made].copy(), opened[:made].copy(), lasted[:made].copy()


@jit
def object_closeness(account: Array, time: Array, start: Array, objects: Array, window: int) -> Array:
    """The share of pairs of shares of each of ``objects`` within ``window``; shape (objects,)."""
    found = np.empty(len(objects), np.float64)
    seen = _unseen(account)
    for number in range(len(objects)):
        stretch = (start[objects[number]], start[objects[number] + 1])
        found[number] = _close_share(account, time, stretch, window, seen)[1]
    return found


@jit
def expect_free(
    habits: tuple[Array, Array, Array],
    first_kind: Array,
    kinds: Array,
    speed: Array,
    pairs: tuple[Array, Array],
) -> Array:
    """Expected common objects outside feeds, for each pair (one, other) of accounts.

    ``habits`` is (begin, stretch, rate): rows ``begin[a]:begin[a + 1]`` are the stretches of account ``a`` in
    order and its part of all participations there. Columns ``first_kind[s]:first_kind[s + 1]`` of ``kinds``
    are, for each size of bursts in stretch ``s``: the size, how many bursts, and their mean closeness.
    ``speed`` is by account.
    """
    begin, stretch, rate = habits
    one, other = pairs
    found = np.zeros(len(one))
    for pair in range(len(one)):
        left, left_end = begin[one[pair]], begin[one[pair] + 1]
        right, right_end = begin[other[pair]], begin[other[pair] + 1]
        quick = speed[one[pair]] * speed[other[pair]]
        total = 0.0
        while left < left_end and right < right_end:
            if stretch[left] < stretch[right]:
                left += 1
            elif stretch[left] > stretch[right]:
                right += 1
            else:
                for kind in range(first_kind[stretch[left]], first_kind[stretch[left] + 1]):
                    a = 1.0 - np.exp(-kinds[0, kind] * rate[left])
                    b = 1.0 - np.exp(-kinds[0, kind] * rate[right])
                    total += a * b * kinds[1, kind] * max(kinds[2, kind], quick)
                left += 1
                right += 1
        found[pair] = total
    return found


@jit
def expect_feed(
    fitness: tuple[Array, Array], delays: Array, closeness: Array, one: Array, other: Array
) -> Array:
    """Expected common objects inside one feed, for each pair of its accounts.

    ``fitness`` is by account and by object. Row ``a`` of ``delays`` is how an account's delays behind the
    first share are spread over bins of half a window; two delays at most two bins apart are close.
    ``closeness`` is by object and holds for delays beyond the last bin.
    """
    x, y = fitness
    found = np.zeros(len(one))
    bins = delays.shape[1]
    for pair in range(len(one)):
        a, b = one[pair], other[pair]
        close = 0.0
        for i in range(bins):
            near = delays[b, max(0, i - 2) : min(bins, i + 3)].sum()
            close += delays[a, i] * near
        total = 0.0
        for number in range(len(y)):
            joint = (x[a] * y[number] / (1.0 + x[a] * y[number])) * (
                x[b] * y[number] / (1.0 + x[b] * y[number])
            )
            total += joint * max(closeness[number], close)
        found[pair] = total
    return found
