"""What is kept of each partition is what one look at the whole case gives, and costs only what is new."""

from __future__ import annotations

import gc
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from tocsin.model import TABLES, Post, document_from_post
from tocsin.model.arrow import arrow_schema, table_of
from tocsin.store import CaseStore, Change, Shelf, Snapshot
from tocsin.store.segments import Segment
from tocsin.store.shelf import Hold

WORDS = (
    "SELECT d.document_id, d.text, t.term FROM {documents} AS d "
    "LEFT JOIN {search_terms} AS t ON t.document_id = d.document_id AND t.count > 1"
)
CURRENT = "document_id NOT IN (FROM superseded)"


def add(store: CaseStore, *texts: str, native: str = "") -> list[Segment]:
    """A partition of some posts, each with one term that counts and one that doesn't; the last has none."""
    documents = [
        document_from_post(
            Post(
                text=text,
                platform="telegram",
                channel_id="7",
                native_id=native or text,
                url=f"https://example.org/{text}" if native else None,
            )
        )
        for text in texts
    ]
    rows = [(f"{d.text} {n}", d.document_id, n) for d in documents[:-1] for n in (1, 2)]
    schema = arrow_schema(TABLES["search_terms"])
    columns = [pa.array([row[n] for row in rows], field.type) for n, field in enumerate(schema)]
    segment = store.write("documents", table_of(documents, TABLES["documents"]))
    made = [segment]
    if rows:
        made.append(store.write("search_terms", pa.table(columns, schema=schema), segment.partition))
    store.commit(Change(add=tuple(made)), run=1)
    return made


def kept(snapshot: Snapshot, name: str = "words") -> list[tuple[object, ...]]:
    return sorted(map(tuple, (r.values() for r in snapshot.query(f"FROM {name}").to_pylist())), key=repr)


def whole(snapshot: Snapshot) -> list[tuple[object, ...]]:
    """The same SELECT over the whole tables."""
    snapshot.keep("whole", WORDS.format(documents="documents", search_terms="search_terms"))
    return kept(snapshot, "whole")


def taken(store: CaseStore, shelf: Shelf) -> Snapshot:
    catalogue = store.catalogue
    snapshot = Snapshot(store.root, catalogue.segments(), catalogue.inputs(), shelf=shelf)
    snapshot.keep_parts("words", WORDS, CURRENT)
    return snapshot


def test_kept_in_parts_is_kept_whole(tmp_path: Path) -> None:
    shelf = Shelf()
    with CaseStore(tmp_path / "case") as store:
        assert kept(taken(store, shelf)) == []
        snapshots = []
        for texts in (("duck", "goose", "swan"), ("kite",), ("lamp", "boat")):
            add(store, *texts)
            snapshots.append((taken(store, shelf), len(snapshots)))
        for snapshot, _ in snapshots:
            assert kept(snapshot) == whole(snapshot)  # each sees its own, whatever came after
        assert [len({row[0] for row in kept(s)}) for s, _ in snapshots] == [3, 4, 6]
        assert kept(snapshots[-1][0].beside()) == whole(taken(store, Shelf()))


def test_a_new_version_leaves_out_what_was_kept_of_the_old(tmp_path: Path) -> None:
    shelf = Shelf()
    with CaseStore(tmp_path / "case") as store:
        add(store, "duck", "goose")
        before = taken(store, shelf)
        add(store, "duck flies", native="duck")
        after = taken(store, shelf)
        assert {row[1] for row in kept(before)} == {"duck", "goose"}
        assert {row[1] for row in kept(after)} == {"duck flies", "goose"}
        assert kept(after) == whole(after)


def test_only_what_is_new_is_read_and_what_none_has_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = Shelf()
    with CaseStore(tmp_path / "case") as store:
        add(store, "duck", "goose")
        taken(store, shelf)
        (old,) = add(store, "kite")
        calls: list[int] = []
        real = Shelf.fill

        def fill(own: Shelf, room: object, table: str, empty: str, parts: dict[tuple[str, ...], str]) -> str:
            calls.append(len(parts.keys() - own._parts.get(table, {}).keys()))
            return real(own, room, table, empty, parts)  # type: ignore[arg-type]

        monkeypatch.setattr(Shelf, "fill", fill)
        snapshot = taken(store, shelf)
        assert calls == [1]
        assert {row[1] for row in kept(snapshot)} == {"duck", "goose", "kite"}
        retired = old.partition
        store.commit(Change(replace=(("documents", retired),)), run=2)
        del snapshot
        gc.collect()
        assert {row[1] for row in kept(taken(store, shelf))} == {"duck", "goose"}
        assert len(shelf._parts["words"]) == 1


def test_a_stream_outlives_its_snapshot(tmp_path: Path) -> None:
    shelf = Shelf()
    with CaseStore(tmp_path / "case") as store:
        add(store, *(f"duck {n}" for n in range(50)))
        batches = taken(store, shelf).stream("SELECT text FROM words ORDER BY text", rows=10)
        gc.collect()
        assert sum(batch.num_rows for batch in batches) == 50


def test_what_is_made_of_a_partition_is_made_once(tmp_path: Path) -> None:
    with CaseStore(tmp_path / "case") as store:
        add(store, "a", "b")
        shelf, seen = Shelf(tmp_path), list[list[str]]()

        def make(rows: dict[str, pa.Table]) -> list[str]:
            assert rows["search_terms"].column_names == ["term"]
            seen.append(rows["documents"].column("text").to_pylist())
            return seen[-1]

        columns = {"documents": ("document_id", "text"), "search_terms": ("term",)}
        first = taken(store, shelf)
        assert [sorted(own) for own in first.keep_made("words", columns, make)] == [["a", "b"]]
        add(store, "c")
        second = taken(store, shelf)
        assert sorted(map(sorted, second.keep_made("words", columns, make))) == [["a", "b"], ["c"]]
        first.keep_made("words", columns, make)
        assert [sorted(own) for own in seen] == [["a", "b"], ["c"]]
        del first, second
        gc.collect()
        third = taken(store, shelf)
        third.keep_made("others", columns, lambda rows: rows["documents"].num_rows)
        assert len(seen) == 2


@pytest.mark.parametrize("folder", ["", "missing"])
def test_arrays_are_held_in_files_or_in_memory(tmp_path: Path, folder: str) -> None:
    hold = Hold(tmp_path / folder)
    arrays = [np.arange(n, dtype=t).reshape(shape) for n, t, shape in ((6, "i1", (2, 3)), (5, "f8", 5))]
    arrays += [np.zeros((0, 4), np.int8), np.ones(70 << 20, np.int8)]
    held = [hold(array) for array in arrays]
    assert all(np.array_equal(a, b) and a.dtype == b.dtype for a, b in zip(held, arrays, strict=True))
    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="read-only"):
        held[0][0, 0] = 1
