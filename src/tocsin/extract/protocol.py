"""The seam between rules now and a trained model later."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from tocsin.model import Attribution, Document, Sentence

__all__ = ["AttributionExtractor"]


class AttributionExtractor(Protocol):
    """Finds who says what in one document.

    ``method`` names the method and its version; it is part of every id. ``extract`` is pure and
    deterministic, never raises for any text, and every span it gives quotes the document verbatim without
    surrounding white space; the spans of source, cue and content of one attribution do not overlap.
    """

    method: str

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions of a document, ordered by where they begin."""
        ...
