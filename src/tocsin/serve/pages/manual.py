"""The interface for programs, described for who writes them: no script, nothing from the network."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Path, Request, Response

from tocsin.errors import NoSuchPageError
from tocsin.serve.access import Guarded, needs
from tocsin.serve.manual import Resource, resources
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)


@lru_cache(maxsize=4)
def _resources(app: FastAPI) -> tuple[Resource, ...]:
    from tocsin.serve.app import routes_of

    roles = {(m, route.path): route.needed_role for route in routes_of() for m in route.methods or ()}
    described: dict[str, Any] = app.openapi()
    return tuple(resources(described, roles))


@router.get("/api/v1/docs")
@needs(Role.READER)
def manual(request: Request) -> Response:
    """How to ask, and what there is to ask."""
    address = str(request.base_url).rstrip("/")
    return page(request, "manual.html.j2", resources=_resources(request.app), address=address)


@router.get("/api/v1/docs/{name}")
@needs(Role.READER)
def resource(request: Request, name: Annotated[str, Path(max_length=60)]) -> Response:
    """One resource: its operations and models."""
    known = _resources(request.app)
    own = next((r for r in known if r.name == name), None)
    if own is None:
        raise NoSuchPageError("the interface has no such resource")
    address = str(request.base_url).rstrip("/")
    return page(request, "manual_part.html.j2", resource=own, resources=known, address=address)
