"""The log of judgements: who judged what, when; every entry can be taken back by a further one."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request, Response

from tocsin.model import Verdict
from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY
from tocsin.serve.log_list import LogFilters, find_entries
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@router.get("/log")
@needs(Role.READER)
def log(request: Request, filters: Annotated[LogFilters, AS_QUERY], view: CaseNow) -> Response:
    """The entries that fulfil the filters, newest first."""
    found = find_entries(view, filters)
    return page(
        request,
        "log.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=found,
        seen={line.entry.finding_id: view.seen(line.entry.finding_id) for line in found.lines},
        authors=sorted({e.author for e in view.raw_log}),
        verdicts=list(Verdict),
    )
