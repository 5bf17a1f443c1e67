"""Events: who blames whom for one, denials and contradictions beside it. Nothing is weighed."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.event_list import events, matrix
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
_EVENTS = 100
_PARTIES = 14
_CLAIMS = 12


@router.get("/events")
@needs(Role.READER)
def blame(
    request: Request, view: CaseNow, event: Annotated[str, Query(max_length=2000)] = "", full: bool = False
) -> Response:
    """The blame matrix of one event; ``full``: with every party."""
    found = matrix(view, event)
    most = 10_000 if full else _PARTIES
    accusers, accused = found.accusers[:most], found.accused[:most]
    shown = {
        party.key: [c for (_, key), own in found.cells.items() if key == party.key for c in own]
        for party in accused
    }
    cells = [c for own in shown.values() for c in own[: most if full else _CLAIMS]]
    return page(
        request,
        "events.html.j2",
        m=found,
        event=event,
        events=events(view)[:_EVENTS],
        accusers=accusers,
        accused=accused,
        shown={key: own[: most if full else _CLAIMS] for key, own in shown.items()},
        counts={key: len(own) for key, own in shown.items()},
        words=words,
        hidden=len(found.accusers) - len(accusers) + len(found.accused) - len(accused),
        seen={c.blame_id: view.seen(c.blame_id) for c in (*cells, *found.denials)},
    )
