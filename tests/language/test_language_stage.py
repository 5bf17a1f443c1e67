"""The language kernel."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from tocsin.language.stage import segment_documents
from tocsin.model import Post, document_from_post
from tocsin.model.arrow import arrow_schema, rows_of, table_of
from tocsin.model.tables import DOCUMENT_LANGUAGES, DOCUMENTS, SENTENCES


def table(*texts: str) -> pa.Table:
    return table_of([document_from_post(Post(text=text, platform="file")) for text in texts], DOCUMENTS)


def test_tables_have_the_declared_shape() -> None:
    result = segment_documents(table("It rained. Потом был дождь и сильный ветер.", ""))
    assert set(result) == {"sentences", "document_languages"}
    assert result["sentences"].schema == arrow_schema(SENTENCES)
    assert result["document_languages"].schema == arrow_schema(DOCUMENT_LANGUAGES)


def test_a_mixed_document_lists_its_languages_by_size() -> None:
    text = "The fair moved to the river on Monday, the town said.\nЯрмарку перенесли.\n🔥"
    rows = list(rows_of(segment_documents(table(text))["document_languages"], DOCUMENT_LANGUAGES))
    assert [(r.language, r.rank) for r in rows] == [("en", 0), ("ru", 1), ("und", 2)]
    assert abs(sum(r.share for r in rows) - 1) < 1e-9


def test_an_empty_document_is_undetermined() -> None:
    result = segment_documents(table(" \n "))
    assert result["sentences"].num_rows == 0
    assert result["document_languages"].to_pylist()[0]["language"] == "und"


@given(st.lists(st.text(max_size=120), min_size=1, max_size=4))
def test_batches_may_be_cut_anywhere(texts: list[str]) -> None:
    whole = segment_documents(table(*texts))
    parts = [segment_documents(table(text)) for text in texts]
    for name, data in whole.items():
        assert data.to_pylist() == [row for part in parts for row in part[name].to_pylist()]
    for row in rows_of(whole["sentences"], SENTENCES):
        text = next(
            t
            for t in texts
            if document_from_post(Post(text=t, platform="file")).document_id == row.document_id
        )
        quoted = text[row.start : row.end]
        assert quoted
        assert quoted == quoted.strip()
