"""One document with the layers of what was found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from markupsafe import Markup

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES, Document, Span
from tocsin.model.arrow import rows_of
from tocsin.present.cards import Card
from tocsin.present.evidence import Layer, highlight
from tocsin.serve.claim_list import cards_for
from tocsin.serve.i18n import N_
from tocsin.serve.reading import View

__all__ = [
    "LAYERS",
    "DocumentPage",
    "anchored",
    "document_of",
    "document_page",
    "layers_of",
    "shown_layers",
    "spans_of",
]

#: The layers that can be marked, and what they are called.
LAYERS: Final[dict[str, str]] = {
    "content": N_("what is claimed"),
    "source": N_("whose word it is"),
    "cue": N_("words that hand over to the source"),
    "hedge": N_("words that make it less than certain"),
    "kind": N_("words of forecast, blame, advice or opinion"),
    "time": N_("times"),
    "place": N_("places"),
    "quantity": N_("figures"),
    "name": N_("names"),
}
_MENTIONS: Final = (("times", "time"), ("places", "place"), ("quantities", "quantity"), ("names", "name"))
_SHOWN_CLAIMS: Final = 60
_AT: Final = re.compile(r'data-at="(\d+)"')


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """What the reader shows. ``text`` is safe HTML; ``current`` is the id of the version that counts now."""

    document: Document
    text: Markup
    layers: frozenset[str]
    counts: dict[str, int]
    cards: tuple[Card, ...]
    claims: int
    current: str
    story: str | None


def document_of(view: View, document_id: str) -> Document:
    """One document, old versions included; raises NoSuchFindingError."""
    found = _all(view, "documents", document_id)
    if not found:
        raise NoSuchFindingError(f"the case has no document {document_id}")
    document: Document = found[0]
    return document


def _all(view: View, name: str, document_id: str) -> list[Any]:
    return list(rows_of(view.tables.of_documents(name, [document_id]), TABLES[name]))


def layers_of(view: View, document_id: str) -> list[Layer]:
    """Every span found in a document, by layer."""
    made: list[Layer] = []

    def add(name: str, spans: Iterable[Span]) -> None:
        made.extend(Layer(name, span) for span in spans if len(span))

    for claim in _all(view, "claims", document_id):
        add("content", claim.content)
        add("hedge", claim.hedges)
        add("kind", claim.kind_evidence)
    for attribution in _all(view, "attributions", document_id):
        add("source", attribution.source)
        add("cue", attribution.cue)
    for table, name in _MENTIONS:
        add(name, (Span(row.start, row.end) for row in _all(view, table, document_id)))
    return made


def anchored(text: Markup) -> Markup:
    """Highlighted text whose marks can be linked to: ``#at-N`` is the one that begins at code point N."""
    # The pattern stands in no text of the input: there quotation marks are escaped.
    return Markup(_AT.sub(r'data-at="\1" id="at-\1"', str(text)))  # noqa: S704  digits of our own


def spans_of(view: View, claim_ids: Iterable[str]) -> dict[str, str]:
    """Where claims stand in their documents, as ``start-end`` parted by blanks."""
    rows = view.tables.select("claims", "claim_id", claim_ids).select(["claim_id", "content"]).to_pylist()
    return {r["claim_id"]: " ".join(f"{s['start']}-{s['end']}" for s in r["content"]) for r in rows}


def shown_layers(layers: Iterable[Layer], chosen: frozenset[str]) -> list[Layer]:
    """All layers, those not chosen under a name without a style: a script can switch them on again."""
    return [layer if layer.name in chosen else Layer(f"off-{layer.name}", layer.span) for layer in layers]


def document_page(
    view: View, document_id: str, wanted: frozenset[str] | None = None, more: Iterable[Layer] = ()
) -> DocumentPage:
    """A document for the reader, with the ``wanted`` layers marked (all without them).

    ``more`` is marked too: words on which a link to the document beside it rests, and the like. Raises
    NoSuchFindingError.
    """
    document = document_of(view, document_id)
    layers = layers_of(view, document_id)
    chosen = frozenset(LAYERS) if wanted is None else wanted & LAYERS.keys()
    text = document.text
    marked = shown_layers(layers, chosen)
    marked += [layer for layer in more if len(layer.span)]
    claims = view.tables.of_documents("claims", [document_id]).column("claim_id")
    ids = [(claim, document_id) for claim in claims.to_pylist()]
    story = view.tables.select("story_documents", "document_id", [document_id]).column("story_id")
    return DocumentPage(
        document=document,
        text=anchored(highlight(text, Span(0, len(text)), marked)) if text else Markup(""),
        layers=chosen,
        counts={name: sum(layer.name == name for layer in layers) for name in LAYERS},
        cards=tuple(cards_for(view, ids[:_SHOWN_CLAIMS])),
        claims=len(ids),
        current=view.tables.current_of(document_id) or document_id,
        story=story[0].as_py() if len(story) else None,
    )
