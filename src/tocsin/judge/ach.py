"""Analysis of competing hypotheses: evidence × hypotheses, ranked by what speaks against each (Heuer 1999,
ch. 8).

A board is a view of the judgement log: every hypothesis, item of evidence and rating is one appended entry
(``assess``) on the board's id, so that nothing is overwritten, an undo takes back one step, and several
analysts rate side by side. Cells are CC, C, N, I, II or NA; an empty cell is not rated.

Ranking: weighted inconsistency, as in the ACH tool of the Palo Alto Research Center: I counts 1, II counts 2,
consistency counts nothing, because evidence agrees with many hypotheses at once. Each is multiplied by √2 for
high, 1 for medium, 1/√2 for low credibility, and the same for relevance. The hypothesis with the least
against it comes first; that is no proof of it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Final

from tocsin.errors import UsageError
from tocsin.judge.log import in_force
from tocsin.model import Judgement, Verdict, make_id

__all__ = [
    "LEVELS",
    "MACHINE",
    "RATINGS",
    "Board",
    "Evidence",
    "Hypothesis",
    "Ranked",
    "Removal",
    "board_id",
    "board_of",
    "boards_of",
    "diagnosticity",
    "disagreements",
    "ranking",
    "sensitivity",
    "step",
    "step_of",
]

RATINGS: Final = ("CC", "C", "N", "I", "II", "NA")
LEVELS: Final = ("low", "medium", "high")
#: The machine's own proposals bear this name and count in no ranking until a person has rated.
MACHINE: Final = "tocsin"
_AGAINST: Final[Mapping[str, float]] = {"I": 1.0, "II": 2.0}
_VALUE: Final[Mapping[str, int]] = {"CC": 2, "C": 1, "N": 0, "I": -1, "II": -2}
_WEIGHT: Final[Mapping[str, float]] = {"low": 1 / math.sqrt(2), "medium": 1.0, "high": math.sqrt(2)}
_PREFIX: Final = '{"ach"'


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One hypothesis: its mark (H1 …), its words, who put it (``MACHINE`` if a program proposed it), by which
    entry.
    """

    mark: str
    text: str
    author: str
    entry: int = 0

    @property
    def proposed(self) -> bool:
        """Whether a program put it there."""
        return self.author == MACHINE


@dataclass(frozen=True, slots=True)
class Evidence:
    """One item of evidence: mark (E1 …), words, kind (claim, check, alarm, note), finding, source and
    weights.
    """

    mark: str
    text: str
    kind: str
    finding: str
    source: str
    credibility: str
    relevance: str
    author: str
    entry: int = 0


@dataclass(frozen=True, slots=True)
class Board:
    """One analysis. ``ratings`` maps (evidence, hypothesis) to analyst → rating."""

    name: str
    hypotheses: tuple[Hypothesis, ...]
    evidence: tuple[Evidence, ...]
    ratings: Mapping[tuple[str, str], Mapping[str, str]] = field(default_factory=dict)
    faults: tuple[str, ...] = ()

    @property
    def analysts(self) -> tuple[str, ...]:
        """Everybody who rated, the machine not."""
        return tuple(sorted({a for cell in self.ratings.values() for a in cell if a != MACHINE}))

    def cell(self, evidence: str, hypothesis: str, analyst: str = "") -> str:
        """One analyst's rating; without a name that of all: the median, the machine left out. Empty: none."""
        own = self.ratings.get((evidence, hypothesis), {})
        if analyst:
            return own.get(analyst, "")
        given = [r for a, r in sorted(own.items()) if a != MACHINE]
        values = [_VALUE[r] for r in given if r in _VALUE]
        if not values:
            return "NA" if given else ""
        return _rating(median(values))


def _rating(value: float) -> str:
    """The rating nearest to a median; of two equally near the one nearer to N, which commits to less."""
    return min(_VALUE, key=lambda r: (abs(_VALUE[r] - value), abs(_VALUE[r])))


def board_id(name: str) -> str:
    """The id under which the log keeps a board."""
    return make_id("ach board", " ".join(name.split()).casefold())


def step(board: str, **values: str) -> str:
    """The detail of one log entry. Raises UsageError for a rating or level that is none."""
    if values.get("rating", "N") not in RATINGS:
        raise UsageError(f"{values['rating']!r} is no rating", remedy=f"Use one of {', '.join(RATINGS)}")
    for name in ("credibility", "relevance"):
        if values.get(name, "medium") not in LEVELS:
            raise UsageError(f"{name} is {values[name]!r}", remedy=f"Use one of {', '.join(LEVELS)}")
    return json.dumps({"ach": " ".join(board.split()), **values}, ensure_ascii=False)


def boards_of(log: Sequence[Judgement]) -> list[str]:
    """The names of all boards, in the order in which they were begun."""
    return list(dict.fromkeys(d["ach"] for _, d in _steps(log)))


def _steps(log: Sequence[Judgement]) -> list[tuple[Judgement, dict[str, Any]]]:
    return [
        (entry, json.loads(entry.detail))
        for entry in in_force(log)
        if entry.verdict == Verdict.ASSESS and entry.detail.startswith(_PREFIX)
    ]


