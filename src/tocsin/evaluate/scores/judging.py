"""Warnings and blame: is what is foretold, or who is blamed, found with its words, its end and its speaker?

Rules of our own (``training/annotated_judgement/RULES.md``): nothing published scores them. Stretches are
compared as sets of words. A warning or blame is found if it has at least half of the words that either has in
common with the annotation, and the same stance; each is paired with at most one, the best one first. Of a
pair two things are asked more: whether the last day is right (or the open end), and who.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

__all__ = ["SAME", "Told", "paired", "same_last_day", "same_speaker", "word_starts"]

_WORD: Final = re.compile(r"\w+")
#: Share of words, of those that either has, from which on two stretches are the same.
SAME: Final = 0.5


@dataclass(frozen=True, slots=True)
class Told:
    """One warning or blame: starts of the words that count and of those that name the speaker.

    ``stance`` is empty for warnings; ``last_day`` is a date of ISO 8601, None for an open end and for blame.
    """

    words: frozenset[int]
    who: frozenset[int]
    stance: str = ""
    last_day: str | None = None


def word_starts(text: str, spans: Iterable[Sequence[int]]) -> frozenset[int]:
    """Where the words start that the spans (half-open code points) touch."""
    ranges = list(spans)
    return frozenset(
        m.start() for m in _WORD.finditer(text) if any(m.start() < e and s < m.end() for s, e in ranges)
    )


def _share(gold: Told, found: Told) -> float:
    either = gold.words | found.words
    return len(gold.words & found.words) / len(either) if either else 0.0


def paired(gold: Sequence[Told], found: Sequence[Told]) -> list[tuple[int, int]]:
    """Indices of annotations and answers that are the same thing: in order, each once, best first."""
    free = list(range(len(found)))
    pairs = []
    for at, own in enumerate(gold):
        near = [j for j in free if _share(own, found[j]) >= SAME and found[j].stance == own.stance]
        if near:
            best = max(near, key=lambda j: (_share(own, found[j]), -j))
            free.remove(best)
            pairs.append((at, best))
    return pairs


def same_last_day(gold: Told, found: Told) -> bool:
    """Whether both end on one day, or both have no end."""
    return gold.last_day == found.last_day


def same_speaker(gold: Told, found: Told) -> bool:
    """Whether the speakers share a word; where a blame's is not annotated there is nothing to ask.

    A warning without one is the channel's own word, and must be found so.
    """
    if not gold.who:
        return bool(gold.stance) or not found.who
    return bool(gold.who & found.who)
