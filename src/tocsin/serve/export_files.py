"""Views of a case as files: declared tables, the ledger, the log, a list of claims, the brief."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from tocsin.api import Case
from tocsin.errors import NoSuchPageError
from tocsin.judge.ledger_files import ledger_row
from tocsin.model import TABLES
from tocsin.present.exports import PseudonymousTables, export_rows, export_table
from tocsin.serve.claim_list import cards_for, find_claims
from tocsin.serve.filters import ClaimFilters, Paged
from tocsin.serve.forecast_list import entries_of, ledger
from tocsin.serve.lists import Found
from tocsin.serve.log_list import find_entries
from tocsin.serve.narrative_list import find_narratives
from tocsin.serve.reading import View
from tocsin.serve.source_list import find_sources
from tocsin.serve.story_list import find_stories

__all__ = ["KINDS", "LISTED", "VIEWS", "sent", "write_brief", "write_list", "write_view"]

KINDS: Final = ("csv", "jsonl", "parquet")
#: Views that are no declared table.
VIEWS: Final = ("ledger", "judgements")
_PAGE: Final = 200
_MEDIA: Final = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
    "parquet": "application/vnd.apache.parquet",
    "html": "text/html; charset=utf-8",
}


def _file(kind: str) -> Path:
    handle, name = tempfile.mkstemp(suffix=f".{kind}", prefix="tocsin-export-")
    os.close(handle)
    return Path(name)


def write_view(view: View, name: str, kind: str, phrase: str = "") -> Path:
    """A table or view as a new file, which whoever sends it deletes; with a ``phrase`` under pseudonyms.

    Raises NoSuchPageError for a name or kind there is not.
    """
    if kind not in KINDS or (name in VIEWS and (kind == "parquet" or phrase)):
        raise NoSuchPageError(f"{name} is not exported as {kind}" + (" under pseudonyms" if phrase else ""))
    if name not in VIEWS and name not in TABLES:
        raise NoSuchPageError(f"there is no table {name}")
    path = _file(kind)
    if name == "ledger":
        export_rows(iter([dict(ledger_row(e)) for e in ledger(view)]), path)
    elif name == "judgements":
        export_rows((dataclasses.asdict(entry) for entry in view.raw_log), path)
    else:
        export_table(PseudonymousTables(view.tables, phrase) if phrase else view.tables, name, path)
    return path


def write_list(view: View, name: str, filters: Any, kind: str) -> Path:
    """Everything that a filtered list finds, in its order, one row each; ``name``: one of ``LISTED``.

    Raises NoSuchPageError.
    """
    if name not in LISTED:
        raise NoSuchPageError(f"the list {name} is not exported", remedy="Export its table")
    path = _file(kind)
    export_rows(LISTED[name](view, filters), path)
    return path


def sent(path: Path, name: str) -> FileResponse:
    """A file made for one answer, deleted once it is sent."""
    kind = path.suffix.lstrip(".")
    return FileResponse(
        path,
        media_type=_MEDIA[kind],
        filename=f"{name}.{kind}",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(path.unlink, missing_ok=True),
    )


def _parts(view: View, filters: Any, find: Callable[[View, Any], Any]) -> Iterator[Any]:
    """All pages of a list."""
    part: Paged = filters.model_copy(update={"limit": _PAGE, "cursor": None})
    while True:
        found = find(view, part)
        yield found
        if found.next is None:
            return
        part = part.model_copy(update={"cursor": found.next})


def _listed(find: Callable[[View, Any], Found]) -> Callable[[View, Any], Iterator[dict[str, Any]]]:
    """The rows of a list over a kept table, without the columns it is sorted by."""

    def rows(view: View, filters: Any) -> Iterator[dict[str, Any]]:
        for found in _parts(view, filters, find):
            for row in found.rows:
                yield {key: value for key, value in row.items() if key != "sort_key"}

    return rows


def _forecasts(view: View, filters: Any) -> Iterator[dict[str, Any]]:
    return (dict(ledger_row(entry)) for entry in entries_of(view, filters))


def _log(view: View, filters: Any) -> Iterator[dict[str, Any]]:
    for found in _parts(view, filters, find_entries):
        for line in found.lines:
            yield dataclasses.asdict(line.entry) | {"state": line.state}


def _claims(view: View, filters: ClaimFilters) -> Iterator[dict[str, Any]]:
    for found in _parts(view, filters, find_claims):
        for card in cards_for(view, found.claims, context=0):
            review = card.review
            yield {
                "claim_id": card.claim_id,
                "document_id": card.place.document_id,
                "channel": card.channel.name,
                "published": card.published,
                "sources": [link.label for link in card.chain],
                "source_kinds": [link.kind.value for link in card.chain],
                "words": card.quote.striptags(),
                "kind": card.kind.value,
                "certainty": card.certainty.value,
                "hedges": list(card.hedges),
                "language": card.language,
                "url": card.place.url,
                "score": card.score,
                "method": card.method,
                "judged": review.verdict if review else None,
                "judged_by": review.author if review else None,
                "corrected": review.corrected or None if review else None,
            }


#: The lists that are written as they are filtered; of others there is the whole table.
LISTED: Final[Mapping[str, Callable[[View, Any], Iterator[dict[str, Any]]]]] = {
    "claims": _claims,
    "stories": _listed(find_stories),
    "narratives": _listed(find_narratives),
    "sources": _listed(find_sources),
    "forecasts": _forecasts,
    "log": _log,
}


def write_brief(case: Path, title: str, phrase: str) -> Path:
    """The brief as one HTML file; with a ``phrase`` accounts are under pseudonyms."""
    path = _file("html")
    with Case(case, create=False) as opened:
        opened.brief(path, title=title, pseudonyms=phrase)
    return path
