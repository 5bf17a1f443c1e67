"""Narratives: what several documents tell, since when, in which languages, and in which other versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tocsin.errors import NoSuchFindingError
from tocsin.model import TABLES, Narrative, Recurrence, quote
from tocsin.model.arrow import rows_of
from tocsin.present.charts import Axis
from tocsin.serve.charts import Lane, lanes_of
from tocsin.serve.claim_list import with_claim_index
from tocsin.serve.facts import by_date, documents_of, facts_of, with_facts
from tocsin.serve.filters import NarrativeFilters
from tocsin.serve.lists import NEVER, Found, Listing, Where, find
from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = [
    "MOST_TELLINGS",
    "NarrativePage",
    "Other",
    "Telling",
    "find_narratives",
    "narrative_page",
    "with_narrative_index",
]

MOST_TELLINGS: Final = 50
_MOST_LANES, _MOST_OTHERS, _MOST_STORIES = 16, 20, 6
_INDEX = f"""
SELECT n.narrative_id, n.label, n.first, n.last, n.documents, n.channels, n.claims, n.languages, n.stages,
    c.language, replace(c.document::VARCHAR, '-', '') AS document_id,
    coalesce(r.before, 0) AS before, coalesce(r.versions, 0) AS versions,
    coalesce(epoch_us(n.last), -{NEVER}) AS latest, coalesce(epoch_us(n.first), {NEVER}) AS oldest,
    n.channels::BIGINT * 100000000 + least(len(n.languages), 99) * 1000000 + least(n.documents, 999999)
        AS spread,
    n.documents::BIGINT * 100000 + least(n.channels, 99999) AS told, m.names
FROM narratives AS n JOIN claim_index AS c ON c.id = n.label_claim_id::UUID
JOIN (
    SELECT narrative_id, list_distinct(flatten(list([lower(d.channel), d.channel_id]))) AS names
    FROM narrative_claims JOIN document_facts AS d USING (document_id) GROUP BY 1
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


def with_narrative_index(view: View) -> None:
    """Have the table ``narrative_index``."""

    with_facts(view)
    with_claim_index(view)

    def make(tables: Snapshot) -> bool:
        tables.keep("narrative_index", _INDEX)
        return True

    view.once("narrative_index", make)


def find_narratives(view: View, filters: NarrativeFilters) -> Found:
    """One page of the narratives that fulfil the filters. Raises BadCursorError."""
    with_narrative_index(view)
    where = Where()
    where.maybe("list_has_any(names, [lower(?), ?])", filters.channel)
    where.maybe("list_contains(languages, ?)", filters.language)
    where.maybe("len(languages) >= ?", filters.languages)
    where.maybe("(before + versions > 0) = ?", filters.recurring)
    since, until = filters.moments()
    where.maybe("last >= ?::TIMESTAMPTZ", since)
    where.maybe("first <= ?::TIMESTAMPTZ", until)
    return find(view, _LISTING, where, filters.sort, filters)


def _members(view: View, narrative_id: str) -> list[dict[str, Any]]:
    """The claims of a narrative with when and where they were published, the oldest first."""
    rows = view.tables.select("narrative_claims", "narrative_id", [narrative_id]).to_pylist()
    facts = facts_of(view, [row["document_id"] for row in rows])
    known = [row | facts[row["document_id"]] for row in rows if row["document_id"] in facts]
    return sorted(known, key=lambda row: by_date(row, "claim_id"))


def _tellings(view: View, rows: Sequence[dict[str, Any]]) -> list[Telling]:
    known = documents_of(view, [row["document_id"] for row in rows])
    claims = {c.claim_id: c for c in rows_of(view.tables.of_documents("claims", known), TABLES["claims"])}
    made = []
    for row in rows:
        claim = claims[row["claim_id"]]
        words = quote(claim.content, known[row["document_id"]]["text"])
        said = ("language", "source_label", "source_kind", "certainty")
        shown = row | {name: getattr(claim, name) for name in said}
        start = claim.content[0].start if claim.content else 0
        made.append(Telling(shown, " ".join(words.split())[:600], start))
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


def _stories(view: View, documents: Iterable[str]) -> tuple[dict[str, Any], ...]:
    """The stories that most of some documents belong to, each with how many do (``here``)."""
    there = view.tables.select("story_documents", "document_id", documents)
    here = Counter(there.column("story_id").to_pylist())
    best = dict(sorted(here.items(), key=lambda item: (-item[1], item[0]))[:_MOST_STORIES])
    known = {row["story_id"]: row for row in view.tables.select("stories", "story_id", best).to_pylist()}
    return tuple(known[key] | {"here": n} for key, n in best.items() if key in known)


def narrative_page(view: View, narrative_id: str, start: int = 0) -> NarrativePage:
    """One narrative with the tellings from place ``start`` on. Raises NoSuchFindingError."""
    found = list(
        rows_of(view.tables.select("narratives", "narrative_id", [narrative_id]), TABLES["narratives"])
    )
    rows = _members(view, narrative_id)
    if not found or not rows:
        raise NoSuchFindingError(f"the case has no narrative {narrative_id}")
    narrative: Narrative = found[0]
    posts = [(row["channel"] or row["channel_id"] or "", row["published"]) for row in rows]
    lanes, axis, hidden = lanes_of([(name, when) for name, when in posts if when], _MOST_LANES)
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
        stories=_stories(view, {row["document_id"] for row in rows}),
    )
