"""Vectors of texts in several languages: near where they mean the same, each on its own, remembered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import numpy as np
import pytest
from core_helpers import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.language import sentence_vectors
from tocsin.language.encoder import packaged_encoder
from tocsin.language.universal import UniversalEncoder

SAME = [
    ("The bridge over the river will be closed on Friday.", "en"),
    ("Мост через реку закроют в пятницу.", "ru"),
    ("Міст через річку закриють у п’ятницю.", "uk"),
    ("Өзен үстіндегі көпір жұма күні жабылады.", "kk"),
]
OTHER = [("Bread is baked from flour and water.", "en"), ("Хлеб пекут из муки и воды.", "ru")]


def test_translations_are_near_and_other_texts_are_not() -> None:
    rows = sentence_vectors(*(list(part) for part in zip(*SAME, *OTHER, strict=True)))
    assert rows.shape == (6, packaged_encoder().dimension)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)
    near = rows[:4] @ rows[:4].T
    far = rows[:4] @ rows[4:].T
    np.fill_diagonal(near, -1)
    assert (near.max(axis=1) > far.max(axis=1)).all()


def test_a_text_without_a_word_is_zeros() -> None:
    assert not sentence_vectors(["", " \n"], ["en", "und"]).any()


def test_lengths_must_agree() -> None:
    with pytest.raises(ValueError, match="2 texts, but 1"):
        sentence_vectors(["a", "b"], ["en"])


@settings(max_examples=15)
@given(st.lists(st.tuples(HOSTILE, st.sampled_from(["en", "ru", "uk", "kk", "und", ""])), max_size=4))
def test_a_row_depends_on_its_text_and_language_alone(given_texts: list[tuple[str, str]]) -> None:
    texts, codes = [t for t, _ in given_texts], [c for _, c in given_texts]
    whole = sentence_vectors(texts, codes)
    for row, text, code in zip(whole, texts, codes, strict=True):
        assert row.tobytes() == packaged_encoder.__wrapped__().vectors([text], code)[0].tobytes()


def test_the_bytes_are_the_same_in_any_batch_and_after_any_other_text() -> None:
    texts = [text for text, _ in (*SAME, *OTHER)]
    whole = UniversalEncoder().vectors(texts)
    back = UniversalEncoder().vectors(texts[::-1])[::-1]
    alone = np.concatenate([UniversalEncoder().vectors([text]) for text in texts])
    assert whole.tobytes() == back.tobytes() == alone.tobytes()


def test_threads_that_read_at_one_time_get_the_vectors_of_one_alone() -> None:
    words = [
        "lantern",
        "otter",
        "тарелка",
        "крыжовник",
        "самовар",
        "quay",
        "fog",
        "жасыл",
        "шамдар",
        "гавань",
    ]
    texts = [f"{a} {b}{number}" for number, (a, b) in enumerate(permutations(words, 2))]
    alone = UniversalEncoder().vectors(texts)
    shared = UniversalEncoder()
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda text: shared.vectors([text])[0], texts))
    assert np.array(found).tobytes() == alone.tobytes()
