"""One shape for every error: RFC 9457 for programs, a page with the same words for people."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from tocsin.errors import (
    BadMethodError,
    BadRequestError,
    InternalError,
    NoSuchPageError,
    NotSignedInError,
    TocsinError,
    TooManyRequestsError,
)

__all__ = ["MEDIA_TYPE", "Problem", "answer_with_problems", "is_for_programs", "problem_of"]

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong (RFC 9457), with tocsin's stable ``code`` and a ``remedy``."""

    type: str = Field(description="urn:tocsin:problem:CODE")
    title: str = Field(description="the kind of problem")
    status: int = Field(description="the HTTP status")
    detail: str = Field(description="the cause, in one sentence")
    instance: str = Field(description="the path asked for")
    code: str = Field(description="stable name of the kind of problem")
    remedy: str = Field(description="what to do about it")


def problem_of(error: TocsinError, path: str) -> Problem:
    """The problem an error is; internal errors keep their details to themselves."""
    status = error.http_status
    detail = "the workbench failed" if isinstance(error, InternalError) else error.cause
    return Problem(
        type=f"urn:tocsin:problem:{error.code}",
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        instance=path,
        code=error.code,
        remedy=error.remedy,
    )


def is_for_programs(request: Request) -> bool:
    """Whether the answer is wanted as JSON."""
    return request.url.path.startswith("/api/") or "application/json" in request.headers.get("accept", "")


def answer(request: Request, error: TocsinError) -> Response:
    """The response that an error is answered with."""
    from tocsin.serve.rendering import page

    problem = problem_of(error, request.url.path)
    headers: dict[str, str] = {"Cache-Control": "no-store"}
    if isinstance(error, TooManyRequestsError):
        headers["Retry-After"] = "1"
    if is_for_programs(request):
        if isinstance(error, NotSignedInError):
            headers["WWW-Authenticate"] = 'Bearer realm="tocsin"'
        return JSONResponse(
            problem.model_dump(), status_code=problem.status, media_type=MEDIA_TYPE, headers=headers
        )
    if isinstance(error, NotSignedInError) and request.url.path != "/sign-in":
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        place = request.url_for("sign_in_page").include_query_params(next=target)
        return RedirectResponse(f"{place.path}?{place.query}", status_code=303, headers=headers)
    response = page(request, "problem.html.j2", status=problem.status, problem=problem)
    response.headers.update(headers)
    return response


def _described(error: RequestValidationError) -> str:
    faults = []
    for fault in error.errors()[:5]:
        where = ".".join(str(part) for part in fault["loc"] if part not in {"query", "body", "path"})
        faults.append(f"{where}: {fault['msg']}" if where else str(fault["msg"]))
    return "; ".join(faults)


def _of_http(error: HTTPException) -> TocsinError:
    if error.status_code == 404:
        return NoSuchPageError("there is nothing here")
    if error.status_code == 405:
        return BadMethodError("the address does not know this method")
    if error.status_code >= 500:
        return InternalError(str(error.detail))
    return BadRequestError(str(error.detail))


def _methods(path: str) -> list[str]:
    """The methods an address knows, over all routes of it."""
    from tocsin.serve.app import routes_of

    return sorted({m for r in routes_of() if r.path_regex.match(path) for m in r.methods or ()})


def answer_with_problems(app: FastAPI) -> None:
    """Make every error of the app one shape."""

    async def known(request: Request, error: Any) -> Response:
        return answer(request, error)

    async def invalid(request: Request, error: Any) -> Response:
        return answer(request, BadRequestError(_described(error)))

    async def of_http(request: Request, error: Any) -> Response:
        too_large: TocsinError | None = getattr(request.state, "too_large", None)
        if too_large is not None:
            return answer(request, too_large)
        if error.status_code in {404, 405}:
            access = request.app.state.bench.access
            try:
                access.check_host(request)
                request.state.visitor = access.visitor(request)  # strangers learn nothing of addresses
            except TocsinError as refused:
                return answer(request, refused)
        made = answer(request, _of_http(error))
        if error.status_code == 405:
            made.headers["Allow"] = ", ".join(_methods(request.url.path))
        return made

    async def bug(request: Request, error: Any) -> Response:
        return answer(request, InternalError(f"{type(error).__name__}: {error}"))

    app.add_exception_handler(TocsinError, known)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, bug)
