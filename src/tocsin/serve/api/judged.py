"""The views of the log: the ledger of forecasts, the blame matrix, boards of hypotheses; and acts on them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from datetime import date as day
from typing import Annotated, Any, Literal, TypeVar

from fastapi import Path, Request
from pydantic import BaseModel, ConfigDict, Field

from tocsin.judge.desk import Act, Desk
from tocsin.model import Verdict
from tocsin.serve.access import needs
from tocsin.serve.api.common import CHANGES, Id, api_router, problems
from tocsin.serve.api.judgements import JudgementModel, Sent, entry_of
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.filters import AS_QUERY, Listed, Words
from tocsin.serve.reading import View
from tocsin.serve.tokens import Role

__all__ = ["router"]

Made = TypeVar("Made")
router = api_router("judged")
_CHANGES = problems(*CHANGES)
Text = Annotated[str, Field(min_length=1, max_length=10_000)]
Short = Annotated[str, Field(max_length=1000)]
Board = Annotated[str, Path(min_length=1, max_length=200, description="name of the board")]
Status = Literal["open", "overdue", "came true", "did not", "void"]


def _desk(request: Request, view: View) -> Desk:
    desk: Desk = request.app.state.bench.judging.desk(view)
    return desk


def _change(request: Request, view: View, act: Callable[[Desk], Made], key: str = "") -> Made:
    bench = request.app.state.bench
    made: Made = bench.judging.change(view, act, bench.reader.view, key)
    return made


# --- forecasts --------------------------------------------------------------------------------------


class ResolutionModel(BaseModel):
    """What became of a forecast, as a person said."""

    outcome: str
    date: str
    source: str
    author: str
    sequence: int


class LedgerEntry(BaseModel):
    """One line of the ledger."""

    forecast_id: str
    claim_id: str
    document_id: str
    channel: str
    published: datetime | None
    event: str
    warners: list[str]
    source_label: str
    places: list[str]
    horizon: str
    due: datetime | None
    term: str
    stated: float | None
    low: float = Field(description="least probability its words mean")
    high: float = Field(description="greatest")
    testable: str
    review: str
    status: str = Field(description="the outcome, or open, or overdue")
    resolution: ResolutionModel | None
    comments: list[str]


class LedgerFilters(Listed):
    """Which lines of the ledger, by deadline."""

    status: Annotated[Status | None, Field(description="what became of it")] = None
    source: Annotated[Words | None, Field(description="words of the name of who gives it")] = None
    due_by: Annotated[day | None, Field(description="last day it can come true, UTC")] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class Ledger(BaseModel):
    """Lines of the ledger; ``total`` counts all that fulfil the filters."""

    items: list[LedgerEntry]
    total: int


def _line(entry: Any) -> dict[str, Any]:
    own = {name: getattr(entry, name, None) for name in LedgerEntry.model_fields}
    own |= {"low": entry.mapped.low, "high": entry.mapped.high}
    if entry.resolution is not None:
        own["resolution"] = {n: getattr(entry.resolution, n) for n in ResolutionModel.model_fields}
    return own


@router.get("/ledger", response_model=Ledger)
@needs(Role.READER)
def ledger(request: Request, view: CaseNow, filters: Annotated[LedgerFilters, AS_QUERY]) -> Any:
    """Forecasts with what people made of them; entries made by hand too."""
    entries = _desk(request, view).ledger(datetime.now(UTC))
    last = filters.due_by
    chosen = [
        e
        for e in entries
        if filters.status in {None, e.status}
        and (filters.source or "").casefold() in e.source_label.casefold()
        and (last is None or (e.due is not None and e.last_day <= last.isoformat()))
    ]
    return {"items": [_line(e) for e in chosen[: filters.limit]], "total": len(chosen)}


class NewResolution(BaseModel):
    """What became of a forecast, and what tells so."""

    model_config = ConfigDict(extra="forbid")

    outcome: Literal["came true", "did not", "void", "open"]
    date: day | None = Field(None, description="when it was settled")
    source: Short = Field("", description="what tells so: a link, a document, a claim id")


def _resolution(forecast_id: str, new: NewResolution, author: str, seen: int | None) -> Act:
    settled = new.date.isoformat() if new.date else ""
    detail = json.dumps({"outcome": new.outcome, "date": settled, "source": new.source}, ensure_ascii=False)
    return Act(forecast_id, Verdict.RESOLVE, author, "", detail, seen)


@router.post(
    "/forecasts/{forecast_id}/resolution", status_code=201, response_model=JudgementModel, responses=_CHANGES
)
@needs(Role.ANALYST)
def resolve(
    request: Request, view: CaseNow, who: Who, forecast_id: Id, new: NewResolution, sending: Sent
) -> Any:
    """Record what became of a forecast."""
    act = _resolution(forecast_id, new, who.name, sending.seen())
    entry = request.app.state.bench.judging.append(view, [act], sending.key)[0]
    return entry_of(entry, {entry.sequence})


class NewForecast(BaseModel):
    """A forecast that no document of the case holds."""

    model_config = ConfigDict(extra="forbid")

    event: Text
    source: Short = ""
    published: day | None = None
    due: day | None = None
    probability: Annotated[float | None, Field(strict=True, ge=0, le=1)] = None


@router.post("/ledger", status_code=201, response_model=JudgementModel, responses=_CHANGES)
@needs(Role.ANALYST)
def enter(request: Request, view: CaseNow, who: Who, new: NewForecast, sending: Sent) -> Any:
    """Enter a forecast by hand."""
    given = {k: str(v) for k, v in new.model_dump(mode="json").items() if v not in (None, "")}
    entry = _change(request, view, lambda desk: desk.enter(given, who.name), sending.key)
    return entry_of(entry, {entry.sequence})


# --- blame ------------------------------------------------------------------------------------------


class EventModel(BaseModel):
    """An event that blame is told of."""

    event: str
    claims: int
    accused: int


class PartyModel(BaseModel):
    """One row or column of the matrix."""

    key: str
    label: str
    claims: int
    since: datetime | None


class CellModel(BaseModel):
    """One claim of the matrix."""

    blame_id: str
    claim_id: str
    document_id: str
    channel: str
    published: datetime | None
    accuser_key: str
    accused_key: str
    tellers: list[str]
    deed: str
    stance: str
    certainty: str
    words: str
    review: str


class MatrixModel(BaseModel):
    """Who blames whom for one event, and what speaks against one another."""

    event: str
    accusers: list[PartyModel]
    accused: list[PartyModel]
    cells: list[CellModel]
    denials: list[CellModel]
    counter: list[list[str]] = Field(description="pairs that accuse one another")
    contradictions: list[str]


def _as(model: type[BaseModel], item: Any) -> dict[str, Any]:
    return {name: getattr(item, name) for name in model.model_fields}


@router.get("/events", response_model=list[EventModel])
@needs(Role.READER)
def events(request: Request, view: CaseNow) -> Any:
    """The events blame is told of, the densest first; at most 200."""
    found = _desk(request, view).events()[:200]
    return [{"event": event, "claims": claims, "accused": accused} for event, claims, accused in found]


class MatrixFilters(Listed):
    """Which event."""

    event: Annotated[Words, Field(description="words for the event; default: the densest")] = ""


@router.get("/matrix", response_model=MatrixModel)
@needs(Role.READER)
def matrix(request: Request, view: CaseNow, filters: Annotated[MatrixFilters, AS_QUERY]) -> Any:
    """The blame matrix of one event."""
    found = _desk(request, view).matrix(filters.event)
    cells = [cell for pair in sorted(found.cells) for cell in found.cells[pair]]
    return {
        "event": found.event,
        "accusers": [_as(PartyModel, p) for p in found.accusers],
        "accused": [_as(PartyModel, p) for p in found.accused],
        "cells": [_as(CellModel, c) for c in cells],
        "denials": [_as(CellModel, c) for c in found.denials],
        "counter": [list(pair) for pair in found.counter],
        "contradictions": [f"{c.accuser}: {c.what}" for c in found.contradictions],
    }


# --- hypotheses -------------------------------------------------------------------------------------


class HypothesisModel(BaseModel):
    """One hypothesis."""

    mark: str
    text: str
    author: str


class EvidenceModel(BaseModel):
    """One item of evidence."""

    mark: str
    text: str
    kind: str
    finding: str
    source: str
    credibility: str
    relevance: str
    author: str


class RatingModel(BaseModel):
    """One analyst's rating of one cell."""

    evidence: str
    hypothesis: str
    analyst: str
    rating: str


