"""One source: under which names it is quoted, by whom, on what, and how its forecasts came out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any, Final

from markupsafe import Markup

from tocsin.errors import NoSuchFindingError
from tocsin.judge.ledger import Entry, Scorecard
from tocsin.present.charts import Axis, axis_over, columns_svg
from tocsin.serve.forecast_list import ledger, scores
from tocsin.serve.lists import Where
from tocsin.serve.reading import View
from tocsin.serve.source_list import SourceTables, source_tables

__all__ = ["STEP", "SourcePage", "names_of", "source_page"]

_MOST: Final = 15
STEP: Final = 15
_MOST_FORECASTS: Final = 8


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


def _pairs(view: View, sql: str, *values: Any) -> tuple[tuple[Any, int], ...]:
    rows = view.tables.query(sql, list(values))
    return tuple(zip(*(column.to_pylist() for column in rows.columns), strict=True)) if rows.num_rows else ()


def names_of(view: View, names: SourceTables, key: str) -> dict[str, Any]:
    """How the texts write an entity, what they call it, and whom else it might be."""
    own = (
        f"SELECT DISTINCT m.document_entity_id FROM {names.quotes} AS q JOIN entity_mentions AS m "
        "USING (attribution_id) WHERE q.id = ? AND q.known"
    )
    spellings = view.tables.query(
        "SELECT spelling, any_value(language) AS language, count(*) AS n FROM ("
        "SELECT unnest(e.spellings) AS spelling, l.language FROM document_entities AS e LEFT JOIN "
        "(SELECT document_id, language FROM document_languages WHERE rank = 0) AS l USING (document_id) "
        f"WHERE e.document_entity_id IN ({own})) GROUP BY 1 ORDER BY 3 DESC, 1 LIMIT 30",
        [key],
    ).to_pylist()
    roles = view.tables.query(
        "SELECT role FROM (SELECT unnest(roles) AS role FROM document_entities "
        f"WHERE document_entity_id IN ({own})) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 12",
        [key],
    )
    others = view.tables.query(
        "SELECT o.label, min(o.value) AS value FROM (SELECT unnest(alternatives) AS o FROM entities "
        f"WHERE document_entity_id IN ({own})) GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 8",
        [key],
    ).to_pylist()
    members = view.tables.query(f"SELECT * FROM ({own}) ORDER BY 1 LIMIT 50", [key]).column(0).to_pylist()
    methods = view.tables.query(
        f"SELECT DISTINCT method FROM entities WHERE document_entity_id IN ({own}) ORDER BY 1", [key]
    )
    return {
        "spellings": tuple(
            (" ".join(r["spelling"].split()), r["language"] or "und", r["n"]) for r in spellings
        ),
        "roles": tuple(dict.fromkeys(" ".join(role.split()) for role in roles.column(0).to_pylist())),
        "maybe": tuple((row["label"], row["value"]) for row in others),
        "members": tuple(members),
        "methods": tuple(methods.column(0).to_pylist()),
    }


def _by_day(view: View, names: SourceTables, key: str) -> tuple[Markup | None, Axis | None]:
    """Documents that quote it, over time."""
    found = view.tables.query(
        f"SELECT d.published::DATE AS day, count(DISTINCT d.document_id) AS n FROM {names.quotes} AS q "
        "JOIN document_facts AS d USING (document_id) WHERE q.id = ? AND d.published IS NOT NULL "
        "GROUP BY 1 ORDER BY 1",
        [key],
    ).to_pylist()
    if len(found) < 2:
        return None, None
    moments = [(datetime.combine(row["day"], time(), UTC), row["n"]) for row in found]
    axis = axis_over(moments[0][0], moments[-1][0], finest="day")
    counts = [0] * axis.bins
    for when, n in moments:
        counts[min(int(axis.place(when) / 100 * axis.bins), axis.bins - 1)] += n
    days = [axis.label(i) for i in range(axis.bins)]
    return columns_svg(counts, max(counts), f"{days[0]} – {days[-1]}: {sum(counts):,}", days), axis


def _claims(
    view: View, names: SourceTables, key: str, start: int
) -> tuple[tuple[tuple[str, str], ...], int, dict[str, tuple[tuple[str, int], ...]]]:
    """A page of the claims that rest on it, how many there are, and their kinds and certainties."""
    where = Where()
    where.add(f"c.document_id IN (SELECT document_id FROM {names.quotes} WHERE id = ?)", key)
    where.add(f"c.chain[-1] IN (SELECT attribution_id FROM {names.quotes} WHERE id = ?)", key)
    base = f"FROM all_claims AS c JOIN document_facts AS d USING (document_id) WHERE {where}"
    rows = view.tables.query(
        f"SELECT c.claim_id, c.document_id, count(*) OVER () AS total {base} "
        "ORDER BY d.published DESC NULLS LAST, c.claim_id LIMIT ? OFFSET ?",
        [*where.values, STEP, start],
    ).to_pylist()
    tallies = {
        column: _pairs(
            view, f"SELECT c.{column}, count(*) AS n {base} GROUP BY 1 ORDER BY 2 DESC, 1", *where.values
        )
        for column in ("kind", "certainty")
    }
    total = rows[0]["total"] if rows else 0
    return tuple((row["claim_id"], row["document_id"]) for row in rows), total, tallies


def source_page(view: View, key: str, start: int = 0) -> SourcePage:
    """One source. Raises NoSuchFindingError."""
    names = source_tables(view)
    rows = view.tables.query(f"SELECT * FROM {names.index} WHERE id = ?", [key]).to_pylist()
    if not rows:
        raise NoSuchFindingError(f"nobody of the id {key} is quoted in the case")
    claims, total, tallies = _claims(view, names, key, start)
    keys = [
        k
        for k, _ in _pairs(
            view, f"SELECT source_key, count(*) FROM {names.quotes} WHERE id = ? GROUP BY 1", key
        )
    ]
    channels = _pairs(
        view,
        f"SELECT d.channel, count(*) AS n FROM {names.quotes} AS q "
        "JOIN document_facts AS d USING (document_id) WHERE q.id = ? GROUP BY 1 ORDER BY 2 DESC, 1",
        key,
    )
    relays = _pairs(
        view,
        f"SELECT p.source_label, count(*) AS n FROM {names.quotes} AS q JOIN attributions AS p "
        "ON p.attribution_id = q.parent_id WHERE q.id = ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12",
        key,
    )
    quotes = _pairs(
        view,
        f"SELECT a.source_label, count(*) AS n FROM attributions AS a JOIN {names.quotes} AS q "
        "ON a.parent_id = q.attribution_id WHERE q.id = ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 12",
        key,
    )
    drawing, axis = _by_day(view, names, key)
    named = {k for k in keys if k}
    own = [e for e in ledger(view) if e.source_key in named]
    cards = [c for c in scores(view) if c.kind == "source" and c.key in named] if own else []
    return SourcePage(
        row=rows[0],
        keys=tuple(keys),
        **names_of(view, names, key),
        channels=channels[:_MOST],
        hidden_channels=max(0, len(channels) - _MOST),
        relays=relays,
        quotes=quotes,
        kinds=tallies["kind"],
        certainties=tallies["certainty"],
        drawing=drawing,
        axis=axis,
        claims=claims,
        start=start,
        total=total,
        cards=tuple(cards),
        forecasts=tuple(sorted(own, key=lambda e: (e.due is None, e.due, e.forecast_id))[:_MOST_FORECASTS]),
        hidden_forecasts=max(0, len(own) - _MOST_FORECASTS),
    )
