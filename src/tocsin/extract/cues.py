"""What the words of a cue say: their classes in a word list, by lemma, with negation.

Entries are words separated by blanks: lemmas in Russian, Ukrainian and English, forms in Kazakh; ``*`` at a
word's end is any ending. The longest entry at a place wins. The words of a cue need not touch each other in
the text («по его словам» has the cue «по … словам»).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tocsin.extract.lexicon import lexicon
from tocsin.extract.words import normal, word_spans
from tocsin.language.morphology import lemmas
from tocsin.model import Span

__all__ = ["CueMatch", "CueMatcher", "cue_words"]

_NOT: Final = frozenset({"не", "not", "never", "n't"})
#: Words that may stand between a negation and the verb it denies («не стал отрицать», «did not at all deny»).
_REACH: Final = 2

_STEM: Final = 3  # letters under which entries with a free ending are filed

Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CueMatch:
    """A class that words of a cue belong to; ``negated`` if a negation stands before them."""

    name: str
    negated: bool


@lru_cache(maxsize=1 << 15)
def _forms(word: str, language: str) -> Forms:
    """A word as written, then its lemmas; ё and apostrophes made equal."""
    verb = lexicon(language).verbs.get(word)
    listed = (verb.lemma,) if verb is not None else ()
    if language == "en":
        return (word, *listed) if listed else (word, word.removesuffix("s"))
    found = lemmas(word, language) if language in {"ru", "uk"} else ()
    return tuple(dict.fromkeys((word, *(normal(lemma) for lemma in (*listed, *found)))))


def cue_words(text: str, cue: Sequence[Span], language: str) -> list[Forms]:
    """The words of a cue in order, each in its forms."""
    return [_forms(normal(span.of(text)), language) for span in word_spans(text, cue)]


class CueMatcher:
    """Finds the classes of a cue's words."""

    def __init__(self, classes: Mapping[str, Sequence[str]]) -> None:
        entries = [(tuple(normal(e).split()), name) for name, listed in classes.items() for e in listed]
        self._exact: dict[str, list[tuple[Forms, str]]] = {}
        self._stems: dict[str, list[tuple[Forms, str]]] = {}
        for entry in sorted(entries, key=lambda one: -len(one[0])):
            first = entry[0][0]
            filed = self._stems if first.endswith("*") else self._exact
            filed.setdefault(first[:_STEM].rstrip("*") if first.endswith("*") else first, []).append(entry)

    def find(self, words: Sequence[Forms]) -> list[CueMatch]:
        """Every class that words belong to, in the order of the words."""
        found: list[CueMatch] = []
        index, denied = 0, -_REACH - 1
        while index < len(words):
            match = self._at(words, index)
            if match is None:
                if words[index][0] in _NOT:
                    denied = index
                index += 1
                continue
            found.append(CueMatch(match[1], index - denied <= _REACH))
            index += len(match[0])
        return found

    def _at(self, words: Sequence[Forms], index: int) -> tuple[Forms, str] | None:
        """The longest entry that stands at a place; of equals the one listed first."""
        own = words[index]
        listed = [entry for form in own for entry in self._exact.get(form, ())]
        listed += [e for size in range(1, _STEM + 1) for e in self._stems.get(own[0][:size], ())]
        standing = [entry for entry in listed if _stands(entry[0], words, index)]
        return max(standing, key=lambda entry: len(entry[0])) if standing else None


def _stands(entry: Sequence[str], words: Sequence[Forms], index: int) -> bool:
    return index + len(entry) <= len(words) and all(
        _agrees(part, words[index + n]) for n, part in enumerate(entry)
    )


def _agrees(pattern: str, forms: Forms) -> bool:
    if pattern.endswith("*"):
        return forms[0].startswith(pattern[:-1])
    return pattern in forms
