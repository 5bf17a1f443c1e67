"""Tokens of a sentence, quotations of a paragraph, and the regions rules work in.

A speech quotation is opaque to what surrounds it: in the outer region it is one token, and its inside is a
region of its own. So «X said: “Y told me that …”» is read twice, and the inner reading nests in the outer by
its span.
Markup (``**``, ``_``), emoji and link targets make no tokens; spans simply run over them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["QUOTE", "Quotation", "Region", "quotations", "regions", "tidy"]

#: The word that stands for a whole speech quotation in its outer region.
QUOTE: Final = "\ufffc"

_TOKEN: Final = re.compile(
    r"\]\([^()\s]*\)|https?://[^\s()\[\]«»“”\"]+"  # links: no token
    r"|(?:[A-Za-z]\.){2,}"  # U.S.
    r"|[A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ]\.(?=[ \u00a0]?[A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ])"  # initials
    r"|(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Col|Sgt|St|Prof|Jr)\.(?=[ \u00a0])"
    r"|\d+(?:[.,:]\d+)*|[^\W_]+(?:[’'ʼ‑.-][^\W_]+)*|''|[.,:;!?…—–−‐«»“”„\"()-]+?"
)
_SKIP: Final = ("](", "http")
_MARKS: Final = re.compile("[«»“”„\"]|''")
_OPEN_TO_CLOSE: Final = {"«": "»", "“": "”", "„": "“”"}
_SAID_AFTER: Final = re.compile(r"[*_]*,[*_\s]*[—–-]")
_APOSTROPHES: Final = str.maketrans("’ʼ`", "'''")
_EDGE: Final = " \t\n\r\xa0,;:—–−‐*_~`|[]\u200b\u200c\u200d\u2060\ufeff\ufe0f\u00ad"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its marks, code points of the text; ``speech`` if it looks like words said."""

    start: int
    end: int
    inner_start: int
    inner_end: int
    speech: bool


@dataclass(slots=True)
class Region:
    """A stretch of one sentence as parallel lists: lower-case words, their starts and ends.

    ``quotes`` maps the index of a QUOTE token to its quotation (which may run beyond the sentence).
    """

    text: str
    start: int
    end: int
    words: list[str]
    starts: list[int]
    ends: list[int]
    quotes: dict[int, Quotation]
    inside: Quotation | None = None

    def __len__(self) -> int:
        return len(self.words)

    def raw(self, index: int) -> str:
        """The token as written."""
        return self.text[self.starts[index] : self.ends[index]]

    def capital(self, index: int) -> bool:
        """Whether the token begins with a capital letter."""
        return self.text[self.starts[index]].isupper()


def quotations(text: str, start: int, end: int) -> list[Quotation]:
    """Outermost quotations of one paragraph, in order.

    An opening mark without its partner quotes to the end of the paragraph if it is an oriented one and what
    follows is long enough to be speech (the English custom for speech over several paragraphs); a straight
    one is ignored. Marks are never matched across paragraphs, so one stray mark spoils one line at most.
    """
    marks = [(m.start(), m.group()) for m in _MARKS.finditer(text, start, end)]
    found: list[Quotation] = []
    index = 0
    while index < len(marks):
        at, mark = marks[index]
        close = _partner(text, marks, index, end)
        if close is None:
            if mark in _OPEN_TO_CLOSE and end - at > 40 and (at == start or text[at - 1] in " \n(—–-"):
                found.append(_quotation(text, at, end, len(mark), 0))
                break
            index += 1
            continue
        stop, partner = marks[close]
        found.append(_quotation(text, at, stop + len(partner), len(mark), len(partner)))
        index = close + 1
    return found


def _partner(text: str, marks: Sequence[tuple[int, str]], index: int, end: int) -> int | None:
    at, mark = marks[index]
    closers = _OPEN_TO_CLOSE.get(mark)
    if closers is None:
        if mark in "»”":
            return None
        # Straight marks: an opening one has no space after it, its partner none before it.
        after = at + len(mark)
        if after >= end or text[after].isspace():
            return None
        for later in range(index + 1, len(marks)):
            if marks[later][1] == mark and not text[marks[later][0] - 1].isspace():
                return later
        return None
    depth = 0
    for later in range(index + 1, len(marks)):
        other = marks[later][1]
        if other == mark:
            depth += 1
        elif other in closers:
            if depth == 0:
                return later
            depth -= 1
    # «… «…» … with one mark missing: take the nearest.
    return next((n for n in range(index + 1, len(marks)) if marks[n][1] in closers), None)


def _quotation(text: str, start: int, end: int, left: int, right: int) -> Quotation:
    inner_start, inner_end = start + left, end - right
    inner = text[inner_start:inner_end]
    count = len(inner.split())
    stops = inner.rstrip(" *_")[-1:] in (".", "!", "?", "…", ",")
    speech = count >= 5 or (count >= 2 and (stops or _SAID_AFTER.match(text, end) is not None))
    return Quotation(start, end, inner_start, inner_end, speech)


def regions(text: str, start: int, end: int, quotes: Sequence[Quotation]) -> list[Region]:
    """The regions of a sentence: what is outside speech first, then the inside of each speech quotation."""
    speech = []
    # Quotations of a paragraph are in order and apart: the first that reaches in is found by bisection.
    for index in range(bisect_right(quotes, start, key=lambda q: q.end), len(quotes)):
        if quotes[index].start >= end:
            break
        if quotes[index].speech:
            speech.append(quotes[index])
    outer = _region(text, start, end, speech)
    inner = [
        _region(text, max(start, q.inner_start), min(end, q.inner_end), (), q)
        for q in speech
        if max(start, q.inner_start) < min(end, q.inner_end)
    ]
    return [outer, *inner]


def _region(
    text: str, start: int, end: int, speech: Sequence[Quotation], inside: Quotation | None = None
) -> Region:
    words: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    quotes: dict[int, Quotation] = {}
    pending = list(speech)
    at = start
    while True:
        limit = min(end, max(at, pending[0].start)) if pending else end
        for match in _TOKEN.finditer(text, at, limit):
            token = match.group()
            if token.startswith(_SKIP):
                continue
            words.append(token.lower().translate(_APOSTROPHES))
            starts.append(match.start())
            ends.append(match.end())
        if not pending or pending[0].start >= end:
            break
        quote = pending.pop(0)
        quotes[len(words)] = quote
        words.append(QUOTE)
        starts.append(max(start, quote.start))
        ends.append(min(end, quote.end))
        at = min(end, quote.end)
    return Region(text, start, end, words, starts, ends, quotes, inside)


def tidy(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A span without white space, separating punctuation and markup at its ends; None if nothing is left.

    A full stop goes too unless it belongs to the last word («U.S.», «г.»); a quotation mark stays when its
    partner is inside.
    """
    while start < end and (text[start] in _EDGE or text[start].isspace() or text[start] in ".!?…)»”"):
        start += 1
    while end > start and (text[end - 1] in _EDGE or text[end - 1].isspace()):
        end -= 1
    while end > start and text[end - 1] in ".…" and not _abbreviated(text, start, end):
        end -= 1
        while end > start and (text[end - 1] in _EDGE or text[end - 1].isspace()):
            end -= 1
    return (start, end) if start < end else None


def _abbreviated(text: str, start: int, end: int) -> bool:
    """Whether the dot at the end belongs to its word: U.S., J. (a name's initial), г. after a number."""
    return end - 3 >= start and text[end - 3] in ". " and text[end - 2].isalpha() and text[end - 1] == "."
