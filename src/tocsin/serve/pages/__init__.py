"""The pages: one module for each, with its router; ``serve.menu`` says which stand in the navigation."""

from __future__ import annotations

from fastapi import APIRouter

from tocsin.serve.pages import (
    alarms,
    checks,
    claim,
    claims,
    coverage,
    events,
    export,
    factchecks,
    forecasts,
    guide,
    hypotheses,
    identity,
    judge,
    log,
    manual,
    narratives,
    reader,
    search,
    sharing,
    sign_in,
    sources,
    stories,
    today,
    upload,
    views,
)

__all__ = ["ROUTERS"]

ROUTERS: tuple[APIRouter, ...] = (
    sign_in.router,
    claims.router,
    claim.router,
    reader.router,
    judge.router,
    events.router,
    forecasts.router,
    hypotheses.router,
    sharing.router,
    log.router,
    export.router,
    stories.router,
    narratives.router,
    alarms.router,
    today.router,
    identity.router,  # before the sources: /sources/merge is no id of one
    sources.router,
    search.router,
    coverage.router,
    checks.router,
    factchecks.router,
    upload.router,
    guide.router,
    manual.router,
    views.router,
)
