"""The blame matrix of one event: accusers × accused, denials and counter-accusations apart, contradictions
flagged.

A view: a pure function of the table ``blame``, the documents and the judgement log. Rival answers stand
side by side; nothing is weighed or chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tocsin.judge.log import Opinion, merged, opinions
from tocsin.model import TABLES, Blame, Judgement, Stance, Verdict, quote
from tocsin.model.access import Tables
from tocsin.model.arrow import rows_of

__all__ = [
    "Cell",
    "Contradiction",
    "Matrix",
    "Party",
    "built_matrix",
    "cells_of",
    "events_of",
    "matrix_of",
    "reviewed_as",
    "same_parties",
]

_REVIEWED: Final = {
    Verdict.CONFIRM: "confirmed",
    Verdict.REJECT: "rejected",
    Verdict.CORRECT: "corrected",
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One claim of the matrix, with its words and how it stands with people."""

    blame_id: str
    claim_id: str
    document_id: str
    channel: str
    published: datetime | None
    accuser: str
    tellers: tuple[str, ...]
    accused: str
    deed: str
    stance: str
    certainty: str
    words: str
    review: str
    accuser_key: str
    accused_key: str
    event_label: str


@dataclass(frozen=True, slots=True)
class Party:
    """A row or column: its key, its most frequent label, how many claims, since when."""

    key: str
    label: str
    claims: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One accuser who says different things over time: ``what`` says which, ``cells`` are the claims in
    order.
    """

    accuser: str
    what: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The matrix of one event. ``cells`` maps (accuser key, accused key) to claims, oldest first.

    ``counter`` are pairs of parties that accuse one another. ``event`` is empty when the case names none.
    """

    event: str
    accusers: tuple[Party, ...]
    accused: tuple[Party, ...]
    cells: Mapping[tuple[str, str], tuple[Cell, ...]]
    denials: tuple[Cell, ...]
    counter: tuple[tuple[str, str], ...]
    contradictions: tuple[Contradiction, ...]
    others: int


def cells_of(tables: Tables, log: Sequence[Judgement]) -> list[tuple[Cell, str]]:
    """Every blame of the tables with the key of its event; rejected ones are left out."""
    rows: list[Blame] = list(rows_of(tables.table("blame"), TABLES["blame"]))
    ids = {row.document_id for row in rows}
    documents = {d["document_id"]: d for d in tables.select("documents", "document_id", ids).to_pylist()}
    contents = {
        c.claim_id: c.content
        for c in rows_of(
            tables.select("claims", "claim_id", {row.claim_id for row in rows}), TABLES["claims"]
        )
    }
    held, heads = opinions(log), merged(log)
    same = same_parties({row.blame_id: row.accused_key for row in rows}, heads)
    found = []
    for row in rows:
        opinion = held.get(row.blame_id) or held.get(row.claim_id)
        review = reviewed_as(opinion)
        if review.startswith("rejected"):
            continue
        text, document = documents[row.document_id]["text"], documents[row.document_id]
        published = document["published"]
        cell = Cell(
            row.blame_id,
            row.claim_id,
            row.document_id,
            document["channel"] or "",
            published.astimezone(UTC) if published else None,
            row.accuser_label,
            row.tellers,
            row.accused_label,
            quote(row.deed, text),
            row.stance,
            row.certainty,
            " ".join(quote(contents.get(row.claim_id, row.accused), text).split()),
            review,
            row.accuser_key or f"words:{row.accuser_label.casefold()}",
            same.get(row.accused_key, row.accused_key),
            row.event_label,
        )
        found.append((cell, row.event_key))
    return found


def reviewed_as(opinion: Opinion | None) -> str:
    """How a finding stands with people, ``confirmed by Ann``; ``unconfirmed`` for pure machine output."""
    if opinion is None or opinion.review is None:
        return "unconfirmed"
    return f"{_REVIEWED[Verdict(opinion.review.verdict)]} by {opinion.review.author}"


def same_parties(keys: Mapping[str, str], heads: Mapping[str, str]) -> dict[str, str]:
    """Key of an accused → the key that stands for it: merging two rows of blame says that their accused
    are one.
    """
    links = {(keys[one], keys[head]) for one, head in heads.items() if one in keys and head in keys}
    found: dict[str, str] = {}
    for one, other in sorted(links):
        a, b = sorted((found.get(one, one), found.get(other, other)))
        found = {key: a if value == b else value for key, value in found.items()} | {a: a, b: a}
    return found


