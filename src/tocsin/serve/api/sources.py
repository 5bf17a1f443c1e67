"""Those who are quoted: persons, organisations and outlets across scripts, and sources nobody names."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from tocsin.serve.access import needs
from tocsin.serve.api.common import Id, Page, api_router
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, SourceFilters
from tocsin.serve.identity import members_of
from tocsin.serve.source import SourcePage, source_page
from tocsin.serve.source_list import find_sources
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("sources")
Start = Annotated[int, Query(ge=0, le=10_000_000, description="claims to leave out at the beginning")]
_MOST = 1000


class SourceModel(BaseModel):
    """One source as it stands after the merges and splits of the log."""

    source_id: str
    known: bool = Field(description="a person, organisation or outlet; false: grouped by what it is called")
    kind: str = Field(description="the commonest kind of source it is quoted as")
    label: str
    quoted: int = Field(description="attributions to it")
    documents: int = Field(description="documents that quote it")
    channels: int = Field(description="channels that quote it")
    languages: list[str] = Field(description="of the documents that quote it, ISO 639-1")
    labels: list[str] = Field(description="what it is called, in lower case")


class Counted(BaseModel):
    """A name and how often."""

    name: str | None
    count: int


class MemberModel(BaseModel):
    """What one document says of it: what a merge or split is judged on (`POST /api/v1/judgements`)."""

    document_entity_id: str
    document_id: str
    name: str
    reasons: list[str] = Field(description="why it is taken for this source")


class SourceWithParts(SourceModel):
    """One source with who quotes it, whom it quotes, what rests on its word."""

    spellings: list[str] = Field(description="as written, the commonest first, at most 30")
    roles: list[str] = Field(description="what documents call it")
    quoted_by: list[Counted] = Field(description="channels by number of quotations, at most 15")
    relayed_by: list[Counted] = Field(description="sources that tell what it said, at most 12")
    quotes: list[Counted] = Field(description="sources whose words it tells, at most 12")
    kinds: list[Counted] = Field(description="kinds of the claims on its word")
    certainties: list[Counted] = Field(description="how certain these are put")
    claims: list[str] = Field(description="ids of claims on its word, newest first, 15 from `start` on")
    claims_total: int
    members: list[MemberModel] = Field(description=f"at most {_MOST}; empty for one that is not known")


def _row(row: dict[str, Any]) -> dict[str, Any]:
    own = {name: row[name] for name in SourceModel.model_fields if name != "source_id"}
    return own | {
        "source_id": row["id"],
        "languages": sorted(code for code in row["languages"] if code),
        "labels": sorted(label for label in row["labels"] if label),
    }


def _counted(pairs: tuple[tuple[Any, int], ...]) -> list[dict[str, Any]]:
    return [{"name": name, "count": count} for name, count in pairs]


def _parts(shown: SourcePage) -> dict[str, Any]:
    return {
        "spellings": [spelling for spelling, _, _ in shown.spellings],
        "roles": list(shown.roles),
        "quoted_by": _counted(shown.channels),
        "relayed_by": _counted(shown.relays),
        "quotes": _counted(shown.quotes),
        "kinds": _counted(shown.kinds),
        "certainties": _counted(shown.certainties),
        "claims": [claim for claim, _ in shown.claims],
        "claims_total": shown.total,
    }


@router.get("/sources", response_model=Page[SourceModel])
@needs(Role.READER)
def sources(view: CaseNow, filters: Annotated[SourceFilters, AS_QUERY]) -> Any:
    """Those who are quoted, with the filters of the page of sources."""
    found = find_sources(view, filters)
    return {"items": [_row(row) for row in found.rows], "total": found.total, "next": found.next}


@router.get("/sources/{source_id}", response_model=SourceWithParts)
@needs(Role.READER)
def source(view: CaseNow, source_id: Id, start: Start = 0) -> Any:
    """One source: under which names, quoted by whom, and what documents say of it."""
    shown = source_page(view, source_id, start)
    members = members_of(view, source_id)[:_MOST] if shown.row["known"] else ()
    told = [{name: getattr(m, name) for name in MemberModel.model_fields} for m in members]
    return _row(shown.row) | _parts(shown) | {"members": told}
