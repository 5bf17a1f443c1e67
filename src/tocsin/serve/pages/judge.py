"""The form of a judgement: every page posts it here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from tocsin.judge.desk import Act
from tocsin.model import Verdict
from tocsin.serve.access import Guarded, needs
from tocsin.serve.acting import Attempt, corrected, perform
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.tokens import Role

__all__ = ["JudgeForm", "router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


class JudgeForm(BaseModel):
    """The fields of the form. ``seen`` is the number of the latest entry the page showed, 0 for none.

    A correction of a claim gives the right ``words`` of its document, or their place as ``start`` and
    ``end``.
    """

    finding_id: str = Field(max_length=100)
    verdict: Verdict
    seen: int = Field(ge=0, lt=1 << 62)
    reason: str = Field("", max_length=10_000)
    detail: str = Field("", max_length=10_000)
    words: str = Field("", max_length=100_000)
    start: str = Field("", pattern="^[0-9]{0,12}$")
    end: str = Field("", pattern="^[0-9]{0,12}$")
    next: str = Field("/", max_length=2000)


@router.post("/judge")
@needs(Role.ANALYST)
def judge(request: Request, view: CaseNow, who: Who, form: Annotated[JudgeForm, Form()]) -> Response:
    """Append one judgement and go back; a conflict is shown with both versions, and nothing appended."""

    def acts() -> Sequence[Act]:
        detail = form.detail.strip()
        place = (int(form.start), int(form.end)) if form.start and form.end else None
        if form.verdict == Verdict.CORRECT and (place or form.words.strip()):
            detail = corrected(view, form.finding_id, form.words, place)
        return [Act(form.finding_id, form.verdict, who.name, form.reason.strip(), detail, form.seen)]

    fields = {name: str(value) for name, value in form.model_dump().items() if value != ""}
    return perform(request, view, Attempt("/judge", fields, form.finding_id, form.next), acts)
