"""The app: one workbench over one case, all its routes, and the headers every answer has."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from importlib.resources import files
from pathlib import Path
from typing import Any

import anyio.to_thread
from fastapi import FastAPI, Request, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import tocsin
from tocsin.serve.access import Access, Guarded
from tocsin.serve.jobs import Jobs
from tocsin.serve.judging import Judging
from tocsin.serve.limits import Limits
from tocsin.serve.problems import answer_with_problems
from tocsin.serve.reading import CaseReader, View
from tocsin.serve.rendering import THEME_COOKIE, language_of
from tocsin.serve.saved_views import SavedViews
from tocsin.serve.tokens import TokenBook
from tocsin.serve.warming import warm
from tocsin.settings import Settings

__all__ = ["Bench", "create_app", "routes_of"]

#: Requests worked on at once. Queries take cores, not waiting: more would only be slower together.
_THREADS = 8
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The referrer of the same origin is kept: without it browsers send «Origin: null» with forms.
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
    b"cross-origin-resource-policy": b"same-origin",
    b"permissions-policy": b"camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True)
class Bench:
    """What the routes share."""

    path: Path
    access: Access
    reader: CaseReader
    judging: Judging
    jobs: Jobs
    views: SavedViews

    def unchanged(self, request: Request) -> Response | None:
        """Take the request's view of the case; a 304 where the client has this very answer already."""
        request.state.view = view = self.reader.view()
        if request.method not in {"GET", "HEAD"} or request.state.visitor is None:
            return None
        request.state.etag = etag = self._etag(request, view)
        if etag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers={"ETag": etag, "Cache-Control": "private, no-cache"})
        return None

    def close(self) -> None:
        """Finish what was begun and close the case."""
        self.jobs.close()
        self.judging.close()
        self.reader.close()

    def _etag(self, request: Request, view: View) -> str:
        """Of all an answer depends on; the hour stands for the time, which only deadlines ask."""
        from datetime import UTC, datetime

        visitor = request.state.visitor
        hour = f"{datetime.now(UTC):%Y%m%d%H}"
        theme = request.cookies.get(THEME_COOKIE, "")
        state = (view.revision, self.jobs.changes, self.views.stamp)
        parts = (tocsin.__version__, state, visitor.token_id, visitor.role, visitor.session, hour)
        asked = (str(request.url), language_of(request), theme, request.headers.get("accept", ""))
        return f'W/"{blake2b(repr((parts, asked)).encode(), digest_size=12).hexdigest()}"'

    def stamp(self, request: Request, response: Response) -> None:
        """Say how long an answer may be kept."""
        etag = getattr(request.state, "etag", None)
        if etag and response.status_code == 200 and "etag" not in response.headers:
            response.headers["ETag"] = etag
            response.headers.setdefault("Cache-Control", "private, no-cache")
        response.headers.setdefault("Cache-Control", "no-store")


class _Headers:
    """Adds the headers every answer has, whoever makes it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(name, value) for name, value in _HEADERS.items() if name not in present]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self._app(scope, receive, sending if scope["type"] == "http" else send)


@asynccontextmanager
async def _life(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = _THREADS
    yield
    app.state.bench.close()


def routes_of() -> list[Guarded]:
    """Every route that guards itself: pages and interface."""
    from tocsin.serve import api, pages

    return [r for router in (*pages.ROUTERS, *api.ROUTERS) for r in router.routes if isinstance(r, Guarded)]


def create_app(
    case: str | Path,
    *,
    settings: Settings | None = None,
    limits: Limits | None = None,
    hosts: Iterable[str] = (),
) -> FastAPI:
    """The workbench over an existing case.

    ``settings``: those uploads are read with. ``hosts``: names under which it may be asked, besides
    loopback. Raises NotACaseError, CaseVersionError, CaseDamagedError.
    """
    from tocsin.serve import api, pages
    from tocsin.serve.api.description import describe

    path = Path(case)
    app: Any = FastAPI(
        title="tocsin",
        version=tocsin.__version__,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        lifespan=_life,
        redirect_slashes=False,
    )
    access = Access(TokenBook(path), limits or Limits(), hosts)
    jobs = Jobs(path, settings or Settings())
    app.state.bench = Bench(path, access, CaseReader(path, warm), Judging(path), jobs, SavedViews(path))
    app.mount("/static", StaticFiles(directory=str(files("tocsin.serve") / "static")), name="static")
    for router in (*pages.ROUTERS, *api.ROUTERS):
        app.include_router(router)
    answer_with_problems(app)
    app.openapi = lru_cache(maxsize=1)(lambda: describe(app.routes))
    app.add_middleware(_Headers)
    return app  # type: ignore[no-any-return]
