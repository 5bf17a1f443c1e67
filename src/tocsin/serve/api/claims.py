"""Claims and attributions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from tocsin.errors import NoSuchFindingError
from tocsin.model import quote
from tocsin.model.arrow import rows_of
from tocsin.model.tables import CLAIMS
from tocsin.serve.access import needs
from tocsin.serve.api.common import Id, Listing, Page, api_router, find, one, row_model
from tocsin.serve.claim_list import find_claims
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, ClaimFilters, Paged, SourceKind, Words
from tocsin.serve.reading import View
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("claims")


class ReviewModel(BaseModel):
    """What a person decided; without one it is machine output."""

    sequence: int = Field(description="its place in the log")
    verdict: str
    author: str
    reason: str
    made_at: datetime


_MORE: dict[str, Any] = {
    "quote": (str, Field(description="the words claimed, verbatim; pieces joined by “ … ”")),
    "published": (datetime | None, Field(description="UTC, of its document")),
    "channel": (str | None, Field(description="of its document")),
    "review": (ReviewModel | None, Field(description="the judgement in force")),
    "seen": (int, Field(description="sequence of the latest entry on it; send it back when you judge")),
}
ClaimModel: Any = row_model("claims", **_MORE)


class AttributionFilters(Paged):
    """Which attributions, by id."""

    document: Annotated[
        str | None, Field(pattern="^[0-9a-f]{32}$", description="id of the document it stands in")
    ] = None
    source: Annotated[Words | None, Field(description="key or name of the source")] = None
    source_kind: Annotated[SourceKind | None, Field(description="kind of the source")] = None


ATTRIBUTIONS = Listing(
    "attributions",
    "attribution_id",
    ("document_id", "ASC", str),
    {
        "document": "document_id = ?",
        "source": "(source_key = ? OR contains(lower(source_label), lower(?)))",
        "source_kind": "source_kind = ?",
    },
    ("source_key", "source_label", "source_kind"),
)
AttributionModel: Any = row_model("attributions")


def claim_rows(view: View, claims: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """Whole claims in the order given, with their words and what people hold of them.

    ``claims`` are (claim, document).
    """
    found = view.tables.of_documents("claims", {document for _, document in claims})
    documents = view.tables.of_documents("documents", {document for _, document in claims})
    columns = ("document_id", "text", "published", "channel")
    known = {d["document_id"]: d for d in documents.select(columns).to_pylist()}
    wanted = {claim for claim, _ in claims}
    rows = {}
    for row, claim in zip(found.to_pylist(), rows_of(found, CLAIMS), strict=True):
        if claim.claim_id not in wanted:
            continue
        own = known[claim.document_id]
        opinion = view.opinions.get(claim.claim_id)
        review = opinion.review if opinion else None
        row |= {"quote": quote(claim.content, own["text"]), "seen": view.seen(claim.claim_id)}
        row |= {"published": own["published"], "channel": own["channel"]}
        row["review"] = review and {k: getattr(review, k) for k in ReviewModel.model_fields}
        rows[claim.claim_id] = row
    return [rows[claim] for claim, _ in claims if claim in rows]


@router.get("/claims", response_model=Page[ClaimModel])
@needs(Role.READER)
def claims(view: CaseNow, filters: Annotated[ClaimFilters, AS_QUERY]) -> Any:
    """Claims that fulfil the filters: those of the page of claims."""
    found = find_claims(view, filters)
    items = claim_rows(view, found.claims)
    return {"items": items, "total": found.total, "next": found.next}


@router.get("/claims/{claim_id}", response_model=ClaimModel)
@needs(Role.READER)
def claim(view: CaseNow, claim_id: Id) -> Any:
    """One claim."""
    found = view.tables.query("SELECT document_id FROM all_claims WHERE claim_id = ?", [claim_id]).column(0)
    if not len(found):
        raise NoSuchFindingError(f"the case has no claim {claim_id}")
    return claim_rows(view, [(claim_id, found[0].as_py())])[0]


@router.get("/attributions", response_model=Page[AttributionModel])
@needs(Role.READER)
def attributions(view: CaseNow, filters: Annotated[AttributionFilters, AS_QUERY]) -> Any:
    """Source–cue–content relations."""
    return find(view, ATTRIBUTIONS, filters)


@router.get("/attributions/{attribution_id}", response_model=AttributionModel)
@needs(Role.READER)
def attribution(view: CaseNow, attribution_id: Id) -> Any:
    """One attribution."""
    return one(view, ATTRIBUTIONS, attribution_id)
