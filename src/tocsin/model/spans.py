"""Character spans: the address of every piece of evidence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["Span", "Spans", "covers", "hull", "overlaps", "quote"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range ``[start, end)`` of a document's text; the unit is Unicode code points, not bytes.

    Raises ValueError unless ``0 <= start < end``: an empty span quotes nothing.
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"not a span: [{self.start}, {self.end})")

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The words this span quotes from ``text``."""
        return text[self.start : self.end]

    def shift(self, offset: int) -> Span:
        """The same span in a text that begins ``offset`` code points earlier."""
        return Span(self.start + offset, self.end + offset)


#: A discontinuous span: sorted, non-overlapping.
Spans = tuple[Span, ...]


def hull(spans: Iterable[Span]) -> Span | None:
    """The smallest single span that covers all ``spans``; None when there is none."""
    items = list(spans)
    if not items:
        return None
    return Span(min(s.start for s in items), max(s.end for s in items))


def quote(spans: Iterable[Span], text: str, gap: str = " … ") -> str:
    """The words of a discontinuous span, pieces joined by ``gap``."""
    return gap.join(span.of(text) for span in spans)


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share at least one code point."""
    return one.start < other.end and other.start < one.end


def covers(outer: Span, inner: Span) -> bool:
    """Whether ``inner`` lies wholly in ``outer``."""
    return outer.start <= inner.start and inner.end <= outer.end
