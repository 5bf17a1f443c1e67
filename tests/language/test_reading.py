"""A document is read once, whoever asks; what is said of it depends on nothing else."""

from __future__ import annotations

from itertools import pairwise

import pytest
from core_helpers import HOSTILE, ODD
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.language import sentences
from tocsin.language.core import Analysis, LanguageCore, language_core
from tocsin.language.reading import Reader, SentenceSpan
from tocsin.language.windows import Window

TEXT = "Анна Ковак приехала в Тарту. Later Boris Lind left Tartu.\n\nАстанада Дана Сейіт қалды."


def spans(text: str, language: str = "ru") -> list[SentenceSpan]:
    return [SentenceSpan(p, s.start, s.end, language) for p, s in sentences(text)]


def test_a_second_question_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    core = language_core()
    original = LanguageCore.read

    def counted(self: LanguageCore, window: Window) -> Analysis:
        nonlocal read
        read += 1
        return original(self, window)

    monkeypatch.setattr(LanguageCore, "read", counted)
    mine = Reader(core)
    first = mine.names(TEXT, spans(TEXT))
    assert read == 1
    assert mine.names(TEXT, spans(TEXT)) == first
    assert read == 1
    mine.names(TEXT, spans(TEXT, "uk"))
    assert read == 2


def test_what_is_forgotten_is_found_again() -> None:
    mine = Reader(language_core(), kept=2)
    texts = [f"Анна Ковак живёт в доме {n} в Тарту." for n in range(4)]
    first = [mine.names(t, spans(t)) for t in texts]
    assert [mine.names(t, spans(t)) for t in texts] == first
    assert all(first)


@settings(max_examples=25)
@given(st.lists(st.one_of(HOSTILE, st.sampled_from(ODD)), min_size=1, max_size=3))
def test_names_of_any_text_are_in_order_and_disjoint(texts: list[str]) -> None:
    mine = Reader(language_core())
    for text in texts:
        found = mine.names(text, spans(text))
        assert found == Reader(language_core()).names(text, spans(text))
        for one, other in pairwise(found):
            assert one.end <= other.start
        assert all(0 <= n.start < n.end <= len(text) and 0 <= n.score <= 1 for n in found)
