"""Kernels' sentences in the language of the page: templates of the code, translated, their values kept."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from serve_helpers import bearer, workbench

from tocsin.serve.sentences import Sentences, said, sentences

RUSSIAN = sentences("ru")
assert RUSSIAN is not None
HOLE = re.compile(r"\{(\d)#?\}")


@pytest.mark.parametrize(
    ("sentence", "translated"),
    [
        ("links to it", "ссылается на него"),
        ("97% of the wording of both is shared", "общих слов у обоих: 97%"),
        ("3 h later", "через 3 ч"),
        ("open-ended: no time is named", "без срока: время не названо"),
        ("stated: the first is more", "сказано: первое — больше"),
        ("no day, in a document without a date", "дня нет, в документе без даты"),
        ("forwarded from Voice of Ducks: the platform states the channel's id",
         "переслано из Voice of Ducks: платформа указывает номер канала"),
        ("links to it; 2 d later", "ссылается на него; через 2 сут"),
        (
            "meaning 0.62; en-ru asks for 0.60 where they share Ola Finn",
            "близость по смыслу 0.62; для en-ru требуется 0.60, где общее — Ola Finn",
        ),
        ("“likely” in icd203", "«вероятно» по шкале icd203"),
        ("confirmed by Ola", "подтверждено: Ola"),
        ("Monday, 2031-03-10", "понедельник, 2031-03-10"),
        ("Harbour Lantern is not in the case", "Harbour Lantern: в деле нет"),
        ("nothing a kernel ever says", None),
        ("", None),
    ],
)  # fmt: skip
def test_a_sentence_is_laid_over_its_template(sentence: str, translated: str | None) -> None:
    assert RUSSIAN.translated(sentence) == translated


def test_names_that_read_like_templates_stay_names() -> None:
    own = Sentences({"{1} to {2}": "от {1} до {2}", "named {1}": "имя {1}", "as it says": "как сказано"})
    assert own.translated("named 3 to 5") == "имя от 3 до 5"
    assert own.translated("named Letters to Nobody") == "имя Letters to Nobody"
    assert own.translated("named as it says") == "имя как сказано"


def test_what_has_no_template_is_marked_as_english_and_all_is_escaped() -> None:
    assert 'lang="en"' in said("nothing a kernel says", "ru")
    assert "lang" not in said("nothing a kernel says", "en")
    hostile = "forwarded from <script>alert(1)</script>: not in the case"
    for language in ("en", "ru"):
        assert "<script" not in said(hostile, language)
        assert "&lt;script&gt;" in said(hostile, language)
    assert "переслано" in said(hostile, "ru")


def test_translations_have_the_holes_of_their_templates() -> None:
    from babel.messages.pofile import read_po

    import tocsin.serve

    path = Path(tocsin.serve.__file__).parent / "locale" / "ru.kernels.po"
    with path.open("rb") as stream:
        for message in read_po(stream, locale="ru"):
            if message.id:
                holes, given_ = (sorted(HOLE.findall(str(t))) for t in (message.id, message.string))
                # Russian has no word for the plural ending that English puts into a hole of its own.
                assert set(given_) <= set(holes), message.id
                assert len(holes) - len(given_) <= ("{3} off" in str(message.id)), message.id


@given(st.text(max_size=200))
def test_any_text_is_said_whole(text: str) -> None:
    for language in ("en", "ru"):
        assert "<script" not in said(text, language)
    found = RUSSIAN.translated(f"forwarded from {text}: not in the case")
    assert found is None or found.startswith("переслано из ")


def test_errors_speak_the_language_of_the_page(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        client.headers["Accept-Language"] = "ru"
        missing = client.get("/nothing")
        assert missing.status_code == 404
        assert "здесь ничего нет" in missing.text
        assert "Начните с /" in missing.text
        assert "there is nothing here" in client.get("/api/v1/nothing").json()["detail"]
        other = client.get("/views/" + "0" * 32)
        assert "такой подборки нет" in other.text


def test_the_reasons_of_a_case_are_translated(told: Path) -> None:
    """What the pages of a told case say in Russian leaves no kernel's sentence behind."""
    with workbench(told) as (app, tokens), bearer(app, tokens["reader"]) as client:
        client.headers["Accept-Language"] = "ru"
        stories = re.findall(r'href="(/stories/[0-9a-f]+)"', client.get("/stories").text)
        alarms = re.findall(r'href="(/alarms/[0-9a-f]+)"', client.get("/alarms").text)
        assert stories
        assert alarms
        left = {
            sentence
            for path in ("/", "/forecasts", "/checks", "/narratives", *stories, *alarms)
            for sentence in re.findall(r'<span lang="en"><bdi dir="auto">(.*?)</bdi>', client.get(path).text)
        }
    assert left == {"Brindle Bay &lt;b&gt;pier&lt;/b&gt;"}  # a place that has no Russian name
