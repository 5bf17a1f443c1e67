from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.retelling import MAYBE, Passages, align, evidence, probability
from tocsin.model import Span


def passages(
    language: str, *rows: tuple[float, ...], letters: tuple[int, ...] = (), figures: tuple[str, ...] = ()
) -> Passages:
    vectors = np.array(rows, np.float32).reshape(len(rows), len(rows[0]) if rows else 2)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    spans = tuple(Span(10 * n, 10 * n + 9) for n in range(len(rows)))
    own = tuple(frozenset((figures[n],) if n < len(figures) else ()) for n in range(len(rows)))
    return Passages(spans, (language,) * len(rows), letters or (10,) * len(rows), own, vectors)


def test_the_share_of_the_letters_is_counted_on_both_sides() -> None:
    one = passages("en", (1, 0, 0), (0, 1, 0), letters=(30, 10))
    other = passages("ru", (1, 0, 0.1), (0, 0, 1), letters=(30, 90))
    found = align(one, other)
    assert found.pairs == ((0, 0),)
    assert found.shares == pytest.approx((0.75, 0.25))
    assert found.excess[0] == pytest.approx(1 / 1.01**0.5 - 0.62, abs=1e-3)


def test_across_languages_a_pair_may_be_less_near() -> None:
    near = (0.66, (1 - 0.66**2) ** 0.5)
    assert not align(passages("ru", (1, 0)), passages("ru", near)).pairs
    assert align(passages("ru", (1, 0)), passages("en", near)).pairs


def test_sentences_with_other_figures_are_no_pair() -> None:
    one = passages("en", (1, 0), figures=("77000",))
    assert not align(one, passages("en", (1, 0), figures=("80000",))).pairs
    assert align(one, passages("en", (1, 0), figures=("77000",))).pairs
    assert align(one, passages("en", (1, 0))).pairs


def test_documents_without_sentences_share_nothing() -> None:
    assert align(passages("en", (1, 0)), passages("en")).shares == (0.0, 0.0)


def _axes(count: int, near: float) -> list[tuple[float, ...]]:
    """Unit rows, each so near to its own axis and to no other's."""
    own = np.eye(2 * count)
    return [tuple(near * own[n] + (1 - near**2) ** 0.5 * own[count + n]) for n in range(count)]


def test_sentences_that_say_little_alone_say_it_together() -> None:
    even, slope = evidence("en", "kk")
    assert (even, slope) == evidence("kk", "en")
    told = passages("en", *_axes(4, 1.0))
    near = align(told, passages("kk", *_axes(4, even - 0.5 / slope)))
    assert near.pairs == ((0, 0), (1, 1), (2, 2), (3, 3))  # each of them below even odds
    assert MAYBE <= near.likely < align(told, passages("kk", *_axes(4, even + 0.1))).likely
    assert align(told, passages("kk", *_axes(4, even - 0.2))).pairs == ()


def test_one_sentence_in_common_makes_no_translation() -> None:
    told = _axes(6, 1.0)
    one, other = passages("en", *told[:3]), passages("ru", told[0], *told[3:5])
    found = align(one, other)
    assert found.pairs == ((0, 0),)
    assert found.likely < MAYBE
    assert found.beside == 0


@given(st.integers(0, 2**31), st.integers(1, 5), st.integers(1, 5))
def test_a_probability_is_one_and_the_same_both_ways(seed: int, n: int, m: int) -> None:
    odds = np.random.default_rng(seed).normal(size=(n, m)) * 4
    pairs = [
        (row, int(odds[row].argmax())) for row in range(n) if odds[:, odds[row].argmax()].argmax() == row
    ]
    found = probability(odds, pairs)
    assert 0 <= found <= 1
    assert found == probability(odds.T, sorted((b, a) for a, b in pairs))


@given(st.integers(0, 2**31), st.integers(1, 6), st.integers(1, 6))
def test_alignment_is_one_to_one_and_symmetric(seed: int, n: int, m: int) -> None:
    rng = np.random.default_rng(seed)
    one = passages("en", *map(tuple, rng.normal(size=(n, 3))))
    other = passages("kk", *map(tuple, rng.normal(size=(m, 3))))
    found, turned = align(one, other), align(other, one)
    assert len({a for a, _ in found.pairs}) == len({b for _, b in found.pairs}) == len(found.pairs)
    assert sorted((b, a) for a, b in turned.pairs) == sorted(found.pairs)
    assert found.shares == pytest.approx(turned.shares[::-1])
    assert (found.likely, found.beside) == (turned.likely, turned.beside)
