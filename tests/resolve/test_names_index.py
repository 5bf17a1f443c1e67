"""The index of names: found in other spellings and cases, in any order of adding, kept on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.errors import InternalError
from tocsin.resolve.names import NameIndex, nominatives

_NAMES = (
    "Anna Kovak|Boris Zhuk|Yevhen Ozerny|Zarina Bekova|Igor Lebedev|Olha Husak|Dmytro Dzhura|Anna Zhuk|"
    "Askar Tulenov|Marcel Dubois|Wilhelm Hirsch|Nils Østergård|Jan Daniel Kral|Sheikh Omar al Nur"
)
NAMES = [*_NAMES.split("|"), "Ketevan Shvelidze"]


def index_of(names: list[str]) -> NameIndex:
    index = NameIndex()
    index.add_many((name, name) for name in names)
    return index


@pytest.mark.parametrize(
    ("query", "language", "name"),
    [
        ("Анна Ковак", "ru", "Anna Kovak"),
        ("Анной Ковак", "ru", "Anna Kovak"),
        ("Бориса Жука", "ru", "Boris Zhuk"),
        ("Євгена Озерного", "uk", "Yevhen Ozerny"),
        ("Зариной Бековой", "ru", "Zarina Bekova"),
        ("Дмитром Джурою", "uk", "Dmytro Dzhura"),
        ("Асқар Төленовтың", "kk", "Askar Tulenov"),
        ("Марсель Дюбуа", "ru", "Marcel Dubois"),
        ("Вильгельм Хирш", "ru", "Wilhelm Hirsch"),
        ("Kovak, Anna", "en", "Anna Kovak"),
        ("Omar Nur", "", "Sheikh Omar al Nur"),
    ],
)
def test_found_first(query: str, language: str, name: str) -> None:
    found = index_of(NAMES).find(query, 3, language=language, kind="PER")
    assert found[0].name_id == name, found
    assert found[0].reasons


@settings(max_examples=15)
@given(st.permutations(NAMES), st.sampled_from(["Анна Жук", "Олха Гусак", "Kral", "нет такого", ""]))
def test_order_of_adding_does_not_matter(names: list[str], query: str) -> None:
    assert index_of(names).find(query, 5) == index_of(list(NAMES)).find(query, 5)


@settings(max_examples=25)
@given(st.lists(st.text(max_size=12), max_size=6), st.text(max_size=12))
def test_any_names_and_any_query(names: list[str], query: str) -> None:
    index = index_of(names)
    found = index.find(query, 4)
    assert len(found) <= 4
    assert len({f.name_id for f in found}) == len(found)
    assert [f.score for f in found] == sorted((f.score for f in found), reverse=True)


def test_many_at_once_are_as_one_by_one() -> None:
    index = index_of(NAMES)
    queries = ["Анна Ковак", "Борис Жук", "???", "Nils Ostergard"]
    rows, scores = index.find_many(queries, 3)
    for place, query in enumerate(queries):
        own_rows, own_scores = index_of(NAMES).find_many([query], 3)
        assert np.array_equal(rows[place], own_rows[0])
        assert np.allclose(scores[place], own_scores[0])


def test_an_id_with_two_names_comes_once() -> None:
    index = NameIndex()
    index.add_many([("a", "Anna Kovak"), ("a", "Анна Ковак"), ("b", "Boris Zhuk")])
    assert [f.name_id for f in index.find("Anna Kovak", 5)].count("a") == 1


def test_saved_and_loaded(tmp_path: Path) -> None:
    index = index_of([*NAMES, "two\nlines", "back\\slash\\n"])
    index.save(tmp_path / "names.npz")
    loaded = NameIndex.load(tmp_path / "names.npz")
    assert len(loaded) == len(index)
    assert [loaded.entry(n) for n in range(len(loaded))] == [index.entry(n) for n in range(len(index))]
    assert loaded.find("Анна Ковак", 3, language="ru") == index.find("Анна Ковак", 3, language="ru")


def test_another_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "names.npz"
    with path.open("wb") as file:
        np.savez(file, format=0, text=np.zeros(1, np.uint8))
    with pytest.raises(InternalError, match="another version"):
        NameIndex.load(path)


@pytest.mark.parametrize(
    ("form", "language", "nominative"),
    [
        ("Анной Лебедевой", "ru", "Анна Лебедева"),
        ("Игоря Лебедева", "ru", "Игорь Лебедев"),
        ("Дональдом Гусаком", "ru", "Дональд Гусак"),
        ("Ольгою Гусак", "uk", "Ольга Гусак"),
        ("Anna Kovak’s", "en", "Anna Kovak"),
        ("Marcel Dubois", "fr", "Marcel Dubois"),
    ],
)
def test_nominatives(form: str, language: str, nominative: str) -> None:
    assert nominative in [text for text, _ in nominatives(form, language)][:2]


@given(st.text(max_size=20), st.sampled_from(["ru", "uk", "kk", "en", "de"]))
def test_nominatives_of_anything(name: str, language: str) -> None:
    found = nominatives(name, language)
    assert found
    assert abs(sum(share for _, share in found) - 1.0) < 1e-6
