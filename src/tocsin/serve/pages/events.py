"""Events: who blames whom for one, denials and contradictions beside it. Nothing is weighed."""

from __future__ import annotations

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from tocsin.judge.matrix import Cell
from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.event_list import events, matrix, with_words
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
_PARTIES = 14
_CLAIMS = 12
_DENIALS = 40


@router.get("/events")
@needs(Role.READER)
def blame(
    request: Request, view: CaseNow, event: Annotated[str, Query(max_length=2000)] = "", full: bool = False
) -> Response:
    """The blame matrix of one event; ``full``: with every party."""
    found = matrix(view, event)
    most = 10_000 if full else _PARTIES
    accusers, accused = found.accusers[:most], found.accused[:most]
    counts, shown = Counter[str](), dict[str, list[Cell]]()
    for (_, key), own in found.cells.items():
        counts[key] += len(own)
        room = shown.setdefault(key, [])
        room += own[: max(0, (most if full else _CLAIMS) - len(room))]
    shown = {party.key: shown.get(party.key, []) for party in accused}
    cells = [c for own in shown.values() for c in own]
    told = with_words(view, (*cells, *found.denials[:_DENIALS]))
    return page(
        request,
        "events.html.j2",
        m=found,
        event=event,
        events=events(view),
        accusers=accusers,
        accused=accused,
        shown={key: [told[c.blame_id] for c in own] for key, own in shown.items()},
        denials=[told[c.blame_id] for c in found.denials[:_DENIALS]],
        counts=counts,
        words=words,
        hidden=len(found.accusers) - len(accusers) + len(found.accused) - len(accused),
        seen={key: view.seen(key) for key in told},
    )
