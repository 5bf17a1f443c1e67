"""Names as keys: folding, lemmas, and what else a name may be.

Two public-domain word lists mark ambiguous Latin names (US census names through the package ``names``,
Webster's Second through ``english-words``), two dictionaries Cyrillic ones (pymorphy3's).
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from tocsin.language.morphology import lemma
from tocsin.resolve.fold import exact_key, fold
from training.gazetteer.entries import CYRILLIC, HERE, Entry

__all__ = ["Keys", "stoplist", "words_and_names"]

MOST_READINGS: Final = 24  # entries kept per name, largest first
NAME_ENOUGH: Final = 0.002  # per cent of the US population: a surname people are likely to be called by


def words_and_names() -> tuple[frozenset[str], frozenset[str], list[str]]:
    """Ordinary English words; given names and frequent surnames together; given names alone."""
    import names
    from english_words import get_english_words_set

    words = frozenset(word for word in get_english_words_set(["web2"]) if word.islower())
    folder = Path(str(names.__file__)).parent
    people = set()
    given = set()
    for file in ("dist.all.last", "dist.male.first", "dist.female.first"):
        for line in (folder / file).read_text(encoding="ascii").splitlines():
            name, share = line.split()[:2]
            if float(share) >= NAME_ENOUGH:
                people.add(name.lower())
                if "first" in file:
                    given.add(name.lower())
    return words, frozenset(people), sorted(given)


def stoplist() -> frozenset[str]:
    listed = yaml.safe_load((HERE / "stoplist.yaml").read_text(encoding="utf-8"))["drop"]
    return frozenset(fold(str(word)) for words in listed.values() for word in words)


def lemma_keys(name: str) -> set[str]:
    """Keys under which inflected forms of a Cyrillic name are found: its words' own lemmas."""
    languages = []
    if not re.search(r"[ІіЇїЄєҐґ]", name):
        languages.append("ru")
    if not re.search(r"[ЫыЭэЁёЪъ]", name):
        languages.append("uk")
    if re.search(r"[ӘәҒғҚқҢңӨөҰұҮүҺһ]", name):
        return set()
    words = name.split(" ")
    return {fold(" ".join(lemma(word, language) for word in words)) for language in languages}


def cyrillic_flags(key: str) -> str:
    """The flags of a Cyrillic key by the two dictionaries; none for a word unknown to both."""
    marks: set[str] = set()
    ordinary = False
    for language in ("ru", "uk"):
        analyzer = pymorphy(language)
        for word in {key, key.replace("е", "ё")} if language == "ru" else {key}:
            if not analyzer.word_is_known(word):
                continue
            for parse in analyzer.parse(word):
                own = {"Geox", "Name", "Surn", "Patr"} & parse.tag.grammemes
                marks |= own
                # VESUM as shipped marks no places, so a Ukrainian noun may be either and says nothing.
                ordinary |= language == "ru" and not own
    place = "Geox" in marks
    return (
        ("w" if ordinary else "") + ("n" if marks & {"Name", "Surn", "Patr"} else "") + ("g" if place else "")
    )


#: Which mark counts where two names of an entry fold alike.
_ORDER: Final = "pasdl"


@cache
def pymorphy(language: str) -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer(lang=language)


class Keys:
    """All names as keys → readings, each with a mark of ``Entry.names``, or ``l`` for a lemma only."""

    def __init__(self, stop: frozenset[str], words: frozenset[str], people: frozenset[str]) -> None:
        self.stop, self.words, self.people = stop, words, people
        self.readings: dict[str, dict[int, str]] = {}
        self.towns_from = sys.maxsize  # rows below it are countries and areas

    def add(self, key: str, row: int, mark: str) -> None:
        marks = self.readings.setdefault(key, {})
        if row not in marks or _ORDER.index(mark) < _ORDER.index(marks[row]):
            marks[row] = mark

    def add_entry(self, row: int, entry: Entry) -> None:
        town = entry.feature in ("city", "region", "district")
        if town:
            self.towns_from = min(self.towns_from, row)
        for name, mark in entry.names.items():
            if name.startswith("="):
                self.add(name, row, mark)
            elif (mark == "s" or not town) and (short := exact_key(name)):
                self.add(short, row, mark)
            elif mark != "s":
                self._add_name(name, row, mark, town)

    def _add_name(self, name: str, row: int, mark: str, town: bool) -> None:
        key = fold(name)
        if town and (key in self.stop or len(key) < 3 or (mark != "p" and self._ordinary(key))):
            return
        self.add(key, row, mark)
        if CYRILLIC.match(name):
            for other in lemma_keys(name) - {key}:
                if not (town and (other in self.stop or len(other) < 3)):
                    self.add(other, row, "d" if mark == "d" else "l")

    def _ordinary(self, key: str) -> bool:
        return key in self.words or key in self.people

    def flags(self, key: str) -> str:
        """``w``: also an ordinary word; ``n``: a person's name; ``g``: a place in a dictionary."""
        if " " in key or key.startswith("="):
            return ""
        if key.isascii():
            return ("w" if key in self.words else "") + ("n" if key in self.people else "")
        return cyrillic_flags(key)

    def lines(self) -> Iterator[str]:
        for key in sorted(self.readings):
            marks = self.readings[key]
            rows = sorted(marks)[:MOST_READINGS]
            flags = self.flags(key)
            if rows[0] < self.towns_from:
                flags = flags.replace("w", "")  # "Turkey" with a capital is hardly ever a bird
            yield f"{key}\t{flags}{' '.join(f'{row}{marks[row]}' for row in rows)}"
