"""Language identification: short captions, context, and nothing to go by."""

from __future__ import annotations

import logging

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language import UNDETERMINED, identify, identify_all

SENTENCES = {
    "en": "The town opened a new bridge over the river this morning.",
    "ru": "Сегодня утром в городе открыли новый мост через реку.",
    "uk": "Сьогодні вранці у місті відкрили новий міст через річку.",
    "kk": "Бүгін таңертең қалада өзен арқылы жаңа көпір ашылды.",
    "de": "Heute Morgen wurde in der Stadt eine neue Brücke über den Fluss eröffnet.",
    "pl": "Dziś rano w mieście otwarto nowy most przez rzekę, powiedział burmistrz.",
}


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_whole_sentences(language: str, text: str) -> None:
    code, score = identify(text)
    assert code == language
    assert 0.5 < score <= 1


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Рогов и Лилиев.jpg", "ru"),
        ("Семён Ромашкин.jpg", "ru"),
        ("Фото: мер Квіткова", "uk"),
        ("Алматы қаласы.jpg", "kk"),
        ("Photo: city hall.jpg", "en"),
        ("🔥🔥🔥", UNDETERMINED),
        ("12:40 — 3.5%", UNDETERMINED),
        ("https://example.org/novosti", UNDETERMINED),
        ("", UNDETERMINED),
    ],
)
def test_captions(text: str, language: str) -> None:
    assert identify(text)[0] == language


def test_a_cyrillic_caption_in_an_english_article_stays_cyrillic() -> None:
    found = identify_all([SENTENCES["en"], "Рогов и Лилиев.jpg", SENTENCES["en"]])
    assert [code for code, _ in found] == ["en", "ru", "en"]


def test_a_short_sentence_leans_on_its_document() -> None:
    alone = identify("Фото")[0]
    in_ukrainian = identify_all([SENTENCES["uk"], "Фото", SENTENCES["uk"]])[1][0]
    in_russian = identify_all([SENTENCES["ru"], "Фото", SENTENCES["ru"]])[1][0]
    assert (in_ukrainian, in_russian) == ("uk", "ru")
    assert alone in {"ru", "uk"}


def test_it_prints_and_logs_nothing(
    capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    identify(
        "A sentence that is rather longer than eighty characters, so that a wrapper would cut it somewhere."
    )
    assert capfd.readouterr() == ("", "")
    assert not caplog.records


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_text_gets_one_answer_per_sentence(texts: list[str]) -> None:
    found = identify_all(texts)
    assert found == identify_all(texts)
    assert len(found) == len(texts)
    assert all(code and 0 <= score <= 1 for code, score in found)


def test_lone_surrogates_do_no_harm() -> None:
    assert identify("слово \ud83d слово")[0] == "ru"
