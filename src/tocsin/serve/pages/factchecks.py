"""Fact-checks: claims that an entry of an imported base is on, its verdict quoted from its publisher."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.factcheck_list import FactcheckFilters, factcheck_choices, find_factchecks
from tocsin.serve.filters import AS_QUERY
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@router.get("/factchecks")
@needs(Role.READER)
def factchecks(request: Request, filters: Annotated[FactcheckFilters, AS_QUERY], view: CaseNow) -> Response:
    """The matches that fulfil the filters, the likeliest first."""
    found = find_factchecks(view, filters)
    return page(
        request,
        "factchecks.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        choices=factcheck_choices(view),
        found=found,
        seen={known.match.match_id: view.seen(known.match.match_id) for known in found.matches},
    )
