"""Have we heard it before? Narratives of one frame: told elsewhere, of another actor, denied, or long ago.

Two narratives share a frame where wordings of the one lie near wordings of the other although they do not say
the same: the links that ``wordings`` found with a conflict. What conflicts is what fills another slot of the
frame: an actor, a place, a number; or it is a denial. Entries of an imported base of earlier cases
(``tocsin reference add``) are compared with the central claim by meaning. A kernel of the corpus.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from tocsin.link.narratives.facts import changes, facts_from_row
from tocsin.link.narratives.meanings import unpack
from tocsin.link.narratives.wordings import nearness
from tocsin.model import Recurrence, Relation, make_id
from tocsin.model.arrow import rows_among, rows_of, table_of
from tocsin.model.tables import NARRATIVES, RECURRENCES, WORDING_LINKS

if TYPE_CHECKING:
    from tocsin.model import Narrative
    from tocsin.model.access import CorpusTables

__all__ = ["find_recurrences"]

_METHOD: Final = "recurrence/1"
#: Days between two narratives of one frame from which the later one is a return, not another version.
_LATER: Final = 30
_MOST_EARLIER: Final = 5
_MOST_CHANGES: Final = 4
_BLOCK: Final = 256
#: A catalogue's title is a summary, no sentence of a post: it lies a little farther off.
_SLACK: Final = 0.03


@dataclass(slots=True)
class _Between:
    """The links between two narratives: the best score, and how often each conflict stands."""

    score: float
    conflicts: Counter[str]
    links: int


def _gap(earlier: Narrative, later: Narrative) -> int | None:
    if earlier.last is None or later.first is None:
        return None
    return max(0, (later.first - earlier.last).days)


def _relation(between: _Between, gap: int | None) -> Relation | None:
    denied = sum(n for words, n in between.conflicts.items() if words.startswith(("negation", "opposite")))
    if 2 * denied > between.links:
        return Relation.OPPOSITE
    if gap is not None and gap >= _LATER:
        return Relation.RECURRENCE
    return Relation.VERSION if between.conflicts else None


def _pairs(given: CorpusTables) -> Mapping[tuple[str, str], _Between]:
    """Pairs of narratives with links between their wordings."""
    meanings = given.table("claim_meanings", ["claim_id", "wording_id"]).to_pydict()
    wording_of = dict(zip(meanings["claim_id"], meanings["wording_id"], strict=True))
    members = given.table("narrative_claims", ["claim_id", "narrative_id"]).to_pydict()
    home = {
        wording_of[claim]: narrative
        for claim, narrative in zip(members["claim_id"], members["narrative_id"], strict=True)
    }
    found: dict[tuple[str, str], _Between] = {}
    for link in rows_of(given.table("wording_links"), WORDING_LINKS):
        a, b = home.get(link.wording_id), home.get(link.other_id)
        if a is None or b is None or a == b:
            continue
        between = found.setdefault((min(a, b), max(a, b)), _Between(0.0, Counter(), 0))
        between.score = max(between.score, link.score)
        between.conflicts.update(link.conflicts)
        between.links += 1
    return found


def _of_claims(given: CorpusTables, columns: list[str], claims: Iterable[str]) -> list[dict[str, Any]]:
    """Rows of ``claim_meanings`` of some claims."""
    table = given.table("claim_meanings", columns)
    rows: list[dict[str, Any]] = rows_among(table, "claim_id", claims).to_pylist()
    return rows


def _within(given: CorpusTables, narratives: Mapping[str, Narrative]) -> Iterable[Recurrence]:
    """Recurrences among the narratives of the case."""
    columns = ["claim_id", "language", "denied", "actors", "places", "numbers", "opposites"]
    heads = {narrative.label_claim_id for narrative in narratives.values()}
    facts = {row["claim_id"]: facts_from_row(row) for row in _of_claims(given, columns, heads)}
    for (a, b), between in sorted(_pairs(given).items()):
        earlier, later = sorted(
            (narratives[a], narratives[b]),
            key=lambda n: (n.first is None, n.first.isoformat() if n.first else "", n.narrative_id),
        )
        gap = _gap(earlier, later)
        relation = _relation(between, gap)
        if relation is None:
            continue
        changed = changes(facts[earlier.label_claim_id], facts[later.label_claim_id])
        if not changed:  # the central claims leave open what others of them name
            often = sorted(between.conflicts.items(), key=lambda pair: (-pair[1], pair[0]))
            changed = tuple(words for words, _ in often)
        yield Recurrence(
            make_id("recurrence", later.narrative_id, earlier.narrative_id),
            later.narrative_id,
            earlier.narrative_id,
            relation,
            earlier.label,
            earlier.first,
            gap,
            changed[:_MOST_CHANGES],
            between.score,
            (f"{between.links} pairs of wordings are near one another",),
            _METHOD,
        )


def _from_references(given: CorpusTables, narratives: Mapping[str, Narrative]) -> Iterable[Recurrence]:
    """The nearest entries of the reference bases, at most a few for each narrative."""
    import numpy as np

    base = given.table("reference_entries")
    if not base.num_rows or not narratives:
        return
    entries = base.drop_columns(["vector", "scale"]).to_pylist()
    vectors = unpack(base.column("vector").to_pylist(), base.column("scale").to_pylist())
    heads = {narrative.label_claim_id: narrative for narrative in narratives.values()}
    own = _of_claims(given, ["claim_id", "language", "vector", "scale"], heads)
    codes = sorted({entry["language"] for entry in entries})
    for start in range(0, len(own), _BLOCK):
        block = own[start : start + _BLOCK]
        near = unpack([row["vector"] for row in block], [row["scale"] for row in block]) @ vectors.T
        for row, similarities in zip(block, near, strict=True):
            limits = {code: nearness(row["language"], code) - _SLACK for code in codes}
            order = np.argsort(-similarities, kind="stable")[:_MOST_EARLIER]
            for at in order.tolist():
                limit, similarity = limits[entries[at]["language"]], float(similarities[at])
                if similarity >= limit:
                    yield _reference(heads[row["claim_id"]], entries[at], similarity, limit)


def _reference(narrative: Narrative, entry: Mapping[str, Any], similarity: float, limit: float) -> Recurrence:
    date: datetime | None = entry["date"]
    known = date is not None and narrative.first is not None and narrative.first >= date
    about = ", ".join(entry["countries"])
    return Recurrence(
        make_id("recurrence", narrative.narrative_id, entry["reference_id"]),
        narrative.narrative_id,
        entry["reference_id"],
        Relation.REFERENCE,
        entry["title"],
        date,
        (narrative.first - date).days if known and narrative.first and date else None,
        (f"catalogued under {about}",) if about else (),
        round(min(1.0, 0.5 + 0.5 * (similarity - limit) / (1 - limit)), 4),
        (f"meaning {similarity:.2f}; {limit:.2f} is asked for", f"entry of {entry['base']}"),
        _METHOD,
    )


def find_recurrences(given: CorpusTables) -> dict[str, pa.Table]:
    """Kernel: narratives, links between wordings and reference entries → ``recurrences``.

    Raises nothing but Arrow's own errors for missing columns.
    """
    narratives = {n.narrative_id: n for n in rows_of(given.table("narratives"), NARRATIVES)}
    found = [*_within(given, narratives), *_from_references(given, narratives)]
    best: dict[str, list[Recurrence]] = defaultdict(list)
    for row in sorted(found, key=lambda r: (-r.score, r.recurrence_id)):
        if len(best[row.narrative_id]) < 2 * _MOST_EARLIER:
            best[row.narrative_id].append(row)
    rows = [row for own in best.values() for row in own]
    rows.sort(key=lambda r: (r.narrative_id, r.recurrence_id))
    return {"recurrences": table_of(rows, RECURRENCES)}
