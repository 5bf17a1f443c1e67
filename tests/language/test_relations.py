"""From probabilities to ranges of words: cues, places around a cue, roles."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language.relations import (
    CONTENT,
    OUTSIDE,
    PLACE_WIDTH,
    SOURCE,
    Cue,
    decode_cues,
    decode_roles,
    places,
    runs,
)

Ranges = tuple[tuple[int, int], ...]
O, S, C = OUTSIDE, SOURCE, CONTENT  # noqa: E741


def roles(*likeliest: int, sure: float = 0.98) -> np.ndarray:
    """Probabilities (n, 3) with ``sure`` at the role of each word."""
    out = np.full((len(likeliest), 3), (1 - sure) / 2, dtype=np.float32)
    out[np.arange(len(likeliest)), list(likeliest)] = sure
    return out


def decoded(cue: tuple[int, int], chances: np.ndarray) -> tuple[Ranges, Ranges] | None:
    found = decode_roles(Cue(*cue, 0.9), chances, 0.7)
    if found is None:
        return None
    assert (found.cue, found.score) == (Cue(*cue, 0.9), 0.7)
    return found.source, found.content


def test_runs() -> None:
    assert runs(np.array([True, True, False, True])) == [(0, 2), (3, 4)]
    assert runs(np.array([False, True, False])) == [(1, 2)]
    assert runs(np.zeros(3, dtype=bool)) == []
    assert runs(np.zeros(0, dtype=bool)) == []


def test_cues_are_cut_where_a_new_one_begins() -> None:
    tags = np.array([[1, 0, 0], [0.1, 0.8, 0.1], [0.2, 0.1, 0.7], [0.3, 0.6, 0.1], [0.9, 0.1, 0]], np.float32)
    assert [(c.first, c.last) for c in decode_cues(tags, 0.5)] == [(1, 3), (3, 4)]
    assert [c.score for c in decode_cues(tags, 0.5)] == pytest.approx([0.9, 0.7])
    assert [(c.first, c.last) for c in decode_cues(tags, 0.95)] == []
    assert decode_cues(tags[:0], 0.5) == []


def test_a_cue_may_begin_with_an_inner_tag() -> None:
    tags = np.array([[0.2, 0.1, 0.7], [0.2, 0.1, 0.7], [1, 0, 0]], np.float32)
    assert [(c.first, c.last) for c in decode_cues(tags, 0.5)] == [(0, 2)]


@given(st.lists(st.tuples(*[st.integers(1, 1000)] * 3), max_size=20), st.floats(0.05, 0.95))
def test_any_tags_give_cues_that_do_not_overlap(rows: list[tuple[int, ...]], threshold: float) -> None:
    tags = np.array(rows, dtype=np.float32).reshape(-1, 3)
    tags /= tags.sum(axis=1, keepdims=True) if len(tags) else 1
    found = decode_cues(tags, threshold)
    assert all(0 <= c.first < c.last <= len(tags) for c in found)
    assert all(a.last <= b.first for a, b in pairwise(found))
    assert {i for c in found for i in range(c.first, c.last)} == set(
        np.flatnonzero(1 - tags[:, 0] >= threshold).tolist()
    )


def test_places_say_where_a_word_stands() -> None:
    sentence = np.array([0] * 6 + [1] * 40)
    found = places((3, 5), sentence < 0, sentence)
    assert found.shape == (46, PLACE_WIDTH)
    assert found[:, 0].nonzero()[0].tolist() == [3, 4]
    # Each word has one distance in words and one in sentences.
    assert (found[:, 2:].sum(axis=1) == 2).all()
    # Sides differ, what is far is alike.
    assert not np.array_equal(found[2], found[5])
    assert np.array_equal(found[44], found[45])
    with_other = places((3, 5), np.isin(np.arange(46), [4, 9]), sentence)
    assert with_other[:, 1].nonzero()[0].tolist() == [9]


def test_source_and_content_around_a_cue() -> None:
    assert decoded((2, 3), roles(S, S, O, C, C, C, O)) == (((0, 2),), ((3, 6),))
    # What is said may stand on both sides of the cue.
    assert decoded((3, 4), roles(C, C, C, O, S, C, C)) == (((4, 5),), ((0, 3), (5, 7)))


def test_roles_leave_the_cue_alone_and_need_content() -> None:
    chances = np.eye(3, dtype=np.float32)[[S, C, C, O, C]]
    assert decoded((1, 2), chances) == (((0, 1),), ((2, 3), (4, 5)))
    assert decoded((1, 5), chances) is None
    assert decoded((1, 2), roles(S, O, O, O)) is None
    assert decoded((0, 1), np.eye(3, dtype=np.float32)[[O, O]]) is None


def test_an_unsure_hole_in_the_content_is_filled_and_a_sure_one_stays() -> None:
    unsure = roles(S, O, C, C, O, C, C)
    unsure[4] = (0.55, 0.0, 0.45)
    assert decoded((1, 2), unsure) == (((0, 1),), ((2, 7),))
    assert decoded((1, 2), roles(S, O, C, C, O, O, O, C, C)) == (((0, 1),), ((2, 4), (7, 9)))


def test_an_unsure_word_far_from_the_content_stays_outside() -> None:
    unsure = roles(S, O, C, C, O, O, O, O)
    unsure[6] = (0.45, 0.0, 0.55)
    assert decoded((1, 2), unsure) == (((0, 1),), ((2, 4),))


def test_a_likely_source_is_taken_before_a_sure_one_is_missed() -> None:
    nearly = roles(O, O, C, C)
    nearly[0] = (0.55, 0.45, 0.0)
    assert decoded((1, 2), nearly) == (((0, 1),), ((2, 4),))


@given(st.data())
def test_any_chances_give_ranges_apart(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 14))
    first = data.draw(st.integers(0, size - 1))
    last = data.draw(st.integers(first + 1, size))
    rows = data.draw(st.lists(st.tuples(*[st.integers(0, 1000)] * 3), min_size=size, max_size=size))
    chances = np.array(rows, dtype=np.float32) + np.float32(0.1)
    chances /= chances.sum(axis=1, keepdims=True)
    found = decoded((first, last), chances)
    if found is None:
        return
    ranges = sorted([*found[0], *found[1], (first, last)])
    assert all(0 <= a < b <= size for a, b in ranges)
    assert all(a[1] <= b[0] for a, b in pairwise(ranges))
    assert found[1]
