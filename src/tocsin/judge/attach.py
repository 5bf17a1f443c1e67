"""Judgements and findings kept together when ids change.

Ids name document, spans and method, so a new version of a method gives new ids to findings that are still
there. A judgement keeps where its finding stood (table, document, item, spans) and its words. It is
attached, in this order, to: the finding of its id; the finding of the same table and document whose spans
have most in common with its own (at least half); the finding in a newer version of the same post that
stands on the same words. What attaches to nothing is an orphan: shown, never dropped.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from tocsin.errors import NoSuchFindingError
from tocsin.judge.log import in_force
from tocsin.model import Judgement, Span, Verdict, quote
from tocsin.model.access import Tables

__all__ = ["ABOUT", "FINDINGS", "Attached", "Finding", "anchor_of", "attached", "place_of"]

#: Table → its id and the spans that say where a row stands (``start`` and ``end`` make one).
FINDINGS: Final[Mapping[str, tuple[str, str]]] = {
    "claims": ("claim_id", "content"),
    "attributions": ("attribution_id", "content"),
    "forecasts": ("forecast_id", "event"),
    "blame": ("blame_id", "accused"),
    "checks": ("check_id", "statement"),
    "source_checks": ("check_id", "statement"),
    "factcheck_matches": ("match_id", "content"),
    "times": ("mention_id", ""),
    "places": ("mention_id", ""),
    "quantities": ("mention_id", ""),
    "document_entities": ("document_entity_id", "places"),
    "documents": ("document_id", ""),
}
#: Tables in which several rows stand on the same spans, and what tells them apart.
ABOUT: Final[Mapping[str, str]] = {"factcheck_matches": "reference_id"}
_SAME: Final = 0.5
_QUOTED: Final = 200  # code points kept of a document


@dataclass(frozen=True, slots=True)
class Finding:
    """Where a finding stands: its table, id, document and spans; and what it is about, beside its words."""

    table: str
    finding_id: str
    document_id: str
    spans: tuple[tuple[int, int], ...]
    about: str = ""


@dataclass(frozen=True, slots=True)
class Attached:
    """The log with ids as they are now, the entries that belong to no finding, and what was moved (old →
    new).
    """

    log: tuple[Judgement, ...]
    orphans: tuple[Judgement, ...]
    moved: Mapping[str, str] = field(default_factory=dict)


def anchor_of(finding: Finding, item_id: str) -> str:
    """What a judgement keeps of where its finding stood, as JSON with sorted keys."""
    found: dict[str, Any] = {
        "document": finding.document_id,
        "item": item_id,
        "spans": [list(s) for s in finding.spans],
        "table": finding.table,
    }
    found |= {"about": finding.about} if finding.about else {}
    return json.dumps(found, sort_keys=True)


def place_of(one: Callable[[str, str, str], Any], finding_id: str) -> tuple[Finding, str, str]:
    """Where a finding stands, the item of its document and its words; ids of old versions count.

    ``one`` gives the row of a table with a value in a column. Raises NoSuchFindingError.
    """
    for name, (key, spans) in FINDINGS.items():
        try:
            row = one(name, key, finding_id)
        except NoSuchFindingError:
            continue
        document = one("documents", "document_id", row.document_id)
        if name == "documents":
            places: tuple[Span, ...] = (Span(0, max(1, min(_QUOTED, len(row.text)))),)
        else:
            places = getattr(row, spans) if spans else (Span(row.start, row.end),)
        where = tuple((s.start, s.end) for s in places)
        found = Finding(name, finding_id, row.document_id, where, getattr(row, ABOUT.get(name, ""), ""))
        return found, document.item_id, quote(places, document.text)
    raise NoSuchFindingError(f"the case has no finding {finding_id!r}")


def findings_of(tables: Tables, name: str, column: str, values: Iterable[str]) -> list[Finding]:
    """The rows of a table whose ``column`` is one of ``values``, as findings."""
    key, spans = FINDINGS[name]
    rows = tables.select(name, column, values)
    found = []
    for row in rows.to_pylist():
        if spans:
            places = tuple((s["start"], s["end"]) for s in row[spans])
        elif name == "documents":
            places = ((0, max(1, min(_QUOTED, len(row["text"])))),)
        else:
            places = ((row["start"], row["end"]),)
        about = row[ABOUT[name]] if name in ABOUT else ""
        found.append(Finding(name, row[key], row["document_id"], places, about))
    return found


def attached(log: Sequence[Judgement], tables: Tables, boards: Iterable[str] = ()) -> Attached:
    """Give every entry the id its finding has now; ``boards`` are ids that are no findings of the case."""
    present = _present(log, tables) | set(boards)
    lost = [e for e in log if e.finding_id not in present]
    moved = _moved(lost, tables)
    current = []
    for entry in log:
        detail = moved.get(entry.detail, entry.detail) if entry.verdict == Verdict.MERGE else entry.detail
        current.append(
            replace(entry, finding_id=moved.get(entry.finding_id, entry.finding_id), detail=detail)
        )
    known = present | set(moved.values())
    alive = in_force(current)
    orphans = tuple(e for e in alive if e.finding_id not in known and e.verdict != Verdict.ASSESS)
    return Attached(tuple(current), orphans, moved)


def _present(log: Sequence[Judgement], tables: Tables) -> set[str]:
    """The findings of a log that the case has: first in the documents of their anchors.

    Only those without an anchor (and what findings are merged with) are looked for everywhere.
    """
    documents: dict[str, set[str]] = {}
    loose: set[str] = set()
    for entry in log:
        anchor = json.loads(entry.anchor) if entry.anchor else {}
        if anchor.get("table") in FINDINGS:
            documents.setdefault(anchor["table"], set()).add(anchor["document"])
        else:
            loose.add(entry.finding_id)
        if entry.verdict == Verdict.MERGE:
            loose.add(entry.detail)
    present: set[str] = set()
    for name, there in documents.items():
        present.update(tables.select(name, "document_id", there).column(FINDINGS[name][0]).to_pylist())
    loose -= present
    for name, (key, _) in FINDINGS.items() if loose else ():
        present.update(tables.select(name, key, loose).column(key).to_pylist())
    return present


def _moved(lost: Sequence[Judgement], tables: Tables) -> dict[str, str]:
    anchors: dict[str, tuple[dict[str, Any], str]] = {}
    for entry in lost:
        if entry.anchor:
            anchors.setdefault(entry.finding_id, (json.loads(entry.anchor), entry.quote))
    by_table: dict[str, list[str]] = {}
    for finding, (anchor, _) in sorted(anchors.items()):
        if anchor["table"] in FINDINGS:
            by_table.setdefault(anchor["table"], []).append(finding)
    moved: dict[str, str] = {}
    for name, findings in by_table.items():
        documents = {anchors[f][0]["document"] for f in findings}
        rows = findings_of(tables, name, "document_id", documents)
        for finding in findings:
            anchor = anchors[finding][0]
            place = tuple((s[0], s[1]) for s in anchor["spans"])
            there = [r for r in rows if r.document_id == anchor["document"] and _alike(r, anchor)]
            best = _best(there, place)
            if best is not None:
                moved[finding] = best.finding_id
    rest = {f: anchors[f] for f in anchors if f not in moved and anchors[f][0].get("item")}
    return moved | _in_newer_versions(rest, tables)


def _best(rows: Sequence[Finding], place: tuple[tuple[int, int], ...]) -> Finding | None:
    own = _characters(place)
    scored = []
    for row in rows:
        other = _characters(row.spans)
        share = len(own & other) / len(own | other) if own | other else 0.0
        if share >= _SAME:
            scored.append((-share, row.finding_id, row))
    return min(scored)[2] if scored else None


def _characters(spans: Iterable[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end)}


def _in_newer_versions(rest: Mapping[str, tuple[dict[str, Any], str]], tables: Tables) -> dict[str, str]:
    """Findings on the same words in the current version of an edited post."""
    if not rest:
        return {}
    items = {anchor["item"] for anchor, _ in rest.values()}
    documents = tables.select("documents", "item_id", items).to_pylist()
    moved: dict[str, str] = {}
    for finding, (anchor, words) in sorted(rest.items()):
        for document in documents:
            if document["item_id"] != anchor["item"]:
                continue
            place = _located(document["text"], words)
            if not place or anchor["table"] not in FINDINGS:
                continue
            if anchor["table"] == "documents":
                moved[finding] = document["document_id"]
                continue
            rows = findings_of(tables, anchor["table"], "document_id", [document["document_id"]])
            best = _best([row for row in rows if _alike(row, anchor)], place)
            if best is not None:
                moved[finding] = best.finding_id
    return moved


def _alike(row: Finding, anchor: Mapping[str, Any]) -> bool:
    """Whether a row is about what was judged: the same entry of a base, where it is about one."""
    about: str = anchor.get("about", "")
    return row.about == about


def _located(text: str, words: str) -> tuple[tuple[int, int], ...]:
    """Where a quotation (pieces joined by « … ») stands in another text; empty if not all of it does."""
    found: list[tuple[int, int]] = []
    at = 0
    for piece in words.split(" … "):
        start = text.find(piece, at)
        if start < 0 or not piece:
            return ()
        found.append((start, start + len(piece)))
        at = start + len(piece)
    return tuple(found)
