"""Spellings that are one name, and names that are not; what a comparison promises of any two names."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.resolve.names import compare, fold
from tocsin.resolve.names.compare import FEATURES, WEIGHTS, Weights
from tocsin.resolve.names.fold import fold_word, keys
from tocsin.resolve.names.letters import letters
from tocsin.resolve.names.sounds import distance

_PIECES = (
    "Анна Ганна Anna Hanna Ковак Kovak Kowak Ковака А. В. A. V. Иванович Ivanovich президент Dr. Prof ван "
    "van Озёрный Ozyorny Ozerny ЗАО Ltd Фонд Fund 2 второй XVI ГУО GUO Қасымжан Kassymzhan O’Leary Мак - ı 王"
)
PIECES = [*_PIECES.split(), "Mc", "’", "ß"]
names = st.one_of(st.text(max_size=24), st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join))
kinds = st.sampled_from(["", "PER", "ORG"])


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("Семён Пегов", "Semyon Pegov", "PER"),
        ("Семён Пегов", "Semen Pehov", "PER"),
        ("Semyon Pegov", "Semen Pehov", "PER"),
        ("Шойгу", "Shoigu", "PER"),
        ("Шойгу", "Shoygu", "PER"),
        ("Shoigu", "Shoygu", "PER"),
        ("Тоқаев", "Tokayev", "PER"),
        ("Токаев", "Tokayev", "PER"),
        ("Тоқаев", "Токаев", "PER"),
        ("КНБ", "KNB", "ORG"),
        ("ГУР", "GUR", "ORG"),
        ("ГУР", "HUR", "ORG"),
        ("GUR", "HUR", "ORG"),
        ("КНБ", "Комитет национальной безопасности", "ORG"),
        ("ОЗЛ", "Общество защиты лебедей", "ORG"),
        ("А. Ковак", "Анна Ковак", "PER"),
        ("Dr. Anna Kowak", "Анна Ковак", "PER"),
        ("Ковак Анна", "Anna Kovak", "PER"),
        ("Олександр Озерний", "Александр Озерный", "PER"),
    ],
)
def test_one_name(left: str, right: str, kind: str) -> None:
    assert compare(left, right, kind).same, compare(left, right, kind)


@pytest.mark.parametrize(
    ("left", "right", "kind"),
    [
        ("Анна Ковак", "Борис Ковак", "PER"),
        ("А. Ковак", "Б. Ковак", "PER"),
        ("Анна Ковак", "Anna Zhuk", "PER"),
        ("Анна Ивановна Ковак", "Анна Петровна Ковак", "PER"),
        ("КНБ", "KGB", "ORG"),
        ("ОЗЛ", "Общество защиты гусей", "ORG"),
        ("Школа 2", "Школа 5", "ORG"),
        ("Swan Lake Ltd", "Goose Lake Ltd", "ORG"),
    ],
)
def test_two_names(left: str, right: str, kind: str) -> None:
    assert not compare(left, right, kind).same, compare(left, right, kind)


@given(names, names, kinds)
def test_symmetric_bounded_and_repeatable(left: str, right: str, kind: str) -> None:
    found = compare(left, right, kind)
    assert found == compare(right, left, kind)
    assert 0.0 <= found.score <= 1.0
    assert set(found.features) == {feature.name for feature in FEATURES}


@given(names, kinds)
def test_a_name_is_itself(name: str, kind: str) -> None:
    if any(letters(word) for word in name.split()) and fold(name):
        assert compare(name, name, kind).score == 1.0


@given(names)
@example(":MCAAA")  # a sign before Mc
def test_fold_is_idempotent(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    assert letters(letters(name)) == letters(name)


@given(st.sampled_from(PIECES))
def test_keys_are_few_and_fixed(word: str) -> None:
    found = keys(letters(word))
    assert 0 < len(found) <= 4
    assert found == keys(letters(word))


def test_other_weights_change_the_score() -> None:
    pair = ("Анна Ковак", "Anna Kovak")
    without = Weights(WEIGHTS.bias, tuple(0.0 for _ in FEATURES))
    assert compare(*pair, weights=without).score < compare(*pair).score


def test_reasons_name_what_agrees_and_what_is_left() -> None:
    reasons = " ".join(compare("Анна Ковак", "Kovak", "PER").reasons)
    assert "Ковак" in reasons
    assert "only in “Анна Ковак”: Анна" in reasons


def test_a_kind_that_is_none() -> None:
    with pytest.raises(ValueError, match="is none of"):
        compare("Анна", "Anna", "LOC")


def test_fold_of_one_word_keeps_other_scripts() -> None:
    assert fold_word("王") == "王"


words = st.builds(
    lambda word, cut: letters(word)[: cut or None], st.sampled_from(PIECES), st.integers(0, 6)
) | st.builds(letters, st.text(max_size=20))


@given(words, words, st.floats(0, 30))
def test_a_distance_is_exact_up_to_its_limit(left: str, right: str, limit: float) -> None:
    exact = distance(left, right)
    short = distance(left, right, limit)
    assert short == exact if exact <= limit else short > limit
