"""Who shared the same things at nearly the same time: edges between accounts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.sharing.shares import Shares

__all__ = ["Edges", "co_message_edges", "co_share_pair_edges", "co_sharing_edges"]

Ints = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Edges:
    """Edges ordered by ``first``, then ``second``: account codes and a weight; arrays of shape (edges,)."""

    first: Ints
    second: Ints
    weight: Ints

    def __len__(self) -> int:
        return len(self.first)


def _edges(shares: Shares, window: int, minimum: int, unit: Ints, options: tuple[bool, bool]) -> Edges:
    from tocsin.detect.sharing import kernels

    if window < 0 or minimum < 1:
        raise ValueError("a window is not negative and a weight is at least 1")
    bounds = kernels.window_bounds(shares.time, shares.start, window)
    order, begin = kernels.order_by_code(shares.account, shares.accounts)
    if unit is not shares.object:
        # Rows come by object; equal units of one account must be neighbours.
        by_unit = np.lexsort((np.arange(len(order)), unit[order], shares.account[order]))
        order = order[by_unit]
    found = kernels.count_pairs(shares.account, unit, bounds, (order, begin), minimum, options)
    return Edges(*found)


def co_sharing_edges(shares: Shares, window: int, minimum: int = 1) -> Edges:
    """Undirected edges (first < second) weighted by the **distinct objects** both shared within ``window``
    seconds.

    An object that two accounts share ten times over counts once: repetition over different objects is what
    chance does not bring. Raises ValueError for a negative window or a minimum below 1.
    """
    return _edges(shares, window, minimum, shares.object, (False, False))


def co_message_edges(shares: Shares, window: int, minimum: int = 1, *, loops: bool = True) -> Edges:
    """Directed edges weighted by the distinct messages of the first account that the second matches.

    The definition of the QUT coordination-network-toolkit (Graham et al. 2020), whose edge a→b and b→a may
    differ; with ``loops`` each account also meets itself, as there.
    """
    return _edges(shares, window, minimum, shares.message, (True, loops))


def co_share_pair_edges(
    shares: Shares, window: int, participation: int = 2, itself: Ints | None = None
) -> Edges:
    """Undirected edges weighted by pairs of shares within ``window`` seconds.

    The definition of CooRTweet (Righetti and Balluff 2023), ``detect_groups`` then ``generate_network``:
    accounts with fewer than ``participation`` shares are left out first; then pairs count of which at least
    one message belongs to an account with ``participation`` shares among the messages of all pairs.
    ``itself`` is the message that each object is (a post that others repost), or -1, shape (objects,): it
    forms no pair with its reposts.
    """
    from tocsin.detect.sharing import kernels

    active = np.bincount(shares.account, minlength=shares.accounts) >= participation
    chosen = _of_rows(shares, active[shares.account])
    pairing = chosen if itself is None else _of_rows(chosen, chosen.message != itself[chosen.object])
    bounds = kernels.window_bounds(pairing.time, pairing.start, window)
    messages = int(shares.message.max(initial=-1)) + 1
    paired = kernels.messages_in_pairs(pairing.account, pairing.message, bounds, messages)
    rows = paired[chosen.message]
    often = np.bincount(chosen.account[rows], minlength=chosen.accounts) >= participation
    strong = np.zeros(messages, np.bool_)
    strong[chosen.message[rows & often[chosen.account]]] = True
    by_account = kernels.order_by_code(pairing.account, pairing.accounts)
    return Edges(*kernels.count_strong_pairs(pairing.account, pairing.message, bounds, by_account, strong))


def _of_rows(shares: Shares, rows: NDArray[np.bool_]) -> Shares:
    start = np.concatenate(([0], np.cumsum(rows)))[shares.start]
    return Shares(
        account=shares.account[rows],
        object=shares.object[rows],
        time=shares.time[rows],
        message=shares.message[rows],
        feed=shares.feed[rows],
        start=start.astype(np.int64),
        accounts=shares.accounts,
    )
