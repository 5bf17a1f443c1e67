"""The interface for programs: one module for each resource, all under ``/api/v1``."""

from __future__ import annotations

from fastapi import APIRouter

from tocsin.serve.api import (
    case,
    claims,
    description,
    documents,
    export,
    findings,
    judged,
    judgements,
    sources,
    stories,
    uploads,
    views,
)

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (
    documents.router,
    claims.router,
    findings.router,
    stories.router,
    sources.router,
    judged.router,
    judgements.router,
    case.router,
    uploads.router,
    views.router,
    export.router,
    description.router,
)