def events_of(tables: Tables, log: Sequence[Judgement]) -> list[tuple[str, int, int]]:
    """``(event, accusations, accused)`` of every event that has a name, the densest first.

    Density is the number of different accused, then of accusers, then of claims: a matrix is worth drawing
    where answers compete.
    """
    groups: dict[str, list[Cell]] = {}
    for cell, key in cells_of(tables, log):
        if key:
            groups.setdefault(key, []).append(cell)
    ranked = sorted(groups.items(), key=lambda item: (_density(item[1]), item[0]))
    return [
        (_label(cell.event_label for cell in cells), len(cells), len({c.accused_key for c in cells}))
        for _, cells in ranked
    ]


def _density(cells: Sequence[Cell]) -> tuple[int, int, int]:
    accused = {c.accused_key for c in cells}
    return -len(accused), -len({c.accuser_key for c in cells}), -len(cells)


def _label(labels: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for label in labels:
        counts[label] = counts.get(label, 0) + 1
    return min(counts, key=lambda text: (-counts[text], text)) if counts else ""


def matrix_of(tables: Tables, log: Sequence[Judgement], event: str = "") -> Matrix:
    """The matrix of the event whose name or deed holds the words ``event``; the densest one if none are
    given.
    """
    everything = cells_of(tables, log)
    if event:
        wanted = event.casefold()
        told = [wanted in f"{c.event_label}\n{c.deed}\n{c.words}".casefold() for c, _ in everything]
        keys = {k for (_, k), here in zip(everything, told, strict=True) if here and k}
        own = [c for (c, k), here in zip(everything, told, strict=True) if here or k in keys]
    else:
        groups: dict[str, list[Cell]] = {}
        for cell, key in everything:
            groups.setdefault(key, []).append(cell)
        named = {key: cells for key, cells in groups.items() if key}
        pool = named or groups
        best = min(pool, key=lambda key: (_density(pool[key]), key)) if pool else ""
        own = pool.get(best, [])
    return built_matrix(own, len(everything) - len(own), event)


def _age(cell: Cell) -> tuple[bool, str, str]:
    return cell.published is None, cell.published.isoformat() if cell.published else "", cell.blame_id


def built_matrix(own: Iterable[Cell], others: int, event: str = "") -> Matrix:
    """The matrix of these cells, in any order; ``event`` are the words for one that has no name."""
    cells = sorted(own, key=_age)
    label = _label(c.event_label for c in cells if c.event_label) or event
    accusing = [c for c in cells if c.stance == Stance.ACCUSE]
    grid: dict[tuple[str, str], list[Cell]] = {}
    for cell in accusing:
        grid.setdefault((cell.accuser_key, cell.accused_key), []).append(cell)
    pairs = {(a, b) for a, b in grid if (b, a) in grid and a < b}
    return Matrix(
        label,
        _parties(accusing, "accuser"),
        _parties(accusing, "accused"),
        {key: tuple(own) for key, own in sorted(grid.items())},
        tuple(c for c in cells if c.stance == Stance.DENY),
        tuple(sorted((_name(accusing, a), _name(accusing, b)) for a, b in pairs)),
        _contradictions(cells),
        others,
    )


def _name(cells: Sequence[Cell], key: str) -> str:
    return _label(c.accuser for c in cells if c.accuser_key == key)


def _parties(cells: Sequence[Cell], side: str) -> tuple[Party, ...]:
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(getattr(cell, f"{side}_key"), []).append(cell)
    found = [
        Party(
            key,
            _label(getattr(c, side) for c in own),
            len(own),
            min((c.published for c in own if c.published), default=None),
        )
        for key, own in groups.items()
    ]
    return tuple(sorted(found, key=lambda p: (-p.claims, p.label, p.key)))


def _contradictions(cells: Sequence[Cell]) -> tuple[Contradiction, ...]:
    """Accusers who accuse and clear the same party, or who name different culprits at different times."""
    by_accuser: dict[str, list[Cell]] = {}
    for cell in cells:
        by_accuser.setdefault(cell.accuser_key, []).append(cell)
    found = []
    for _, own in sorted(by_accuser.items()):
        accused = {c.accused_key for c in own if c.stance == Stance.ACCUSE}
        cleared = {c.accused_key for c in own if c.stance == Stance.DENY}
        if both := accused & cleared:
            kept = tuple(c for c in own if c.accused_key in both)
            found.append(Contradiction(own[0].accuser, "accuses and clears the same party", kept))
        times = {c.published for c in own if c.stance == Stance.ACCUSE}
        if len(accused) > 1 and len(times) > 1:
            kept = tuple(c for c in own if c.stance == Stance.ACCUSE)
            found.append(Contradiction(own[0].accuser, "names different parties over time", kept))
    return tuple(found)