class BoardModel(BaseModel):
    """One analysis of competing hypotheses."""

    name: str
    hypotheses: list[HypothesisModel]
    evidence: list[EvidenceModel]
    ratings: list[RatingModel]


class MarkModel(BaseModel):
    """The mark something got on a board."""

    mark: str


class NewHypothesis(BaseModel):
    """A hypothesis to put on a board."""

    model_config = ConfigDict(extra="forbid")

    text: Text


class NewEvidence(BaseModel):
    """An item of evidence to put on a board."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    kind: Literal["claim", "check", "alarm", "note"] = "note"
    finding: Annotated[str, Field(max_length=100, description="id of what it is in the case")] = ""
    source: Short = ""
    credibility: Literal["low", "medium", "high"] = "medium"
    relevance: Literal["low", "medium", "high"] = "medium"


class NewRating(BaseModel):
    """A rating of one cell."""

    model_config = ConfigDict(extra="forbid")

    evidence: Annotated[str, Field(min_length=1, max_length=20, description="mark, e.g. E1")]
    hypothesis: Annotated[str, Field(min_length=1, max_length=20, description="mark, e.g. H1")]
    rating: Literal["CC", "C", "N", "I", "II", "NA"]


@router.get("/hypotheses", response_model=list[str])
@needs(Role.READER)
def boards(request: Request, view: CaseNow) -> Any:
    """The names of all boards."""
    return _desk(request, view).boards()


@router.get("/hypotheses/{name}", response_model=BoardModel)
@needs(Role.READER)
def board(request: Request, view: CaseNow, name: Board) -> Any:
    """One board."""
    found = _desk(request, view).board(name)
    ratings = [
        {"evidence": e, "hypothesis": h, "analyst": analyst, "rating": rating}
        for (e, h), cell in sorted(found.ratings.items())
        for analyst, rating in sorted(cell.items())
    ]
    return {
        "name": found.name,
        "hypotheses": [_as(HypothesisModel, h) for h in found.hypotheses],
        "evidence": [_as(EvidenceModel, e) for e in found.evidence],
        "ratings": ratings,
    }


@router.post("/hypotheses/{name}", status_code=201, response_model=MarkModel, responses=_CHANGES)
@needs(Role.ANALYST)
def add_hypothesis(request: Request, view: CaseNow, who: Who, name: Board, new: NewHypothesis) -> Any:
    """Put a hypothesis on a board, begun if new."""
    return {"mark": _change(request, view, lambda desk: desk.add_hypothesis(name, new.text, who.name))}


@router.post("/hypotheses/{name}/evidence", status_code=201, response_model=MarkModel, responses=_CHANGES)
@needs(Role.ANALYST)
def add_evidence(request: Request, view: CaseNow, who: Who, name: Board, new: NewEvidence) -> Any:
    """Put an item of evidence on a board."""
    values = {k: v for k, v in new.model_dump().items() if k != "text" and v}

    def add(desk: Desk) -> str:
        return desk.add_evidence(name, new.text, who.name, **values)

    return {"mark": _change(request, view, add)}


@router.post("/hypotheses/{name}/ratings", status_code=201, response_model=JudgementModel, responses=_CHANGES)
@needs(Role.ANALYST)
def rate(request: Request, view: CaseNow, who: Who, name: Board, new: NewRating, sending: Sent) -> Any:
    """Rate one cell of a board."""
    cell = (name, new.evidence, new.hypothesis, new.rating)
    entry = _change(request, view, lambda desk: desk.rate(*cell, who.name), sending.key)
    return entry_of(entry, {entry.sequence})
