"""The page of search."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.claim_list import choices
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, SearchFilters
from tocsin.serve.finding import MOST, answer
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@router.get("/search")
@needs(Role.READER)
def find(request: Request, filters: Annotated[SearchFilters, AS_QUERY], view: CaseNow) -> Response:
    """Documents for words or a sentence in any language."""
    found = answer(view, filters)
    return page(
        request,
        "search.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key not in {"cursor", "start"}},
        found=found,
        seen={r.card.claim_id: view.seen(r.card.claim_id) for r in found.results if r.card},
        most=MOST,
        choices=choices(view),
        words=words,
    )
