"""The facts of a claim that another must not contradict, and what two claims contradict of one another.

Nearness of vectors cannot tell "launched from Kazan" from "not launched from Kazan", nor six from eight. So
what is denied, who acts, where, and how many are compared as facts: two claims conflict where each names
something of a kind for which the other has no counterpart. One that merely says less conflicts with none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from tocsin.link.narratives.terms import apart, terms_of
from tocsin.link.narratives.whereabouts import inside, who_and_where
from tocsin.model import Claim, NameMention, PlaceMention, Quantity, QuantityMention, Span
from tocsin.resolve.names import compare
from tocsin.resolve.quantities import comparable, contradicts

__all__ = [
    "Facts",
    "changes",
    "conflicts",
    "facts_from_row",
    "facts_of",
    "in_common",
    "is_denied",
    "number_text",
    "quantity_of",
]

#: Words that deny what they stand with; «не только» and "not only" do not.
_DENIALS: Final[Mapping[str, re.Pattern[str]]] = {
    "en": re.compile(
        r"\b(?:not(?! only)|never|no(?! longer than| less| more| fewer)|none|nobody|neither|cannot|without)\b"
        r"|n[’']t\b",
        re.IGNORECASE,
    ),
    "ru": re.compile(r"\b(?:не(?! только| менее| более)|нет|нельзя|невозможно|никогда)\b", re.IGNORECASE),
    "uk": re.compile(r"\b(?:не(?! лише| тільки| менш| більш)|немає|нема|неможливо|ніколи)\b", re.IGNORECASE),
    "kk": re.compile(
        r"\b(?:емес|жоқ|ешқашан)\b|(?:ма|ме|ба|бе|па|пе)(?:й(?:ді|ды|мын|мін|міз|мыз)|ді|ды|ған|ген|с)\b",
        re.IGNORECASE,
    ),
}
#: A number in figures; those that are no quantity (days, minutes, counts unread) are compared as they stand.
_FIGURES: Final = re.compile(r"(?<![\w.,:])\d{1,12}(?:[.,]\d{1,3})?(?![\w:]|[.,]\d)")
#: From here two names are taken for one. Lower than where names are linked: a doubt must not divide.
_SAME_NAME: Final = 0.35


@dataclass(frozen=True, slots=True)
class Facts:
    """What a claim states besides its meaning; ``language`` is that of its words.

    ``actors`` are «PER|Пётр Самовар», ``places`` «gazetteer entry|country|precision|name» (the
    first three empty where the gazetteer knows none), ``numbers``
    «low|high|unit|per» in base units, ``opposites`` «open+» or «open-», and rivals as «weekday=Monday».
    """

    language: str
    denied: bool
    actors: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    opposites: tuple[str, ...] = ()


def facts_from_row(row: Mapping[str, Any]) -> Facts:
    """The facts kept in a row of ``claim_meanings`` (a mapping of columns)."""
    lists = (tuple(row[name]) for name in ("actors", "places", "numbers", "opposites"))
    return Facts(row["language"], row["denied"], *lists)


def is_denied(text: str, language: str, certainty: str) -> bool:
    """Whether the words deny something, or the reading of the claim is negative (CT-, PR-, PS-)."""
    pattern = _DENIALS.get(language)
    return certainty.endswith("-") or bool(pattern and pattern.search(text))


def number_text(quantity: QuantityMention) -> str:
    """A quantity in base units as text; see ``quantity_of``."""
    bounds = ["" if value is None else repr(value) for value in (quantity.base_low, quantity.base_high)]
    return "|".join([*bounds, quantity.base_unit, quantity.base_per, "~" if quantity.approximate else ""])


@lru_cache(maxsize=1 << 16)
def quantity_of(text: str) -> Quantity:
    """The quantity that ``number_text`` wrote; raises ValueError for other text."""
    low, high, unit, per, about = text.split("|")
    return Quantity(
        float(low) if low else None,
        float(high) if high else None,
        unit=unit,
        per=per,
        approximate=bool(about),
    )


def facts_of(
    text: str,
    claim: Claim,
    names: Sequence[NameMention],
    places: Iterable[PlaceMention],
    quantities: Iterable[QuantityMention],
) -> Facts:
    """The facts in a claim's content; ``text`` and the mentions are those of its document."""
    content = claim.content
    words = " ".join(span.of(text) for span in content)
    actors, where = who_and_where(text, claim, names, places)
    measured = [q for q in quantities if inside(q.start, q.end, content)]
    figures = {
        "|".join([repr(float(match[0].replace(",", "."))) for _ in "lh"] + ["", "", ""])
        for span in content
        for match in _FIGURES.finditer(text, span.start, span.end)
        if not any(q.start < match.end() and match.start() < q.end for q in measured)
    }
    return Facts(
        claim.language,
        is_denied(words, claim.language, claim.certainty),
        actors,
        where,
        tuple(sorted({number_text(q) for q in measured} | figures)),
        terms_of(_unmeasured(text, content, measured), claim.language),
    )


