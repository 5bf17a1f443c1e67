"""The reader: one document, verbatim, with what was found in it marked."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from pydantic import Field

from tocsin.present.evidence import Layer
from tocsin.serve.access import Guarded, needs
from tocsin.serve.beside import beside, counterparts_of, linked_spans
from tocsin.serve.dependencies import CaseNow
from tocsin.serve.document import LAYERS, document_of, document_page, spans_of
from tocsin.serve.filters import AS_QUERY, Listed
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role
from tocsin.serve.wording import TECHNIQUES, wording_of

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]


class ReaderFilters(Listed):
    """What the reader marks, and which document stands beside."""

    layers: Annotated[
        str, Field(max_length=200, description="layers to mark, parted by commas; empty: all")
    ] = ""
    layer: Annotated[tuple[str, ...], Field(max_length=20, description="the same, one by one")] = ()
    chosen: Annotated[bool, Field(description="mark no layer unless it is named")] = False
    beside: Annotated[str | None, Field(pattern="^[0-9a-f]{32}$", description="document to show beside")] = (
        None
    )

    wording: Annotated[bool, Field(description="mark wording that persuasion research names")] = False

    def wanted(self) -> frozenset[str] | None:
        """The layers to mark, None for all."""
        named = frozenset(self.layers.split(",") if self.layers else self.layer)
        return named if named or self.chosen else None


@router.get("/documents/{document_id}")
@needs(Role.READER)
def reader(
    request: Request, document_id: Id, view: CaseNow, filters: Annotated[ReaderFilters, AS_QUERY]
) -> Response:
    """One document, alone or beside its original, copy, translation or other version."""
    document = document_of(view, document_id)
    known = counterparts_of(view, document)
    wanted = filters.wanted()
    marked = frozenset(LAYERS) if wanted is None else wanted
    other = beside(view, document, filters.beside, known, marked) if filters.beside else None
    linked = linked_spans(other.counterpart, other=False) if other else ()
    wording = wording_of(document.text) if filters.wording else None
    worded = [Layer("wording", span) for span in wording.spans] if wording else []
    shown = document_page(view, document_id, wanted, [*(Layer("linked", s) for s in linked), *worded])
    seen = {card.claim_id: view.seen(card.claim_id) for card in shown.cards}
    return page(
        request,
        "reader.html.j2",
        shown=shown,
        other=other,
        counterparts=known,
        chosen={"layer": sorted(shown.layers), "chosen": "true"} if wanted is not None else {},
        seen=seen,
        layers=LAYERS,
        wording=wording,
        techniques=TECHNIQUES,
        spans=spans_of(view, seen),
    )
