"""Narratives: what several documents tell, since when, in which languages, and in which other versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES, Narrative, Recurrence, quote
from tocsin.model.arrow import rows_of
from tocsin.present.charts import Axis
from tocsin.serve.charts import Lane, lanes_of
from tocsin.serve.facts import with_facts
from tocsin.serve.filters import NarrativeFilters
from tocsin.serve.lists import NEVER, Found, Listing, Where, find
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["MOST_TELLINGS", "NarrativePage", "Other", "Telling", "find_narratives", "narrative_page"]

MOST_TELLINGS: Final = 50
_MOST_LANES, _MOST_OTHERS = 16, 20
_INDEX = f"""
SELECT n.narrative_id, n.label, n.first, n.last, n.documents, n.channels, n.claims, n.languages, n.stages,
    c.language, c.document_id, coalesce(r.before, 0) AS before, coalesce(r.versions, 0) AS versions,
    coalesce(epoch_us(n.last), -{NEVER}) AS latest, coalesce(epoch_us(n.first), {NEVER}) AS oldest,
    n.channels * 100000000 + least(len(n.languages), 99) * 1000000 + least(n.documents, 999999) AS spread,
    n.documents * 100000 + least(n.channels, 99999) AS told, m.names
FROM narratives AS n JOIN claims AS c ON c.claim_id = n.label_claim_id
JOIN (
    SELECT narrative_id, list_distinct(flatten(list([lower(d.channel), d.channel_id]))) AS names
    FROM narrative_claims JOIN documents AS d USING (document_id) GROUP BY 1
) AS m USING (narrative_id)
LEFT JOIN (
    SELECT narrative_id, count(*) FILTER (relation IN ('recurrence', 'reference')) AS before,
        count(*) FILTER (relation NOT IN ('recurrence', 'reference')) AS versions
    FROM recurrences GROUP BY 1
) AS r USING (narrative_id)
"""
_LISTING = Listing(
    "narratives",
    "narrative_index",
    "narrative_id",
    "narrative_id, label, first, last, documents, channels, languages, stages, language, document_id, "
    "before, versions",
    {
        "channels": ("spread", "DESC", int),
        "documents": ("told", "DESC", int),
        "newest": ("latest", "DESC", int),
        "oldest": ("oldest", "ASC", int),
    },
)


@dataclass(frozen=True, slots=True)
class Telling:
    """One claim of a narrative; ``row`` has what the list shows, ``words`` are verbatim from ``start`` on."""

    row: dict[str, Any]
    words: str
    start: int


@dataclass(frozen=True, slots=True)
class Other:
    """Another narrative, or an entry of a reference base, of the same frame. ``later``: it came after."""

    recurrence: Recurrence
    narrative_id: str
    url: str
    later: bool


@dataclass(frozen=True, slots=True)
class NarrativePage:
    """Everything the page shows; ``start`` is the place of the first telling among ``total``."""

    narrative: Narrative
    label: Telling
    tellings: tuple[Telling, ...]
    start: int
    total: int
    lanes: tuple[Lane, ...]
    axis: Axis | None
    hidden_lanes: int
    others: tuple[Other, ...]
    stories: tuple[dict[str, Any], ...]


def _index(tables: Snapshot) -> bool:
    tables.keep("narrative_index", _INDEX)
    return True


def find_narratives(view: View, filters: NarrativeFilters) -> Found:
    """One page of the narratives that fulfil the filters. Raises BadCursorError."""
    view.once("narrative_index", _index)
    where = Where()
    where.maybe("list_has_any(names, [lower(?), ?])", filters.channel)
    where.maybe("list_contains(languages, ?)", filters.language)
    where.maybe("len(languages) >= ?", filters.languages)
    where.maybe("(before + versions > 0) = ?", filters.recurring)
    since, until = filters.moments()
    where.maybe("last >= ?::TIMESTAMPTZ", since)
    where.maybe("first <= ?::TIMESTAMPTZ", until)
    return find(view, _LISTING, where, filters.sort, filters)


_TELLINGS = """
SELECT m.claim_id, m.document_id, m.telling, m.score, m.reasons, d.channel, d.channel_id, d.published,
    c.language, c.source_label, c.source_kind, c.certainty
