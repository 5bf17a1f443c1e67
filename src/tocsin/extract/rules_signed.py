"""Signatures on a line of their own: below what was said «— Анна Лугова», or a name alone after «…, —».

Posts and pages copied from the web break lines where a name is a link.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from tocsin.extract.chunks import is_verb
from tocsin.extract.drafts import Draft, Line
from tocsin.extract.rules_layout import marked_draft
from tocsin.extract.sources import plausible_source
from tocsin.extract.tokens import QUOTE

__all__ = ["signed_drafts"]

_DASHES: Final = frozenset({"—", "–", "−", "-"})
_ENDS: Final = frozenset({".", "!", "…"})
_LONGEST: Final = 9
_LEAST: Final = 4  # words of what is signed, where it has no quotation
_APART: Final = 12  # code points between what is signed and the signature: breaks, blanks, marks


def signed_drafts(text: str, lines: Sequence[Line]) -> Iterator[Draft]:
    """A draft for each line that is nothing but a signature of the line before it."""
    for at, (said, below) in enumerate(pairwise(lines)):
        if not _below(text[said.end : below.start]) or _lists(lines, at):
            continue
        own, region = said.regions[0].words, below.regions[0]
        start = 0
        while start < min(2, len(region)) and region.words[start] in _DASHES | {","}:
            start += 1
        end = len(region)
        while end > start and region.words[end - 1] in _ENDS:
            end -= 1
        broken = bool(own) and own[-1] in _DASHES
        if not (start and region.words[start - 1] in _DASHES) and not (broken and start == 0):
            continue
        if not 0 < end - start <= _LONGEST or not _states(said):
            continue
        closed = [w for w in own if w not in _DASHES][-1:]
        signed = broken or "," in region.words[:start] or closed in ([","], [QUOTE])
        if plausible_source(region, start, end, below.lexicon, signed):
            draft = _draft(text, said, below, (start, end))
            if draft is not None:
                yield draft


def _below(between: str) -> bool:
    """Whether what stands between two lines is a line break and no words."""
    return "\n" in between and len(between) <= _APART and not any(map(str.isalnum, between))


def _lists(lines: Sequence[Line], at: int) -> bool:
    """Whether the lines about a signature begin with dashes as well: a list of names signs nothing."""
    around = [lines[at], *lines[at + 2 : at + 3]]
    return any(line.regions[0].words[:1] and line.regions[0].words[0] in _DASHES for line in around)


def _states(said: Line) -> bool:
    """Whether a line says something: a quotation, or words with a verb; no heading before a colon."""
    region = said.regions[0]
    words = [w for w in region.words if w[:1].isalnum() or w == QUOTE]
    if not words or ":" in region.words[-2:]:
        return False
    if words[-1] == QUOTE or region.words[-1] in {"»", "”"}:
        return True
    if said.lexicon.language in {"ru", "uk"}:
        return len(words) >= _LEAST and any(is_verb(w, said.lexicon.language) for w in words)
    return len(words) >= _LEAST


def _draft(text: str, said: Line, below: Line, name: tuple[int, int]) -> Draft | None:
    """The signature as the source, its dash as the cue, the line before as the content."""
    own, region = said.regions[0], below.regions[0]
    dash = next((n for n in range(name[0]) if region.words[n] in _DASHES), None)
    cue = (own.starts[-1], own.ends[-1]) if dash is None else (region.starts[dash], region.ends[dash])
    last = len(own) - 1
    while last and own.words[last] in _DASHES | {","}:
        last -= 1
    quote = own.quotes.get(last)
    content = (own.starts[0], quote.end if quote else own.ends[last])
    source = (region.starts[name[0]], region.ends[name[1] - 1])
    return marked_draft(text, said, source, [cue], [content], "layout: signature below")
