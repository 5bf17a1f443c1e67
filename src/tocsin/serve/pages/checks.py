"""Checks: claims tested by computation, with workings to redo by hand."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.check_list import TOPICS, VERDICTS, CheckFilters, find_checks
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@router.get("/checks")
@needs(Role.READER)
def checks(request: Request, filters: Annotated[CheckFilters, AS_QUERY], view: CaseNow) -> Response:
    """The checks that fulfil the filters, inconsistent first."""
    found = find_checks(view, filters)
    return page(
        request,
        "checks.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=found,
        seen={c.check_id: view.seen(c.check_id) for c in found.checks},
        verdicts=VERDICTS,
        topics=TOPICS,
    )
