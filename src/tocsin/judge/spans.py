"""Corrections of spans: which words of its document a finding ought to consist of.

The ``detail`` of such a judgement is JSON: ``spans`` (code points of the document, sorted, disjoint) and
``words``, the quotation they stand for, so that the log reads by itself. Any other detail of a correction is
the analyst's own words and means no spans.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.errors import UsageError
from tocsin.model import Span, Spans, quote

__all__ = ["Correction", "correction_detail", "find_words", "read_correction"]

_PREFIX: Final = '{"spans"'
_GAP: Final = " … "


@dataclass(frozen=True, slots=True)
class Correction:
    """The spans a finding ought to have, and their words."""

    spans: Spans
    words: str


def correction_detail(text: str, spans: Spans) -> str:
    """The detail of a judgement that corrects a finding to ``spans`` of ``text``.

    Raises UsageError for no spans, or spans outside the text.
    """
    if not spans or spans[0].start < 0 or spans[-1].end > len(text):
        raise UsageError("the correction marks no words of the document")
    found = {"spans": [[s.start, s.end] for s in spans], "words": quote(spans, text)}
    return json.dumps(found, ensure_ascii=False)


def read_correction(detail: str) -> Correction | None:
    """The correction a detail holds; None for words of the analyst's own."""
    if not detail.startswith(_PREFIX):
        return None
    try:
        found = json.loads(detail)
        return Correction(tuple(Span(start, end) for start, end in found["spans"]), str(found["words"]))
    except (ValueError, KeyError, TypeError):
        return None


def find_words(text: str, words: str, near: int = 0) -> Spans:
    """Where ``words`` (pieces parted by « … ») stand in ``text``, nearest to ``near``.

    White space counts as equal, whatever it is. Raises UsageError when they do not stand there.
    """
    pieces = [piece.split() for piece in words.split(_GAP) if piece.strip()]
    if not pieces:
        raise UsageError(
            "the correction has no words", remedy="Select or copy the right words of the document"
        )
    places = _places(text, pieces[0])
    best: tuple[int, Spans] | None = None
    for first in places:
        spans = _rest(text, first, pieces[1:])
        if spans and (best is None or abs(first.start - near) < best[0]):
            best = (abs(first.start - near), spans)
    if best is None:
        raise UsageError(
            "these words do not stand in the document", remedy="Select or copy them from its text exactly"
        )
    return best[1]


def _places(text: str, tokens: Sequence[str]) -> list[Span]:
    found, at = [], text.find(tokens[0])
    while at >= 0:
        end = _match(text, at, tokens)
        if end:
            found.append(Span(at, end))
        at = text.find(tokens[0], at + 1)
    return found


def _match(text: str, at: int, tokens: Sequence[str]) -> int:
    """The end of the tokens at ``at``, with any white space between them; 0 if they are not there."""
    for number, token in enumerate(tokens):
        if number:
            before = at
            while at < len(text) and text[at].isspace():
                at += 1
            if at == before:
                return 0
        if not text.startswith(token, at):
            return 0
        at += len(token)
    return at


def _rest(text: str, first: Span, pieces: Sequence[Sequence[str]]) -> Spans:
    spans = [first]
    for piece in pieces:
        later = [s for s in _places(text, piece) if s.start >= spans[-1].end]
        if not later:
            return ()
        spans.append(later[0])
    return tuple(spans)
