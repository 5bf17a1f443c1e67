"""The pages of narratives: the list, and one with its stages, tellings and other versions."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request, Response

from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.charts import axis_svg
from tocsin.serve.claim_list import choices
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, NarrativeFilters
from tocsin.serve.narrative_list import MOST_TELLINGS, find_narratives, narrative_page
from tocsin.serve.rendering import language_of, page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Start = Annotated[int, Query(ge=0, le=10_000_000, alias="from")]


@router.get("/narratives")
@needs(Role.READER)
def narratives(request: Request, filters: Annotated[NarrativeFilters, AS_QUERY], view: CaseNow) -> Response:
    """Narratives that fulfil the filters, those of most channels first."""
    return page(
        request,
        "narratives.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=find_narratives(view, filters),
        choices=choices(view),
    )


@router.get("/narratives/{narrative_id}")
@needs(Role.READER)
def narrative(request: Request, narrative_id: Id, view: CaseNow, start: Start = 0) -> Response:
    """One narrative; ``from`` is the place of the first telling to show."""
    shown = narrative_page(view, narrative_id, start)
    axis = axis_svg(shown.axis, language_of(request)) if shown.axis else None
    return page(request, "narrative.html.j2", shown=shown, axis=axis, step=MOST_TELLINGS, words=words)
