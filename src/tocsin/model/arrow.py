"""Declared tables as Arrow: schemas, and rows to and from them.

Kept apart from ``model.tables`` so that the vocabulary can be imported without an engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from tocsin.model.scores import Alternative
from tocsin.model.spans import Span
from tocsin.model.tables import Table

__all__ = ["ARROW_TYPES", "arrow_schema", "empty_table", "rows_among", "rows_of", "table_of"]

_SPAN = pa.struct(
    [pa.field("start", pa.int32(), nullable=False), pa.field("end", pa.int32(), nullable=False)]
)
_ALTERNATIVE = pa.struct(
    [
        pa.field("value", pa.string(), nullable=False),
        pa.field("label", pa.string(), nullable=False),
        pa.field("score", pa.float64(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
    ]
)

#: The Arrow type of each column type a table may declare.
ARROW_TYPES: dict[str, pa.DataType] = {
    "string": pa.string(),
    "int": pa.int32(),
    "float": pa.float64(),
    "bool": pa.bool_(),
    "timestamp": pa.timestamp("us", tz="UTC"),
    "bytes": pa.binary(),
    "strings": pa.list_(pa.field("item", pa.string(), nullable=False)),
    "spans": pa.list_(pa.field("item", _SPAN, nullable=False)),
    "alternatives": pa.list_(pa.field("item", _ALTERNATIVE, nullable=False)),
}


def _as_spans(value: Any) -> tuple[Span, ...]:
    return tuple(Span(item["start"], item["end"]) for item in value)


def _as_alternatives(value: Any) -> tuple[Alternative, ...]:
    return tuple(Alternative(**item) for item in value)


def _as_utc(value: datetime | None) -> datetime | None:
    # Arrow gives zoneinfo or pytz zones by version; ours is always datetime.UTC.
    return None if value is None else value.astimezone(UTC)


_DECODE: dict[str, Callable[[Any], Any]] = {
    "spans": _as_spans,
    "alternatives": _as_alternatives,
    "strings": tuple,
    "timestamp": _as_utc,
}

_ENCODE: dict[str, Callable[[Any], Any]] = {
    "spans": lambda value: [{"start": s.start, "end": s.end} for s in value],
    "alternatives": lambda value: [
        {"value": a.value, "label": a.label, "score": a.score, "reason": a.reason} for a in value
    ],
    "strings": list,
    "string": lambda value: None if value is None else str(value),  # StrEnum → plain str
}


def arrow_schema(table: Table) -> pa.Schema:
    """The Arrow schema of a declared table."""
    return pa.schema([pa.field(c.name, ARROW_TYPES[c.type], nullable=c.nullable) for c in table.columns])


def empty_table(table: Table) -> pa.Table:
    """A table of the declared schema without rows."""
    return arrow_schema(table).empty_table()


def rows_among(data: pa.Table, column: str, values: Iterable[str] | pa.ChunkedArray) -> pa.Table:
    """The rows whose text in ``column`` is one of ``values``, in their order."""
    import pyarrow.compute as pc

    wanted = (
        values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(sorted(values), pa.string())
    )
    return data.filter(pc.is_in(data.column(column), value_set=wanted))


def table_of(rows: Iterable[Any], table: Table) -> pa.Table:
    """Arrow table of row objects; raises ``pyarrow.ArrowInvalid`` on a null where none is declared."""
    items = list(rows)
    arrays = []
    for column in table.columns:
        encode = _ENCODE.get(column.type)
        values = [getattr(item, column.name) for item in items]
        if encode is not None:
            values = [encode(value) for value in values]
        if not column.nullable and any(value is None for value in values):
            raise pa.ArrowInvalid(f"{table.name}.{column.name} may not be null")
        arrays.append(pa.array(values, type=ARROW_TYPES[column.type]))
    return pa.Table.from_arrays(arrays, schema=arrow_schema(table))


def rows_of(data: pa.Table, table: Table) -> Iterator[Any]:
    """Row objects of an Arrow table that has (at least) the declared columns."""
    columns = []
    for column in table.columns:
        decode = _DECODE.get(column.type)
        values = data.column(column.name).to_pylist()
        columns.append([decode(value) for value in values] if decode else values)
    for values in zip(*columns, strict=True):
        yield table.row(**dict(zip(table.column_names, values, strict=True)))
