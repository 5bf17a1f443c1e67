"""Ids, spans, tables: the vocabulary keeps its promises."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.model import TABLES, DateBasis, Post, Span, document_from_post, make_id, quote
from tocsin.model.arrow import ARROW_TYPES, arrow_schema, empty_table, rows_of, table_of

PARTS = st.lists(st.one_of(st.none(), st.integers(), st.text()), max_size=5)


@given(PARTS, PARTS)
def test_ids_of_different_parts_differ(one: list, other: list) -> None:
    assert (make_id(*one) == make_id(*other)) == (one == other)


def test_ids_never_change() -> None:
    # Frozen values: a change here orphans every judgement ever made.
    assert make_id("a.b", "c") == "e96f1583d50e3f3b0ebdfa23855865d5"
    assert make_id(None, "", 1, "1") == "887e0921e543c98f73ff097af25d8c84"


@given(st.integers(-5, 20), st.integers(-5, 20))
def test_spans_are_never_empty_or_backwards(start: int, end: int) -> None:
    if 0 <= start < end:
        assert len(Span(start, end)) == end - start
    else:
        with pytest.raises(ValueError, match="not a span"):
            Span(start, end)


def test_quote_joins_the_pieces() -> None:
    assert quote((Span(0, 2), Span(5, 7)), "ab---cd") == "ab … cd"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda t: t.name)
def test_rows_and_columns_agree(table) -> None:
    assert [field.name for field in fields(table.row)] == list(table.column_names)
    assert set(table.key) | set(table.order) <= set(table.column_names)
    assert all(column.type in ARROW_TYPES and column.help for column in table.columns)
    assert empty_table(table).schema == arrow_schema(table)


POSTS = st.builds(
    Post,
    text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    platform=st.sampled_from(["telegram", "web", "file"]),
    title=st.none() | st.just("T"),
    channel=st.none() | st.sampled_from(["A", "B"]),
    native_id=st.none() | st.sampled_from(["1", "2"]),
    published=st.none() | st.datetimes(min_value=datetime(1900, 1, 1), timezones=st.just(UTC)),
    published_basis=st.sampled_from(list(DateBasis)),
    media=st.lists(st.sampled_from(["a.jpg", "b.jpg"]), max_size=2).map(tuple),
)


@given(st.lists(POSTS, max_size=4))
def test_documents_survive_arrow(posts: list[Post]) -> None:
    rows = [document_from_post(post) for post in posts]
    assert list(rows_of(table_of(rows, TABLES["documents"]), TABLES["documents"])) == rows


def test_a_null_where_none_is_declared_is_refused() -> None:
    row = replace(document_from_post(Post(text="x", platform="file")), text=None)
    with pytest.raises(pa.ArrowInvalid, match=r"documents\.text"):
        table_of([row], TABLES["documents"])


def test_an_edit_is_a_new_document_of_the_same_item() -> None:
    post = Post(text="old", platform="telegram", channel_id="7", native_id="3")
    one, other = document_from_post(post), document_from_post(replace(post, text="new"))
    assert one.item_id == other.item_id
    assert one.document_id != other.document_id


def test_a_date_given_later_is_the_same_item() -> None:
    post = Post(text="words", platform="file")
    dated = replace(post, published=datetime(2024, 4, 3, tzinfo=UTC), published_basis=DateBasis.GIVEN)
    assert document_from_post(post).item_id == document_from_post(dated).item_id
    stated = replace(dated, published_basis=DateBasis.STATED)
    assert document_from_post(post).item_id != document_from_post(stated).item_id
