"""What the source chunkers of all languages share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tocsin.extract.tokens import QUOTE, Region

__all__ = ["BREAKS", "DASHES", "LONGEST", "STOPS", "Subject", "opening_comma"]

#: Tokens no name of a source runs over.
STOPS: Final = frozenset({".", "!", "?", "…", ";", ":", "—", "–", "−", "(", ")", QUOTE})
DASHES: Final = frozenset({"—", "–", "−", "-", "‐"})
BREAKS: Final = STOPS | {",", "-"}
#: Tokens of the longest name of a source.
LONGEST: Final = 24


@dataclass(frozen=True, slots=True)
class Subject:
    """A source before its verb: its tokens, and where its clause begins (what is before may be content)."""

    start: int
    end: int
    clause: int


def opening_comma(region: Region, comma: int) -> int | None:
    """The comma that opens the phrase closed by the one at ``comma``; None when there is none near."""
    words = region.words
    for index in range(comma - 1, max(-1, comma - 18), -1):
        if words[index] in STOPS:
            return None
        if words[index] == ",":
            return index if index > 0 else None
    return None
