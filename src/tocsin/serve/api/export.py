"""Tables as files, streamed: as long as they are, they never stand in memory whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import Annotated, Any, Literal

from fastapi import Path
from fastapi.responses import StreamingResponse

from tocsin.model import TABLES
from tocsin.present.exports.tables import csv_cell, is_mention, plain_value
from tocsin.serve.access import needs
from tocsin.serve.api.common import api_router
from tocsin.serve.claim_list import claims_where
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, ClaimFilters, Listed
from tocsin.serve.reading import View
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("export")
_ROWS = 2000
Format = Literal["jsonl", "csv"]
_TYPES = {"jsonl": "application/jsonl", "csv": "text/csv; charset=utf-8"}
TableName = Literal[tuple(sorted(TABLES))]  # type: ignore[valid-type]
_CONTENT = {
    200: {"content": {"application/jsonl": {}, "text/csv": {}}, "description": "The rows, one a line"}
}


def _select(name: str, where: str) -> str:
    """A table with the text each span refers to beside it, as ``text_1`` …"""
    table = TABLES[name]
    columns = [f't."{c.name}"' for c in table.columns]
    joins = ""
    for number, of in enumerate(_texts(name), start=1):
        columns.append(f"d{number}.text AS own_text_{number}")
        joins += f' LEFT JOIN all_documents AS d{number} ON t."{of}" = d{number}.document_id'
    return f"SELECT {', '.join(columns)} FROM {name} AS t{joins} WHERE {where}"


def _texts(name: str) -> list[str]:
    """The columns that hold the ids of documents whose words a row quotes."""
    table = TABLES[name]
    spans = [column.of for column in table.columns if column.type == "spans"]
    return list(dict.fromkeys([*(["document_id"] if is_mention(table) else []), *spans]))


def _rows(view: View, name: str, where: str, values: list[Any]) -> Iterator[dict[str, Any]]:
    # Begun before the answer is: what is wrong with the query must not end a file in its middle.
    return _quoted(name, view.tables.stream(_select(name, where), values, _ROWS))


def _quoted(name: str, batches: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """The rows as ``tocsin export`` writes them: with the quoted words beside the offsets."""
    table = TABLES[name]
    texts = {of: f"own_text_{number}" for number, of in enumerate(_texts(name), start=1)}
    spans = {column.name: texts[column.of] for column in table.columns if column.type == "spans"}
    mention = is_mention(table)
    for batch in batches:
        for row in batch.to_pylist():
            own = {key: row.pop(key) or "" for key in texts.values()}
            for column, text in spans.items():
                row[f"{column}_text"] = " … ".join(own[text][s["start"] : s["end"]] for s in row[column])
            if mention:
                row["text"] = own[texts["document_id"]][row["start"] : row["end"]]
            yield row


def _jsonl(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, default=plain_value) + "\n"


def _csv(rows: Iterator[dict[str, Any]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        line = io.StringIO()
        writer = csv.writer(line)
        if not number:
            line.write("\ufeff")  # makes spreadsheet programs read Cyrillic right
            writer.writerow(row)
        writer.writerow([csv_cell(value) for value in row.values()])
        yield line.getvalue()


def _answer(rows: Iterator[dict[str, Any]], name: str, form: Format) -> StreamingResponse:
    lines = _jsonl(rows) if form == "jsonl" else _csv(rows)
    headers = {"Content-Disposition": f'attachment; filename="tocsin-{name}.{form}"'}
    return StreamingResponse(
        (line.encode("utf-8", "surrogatepass") for line in lines), media_type=_TYPES[form], headers=headers
    )


class ExportFormat(Listed):
    """How a table is written."""

    format: Format = "jsonl"


@router.get("/export/{table}", response_class=StreamingResponse, responses=_CONTENT)  # type: ignore[arg-type]
@needs(Role.READER)
def export(
    view: CaseNow,
    table: Annotated[TableName, Path(description="a declared table")],  # type: ignore[valid-type]
    filters: Annotated[ExportFormat, AS_QUERY],
) -> Any:
    """A whole table, current versions only; the rows come in no particular order."""
    return _answer(_rows(view, str(table), "true", []), str(table), filters.format)


class ClaimExport(ClaimFilters):
    """The filters of the list of claims, and the format."""

    format: Format = "jsonl"


@router.get("/claims.export", response_class=StreamingResponse, responses=_CONTENT)  # type: ignore[arg-type]
@needs(Role.READER)
def export_claims(view: CaseNow, filters: Annotated[ClaimExport, AS_QUERY]) -> Any:
    """All claims that fulfil the filters of the list of claims (not `limit`, `cursor`, `sort`)."""
    where = claims_where(view, filters)
    wanted = f"t.claim_id::UUID IN (SELECT id FROM claim_index WHERE {where})"
    return _answer(_rows(view, "claims", wanted, where.values), "claims", filters.format)
