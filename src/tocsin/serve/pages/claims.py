"""The page of claims: the pattern other lists follow."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.claim_list import cards_for, choices, find_claims
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, ClaimFilters
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@router.get("/claims")
@needs(Role.READER)
def claims(request: Request, filters: Annotated[ClaimFilters, AS_QUERY], view: CaseNow) -> Response:
    """Claims that fulfil the filters of the query string, one page of them."""
    found = find_claims(view, filters)
    cards = cards_for(view, found.claims)
    return page(
        request,
        "claims.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=found,
        cards=cards,
        seen={card.claim_id: view.seen(card.claim_id) for card in cards},
        choices=choices(view),
        words=words,
    )
