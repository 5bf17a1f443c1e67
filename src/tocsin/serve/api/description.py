"""The description of the interface: OpenAPI 3.1, made from the routes."""

from __future__ import annotations

from typing import Any

from fastapi import Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

import tocsin
from tocsin.serve.access import needs
from tocsin.serve.api.common import api_router
from tocsin.serve.problems import Problem
from tocsin.serve.tokens import Role

__all__ = ["describe", "router"]

router = api_router("description")
_ABOUT = (
    "The case of a tocsin workbench: what is claimed, on whose word, when and where; and the judgements of "
    "people. Everything found by machine is marked so until somebody judges it."
)


def describe(routes: list[Any]) -> dict[str, Any]:
    """The OpenAPI document of some routes."""
    made = get_openapi(
        title="tocsin",
        version=tocsin.__version__,
        openapi_version="3.1.0",
        summary="Early warning and claim provenance",
        description=_ABOUT,
        routes=routes,
    )
    parts = made.setdefault("components", {}).setdefault("schemas", {})
    parts["Problem"] = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    for unused in ("HTTPValidationError", "ValidationError"):
        parts.pop(unused, None)
    made["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    made["security"] = [{"token": []}]
    return made


@router.get("/openapi.json", include_in_schema=False)
@needs(Role.READER)
def openapi(request: Request) -> JSONResponse:
    """The description itself."""
    return JSONResponse(request.app.openapi())
