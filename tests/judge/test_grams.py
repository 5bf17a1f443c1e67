"""Four-letter sequences shared by a question and entries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.judge.factchecks.grams import rareness_of, shared_grams

BASE = [
    "The duck of Velmora is yellow",
    "The duck of Velmora is painted blue",
    "Жёлтая утка уплыла из Вельморы",
    "",
]
TEXTS = st.text(max_size=60)


def test_the_same_words_have_cosine_and_shares_of_one() -> None:
    plain, rare = shared_grams(rareness_of(BASE), BASE[0], "", [(BASE[0], BASE[2]), (BASE[1], "")])
    assert plain[0].tolist() == pytest.approx([1, 0, 1], abs=1e-6)
    assert rare[0].tolist() == pytest.approx([1, 0, 0, 1, 0, 0], abs=1e-6)
    assert 0 < plain[1, 0] < 1
    assert rare[1, 2] < 0 > rare[1, 5]


def test_what_is_rare_weighs_more() -> None:
    """Each entry shares one word of six letters with the question; one of them stands everywhere."""
    rareness = rareness_of([f"common word {n}" for n in range(50)] + ["unique word"])
    plain, rare = shared_grams(rareness, "common unique", "", [("common", ""), ("unique", "")])
    assert plain[0, 2] == plain[1, 2]
    assert rare[0, 3] < rare[1, 3]


def test_the_author_counts_only_where_it_is_said_to() -> None:
    rareness = rareness_of(BASE)
    plain, rare = shared_grams(rareness, "is yellow", "Velmora", [("Velmora", "")])
    assert plain[0, 0] == 0
    assert rare[0, 0] > 0


@given(st.lists(TEXTS, max_size=6), TEXTS, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=5))
def test_shares_and_cosines_are_between_none_and_all(
    base: list[str], text: str, author: str, entries: list[tuple[str, str]]
) -> None:
    plain, rare = shared_grams(rareness_of(base), text, author, entries)
    assert plain.shape == (len(entries), 3)
    assert rare.shape == (len(entries), 6)
    parts = np.concatenate([plain, rare[:, :2], rare[:, 3:5]], axis=1)
    assert ((parts >= 0) & (parts <= 1 + 1e-5)).all()
    assert (rare[:, [2, 5]] <= 0).all()


@given(st.lists(TEXTS, min_size=1, max_size=8))
def test_rareness_does_not_depend_on_the_order_of_the_base(base: list[str]) -> None:
    one, other = rareness_of(base), rareness_of(base[::-1])
    assert one.codes.tolist() == other.codes.tolist()
    assert one.idf.tolist() == other.idf.tolist()
