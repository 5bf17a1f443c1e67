"""Whether two names may be one: a table of features with weights, and the reasons in words.

The form follows nomenklatura's LogicV2 (OpenSanctions, MIT): parts are paired, each pairing scored, what is
left over counts against. The weights were fitted by logistic regression (``training/names/fit_compare.py``)
and are written out here; a score of .5 is where the model is undecided. It is fitted on lists of names,
not calibrated on news: no probability.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import exp
from typing import Final

from tocsin.model.scores import Score
from tocsin.resolve.names.acronyms import spelled_out
from tocsin.resolve.names.align import Pairing, align
from tocsin.resolve.names.fold import fold_word
from tocsin.resolve.names.known import known
from tocsin.resolve.names.parse import ParsedName, Part, Role, parse

__all__ = [
    "BIAS",
    "FEATURES",
    "SAME",
    "WEIGHTS",
    "Comparison",
    "Feature",
    "Weights",
    "compare",
    "features_of",
]

#: The score from which two names are taken for one.
SAME: Final = 0.5


@dataclass(frozen=True, slots=True)
class Feature:
    """One reason for or against: its ``name``, its ``weight`` in log odds, and what is measured."""

    name: str
    weight: float
    help: str


FEATURES: Final = (
    Feature("shared", 2.3, "weight times likeness of paired words, as a share of the name that has less"),
    Feature("unlike", -2.4, "weight times unlikeness of paired words"),
    Feature("left over, both", -3.6, "weight of words unpaired on both sides (the smaller)"),
    Feature("left over, one", -0.75, "weight of words unpaired on one side beyond the other's"),
    Feature("more of an organisation", -1.45, "the same of organisations: a branch or a daughter is another"),
    Feature("one word", -0.5, "one of the names is one word only, the other more"),
    Feature("initial", -3.0, "share of the agreement that rests on initials"),
    Feature("numbers", -0.7, "numbers differ, or one has a number that the other lacks"),
    Feature("legal forms", -4.0, "both have legal forms, different ones"),
    Feature("patronymics", -8.0, "both have patronymics, different ones"),
    Feature("initials differ", -2.4, "an initial fits no name that is left"),
    Feature("organisation", 0.3, "the names are of organisations"),
)
BIAS: Final = 0.7


@dataclass(frozen=True, slots=True)
class Weights:
    """Log odds of the comparison: the bias, and one weight a feature in the order of ``FEATURES``."""

    bias: float
    values: tuple[float, ...]


#: The weights that ship; others are for measuring by cross-validation.
WEIGHTS: Final = Weights(BIAS, tuple(feature.weight for feature in FEATURES))
#: The score at most of organisations that a rule tells apart.
_APART: Final = 0.3
_HARD: Final = frozenset({Role.WORD, Role.GIVEN, Role.CONCEPT})


@dataclass(frozen=True, slots=True)
class Comparison:
    """The likeness of two names: ``score`` 0–1, the value of each feature, reasons strongest first."""

    score: float
    features: Mapping[str, float]
    reasons: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the score speaks for one name."""
        return self.score >= SAME

    def as_score(self) -> Score:
        """The same as the model's ``Score``."""
        return Score(self.score, self.reasons)


def _leftovers(parts: tuple[Part, ...], used: set[int]) -> list[Part]:
    return [part for n, part in enumerate(parts) if n not in used]


def _weigh(parts: list[Part]) -> float:
    return sum(part.weight for part in parts)


def _agreement(pairs: tuple[Pairing, ...], a: ParsedName, b: ParsedName) -> dict[str, float]:
    """Features of what is paired."""
    weights = [
        min(sum(a.parts[i].weight for i in p.left), sum(b.parts[j].weight for j in p.right)) for p in pairs
    ]
    total = sum(weights)
    initials = sum(w for p, w in zip(pairs, weights, strict=True) if p.why == "an initial")
    least = min(_weigh(list(a.parts)), _weigh(list(b.parts)))
    paired = list(zip(pairs, weights, strict=True))
    return {
        "shared": min(1.0, sum(p.alike * w for p, w in paired) / least) if least else 0.0,
        "unlike": sum((1 - p.alike) * w for p, w in paired if p.why != "an initial"),
        "initial": initials / total if total else 0.0,
    }


def _differ(ours: list[Part], theirs: list[Part], role: Role) -> bool:
    return any(p.role is role for p in ours) and any(p.role is role for p in theirs)


