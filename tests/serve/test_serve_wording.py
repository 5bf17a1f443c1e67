"""Wording on the reader's page: on demand, marked, and honest where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from serve_helpers import bearer, workbench

import tocsin
from tocsin.language.persuasion import TECHNIQUES, NotInstalled, Persuasion
from tocsin.serve import wording
from tocsin.serve.wording import wording_of

RUSSIAN = "Рыбаки озера снова кричат: только предатели ловят щуку в запретный день!"


class Head:
    """Hears two techniques in every text, in its first word."""

    def text(self, _: str, least: float) -> Persuasion:
        assert least == 0.5
        grades = dict.fromkeys(TECHNIQUES, 0.1) | {"loaded_language": 0.7, "fud": 0.8}
        return Persuasion(grades, ("loaded_language", "fud"), ((0, 6),))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "packaged_persuasion", Head)


def test_the_surest_comes_first(heard: None) -> None:
    found = wording_of(RUSSIAN)
    assert [name for name, _ in found.techniques] == ["fud", "loaded_language"]
    assert [RUSSIAN[s.start : s.end] for s in found.spans] == ["Рыбаки"]
    assert not found.cause


def test_why_a_text_is_not_read(heard: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Only Russian" in wording_of("The ducks of the lake are loud this year.").cause
    assert "too long" in wording_of(RUSSIAN * 500).cause
    monkeypatch.setattr(wording, "packaged_persuasion", lambda: NotInstalled("x.npz", "left out", "get it"))
    assert "not installed" in wording_of(RUSSIAN).cause


def test_the_page_marks_it_when_asked(heard: None, case: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wording, "identify", lambda _: ("ru", 1.0))
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        document = next(iter(tocsin.Case(case).documents()))
        plain = client.get(f"/documents/{document.document_id}").text
        assert "wording=true" in plain
        assert 'class="l-wording' not in plain
        asked = client.get(f"/documents/{document.document_id}?wording=true").text
    assert "fear, uncertainty and doubt <small>0.80</small>" in asked
    assert "l-wording" in asked.split('<article class="reader-text">')[1]
    assert set(wording.TECHNIQUES) == set(TECHNIQUES)
