"""Co-sharing: edges against brute force, the null model, planted worlds."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.detect.sharing import (
    Edges,
    Plan,
    Shares,
    co_message_edges,
    co_share_pair_edges,
    co_sharing_edges,
    codes_of,
    find_concert,
    make_shares,
    sensitivity,
    significant,
)
from tocsin.detect.sharing.null import _fitness
from tocsin.testing.sharing_worlds import make_sharing_world

Row = tuple[int, int, int, int]  # account, object, time, message
rows = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 4), st.integers(0, 40), st.integers(0, 30)), max_size=40
)


def shares_of(found: list[Row]) -> Shares:
    table = np.array(found, dtype=np.int64).reshape(-1, 4)
    return make_shares(table[:, 0], table[:, 1], table[:, 2], table[:, 3])


def as_dict(edges: Edges) -> dict[tuple[int, int], int]:
    keys = zip(edges.first.tolist(), edges.second.tolist(), strict=True)
    return dict(zip(keys, edges.weight.tolist(), strict=True))


@given(rows, st.integers(0, 20), st.integers(1, 3))
def test_edges_count_distinct_objects(found: list[Row], window: int, minimum: int) -> None:
    objects: dict[tuple[int, int], set[int]] = defaultdict(set)
    for (a, o, t, _), (b, p, u, _) in combinations(found, 2):
        if a != b and o == p and abs(t - u) <= window:
            objects[min(a, b), max(a, b)].add(o)
    expected = {pair: len(shared) for pair, shared in objects.items() if len(shared) >= minimum}
    assert as_dict(co_sharing_edges(shares_of(found), window, minimum)) == expected


@given(rows, st.integers(0, 20), st.integers(1, 3))
def test_message_edges_are_those_of_the_self_join(found: list[Row], window: int, minimum: int) -> None:
    # A message is by one account; its rows are the objects in it.
    found = [(m % 6, o, t, m) for _, o, t, m in found]
    messages: dict[tuple[int, int], set[int]] = defaultdict(set)
    for a, o, t, m in found:
        for b, p, u, _ in found:
            if o == p and abs(t - u) <= window:
                messages[a, b].add(m)
    expected = {pair: len(own) for pair, own in messages.items() if len(own) >= minimum}
    assert as_dict(co_message_edges(shares_of(found), window, minimum)) == expected


@given(rows, st.integers(0, 20), st.integers(1, 4))
def test_pair_edges_follow_the_two_filters(found: list[Row], window: int, participation: int) -> None:
    found = [(m % 6, o, t, m) for _, o, t, m in found]
    count: dict[int, int] = defaultdict(int)
    for a, *_ in found:
        count[a] += 1
    active = [row for row in found if count[row[0]] >= participation]
    pairs = [
        (one, other)
        for one, other in combinations(active, 2)
        if one[1] == other[1] and abs(one[2] - other[2]) <= window
        if one[0] != other[0] and one[3] != other[3]
    ]
    paired = {row[3] for pair in pairs for row in pair}
    often: dict[int, int] = defaultdict(int)
    for a, _, _, m in active:
        often[a] += m in paired
    strong = {m for a, _, _, m in active if m in paired and often[a] >= participation}
    weight: dict[tuple[int, int], int] = defaultdict(int)
    for one, other in pairs:
        if one[3] in strong or other[3] in strong:
            weight[min(one[0], other[0]), max(one[0], other[0])] += 1
    assert as_dict(co_share_pair_edges(shares_of(found), window, participation)) == dict(weight)


@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(found: list[Row], random: object) -> None:
    mixed = list(found)
    random.shuffle(mixed)  # type: ignore[attr-defined]
    assert as_dict(co_sharing_edges(shares_of(found), 9)) == as_dict(co_sharing_edges(shares_of(mixed), 9))


def test_missing_values_never_match() -> None:
    codes, names = codes_of(["", None, "b", "a", ""])
    assert names == ["a", "b"]
    assert codes.tolist() == [-1, -1, 1, 0, -1]
    nothing = make_shares(np.arange(5), codes, np.zeros(5))
    assert len(nothing) == 2
    assert not len(co_sharing_edges(nothing, 100))
    assert find_concert(make_shares(np.zeros(0), np.zeros(0), np.zeros(0)), Plan()).groups == 0


def test_bad_arguments_are_refused() -> None:
    with pytest.raises(ValueError, match="one account"):
        make_shares(np.zeros(2), np.zeros(3), np.zeros(3))
    shares = make_shares(np.zeros(2), np.zeros(2), np.zeros(2))
    with pytest.raises(ValueError, match="window"):
        co_sharing_edges(shares, -1)


def test_fitness_reproduces_the_degrees() -> None:
    draw = np.random.default_rng(3)
    links = draw.random((30, 80)) < draw.uniform(0.05, 0.9, (30, 1))
    degree, popularity = links.sum(axis=1), links.sum(axis=0)
    x, y = _fitness(degree[degree > 0], popularity[popularity > 0])
    joint = np.outer(x, y) / (1 + np.outer(x, y))
    assert np.allclose(joint.sum(axis=1), degree[degree > 0], rtol=1e-3)
    assert np.allclose(joint.sum(axis=0), popularity[popularity > 0], rtol=1e-3)


def test_the_correction_counts_pairs_never_looked_at() -> None:
    p = np.array([0.02, 1e-6, 0.0004])
    assert significant(p, 3, 0.05).tolist() == [True, True, True]
    assert significant(p, 1000, 0.05).tolist() == [False, True, False]
    assert significant(np.zeros(0), 0, 0.05).tolist() == []


@pytest.mark.parametrize("seed", range(4))
def test_a_world_without_a_group_has_none(seed: int) -> None:
    print(f"seed {seed}")
    world = make_sharing_world(seed)
    found = find_concert(world.shares, Plan())
    assert found.candidates > 300  # plenty of pairs share three things in two minutes
    assert found.groups == 0


@pytest.mark.parametrize("seed", range(4))
def test_a_planted_group_is_found_and_nobody_else(seed: int) -> None:
    print(f"seed {seed}")
    world = make_sharing_world(seed, group=8)
    found = find_concert(world.shares, Plan())
    assert found.groups == 1
    assert tuple(np.flatnonzero(found.group == 0).tolist()) == world.planted


def test_every_setting_changes_something() -> None:
    shares = make_sharing_world(1, group=8).shares
    base = find_concert(shares, Plan())
    assert find_concert(shares, Plan(window=5)).candidates != base.candidates
    assert find_concert(shares, Plan(repeats=16)).groups == 0
    assert find_concert(shares, Plan(members=9)).groups == 0
    assert len(find_concert(shares, Plan(rate=1e-40)).edges) < len(base.edges)
    assert len(find_concert(shares, Plan(feed_followers=10_000)).edges) > len(base.edges)
    some = set(np.flatnonzero(base.group >= 0).tolist()[:5])
    rows = [
        (window, least, len(accounts), len(accounts & some))
        for window, least, accounts in sensitivity(shares, Plan(), (5, 120), (3, 16))
    ]
    assert [row[:2] for row in rows] == [(5, 3), (5, 16), (120, 3), (120, 16)]
    assert rows[2][2:] == (8, 5)
    assert rows[3][2:] == (0, 0)
