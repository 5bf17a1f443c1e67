"""Numerals: what is written in words or figures is read back, in each language."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.resolve.quantities import LANGUAGES, find_quantities
from tocsin.resolve.quantities.spell import LARGEST, figures, spell

UNIT = {"en": "km", "ru": "км", "uk": "км", "kk": "км"}
languages = st.sampled_from(LANGUAGES)
#: Spread over the magnitudes: uniform numbers have nearly all fifteen digits.
whole = st.integers(0, 15).flatmap(lambda digits: st.integers(0, min(10**digits, LARGEST - 1)))


def read(words: str, language: str) -> list[tuple[str, float | None, float | None]]:
    text = f"{words} {UNIT[language]}"
    return [
        (text[m.start : m.end], m.low, m.high) for m in find_quantities("d", text, [(0, len(text), language)])
    ]


@given(whole, languages)
def test_words_are_read_back(number: int, language: str) -> None:
    words = spell(number, language)
    assert read(words, language) == [(f"{words} {UNIT[language]}", number, number)]


@given(whole, st.integers(0, 3), languages)
def test_figures_are_read_back(number: int, places: int, language: str) -> None:
    value = Decimal(number % 10**11).scaleb(-places)
    words = figures(value, language)
    if language != "en" and words.count(",") and len(words.partition(",")[2]) == 3:
        return  # «1,200» is a decimal there, and so is read: float("1.200")
    assert read(words, language) == [(f"{words} {UNIT[language]}", float(value), float(value))]


@given(st.integers(1000, 10**9), st.sampled_from([" ", "\u00a0", "\u2009", "\u202f"]), languages)
def test_thousands_may_be_set_off_by_any_space(number: int, space: str, language: str) -> None:
    words = f"{number:,}".replace(",", space)
    assert [found[1] for found in read(words, language)] == [number]


@given(st.integers(-60, -1), languages)
def test_numbers_below_zero(number: int, language: str) -> None:
    assert [found[1] for found in read(f"−{-number}", language)] == [number]


@pytest.mark.parametrize(
    ("number", "language", "words"),
    [
        (0, "uk", "нуль"),
        (21_000, "ru", "двадцать одна тысяча"),
        (2_000_002, "uk", "два мільйони два"),
        (1_012, "kk", "бір мың он екі"),
        (1_005, "en", "one thousand and five"),
        (999_999, "en", "nine hundred and ninety-nine thousand nine hundred and ninety-nine"),
    ],
)
def test_spelling(number: int, language: str, words: str) -> None:
    assert spell(number, language) == words


def test_what_cannot_be_spelled() -> None:
    for number in (-1, LARGEST):
        with pytest.raises(ValueError, match="not spelled"):
            spell(number, "en")
