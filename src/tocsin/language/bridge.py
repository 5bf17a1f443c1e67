"""Spelling what the encoder hardly knows as something it knows, without losing an offset.

The encoder reads 16 languages; Ukrainian, Kazakh and Czech are not among them. Before encoding, words of a
short list (reporting verbs, conjunctions, "according to") are replaced by words of a language it reads, and
what is left is spelt by letter and ending rules where the languages are that close (Ukrainian in Russian
letters). Russian has a list too, for phrases whose parts mislead («по словам»). Every character of the
bridged text knows the characters of the original it stands for; nobody but the encoder ever sees it.

The lists are in ``data/bridge.json``: for each language ``phrases`` (as many words on the right as on the
left), ``words``, ``endings`` and ``letters``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

__all__ = ["Bridged", "bridge"]

_WORD: Final = re.compile(r"[^\W\d_]+(?:[’'ʼ-][^\W\d_]+)*")
#: Words of a phrase at most.
_LONGEST: Final = 3


@dataclass(frozen=True, slots=True)
class Bridged:
    """A text for the encoder; its i-th character stands for ``[starts[i], ends[i])`` of the original."""

    text: str
    starts: list[int]
    ends: list[int]


@dataclass(frozen=True, slots=True)
class _Rules:
    phrases: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    endings: tuple[tuple[str, str], ...]
    letters: Mapping[str, str]


@cache
def _rules(language: str) -> _Rules | None:
    with (files("tocsin.language") / "data" / "bridge.json").open(encoding="utf-8") as stream:
        found = json.load(stream).get(language)
    if found is None:
        return None
    phrases = {}
    for group, right in found.get("phrases", {}).items():
        for left in group.split("|"):
            phrases[left] = tuple(right.split())
    words = {left: right for group, right in found.get("words", {}).items() for left in group.split()}
    endings = tuple(sorted(found.get("endings", {}).items(), key=lambda pair: -len(pair[0])))
    return _Rules(phrases, words, endings, found.get("letters", {}))


class _Builder:
    def __init__(self) -> None:
        self.parts: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []

    def copy(self, text: str, start: int) -> None:
        self.parts.append(text)
        self.starts += range(start, start + len(text))
        self.ends += range(start + 1, start + len(text) + 1)

    def put(self, text: str, start: int, end: int) -> None:
        """Every character of ``text`` stands for the whole of [start, end)."""
        self.parts.append(text)
        self.starts += [start] * len(text)
        self.ends += [end] * len(text)


def _capital(word: str, like: str) -> str:
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def _spell(word: str, start: int, rules: _Rules, out: _Builder) -> None:
    """One word by its ending, then letter by letter."""
    lower = word.lower()
    fits = ((e, r) for e, r in rules.endings if lower.endswith(e) and len(word) > len(e) + 1)
    ending, right = next(fits, ("", ""))
    stem = len(word) - len(ending)
    for at, letter in enumerate(word[:stem], start):
        low = letter.lower()
        spelt = rules.letters.get(low, low)
        out.put(spelt.capitalize() if letter.isupper() else spelt, at, at + 1)
    if stem < len(word):
        out.put(right, start + stem, start + len(word))


def bridge(text: str, language: str) -> Bridged | None:
    """The text as the encoder should read it; None where the language needs no bridge."""
    rules = _rules(language)
    if rules is None:
        return None
    out = _Builder()
    found = [(match[0], match.start(), match.end()) for match in _WORD.finditer(text)]
    lower = [word.lower().replace("’", "'").replace("ʼ", "'") for word, _, _ in found]
    done = at = 0
    while at < len(found):
        word, start, end = found[at]
        out.copy(text[done:start], done)
        size = next(
            (
                n
                for n in range(min(_LONGEST, len(found) - at), 1, -1)
                if " ".join(lower[at : at + n]) in rules.phrases
            ),
            0,
        )
        if size:
            right = rules.phrases[" ".join(lower[at : at + size])]
            for k, new in enumerate(right):
                own, a, b = found[at + k]
                if k:
                    out.copy(text[found[at + k - 1][2] : a], found[at + k - 1][2])
                out.put(_capital(new, own), a, b)
            at += size
            done = found[at - 1][2]
            continue
        if lower[at] in rules.words:
            out.put(_capital(rules.words[lower[at]], word), start, end)
        elif rules.letters or rules.endings:
            _spell(word, start, rules, out)
        else:
            out.copy(word, start)
        done = end
        at += 1
    out.copy(text[done:], done)
    return Bridged("".join(out.parts), out.starts, out.ends)
