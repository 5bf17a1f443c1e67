"""The log of judgements: read, and appended to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from fastapi import Header, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from tocsin.errors import NoSuchFindingError
from tocsin.judge.desk import Act
from tocsin.judge.log import in_force
from tocsin.model import Judgement, Verdict
from tocsin.serve.access import needs
from tocsin.serve.api.common import CHANGES, Page, api_router, problems
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.filters import AS_QUERY, Paged, Words
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View
from tocsin.serve.tokens import Role

__all__ = ["JudgementModel", "Sending", "Sent", "entry_of", "router"]

router = api_router("judgements")
_LAST = 1 << 62
_MATCH = '^([*]|(W/)?"[0-9]{1,18}")$'

_Acts = StrEnum("_Acts", {v.name: v.value for v in Verdict if v != Verdict.ASSESS})  # type: ignore[misc]


class JudgementModel(BaseModel):
    """One entry of the log; none is ever changed or deleted."""

    sequence: int = Field(description="its place in the log")
    finding_id: str = Field(description="what is judged, by the id it has now")
    verdict: Verdict
    author: str = Field(description="the name of the token")
    reason: str
    detail: str
    quote: str = Field(description="the words judged")
    made_at: datetime
    in_force: bool = Field(description="no later entry takes it back")


class Sending(BaseModel):
    """What a request that changes something says of itself."""

    idempotency_key: str = Field(
        "", max_length=200, description="your own name for the request: sent again, it appends nothing"
    )
    if_match: str = Field(
        "*", pattern=_MATCH, description='"SEQUENCE" of the latest entry on the finding that you know of'
    )

    @property
    def key(self) -> str:
        return self.idempotency_key

    def seen(self) -> int | None:
        """The sequence in If-Match."""
        number = self.if_match.removeprefix("W/").strip('"')
        return None if number == "*" else int(number)


class NewJudgement(BaseModel):
    """A judgement to append."""

    model_config = ConfigDict(extra="forbid")

    finding_id: str = Field(min_length=1, max_length=100, description="any id of the case")
    verdict: _Acts
    reason: str = Field("", max_length=10_000)
    detail: str = Field(
        "",
        max_length=10_000,
        description="the correction, the other id of a merge, the outcome, the number of the entry undone",
    )
    seen: int | None = Field(
        None,
        strict=True,
        ge=0,
        lt=_LAST,
        description="sequence of the latest entry on the finding that you know of",
    )


Sent = Annotated[Sending, Header()]


class JudgementFilters(Paged):
    """Which entries, oldest first."""

    finding: Annotated[Words | None, Field(description="id of what is judged")] = None
    author: Annotated[Words | None, Field(description="name of the token")] = None
    verdict: Annotated[Verdict | None, Field(description="kind of act")] = None
    orphans: Annotated[bool | None, Field(description="whether what is judged is no longer there")] = None


def entry_of(entry: Judgement, alive: set[int]) -> dict[str, Any]:
    """An entry as the interface shows it."""
    names = [name for name in JudgementModel.model_fields if name != "in_force"]
    return {name: getattr(entry, name) for name in names} | {"in_force": entry.sequence in alive}


def _alive(view: View) -> set[int]:
    return {e.sequence for e in in_force(view.attached.log)}


@router.get("/judgements", response_model=Page[JudgementModel])
@needs(Role.READER)
def judgements(view: CaseNow, filters: Annotated[JudgementFilters, AS_QUERY]) -> Any:
    """The log, oldest first."""
    lost = {e.sequence for e in view.attached.orphans}
    chosen = [
        e
        for e in view.attached.log
        if filters.finding in {None, e.finding_id}
        and filters.author in {None, e.author}
        and filters.verdict in {None, Verdict(e.verdict)}
        and filters.orphans in {None, e.sequence in lost}
    ]
    after = decode("judgements", filters.cursor, (int,))[0] if filters.cursor else 0
    rest = [e for e in chosen if e.sequence > after]
    shown = rest[: filters.limit]
    alive = _alive(view)
    return {
        "items": [entry_of(e, alive) for e in shown],
        "total": len(chosen),
        "next": encode("judgements", [shown[-1].sequence]) if len(rest) > len(shown) else None,
    }


@router.get("/judgements/{sequence}", response_model=JudgementModel)
@needs(Role.READER)
def judgement(view: CaseNow, sequence: Annotated[int, Path(ge=1, lt=_LAST)]) -> Any:
    """One entry of the log."""
    found = next((e for e in view.attached.log if e.sequence == sequence), None)
    if found is None:
        raise NoSuchFindingError(f"the log has no entry {sequence}")
    return entry_of(found, _alive(view))


@router.post("/judgements", status_code=201, response_model=JudgementModel, responses=problems(*CHANGES))
@needs(Role.ANALYST)
def append(  # the request says who and how, the body says what
    request: Request,
    response: Response,
    view: CaseNow,
    who: Who,
    new: NewJudgement,
    sending: Sent,
) -> Any:
    """Append one judgement; when this is answered, it is on disk for good.

    Send `seen` (or `If-Match: "SEQUENCE"`) to be refused with 409 when somebody judged the finding meanwhile.
    """
    seen = new.seen if new.seen is not None else sending.seen()
    act = Act(new.finding_id, str(new.verdict), who.name, new.reason, new.detail, seen)
    entry = request.app.state.bench.judging.append(view, [act], sending.key)[0]
    response.headers["Location"] = f"/api/v1/judgements/{entry.sequence}"
    return entry_of(entry, {entry.sequence})
