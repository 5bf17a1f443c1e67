"""Word lists of several classes, matched over spans of a text in one pass.

A dictionary on the first word was chosen over one large regular expression: with some hundred alternatives
that took 85 µs a sentence, this takes a fraction of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.model import Span

__all__ = ["Matcher", "normal", "word_set", "word_spans"]

_WORD: Final = re.compile(r"[^\W_]+(?:['’ʼ-][^\W_]+)*")
_NORMAL: Final = str.maketrans("’ʼё", "''е")
#: English words that are other words with a capital (the month, the name).
_CASE_SENSITIVE: Final = frozenset({"may", "will"})
_STEM: Final = 3  # letters under which entries with a free ending are filed


def normal(word: str) -> str:
    """Lower case, with one apostrophe and without ё, as entries are compared."""
    return word.lower().translate(_NORMAL)


def word_set(words: str) -> frozenset[str]:
    """The words of a text that lists them between blanks."""
    return frozenset(words.split())


def word_spans(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """The words inside spans of a text, in order."""
    for span in spans:
        for match in _WORD.finditer(text, span.start, span.end):
            yield Span(*match.span())


@dataclass(frozen=True, slots=True)
class _Entry:
    words: tuple[str, ...]
    name: str


def _agrees(pattern: str, word: str) -> bool:
    if pattern == "*":
        return True
    return word.startswith(pattern[:-1]) if pattern.endswith("*") else word == pattern


class Matcher:
    """Finds words of several classes; at one place the longest entry wins, then the earlier class.

    Entries are lower-case words separated by blanks; ``*`` is any one word, at a word's end any ending.
    Apostrophes and ё/е are equal. Words of an entry must be separated by white space only.
    """

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        self._exact: dict[str, list[_Entry]] = {}
        self._stems: dict[str, list[_Entry]] = {}
        for name, entries in classes.items():
            for entry in entries:
                words = tuple(normal(entry).split())
                filed = _Entry(words, name)
                if words[0].endswith("*"):
                    self._stems.setdefault(words[0][:_STEM], []).append(filed)
                else:
                    self._exact.setdefault(words[0], []).append(filed)
        for filing in (*self._exact.values(), *self._stems.values()):
            filing.sort(key=lambda e: -len(e.words))

    def find(self, text: str, spans: Sequence[Span]) -> Iterator[tuple[str, Span]]:
        """``(class, span)`` of every match inside the given spans of a text, in order, none overlapping."""
        for span in spans:
            found = list(_WORD.finditer(text, span.start, span.end))
            words = [normal(m.group()) for m in found]
            index = 0
            while index < len(words):
                size, name = self._at(text, found, words, index)
                if size:
                    yield name, Span(found[index].start(), found[index + size - 1].end())
                index += size or 1

    def _at(
        self, text: str, found: Sequence[re.Match[str]], words: Sequence[str], index: int
    ) -> tuple[int, str]:
        word = words[index]
        candidates = self._exact.get(word, ())
        stems = self._stems.get(word[:_STEM], ())
        best = (0, "")
        for entry in (*candidates, *stems):
            size = len(entry.words)
            if size <= best[0] or index + size > len(words):
                continue
            if not all(_agrees(p, w) for p, w in zip(entry.words, words[index : index + size], strict=True)):
                continue
            if size > 1 and not all(
                text[found[n].end() : found[n + 1].start()].isspace() for n in range(index, index + size - 1)
            ):
                continue
            if size == 1 and word in _CASE_SENSITIVE and found[index].group()[0].isupper():
                continue
            best = (size, entry.name)
        return best
