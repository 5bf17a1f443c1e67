"""A declared table as CSV, JSON Lines or Parquet, with the quoted words beside the offsets."""

from __future__ import annotations

import csv
import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tocsin.model import TABLES, Tables
from tocsin.model.tables import Table

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = [
    "ROW_FORMATS",
    "TABLE_FORMATS",
    "csv_cell",
    "export_rows",
    "export_table",
    "is_mention",
    "plain_value",
]

#: Accepted file endings.
TABLE_FORMATS = ("csv", "jsonl", "parquet")
#: Those of rows that are no declared table.
ROW_FORMATS = ("csv", "jsonl")

# A cell that begins so is run as a formula by spreadsheet programs, and posts are written by strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def export_table(tables: Tables, name: str, path: Path) -> int:
    """Write the table ``name`` to ``path`` in the format of its ending; returns the number of rows.

    Rows with spans get a ``…_text`` column for each span column (``text`` for mentions): the quoted words.
    In CSV, nested values are JSON, and a cell that a spreadsheet would run as a formula is preceded by an
    apostrophe. Raises ValueError for an ending that is not in ``TABLE_FORMATS``.
    """
    write = _WRITERS.get(path.suffix.lstrip(".").lower())
    if write is None:
        raise ValueError(f"cannot write {path.suffix or 'a file without ending'}: use {TABLE_FORMATS}")
    if write is _parquet:
        data = tables.table(name)
        return _parquet(data, path)
    return write(_rows(tables, name), path)


def export_rows(rows: Iterator[dict[str, Any]], path: Path) -> int:
    """Write rows (all of the same names) as CSV or JSON Lines, as ``export_table`` does; returns how many.

    Raises ValueError for an ending that is not in ``ROW_FORMATS``.
    """
    kind = path.suffix.lstrip(".").lower()
    if kind not in ROW_FORMATS:
        raise ValueError(f"cannot write {path.suffix or 'a file without ending'}: use {ROW_FORMATS}")
    return _WRITERS[kind](rows, path)


def is_mention(table: Table) -> bool:
    """Whether a row is one stretch of one document's text."""
    return {"start", "end", "document_id"} <= set(table.column_names)


def _rows(tables: Tables, name: str) -> Iterator[dict[str, Any]]:
    table = TABLES[name]
    data = tables.table(name)
    spans = {column.name: column.of for column in table.columns if column.type == "spans"}
    mention = is_mention(table)
    texts: Mapping[str, str] = {}
    if spans or mention:
        documents = tables.table("documents").select(["document_id", "text"]).to_pydict()
        texts = dict(zip(documents["document_id"], documents["text"], strict=True))
    for row in data.to_pylist():
        for column, of in spans.items():
            text = texts.get(row[of], "")
            row[f"{column}_text"] = " … ".join(text[s["start"] : s["end"]] for s in row[column])
        if mention:
            row["text"] = texts[row["document_id"]][row["start"] : row["end"]]
        yield row


def plain_value(value: Any) -> Any:
    """A value that JSON has no type for, as text; any other as it is."""
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, datetime) else value


def csv_cell(value: Any) -> str:
    """A value as a cell of CSV; what a spreadsheet would run as a formula is preceded by an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, default=plain_value)
    if isinstance(value, str):
        return "'" + value if value.startswith(_FORMULA) else value
    return str(plain_value(value))


def _csv(rows: Iterator[dict[str, Any]], path: Path) -> int:
    count = 0
    # The byte-order mark makes spreadsheet programs read Cyrillic right.
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        for row in rows:
            if not count:
                writer.writerow(row)
            writer.writerow([csv_cell(value) for value in row.values()])
            count += 1
    return count


def _jsonl(rows: Iterator[dict[str, Any]], path: Path) -> int:
    count = 0
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        for row in rows:
            stream.write(json.dumps(row, ensure_ascii=False, default=plain_value) + "\n")
            count += 1
    return count


def _parquet(data: pa.Table, path: Path) -> int:
    import pyarrow.parquet as pq

    pq.write_table(data, path, compression="zstd")
    return int(data.num_rows)


_WRITERS: dict[str, Callable[[Any, Path], int]] = {"csv": _csv, "jsonl": _jsonl, "parquet": _parquet}
