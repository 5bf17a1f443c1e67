"""Co-sharing: groups of channels that share in concert, with evidence and innocent explanations."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from tocsin.errors import NoSuchFindingError
from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.reading import View
from tocsin.serve.rendering import page
from tocsin.serve.sharing_list import DID, group_of, groups_of, looked_at
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


class PhraseForm(BaseModel):
    """The phrase that makes the pseudonyms; it is not kept."""

    phrase: str = Field("", max_length=200)
    group: str = Field("", pattern="^[0-9a-f]{0,32}$")


@router.get("/co-sharing")
@needs(Role.READER)
def sharing(request: Request, view: CaseNow) -> Response:
    """The groups, strongest first."""
    return _groups(request, view, "")


@router.get("/co-sharing/{group_id}")
@needs(Role.READER)
def group(request: Request, group_id: str, view: CaseNow) -> Response:
    """One group with its graph, its pairs and what they shared."""
    return _group(request, view, group_id, "")


@router.post("/co-sharing")
@needs(Role.READER)
def with_pseudonyms(request: Request, view: CaseNow, form: Annotated[PhraseForm, Form()]) -> Response:
    """The same with accounts under pseudonyms; the phrase is neither kept nor put into an address."""
    phrase = form.phrase.strip()
    return _group(request, view, form.group, phrase) if form.group else _groups(request, view, phrase)


def _groups(request: Request, view: View, phrase: str) -> Response:
    groups = groups_of(view, phrase)
    return page(
        request, "sharing.html.j2", groups=groups, did=DID, looked=looked_at(view), phrase=bool(phrase)
    )


def _group(request: Request, view: View, group_id: str, phrase: str) -> Response:
    row = next((g for g in groups_of(view, phrase) if g.group_id == group_id), None)
    if row is None:
        raise NoSuchFindingError(f"the case has no group {group_id}")
    return page(request, "group.html.j2", g=group_of(view, row, phrase), did=DID, phrase=bool(phrase))
