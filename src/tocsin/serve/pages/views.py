"""Saved views: all of them, opened, saved, renamed, shared, deleted, taken away as files."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import parse_qsl

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, Field

from tocsin.errors import ForbiddenError, NoSuchFindingError, UsageError
from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.acting import Attempt, again
from tocsin.serve.addresses import back_to
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.export_files import LISTED, sent, write_list
from tocsin.serve.problems import is_for_programs
from tocsin.serve.rendering import page
from tocsin.serve.saved_views import FILTER_NAMES, LISTS, SavedViews, filters_of
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Address = Annotated[str, Field(max_length=2000)]


def _book(request: Request) -> SavedViews:
    book: SavedViews = request.app.state.bench.views
    return book


@router.get("/views")
@needs(Role.READER)
def views(request: Request, who: Who) -> Response:
    """All views the visitor may open."""
    own = _book(request).seen_by(who)
    return page(
        request, "views.html.j2", saved=own, lists=LISTS, exported=LISTED, names=FILTER_NAMES, words=words
    )


@router.get("/views/{view_id}")
@needs(Role.READER)
def open_view(request: Request, view_id: Id, who: Who) -> Response:
    """The list, filtered: an address to hand on."""
    return RedirectResponse(_book(request).get(view_id, who).address, status_code=303)


@router.get("/views/{view_id}/export.{kind}")
@needs(Role.READER)
def export(request: Request, view_id: Id, kind: Literal["csv", "jsonl"], who: Who, view: CaseNow) -> Response:
    """Everything the view finds, as a file."""
    own = _book(request).get(view_id, who)
    return sent(write_list(view, own.list, filters_of(own.list, own.filters), kind), own.list)


class NewViewForm(BaseModel):
    """The form below the filters of a list; ``query`` are the filters as in its address."""

    list: str = Field(max_length=40)
    query: Address = ""
    name: str = Field("", max_length=200)
    shared: bool = False
    next: Address = "/views"


def _done(request: Request, attempt: Attempt, error: UsageError | None) -> Response:
    """Back to where the form stood; a form refused is shown again with what was typed."""
    if error is None:
        return RedirectResponse(back_to(attempt.back), status_code=303)
    if is_for_programs(request) or isinstance(error, NoSuchFindingError | ForbiddenError):
        raise error
    return again(request, attempt, error)


@router.post("/views")
@needs(Role.ANALYST)
def save(request: Request, who: Who, form: Annotated[NewViewForm, Form()]) -> Response:
    """Keep the filters of a list under a name."""
    fields = {name: str(value) for name, value in form.model_dump().items() if value or name == "name"}
    attempt = Attempt("/views", fields, back=form.next)
    try:
        filters = filters_of(form.list, dict(parse_qsl(form.query)))
        _book(request).add(who, form.name, form.list, filters, form.shared)
    except UsageError as error:
        return _done(request, attempt, error)
    return _done(request, attempt, None)


class ChangeForm(BaseModel):
    """What to do with a view."""

    act: Literal["rename", "share", "unshare", "delete"]
    name: str = Field("", max_length=200)
    next: Address = "/views"


@router.post("/views/{view_id}")
@needs(Role.ANALYST)
def change(request: Request, view_id: Id, who: Who, form: Annotated[ChangeForm, Form()]) -> Response:
    """Rename, share, stop sharing or delete one's own view."""
    book = _book(request)
    fields = {"act": form.act, "next": form.next, "name": form.name}
    attempt = Attempt(f"/views/{view_id}", fields, back=form.next)
    try:
        if form.act == "delete":
            book.remove(view_id, who)
        elif form.act == "rename":
            book.edit(view_id, who, name=form.name)
        else:
            book.edit(view_id, who, shared=form.act == "share")
    except UsageError as error:
        return _done(request, attempt, error)
    return _done(request, attempt, None)
