"""Upload: files for the case, sent with progress and read in the background."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response, UploadFile
from fastapi.responses import RedirectResponse

from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import Who
from tocsin.serve.i18n import N_
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["STATES", "router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
#: States of an upload, as the interface calls them.
STATES = (N_("waiting"), N_("reading"), N_("deriving"), N_("done"), N_("failed"))
_SHOWN = 50


@router.get("/upload")
@needs(Role.READER)
def uploads(request: Request) -> Response:
    """The latest uploads and how their reading goes."""
    jobs = request.app.state.bench.jobs.all()[:_SHOWN]
    return page(
        request,
        "upload.html.j2",
        jobs=jobs,
        busy=any(job.state not in {"done", "failed"} for job in jobs),
        most=request.app.state.bench.access.limits.upload,
    )


@router.post("/upload")
@needs(Role.ANALYST, upload=True)
def upload(request: Request, who: Who, file: list[UploadFile]) -> Response:
    """Keep files and have them read; when this is answered, they are on disk."""
    bench = request.app.state.bench
    for one in file:
        if one.filename:
            bench.jobs.add(one.file, one.filename, who.name, bench.access.limits.upload)
    return RedirectResponse("/upload", status_code=303)
