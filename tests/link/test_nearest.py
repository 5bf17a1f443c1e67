from __future__ import annotations

from unittest.mock import patch

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link import nearest
from tocsin.link.nearest import KEPT, KnownNeighbours, Nearest, Vectors, nearest_across
from tocsin.model import TABLES
from tocsin.model.arrow import arrow_schema


def vectors(rng: np.random.Generator, count: int, most: int = 2) -> Vectors:
    """Short vectors of few different numbers, so that many similarities are equal."""
    numbers = rng.integers(-most, most, endpoint=True, size=(count, 4)).astype(np.int8)
    return (
        Vectors.packed([row.tobytes() for row in numbers])
        if count
        else Vectors.of_units(np.zeros((0, 4), "f"))
    )


def plainly(one: Vectors, other: Vectors, *, turned: bool = False) -> list[list[tuple[int, float]]]:
    """The nearest of each row by sorting all."""
    similar = one.similar(other).T if turned else one.similar(other)
    return [sorted(enumerate(row.tolist()), key=lambda item: (-item[1], item[0]))[:KEPT] for row in similar]


def listed(near: Nearest) -> list[list[tuple[int, float]]]:
    return [
        [(n, s) for n, s in zip(others, similar, strict=True) if n >= 0]
        for others, similar in zip(near.others.tolist(), near.similar.tolist(), strict=True)
    ]


@given(st.integers(0, 2**31), st.integers(0, 14), st.integers(0, 14), st.integers(1, 5), st.integers(6, 9))
def test_the_nearest_are_those_of_all_whatever_the_blocks(
    seed: int, n: int, m: int, block: int, sample: int
) -> None:
    rng = np.random.default_rng(seed)
    one, other = vectors(rng, n), vectors(rng, m)
    with patch.object(nearest, "_BLOCK", block), patch.object(nearest, "_SAMPLE", sample):
        there, back = nearest_across(one, other)
    assert listed(there) == (plainly(one, other) if m else [[]] * n)
    assert listed(back) == (plainly(one, other, turned=True) if n else [[]] * m)


@given(st.integers(0, 2**31), st.integers(1, 4), st.lists(st.floats(0, 1), min_size=1, max_size=3))
def test_days_with_what_was_kept_give_one_run(seed: int, block: int, shares: list[float]) -> None:
    """Wordings of two languages come in batches, new ones anywhere among the old."""
    rng = np.random.default_rng(seed)
    total = 24
    every = vectors(rng, total, most=3)
    in_other, when = rng.random(total) < 0.5, rng.random(total)
    ids = [f"w{number:02}" for number in range(total)]
    previous: dict[str, object] = {}
    with patch.object(nearest, "_BLOCK", block), patch.object(nearest, "_WORTH", 0):
        for share in [*sorted(shares), 1.0]:
            here = np.flatnonzero(when <= share)
            names = [ids[row] for row in here]
            sides = np.flatnonzero(~in_other[here]), np.flatnonzero(in_other[here])
            pair = every.take(here[sides[0]]), every.take(here[sides[1]])
            kept, anew = KnownNeighbours(previous, names), KnownNeighbours({}, names)
            found, wanted = kept.across(sides, pair), anew.across(sides, pair)
            assert [listed(near) for near in found] == [listed(near) for near in wanted]
            assert kept.table().equals(anew.table())
            previous = {"wording_neighbours": kept.table()}


def test_where_a_wording_has_gone_nothing_is_taken_over() -> None:
    rng = np.random.default_rng(1)
    pair = vectors(rng, 3), vectors(rng, 9)
    sides = np.arange(3), np.arange(3, 12)
    with patch.object(nearest, "_WORTH", 0):
        before = KnownNeighbours({}, [f"w{n:02}" for n in range(12)])
        before.across(sides, pair)
        fewer = pair[0], pair[1].take(np.arange(8))
        after = KnownNeighbours({"wording_neighbours": before.table()}, [f"w{n:02}" for n in range(11)])
        anew = KnownNeighbours({}, [f"w{n:02}" for n in range(11)])
        sides = np.arange(3), np.arange(3, 11)
        assert [listed(near) for near in after.across(sides, fewer)] == [
            listed(near) for near in anew.across(sides, fewer)
        ]
        assert after.table().equals(anew.table())


def test_small_pairs_of_languages_are_not_kept() -> None:
    rng = np.random.default_rng(2)
    known = KnownNeighbours({}, ["a", "b"])
    known.across((np.arange(1), np.arange(1, 2)), (vectors(rng, 1), vectors(rng, 1)))
    assert known.table().num_rows == 0
    assert known.table().schema.equals(arrow_schema(TABLES["wording_neighbours"]))


def test_similarities_do_not_depend_on_what_else_is_multiplied() -> None:
    rng = np.random.default_rng(3)
    numbers = rng.integers(-127, 127, endpoint=True, size=(300, 896)).astype(np.int8)
    every = Vectors.packed([row.tobytes() for row in numbers])
    whole = every.similar(every)
    for rows, columns in (
        (slice(0, 1), slice(5, 6)),
        (slice(7, 20), slice(0, 299)),
        (slice(0, 300), slice(3, 4)),
    ):
        part = every.take(np.arange(300)[rows]).similar(every.take(np.arange(300)[columns]))
        assert np.array_equal(part, whole[rows, columns])
    exact = (numbers[0].astype(int) @ numbers[1].astype(int)) / np.sqrt(
        (numbers[0].astype(int) ** 2).sum() * (numbers[1].astype(int) ** 2).sum()
    )
    assert abs(float(whole[0, 1]) - exact) < 1e-6
