"""Bridged spelling: what the encoder reads, and that every character of it knows its original."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.language.bridge import bridge
from tocsin.language.universal import universal_encoder
from tocsin.language.wordfeatures import encode_bridged, paragraph_words


@pytest.mark.parametrize(
    ("language", "text", "read"),
    [
        ("ru", "По словам мэра, мост закроют.", "According to мэра, мост закроют."),
        ("uk", "Речник заявив, що міст закриють.", "Представитель заявил, что мост закрыют."),
        ("uk", "За даними «Вісника», їхали двоє", "According to «Висныка», ихалы двое"),
        ("kk", "Оның айтуынша, баға өседі.", "His said, баға өседі."),
        ("cs", "Podle mluvčí to ŘEKL.", "According to spokesman it Said."),
    ],
)
def test_what_the_encoder_reads(language: str, text: str, read: str) -> None:
    bridged = bridge(text, language)
    assert bridged is not None
    assert bridged.text == read


def test_languages_the_encoder_reads_need_no_bridge() -> None:
    assert bridge("The mayor said so.", "en") is None
    assert bridge("Какой-то текст", "und") is None


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["ru", "uk", "kk", "cs"]))
def test_characters_know_their_original(text: str, language: str) -> None:
    bridged = bridge(text, language)
    assert bridged is not None
    assert len(bridged.text) == len(bridged.starts) == len(bridged.ends)
    assert all(a < b <= len(text) for a, b in zip(bridged.starts, bridged.ends, strict=True))
    assert bridged.starts == sorted(bridged.starts)
    assert bridged.ends == sorted(bridged.ends)


@pytest.mark.parametrize("language", ["ru", "uk", "cs"])
def test_encodings_have_the_originals_offsets(language: str) -> None:
    text = "По словам голови, її сім’я podle mluvčí поїхала — «так»."
    (encoding,) = encode_bridged([text], [language], universal_encoder())
    covered = {i for a, b in zip(encoding.starts, encoding.ends, strict=True) for i in range(a, b)}
    assert covered == {i for i, c in enumerate(text) if not c.isspace()}
    assert (np.diff(encoding.starts) >= 0).all()
    assert (np.diff(encoding.ends) >= 0).all()
    (words,) = paragraph_words(text, [[(0, len(text))]], universal_encoder(), [language])
    assert np.abs(words.features).sum(axis=1).min() > 0
    assert words.words[0] == "По"
