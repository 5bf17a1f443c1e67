"""What the resources share: the router, row models made of the declared tables, pages of a list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field, create_model

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES
from tocsin.serve.access import Guarded
from tocsin.serve.filters import Paged
from tocsin.serve.paging import decode, encode
from tocsin.serve.problems import MEDIA_TYPE
from tocsin.serve.reading import View

__all__ = ["CHANGES", "Id", "Listing", "Page", "api_router", "find", "one", "problems", "row_model"]

Row = TypeVar("Row")
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="an id of the case")]
_REF: Final = {"schema": {"$ref": "#/components/schemas/Problem"}}
_MEANINGS: Final = {
    400: "The request means nothing here",
    401: "No token, or one that is not known",
    403: "The token's role does not allow it",
    404: "The case has nothing of that id",
    409: "Somebody judged the same finding meanwhile, or another process holds the case",
    413: "The body is too long",
    421: "Asked under a name the workbench does not have",
    422: "The request does not fit its description",
    429: "Too many requests",
    503: "The case cannot be used as it stands",
}
#: Problems that only changes can meet.
CHANGES: Final = (409, 413)


def problems(*codes: int) -> dict[int | str, dict[str, Any]]:
    """The documented problems of a route."""
    return {code: {"description": _MEANINGS[code], "content": {MEDIA_TYPE: _REF}} for code in codes}


def api_router(tag: str) -> APIRouter:
    """The router of one resource."""
    known = problems(400, 401, 403, 404, 421, 422, 429, 503)
    return APIRouter(prefix="/api/v1", tags=[tag], route_class=Guarded, responses=known)


class SpanModel(BaseModel):
    """A stretch of a document's text, in code points; ``end`` is exclusive."""

    start: int
    end: int


class AlternativeModel(BaseModel):
    """A reading that lost."""

    value: str
    label: str
    score: float
    reason: str


_TYPES: Final[Mapping[str, Any]] = {
    "string": str,
    "int": int,
    "float": float,
    "bool": bool,
    "timestamp": datetime,
    "strings": list[str],
    "spans": list[SpanModel],
    "alternatives": list[AlternativeModel],
}


def row_model(name: str, **more: Any) -> Any:
    """The model of a declared table's rows, columns of bytes left out; ``more`` are fields beyond them."""
    table = TABLES[name]
    fields: dict[str, Any] = {}
    for column in table.columns:
        if column.type == "bytes":
            continue
        kind = _TYPES[column.type]
        fields[column.name] = (kind | None if column.nullable else kind, Field(description=column.help))
    base = create_model(
        f"{table.row.__name__}Row", __doc__=f"{table.grain[0].upper()}{table.grain[1:]}.", **fields
    )
    return (
        create_model(f"{table.row.__name__}Row", __base__=base, __doc__=base.__doc__, **more)
        if more
        else base
    )


class Page(BaseModel, Generic[Row]):
    """A part of a list."""

    model_config = ConfigDict(title="Page")

    items: list[Row]
    total: int = Field(description="how many fulfil the filters")
    next: str | None = Field(description="cursor of the part after this one; null: this is the last")


@dataclass(frozen=True, slots=True)
class Listing:
    """A declared table as a list: its key, its order and what each filter asks.

    ``order`` is an expression that is never null, ASC or DESC, and its Python type; rows that are equal in it
    are told apart by the key. ``conditions`` has one SQL condition for each filter, with a question mark for
    each time it takes the value. ``kept`` are the columns that order and conditions need, of a table too long
    to be looked through each time: they are kept in memory.
    """

    table: str
    key: str
    order: tuple[str, str, type]
    conditions: Mapping[str, str] = field(default_factory=dict)
    kept: tuple[str, ...] = ()

    @property
    def columns(self) -> str:
        return ", ".join(f'"{c.name}"' for c in TABLES[self.table].columns if c.type != "bytes")

    def source(self, view: View) -> str:
        """The table to look through."""
        if not self.kept:
            return self.table
        name = f"list_of_{self.table}"
        columns = ", ".join(dict.fromkeys((self.key, "document_id", *self.kept)))
        sql, current = f"SELECT {columns} FROM {{{self.table}}}", "document_id NOT IN (FROM superseded)"
        view.once(name, lambda tables: tables.keep_parts(name, sql, current))
        return name


def find(view: View, listing: Listing, filters: Paged) -> dict[str, Any]:
    """One page of a list: first the keys, then the rows of these alone. Raises BadCursorError."""
    parts, values = ["true"], list[Any]()
    for name, condition in listing.conditions.items():
        wanted = getattr(filters, name)
        if wanted is not None:
            parts.append(condition)
            values += [wanted] * condition.count("?")
    where, source = " AND ".join(parts), listing.source(view)
    count = view.tables.query(f"SELECT count(*) FROM {source} WHERE {where}", values)
    order, direction, kind = listing.order
    if filters.cursor is not None:
        at, last = decode(listing.table, filters.cursor, (kind, str))
        sign = "<" if direction == "DESC" else ">"
        where += f" AND (({order}) {sign} ? OR (({order}) = ? AND {listing.key} > ?))"
        values = [*values, at, at, last]
    document = "document_id" if listing.kept else "NULL"
    keys = view.tables.query(
        f"SELECT {listing.key} AS id, {order} AS place, {document} AS document FROM {source} WHERE {where} "
        f"ORDER BY place {direction}, id LIMIT ?",
        [*values, filters.limit + 1],
    ).to_pylist()
    shown = keys[: filters.limit]
    more = len(keys) > len(shown)
    rows = _rows(view, listing, [row["id"] for row in shown], [row["document"] for row in shown])
    return {
        "items": [rows[row["id"]] for row in shown if row["id"] in rows],
        "total": count.column(0)[0].as_py(),
        "next": encode(listing.table, [shown[-1]["place"], shown[-1]["id"]]) if more else None,
    }


def _rows(
    view: View, listing: Listing, ids: list[str], documents: list[str | None]
) -> dict[str, dict[str, Any]]:
    if listing.kept:
        beside = {document for document in documents if document is not None}
        own = view.tables.of_documents(listing.table, beside).to_pylist()
        return {row[listing.key]: row for row in own if row[listing.key] in set(ids)}
    found = view.tables.query(
        f"SELECT {listing.columns} FROM {listing.table} WHERE {listing.key} IN (SELECT unnest(?))", [ids]
    )
    return {row[listing.key]: row for row in found.to_pylist()}


def one(view: View, listing: Listing, identifier: str) -> dict[str, Any]:
    """One row, of old versions of documents too; raises NoSuchFindingError."""
    if listing.key == "document_id":
        rows = view.tables.of_documents(listing.table, [identifier]).to_pylist()
    else:
        sql = f"SELECT {listing.columns} FROM all_{listing.table} WHERE {listing.key} = ?"
        rows = view.tables.query(sql, [identifier]).to_pylist()
    if not rows:
        raise NoSuchFindingError(f"the case has no {listing.table} row {identifier}")
    return dict(rows[0])
