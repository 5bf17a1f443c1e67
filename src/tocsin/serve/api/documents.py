"""Documents, and what was found in one."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from tocsin.serve.access import needs
from tocsin.serve.api.common import Id, Listing, Page, api_router, find, one, row_model
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, Paged, Words
from tocsin.serve.tokens import Role

__all__ = ["DOCUMENTS", "DocumentFilters", "router"]

router = api_router("documents")
_NEVER = 1 << 61


class DocumentFilters(Paged):
    """Which documents; the latest first, undated ones last."""

    channel: Annotated[Words | None, Field(description="name or id of the channel")] = None
    platform: Annotated[Words | None, Field(description="platform")] = None
    language: Annotated[str | None, Field(max_length=8, description="main language, ISO 639-1")] = None
    place: Annotated[Words | None, Field(description="name or id of a place it names")] = None
    basis: Annotated[
        Literal["stated", "inferred", "given", "unknown"] | None, Field(description="where its date is from")
    ] = None
    since: Annotated[date | None, Field(description="first day of publication, UTC")] = None
    until: Annotated[date | None, Field(description="last day of publication, UTC")] = None


DOCUMENTS = Listing(
    "documents",
    "document_id",
    (f"coalesce(epoch_us(published), -{_NEVER})", "DESC", int),
    {
        "channel": "(lower(channel) = lower(?) OR channel_id = ?)",
        "platform": "platform = ?",
        "language": (
            "document_id IN (SELECT document_id FROM document_languages WHERE rank = 0 AND language = ?)"
        ),
        "place": (
            "document_id IN (SELECT document_id FROM places "
            "WHERE lower(name) = lower(?) OR lower(lemma) = lower(?) OR place_id = ?)"
        ),
        "basis": "published_basis = ?",
        "since": "published >= ?::DATE::TIMESTAMP AT TIME ZONE 'UTC'",
        "until": "published < (?::DATE::TIMESTAMP AT TIME ZONE 'UTC') + INTERVAL 1 DAY",
    },
    ("published", "channel", "channel_id", "platform", "published_basis"),
)
DocumentModel: Any = row_model("documents")


@router.get("/documents", response_model=Page[DocumentModel])
@needs(Role.READER)
def documents(view: CaseNow, filters: Annotated[DocumentFilters, AS_QUERY]) -> Any:
    """Documents that fulfil the filters, current versions only."""
    return find(view, DOCUMENTS, filters)


@router.get("/documents/{document_id}", response_model=DocumentModel)
@needs(Role.READER)
def document(view: CaseNow, document_id: Id) -> Any:
    """One document, old versions included."""
    return one(view, DOCUMENTS, document_id)
