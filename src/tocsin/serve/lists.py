"""Lists over a table kept in memory, filtered, in order, cut into pages by cursor."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tocsin.errors import BadCursorError
from tocsin.serve.filters import Paged
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["NEVER", "Found", "Listing", "Where", "commonest", "find", "one_line", "quoted"]

#: Stands for the date of what has none: after every other in an order by date.
NEVER: Final = 1 << 61
_ID: Final = re.compile("[0-9a-f]{32}")
_SPACE: Final = "[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+"


@dataclass(frozen=True, slots=True)
class Listing:
    """A kept table that is shown as a list.

    ``orders``: by name the sort column, ASC or DESC, and its Python type; columns must not be null. ``id`` is
    the column that tells rows apart: an id of the case, as text or, where there are millions, as ``uuid``.
    """

    name: str
    table: str
    id: str
    columns: str
    orders: Mapping[str, tuple[str, str, type]]
    uuid: bool = False


class Where:
    """Conditions with their values, joined by AND."""

    def __init__(self) -> None:
        self.parts: list[str] = ["true"]
        self.values: list[Any] = []

    def add(self, condition: str, *values: Any) -> None:
        self.parts.append(condition)
        self.values += values

    def maybe(self, condition: str, value: Any) -> None:
        """Add a condition of one value, as often as it has question marks, if there is a value."""
        if value is not None:
            self.add(condition, *[value] * condition.count("?"))

    def __str__(self) -> str:
        return " AND ".join(self.parts)


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a list. ``total`` counts all that match; ``next`` is the cursor of the page after."""

    rows: Sequence[dict[str, Any]]
    total: int
    next: str | None


def find(view: View, listing: Listing, where: Where, sort: str, filters: Paged) -> Found:
    """The rows of one page, each with its id in the case as ``row_id``. Raises BadCursorError."""
    tables = view.tables
    total = tables.query(f"SELECT count(*) AS n FROM {listing.table} WHERE {where}", where.values)
    key, direction, kind = listing.orders[sort]
    name = f"{listing.name} {sort}"
    condition, values = str(where), list(where.values)
    if filters.cursor is not None:
        at, last = decode(name, filters.cursor, (kind, str))
        if not _ID.fullmatch(last):
            raise BadCursorError("the cursor cannot be read")
        sign = "<" if direction == "DESC" else ">"
        there = "?::UUID" if listing.uuid else "?"
        condition += f" AND ({key} {sign} ? OR ({key} = ? AND {listing.id} > {there}))"
        values += [at, at, last]
    row_id = f"replace({listing.id}::VARCHAR, '-', '')" if listing.uuid else listing.id
    rows = tables.query(
        f"SELECT {listing.columns}, {row_id} AS row_id, {key} AS sort_key FROM {listing.table} "
        f"WHERE {condition} ORDER BY {key} {direction}, {listing.id} LIMIT ?",
        [*values, filters.limit + 1],
    ).to_pylist()
    shown = rows[: filters.limit]
    more = encode(name, [shown[-1]["sort_key"], shown[-1]["row_id"]]) if len(rows) > len(shown) else None
    return Found(shown, total.column(0)[0].as_py(), more)


def commonest(tables: Snapshot, table: str, column: str) -> tuple[str, ...]:
    """Up to 200 values of a column of a kept table, the commonest first: what a filter offers."""
    there = f"SELECT {column} FROM {table} WHERE {column} IS NOT NULL"
    found = tables.query(f"{there} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 200")
    return tuple(found.column(0).to_pylist())


def quoted(spans: str, text: str) -> str:
    """SQL for ``model.quote``: the words of spans (a column) in a text (another)."""
    piece = f"substring({text}, (s.start + 1)::BIGINT, (s.end - s.start)::BIGINT)"
    return f"array_to_string(list_transform({spans}, lambda s: {piece}), ' … ')"


def one_line(words: str) -> str:
    """SQL for words whose white space, whatever Python calls so, is a single blank."""
    return f"trim(regexp_replace({words}, '{_SPACE}', ' ', 'g'))"
