"""Manipulation: probabilities and spans with made weights, and every way its own file may be missing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from core_helpers import ODD

from heads_helpers import TEXTS, made_core, made_persuasion, read
from tocsin.errors import HeadNotInstalledError
from tocsin.language import persuasion
from tocsin.language.core import LanguageCore
from tocsin.language.persuasion import (
    TECHNIQUES,
    WEIGHTS,
    NotInstalled,
    PersuasionHead,
    WindowPersuasion,
    packaged_persuasion,
)


@pytest.fixture(scope="module")
def core() -> LanguageCore:
    return made_core()


@pytest.fixture(scope="module")
def head(core: LanguageCore, tmp_path_factory: pytest.TempPathFactory) -> PersuasionHead:
    return PersuasionHead(core, made_persuasion(core, tmp_path_factory.mktemp("weights") / "head.npz"))


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
def test_what_is_said_of_a_text(core: LanguageCore, head: PersuasionHead, text: str) -> None:
    analyses = read(text)
    found = head.text(analyses)
    assert tuple(found.techniques) == TECHNIQUES
    assert all(0 <= grade <= 1 for grade in found.techniques.values())
    assert found.present == tuple(n for n in TECHNIQUES if found.techniques[n] >= head.thresholds[n])
    assert all(text[a:b].strip() for a, b in found.spans)
    windows = [head.window(analysis) for analysis in analyses]
    for k, name in enumerate(TECHNIQUES):
        surest = max((float(w.techniques[k]) for w in windows), default=0.0)
        assert found.techniques[name] == pytest.approx(surest)
    assert [len(w.words) for w in windows] == [len(a.words) for a in analyses]


def test_the_nets_are_averaged_and_see_their_neighbours(core: LanguageCore, head: PersuasionHead) -> None:
    (analysis,) = read(TEXTS["uk"])
    techniques, words = head.nets(analysis)
    mean = head.window(analysis)
    np.testing.assert_allclose(mean.techniques, techniques.mean(0), atol=1e-6)
    np.testing.assert_allclose(mean.words, words.mean(0), atol=1e-6)


def test_words_next_to_each_other_are_one_span(
    core: LanguageCore, head: PersuasionHead, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Лише зрадники мовчать сьогодні!"
    said = WindowPersuasion(np.zeros(10, np.float32), np.array([0.9, 0.5, 0.1, 0.2, 0.7], np.float32))
    monkeypatch.setattr(PersuasionHead, "window", lambda *_: said)
    spans = head.text(read(text)).spans
    assert [text[a:b] for a, b in spans] == ["Лише зрадники", "!"]


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
        PersuasionHead(core, folder / WEIGHTS)


def test_the_packaged_weights_hear_loaded_language() -> None:
    found = packaged_persuasion()
    if isinstance(found, NotInstalled):
        pytest.skip(f"{found.file}: {found.cause}")
    loud = found.text(read("Кровожадные твари снова лгут! Эти выродки продали страну и смеются над нами!"))
    plain = found.text(read("Автобус отправляется в девять утра от вокзала."))
    assert loud.techniques["loaded_language"] > plain.techniques["loaded_language"]
    assert loud.spans
