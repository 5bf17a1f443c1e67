"""Groups of accounts joined by edges that chance does not explain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.sharing.edges import Edges, co_sharing_edges
from tocsin.detect.sharing.null import Expectation, expect, significant
from tocsin.detect.sharing.shares import Shares, distinct_pairs

__all__ = ["Concert", "Plan", "communities", "find_concert", "joined", "sensitivity"]


@dataclass(frozen=True, slots=True)
class Plan:
    """How co-sharing is looked for.

    ``window``: seconds; ``repeats``: fewest distinct objects of an edge; ``members``: fewest accounts of a
    group; ``rate``: false discovery rate; ``feed_followers``: accounts that make a class of objects a feed.
    """

    window: int = 120
    repeats: int = 3
    members: int = 3
    rate: float = 0.01
    feed_followers: int = 20


@dataclass(frozen=True, slots=True)
class Concert:
    """The edges that stand, what was expected of them, and the group of each account.

    ``group`` has shape (accounts,): codes from 0, largest group first, or -1. ``tests`` is the number of
    pairs of accounts the p-values were corrected for, ``candidates`` how many edges had enough repeats.
    """

    edges: Edges
    expectation: Expectation
    group: NDArray[np.int32]
    tests: int
    candidates: int

    @property
    def groups(self) -> int:
        """How many groups."""
        return int(self.group.max(initial=-1)) + 1


def find_concert(shares: Shares, plan: Plan) -> Concert:
    """Edges significant under the null model, and groups among them; empty when there is nothing.

    Groups are communities of the graph of significant edges, weighted by objects beyond expectation (Louvain,
    Blondel et al. 2008); smaller ones than ``plan.members`` are no groups. Deterministic.
    """
    edges = co_sharing_edges(shares, plan.window, plan.repeats)
    expected = expect(shares, edges, plan.window, plan.feed_followers)
    active = int(np.count_nonzero(_distinct_objects(shares) >= plan.repeats))
    tests = active * (active - 1) // 2
    stand = significant(expected.p_value, tests, plan.rate)
    kept = Edges(edges.first[stand], edges.second[stand], edges.weight[stand])
    beyond = Expectation(expected.mean[stand], expected.in_feeds[stand], expected.p_value[stand])
    group = communities(kept, kept.weight - beyond.mean, shares.accounts, plan.members)
    return Concert(kept, beyond, group, tests, len(edges))


def _distinct_objects(shares: Shares) -> NDArray[np.int64]:
    """Distinct objects by account; shape (accounts,)."""
    found: NDArray[np.int64] = np.bincount(
        distinct_pairs(shares.account, shares.object)[0], minlength=shares.accounts
    )
    return found


def communities(edges: Edges, surplus: NDArray[np.float64], accounts: int, members: int) -> NDArray[np.int32]:
    """The group of each account by the graph of edges, largest first, or -1; shape (accounts,).

    Louvain, weighted by ``surplus``. A pair with several edges counts with their sum. Smaller groups than
    ``members`` are none.
    """
    group = np.full(accounts, -1, dtype=np.int32)
    if len(np.union1d(edges.first, edges.second)) < members:  # nor is networkx imported for nothing
        return group
    import networkx

    pairs, of_pair = np.unique(np.stack((edges.first, edges.second)), axis=1, return_inverse=True)
    weight = np.bincount(np.ravel(of_pair), np.maximum(surplus, 1e-6))
    graph = networkx.Graph()
    graph.add_nodes_from(np.unique(pairs).tolist())
    graph.add_weighted_edges_from(zip(*pairs.tolist(), weight.tolist(), strict=True))
    found = [sorted(c) for c in networkx.community.louvain_communities(graph, seed=1)]
    found = sorted((c for c in found if len(c) >= members), key=lambda c: (-len(c), c))
    for number, community in enumerate(found):
        group[community] = number
    return group


def joined(concerts: Sequence[Concert], plan: Plan) -> NDArray[np.int32]:
    """The group of each account by the edges of several actions together, or -1; shape (accounts,).

    Every edge stands by one action alone; who shares pages with one and words with another is in concert with
    both. Accounts must have the same codes in all of them.
    """
    first, second, weight = (
        np.concatenate([getattr(concert.edges, part) for concert in concerts])
        for part in ("first", "second", "weight")
    )
    expected = np.concatenate([concert.expectation.mean for concert in concerts])
    accounts = len(concerts[0].group)
    return communities(Edges(first, second, weight), weight - expected, accounts, plan.members)


def sensitivity(
    shares: Shares, plan: Plan, windows: tuple[int, ...], repeats: tuple[int, ...]
) -> list[tuple[int, int, set[int]]]:
    """What other settings would have found: (window, repeats, accounts in groups)."""
    rows = []
    for window in windows:
        for least in repeats:
            other = replace(plan, window=window, repeats=least)
            accounts = set(np.flatnonzero(find_concert(shares, other).group >= 0).tolist())
            rows.append((window, least, accounts))
    return rows
