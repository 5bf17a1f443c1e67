"""Entries of the ledger, found without making all of them.

What no judgement touches is as the tables have it: it is filtered, counted and put in order in a narrow table
kept by partition. Entries are made of what a page shows, and of all that people judged or entered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from tocsin.judge.estimative import scale_of
from tocsin.judge.ledger import Entry, Tallies, by_deadline, ledger_of
from tocsin.model import Outcome
from tocsin.serve.latest import latest
from tocsin.serve.lists import Where, one_line, quoted
from tocsin.serve.reading import View
from tocsin.serve.subset import Subset
from tocsin.store import Snapshot

__all__ = [
    "Untouched",
    "entries_by_id",
    "entries_from",
    "hour",
    "statuses",
    "tallies",
    "touched",
    "untouched",
    "with_index",
]

_TABLES: Final = {
    "ledger_index": """
SELECT f.forecast_id, f.document_id, f.due, d.published, coalesce(d.channel, '') AS channel,
    f.source_key, f.source_label, f.testable
FROM {forecasts} AS f JOIN {documents} AS d USING (document_id)
""",
    "ledger_events": f"""
SELECT f.forecast_id, f.document_id, casefold({one_line(quoted("f.event", "d.text"))}) AS words
FROM {{forecasts}} AS f JOIN {{documents}} AS d USING (document_id)
""",
    "ledger_warners": """
SELECT f.forecast_id, f.document_id,
    casefold(array_to_string(list_prepend(coalesce(d.channel, ''), f.warners), chr(10))) AS words
FROM {forecasts} AS f JOIN {documents} AS d USING (document_id)
""",
}
_PLACE: Final = "(due IS NULL, coalesce(due, ?), coalesce(published, ?), forecast_id)"
_TALLIES: Final = """
SELECT {key} AS key, {label} AS label, count(*) AS given, count(*) FILTER (due <= ?) AS overdue,
    count(*) FILTER (testable <> 'yes') AS hopeless
