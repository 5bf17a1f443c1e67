"""Words that repeat in a document are drawn together, and nothing else changes."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from heads_helpers import made_core, read
from tocsin.language.names import Names
from tocsin.language.repeats import draw_together

#: O and the four tags of two types.
TAGS = 9


def made(chances: list[dict[int, float]]) -> np.ndarray:
    """Log-probabilities in which the tags given have a chance, and the others share the rest."""
    rows = np.empty((len(chances), TAGS))
    for row, known in zip(rows, chances, strict=True):
        row[:] = (1 - sum(known.values())) / (TAGS - len(known))
        row[list(known)] = list(known.values())
    return np.log(rows).astype(np.float32)


def numbers(*rows: int) -> np.ndarray:
    return np.array(rows, dtype=np.int64)


def test_a_bare_name_follows_the_place_that_introduces_it() -> None:
    # "Lind" ends a name of the first type where it is introduced (tag 3), and stands alone later (tag 4).
    scores = made([{1: 0.97}, {3: 0.97}, {0: 0.9}, {0: 0.55, 4: 0.4}])
    drawn = draw_together(["Boris", "Lind", "said", "Lind"], numbers(0, 0, 1, 1), scores)
    assert drawn[1].argmax() == 3
    assert drawn[3].argmax() == 4
    np.testing.assert_array_equal(drawn[[0, 2]], scores[[0, 2]])
    np.testing.assert_allclose(np.exp(drawn).sum(axis=1), 1, rtol=1e-5)
    # The place that is sure moves less than the other.
    assert (
        abs(np.exp(drawn[1]) - np.exp(scores[1])).sum() < abs(np.exp(drawn[3]) - np.exp(scores[3])).sum() / 3
    )


@pytest.mark.parametrize(
    ("words", "rows"),
    [
        (["Lind", "lind"], numbers(0, 1)),
        (["Lind", "LIND"], numbers(0, 1)),
        (["said", "said"], numbers(0, 1)),
        (["1", "1"], numbers(0, 1)),
        (["Orlo", "Orlo"], numbers(3, 3)),
    ],
)
def test_words_that_are_not_the_same_name_stay(words: list[str], rows: np.ndarray) -> None:
    scores = made([{1: 0.6}, {0: 0.6}])
    assert draw_together(words, rows, scores) is scores


def test_places_of_one_sentence_do_not_count_for_each_other() -> None:
    scores = made([{1: 0.6}, {0: 0.6}, {4: 0.6}])
    drawn = draw_together(["Orlo", "Orlo", "Orlo"], numbers(0, 0, 1), scores)
    (alone, _) = draw_together(["Orlo", "Orlo"], numbers(0, 1), scores[[0, 2]])
    np.testing.assert_allclose(drawn[0], alone, rtol=1e-5)


WORD = st.sampled_from(["Lind", "Orlo", "Ковак", "said", "A", "1", "…"])


@settings(deadline=None)
@given(
    st.lists(st.tuples(WORD, st.integers(0, 1)), max_size=40), st.integers(0, 2**32 - 1), st.floats(0.1, 40)
)
def test_rows_stay_chances_whatever_the_scores(text: list[tuple[str, int]], seed: int, spread: float) -> None:
    words = [word for word, _ in text]
    rows = np.cumsum([new for _, new in text]).astype(np.int64)
    raw = np.random.default_rng(seed).normal(size=(len(words), TAGS)) * spread
    scores = (raw - np.logaddexp.reduce(raw, axis=1, keepdims=True)).astype(np.float32)
    before = scores.copy()
    drawn = draw_together(words, rows, scores)
    np.testing.assert_array_equal(scores, before)
    assert drawn.shape == scores.shape
    np.testing.assert_allclose(np.exp(drawn.astype(np.float64)).sum(axis=1), 1, rtol=1e-4)
    still = [i for i, word in enumerate(words) if not word[0].isupper()]
    np.testing.assert_array_equal(drawn[still], before[still])


@pytest.mark.parametrize(("later", "apart"), [("Then Kovak sang.", False), ("Then ducks sang.", True)])
def test_windows_of_a_document_are_named_together(later: str, apart: bool) -> None:
    names = Names(made_core())
    filling = "the ducks were counted again, and nobody agreed on how many of them there were. " * 12
    first, second = read(f"Anna Kovak lives in Tartu.\n\n{filling}\n\n{later}")
    alone = names.spans([first], ["wikigold"]) + names.spans([second], ["wikigold"])
    assert (names.spans([first, second], ["wikigold"] * 2) == alone) == apart
    # Guides do not mix: tags of one mean something else in another.
    mixed = names.spans([first], ["wikigold"]) + names.spans([second], ["kaznerd"])
    assert names.spans([first, second], ["wikigold", "kaznerd"]) == mixed
