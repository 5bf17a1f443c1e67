"""The cut into words and signs, and the flags of their shapes."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from core_helpers import HOSTILE, ODD
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language.wordshapes import SHAPES, cut_words, shapes


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Clinton's claim", ["Clinton", "'s", "claim"]),
        ("don’t об’єкт п'ять", ["don", "’t", "об’єкт", "п'ять"]),
        ("''So terrible,'' he", ["''", "So", "terrible", ",", "''", "he"]),
        ("«Да», — сказал", ["«", "Да", "»", ",", "—", "сказал"]),
        ("pro-Russian 1,200 км", ["pro-Russian", "1", ",", "200", "км"]),
        ("«Көпір жабық», – деді", ["«", "Көпір", "жабық", "»", ",", "–", "деді"]),
        ("5\u00a0мая…", ["5", "мая", "…"]),
        ("", []),
        (" \n\u00a0", []),
    ],
)
def test_the_cut(text: str, words: list[str]) -> None:
    assert [text[a:b] for a, b in cut_words(text)] == words


def check_cut(text: str) -> None:
    found = cut_words(text)
    assert all(a < b for a, b in found)
    assert all(before[1] <= after[0] for before, after in pairwise(found))
    covered = {i for a, b in found for i in range(a, b)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}


@given(HOSTILE)
def test_words_cover_all_but_white_space(text: str) -> None:
    check_cut(text)


@pytest.mark.parametrize("text", ODD, ids=lambda t: ascii(t[:12]))
def test_words_cover_all_but_white_space_in_odd_texts(text: str) -> None:
    check_cut(text)


def flags(*sentences: str, paragraphs: list[int] | None = None) -> dict[str, set[str]]:
    """Words (numbered from the second time on) by flag."""
    words: list[str] = []
    spans, sentence, paragraph = [], [], []
    at = 0
    for number, text in enumerate(sentences):
        for a, b in cut_words(text):
            words.append(text[a:b])
            spans.append((at + a, at + b))
            sentence.append(number)
            paragraph.append(paragraphs[number] if paragraphs else 0)
        at += len(text) + 1
    found = shapes(words, np.array(spans).reshape(-1, 2), np.array(sentence), np.array(paragraph))
    assert found.shape == (len(words), len(SHAPES))
    assert set(np.unique(found)) <= {0.0, 1.0}
    labels = [w if w not in words[:i] else f"{w}/{words[:i].count(w) + 1}" for i, w in enumerate(words)]
    return {name: {labels[i] for i in np.flatnonzero(found[:, column])} for column, name in enumerate(SHAPES)}


def test_flags_of_words_and_signs() -> None:
    found = flags("НАТО and Анна's 5-ти (да)? «Так»: _x.")
    assert found["all capitals"] == {"НАТО"}
    assert found["capital first"] == {"Анна", "Так"}
    assert found["small first"] == {"and", "да"}
    assert found["has a digit"] == {"5-ти"}
    assert found["clitic"] == {"'s"}
    assert found["is a sign"] == {"(", ")", "?", "«", "»", ":", "."}
    assert found["bracket"] == {"(", ")"}
    assert found["question or exclamation"] == {"?"}
    assert (found["colon"], found["stop"]) == ({":"}, {"."})
    assert (found["opens a quotation"], found["closes a quotation"]) == ({"«"}, {"»"})


def test_flags_of_places() -> None:
    found = flags("The lamp, lit.", "Hm.", "Left")
    assert found["first in its sentence"] == {"The", "Hm", "Left"}
    assert found["last in its sentence"] == {".", "./2", "Left"}
    assert found["follows without a space"] == {",", ".", "./2"}


@pytest.mark.parametrize(
    ("sentences", "inside"),
    [
        (["He said: “It rains.", "It does”, he said."], {"“", "It", "rains", ".", "It/2", "does", "”"}),
        (['"Да" он "нет"'], {'"', "Да", '"/2', '"/3', "нет", '"/4'}),
        (["Да», — сказал он"], {"Да", "»"}),
        (["Он сказал: «Да"], {"«", "Да"}),
        (["''Yes'' so"], {"''", "Yes", "''/2"}),
        (["Nothing here."], set()),
    ],
)
def test_quotations_are_followed(sentences: list[str], inside: set[str]) -> None:
    assert flags(*sentences)["inside a quotation"] == inside


def test_a_quotation_left_open_ends_with_its_paragraph() -> None:
    found = flags("He said: “It rains", "Now it stopped", "“Yes", paragraphs=[0, 1, 2])
    assert found["inside a quotation"] == {"“", "It", "rains", "“/2", "Yes"}
    assert found["paragraph begins in a quotation"] == {"“/2", "Yes"}


@given(st.lists(HOSTILE, max_size=3))
def test_any_words_have_flags(texts: list[str]) -> None:
    flags(*texts, paragraphs=list(range(len(texts))))
