"""Sentences of planted stories that can be told again: in other words, and in four languages.

The phrases are invented (``story_phrases.json``): for each sentence several wordings in English, Russian,
Ukrainian and Kazakh. Nothing is inflected but by hand.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

__all__ = ["DETAILS", "LANGUAGES", "Telling", "tell"]

LANGUAGES = ("en", "ru", "uk", "kk")
#: How many sentences there are beside the leads; who tells independently uses none of another's.
DETAILS = 20


@cache
def _phrases() -> Mapping[str, Any]:
    source = files("tocsin.testing") / "story_phrases.json"
    found: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


@dataclass(frozen=True, slots=True)
class Telling:
    """What a text says, sentence by sentence: the place, the number of the lead, the numbers of the details.

    ``wordings`` are those chosen for the lead and each detail; they count round what a language has.
    """

    place: str
    lead: int
    details: tuple[int, ...]
    language: str
    wordings: tuple[int, ...]

    def translated(self, rng: Random) -> Telling:
        """The same in another language."""
        language = rng.choice([code for code in LANGUAGES if code != self.language])
        wordings = tuple(rng.randrange(2) for _ in self.wordings)
        return Telling(self.place, self.lead, self.details, language, wordings)

    def paraphrased(self) -> Telling:
        """The same in the other wording of every sentence."""
        wordings = tuple(number + 1 for number in self.wordings)
        return Telling(self.place, self.lead, self.details, self.language, wordings)


def tell(telling: Telling) -> str:
    """The text: the place, the lead, and the details."""
    phrases, language = _phrases(), telling.language
    entries = [phrases["leads"][telling.lead], *(phrases["details"][number] for number in telling.details)]
    said = [
        entry[language][number % len(entry[language])]
        for entry, number in zip(entries, telling.wordings, strict=True)
    ]
    said[0] = f"{phrases['places'][telling.place][language]}: {said[0]}"
    return " ".join(f"{sentence}." for sentence in said)
