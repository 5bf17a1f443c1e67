"""The pages of alarms: the list, and one with its series, channels and first posts."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.alarms import ORDER, alarm_page, alarms, points_of, scope_of
from tocsin.serve.charts import axis_svg, series
from tocsin.serve.claim_list import choices
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.filters import AS_QUERY, AlarmFilters
from tocsin.serve.rendering import language_of, page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("/alarms")
@needs(Role.READER)
def alarm_list(request: Request, filters: Annotated[AlarmFilters, AS_QUERY], view: CaseNow) -> Response:
    """Alarms that fulfil the filters, and what was looked at to raise them."""
    rows, total = alarms(view, filters)
    points = points_of(view, [row.surge_id for row in rows])
    language = language_of(request)
    return page(
        request,
        "alarms.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key not in {"start", "cursor"}},
        rows=rows,
        total=total,
        drawings={s.surge_id: series(points[s.surge_id], s, language) for s in rows if points[s.surge_id]},
        scope=scope_of(view),
        kinds=ORDER,
        choices=choices(view),
    )


@router.get("/alarms/{surge_id}")
@needs(Role.READER)
def alarm(request: Request, surge_id: Id, view: CaseNow) -> Response:
    """One alarm."""
    shown = alarm_page(view, surge_id)
    language = language_of(request)
    return page(
        request,
        "alarm.html.j2",
        shown=shown,
        chart=series(shown.points, shown.surge, language) if shown.points else None,
        axis=axis_svg(shown.axis, language) if shown.axis else None,
        lanes_axis=axis_svg(shown.lanes_axis, language) if shown.lanes_axis else None,
        seen=view.seen(surge_id),
        opinion=view.opinions.get(surge_id),
        scope=scope_of(view),
    )
