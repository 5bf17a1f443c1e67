"""Files for the case: sent, and followed while they are read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Literal

from fastapi import Request, Response, UploadFile
from pydantic import BaseModel, Field

from tocsin.serve.access import needs
from tocsin.serve.api.common import Id, api_router, problems
from tocsin.serve.dependencies import Who
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("uploads")


class JobModel(BaseModel):
    """One upload and how its reading goes."""

    job_id: str
    name: str = Field(description="the file's name as it was kept")
    author: str
    size: int = Field(description="bytes")
    created: str
    state: Literal["waiting", "reading", "deriving", "done", "failed"]
    done: int = Field(description="bytes read")
    found: int = Field(description="posts found in it")
    added: int = Field(description="posts new to the case")
    problems: int = Field(description="faults in it; see the problems of the case")
    error: str


@router.post("/uploads", status_code=202, response_model=JobModel, responses=problems(413))
@needs(Role.ANALYST, upload=True)
def upload(request: Request, response: Response, who: Who, file: UploadFile) -> Any:
    """Keep a file and have it read into the case; when this is answered, the file is on disk."""
    bench = request.app.state.bench
    job = bench.jobs.add(file.file, file.filename or "", who.name, bench.access.limits.upload)
    response.headers["Location"] = f"/api/v1/uploads/{job.job_id}"
    return asdict(job)


@router.get("/uploads", response_model=list[JobModel])
@needs(Role.READER)
def uploads(request: Request) -> Any:
    """The latest 200 uploads, the latest first."""
    return [asdict(job) for job in request.app.state.bench.jobs.all()[:200]]


@router.get("/uploads/{job_id}", response_model=JobModel)
@needs(Role.READER)
def status(request: Request, job_id: Id) -> Any:
    """How the reading of an upload goes."""
    return asdict(request.app.state.bench.jobs.get(job_id))
