"""The first page."""

from __future__ import annotations

from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.alarms import alarms, points_of, scope_of
from tocsin.serve.charts import series
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.filters import AlarmFilters
from tocsin.serve.rendering import language_of, page
from tocsin.serve.today import corpus_of, deadlines, inconsistent, news_since, top_stories, visits_of
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
_COOKIE = "tocsin_visit"
_YEAR = 365 * 24 * 3600


@router.get("/")
@needs(Role.READER)
def today(request: Request, view: CaseNow, who: Who) -> Response:
    """Alarms, stories, deadlines, and what is new since the last visit."""
    now = datetime.now(UTC)
    before, here = visits_of(request.cookies.get(_COOKIE, ""), view, now)
    stories, total = top_stories(view, 6)
    raised, alarm_count = alarms(view, AlarmFilters(limit=5))
    points = points_of(view, [s.surge_id for s in raised])
    checks, check_count = inconsistent(view)
    language = language_of(request)
    answer = page(
        request,
        "today.html.j2",
        now=now,
        corpus=corpus_of(view),
        news=news_since(view, before, who.name) if before else None,
        stories=stories,
        story_count=total,
        alarms=raised,
        alarm_count=alarm_count,
        drawings={s.surge_id: series(points[s.surge_id], s, language) for s in raised if points[s.surge_id]},
        scope=scope_of(view),
        checks=checks,
        check_count=check_count,
        due=deadlines(view, now),
    )
    kept = [
        here.run,
        here.sequence,
        here.at,
        *((before.run, before.sequence, before.at) if before else (0, 0, 0)),
    ]
    value = ".".join(map(str, kept))
    answer.set_cookie(_COOKIE, value, max_age=_YEAR, httponly=True, samesite="strict", path="/")
    return answer
