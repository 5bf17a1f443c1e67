"""Saved views: the filters of lists under a name."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import reduce
from operator import or_
from typing import Annotated, Any, Literal

from fastapi import Body, Request, Response
from fastapi.responses import FileResponse
from pydantic import BaseModel, ConfigDict, Field, create_model

from tocsin.errors import NoSuchPageError
from tocsin.serve.access import Visitor, needs
from tocsin.serve.api.common import CHANGES, Id, api_router, problems
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.export_files import LISTED, sent, write_list
from tocsin.serve.filters import AS_QUERY, Listed
from tocsin.serve.saved_views import LISTS, SavedView, SavedViews, filters_of
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("views")
ListName = Literal[tuple(LISTS)]  # type: ignore[valid-type]
Name = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^\S(.*\S)?$")]


class ViewModel(BaseModel):
    """A saved view."""

    view_id: str
    name: str
    list: str = Field(description="which list it filters")
    filters: dict[str, Any] = Field(description="those given, by name")
    author: str = Field(description="the name of the token that saved it")
    shared: bool = Field(description="whether everybody may open it")
    created: datetime
    address: str = Field(description="the page it opens")


class _Named(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Name
    shared: bool = Field(False, strict=True, description="whether everybody may open it")


def _new(name: str, filters: type[Listed]) -> Any:
    """What is sent to save a view of one list."""
    more: dict[str, Any] = {
        "list": (Literal[name], ...),
        "filters": (filters, Field(default_factory=filters)),
    }
    return create_model(f"New{name.capitalize()}View", __doc__=f"A view of {name}.", __base__=_Named, **more)


#: What is sent differs from list to list: the filters are its own.
_New: Any = Annotated[
    reduce(or_, [_new(name, filters) for name, (_, _, filters) in LISTS.items()]),
    Body(discriminator="list"),
]


class ViewChange(BaseModel):
    """What to change of a view; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    name: Name | None = None
    shared: Annotated[bool | None, Field(strict=True)] = None


class ViewFilters(Listed):
    """Which views."""

    list: Annotated[ListName | None, Field(description="those of one list")] = None  # type: ignore[valid-type]


class ViewExport(Listed):
    """How the rows are written."""

    format: Literal["jsonl", "csv"] = "jsonl"


def _book(request: Request) -> SavedViews:
    book: SavedViews = request.app.state.bench.views
    return book


def _shown(view: SavedView) -> dict[str, Any]:
    names = [name for name in ViewModel.model_fields if name != "created"]
    return {name: getattr(view, name) for name in names} | {
        "created": datetime.fromtimestamp(view.created, UTC)
    }


@router.get("/views", response_model=list[ViewModel])
@needs(Role.READER)
def views(request: Request, who: Who, filters: Annotated[ViewFilters, AS_QUERY]) -> Any:
    """The views you may open: your own and those that are shared."""
    return [_shown(view) for view in _book(request).seen_by(who, filters.list or "")]


@router.post("/views", status_code=201, response_model=ViewModel, responses=problems(*CHANGES))
@needs(Role.ANALYST)
def save(request: Request, response: Response, who: Who, new: _New) -> Any:
    """Save a view; a name you have given before is refused with 409."""
    made = _book(request).add(who, new.name, new.list, new.filters, new.shared)
    response.headers["Location"] = f"/api/v1/views/{made.view_id}"
    return _shown(made)


@router.get("/views/{view_id}", response_model=ViewModel)
@needs(Role.READER)
def view(request: Request, view_id: Id, who: Who) -> Any:
    """One saved view."""
    return _shown(_book(request).get(view_id, who))


@router.patch("/views/{view_id}", response_model=ViewModel, responses=problems(*CHANGES))
@needs(Role.ANALYST)
def change(request: Request, view_id: Id, who: Who, changes: ViewChange) -> Any:
    """Rename your view, share it or stop sharing it."""
    return _shown(_book(request).edit(view_id, who, changes.name, changes.shared))


@router.delete("/views/{view_id}", status_code=204, responses=problems(*CHANGES))
@needs(Role.ANALYST)
def delete(request: Request, view_id: Id, who: Who) -> Response:
    """Delete your view."""
    _book(request).remove(view_id, who)
    return Response(status_code=204)


def _exported(request: Request, view_id: str, who: Visitor) -> SavedView:
    found = _book(request).get(view_id, who)
    if found.list not in LISTED:
        raise NoSuchPageError(
            f"views of {found.list} are not exported", remedy=f"Export one of {', '.join(LISTED)}"
        )
    return found


_CONTENT: Any = {
    200: {"content": {"application/jsonl": {}, "text/csv": {}}, "description": "The rows, one a line"}
}


@router.get("/views/{view_id}/export", response_class=FileResponse, responses=_CONTENT)
@needs(Role.READER)
def export(
    request: Request, view_id: Id, who: Who, view: CaseNow, wanted: Annotated[ViewExport, AS_QUERY]
) -> Any:
    """Everything a view finds now, in its order."""
    own = _exported(request, view_id, who)
    filters = filters_of(own.list, own.filters)
    return sent(write_list(view, own.list, filters, wanted.format), own.list)
