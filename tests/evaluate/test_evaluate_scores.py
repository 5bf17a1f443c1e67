"""The other scorers, against values worked out by hand or by their definition."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.evaluate.scores import (
    Rates,
    Tally,
    average_precision,
    chunks,
    interval,
    mean_absolute_error,
    nearest,
    pearson,
)
from tocsin.evaluate.scores.correlation import moments, pearson_of_sums
from tocsin.evaluate.scores.rates import f_of_sums, mean_of_defined

NUMBERS = st.floats(-100, 100, allow_nan=False).map(lambda x: round(x, 3))


# --- rates -------------------------------------------------------------------------------------


def test_rates_of_counts() -> None:
    rates = Rates(3, 4, 6)
    assert (rates.precision, rates.recall) == (0.75, 0.5)
    assert rates.f1 == pytest.approx(0.6)
    assert (Rates(0, 0, 0).precision, Rates(0, 0, 0).recall, Rates(0, 0, 0).f1) == (0, 0, 0)


@given(st.lists(st.tuples(*[st.integers(0, 50)] * 3), min_size=1))
def test_many_f_at_once(drawn: list[tuple[int, int, int]]) -> None:
    triples = [(min(correct, p, g), p, g) for correct, p, g in drawn]
    found = f_of_sums(np.array(triples, dtype=float))
    assert found == pytest.approx([Rates(*triple).f1 for triple in triples])


def test_a_mean_leaves_out_what_is_not_defined() -> None:
    values = np.array([[1.0, 0.0], [0.5, 0.25], [0.0, 0.0]])
    found = mean_of_defined(values, np.array([[True, False], [True, True], [False, False]]))
    assert found[:2] == pytest.approx([1, 0.375])
    assert np.isnan(found[2])


# --- names -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ("O B-PER I-PER O", [(1, 3, "PER")]),
        ("B-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("I-PER I-PER O I-LOC", [(0, 2, "PER"), (3, 4, "LOC")]),
        ("B-PER I-LOC I-LOC", [(0, 1, "PER"), (1, 3, "LOC")]),
        ("I-PER B-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("B-ORG I-ORG E-ORG S-LOC", [(0, 3, "ORG"), (3, 4, "LOC")]),
        ("B-ORG L-ORG U-LOC I-LOC", [(0, 2, "ORG"), (2, 3, "LOC"), (3, 4, "LOC")]),
        ("E-PER E-PER", [(0, 1, "PER"), (1, 2, "PER")]),
        ("B-creative-work I-creative-work", [(0, 2, "creative-work")]),
        ("", []),
    ],
)
def test_tags_are_read_as_conlleval_reads_them(tags: str, expected: list[tuple[int, int, str]]) -> None:
    assert chunks(tags.split()) == expected


@pytest.mark.parametrize("tag", ["PER", "B-", "B", "X-PER", "O-PER", "", "b-PER"])
def test_other_tags_are_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="neither O nor"):
        chunks(["O", tag])


@given(st.lists(st.tuples(st.integers(1, 3), st.sampled_from(["PER", "LOC", ""]))))
def test_chunks_come_back_from_their_own_tags(parts: list[tuple[int, str]]) -> None:
    tags: list[str] = []
    expected = []
    for length, kind in parts:
        if kind:
            expected.append((len(tags), len(tags) + length, kind))
        tags += [f"B-{kind}", *[f"I-{kind}"] * (length - 1)] if kind else ["O"] * length
    assert chunks(tags) == expected


# --- agreement of numbers ----------------------------------------------------------------------


def test_pearson_and_error_by_hand() -> None:
    x, y = np.array([-3.0, 0.0, 3.0, 2.0]), np.array([-2.0, 1.0, 2.0, 2.0])
    # Deviations -3.5 -.5 2.5 1.5 and -2.75 .25 1.25 1.25: 14.5 / sqrt(21 * 10.75).
    assert pearson(x, y) == pytest.approx(14.5 / (21 * 10.75) ** 0.5)
    assert mean_absolute_error(x, y) == pytest.approx(0.75)


def test_what_has_no_spread_has_no_r() -> None:
    ones, rising = np.ones(3), np.arange(3.0)
    assert pearson(ones, rising) is None
    assert pearson(rising, ones) is None
    assert pearson(rising[:1], rising[:1]) is None
    assert mean_absolute_error(rising[:0], rising[:0]) is None


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=2, max_size=30), st.floats(0.5, 4), NUMBERS)
def test_r_does_not_change_with_scale_and_its_sums_agree(
    pairs: list[tuple[float, float]], scale: float, shift: float
) -> None:
    x, y = (np.array(side) for side in zip(*pairs, strict=True))
    r = pearson(x, y)
    if r is None or np.std(x) < 0.01 or np.std(y) < 0.01:
        return
    assert pearson(x * scale + shift, y) == pytest.approx(r, abs=1e-6)
    sums = moments(x - x.mean(), y - y.mean()).sum(axis=0)
    assert pearson_of_sums(sums[None]) == pytest.approx([r], abs=1e-6)


# --- average precision -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("positive", "scores", "expected"),
    [
        ([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], (1 / 1 + 2 / 3) / 2),
        ([0, 0, 1], [0.9, 0.8, 0.7], 1 / 3),
        ([1, 1, 0], [0.9, 0.8, 0.1], 1.0),
        # One threshold for the first three: precision 2/3 for both of them.
        ([1, 0, 1, 1], [0.5, 0.5, 0.5, 0.1], 2 / 3 * 2 / 3 + 3 / 4 * 1 / 3),
        ([1, 0, 0, 0], [0.5, 0.5, 0.5, 0.5], 1 / 4),
    ],
)
def test_average_precision_by_hand(positive: list[int], scores: list[float], expected: float) -> None:
    assert average_precision(np.array(positive, dtype=bool), np.array(scores)) == pytest.approx(expected)


def test_average_precision_needs_a_positive() -> None:
    assert average_precision(np.zeros(3, dtype=bool), np.arange(3.0)) is None


@given(st.lists(st.tuples(st.booleans(), st.sampled_from([0.1, 0.4, 0.4001, 0.9])), min_size=1, max_size=6))
def test_average_precision_does_not_depend_on_the_order(drawn: list[tuple[bool, float]]) -> None:
    values = set()
    for order in itertools.islice(itertools.permutations(drawn), 0, None, 7):
        positive, scores = (np.array(side) for side in zip(*order, strict=True))
        found = average_precision(positive, scores)
        values.add(None if found is None else round(found, 12))
    assert len(values) == 1


# --- the bootstrap and its sums ----------------------------------------------------------------


def f_of_rows(sums: np.ndarray) -> np.ndarray:
    return f_of_sums(sums)


def test_an_interval_holds_the_figure_and_is_the_same_again() -> None:
    rows = np.array([[i % 3, 3, 4] for i in range(40)], dtype=float)
    first = interval(rows, f_of_rows, resamples=500, seed=7)
    assert first is not None
    assert first.low < float(f_of_sums(rows.sum(axis=0))) < first.high
    assert first == interval(rows, f_of_rows, resamples=500, seed=7)
    assert first != interval(rows, f_of_rows, resamples=500, seed=8)
    assert first.documents == 40


def test_documents_that_are_alike_leave_no_doubt() -> None:
    found = interval(np.tile([2.0, 3.0, 4.0], (9, 1)), f_of_rows, resamples=50, seed=1)
    assert found is not None
    assert found.low == pytest.approx(found.high)


def test_an_interval_covers_as_often_as_it_says() -> None:
    generator = np.random.default_rng(5)
    covered = 0
    for seed in range(200):
        rows = np.stack([generator.binomial(1, 0.4, 60), np.ones(60)], axis=1).astype(float)
        found = interval(rows, lambda s: s[:, 0] / s[:, 1], resamples=300, seed=seed)
        assert found is not None
        covered += found.low <= 0.4 <= found.high
    assert 180 <= covered <= 199


@pytest.mark.parametrize(("documents", "resamples"), [(0, 100), (1, 100), (5, 0)])
def test_no_interval_where_nothing_can_be_drawn(documents: int, resamples: int) -> None:
    assert interval(np.ones((documents, 3)), f_of_rows, resamples=resamples, seed=1) is None


def test_no_interval_where_no_resample_has_a_value() -> None:
    assert interval(np.ones((3, 1)), lambda s: np.full(len(s), np.nan), resamples=5, seed=1) is None


ROWS = st.lists(
    st.tuples(st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 9), st.integers(0, 9))
)


@given(ROWS)
def test_a_tally_adds_up(rows: list[tuple[str, str, int, int]]) -> None:
    tally = Tally(2)
    tally.document("empty")
    for document, name, *counts in rows:
        tally.add(document, name, counts)
    names = ["z", "never", "x"]
    table = tally.matrix(names)
    assert table.shape == (len({"empty", *(row[0] for row in rows)}), 3, 2)
    for at, name in enumerate(names):
        expected = tuple(sum(row[k] for row in rows if row[1] == name) for k in (2, 3))
        assert tally.totals(name) == tuple(table[:, at].sum(axis=0)) == expected


# --- retrieval ---------------------------------------------------------------------------------


def test_the_nearest_is_the_first_with_the_highest_cosine() -> None:
    turn = np.array([0.0, 0.1, 0.5, 0.5])
    candidates = np.stack([np.cos(turn), np.sin(turn)], axis=1).astype(np.float32)
    queries = np.array([[1.0, 0.0], [np.cos(0.49), np.sin(0.49)]], dtype=np.float32)
    best, cosine = nearest(queries, candidates)
    assert best.tolist() == [0, 2]
    assert cosine == pytest.approx([1.0, np.cos(0.01)], abs=1e-6)


def test_blocks_make_no_difference() -> None:
    generator = np.random.default_rng(3)
    rows = generator.normal(size=(1300, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert nearest(rows, rows)[0].tolist() == list(range(1300))
