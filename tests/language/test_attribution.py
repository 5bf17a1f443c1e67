"""Who says what in a window: the search on probabilities made by hand, and the packaged weights at work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from core_helpers import windows_of

from tocsin.language.attribution import Attributor
from tocsin.language.core import Analysis, language_core
from tocsin.language.relations import CONTENT, OUTSIDE, SOURCE, Relation


def relations(text: str) -> list[tuple[str, str, str]]:
    """Source, cue and content of every relation in a text, as words."""
    attributor, core = Attributor(language_core()), language_core()
    found = []
    for window in windows_of(text):

        def quote(ranges: tuple[tuple[int, int], ...], w: Any = window) -> str:
            return " … ".join(text[w.starts[a] : w.ends[b - 1]] for a, b in ranges)

        found += [
            (quote(r.source), quote(((r.cue.first, r.cue.last),)), quote(r.content))
            for r in attributor.relations(core.read(window))
        ]
    return found


@pytest.mark.parametrize(
    ("text", "source", "cue", "content"),
    [
        ("Anna Kovak said that the bridge was closed.", "Anna Kovak", "said", "the bridge was closed"),
        ("“The bridge is closed,” said Anna Kovak.", "Anna Kovak", "said", "The bridge is closed"),
        ("Анна Ковак сообщила, что мост закроют.", "Анна Ковак", "сообщила", "мост закроют"),
        ("Ганна Ковак повідомила, що міст закриють.", "Ганна Ковак", "повідомила", "міст закриють"),
        (
            "Анна Ковак көпір жұма күні жабылады деп хабарлады.",
            "Анна Ковак",
            "хабарлады",
            "көпір жұма күні жабылады",
        ),
    ],
)
def test_who_says_what_in_a_plain_sentence(text: str, source: str, cue: str, content: str) -> None:
    found = relations(text)
    assert any(source in s and cue in c and content in said for s, c, said in found), found


@pytest.mark.parametrize("text", ["The bridge is closed.", "Мост закрыт.", "Міст закрито.", "Көпір жабық."])
def test_nobody_says_a_plain_statement(text: str) -> None:
    assert relations(text) == []


def test_nothing_to_read() -> None:
    assert relations("") == []
    assert relations("💥") == []
    # Windows that hold only the end of an endless word have pieces and no words.
    assert relations("щ" * 5000) == []


# --- the search, on probabilities made by hand --------------------------------------------------------


class Made:
    """A core whose taggers and second stage say what the test tells them.

    ``outer`` and ``inner`` are the words each tagger takes for cues; ``answers`` give each cue its source,
    content and score.
    """

    def __init__(
        self, outer: set[int], inner: set[int], answers: dict[int, tuple[list[int], list[int], float]]
    ) -> None:
        self.outer, self.inner, self.answers = outer, inner, answers
        self.asked: list[int] = []
        # State of a word: its tag for the first tagger, its tag for the second.
        tag = np.array([[1, 0], [0, 1], [-9, -9]], dtype=np.float32) * 10
        none = np.zeros_like(tag)
        self.named = {
            "attribution.cue.weight": np.concatenate([tag, none], axis=1),
            "attribution.inner.weight": np.concatenate([none, tag], axis=1),
            "attribution.cue.bias": np.zeros(3, np.float32),
            "attribution.inner.bias": np.zeros(3, np.float32),
        }

    def graph(self, name: str) -> Made:
        assert name == "roles"
        return self

    def run(self, _: None, question: dict[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
        at = question["at"]
        chances = np.zeros((*at.shape, 3), dtype=np.float32)
        chances[:, :, OUTSIDE] = 1
        scores = []
        for row, weights in enumerate(at):
            cue = int(weights.argmax())
            self.asked.append(cue)
            source, content, score = self.answers[cue]
            for role, words in ((SOURCE, source), (CONTENT, content)):
                chances[row, words] = np.eye(3)[role]
            scores.append(score)
        return chances, np.array(scores, dtype=np.float32)

    def relations(self, size: int) -> list[Relation]:
        (window,) = windows_of(" ".join(["word"] * size))
        states = np.zeros((size, 4), dtype=np.float32)
        for word in range(size):
            states[word, int(word in self.outer)] = 1
            states[word, 2 + int(word in self.inner)] = 1
        core: Any = self
        return Attributor(core).relations(Analysis(window, states, states[:1]))


def brief(found: list[Relation]) -> list[tuple[int, Any, Any]]:
    return [(r.cue.first, r.source, r.content) for r in found]


def test_the_inner_tagger_is_asked_only_inside_contents() -> None:
    made = Made({1}, {1, 4, 9}, {1: ([0], [2, 3, 4, 5, 6], 0.9), 4: ([3], [5, 6], 0.8), 9: ([8], [10], 0.9)})
    assert brief(made.relations(11)) == [(1, ((0, 1),), ((2, 7),)), (4, ((3, 4),), ((5, 7),))]
    assert 9 not in made.asked


def test_an_inner_relation_stays_within_the_content_of_the_outer_one() -> None:
    made = Made({1}, {4}, {1: ([0], [2, 3, 4, 5], 0.9), 4: ([0, 3], [5, 6, 7], 0.8)})
    assert brief(made.relations(8)) == [(1, ((0, 1),), ((2, 6),)), (4, ((3, 4),), ((5, 6),))]


def test_weak_candidates_are_dropped_and_what_they_hold_is_not_searched() -> None:
    made = Made({1}, {4}, {1: ([0], [2, 3, 4, 5], 0.3), 4: ([3], [5], 0.9)})
    assert made.relations(6) == []
    assert made.asked == [1]
    weak_inside = Made({1}, {4}, {1: ([0], [2, 3, 4, 5], 0.9), 4: ([3], [5], 0.3)})
    assert [r.cue.first for r in weak_inside.relations(6)] == [1]


def test_a_chain_of_any_length_is_found() -> None:
    cues = list(range(1, 30, 3))
    answers = {c: ([c - 1], list(range(c + 1, 30)), 0.9) for c in cues}
    found = Made({1}, set(cues), answers).relations(30)
    assert [r.cue.first for r in found] == cues
    assert brief(found)[4] == (13, ((12, 13),), ((14, 30),))


def test_a_cue_is_used_once() -> None:
    made = Made({1, 7}, {1, 4, 7}, {c: ([c - 1], [2, 3, 4, 5, 8, 9], 0.9) for c in (1, 4, 7)})
    cues = [r.cue.first for r in made.relations(10)]
    assert sorted(cues) == sorted(set(cues)) == [1, 4, 7]


def test_more_candidates_than_one_call_takes() -> None:
    cues = list(range(1, 49, 2))
    made = Made(set(cues), set(), {c: ([c - 1], [c + 1], 0.9) for c in cues})
    assert [r.cue.first for r in made.relations(50)] == cues
    assert made.asked == cues


def test_candidates_without_content_are_dropped() -> None:
    made = Made({1, 4}, set(), {1: ([0], [], 0.9), 4: ([3], [5], 0.9)})
    assert brief(made.relations(6)) == [(4, ((3, 4),), ((5, 6),))]
