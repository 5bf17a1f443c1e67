"""What a network found, handed to the functions that make attributions of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.lexicon import lexicon, lexicon_language
from tocsin.extract.tokens import quotations, regions
from tocsin.model import Sentence

__all__ = ["Spoken", "draft_of", "lines_of"]


def lines_of(text: str, sentences: Sequence[Sentence]) -> list[Line]:
    """Sentences as the chain functions want them; a language without word lists borrows the English ones."""
    found: list[Line] = []
    for _, paragraph in groupby(sentences, key=lambda s: s.paragraph):
        group = list(paragraph)
        quotes = quotations(text, group[0].start, group[-1].end)
        for s in group:
            parts = regions(text, s.start, s.end, quotes)
            lex = lexicon(lexicon_language(s.language) or "en")
            found.append(Line(len(found), s.paragraph, s.start, s.end, lex, parts, quotes))
    return found


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a network found, as half-open code points of the document."""

    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    content: list[tuple[int, int]]
    score: float


def draft_of(text: str, lines: Sequence[Line], spoken: Spoken) -> Draft | None:
    """A draft for the chain functions; None where nothing but signs is left of the content."""
    starts = np.array([line.start for line in lines])
    line = lines[max(0, int(np.searchsorted(starts, spoken.cue[0][0], side="right")) - 1)]
    roles = (spoken.source, spoken.cue, spoken.content)
    draft = make_draft(text, line, roles, "network", spoken.score)
    if draft is not None and not draft.source:
        draft.implied = "before"
    return draft
