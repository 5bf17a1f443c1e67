"""Blame in words: what a pattern needs is a piece of it, so looking for that first changes nothing."""

from __future__ import annotations

import pytest

from tocsin.extract.blame import blame_of
from tocsin.extract.lexicon import read_data
from tocsin.model import Span


@pytest.mark.parametrize("language", ["en", "kk", "ru", "uk"])
def test_what_a_pattern_needs_is_a_piece_of_it(language: str) -> None:
    for name, pattern, *needs in read_data("blame")[language]["patterns"]:
        assert all(part in pattern for part in needs), name


@pytest.mark.parametrize(
    ("text", "accused"),
    [
        ("Рыбаки обвинили мэрию в порче причала", "мэрию"),
        ("Пастухи возложили на лесхоз ответственность за пожар", "лесхоз"),
        ("The bridge was sabotaged by night porters", "night porters"),
    ],
)
def test_who_is_blamed(text: str, accused: str) -> None:
    found = blame_of(text, [Span(0, len(text))], "en" if text.isascii() else "ru")
    assert found is not None
    assert [span.of(text) for span in found.accused] == [accused]