FROM narrative_claims AS m JOIN document_facts AS d USING (document_id)
JOIN all_claims AS c USING (claim_id)
WHERE m.narrative_id = ? ORDER BY d.published NULLS LAST, m.claim_id
"""


def _tellings(view: View, rows: Sequence[dict[str, Any]]) -> list[Telling]:
    ids = [row["claim_id"] for row in rows]
    claims = {c.claim_id: c for c in rows_of(view.tables.select("claims", "claim_id", ids), TABLES["claims"])}
    found = view.tables.query(
        "SELECT document_id, text FROM all_documents WHERE document_id IN (SELECT unnest(?))",
        [sorted({row["document_id"] for row in rows})],
    )
    texts = dict(zip(*(column.to_pylist() for column in found.columns), strict=True))
    made = []
    for row in rows:
        content = claims[row["claim_id"]].content
        words = quote(content, texts[row["document_id"]])
        made.append(Telling(row, " ".join(words.split())[:600], content[0].start if content else 0))
    return made


def _others(view: View, narrative_id: str) -> tuple[Other, ...]:
    """Earlier narratives of the same frame, then later ones that have this one as their earlier."""
    earlier = list(
        rows_of(view.tables.select("recurrences", "narrative_id", [narrative_id]), TABLES["recurrences"])
    )
    later = list(
        rows_of(view.tables.select("recurrences", "earlier_id", [narrative_id]), TABLES["recurrences"])
    )
    ids = [r.earlier_id for r in earlier]
    base = view.tables.select("reference_entries", "reference_id", ids).select(["reference_id", "url"])
    urls = {row["reference_id"]: row["url"] or "" for row in base.to_pylist()}
    found = [
        Other(r, "" if r.earlier_id in urls else r.earlier_id, urls.get(r.earlier_id, ""), later=False)
        for r in sorted(earlier, key=lambda r: (-r.score, r.recurrence_id))
    ]
    found += [
        Other(r, r.narrative_id, "", later=True)
        for r in sorted(later, key=lambda r: (-r.score, r.recurrence_id))
    ]
    return tuple(found[:_MOST_OTHERS])


def narrative_page(view: View, narrative_id: str, start: int = 0) -> NarrativePage:
    """One narrative with the tellings from place ``start`` on. Raises NoSuchFindingError."""
    found = list(
        rows_of(view.tables.select("narratives", "narrative_id", [narrative_id]), TABLES["narratives"])
    )
    with_facts(view)
    rows = view.tables.query(_TELLINGS, [narrative_id]).to_pylist()
    if not found or not rows:
        raise NoSuchFindingError(f"the case has no narrative {narrative_id}")
    narrative: Narrative = found[0]
    posts = [(row["channel"] or row["channel_id"] or "", row["published"]) for row in rows]
    lanes, axis, hidden = lanes_of([(name, when) for name, when in posts if when], _MOST_LANES)
    stories = view.tables.query(
        "SELECT s.story_id, s.documents, s.channels, s.origins_low, s.origins_high, count(*) AS here "
        "FROM story_documents AS d JOIN stories AS s USING (story_id) "
        "WHERE d.document_id IN (SELECT unnest(?)) GROUP BY ALL ORDER BY here DESC, story_id LIMIT 6",
        [sorted({row["document_id"] for row in rows})],
    ).to_pylist()
    central = next((row for row in rows if row["claim_id"] == narrative.label_claim_id), rows[0])
    (label,) = _tellings(view, [central])
    return NarrativePage(
        narrative=narrative,
        label=label,
        tellings=tuple(_tellings(view, rows[start : start + MOST_TELLINGS])),
        start=start,
        total=len(rows),
        lanes=tuple(lanes),
        axis=axis,
        hidden_lanes=hidden,
        others=_others(view, narrative_id),
        stories=tuple(stories),
    )
