"""The reader: one document, verbatim, with what was found in it marked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from tocsin.serve.access import Guarded, needs
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.document import LAYERS, document_page, spans_of
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


@router.get("/documents/{document_id}")
@needs(Role.READER)
def reader(request: Request, document_id: Id, view: CaseNow, layers: str = "") -> Response:
    """One document; ``layers`` names the layers to mark, separated by commas (all without it)."""
    shown = document_page(view, document_id, frozenset(layers.split(",")) if layers else None)
    seen = {card.claim_id: view.seen(card.claim_id) for card in shown.cards}
    return page(request, "reader.html.j2", shown=shown, seen=seen, layers=LAYERS, spans=spans_of(view, seen))
