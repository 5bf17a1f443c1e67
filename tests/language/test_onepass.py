"""Everything of a text from one pass: rows for every sentence, spans of the text, parts that agree."""

from __future__ import annotations

import numpy as np
import pytest
from core_helpers import ODD

from heads_helpers import TEXTS, made_core, packaged, read
from tocsin.language import analyse, onepass, sentences
from tocsin.language.core import LanguageCore
from tocsin.language.names import Names, default_style


@pytest.fixture
def core(monkeypatch: pytest.MonkeyPatch) -> LanguageCore:
    """Made heads in place of the packaged ones."""
    core = made_core()
    heads = onepass._Heads(core)
    monkeypatch.setattr(onepass, "_heads", lambda: heads)
    return core


@pytest.mark.parametrize("language", TEXTS)
def test_what_one_pass_gives(core: LanguageCore, language: str) -> None:
    text = TEXTS[language]
    found = analyse(text)
    assert found.language == language
    rows = found.sentences
    assert rows.spans == tuple((number, s.start, s.end) for number, s in sentences(text))
    count = len(rows.spans)
    assert rows.vectors.shape == (count, core.width)
    np.testing.assert_allclose(np.linalg.norm(rows.vectors, axis=1), 1, atol=1e-5)
    for judged in (rows.checkworthy, rows.finding, rows.hedged):
        assert judged.shape == (count,)
        assert np.isfinite(judged).all()
    (analysis,) = read(text)
    assert list(found.names) == Names(core).spans([analysis], [default_style(language)])
    assert found.said
    for said in found.said:
        assert said.content
        assert all(text[a:b].strip() for a, b in (*said.source, said.cue, *said.content))
        assert 0 <= said.score <= 1
        assert -3 <= said.certainty <= 3


def test_the_language_may_be_given(core: LanguageCore) -> None:
    assert analyse(TEXTS["ru"], "kk").language == "kk"
    assert analyse(TEXTS["ru"], "kk").names != analyse(TEXTS["ru"]).names


@pytest.mark.parametrize("text", [text for text in ODD if len(text) < 5000])
def test_odd_texts(core: LanguageCore, text: str) -> None:
    found = analyse(text)
    rows = found.sentences
    assert len(rows.spans) == len(sentences(text))
    lengths = np.linalg.norm(rows.vectors, axis=1)
    assert np.isclose(lengths, 1, atol=1e-4).tolist() == np.isfinite(rows.checkworthy).tolist()


def test_a_long_text_is_read_whole(core: LanguageCore) -> None:
    text = "\n".join(TEXTS.values()) * 12
    found = analyse(text)
    assert len(found.sentences.spans) == len(sentences(text))
    assert np.isfinite(found.sentences.finding).all()
    assert [n.start for n in found.names] == sorted(n.start for n in found.names)
    assert found.names[-1].start > len(text) * 0.9


def test_the_packaged_weights_give_everything() -> None:
    packaged("names")
    found = analyse(TEXTS["en"])
    assert "Anna Kovak" in [TEXTS["en"][n.start : n.end] for n in found.names]
    assert found.sentences.vectors.shape[0] == 3
