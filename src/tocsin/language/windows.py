"""Documents cut into windows the core reads in one pass: whole paragraphs where they fit, else sentences.

A window is the unit of computation: it is read alone, so what the core says of it depends on nothing else,
neither on the batch nor on the order of documents.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.pieces import BEGIN, END, Pieces, PieceTable
from tocsin.language.wordshapes import cut_words, shapes

__all__ = ["ROOM", "Window", "unmarked", "windows"]

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

#: Pieces of a window, marks included. Twice as many cost a tenth more per piece and gain nothing measured.
ROOM: Final = 256
_MARKUP: Final = re.compile(
    r"\*\*+|(?<!_)__(?!_)|\[(?=[^\[\]\n]{1,300}\]\(https?://[^()\s]*\))|\]\(https?://[^()\s]*\)"
)
#: Pieces kept of a link: a word needs one, and the first two tell that it is a link.
_OF_A_LINK: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Pieces and words of consecutive sentences of one document.

    ``ids`` (p,) piece ids with a mark at the begin and after each paragraph; ``sentence_of`` (p,) the
    sentence each piece belongs to, -1 for a mark. ``words`` n strings; word i shares characters with the
    pieces ``first[i]`` to ``last[i]`` exclusive, at least one; ``starts`` and ``ends`` (n,) are their code
    points in the document; ``sentence`` and ``paragraph`` (n,) number them within the window; ``shapes`` is
    (n, len(SHAPES)). ``sentences`` are the rows of the sentences given that lie in the window, in order (a
    sentence longer than a window appears in several).
    """

    ids: Integers
    sentence_of: Integers
    words: list[str]
    first: Integers
    last: Integers
    starts: Integers
    ends: Integers
    sentence: Integers
    paragraph: Integers
    shapes: Floats
    sentences: list[int]

    def __len__(self) -> int:
        return len(self.words)


@dataclass(frozen=True, slots=True, eq=False)
class _Sentence:
    """One sentence, or a part of one too long: its row, paragraph, pieces and words in document offsets."""

    row: int
    paragraph: int
    ids: list[int]
    starts: list[int]
    ends: list[int]
    words: list[tuple[int, int]]


def windows(
    text: str, sentences: Sequence[tuple[int, int, int]], table: PieceTable, room: int = ROOM
) -> list[Window]:
    """Windows of a document, in order; ``sentences`` are ``(paragraph, start, end)``, in order.

    Every sentence with a word is in exactly one window, or in consecutive ones if it alone exceeds ``room``.
    Markup is read as blanks (``unmarked``).
    """
    text = unmarked(text)
    found: list[Window] = []
    group: list[_Sentence] = []
    size = 1
    parts = [part for row, s in enumerate(sentences) for part in _parts(text, row, s, table, room)]
    sizes: dict[int, int] = {}
    for part in parts:
        sizes[part.paragraph] = sizes.get(part.paragraph, 1) + len(part.ids)
    for part in parts:
        new = not group or group[-1].paragraph != part.paragraph
        whole = sizes[part.paragraph] if new else len(part.ids)
        # A paragraph is kept whole where it can be; one that never fits begins where there is room.
        full = size + len(part.ids) + new > room or (new and size + whole > room and whole < room)
        if group and full:
            found.append(_window(text, group))
            group, size, new = [], 1, True
        group.append(part)
        size += len(part.ids) + new
    if group:
        found.append(_window(text, group))
    return found


def unmarked(text: str) -> str:
    """The text with blanks where markup stands (``**``, ``__``, what makes words a link), as long as before.

    Exports of channels keep it; the core was taught plain text, in which «**сообщил» is no word. A line of
    underscores parts what stands above from what stands below: it stays.
    """
    if "**" not in text and "__" not in text and "](" not in text:
        return text
    return _MARKUP.sub(lambda match: " " * len(match[0]), text)


def _parts(
    text: str, row: int, sentence: tuple[int, int, int], table: PieceTable, room: int
) -> list[_Sentence]:
    paragraph, start, end = sentence
    words = [(start + a, start + b) for a, b in cut_words(text[start:end])]
    if not words:
        return []
    ids, starts, ends = table.cut(text[start:end])
    if "://" in text[start:end]:
        links = [(a - start, b - start) for a, b in words if "://" in text[a:b]]
        ids, starts, ends = _shortened((ids, starts, ends), links)
    starts, ends = [start + a for a in starts], [start + b for b in ends]
    limit = room - 2
    found = []
    for at in range(0, len(ids), limit):
        upto = at + limit
        low = starts[at] if at else start
        high = starts[upto] if upto < len(ids) else end
        own = [w for w in words if low <= w[0] < high or (not at and w[0] < low)]
        found.append(_Sentence(row, paragraph, ids[at:upto], starts[at:upto], ends[at:upto], own))
    return found


def _shortened(pieces: Pieces, links: Sequence[tuple[int, int]]) -> Pieces:
    """Pieces without most of those of links: they were a fifth of all that posts have, and say nothing."""
    dropped: set[int] = set()
    at = 0
    for first, last in links:
        own = []
        while at < len(pieces[0]) and pieces[1][at] < last:
            if pieces[1][at] >= first and pieces[2][at] <= last:
                own.append(at)
            at += 1
        dropped.update(own[_OF_A_LINK:])
    ids, starts, ends = ([n for k, n in enumerate(part) if k not in dropped] for part in pieces)
    return ids, starts, ends


def _window(text: str, group: Sequence[_Sentence]) -> Window:
    ids, of = [BEGIN], [-1]
    rows: list[int] = []
    columns: dict[str, list[Integers]] = {k: [] for k in ("span", "piece", "sentence", "paragraph")}
    at_paragraph = 0
    for i, part in enumerate(group):
        if not rows or rows[-1] != part.row:
            rows.append(part.row)
        span = np.array(part.words, dtype=np.int64).reshape(-1, 2)
        columns["span"].append(span)
        columns["piece"].append(_pieces_of(part, span) + len(ids))
        columns["sentence"].append(np.full(len(span), len(rows) - 1))
        columns["paragraph"].append(np.full(len(span), at_paragraph))
        ids += part.ids
        of += [len(rows) - 1] * len(part.ids)
        if i + 1 == len(group) or group[i + 1].paragraph != part.paragraph:
            ids.append(END)
            of.append(-1)
            at_paragraph += 1
    span, piece, sentence, paragraph = (np.concatenate(columns[k]) for k in columns)
    words = [text[a:b] for a, b in span.tolist()]
    return Window(
        np.array(ids, dtype=np.int64),
        np.array(of, dtype=np.int64),
        words,
        piece[:, 0],
        piece[:, 1],
        span[:, 0],
        span[:, 1],
        sentence,
        paragraph,
        shapes(words, span, sentence, paragraph),
        rows,
    )


def _pieces_of(part: _Sentence, span: Integers) -> Integers:
    """First and last (exclusive) piece of each word, (n, 2)."""
    first = np.searchsorted(part.ends, span[:, 0], side="right")
    last = np.searchsorted(part.starts, span[:, 1], side="left")
    first = np.minimum(first, len(part.ids) - 1)
    found: Integers = np.stack([first, np.maximum(last, first + 1)], axis=1)
    return found
