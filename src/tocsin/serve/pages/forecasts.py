"""Forecasts: the ledger of warnings, what is due, one entry with the evidence, how good each source was."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Request, Response
from pydantic import BaseModel, Field

from tocsin.errors import UsageError
from tocsin.judge.desk import Act
from tocsin.judge.ledger import check_entered, manual_id, resolution_detail
from tocsin.model import Verdict
from tocsin.serve.access import Guarded, needs
from tocsin.serve.acting import Attempt, perform
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.filters import AS_QUERY
from tocsin.serve.forecast_list import (
    ForecastFilters,
    entry_of,
    find_forecasts,
    proposals_for,
    scores,
)
from tocsin.serve.log_list import lines_of
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Day = Annotated[str, Field(max_length=10)]
Line = Annotated[str, Field(max_length=2000)]
_CARDS = 40


@router.get("/forecasts")
@needs(Role.READER)
def forecasts(request: Request, filters: Annotated[ForecastFilters, AS_QUERY], view: CaseNow) -> Response:
    """The ledger, by deadline."""
    found = find_forecasts(view, filters)
    return page(
        request,
        "forecasts.html.j2",
        filters=filters,
        given={key: value for key, value in filters.given().items() if key != "cursor"},
        found=found,
        due=found.due,
    )


@router.get("/forecasts/scores")
@needs(Role.READER)
def scorecards(request: Request, view: CaseNow) -> Response:
    """How good each source and channel was."""
    cards, total = scores(view, _CARDS)
    return page(request, "scores.html.j2", cards=cards, hidden=total - len(cards))


@router.get("/forecasts/{forecast_id}")
@needs(Role.READER)
def forecast(request: Request, forecast_id: Id, view: CaseNow) -> Response:
    """One entry: its words, its deadline, what may tell, and its resolution."""
    entry = entry_of(view, forecast_id)
    history = [e for e in view.attached.log if e.finding_id == forecast_id]
    return page(
        request,
        "forecast.html.j2",
        e=entry,
        proposals=proposals_for(view, entry),
        seen=view.seen(forecast_id),
        lines=lines_of(view, history[::-1]),
    )


class ResolveForm(BaseModel):
    """What became of a forecast, when it was settled and by what source."""

    outcome: Literal["came true", "did not", "void", "open"]
    date: Day = ""
    source: Line = ""
    reason: Annotated[str, Field(max_length=10_000)] = ""
    seen: int = Field(ge=0, lt=1 << 62)
    next: Line = ""


@router.post("/forecasts/{forecast_id}/resolve")
@needs(Role.ANALYST)
def resolve(
    request: Request, forecast_id: Id, view: CaseNow, who: Who, form: Annotated[ResolveForm, Form()]
) -> Response:
    """Record what became of a forecast; only a person says so."""

    def acts() -> Sequence[Act]:
        detail = resolution_detail(form.outcome, form.date.strip(), form.source.strip())
        return [Act(forecast_id, Verdict.RESOLVE, who.name, form.reason.strip(), detail, form.seen)]

    back = form.next or f"/forecasts/{forecast_id}"
    attempt = Attempt(f"/forecasts/{forecast_id}/resolve", _fields(form), forecast_id, back)
    return perform(request, view, attempt, acts)


class EnterForm(BaseModel):
    """A forecast that no document of the case holds."""

    event: Annotated[str, Field(max_length=10_000)] = ""
    source: Line = ""
    published: Day = ""
    due: Day = ""
    probability: Annotated[str, Field(max_length=20)] = ""


@router.post("/forecasts")
@needs(Role.ANALYST)
def enter(request: Request, view: CaseNow, who: Who, form: Annotated[EnterForm, Form()]) -> Response:
    """Enter a forecast of one's own."""
    values = {name: value.strip() for name, value in form.model_dump().items() if value.strip()}
    key = manual_id(*(values.get(name, "") for name in ("event", "source", "published", "due")))

    def acts() -> Sequence[Act]:
        check_entered(values)
        if any(e.finding_id == key for e in view.raw_log):
            raise UsageError("this forecast is entered already", remedy="See its page")
        detail = json.dumps({"forecast": dict(sorted(values.items()))}, ensure_ascii=False)
        return [Act(key, Verdict.ASSESS, who.name, "", detail)]

    return perform(request, view, Attempt("/forecasts", _fields(form), key, f"/forecasts/{key}"), acts)


def _fields(form: BaseModel) -> dict[str, str]:
    values: dict[str, Any] = form.model_dump()
    return {name: str(value) for name, value in values.items()}
