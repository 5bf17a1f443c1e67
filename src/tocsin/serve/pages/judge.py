"""The form of a judgement: every page posts it here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from tocsin.judge.desk import Act
from tocsin.model import Verdict
from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.pages.sign_in import back_to
from tocsin.serve.tokens import Role

__all__ = ["JudgeForm", "router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


class JudgeForm(BaseModel):
    """The fields of the form. ``seen`` is the number of the latest entry the page showed, 0 for none."""

    finding_id: str = Field(max_length=100)
    verdict: Verdict
    seen: int = Field(ge=0, lt=1 << 62)
    reason: str = Field("", max_length=10_000)
    detail: str = Field("", max_length=10_000)
    next: str = Field("/", max_length=2000)


@router.post("/judge")
@needs(Role.ANALYST)
def judge(request: Request, view: CaseNow, who: Who, form: Annotated[JudgeForm, Form()]) -> Response:
    """Append one judgement and go back; a conflict is shown, and nothing appended."""
    act = Act(form.finding_id, form.verdict, who.name, form.reason.strip(), form.detail.strip(), form.seen)
    request.app.state.bench.judging.append(view, [act])
    return RedirectResponse(back_to(form.next), status_code=303)
