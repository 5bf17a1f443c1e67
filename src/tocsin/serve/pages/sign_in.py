"""Signing in and out, and how pages look: language, light or dark."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from tocsin.errors import NotSignedInError
from tocsin.serve.access import SESSION, Guarded, needs, open_to_all, visitor_of
from tocsin.serve.addresses import back_to
from tocsin.serve.i18n import COOKIE, LANGUAGES
from tocsin.serve.rendering import THEME_COOKIE, THEMES, page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
_YEAR = 365 * 24 * 3600


@router.get("/sign-in")
@open_to_all
def sign_in_page(request: Request, next: str = "/") -> Response:  # noqa: A002 - a word of the address
    """The form that asks for a token."""
    return page(request, "sign_in.html.j2", next=back_to(next), failed=False)


@router.post("/sign-in")
@open_to_all
def sign_in(
    request: Request,
    token: Annotated[str, Form(max_length=200)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Begin a session."""
    try:
        session = request.app.state.bench.access.sign_in(request, token.strip())
    except NotSignedInError:
        return page(request, "sign_in.html.j2", status=401, next=back_to(next), failed=True)
    answer = RedirectResponse(back_to(next), status_code=303)
    secure = request.url.scheme == "https"
    answer.set_cookie(SESSION, session, httponly=True, samesite="strict", secure=secure, path="/")
    return answer


@router.post("/sign-out")
@needs(Role.READER)
def sign_out(request: Request) -> Response:
    """End the session."""
    request.app.state.bench.access.sign_out(visitor_of(request))
    answer = RedirectResponse("/sign-in", status_code=303)
    answer.delete_cookie(SESSION, path="/", httponly=True, samesite="strict")
    return answer


@router.post("/look")
@open_to_all
def look(
    language: Annotated[str, Form(max_length=10)] = "",
    theme: Annotated[str, Form(max_length=10)] = "",
    next: Annotated[str, Form(max_length=2000)] = "/",  # noqa: A002
) -> Response:
    """Choose the language of the interface, or light or dark."""
    answer = RedirectResponse(back_to(next), status_code=303)
    for name, value, known in ((COOKIE, language, LANGUAGES), (THEME_COOKIE, theme, THEMES)):
        if value in known:
            answer.set_cookie(name, value, max_age=_YEAR, httponly=True, samesite="strict", path="/")
    return answer


@lru_cache(maxsize=1)
def _brief_style() -> str:
    return (files("tocsin.present") / "templates" / "brief.css").read_text(encoding="utf-8")


@router.get("/look.css")
@open_to_all
def style() -> Response:
    """The style of the brief: the workbench shows the same marks in the same way."""
    return Response(_brief_style(), media_type="text/css", headers={"Cache-Control": "max-age=3600"})
