"""The pages of those who are quoted: the list, and one source."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.charts import axis_svg
from tocsin.serve.claim_list import cards_for, choices
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, SourceFilters
from tocsin.serve.rendering import language_of, page
from tocsin.serve.source import STEP, source_page
from tocsin.serve.source_list import find_sources
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Start = Annotated[int, Query(ge=0, le=10_000_000, alias="from")]


@router.get("/sources")
@needs(Role.READER)
def sources(request: Request, filters: Annotated[SourceFilters, AS_QUERY], view: CaseNow) -> Response:
    """Those who are quoted, in most documents first."""
    found = find_sources(view, filters)
    return page(
        request,
        "sources.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=found,
        most=max((row["documents"] for row in found.rows), default=1),
        choices=choices(view),
        words=words,
    )


@router.get("/sources/{source_id}")
@needs(Role.READER)
def source(request: Request, source_id: Id, view: CaseNow, start: Start = 0) -> Response:
    """One source; ``from`` is the place of the first claim to show."""
    shown = source_page(view, source_id, start, language_of(request))
    cards = cards_for(view, shown.claims)
    return page(
        request,
        "source.html.j2",
        shown=shown,
        cards=cards,
        seen={card.claim_id: view.seen(card.claim_id) for card in cards},
        axis=axis_svg(shown.axis, language_of(request)) if shown.axis else None,
        step=STEP,
        words=words,
    )
