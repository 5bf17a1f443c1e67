"""What the verb rules hand each other: one verb in its region, and what follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tocsin.extract.drafts import Line
from tocsin.extract.lexicon import Verb
from tocsin.extract.tokens import QUOTE, Region

__all__ = ["DASHES", "ENDS", "PAUSES", "After", "Context", "Ranges"]

DASHES: Final = frozenset({"—", "–", "−", "-"})
PAUSES: Final = frozenset({",", QUOTE}) | DASHES
ENDS: Final = frozenset({".", "!", "?", "…", ";", ")"})

Ranges = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class After:
    """What follows a verb: colon, quote, that, about, object, bare or end; and where its content starts."""

    kind: str
    start: int


@dataclass(frozen=True, slots=True)
class Context:
    """A cue verb at a token of a region."""

    text: str
    line: Line
    region: Region
    index: int
    verb: Verb

    def span(self, start: int, end: int) -> tuple[int, int]:
        return (self.region.starts[start], self.region.ends[end - 1])

    def words(self, name: str) -> frozenset[str]:
        return self.line.lexicon.words(name)
