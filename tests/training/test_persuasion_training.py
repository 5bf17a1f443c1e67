"""The head of persuasion learns what is plainly there, and the run time says what was learnt."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn")

from tocsin.language.core import language_core
from tocsin.language.persuasion import TECHNIQUES, PersuasionHead, TextRead, core_mark
from tocsin.language.universal import universal_encoder
from tocsin.language.windows import Window
from training.core.prepare import FOLDS
from training.persuasion.__main__ import compare, learn, summary
from training.persuasion.corpus import Posts, folds_of

WORDS = 6


def a_post(number: int, draw: np.random.Generator) -> tuple[TextRead, np.ndarray]:
    """Invented states; every third post has the first technique, and says so at its second word."""
    states = draw.normal(size=(WORDS, 384)).astype(np.float32)
    marked = np.zeros(WORDS, dtype=np.bool_)
    if number % 3 == 0:
        states[1, :40] += 4
        marked[1] = True
    at = np.arange(WORDS)
    none, shapes = at * 0, np.zeros((WORDS, 22))
    window = Window(at, none, ["качка"] * WORDS, at, at + 1, at * 6, at * 6 + 5, none, none, shapes, [0])
    vector = draw.normal(size=(1, 512)).astype(np.float32)
    text = " ".join(["качка"] * (WORDS - 1) + [f"зозуля{number}"])
    return TextRead(text, (window,), states, states.mean(axis=0, keepdims=True), vector, vector[0]), marked


@pytest.fixture(scope="module")
def posts() -> Posts:
    draw = np.random.default_rng(2)
    made = [a_post(number, draw) for number in range(90)]
    truth = draw.random((90, len(TECHNIQUES))) < 0.4
    truth[:, 0] = np.arange(90) % 3 == 0
    lengths = np.full(WORDS, 6)
    return Posts(
        tuple(read for read, _ in made),
        truth,
        np.arange(90) // 3 % FOLDS,
        tuple(marked for _, marked in made),
        (lengths,) * 90,
    )


def test_the_run_time_says_what_was_learnt(posts: Posts, tmp_path: Path) -> None:
    named = learn(posts, held_out=0)
    core = language_core()
    np.savez(tmp_path / "head.npz", **named, core=core_mark(core.named))
    head = PersuasionHead(core, universal_encoder(), tmp_path / "head.npz")
    for number in np.flatnonzero(posts.folds == 0).tolist():
        found = head.judge(posts.read[number])
        assert (TECHNIQUES[0] in found.present) == (number % 3 == 0)
        assert found.spans == (((6, 11),) if number % 3 == 0 else ())


def test_folds_are_compared(posts: Posts) -> None:
    found = summary(compare(posts))
    assert found["head"][TECHNIQUES[0]][0] > 0.95
    assert found["head"]["span F1"][0] > 0.9
    assert found["TF-IDF"][TECHNIQUES[0]][0] < 0.8  # its words say nothing


def test_near_copies_are_in_one_fold() -> None:
    texts = [f"місто {n} чекає на сніг, а озеро {n} вже замерзло до ранку" for n in range(40)]
    copies = [text + "!" for text in texts]
    folds = folds_of([*texts, *copies, *(f"інше{n} слово{n} тут{n} є{n}" for n in range(40))])
    assert folds[:40].tolist() == folds[40:80].tolist()
