"""One claim: what it says, what people made of it, and every act there is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from tocsin.errors import NoSuchFindingError
from tocsin.judge.ach import LEVELS, boards_of
from tocsin.serve.access import Guarded, needs
from tocsin.serve.claim_list import cards_for
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.log_list import lines_of
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("/claims/{claim_id}")
@needs(Role.READER)
def claim(request: Request, claim_id: Id, view: CaseNow) -> Response:
    """One claim with its history and the forms that judge it."""
    found = view.tables.query("SELECT document_id FROM claims WHERE claim_id = ?", [claim_id])
    if not found.num_rows:
        raise NoSuchFindingError(f"the case has no claim {claim_id}")
    (card,) = cards_for(view, [(claim_id, found.column(0)[0].as_py())], context=600)
    entries = [e for e in view.attached.log if e.finding_id == claim_id]
    return page(
        request,
        "claim.html.j2",
        card=card,
        seen=view.seen(claim_id),
        lines=lines_of(view, entries[::-1]),
        boards=boards_of(view.raw_log),
        levels=LEVELS,
    )