def features_of(a: ParsedName, b: ParsedName, pairs: tuple[Pairing, ...]) -> dict[str, float]:
    """The value of every feature for two names whose parts are paired; symmetric in the names."""
    found = dict.fromkeys((f.name for f in FEATURES), 0.0)
    found.update(_agreement(pairs, a, b))
    ours = _leftovers(a.parts, {i for p in pairs for i in p.left})
    theirs = _leftovers(b.parts, {j for p in pairs for j in p.right})
    hard = [_weigh([p for p in side if p.role in _HARD]) for side in (ours, theirs)]
    soft = [
        _weigh([p for p in side if p.role not in {*_HARD, Role.NUMBER, Role.LEGAL}])
        for side in (ours, theirs)
    ]
    found["left over, both"] = min(hard)
    found["left over, one"] = max(hard) - min(hard) + 0.5 * max(soft)
    found["more of an organisation"] = (max(hard) - min(hard)) * (a.kind == "ORG")
    sizes = sorted(len(side.content) for side in (a, b))
    found["one word"] = float(sizes[0] == 1 and sizes[1] > 1)
    numbers = [p for p in (*ours, *theirs) if p.role is Role.NUMBER]
    found["numbers"] = 1.0 if _differ(ours, theirs, Role.NUMBER) else 0.5 * bool(numbers)
    found["legal forms"] = float(_differ(ours, theirs, Role.LEGAL))
    found["patronymics"] = float(_differ(ours, theirs, Role.PATRONYMIC))
    loose = [any(p.role is Role.INITIAL for p in side) for side in (ours, theirs)]
    named = [any(p.role in _HARD or p.role is Role.INITIAL for p in side) for side in (ours, theirs)]
    found["initials differ"] = float((loose[0] and named[1]) or (loose[1] and named[0]))
    found["organisation"] = float(a.kind == "ORG")
    return found


def _reasons(
    a: ParsedName, b: ParsedName, pairs: tuple[Pairing, ...], values: Mapping[str, float]
) -> list[str]:
    found = []
    for pair in sorted(pairs, key=lambda p: -p.alike * sum(a.parts[i].weight for i in p.left)):
        left = " ".join(a.parts[i].text for i in pair.left)
        right = " ".join(b.parts[j].text for j in pair.right)
        found.append(f"{left} = {right} ({pair.why}, {pair.alike:.2f})")
    used = ({i for p in pairs for i in p.left}, {j for p in pairs for j in p.right})
    for side, name in zip(used, (a, b), strict=True):
        rest = [p.text for p in _leftovers(name.parts, side)]
        if rest:
            found.append(f"only in “{name.text}”: {' '.join(rest)}")
    words = {
        "numbers": "the numbers differ",
        "legal forms": "the legal forms differ",
        "patronymics": "the patronymics differ",
        "initials differ": "an initial does not fit",
    }
    found += [text for name, text in words.items() if values[name]]
    return found


def compare(left: str, right: str, kind: str = "", *, weights: Weights = WEIGHTS) -> Comparison:
    """How likely two names are one, from their letters alone; symmetric.

    ``kind``: ``PER``, ``ORG`` or empty (not known). Raises ValueError for another kind.

    >>> compare("Семён Пегов", "Semen Pehov", "PER").same
    True
    >>> compare("Сергей Шойгу", "Sergey Lavrov", "PER").same
    False
    """
    if left > right:
        left, right = right, left
    return _compare(left, right, kind, weights)


@lru_cache(maxsize=1 << 14)
def _compare(left: str, right: str, kind: str, weights: Weights) -> Comparison:
    a, b = parse(left, kind), parse(right, kind)
    pairs = align(a.parts, b.parts)
    values = features_of(a, b, pairs)
    if a.parts and tuple(p.letters for p in a.parts) == tuple(p.letters for p in b.parts):
        return Comparison(1.0, values, ("the same letters",))
    total = sum(w * values[f.name] for f, w in zip(FEATURES, weights.values, strict=True))
    value = 1.0 / (1.0 + exp(-weights.bias - total))
    reasons = _reasons(a, b, pairs, values)
    value, said = _ruled(a, b, values, min(value, 0.995))
    return Comparison(value, values, (*said, *reasons))


def _ruled(
    a: ParsedName, b: ParsedName, values: Mapping[str, float], value: float
) -> tuple[float, tuple[str, ...]]:
    """What rules say beyond the weights: listed organisations, acronyms, numbers; the value and reasons."""
    if a.kind == "PER":
        return value, ()
    if a.known >= 0 and a.known == b.known:
        return max(value, 0.97), (f"both are listed as {known().organisation_names[a.known]}",)
    short = spelled_out(a, b)
    if short is not None:
        return max(value, short.value), short.reasons
    if a.acronym and b.acronym and fold_word(a.acronym) != fold_word(b.acronym):
        return min(value, _APART), (
            "acronyms of different letters",
        )  # KNB is not KGB, however near it sounds
    if values["numbers"] == 1.0 and a.kind == "ORG":
        return min(value, _APART), ()  # «Школа 2», «Школа 5»
    return value, ()
