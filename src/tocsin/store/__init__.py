"""The case on disk; the only package that imports a database engine.

Immutable Parquet segments hold the bulk; one SQLite database (WAL) holds the manifest, stage results,
run records, read cursors and judgements; queries run in DuckDB in memory over pinned segments.
"""

from __future__ import annotations

from tocsin.store.case_store import CaseStore
from tocsin.store.catalogue import Change, InputRecord, Request, StageResult
from tocsin.store.segments import Segment, read_as_written, read_segment, segment_path, write_segment
from tocsin.store.shelf import Shelf
from tocsin.store.snapshot import Snapshot

__all__ = [
    "CaseStore",
    "Change",
    "InputRecord",
    "Request",
    "Segment",
    "Shelf",
    "Snapshot",
    "StageResult",
    "read_as_written",
    "read_segment",
    "segment_path",
    "write_segment",
]
