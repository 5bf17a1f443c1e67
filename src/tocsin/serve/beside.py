"""Two documents side by side: an earlier version, an original, a copy or a translation."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from markupsafe import Markup

from tocsin.model import TABLES, Document, DocumentLink, Span, Spans
from tocsin.model.arrow import rows_of
from tocsin.present.differences import Difference, difference
from tocsin.present.evidence import Layer, highlight
from tocsin.serve.document import document_of, layers_of, shown_layers
from tocsin.serve.facts import documents_of
from tocsin.serve.reading import View

__all__ = ["Beside", "Counterpart", "beside", "counterparts_of", "linked_spans"]

_MOST: Final = 14
#: Links whose two texts are in one language and mostly the same words, so that a comparison of words says
#: something.
_WORDS: Final = frozenset({"forward", "copy", "near copy", "excerpt"})


@dataclass(frozen=True, slots=True)
class Counterpart:
    """A document to put beside another. ``link`` is None for another version of the same post.

    ``derived``: it derives from the one that is read; else that one derives from it.
    """

    document_id: str
    channel: str | None
    published: datetime | None
    edited: datetime | None
    language: str
    link: DocumentLink | None
    derived: bool


@dataclass(frozen=True, slots=True)
class Beside:
    """The other document, with its layers; ``stretches`` compares the words where that says something."""

    document: Document
    text: Markup
    counterpart: Counterpart | None
    stretches: tuple[Difference, ...]


def counterparts_of(view: View, document: Document) -> tuple[Counterpart, ...]:
    """Other versions of a document, then what it derives from, then what derives from it."""
    own = document.document_id
    links: list[tuple[str, DocumentLink, bool]] = []
    for name in ("document_links", "meaning_links"):
        up = rows_of(view.tables.select(name, "document_id", [own]), TABLES[name])
        links += [(row.original_id, row, False) for row in up if row.original_id]
        down = rows_of(view.tables.select(name, "original_id", [own]), TABLES[name])
        links += [(row.document_id, row, True) for row in down]
    # Of several links with one document that comes first whose words can be compared.
    links.sort(key=lambda k: (k[2], not k[1].certain, k[1].type not in _WORDS, -k[1].score, k[0]))
    links = list({key: (key, link, derived) for key, link, derived in reversed(links)}.values())[::-1]
    versions = view.tables.select("documents", "item_id", [document.item_id], old=True)
    others = sorted(v for v in versions.column("document_id").to_pylist() if v != own)
    wanted: list[tuple[str, DocumentLink | None, bool]] = [(v, None, False) for v in others]
    wanted = [*wanted, *links][:_MOST]
    facts = documents_of(view, [key for key, _, _ in wanted])
    return tuple(
        Counterpart(key, row["channel"], row["published"], row["edited"], row["language"], link, derived)
        for key, link, derived in wanted
        if (row := facts.get(key)) is not None
    )


def linked_spans(counterpart: Counterpart | None, *, other: bool) -> Spans:
    """The words that the link of two documents rests on, in the one read or in the ``other``."""
    if counterpart is None or counterpart.link is None:
        return ()
    of_derived = counterpart.derived == other
    return counterpart.link.evidence if of_derived else counterpart.link.original_evidence


def beside(
    view: View, document: Document, other_id: str, known: tuple[Counterpart, ...], chosen: frozenset[str]
) -> Beside:
    """The other document beside ``document``. Raises NoSuchFindingError."""
    other = document_of(view, other_id)
    counterpart = next((c for c in known if c.document_id == other_id), None)
    layers = shown_layers(layers_of(view, other_id), chosen)
    layers += [Layer("linked", span) for span in linked_spans(counterpart, other=True) if len(span)]
    same_words = counterpart is not None and (counterpart.link is None or counterpart.link.type in _WORDS)
    original, copy = (
        (document.text, other.text) if counterpart and counterpart.derived else (other.text, document.text)
    )
    return Beside(
        document=other,
        text=highlight(other.text, Span(0, len(other.text)), layers) if other.text else Markup(""),
        counterpart=counterpart,
        stretches=difference(original, copy) if same_words and original and copy else (),
    )
