"""Export: any view of the case as a file, under pseudonyms if wanted."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from pydantic import BaseModel, Field

from tocsin.errors import NoSuchPageError
from tocsin.model import TABLES
from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.export_files import KINDS, VIEWS, sent, write_brief, write_list, write_view
from tocsin.serve.filters import AS_QUERY, ClaimFilters
from tocsin.serve.i18n import N_
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
#: The tables people ask for most, and what they hold; the others follow by name.
_FIRST = {
    "documents": N_("documents as read"),
    "claims": N_("claims with their words, certainty and kind"),
    "attributions": N_("attributions: source, cue and content"),
    "ledger": N_("the ledger of forecasts with outcomes"),
    "blame": N_("who blames whom"),
    "judgements": N_("the log of judgements"),
    "stories": N_("stories with their origins"),
    "narratives": N_("narratives"),
    "surges": N_("surges"),
    "sharing_groups": N_("groups that share in concert"),
    "shared_objects": N_("what the groups shared"),
}


@router.get("/export")
@needs(Role.READER)
def export(request: Request, view: CaseNow) -> Response:
    """What there is to take away."""
    rows = view.rows | {"judgements": len(view.raw_log)}
    first = [(name, words, rows.get(name)) for name, words in _FIRST.items()]
    others = [(name, rows[name]) for name in sorted(TABLES) if name not in _FIRST and rows.get(name)]
    return page(request, "export.html.j2", first=first, others=others, views=VIEWS)


@router.get("/export/found-claims.{kind}")
@needs(Role.READER)
def found_claims(
    kind: Literal["csv", "jsonl"], filters: Annotated[ClaimFilters, AS_QUERY], view: CaseNow
) -> Response:
    """The claims of a list, all pages of it."""
    return sent(write_list(view, "claims", filters, kind), "claims")


@router.get("/export/brief.html")
@needs(Role.READER)
def brief(request: Request) -> Response:
    """The brief, as a file to keep: it is never shown under the workbench's own address."""
    return sent(write_brief(request.app.state.bench.path, "", ""), "brief")


@router.get("/export/{name}.{kind}")
@needs(Role.READER)
def table(name: str, kind: str, view: CaseNow) -> Response:
    """One table or view."""
    return sent(write_view(view, name, kind), name)


class ExportForm(BaseModel):
    """What to export under pseudonyms: the phrase stays out of addresses."""

    name: str = Field(max_length=100)
    kind: str = Field("csv", max_length=10)
    title: str = Field("", max_length=200)
    phrase: str = Field("", max_length=200)


@router.post("/export")
@needs(Role.READER)
def under_pseudonyms(request: Request, view: CaseNow, form: Annotated[ExportForm, Form()]) -> Response:
    """A table, or the brief, with accounts under the pseudonyms that a phrase gives."""
    phrase = form.phrase.strip()
    if form.name == "brief":
        return sent(write_brief(request.app.state.bench.path, form.title.strip(), phrase), "brief")
    if form.kind not in KINDS:
        raise NoSuchPageError(f"nothing is exported as {form.kind}")
    return sent(write_view(view, form.name, form.kind, phrase), form.name)
