"""ACH boards as files: CSV and Markdown out, CSV in; and a board proposed from rival blame."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.errors import UsageError
from tocsin.judge.ach import (
    RATINGS,
    Board,
    diagnosticity,
    disagreements,
    ranking,
    sensitivity,
)
from tocsin.judge.matrix import Matrix

__all__ = ["STANDING", "Imported", "marks_after", "proposal_of", "read_csv", "to_csv", "to_markdown"]

#: Explanations that rival blame leaves out; every board starts with them.
STANDING: Final = (
    "It was an accident or negligence, not an attack",
    "It was staged or is a hoax",
    "Somebody else did it, whom nobody names",
    "Nothing of the kind happened",
)
_COLUMNS: Final = ("mark", "evidence", "kind", "source", "credibility", "relevance")
#: Words other tools write into cells (Open Synthesis and spreadsheets made after Heuer).
_WORDS: Final[Mapping[str, str]] = {
    "very consistent": "CC",
    "strongly consistent": "CC",
    "++": "CC",
    "consistent": "C",
    "+": "C",
    "neutral": "N",
    "0": "N",
    "inconsistent": "I",
    "-": "I",
    "very inconsistent": "II",
    "strongly inconsistent": "II",
    "--": "II",
    "n/a": "NA",
    "na": "NA",
    "not applicable": "NA",
}
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Imported:
    """What a CSV file holds: hypotheses, rows of evidence (column → value) and ratings, all in file order."""

    hypotheses: tuple[str, ...]
    evidence: tuple[Mapping[str, str], ...]
    ratings: tuple[tuple[int, int, str], ...]


def proposal_of(matrix: Matrix) -> tuple[list[str], list[dict[str, str]]]:
    """Hypotheses and evidence to start from: one hypothesis for each party accused, and the standing ones.

    Each accusation and denial becomes an item of evidence with its accuser as source; nothing is rated.
    """
    event = matrix.event or "it"
    hypotheses = [f"{party.label} did it ({event})" for party in matrix.accused]
    hypotheses += STANDING
    cells = [c for own in matrix.cells.values() for c in own]
    evidence = []
    for cell in sorted([*cells, *matrix.denials], key=lambda c: (str(c.published), c.blame_id)):
        teller = f" (told by {', '.join(cell.tellers)})" if cell.tellers else ""
        verb = "clears" if cell.stance == "deny" else "blames"
        evidence.append(
            {
                "text": f"{cell.accuser} {verb} {cell.accused}{teller}: {cell.words}",
                "finding": cell.claim_id,
                "source": cell.tellers[0] if cell.tellers else cell.accuser,
                "kind": "claim",
            }
        )
    return hypotheses, evidence


def _safe(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def to_csv(board: Board, analyst: str = "") -> str:
    """One row for each item of evidence, one column for each hypothesis; cells are ratings."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *(_safe(f"{h.mark}: {h.text}") for h in board.hypotheses)])
    for item in board.evidence:
        row = [item.mark, item.text, item.kind, item.source, item.credibility, item.relevance]
        cells = [board.cell(item.mark, h.mark, analyst) for h in board.hypotheses]
        writer.writerow([*map(_safe, row), *cells])
    return out.getvalue()


def read_csv(text: str) -> Imported:
    """A matrix from CSV: a column ``evidence`` (else the first), columns known by name, the rest hypotheses.

    Ratings may be codes or the words of other tools. Raises UsageError with the line of what it cannot read.
    """
    rows = [
        row for row in csv.reader(io.StringIO(text.removeprefix("\ufeff"))) if any(c.strip() for c in row)
    ]
    if not rows:
        raise UsageError("the file holds no rows")
    head = [cell.strip() for cell in rows[0]]
    names = {cell.casefold(): n for n, cell in enumerate(head)}
    told = names.get("evidence", 0)
    known = {name: names[name] for name in (*_COLUMNS, "finding") if name in names}
    columns = [n for n in range(len(head)) if n != told and n not in known.values() and head[n]]
    if not columns:
        raise UsageError("the first line names no hypotheses")
    evidence: list[dict[str, str]] = []
    ratings: list[tuple[int, int, str]] = []
    for number, row in enumerate(rows[1:]):
        cells = [*row, *[""] * (len(head) - len(row))]
        item: dict[str, str] = {str(k): cells[n].strip() for k, n in known.items() if cells[n].strip()}
        evidence.append({**item, "text": cells[told].strip().removeprefix("'")})
        for place, column in enumerate(columns):
            if cells[column].strip():
                ratings.append((number, place, _code(cells[column], number + 2)))
    hypotheses = tuple(head[n].partition(": ")[2] if _marked(head[n]) else head[n] for n in columns)
    return Imported(hypotheses, tuple(evidence), tuple(ratings))


def _marked(head: str) -> bool:
    mark, colon, rest = head.partition(": ")
    return bool(colon and rest) and mark[:1] == "H" and mark[1:].isdigit()


def _code(cell: str, line: int) -> str:
    word = cell.strip().removeprefix("'")
    if word.upper() in RATINGS:
        return word.upper()
    found = _WORDS.get(word.casefold())
    if found is None:
        raise UsageError(f"line {line}: {cell!r} is no rating", remedy=f"Use {', '.join(RATINGS)}")
    return found


def to_markdown(board: Board, analyst: str = "") -> str:
    """The board as one page: ranking, matrix, diagnosticity, what it hangs on, disagreement."""
    spread = diagnosticity(board, analyst)
    lines = [f"# {_plain(board.name)}", "", "Least against it first; that is no proof of it.", ""]
    lines += ["| place | hypothesis | against it | cells rated |", "|---|---|---|---|"]
    for ranked in ranking(board, analyst):
        by = " (proposed by tocsin)" if ranked.hypothesis.proposed else ""
        words = f"{ranked.hypothesis.mark}: {_plain(ranked.hypothesis.text)}{by}"
        place = str(ranked.place) if ranked.place else "–"
        lines.append(f"| {place} | {words} | {ranked.against:.2f} | {ranked.rated} |")
    marks = [h.mark for h in board.hypotheses]
    lines += ["", "| evidence | source | weight | " + " | ".join(marks) + " | diagnostic |"]
    lines.append("|---" * (len(marks) + 4) + "|")
    for item in board.evidence:
        cells = " | ".join(board.cell(item.mark, mark, analyst) or "·" for mark in marks)
        weight = f"{item.credibility} / {item.relevance}"
        words = f"{item.mark}: {_plain(item.text)} ({item.kind})"
        lines.append(f"| {words} | {_plain(item.source)} | {weight} | {cells} | {spread[item.mark]:.2f} |")
    lines += ["", "## What the ranking hangs on", ""]
    removals = sensitivity(board, analyst)
    for removal in removals:
        change = f"{', '.join(removal.before)} → {', '.join(removal.after) or 'none'}"
        lines.append(f"- without {_plain(removal.what)}: {change}")
    if not removals:
        lines.append("No single source or item changes which hypotheses come first.")
    if apart := disagreements(board):
        lines += ["", "## Where analysts differ", ""]
        for evidence, hypothesis, given in apart:
            lines.append(f"- {evidence} × {hypothesis}: " + ", ".join(f"{a} {r}" for a, r in given.items()))
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def marks_after(taken: Sequence[str], letter: str, count: int) -> list[str]:
    """The next ``count`` marks that are not taken: E1, E2 …"""
    top = max((int(m[1:]) for m in taken if m[:1] == letter and m[1:].isdigit()), default=0)
    return [f"{letter}{top + n}" for n in range(1, count + 1)]