FROM ledger_index WHERE {where} GROUP BY 1, 2 HAVING key <> ''
"""


def hour() -> datetime:
    """The moment the ledger of a page is of."""
    return datetime.now(UTC).replace(minute=0, second=0, microsecond=0)


def with_index(view: View, name: str = "ledger_index") -> None:
    """Have a kept table of every forecast.

    ``ledger_index`` has what entries are counted and put in order by; ``ledger_events`` and
    ``ledger_warners`` the words of what is foretold, of the channel and who is quoted, as they are searched.
    """

    def make(tables: Snapshot) -> bool:
        tables.keep_parts(name, _TABLES[name], "document_id NOT IN (FROM superseded)")
        return True

    view.once(name, make)


def _made(view: View, documents: Iterable[str], now: datetime) -> list[Entry]:
    return ledger_of(Subset(view.tables, documents), view.attached.log, scale_of(), now)


def entries_by_id(view: View, wanted: Mapping[str, str], now: datetime) -> list[Entry]:
    """Some entries in the order of the ledger; ``wanted`` has their documents by id."""
    made = _made(view, set(wanted.values()), now) if wanted else []
    return [e for e in made if e.forecast_id in wanted]


def touched(view: View, now: datetime) -> dict[str, Entry]:
    """Every entry on which there is an entry of the log, and those people entered, by id."""
    with_index(view)

    def make() -> dict[str, Entry]:
        if not view.raw_log:
            return {}
        sql = "SELECT forecast_id, document_id FROM ledger_index WHERE forecast_id IN (SELECT unnest(?))"
        rows = view.tables.query(sql, [sorted(view.opinions) or [""]]).to_pylist()
        ids = {row["forecast_id"] for row in rows}
        made = _made(view, {row["document_id"] for row in rows}, now)
        return {e.forecast_id: e for e in made if e.forecast_id in ids or not e.document_id}

    return latest(view, "ledger touched", make, now)


@dataclass(frozen=True, slots=True)
class Untouched:
    """Those entries that no entry of the log is on and that fulfil ``where``."""

    view: View
    where: Where
    now: datetime

    def count(self) -> int:
        sql = f"SELECT count(*) AS n FROM ledger_index WHERE {self.where}"
        found: int = self.view.tables.query(sql, self.where.values).column(0)[0].as_py()
        return found

    def has(self, forecast_id: str) -> tuple[Any, ...] | None:
        """The place of one of them in the ledger; None if it is none of them."""
        rows = self._rows("AND forecast_id = ?", [forecast_id], 1)
        return self._place(rows[0]) if rows else None

    def first(self, most: int, after: Sequence[Any] | None = None) -> list[tuple[tuple[Any, ...], str, str]]:
        """The first of them in the ledger after a place: place, id, document."""
        condition = f"AND {_PLACE} > (?, ?, ?, ?)" if after is not None else ""
        rows = self._rows(condition, [self.now, self.now, *after] if after is not None else [], most)
        return [(self._place(row), row["forecast_id"], row["document_id"]) for row in rows]

    def soonest(self, most: int) -> list[tuple[str, str]]:
        """The first of them by deadline and id: id, document."""
        found = self.view.tables.query(
            f"SELECT forecast_id, document_id FROM ledger_index WHERE {self.where} "
            "ORDER BY due NULLS LAST, forecast_id LIMIT ?",
            [*self.where.values, most],
        )
        return [(row["forecast_id"], row["document_id"]) for row in found.to_pylist()]

    def _rows(self, condition: str, values: Sequence[Any], most: int) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.view.tables.query(
            "SELECT forecast_id, document_id, due, published "
            f"FROM ledger_index WHERE {self.where} {condition} ORDER BY {_PLACE} LIMIT ?",
            [*self.where.values, *values, self.now, self.now, most],
        ).to_pylist()
        return found

    def _place(self, row: Mapping[str, Any]) -> tuple[Any, ...]:
        due, published = row["due"], row["published"]
        return due is None, due or self.now, published or self.now, row["forecast_id"]


def untouched(view: View, now: datetime) -> Untouched:
    """All of them."""
    where = Where()
    if known := touched(view, now):
        where.add("forecast_id NOT IN (SELECT unnest(?::VARCHAR[]))", sorted(known))
    return Untouched(view, where, now)


def entries_from(
    rest: Untouched, own: Iterable[Entry], after: Sequence[Any] | None, most: int
) -> tuple[list[Entry], bool]:
    """The first ``most`` entries after a place, of those and these; and whether there are more."""
    now = rest.now
    ahead = [e for e in own if after is None or by_deadline(e, now) > tuple(after)]
    found = rest.first(most + 1, after)
    made = entries_by_id(rest.view, {key: document for _, key, document in found}, now)
    merged = sorted([*ahead, *made], key=lambda e: by_deadline(e, now))
    return merged[:most], len(merged) > most


def statuses(view: View, now: datetime, days: int) -> tuple[Counter[str], int]:
    """How many entries there are of each status; how many untouched ones fall due within ``days`` of now."""

    def make() -> tuple[Counter[str], int]:
        rest = untouched(view, now)
        row = view.tables.query(
            "SELECT count(*) AS n, count(*) FILTER (due <= ?) AS overdue, count(*) FILTER (due <= ?) AS due "
            f"FROM ledger_index WHERE {rest.where}",
            [now, now + timedelta(days=days), *rest.where.values],
        ).to_pylist()[0]
        counted = Counter(e.status for e in touched(view, now).values())
        counted.update({str(Outcome.OPEN): row["n"] - row["overdue"], "overdue": row["overdue"]})
        return +counted, row["due"]

    return latest(view, "ledger counted", make, now)


def tallies(view: View, now: datetime) -> Tallies:
    """All entries counted by source and channel."""

    def make() -> Tallies:
        found = Tallies(touched(view, now).values())
        where = untouched(view, now).where
        for kind, key, label in (
            ("source", "coalesce(nullif(source_key, ''), 'own')", "source_label"),
            ("channel", "channel", "channel"),
        ):
            sql = _TALLIES.format(key=key, label=label, where=where)
            for row in view.tables.query(sql, [now, *where.values]).to_pylist():
                states = {str(Outcome.OPEN): row["given"] - row["overdue"], "overdue": row["overdue"]}
                found.add(kind, row["key"], row["label"], states, row["hopeless"])
        return found

    return latest(view, "ledger tallies", make, now)
