"""The stories of the brief: the diff is verbatim, the tree is whole, hostile text stays text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.link.stage import find_origins, link_documents
from tocsin.model import TABLES, LinkType, Post, document_from_post
from tocsin.model.arrow import empty_table, rows_of, table_of
from tocsin.present import RunFacts, build_brief
from tocsin.present.differences import difference
from tocsin.settings import Settings
from tocsin.stage import CorpusInput

TEXT = st.lists(
    st.sampled_from(["lantern", "otter", " ", "7", "8", ",", "\n", "фонарь", "❗️"]), max_size=40
).map("".join)


@given(TEXT, TEXT)
def test_the_stretches_make_up_both_texts(original: str, copy: str) -> None:
    parts = difference(original, copy)
    assert "".join(p.text for p in parts if p.kind != "in") == original
    assert "".join(p.text for p in parts if p.kind != "out") == copy
    for part in parts:
        source = copy if part.kind == "in" else original
        assert source[part.at : part.at + len(part.text)] == part.text


def test_a_long_unchanged_stretch_is_cut_and_counted() -> None:
    text = "The lantern makers of Old Harbour met. " * 20
    parts = difference(text + "Forty are gone.", text + "Fifty are gone.")
    assert [part.kind for part in parts] == ["cut", "same", "out", "in", "same"]


LANTERN = (
    "The lantern makers of Old Harbour say that forty blue lanterns went missing from the quay on Sunday "
    "night, and that nobody saw a boat <script>alert(1)</script>."
)


class _Tables:
    """The tables of a few posts, with the links and stories made of them; all others are empty."""

    def __init__(self, posts: list[Post]) -> None:
        documents = table_of([document_from_post(post) for post in posts], TABLES["documents"])
        self.tables = {"documents": documents}
        for kernel in (link_documents, find_origins):
            self.tables |= kernel(CorpusInput(self.table, {}, {}))

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        data = self.tables.get(name, empty_table(TABLES[name]))
        return data.select(list(columns)) if columns else data

    def select(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        data = self.table(name)
        return data.filter(pc.is_in(data.column(column), pa.array(list(values), pa.string())))


@pytest.fixture(scope="module")
def page() -> str:
    texts = [LANTERN, LANTERN, LANTERN.replace("blue lanterns", "green lanterns"), "Tea is at five."]
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel=f"Channel {'ABCD'[number]}",
            native_id=str(number),
            published=datetime(2024, 3, 1, 8 + number, tzinfo=UTC),
            published_basis="stated",
        )
        for number, text in enumerate(texts)
    ]
    return build_brief(_Tables(posts), RunFacts("0"), Settings())


def test_the_brief_counts_posts_and_origins(page: str) -> None:
    section = page[page.index('<section id="stories"') :]
    assert "3 posts, 1 origin" in section
    assert "Earliest in this corpus" in section
    assert "<del>" in section
    assert "<ins>" in section


def test_no_script_comes_from_a_post(page: str) -> None:
    assert "<script" not in page


def test_one_publishers_origins_are_told_as_one_voice() -> None:
    texts = [LANTERN, "A paper camel two storeys high crossed the salt flats by itself.", f"{LANTERN} Well."]
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel="Beta" if number == 2 else "Alpha",
            native_id=str(number),
            published=datetime(2024, 3, 1, 8 + number, tzinfo=UTC),
            published_basis="stated",
        )
        for number, text in enumerate(texts)
    ]
    tables = _Tables(posts)
    first, second, _ = (document_from_post(post).document_id for post in posts)
    [link] = rows_of(tables.table("document_links"), TABLES["document_links"])
    same = replace(link, link_id="0" * 32, document_id=second, original_id=first, type=LinkType.SAME_STORY)
    tables.tables["meaning_links"] = table_of([same], TABLES["meaning_links"])
    tables.tables |= find_origins(CorpusInput(tables.table, {}, {}))
    page = build_brief(tables, RunFacts("0"), Settings())
    assert "3 posts, 2 origins" in page
    assert "first told by 1 publisher<" in page
    assert "<b>2 origins:</b>" in page
