"""One source: under which names it is quoted, by whom, on what, and how its forecasts came out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from markupsafe import Markup

from tocsin.errors import NoSuchFindingError
from tocsin.judge.ledger import Entry, Scorecard
from tocsin.present.charts import Axis, axis_over, columns_svg
from tocsin.serve.charts import axis_dates
from tocsin.serve.claim_list import with_claim_index
from tocsin.serve.forecast_list import source_forecasts, source_scores
from tocsin.serve.reading import View
from tocsin.serve.source_list import SourceTables, source_tables

__all__ = ["STEP", "SourcePage", "names_of", "quotes_of", "source_page"]

_MOST: Final = 15
STEP: Final = 15
_MOST_FORECASTS: Final = 8
_MOST_SPELLINGS, _MOST_ROLES, _MOST_OTHERS, _MOST_MEMBERS, _MOST_LABELS = 30, 12, 8, 50, 12


@dataclass(frozen=True, slots=True)
class SourcePage:
    """Everything the page shows; ``claims`` are (claim, document), newest first, from place ``start`` on."""

    row: dict[str, Any]
    keys: tuple[str, ...]
    spellings: tuple[tuple[str, str, int], ...]
    roles: tuple[str, ...]
    maybe: tuple[tuple[str, str], ...]
    members: tuple[str, ...]
    methods: tuple[str, ...]
    channels: tuple[tuple[str | None, int], ...]
    hidden_channels: int
    relays: tuple[tuple[str, int], ...]
    quotes: tuple[tuple[str, int], ...]
    kinds: tuple[tuple[str, int], ...]
    certainties: tuple[tuple[str, int], ...]
    drawing: Markup | None
    axis: Axis | None
    claims: tuple[tuple[str, str], ...]
    start: int
    total: int
    cards: tuple[Scorecard, ...]
    forecasts: tuple[Entry, ...]
    hidden_forecasts: int


def _commonest(values: Iterable[Any] | Mapping[Any, int], most: int) -> tuple[tuple[Any, int], ...]:
    """Values (or values with their numbers), the commonest first."""
    tally = Counter(values)
    return tuple(sorted(tally.items(), key=lambda item: (-item[1], str(item[0])))[:most])


def _rows(view: View, name: str, column: str, values: Iterable[str], *shown: str) -> list[dict[str, Any]]:
    """Some columns of the rows of a table, by id."""
    found: list[dict[str, Any]] = view.tables.select(name, column, values).select(shown).to_pylist()
    return found


def quotes_of(view: View, names: SourceTables, key: str) -> list[dict[str, Any]]:
    """The attributions whose source it is: ``attribution_id``, ``document_id``, ``parent_id``,
    ``source_key``, whether it is an entity (``known``); of the document ``channel``, ``published`` and
    ``language``.
    """
    columns = "attribution_id, document_id, parent_id, source_key, known, channel, published, language"
    found = view.tables.query(f"SELECT {columns} FROM {names.quotes} WHERE id = ?", [key])
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def names_of(view: View, quotes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """How the texts write an entity, what they call it, and whom else it might be."""
    said = [row["attribution_id"] for row in quotes if row["known"]]
    mentions = _rows(view, "entity_mentions", "attribution_id", said, "document_entity_id")
    own = sorted({row["document_entity_id"] for row in mentions})
    here = ("document_entity_id", own)
    entities = _rows(view, "document_entities", *here, "document_id", "spellings", "roles")
    spoken = {row["document_id"]: row["language"] for row in quotes}
    written: dict[str, list[str]] = {}
    for row in entities:
        for spelling in row["spellings"]:
            written.setdefault(spelling, []).append(spoken.get(row["document_id"]) or "und")
    spellings = _commonest((spelling for row in entities for spelling in row["spellings"]), _MOST_SPELLINGS)
    roles = _commonest((role for row in entities for role in row["roles"]), _MOST_ROLES)
    joined = _rows(view, "entities", *here, "alternatives", "method")
    others = [other for row in joined for other in row["alternatives"]]
    maybe = _commonest((other["label"] for other in others), _MOST_OTHERS)
    return {
        "spellings": tuple((" ".join(s.split()), min(written[s]), n) for s, n in spellings),
        "roles": tuple(dict.fromkeys(" ".join(role.split()) for role, _ in roles)),
        "maybe": tuple((label, min(o["value"] for o in others if o["label"] == label)) for label, _ in maybe),
        "members": tuple(own[:_MOST_MEMBERS]),
        "methods": tuple(sorted({row["method"] for row in joined})),
    }


def _by_day(facts: Iterable[Mapping[str, Any]], language: str) -> tuple[Markup | None, Axis | None]:
    """Documents that quote it, over time."""
    days = Counter(fact["published"].astimezone(UTC).date() for fact in facts if fact["published"])
    if len(days) < 2:
        return None, None
    moments = [(datetime.combine(day, time(), UTC), days[day]) for day in sorted(days)]
    axis = axis_over(moments[0][0], moments[-1][0], finest="day")
    counts = [0] * axis.bins
    for when, n in moments:
        counts[min(int(axis.place(when) / 100 * axis.bins), axis.bins - 1)] += n
    english = language == "en"
    labels = [axis.label(i) for i in range(axis.bins)] if english else axis_dates(axis, language)
    return columns_svg(counts, max(counts), f"{labels[0]} – {labels[-1]}: {sum(counts):,}", labels), axis


def _claims(
    view: View, names: SourceTables, key: str, start: int
) -> tuple[tuple[tuple[str, str], ...], dict[str, Counter[str]]]:
    """A page of the claims that rest on it; and their kinds and certainties, counted."""
    with_claim_index(view)
    base = f"FROM claim_index WHERE said IN (SELECT attribution_id::UUID FROM {names.quotes} WHERE id = ?)"
    rows = view.tables.query(
        "SELECT replace(id::VARCHAR, '-', '') AS id, replace(document::VARCHAR, '-', '') AS document "
        f"{base} ORDER BY moment DESC, id LIMIT ? OFFSET ?",
        [key, STEP, start],
    ).to_pylist()
    counted = view.tables.query(f"SELECT kind, certainty, count(*) AS n {base} GROUP BY 1, 2", [key])
    tallies: dict[str, Counter[str]] = {"kind": Counter(), "certainty": Counter()}
    for row in counted.to_pylist():
        for column, tally in tallies.items():
            tally[row[column]] += row["n"]
    return tuple((row["id"], row["document"]) for row in rows), tallies


def source_page(view: View, key: str, start: int = 0, language: str = "en") -> SourcePage:
    """One source. Raises NoSuchFindingError."""
    names = source_tables(view)
    rows = view.tables.query(f"SELECT * FROM {names.index} WHERE id = ?", [key]).to_pylist()
    if not rows:
        raise NoSuchFindingError(f"nobody of the id {key} is quoted in the case")
    quotes = quotes_of(view, names, key)
    claims, tallies = _claims(view, names, key, start)
    keys = {row["source_key"] for row in quotes}
    documents = {row["document_id"]: row for row in quotes}
    channels = _commonest((row["channel"] for row in quotes), len(quotes))
    above = Counter(row["parent_id"] for row in quotes if row["parent_id"])
    relays: Counter[str] = Counter()
    for row in _rows(view, "attributions", "attribution_id", above, "attribution_id", "source_label"):
        relays[row["source_label"]] += above[row["attribution_id"]]
    said = [row["attribution_id"] for row in quotes]
    quoted = _rows(view, "attributions", "parent_id", said, "source_label")
    drawing, axis = _by_day(documents.values(), language)
    named = {k for k in keys if k}
    forecasts, foretold = source_forecasts(view, named, _MOST_FORECASTS)
    return SourcePage(
        row=rows[0],
        keys=tuple(sorted(keys)),
        **names_of(view, quotes),
        channels=channels[:_MOST],
        hidden_channels=max(0, len(channels) - _MOST),
        relays=_commonest(relays, _MOST_LABELS),
        quotes=_commonest((row["source_label"] for row in quoted), _MOST_LABELS),
        kinds=_commonest(tallies["kind"], _MOST),
        certainties=_commonest(tallies["certainty"], _MOST),
        drawing=drawing,
        axis=axis,
        claims=claims,
        start=start,
        total=tallies["kind"].total(),
        cards=tuple(source_scores(view, named)) if foretold else (),
        forecasts=tuple(forecasts),
        hidden_forecasts=foretold - len(forecasts),
    )
