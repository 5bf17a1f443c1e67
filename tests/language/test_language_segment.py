"""Paragraphs, sentences, words: exact offsets in four languages and in messy posts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language import paragraphs, sentences, words
from tocsin.model import Span


def split(text: str) -> list[str]:
    return [span.of(text) for _, span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rained. It stopped.", ["It rained.", "It stopped."]),
        ("Mr. A. Dow of the U.S. Mint left.", ["Mr. A. Dow of the U.S. Mint left."]),
        ("He left the U.S. The rest stayed.", ["He left the U.S.", "The rest stayed."]),
        ("К. Ромашкин пришёл. Потом ушёл.", ["К. Ромашкин пришёл.", "Потом ушёл."]),
        ("Это на ул. Садовой, т. е. рядом.", ["Это на ул. Садовой, т. е. рядом."]),
        ("Сдали в 2022 г. Потом ещё.", ["Сдали в 2022 г.", "Потом ещё."]),
        ("Он из г. Ромашковск. Она тоже.", ["Он из г. Ромашковск.", "Она тоже."]),
        ("Дали 5 млн. рублей. Мало.", ["Дали 5 млн. рублей.", "Мало."]),
        ("Яблоки, груши и т. д. Всё свежее.", ["Яблоки, груши и т. д.", "Всё свежее."]),
        ("«Да! — сказал он. — Нет».", ["«Да! — сказал он.", "— Нет»."]),
        ("Ярмарка переїхала на вул. Лісову. Дощ.", ["Ярмарка переїхала на вул. Лісову.", "Дощ."]),
        ("Көпір ашылды. Жаңбыр жауды!", ["Көпір ашылды.", "Жаңбыр жауды!"]),
        ("Вот… Так!!! Что?", ["Вот…", "Так!!!", "Что?"]),
        ("by “exporting parsley”.Rome could help.", ["by “exporting parsley”.", "Rome could help."]),
        ("read node.js and www.example.org/A.B now", ["read node.js and www.example.org/A.B now"]),
        ("1. Первый. 2. Второй.", ["1. Первый.", "2. Второй."]),
        ("labs s on the territory.", ["labs s on the territory."]),
        (
            "[Наш канал. Подписаться](https://example.org/x) да",
            ["[Наш канал. Подписаться](https://example.org/x) да"],
        ),
        ("“A fine day.” She left.", ["“A fine day.”", "She left."]),
    ],
)
def test_sentences(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_lines_are_paragraphs_and_sentences_never_cross_them() -> None:
    text = "Без точки\r\n\n  • пункт один\n🔥🔥\nКонец. Всё"
    found = sentences(text)
    assert [(number, span.of(text)) for number, span in found] == [
        (0, "Без точки"),
        (1, "• пункт один"),
        (2, "🔥🔥"),
        (3, "Конец."),
        (3, "Всё"),
    ]
    assert len(paragraphs(text)) == 4


def test_words_keep_links_tags_and_inner_signs_whole() -> None:
    text = "It’s #новость @kanal https://example.org/a.b Нью-Йорк, 3.5"
    assert [w.of(text) for w in words(text, Span(0, len(text)))] == [
        "It’s",
        "#новость",
        "@kanal",
        "https://example.org/a.b",
        "Нью-Йорк",
        "3.5",
    ]


BLANKS = "\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad"
MESSY = st.text(
    st.sampled_from("ab АБгя.!?…«»“”\"'()[]*_\n\r\u2028 \u00a0\u200b12-—🔥#@:/ іәҚ"), max_size=120
)


@given(st.one_of(st.text(max_size=200), MESSY))
def test_sentences_cover_everything_but_blanks_in_order(text: str) -> None:
    found = sentences(text)
    assert found == sentences(text)
    end = 0
    for _, span in found:
        quoted = span.of(text)
        assert span.start >= end
        assert quoted == quoted.strip() != ""
        assert all(c.isspace() or c in BLANKS for c in text[end : span.start])
        end = span.end
    assert [number for number, _ in found] == sorted(number for number, _ in found)
    for paragraph in paragraphs(text):
        assert len(paragraph.of(text).splitlines()) == 1
    for _, span in found:
        for word in words(text, span):
            assert span.start <= word.start < word.end <= span.end
