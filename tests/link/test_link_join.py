"""Near-duplicates: every pair reported is one, and those an exact search finds are found."""

from __future__ import annotations

from random import Random

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.link.fold import folded
from tocsin.link.join import (
    Banding,
    NearIndex,
    collapse,
    near_pairs,
    pair_similarity,
    similar_pairs,
    sketches_of,
)
from tocsin.link.passages import GUARANTEED, evidence_of, fingerprints_of, passage_candidates

WORDS = ("фонарь", "верблюд", "чайник", "пряник", "утка", "lantern", "camel", "teapot", "otter", "quay")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=0, max_size=14).map(" ".join)


def _shingles(text: str) -> set[str]:
    words = folded(text)
    return {words[at : at + 5] for at in range(max(1, len(words) - 4))} if words else set()


def _exact(texts: list[str], threshold: float) -> set[tuple[int, int]]:
    """All pairs of distinct folded texts at or above the threshold, by brute force over strings."""
    sets: dict[str, int] = {}
    for row, text in enumerate(texts):
        if folded(text):
            sets.setdefault(folded(text), row)
    rows = [(row, _shingles(texts[row])) for row in sorted(sets.values())]
    return {
        (i, j)
        for i, one in rows
        for j, other in rows
        if i < j and len(one & other) >= threshold * len(one | other)
    }


def _edited(rng: Random, number: int) -> list[str]:
    """Texts of which many are edits of others, by several words."""
    vocabulary = [f"{rng.choice(WORDS)}{rng.randrange(100)}" for _ in range(300)]
    texts: list[str] = []
    for _ in range(number):
        if texts and rng.random() < 0.6:
            words = rng.choice(texts).split()
            for _ in range(rng.randrange(4)):
                words[rng.randrange(len(words))] = rng.choice(vocabulary)
        else:
            words = [rng.choice(vocabulary) for _ in range(rng.randrange(8, 30))]
        texts.append(" ".join(words))
    return texts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ёлки — палки!", "елки палки"),
        ("𝕋𝕣𝕦𝕖 lanterns ☀️", "true LANTERNS"),
        ("об'єкт", "обʼєкт"),
        ("read https://example.org/x?a=1 now @somebody", "Read now"),
        ("Café", "cafe\u0301"),
        ("한국 teapot", "한국 Teapot"),
    ],
)
def test_what_is_the_same_to_a_reader_folds_to_the_same(one: str, other: str) -> None:
    assert folded(one) == folded(other) != ""


def test_a_mail_address_is_no_name_and_hangul_syllables_differ() -> None:
    assert folded("write to a@b.example") == "write to a b example"
    assert folded("한") != folded("하")


def test_recall_against_exact_search() -> None:
    texts = _edited(Random(5), 450)
    wanted = _exact(texts, 0.7)
    found = similar_pairs(pa.array(texts), 0.7)
    pairs = set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert len(wanted) > 80
    assert pairs <= wanted, "a pair below the threshold was reported"
    assert len(pairs & wanted) >= 0.998 * len(wanted)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXTS, max_size=12))
def test_similarity_is_that_of_the_string_sets(texts: list[str]) -> None:
    rows = [row for row, text in enumerate(texts) if folded(text)]
    left = np.array([i for i in rows for j in rows], np.int64)
    right = np.array([j for i in rows for j in rows], np.int64)
    similar, contained = pair_similarity(pa.array(texts, pa.string()), left, right)
    for i, j, value, part in zip(left, right, similar, contained, strict=True):
        one, other = _shingles(texts[i]), _shingles(texts[j])
        assert value == pytest.approx(len(one & other) / len(one | other))
        assert part == pytest.approx(len(one & other) / min(len(one), len(other)))


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_adding_in_batches_finds_what_one_batch_finds(seed: int, size: int) -> None:
    texts = sorted(set(_edited(Random(seed), 60)))
    sketches = sketches_of(pa.array(texts)).bytes
    whole = NearIndex().add(sketches)
    index, pairs = NearIndex(), set()
    for at in range(0, len(texts), size):
        found = index.add(sketches[at : at + size])
        pairs |= set(zip(found.left.tolist(), found.right.tolist(), strict=True))
    assert pairs == set(zip(whole.left.tolist(), whole.right.tolist(), strict=True))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000), st.integers(2, 60), st.floats(0, 1))
