"""How posts are cut into batches. The posts are invented."""

from __future__ import annotations

import json
from pathlib import Path

import tocsin
from tocsin.ingest import add_inputs
from tocsin.read import ReadOptions
from tocsin.reading import SilentWatcher
from tocsin.store import CaseStore


def batches(root: Path, count: int, *, limit: int = 2000) -> list[int]:
    path = root / "posts.jsonl"
    posts = ({"text": f"Lantern {n} was lit.", "channel": "Quiet Quay"} for n in range(count))
    path.write_text("\n".join(map(json.dumps, posts)), encoding="utf-8")
    settings = tocsin.Settings({"read.batch_documents": limit})
    with CaseStore(root / "case") as store, store.writing():
        report = add_inputs(store, 1, [path], ReadOptions(), settings, SilentWatcher())
        assert report.added == count
        return [segment.rows for segment in store.catalogue.segments("documents")]


def test_one_export_is_shared_by_several_workers(tmp_path: Path) -> None:
    assert sorted(batches(tmp_path, 500)) == [100, 200, 200]


def test_later_batches_are_larger_up_to_the_setting(tmp_path: Path) -> None:
    assert max(batches(tmp_path, 3000, limit=400)) == 400
