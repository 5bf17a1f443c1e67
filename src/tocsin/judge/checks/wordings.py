"""Words of one text found again in another: exactly, nearly, and what differs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from tocsin.model import Span

__all__ = ["Likeness", "Word", "exactly", "nearest", "overlap", "stem", "stems_of", "words_of"]

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
#: Letters by which inflected forms are held to be one word.
_STEM: Final = 4
#: Share of words alike from which on a stretch is near a quotation.
_NEAR: Final = 0.6
#: Words of another text looked at for a near match.
_MOST_WORDS: Final = 4000
_NEGATIONS: Final = frozenset({"not", "no", "не", "ни", "ні", "нет"})


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its place, folded: lower case, ё as е, one form of apostrophe."""

    folded: str
    span: Span


@dataclass(frozen=True, slots=True)
class Likeness:
    """A stretch of another text near a quotation: where it is, and (quoted, there) for each stretch that
    differs.

    ``replaced`` are the differences in which the quotation has words of its own; the rest are endings and
    words left out.
    """

    span: Span
    differences: tuple[tuple[str, str], ...]
    replaced: tuple[tuple[str, str], ...]


def words_of(text: str, start: int = 0) -> list[Word]:
    """The words of a text; ``start`` is where it begins in its document."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group().casefold().replace("ё", "е").replace("’", "'").replace("ʼ", "'")
        found.append(Word(word, Span(start + match.start(), start + match.end())))
    return found


def stem(word: str) -> str:
    """What the forms of a word have in common: all but its last letters, in Latin script all but a plural s.

    >>> stem("плотину") == stem("плотина"), stem("nine") == stem("ninety"), stem("ducks") == stem("duck")
    (True, False, True)
    """
    if len(word) <= _STEM or word.isdigit():
        return word
    if word.isascii():
        return word.removesuffix("'s").removesuffix("s")
    return word[: max(_STEM, len(word) - 3)]


def exactly(pieces: Sequence[Sequence[Word]], there: Sequence[Word]) -> list[Span] | None:
    """Where pieces of a quotation stand in another text, word for word and in order; None if not all do."""
    folded = [word.folded for word in there]
    found: list[Span] = []
    at = 0
    for piece in pieces:
        wanted = [word.folded for word in piece]
        place = _find(folded, wanted, at)
        if place is None:
            return None
        found.append(Span(there[place].span.start, there[place + len(wanted) - 1].span.end))
        at = place + len(wanted)
    return found or None


def _find(words: Sequence[str], wanted: Sequence[str], start: int) -> int | None:
    if not wanted:
        return None
    last = len(words) - len(wanted)
    for at in range(start, last + 1):
        if words[at] == wanted[0] and list(words[at : at + len(wanted)]) == list(wanted):
            return at
    return None


def nearest(quoted: Sequence[Word], there: Sequence[Word]) -> Likeness | None:
    """The stretch of another text most like a quotation, with what differs; None if none is near."""
    there = there[:_MOST_WORDS]
    if not quoted or not there:
        return None
    stems = [stem(w.folded) for w in quoted]
    known = set(stems)
    hits = [stem(w.folded) in known for w in there]
    size = len(quoted) + len(quoted) // 2 + 2  # room for words that a quotation leaves out
    counts = [0]
    for hit in hits:
        counts.append(counts[-1] + hit)
    start = max(
        range(max(1, len(there) - size + 1)),
        key=lambda at: (counts[min(len(there), at + size)] - counts[at], -at),
    )
    window = there[start : start + size]
    matcher = SequenceMatcher(None, stems, [stem(w.folded) for w in window], autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < _NEAR * len(quoted):
        return None
    # As many words before the first and after the last that agree as the quotation has there.
    first = max(0, blocks[0].b - blocks[0].a)
    last = blocks[-1].b + blocks[-1].size + len(quoted) - blocks[-1].a - blocks[-1].size
    window = window[first:last]
    matcher = SequenceMatcher(None, stems, [stem(w.folded) for w in window], autojunk=False)
    differences = []
    replaced = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        one, other = _joined(quoted[i:i_end]), _joined(window[j:j_end])
        if tag == "equal":
            differences += [
                (a.folded, b.folded)
                for a, b in zip(quoted[i:i_end], window[j:j_end], strict=True)
                if a.folded != b.folded
            ]
            continue
        differences.append((one, other))
        if _tells(quoted[i:i_end]):
            replaced.append((one, other))
    return Likeness(Span(window[0].span.start, window[-1].span.end), tuple(differences), tuple(replaced))


def _joined(words: Sequence[Word]) -> str:
    return " ".join(word.folded for word in words)


def _tells(words: Sequence[Word]) -> bool:
    """Whether words that only a quotation has say something: a longer word, a number or a negation."""
    return any(len(w.folded) >= _STEM or w.folded.isdigit() or w.folded in _NEGATIONS for w in words)


def stems_of(words: Sequence[Word]) -> frozenset[str]:
    """The stems of the longer words and figures of a text."""
    return frozenset(stem(w.folded) for w in words if len(w.folded) >= _STEM or w.folded.isdigit())


def overlap(said: frozenset[str], there: frozenset[str]) -> float:
    """Share of the stems of one text that stand in another."""
    return len(said & there) / len(said) if said else 0.0
