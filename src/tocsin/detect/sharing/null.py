"""What chance alone would bring: the null model of co-sharing.

The null keeps, for every account, how many things it shared in each stretch of time, and for every object how
many accounts shared it, and asks how often two accounts would then have met. Three parts:

- Shares of one object that follow each other within the window are a *burst* of d accounts. Within a stretch
  of time with E participations, an account with k of them takes part in a given burst with probability
  1 − exp(−d·k/E) (Chung and Lu 2002, with saturation, so that a viral object or a tireless account cannot
  count more than once), and two accounts meet in it if their shares were also close.
- A *feed* is a class of objects (a site, a wire service) that many accounts pass on. Its subscribers share
  all of it, and quickly; that is a habit, no concert. Inside a feed the expectation is that of the bipartite
  configuration model (Saracco et al. 2015), which keeps how much of the feed each account passes on and how
  widely each object went, and the delays are the accounts' own.
- The number of objects on which two accounts met is a sum of independent rare events; its upper tail is at
  most that of the Poisson law with the same mean (Hoeffding 1956), so these p-values err on the safe side.

The p-values are corrected by Benjamini and Hochberg (1995) over **all pairs** of accounts, met or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.sharing.edges import Edges
from tocsin.detect.sharing.shares import Shares, distinct_pairs

__all__ = ["Expectation", "expect", "significant"]

Floats = NDArray[np.float64]

_HOUR = 3600
#: A stretch of time needs that many participations for its rates to mean anything; thinner ones are pooled.
_PARTICIPATIONS = 20
#: Delays behind the first share of a feed's item, in bins of half a window.
_DELAY_BINS = 40


@dataclass(frozen=True, slots=True)
class Expectation:
    """For each edge: the expected number of common objects under the null, and the p-value of its weight.

    ``in_feeds`` is the part of the expectation that comes from feeds. Arrays of shape (edges,).
    """

    mean: Floats
    in_feeds: Floats
    p_value: Floats


def expect(shares: Shares, edges: Edges, window: int, feed_followers: int) -> Expectation:
    """The expectation and p-value of every edge.

    Parameters
    ----------
    shares, edges: ``edges`` as ``co_sharing_edges(shares, window, …)`` gives them.
    window: seconds.
    feed_followers: a class of objects is a feed when at least that many accounts shared three of its objects.
    """
    from scipy.special import pdtrc  # the Poisson law's upper tail; ``scipy.stats`` takes a second to import

    from tocsin.detect.sharing import kernels

    feeds = _feeds(shares, feed_followers)
    in_feed = feeds[shares.object] >= 0
    free = kernels.expect_free(*_free(shares, window, ~in_feed), (edges.first, edges.second))
    fed = _expect_feeds(shares, edges, window, feeds) if in_feed.any() else np.zeros(len(edges))
    mean = free + fed
    return Expectation(mean, fed, pdtrc(edges.weight - 1, np.maximum(mean, 1e-12)))


_Array = NDArray[Any]


def _feeds(shares: Shares, followers: int) -> NDArray[np.int32]:
    """The feed of each object, or -1; shape (objects,)."""
    of_object = np.full(shares.objects, -1, dtype=np.int32)
    known = shares.feed >= 0
    if not known.any():
        return of_object
    of_object[shares.object[known]] = shares.feed[known]
    account, object_, _, _ = distinct_pairs(shares.account[known], shares.object[known])
    feed, _, _, counts = distinct_pairs(of_object[object_], account)
    regulars = np.bincount(feed[counts >= 3], minlength=int(of_object.max()) + 1)
    of_object[of_object >= 0] = np.where(
        regulars[of_object[of_object >= 0]] >= followers, of_object[of_object >= 0], -1
    )
    return of_object


def _stretches(hour: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """The stretch of time of each burst: its hour, or where hours are thin the same three hours of the day in
    its week, or in all weeks. Codes from 0, shape (bursts,)."""
    block, week = (hour % 24) // 3, hour // 168
    levels = [hour, week * 8 + block, block]
    chosen = np.full(len(hour), -1, dtype=np.int64)
    offset = 0
    for number, level in enumerate(levels):
        names, codes = np.unique(level, return_inverse=True)
        enough = np.bincount(codes, weights=size) >= _PARTICIPATIONS
        take = (chosen < 0) & (enough[codes] | (number == len(levels) - 1))
        chosen[take] = codes[take] + offset
        offset += len(names)
    found: NDArray[np.int64] = np.unique(chosen, return_inverse=True)[1]
    return found


def _free(
    shares: Shares, window: int, rows: NDArray[np.bool_]
) -> tuple[tuple[_Array, _Array, _Array], _Array, _Array, _Array]:
    """The first arguments of ``kernels.expect_free``, from the shares outside feeds."""
    from tocsin.detect.sharing import kernels

    of_row, size, closeness, opened, lasted = kernels.bursts(
        shares.account, shares.time, shares.start, window
    )
    # Activity counts every share, those of feeds as well; what is to be explained are the bursts outside
    # feeds.
    stretch = _stretches(opened // _HOUR, size)
    total = np.bincount(stretch, weights=size)
    account, burst, _, _ = distinct_pairs(shares.account, of_row)
    account, when, _, count = distinct_pairs(account, stretch[burst])
    begin = np.searchsorted(account, np.arange(shares.accounts + 1))
    used = np.zeros(len(size), np.bool_)
    used[of_row[rows]] = True
    of_kind, kind, which, bursts = distinct_pairs(stretch[used], size[used])
    close = np.bincount(which, weights=closeness[used], minlength=len(kind)) / bursts
    first_kind = np.searchsorted(of_kind, np.arange(len(total) + 1))
    # Who is habitually quick: only in bursts longer than the window can one be slow. One slow share more than
    # was seen keeps an account with two shares from counting as a machine.
    long = rows & (lasted[of_row] > window)
    quick = long & (shares.time - opened[of_row] <= window)
    often = np.bincount(shares.account[long], minlength=shares.accounts)
    speed = np.bincount(shares.account[quick], minlength=shares.accounts) / (often + 1.0)
    table = np.stack((kind.astype(np.float64), bursts.astype(np.float64), close))
    habits = (begin, when, count / total[when])
    return habits, first_kind, table, speed


def _expect_feeds(shares: Shares, edges: Edges, window: int, feeds: NDArray[np.int32]) -> Floats:
    """The expectation inside each feed, summed over feeds."""
    from tocsin.detect.sharing import kernels

    total = np.zeros(len(edges))
    for feed in np.unique(feeds[feeds >= 0]):
        rows = np.flatnonzero(feeds[shares.object] == feed)
        opened = shares.time[shares.start[shares.object[rows]]]
        pairs, first = np.unique(
            np.stack((shares.account[rows], shares.object[rows])), axis=1, return_index=True
        )
        accounts, account = np.unique(pairs[0], return_inverse=True)
        objects, object_ = np.unique(pairs[1], return_inverse=True)
        degree, popularity = np.bincount(account), np.bincount(object_)
        x, y = _fitness(degree, popularity)
        late = 2 * (shares.time[rows] - opened)[first] // max(window, 1)
        counted = late < _DELAY_BINS
        spread = np.zeros((len(accounts), _DELAY_BINS))
        np.add.at(spread, (account[counted], late[counted]), 1.0)
        delays = spread / degree[:, None]
        closeness = kernels.object_closeness(shares.account, shares.time, shares.start, objects, window)
        place = np.full(shares.accounts, -1, dtype=np.int64)
        place[accounts] = np.arange(len(accounts))
        one, other = place[edges.first], place[edges.second]
        both = (one >= 0) & (other >= 0)
        total[both] += kernels.expect_feed((x, y), delays, closeness, one[both], other[both])
    return total


def _fitness(rows: NDArray[np.int64], columns: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Fitnesses x, y of the bipartite configuration model: Σ x·y/(1 + x·y) equals the degrees.

    Solved by fixed-point iteration over the distinct degrees (Vallarano et al. 2021). A row joined to every
    column has infinite fitness; 1e9 stands for it.
    """
    row, row_of, row_count = np.unique(rows, return_inverse=True, return_counts=True)
    column, column_of, column_count = np.unique(columns, return_inverse=True, return_counts=True)
    links = float(rows.sum())
    x, y = row / np.sqrt(links), column / np.sqrt(links)
    for _ in range(500):
        before = x
        x = row / (column_count * y / (1 + np.outer(x, y))).sum(axis=1)
        x = np.minimum(x, 1e9)
        y = column / (row_count * x / (1 + np.outer(y, x))).sum(axis=1)
        y = np.minimum(y, 1e9)
        if np.max(np.abs(x - before) / x) < 1e-6:
            break
    return x[row_of], y[column_of]


def significant(p_values: Floats, tests: int, rate: float) -> NDArray[np.bool_]:
    """Which p-values stand at a false discovery rate, out of ``tests`` tests of which these are the smallest.

    Benjamini and Hochberg (1995). The tests not given count as never significant, so that looking only at
    pairs that met makes nothing significant.
    """
    order = np.argsort(p_values, kind="stable")
    bound = rate * np.arange(1, len(order) + 1) / max(tests, 1)
    passed = np.flatnonzero(p_values[order] <= bound)
    found = np.zeros(len(order), np.bool_)
    if len(passed):
        found[order[: passed[-1] + 1]] = True
    return found
