"""Views of a case as files: declared tables, the ledger, the log, a list of claims, the brief."""

from __future__ import annotations

import dataclasses
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from tocsin.api import Case
from tocsin.errors import NoSuchPageError
from tocsin.judge.ledger_files import ledger_row
from tocsin.model import TABLES
from tocsin.present.exports import PseudonymousTables, export_rows, export_table
from tocsin.serve.claim_list import cards_for, find_claims
from tocsin.serve.filters import ClaimFilters
from tocsin.serve.forecast_list import ledger
from tocsin.serve.reading import View

__all__ = ["KINDS", "VIEWS", "write_brief", "write_claims", "write_view"]

KINDS: Final = ("csv", "jsonl", "parquet")
#: Views that are no declared table.
VIEWS: Final = ("ledger", "judgements")
_PAGE: Final = 200


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


def write_claims(view: View, filters: ClaimFilters, kind: str) -> Path:
    """All claims that fulfil the filters, in their order, one row each."""
    path = _file(kind)
    export_rows(_claims(view, filters), path)
    return path


def _claims(view: View, filters: ClaimFilters) -> Iterator[dict[str, Any]]:
    part: ClaimFilters = filters.model_copy(update={"limit": _PAGE, "cursor": None})
    while True:
        found = find_claims(view, part)
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
        if found.next is None:
            return
        part = part.model_copy(update={"cursor": found.next})


def write_brief(case: Path, title: str, phrase: str) -> Path:
    """The brief as one HTML file; with a ``phrase`` accounts are under pseudonyms."""
    path = _file("html")
    with Case(case, create=False) as opened:
        opened.brief(path, title=title, pseudonyms=phrase)
    return path
