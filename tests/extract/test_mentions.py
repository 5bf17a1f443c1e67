"""The names kernel: types, outlets, verbatim spans, any batch, and no weights."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_extract_properties import TEXTS

from tocsin.extract.mentions import find_names
from tocsin.language.stage import segment_documents
from tocsin.model import Document, NameMention, NameType, Post, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import DOCUMENTS, NAMES


def documents(*texts: str) -> list[Document]:
    found = {d.document_id: d for d in (document_from_post(Post(text=t, platform="file")) for t in texts)}
    return list(found.values())


def run(given_documents: list[Document]) -> pa.Table:
    table = table_of(given_documents, DOCUMENTS)
    return find_names(table, segment_documents(table)["sentences"])["names"]


def names(text: str) -> dict[str, str]:
    (document,) = documents(text)
    rows: list[NameMention] = list(rows_of(run([document]), NAMES))
    return {document.text[row.start : row.end]: row.type for row in rows}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Anna Kovak flew from Tartu to Almaty.",
            {"Anna Kovak": "person", "Tartu": "place", "Almaty": "place"},
        ),
        ("Анна Ковак прилетела из Самарканда.", {"Анна Ковак": "person", "Самарканда": "place"}),
        ("Ганна Ковак прилетіла з Полтави.", {"Ганна Ковак": "person", "Полтави": "place"}),
        ("Дана Сейітова Алматы қаласына келді.", {"Дана Сейітова": "person"}),
        ("Об этом сообщила газета «Вечерний маяк».", {"Вечерний маяк": "media"}),
        ("Мост закроют, пишет Reuters.", {"Reuters": "media"}),
    ],
)
def test_names_of_each_language(text: str, expected: dict[str, str]) -> None:
    found = {words.strip("«»"): kind for words, kind in names(text).items()}
    assert expected.items() <= found.items()


@pytest.mark.parametrize("text", ["The bridge is closed.", "мост закрыт", "", "💥🔥", " \n"])
def test_no_name_is_no_row(text: str) -> None:
    assert names(text) == {}


@settings(max_examples=20)
@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_rows_are_verbatim_and_the_same_in_any_batch(texts: list[str]) -> None:
    found = documents(*texts)
    whole = run(found).to_pylist()
    assert whole == run(found[::-1]).to_pylist()
    assert whole == sorted(
        (row for one in found for row in run([one]).to_pylist()),
        key=lambda row: (row["document_id"], row["start"], row["mention_id"]),
    )
    by_id = {d.document_id: d.text for d in found}
    for row in whole:
        words = by_id[row["document_id"]][row["start"] : row["end"]]
        assert words
        assert words == words.strip()
        assert row["type"] in set(NameType)
        assert 0 <= row["score"] <= 1


def test_without_the_weights_the_table_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tocsin.language.reading.core_installed", lambda: False)
    assert run(documents("Анна Ковак прилетела из Тарту.")).num_rows == 0