def test_pairs_of_some_texts_are_those_of_all_with_them(seed: int, widest: int, share: float) -> None:
    rng = Random(seed)
    texts = _edited(rng, 80)
    rng.shuffle(texts)
    sketches, shape = sketches_of(pa.array(texts)).bytes, Banding(widest=widest)
    wanted = np.array([rng.random() < share for _ in texts])
    whole = near_pairs(sketches, np.ones(len(texts), np.bool_), 0.5, banding=shape).tolist()
    some = near_pairs(sketches, wanted, 0.5, banding=shape).tolist()
    assert sorted(some) == sorted(pair for pair in whole if wanted[pair[1]])
    # What a text is compared with depends on those before it alone, in large buckets too.
    half = near_pairs(sketches[:40], np.ones(40, np.bool_), 0.5, banding=shape).tolist()
    assert sorted(half) == sorted(pair for pair in whole if pair[1] < 40)
    prints = fingerprints_of(pa.array(texts))
    left, right = (side.tolist() for side in passage_candidates(*prints))
    kept = [pair for pair in zip(left, right, strict=True) if wanted[pair[1]]]
    assert [pair.tolist() for pair in passage_candidates(*prints, wanted)] == [
        [pair[side] for pair in kept] for side in (0, 1)
    ]


def test_threads_change_nothing() -> None:
    texts = pa.array(_edited(Random(9), 400))
    one, two = similar_pairs(texts, threads=1), similar_pairs(texts, threads=3)
    assert one.left.tolist() == two.left.tolist()
    assert one.similar.tolist() == two.similar.tolist()


def test_a_bucket_too_large_is_counted_and_its_texts_still_meet() -> None:
    stem = "nobody saw the lanterns leave the quay that night and the watch heard only a flute "
    texts = [f"{stem}{number:04d}" for number in range(120)]
    sketches = sketches_of(pa.array(texts)).bytes
    found = NearIndex(0.7, Banding(widest=16)).add(sketches)
    assert found.large_buckets > 0
    assert {*found.left.tolist(), *found.right.tolist()} == set(range(120))


def test_texts_without_words_are_nobodys_duplicate() -> None:
    texts = pa.array(
        ["☀️☀️", "🏮", "https://example.org/a", "https://example.org/b", "", None, "x" * 30, "X" * 30]
    )
    assert not len(similar_pairs(texts).left)


def test_groups_are_numbered_by_their_first_row() -> None:
    digests = sketches_of(pa.array(["b", "a", "B", "c", "a"])).digests
    firsts, groups = collapse(digests)
    assert firsts.tolist() == [0, 1, 3]
    assert groups.tolist() == [0, 1, 0, 2, 1]


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10_000))
def test_any_shared_stretch_of_the_guaranteed_length_leaves_a_fingerprint(seed: int) -> None:
    rng = Random(seed)
    letters = "abcdefghijklmnopqrstuvwxyz"

    def noise(length: int) -> str:
        return "".join(rng.choice(letters) for _ in range(length))

    shared = noise(GUARANTEED)
    texts = pa.array([noise(rng.randrange(80)) + shared + noise(5), shared + noise(rng.randrange(80))])
    left, right = passage_candidates(*fingerprints_of(texts))
    assert (0, 1) in set(zip(left.tolist(), right.tolist(), strict=True))


def test_evidence_quotes_the_same_words_in_both_texts() -> None:
    one = "❗️ **Forty blue lanterns** went missing from the quay on Sunday night (https://example.org/1)"
    other = "Colleagues write: “forty BLUE lanterns went missing from the quay, on Sunday night”. We checked."
    [(left, right)] = evidence_of(pa.array([one, other]), np.array([0]), np.array([1]))
    quoted = " ".join(one[start:end] for start, end in left), " ".join(other[s:e] for s, e in right)
    assert folded(quoted[0]) == folded(quoted[1])
    assert "missing from the quay" in quoted[0]