def step_of(entry: Judgement) -> dict[str, Any]:
    """What one entry of a board says; empty for an entry of anything else."""
    return json.loads(entry.detail) if entry.detail.startswith(_PREFIX) else {}


def board_of(log: Sequence[Judgement], name: str) -> Board:
    """A board as the log has it; empty if there is none of that name.

    A rating of evidence or a hypothesis that has been taken back is kept in the log and listed in ``faults``.
    """
    wanted = board_id(name)
    hypotheses: dict[str, Hypothesis] = {}
    evidence: dict[str, Evidence] = {}
    ratings: dict[tuple[str, str], dict[str, str]] = {}
    faults = []
    shown = name
    for entry, found in _steps(log):
        if entry.finding_id != wanted:
            continue
        shown = found["ach"]
        if "hypothesis" in found and "rating" not in found:
            hypotheses[found["mark"]] = Hypothesis(
                found["mark"], found["hypothesis"], entry.author, entry.sequence
            )
        elif "evidence" in found and "rating" not in found:
            evidence[found["mark"]] = _evidence(found, entry)
        elif "rating" in found:
            key = (found["evidence"], found["hypothesis"])
            if key[0] not in evidence or key[1] not in hypotheses:
                faults.append(f"entry {entry.sequence} rates {key[0]} × {key[1]}, which is no longer there")
                continue
            ratings.setdefault(key, {})[entry.author] = found["rating"]
    return Board(shown, tuple(hypotheses.values()), tuple(evidence.values()), ratings, tuple(faults))


def _evidence(found: Mapping[str, str], entry: Judgement) -> Evidence:
    return Evidence(
        found["mark"],
        found["evidence"],
        found.get("kind", "note"),
        found.get("finding", ""),
        found.get("source", ""),
        found.get("credibility", "medium"),
        found.get("relevance", "medium"),
        entry.author,
        entry.sequence,
    )


# --- what follows from a board ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ranked:
    """One hypothesis with what speaks against it.

    ``rated`` counts its rated cells, NA not; ``place`` is 0 for one without any, which cannot be ranked.
    """

    place: int
    hypothesis: Hypothesis
    against: float
    rated: int


def ranking(board: Board, analyst: str = "", without: frozenset[str] = frozenset()) -> list[Ranked]:
    """The hypotheses, least inconsistent first; equal scores share a place. ``without``: evidence left
    out.
    """
    scored = []
    for hypothesis in board.hypotheses:
        against, rated = 0.0, 0
        for item in board.evidence:
            rating = board.cell(item.mark, hypothesis.mark, analyst)
            if item.mark in without or rating not in _VALUE:
                continue
            rated += 1
            weight = _WEIGHT[item.credibility] * _WEIGHT[item.relevance]
            against += _AGAINST.get(rating, 0.0) * weight
        scored.append((round(against, 9), hypothesis, rated))
    values = sorted({against for against, _, rated in scored if rated})
    order = {h.mark: n for n, h in enumerate(board.hypotheses)}
    scored.sort(key=lambda s: (not s[2], s[0], order[s[1].mark]))
    return [
        Ranked(1 + values.index(against) if rated else 0, h, against, rated) for against, h, rated in scored
    ]


def diagnosticity(board: Board, analyst: str = "") -> dict[str, float]:
    """Evidence → how far its ratings lie apart, from 0 (says the same of every hypothesis) to 1 (CC
    against II).
    """
    found = {}
    for item in board.evidence:
        cells = [board.cell(item.mark, h.mark, analyst) for h in board.hypotheses]
        values = [_VALUE[c] for c in cells if c in _VALUE]
        found[item.mark] = (max(values) - min(values)) / 4 if len(values) > 1 else 0.0
    return found


@dataclass(frozen=True, slots=True)
class Removal:
    """What happens without one source or one item of evidence: the new first places, if they change."""

    what: str
    evidence: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]


def sensitivity(board: Board, analyst: str = "") -> list[Removal]:
    """Every source, and every item without one, whose removal changes which hypotheses come first."""
    before = _leaders(ranking(board, analyst))
    groups: dict[str, list[str]] = {}
    for item in board.evidence:
        groups.setdefault(item.source or f"{item.mark} alone", []).append(item.mark)
        if item.source:
            groups.setdefault(f"{item.mark} alone", []).append(item.mark)
    found = []
    for what, marks in sorted(groups.items()):
        after = _leaders(ranking(board, analyst, frozenset(marks)))
        if after != before:
            found.append(Removal(what, tuple(marks), before, after))
    return found


def _leaders(ranked: Sequence[Ranked]) -> tuple[str, ...]:
    return tuple(r.hypothesis.mark for r in ranked if r.place == 1)


def disagreements(board: Board) -> list[tuple[str, str, Mapping[str, str]]]:
    """``(evidence, hypothesis, analyst → rating)`` where analysts differ in direction or by two steps or
    more.
    """
    found: list[tuple[str, str, Mapping[str, str]]] = []
    for key, own in sorted(board.ratings.items()):
        people = {a: r for a, r in sorted(own.items()) if a != MACHINE}
        values = [_VALUE[r] for r in people.values() if r in _VALUE]
        if len(values) > 1 and (max(values) - min(values) >= 2 or min(values) < 0 < max(values)):
            found.append((*key, people))
    return found
