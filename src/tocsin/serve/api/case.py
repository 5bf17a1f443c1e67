"""The case as a whole: search, coverage, inputs, problems, and alarms as they come."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from datetime import date, datetime
from datetime import time as clock
from typing import Annotated, Any, Literal

from fastapi import Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from tocsin.serve.access import needs
from tocsin.serve.api.common import Listing, Page, api_router, find, row_model
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.facts import documents_of
from tocsin.serve.filters import AS_QUERY, Listed, Paged, Words
from tocsin.serve.finding import best_hits
from tocsin.serve.reading import View
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = api_router("case")
_LOOK = 1.0
_BEAT = 15.0


class SearchFilters(Listed):
    """What to search, and where."""

    q: Annotated[str, Field(min_length=1, max_length=500, description="words, in any language")]
    by: Annotated[
        Literal["words", "meaning", "both"],
        Field(description="words (BM25), meaning (across languages) or both"),
    ] = "both"
    channel: Annotated[Words | None, Field(description="name or id of the channel")] = None
    place: Annotated[Words | None, Field(description="name or id of a place it names")] = None
    language: Annotated[str | None, Field(max_length=8, description="main language, ISO 639-1")] = None
    since: Annotated[date | None, Field(description="first day of publication, UTC")] = None
    until: Annotated[date | None, Field(description="last day of publication, UTC")] = None
    limit: Annotated[int, Field(ge=1, le=100)] = 20

    def chosen(self) -> Any:
        """The filters of the search itself."""
        from datetime import UTC

        from tocsin.search.query import Filters

        since = datetime.combine(self.since, clock.min, UTC) if self.since else None
        until = datetime.combine(self.until, clock.max, UTC) if self.until else None
        return Filters(since, until, self.channel or "", self.place or "", self.language or "")


class HitModel(BaseModel):
    """One document found."""

    document_id: str
    claim_id: str | None = Field(description="its claim nearest in meaning")
    score: float
    reasons: list[str]
    channel: str | None
    published: datetime | None
    opening: str = Field(description="its first 200 characters")


@router.get("/search", response_model=list[HitModel])
@needs(Role.READER)
def search(view: CaseNow, filters: Annotated[SearchFilters, AS_QUERY]) -> Any:
    """The best documents for a query, best first."""
    hits = best_hits(view, filters.q, filters.by, filters.chosen(), filters.limit)
    known = documents_of(view, [hit.document_id for hit in hits])
    shown = ("document_id", "channel", "published")
    return [
        {name: known[h.document_id][name] for name in shown}
        | {"opening": known[h.document_id]["text"][:200]}
        | {"claim_id": h.claim_id, "score": h.score.value, "reasons": list(h.score.reasons)}
        for h in hits
    ]


# --- coverage ---------------------------------------------------------------------------------------


class ChannelModel(BaseModel):
    """One channel of the case."""

    channel: str | None
    channel_id: str | None
    platform: str
    documents: int
    undated: int
    first: datetime | None
    last: datetime | None


class CoverageModel(BaseModel):
    """What was collected."""

    documents: int
    undated: int
    first: datetime | None
    last: datetime | None
    channels: list[ChannelModel] = Field(description="the 500 with most documents")
    languages: dict[str, int] = Field(description="documents by main language")
    inputs: int = Field(description="files read")
    problems: int = Field(description="faults in them")
    rows: dict[str, int] = Field(description="rows by table, every version counted")


def coverage_of(view: View) -> dict[str, Any]:
    """What was collected, counted once for each state of the case."""

    def count(tables: Any) -> dict[str, Any]:
        totals = (
            "count(*) AS documents, count(*) FILTER (published IS NULL) AS undated, "
            "min(published) AS first, max(published) AS last"
        )
        own: dict[str, Any] = tables.query(f"SELECT {totals} FROM documents").to_pylist()[0]
        channels = tables.query(
            f"SELECT max(channel) AS channel, channel_id, platform, {totals} FROM documents "
            "GROUP BY platform, channel_id, CASE WHEN channel_id IS NULL THEN channel END "
            "ORDER BY documents DESC, channel LIMIT 500"
        )
        languages = tables.query(
            "SELECT language, count(*) AS n FROM document_languages WHERE rank = 0 "
            "GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        (faults,) = tables.query("SELECT count(*) AS n FROM problems").to_pylist()
        return own | {
            "channels": channels.to_pylist(),
            "languages": {row["language"]: row["n"] for row in languages.to_pylist()},
            "problems": faults["n"],
        }

    counted: dict[str, Any] = view.once("coverage", count)
    return counted | {"inputs": len(view.inputs), "rows": view.rows}


@router.get("/coverage", response_model=CoverageModel)
@needs(Role.READER)
def coverage(view: CaseNow) -> Any:
    """What was collected: channels, dates, languages, files."""
    return coverage_of(view)


class InputModel(BaseModel):
    """One file read to its end."""

    file: str
    size: int
    format: str
    documents: int
    problems: int
    skipped: dict[str, int] = Field(description="records left out on purpose, by reason")


class InputFilters(Listed):
    """Which part of the list."""

    start: Annotated[int, Field(ge=0, le=10_000_000, description="files before it are left out")] = 0
    limit: Annotated[int, Field(ge=1, le=1000)] = 200


@router.get("/inputs", response_model=list[InputModel])
@needs(Role.READER)
def inputs(view: CaseNow, filters: Annotated[InputFilters, AS_QUERY]) -> Any:
    """The files read, by path."""
    names, first = list(InputModel.model_fields), filters.start
    return [{name: getattr(i, name) for name in names} for i in view.inputs[first : first + filters.limit]]


class ProblemFilters(Paged):
    """Which faults."""

    file: Annotated[Words | None, Field(description="words of the file's path")] = None
    code: Annotated[Words | None, Field(description="kind of fault")] = None
    kept: Annotated[bool | None, Field(description="whether the record was kept in part")] = None


PROBLEMS = Listing(
    "problems",
    "problem_id",
    ("file", "ASC", str),
    {"file": "contains(lower(file), lower(?))", "code": "code = ?", "kept": "kept = ?"},
)
ProblemModel: Any = row_model("problems")


@router.get("/problems", response_model=Page[ProblemModel])
@needs(Role.READER)
def input_problems(view: CaseNow, filters: Annotated[ProblemFilters, AS_QUERY]) -> Any:
    """Everything in the inputs that could not be read, with file, position, cause and remedy."""
    return find(view, PROBLEMS, filters)


# --- alarms as they come ----------------------------------------------------------------------------


def _alarms(view: View) -> dict[str, dict[str, Any]]:
    """The alarms raised, by id, the earliest first."""

    def look(tables: Any) -> dict[str, dict[str, Any]]:
        rows = tables.query(
            "SELECT surge_id, kind, subject_type, subject, channel_group, raised, observed, expected, high, "
            "q FROM surges WHERE NOT held ORDER BY raised, surge_id"
        ).to_pylist()
        return {row["surge_id"]: row for row in rows}

    return view.once("alarms", look)


def _event(name: str, identifier: str, data: Any) -> str:
    text = json.dumps(data, ensure_ascii=False, default=lambda value: value.isoformat())
    return f"event: {name}\nid: {identifier}\ndata: {text}\n\n"


async def _watch(request: Request, seconds: float, since: str) -> AsyncIterator[str]:
    reader = request.app.state.bench.reader
    end = time.monotonic() + seconds
    view = await run_in_threadpool(reader.view)
    known = await run_in_threadpool(_alarms, view)
    if since in known:  # what came after the last one that the client has
        for key in list(known)[list(known).index(since) + 1 :]:
            yield _event("alarm", key, known[key])
    revision, beat = view.revision, time.monotonic()
    yield f"retry: 3000\nevent: revision\ndata: {revision}\n\n"
    while time.monotonic() < end and not await request.is_disconnected():
        await asyncio.sleep(_LOOK)
        view = await run_in_threadpool(reader.view)
        if view.revision != revision:
            revision = view.revision
            found = await run_in_threadpool(_alarms, view)
            for key in found.keys() - known.keys():
                yield _event("alarm", key, found[key])
            known = found
            yield f"event: revision\ndata: {revision}\n\n"
        elif time.monotonic() - beat > _BEAT:
            beat = time.monotonic()
            yield ": still here\n\n"


class StreamFilters(Listed):
    """How long to listen."""

    seconds: Annotated[float, Field(ge=0, le=86_400, description="end after that long")] = 3600


class _EventStream(StreamingResponse):
    media_type = "text/event-stream"


@router.get("/alarms/stream", response_class=_EventStream)
@needs(Role.READER)
async def alarms(request: Request, filters: Annotated[StreamFilters, AS_QUERY]) -> Any:
    """New alarms as server-sent events: `alarm` with the surge as data, `revision` when the case changes.

    With `Last-Event-ID` those raised after that one come first.
    """
    since = request.headers.get("last-event-id", "")
    return _EventStream(_watch(request, filters.seconds, since), headers={"Cache-Control": "no-store"})
