"""What a rule hands over before attributions get ids, kinds and chains."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tocsin.extract.lexicon import Lexicon
from tocsin.extract.tokens import Quotation, Region, tidy
from tocsin.model import Span

__all__ = ["Draft", "Line", "make_draft", "pieces", "position", "subtract"]


@dataclass(slots=True)
class Line:
    """A sentence as the rules see it: its regions (outer first), neighbours by index, and its lexicon."""

    index: int
    paragraph: int
    start: int
    end: int
    lexicon: Lexicon
    regions: list[Region]
    quotes: Sequence[Quotation] = ()


@dataclass(slots=True)
class Draft:
    """A candidate attribution.

    ``implied`` says what an empty source means: ``before`` (the last one who spoke), ``author``, or a source
    kind. ``case`` is the grammatical case the source stands in, for its label.
    """

    line: int
    language: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    score: float
    rule: str
    implied: str = ""
    case: str = ""
    lemma: str = ""
    reasons: list[str] = field(default_factory=list)
    parent: Draft | None = None


def position(draft: Draft) -> tuple[Span, tuple[Span, ...]]:
    """Where a draft stands: what drafts of a document are ordered by."""
    return (draft.cue or draft.source or draft.content)[0], draft.content


def pieces(text: str, ranges: Iterable[tuple[int, int]]) -> tuple[Span, ...]:
    """Sorted, merged and tidied spans of character ranges; empty ones vanish."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if end <= start:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    spans = []
    for start, end in found:
        kept = tidy(text, start, end)
        if kept is not None and any(c.isalnum() for c in text[kept[0] : kept[1]]):
            spans.append(Span(*kept))
    return tuple(spans)


def subtract(spans: Iterable[Span], holes: Iterable[Span]) -> list[tuple[int, int]]:
    """Ranges of ``spans`` that no hole covers."""
    ranges = [(s.start, s.end) for s in spans]
    for hole in holes:
        cut = []
        for start, end in ranges:
            if hole.end <= start or hole.start >= end:
                cut.append((start, end))
                continue
            cut += [(start, hole.start), (hole.end, end)]
        ranges = [(start, end) for start, end in cut if start < end]
    return ranges


def make_draft(
    text: str,
    line: Line,
    roles: tuple[Iterable[tuple[int, int]], Iterable[tuple[int, int]], Iterable[tuple[int, int]]],
    rule: str,
    score: float,
) -> Draft | None:
    """A draft from ranges of (source, cue, content); None without content.

    Where roles overlap the cue wins over the source and both over the content, so the three never overlap.
    """
    cue = pieces(text, roles[1])
    source = pieces(text, subtract(pieces(text, roles[0]), cue))
    content = pieces(text, subtract(pieces(text, roles[2]), (*cue, *source)))
    if not content:
        return None
    return Draft(line.index, line.lexicon.language, source, cue, content, score, rule)