def _unmeasured(text: str, content: Sequence[Span], measured: Iterable[QuantityMention]) -> str:
    """A claim's words without its quantities: ten million dollars may well be nine million euros."""
    parts = []
    for span in content:
        letters = list(span.of(text))
        for q in measured:
            if span.start <= q.start and q.end <= span.end:
                letters[q.start - span.start : q.end - span.start] = " " * (q.end - q.start)
        parts.append("".join(letters))
    return " ".join(parts)


# --- conflicts ---------------------------------------------------------------------------------


def _left_over(
    one: Sequence[str], other: Sequence[str], same: Callable[[str, str], bool]
) -> tuple[list[str], list[str]]:
    """What of each has no counterpart in the other."""
    return (
        [a for a in one if not any(same(a, b) for b in other)],
        [b for b in other if not any(same(a, b) for a in one)],
    )


def _same_place(one: str, other: str) -> bool:
    """One entry, or one lies in the other as far as the gazetteer says: a country and what is in it."""
    a_id, a_country, a_precision, a_name = one.split("|", 3)
    b_id, b_country, b_precision, b_name = other.split("|", 3)
    if a_name == b_name or (a_id == b_id and a_id):
        return True
    if not (a_id and b_id):  # a place the gazetteer does not know has nothing but its name
        return compare(a_name, b_name).score >= _SAME_NAME
    wide = {"country", "region"}
    return (
        a_country == b_country != ""
        and a_precision != b_precision
        and bool({a_precision, b_precision} & wide)
    )


def _same_actor(one: str, other: str) -> bool:
    (a_kind, a), (b_kind, b) = one.split("|", 1), other.split("|", 1)
    return compare(a, b, a_kind if a_kind == b_kind else "").score >= _SAME_NAME


def _same_number(one: str, other: str) -> bool:
    a, b = quantity_of(one), quantity_of(other)
    return comparable(a, b) and not contradicts(a, b)


#: Kinds of facts: when two are one, and how one is shown.
_KINDS: Final[tuple[tuple[str, Callable[[str, str], bool], Callable[[str], str]], ...]] = (
    ("actor", _same_actor, lambda text: text.split("|", 1)[1]),
    ("place", _same_place, lambda text: text.split("|", 3)[3]),
    ("number", _same_number, lambda text: str(quantity_of(text))),
)


def in_common(one: Facts, other: Facts) -> tuple[str, ...]:
    """The kinds of facts of which two claims name one together: actor, place, number."""
    return tuple(
        kind
        for kind, same, _ in _KINDS
        if any(same(a, b) for a in getattr(one, f"{kind}s") for b in getattr(other, f"{kind}s"))
    )


def _acting(one: Facts, other: Facts) -> tuple[str, ...]:
    """The actors of the one; where it has none, names that the gazetteer does not know may be persons'.

    "Made by Gleb Lampov" was read as a place: beside an actor of the other it stands for one, unless it is a
    place of the other's too. Names of one word are left out: villages are.
    """
    if one.actors or not other.actors:
        return one.actors
    return tuple(
        f"|{place.split('|', 3)[3]}"
        for place in one.places
        if place.startswith("||")
        and " " in place
        and not any(_same_place(place, known) for known in other.places)
    )


def _measured_alike(numbers: Sequence[str], others: Sequence[str]) -> list[str]:
    return [a for a in numbers if any(comparable(quantity_of(a), quantity_of(b)) for b in others)]


def conflicts(one: Facts, other: Facts) -> tuple[str, ...]:
    """What two claims contradict of one another, in words; empty where they can both hold. Symmetric.

    >>> lit = Facts("en", False, numbers=("6.0|6.0|||",))
    >>> conflicts(lit, Facts("en", True, numbers=("8.0|8.0|||",)))
    ('negation', 'number: 6 ≠ 8')
    """
    one, other = sorted((one, other), key=_order)
    return _differences(one, other, "≠")


def _order(facts: Facts) -> tuple[Any, ...]:
    return facts.denied, facts.actors, facts.places, facts.numbers, facts.opposites


def changes(earlier: Facts, later: Facts) -> tuple[str, ...]:
    """The same conflicts, told as what became of the earlier: «place: Kazan → Lviv»."""
    return _differences(earlier, later, "→")


def _differences(one: Facts, other: Facts, sign: str) -> tuple[str, ...]:
    found = ["negation"] if one.denied != other.denied else []
    sides, rivals = apart(one.opposites, other.opposites)
    if sides and found:
        found.clear()  # «не открыли» beside «закрыли» is no conflict: the denial turns the side
    else:
        found += [f"opposite: {side}" for side in sides]
    found += [f"{kind}: {own} {sign} {others}" for kind, (own, others) in rivals.items()]
    for kind, same, shown in _KINDS:
        given = (getattr(one, f"{kind}s"), getattr(other, f"{kind}s"))
        if kind == "actor":
            given = _acting(one, other), _acting(other, one)
        left, right = _left_over(*given, same)
        if kind == "number":
            # Six people and five kilometres are two numbers, not one that differs.
            left, right = _measured_alike(left, right), _measured_alike(right, left)
        if left and right:
            found.append(f"{kind}: {', '.join(map(shown, left))} {sign} {', '.join(map(shown, right))}")
    return tuple(found)
