"""Planted narratives: invented claims told again in four languages, beside their contradicting twins.

Every claim is told by several posts in other words and other languages; its twins differ in one thing: they
deny it, or name another actor, place or number. Truth is which posts tell the same. Grammar is data
(``narrative_phrases.json``): nothing is inflected.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from random import Random
from typing import Any

from tocsin.model import DateBasis, Post, make_id

__all__ = ["CLAIM_IDS", "NarrativeWorld", "PlantedClaim", "make_narrative_world", "tell"]

_START = datetime(2024, 3, 4, 6, tzinfo=UTC)
_CASES = {"in": 0, "from": 1, "to": 2}
_LANGUAGES = ("en", "ru", "uk", "kk")


@cache
def _phrases() -> Mapping[str, Any]:
    source = files("tocsin.testing") / "narrative_phrases.json"
    found: Mapping[str, Any] = json.loads(source.read_text(encoding="utf-8"))
    return found


#: Every claim that can be planted; a caller may tune on some and measure on the others.
CLAIM_IDS: tuple[str, ...] = (
    "bakery",
    "bees",
    "bridge",
    "camels",
    "clock",
    "ferry",
    "laboratory",
    "lanterns",
    "opera",
    "snow",
    "telescope",
    "tram",
)


@dataclass(frozen=True, slots=True)
class PlantedClaim:
    """What one post tells: the claim, what fills its slots, and whether it is denied."""

    claim: str
    actor: str
    place: str
    number: int
    denied: bool

    @property
    def truth(self) -> str:
        """The id of all that say just this."""
        return make_id("planted", self.claim, self.actor, self.place, self.number, str(self.denied))

    def differs(self, other: PlantedClaim) -> str:
        """In what a twin differs: negation, actor, place or number; empty if in none or in more."""
        names = ("actor", "place", "number")
        found = [name for name in names if getattr(self, name) != getattr(other, name)]
        found += ["negation"] * (self.denied != other.denied)
        return found[0] if len(found) == 1 and self.claim == other.claim else ""


@dataclass(frozen=True, slots=True)
class NarrativeWorld:
    """Posts and what each tells, in the same order; None for a post of noise. ``told`` is the sentence."""

    posts: tuple[Post, ...]
    planted: tuple[PlantedClaim | None, ...]
    told: tuple[str, ...]


def _entry(claim: str) -> Mapping[str, Any]:
    entry: Mapping[str, Any] = next(item for item in _phrases()["claims"] if item["id"] == claim)
    return entry


def _place(name: str, language: str, case: str) -> str:
    forms = _phrases()["places"][name][language]
    return str(forms if isinstance(forms, str) else forms[_CASES[case]])


def tell(planted: PlantedClaim, language: str, variant: int) -> str:
    """The claim in a language, in one of its wordings (``variant`` counts round them)."""
    wordings = _entry(planted.claim)[language]["no" if planted.denied else "yes"]
    text: str = wordings[variant % len(wordings)]
    for case in _CASES:
        text = text.replace(f"{{p:{case}}}", _place(planted.place, language, case))
    text = text.replace("{p}", _place(planted.place, language, "in")).replace("{n}", str(planted.number))
    if planted.actor:
        text = text.replace("{A}", _phrases()["actors"][planted.actor][language])
    return text[:1].upper() + text[1:]


def _twin(rng: Random, base: PlantedClaim) -> PlantedClaim:
    entry = _entry(base.claim)
    kind = rng.choice(["negation", *entry["slots"]])
    values = {name: getattr(base, name) for name in ("actor", "place", "number")}
    pools = {"actor": entry["actors"], "place": sorted(_phrases()["places"]), "number": _phrases()["numbers"]}
    if kind != "negation":
        values[kind] = rng.choice([item for item in pools[kind] if item != values[kind]])
    return PlantedClaim(base.claim, denied=kind == "negation", **values)


def _base(rng: Random, claim: str) -> PlantedClaim:
    actors = _entry(claim)["actors"]
    place, number = rng.choice(sorted(_phrases()["places"])), rng.choice(_phrases()["numbers"])
    return PlantedClaim(claim, rng.choice(actors) if actors else "", place, number, denied=False)


def make_narrative_world(
    seed: int, claims: Sequence[str] = CLAIM_IDS, chosen: int = 6, languages: Sequence[str] = _LANGUAGES
) -> NarrativeWorld:
    """``chosen`` of the claims, each with one to three twins and two to six tellings, among noise.

    Everything depends on the arguments alone. Posts are in order of time. Raises ValueError for an unknown
    claim or language.
    """
    if unknown := {*claims} - {*CLAIM_IDS} | {*languages} - {*_LANGUAGES}:
        raise ValueError(f"not known: {sorted(unknown)}")
    rng = Random(int(make_id("narratives", seed)[:16], 16))  # noqa: S311  a world, not a secret
    drafts: list[tuple[int, str, PlantedClaim | None, str]] = []
    for claim in rng.sample(sorted(claims), min(chosen, len(claims))):
        base = _base(rng, claim)
        told = dict.fromkeys([base, *(_twin(rng, base) for _ in range(rng.randint(1, 3)))])
        for planted in told:
            for _ in range(rng.randint(2, 6)):
                language = rng.choice(list(languages))
                sentence = tell(planted, language, rng.randrange(4))
                drafts.append((rng.randrange(60 * 24 * 20), language, planted, sentence))
    for _ in range(len(drafts) // 2):
        language = rng.choice(list(languages))
        sentence = rng.choice(_phrases()["noise"][language])
        drafts.append((rng.randrange(60 * 24 * 20), language, None, sentence))
    drafts.sort(key=lambda draft: (draft[0], draft[3]))
    posts = tuple(_post(rng, number, *draft) for number, draft in enumerate(drafts))
    return NarrativeWorld(posts, tuple(draft[2] for draft in drafts), tuple(draft[3] for draft in drafts))


def _post(
    rng: Random, number: int, minutes: int, language: str, planted: PlantedClaim | None, told: str
) -> Post:
    tail = f" {rng.choice(_phrases()['noise'][language])}." if planted and rng.random() < 0.2 else ""
    channel = rng.randrange(4)
    return Post(
        text=f"{told}.{tail}",
        platform="telegram",
        channel=f"Invented {language} {channel}",
        channel_id=str(4_000_000_000 + 10 * _LANGUAGES.index(language) + channel),
        native_id=str(number + 1),
        published=_START + timedelta(minutes=minutes),
        published_basis=DateBasis.STATED,
    )
