"""The page of what was collected."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.charts import axis_svg
from tocsin.serve.coverage import CHANNELS, coverage_of, problems_of, stages_of
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, CoverageFilters
from tocsin.serve.rendering import language_of, page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@router.get("/coverage")
@needs(Role.READER)
def coverage(request: Request, filters: Annotated[CoverageFilters, AS_QUERY], view: CaseNow) -> Response:
    """Channels by day, gaps, files, problems, methods."""
    language = language_of(request)
    shown = coverage_of(view, filters.start, language)
    return page(
        request,
        "coverage.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        shown=shown,
        axis=axis_svg(shown.axis, language) if shown.axis else None,
        problems=problems_of(view, filters),
        stages=stages_of(view),
        step=CHANNELS,
    )
