"""Manipulation: probabilities and spans with made weights, and every way its own file may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
import pytest
from core_helpers import ODD
from hypothesis import given
from hypothesis import strategies as st

from heads_helpers import TEXTS, made_core, made_persuasion, read
from tocsin.errors import HeadNotInstalledError
from tocsin.language import persuasion
from tocsin.language.core import LanguageCore
from tocsin.language.persuasion import (
    TECHNIQUES,
    WEIGHTS,
    NotInstalled,
    PersuasionHead,
    gain_codes,
    gains,
    marked_spans,
    packaged_persuasion,
    word_features,
)
from tocsin.language.universal import universal_encoder
from tocsin.language.wording import CHARACTERS, CUES, WORDS, character_counts, cues, word_counts


@pytest.fixture(scope="module")
def core() -> LanguageCore:
    return made_core()


@pytest.fixture(scope="module")
def head(core: LanguageCore, tmp_path_factory: pytest.TempPathFactory) -> PersuasionHead:
    return PersuasionHead(
        core, universal_encoder(), made_persuasion(core, tmp_path_factory.mktemp("weights") / "head.npz")
    )


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, core: LanguageCore) -> Iterator[Path]:
    """A package folder of its own for the weights."""
    (tmp_path / "weights").mkdir()
    monkeypatch.setattr(persuasion, "files", lambda _: tmp_path)
    monkeypatch.setattr(persuasion, "language_core", lambda: core)
    packaged_persuasion.cache_clear()
    yield tmp_path / "weights"
    packaged_persuasion.cache_clear()


@pytest.mark.parametrize("text", [*TEXTS.values(), *ODD])
def test_what_is_said_of_a_text(head: PersuasionHead, text: str) -> None:
    found = head.text(text)
    assert tuple(found.techniques) == TECHNIQUES
    assert all(0 <= grade <= 1 for grade in found.techniques.values())
    assert found.present == tuple(n for n in TECHNIQUES if found.techniques[n] >= head.thresholds[n])
    assert all(text[a:b].strip() for a, b in found.spans)
    assert list(found.spans) == sorted(found.spans)


def test_a_text_without_words_has_none(head: PersuasionHead) -> None:
    found = head.text(" \n")
    assert set(found.techniques.values()) == {0.0}
    assert (found.present, found.spans) == ((), ())


def test_words_next_to_each_other_are_one_span() -> None:
    text = "Лише зрадники мовчать сьогодні!"
    (analysis,) = read(text)
    spans = marked_spans((analysis.window,), np.array([True, True, False, False, True]))
    assert [text[a:b] for a, b in spans] == ["Лише зрадники", "!"]


def test_gains_are_kept_to_a_sixteenth_of_a_power_of_two() -> None:
    values = np.array([0, 1, 0.001, 3.3, 700], dtype=np.float32)
    assert gains(gain_codes(values)) == pytest.approx(values, rel=0.045)


def test_the_words_near_a_word_are_averaged() -> None:
    words = np.arange(10, dtype=np.float32)[:, None]
    found = word_features(words)
    assert found[5].tolist() == pytest.approx([5, 5, 4.5, 1])
    assert found[0, 1] == pytest.approx((0 + 1 + 2 + 3) / 7)


@given(st.text(max_size=60))
def test_counts_are_of_length_one_or_nothing(text: str) -> None:
    assert np.isfinite(cues(text)).all()
    assert len(cues(text)) == CUES
    for counts, size in ((word_counts(text), WORDS), (character_counts(text), CHARACTERS)):
        assert counts.shape == (size,)
        assert np.linalg.norm(counts) == pytest.approx(1 if text.split() else 0, abs=1e-5)


def test_without_its_file_it_says_so(folder: Path) -> None:
    found = packaged_persuasion()
    assert isinstance(found, NotInstalled)
    assert found.file == WEIGHTS
    with pytest.raises(HeadNotInstalledError, match="not installed") as caught:
        raise found.error()
    assert WEIGHTS in caught.value.remedy


def test_with_its_file_it_is_there(folder: Path, core: LanguageCore) -> None:
    made_persuasion(core, folder / WEIGHTS)
    assert isinstance(packaged_persuasion(), PersuasionHead)


def test_weights_of_another_core_are_refused(folder: Path, core: LanguageCore, tmp_path: Path) -> None:
    made_persuasion(core, folder / WEIGHTS, mark="0123456789abcdef")
    found = packaged_persuasion()
    assert isinstance(found, NotInstalled)
    assert "another language core" in found.cause
    with pytest.raises(HeadNotInstalledError, match="another language core"):
        PersuasionHead(core, universal_encoder(), folder / WEIGHTS)


def test_the_packaged_weights_hear_loaded_language() -> None:
    with as_file(files("tocsin.language") / "weights" / WEIGHTS) as path:
        if not path.is_file():
            pytest.skip(f"{WEIGHTS} was left out")
    found = packaged_persuasion()
    assert isinstance(found, PersuasionHead)  # weights that are there must fit the core
    loud = found.text("Кровожадные твари снова лгут! Эти выродки продали страну и смеются над нами!")
    plain = found.text("Автобус отправляется в девять утра от вокзала.")
    assert "loaded_language" in loud.present
    assert loud.techniques["loaded_language"] > plain.techniques["loaded_language"]
    assert loud.spans
    assert not plain.present
    assert not plain.spans
    assert not found.text("Автобус отправляется в девять утра от вокзала.", 0.5).present
    assert found.text("Кровожадные твари снова лгут! Эти выродки продали страну!", 0.5).spans
