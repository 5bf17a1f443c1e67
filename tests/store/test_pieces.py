"""Rows found by an id are those that looking through the whole table gives."""

from __future__ import annotations

import tempfile
from pathlib import Path
from unittest.mock import patch

import pyarrow as pa
import pyarrow.compute as pc
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model import TABLES, Post, document_from_post
from tocsin.model.arrow import arrow_schema, table_of
from tocsin.store import CaseStore, Change, write_segment
from tocsin.store import pieces as pieces_module
from tocsin.store import segments as segments_module
from tocsin.store.pieces import Pieces

TERMS = TABLES["search_terms"]
# Short alphabets make texts that begin alike; zeros and long letters are what fixed widths get wrong.
texts = st.one_of(st.text("ab\0ж", max_size=12), st.text(max_size=10).filter(lambda t: t.isprintable()))


def _terms(rows: list[tuple[str, int]]) -> pa.Table:
    columns = [[t for t, _ in rows], [f"d{n}" for _, n in rows], [1] * len(rows)]
    return pa.table(
        [pa.array(c, f.type) for c, f in zip(columns, arrow_schema(TERMS), strict=True)],
        schema=arrow_schema(TERMS),
    )


@settings(max_examples=60, deadline=None)
@given(
    parts=st.lists(st.lists(st.tuples(texts, st.integers(0, 9)), max_size=12, unique=True), max_size=3),
    wanted=st.lists(texts, max_size=4),
    ordered=st.booleans(),
    long=st.sampled_from((0, 1000)),
)
def test_found_is_what_looking_through_gives(
    parts: list[list[tuple[str, int]]], wanted: list[str], ordered: bool, long: int
) -> None:
    parts = [sorted(rows) for rows in parts] if ordered else parts
    with (
        tempfile.TemporaryDirectory() as folder,
        patch.object(segments_module, "_GROUP_BYTES", 1),
        patch.object(segments_module, "_FEWEST_ROWS", 3),
        patch.object(pieces_module, "_LONG", long),
    ):
        root = Path(folder)
        tables = [_terms(rows) for rows in parts]
        segments = [write_segment(root, "search_terms", t, f"part {n}") for n, t in enumerate(tables)]
        some = wanted + [term for rows in parts for term, _ in rows[::3]]
        found = Pieces(root, segments).find("search_terms", "term", some)
        whole = pa.concat_tables([_terms([]), *tables])
        kept = whole.filter(pc.is_in(whole.column("term"), value_set=pa.array(some, pa.string())))
        assert found.equals(kept.sort_by([(key, "ascending") for key in TERMS.order]))


def test_old_versions_are_found_only_when_asked_for(tmp_path: Path) -> None:
    old, new = (
        document_from_post(Post(text=text, platform="telegram", channel_id="7", native_id="1", url=url))
        for text, url in (("The duck swims.", None), ("The duck swims.", "https://example.org/1"))
    )
    with CaseStore(tmp_path / "case") as store:
        for document in (old, new):
            segment = store.write("documents", table_of([document], TABLES["documents"]))
            store.commit(Change(add=(segment,)), run=1)
        snapshot = store.snapshot()
        ids = [old.document_id, new.document_id]
        assert snapshot.select("documents", "item_id", [old.item_id]).column("document_id").to_pylist() == [
            new.document_id
        ]
        assert snapshot.of_documents("documents", ids).num_rows == 2
        assert snapshot.query("SELECT count(*) AS n FROM documents").column("n").to_pylist() == [1]
        assert snapshot.current_of(old.document_id) == snapshot.current_of(new.document_id) == new.document_id
        assert snapshot.current_of("nothing") is None
