"""The ledger of warnings as a table for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from typing import Final, TextIO

from tocsin.judge.ledger import Entry

__all__ = ["COLUMNS", "ledger_row", "write_ledger"]

#: Columns, in order.
COLUMNS: Final = (
    *("forecast_id", "event", "source", "channel", "published", "opens", "due", "horizon", "probability"),
    *("low", "high", "basis", "testable", "review", "status", "outcome", "date", "evidence", "places"),
    "concerned",
)
# A cell that begins so is run as a formula by spreadsheet programs.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def ledger_row(entry: Entry) -> dict[str, str]:
    """One entry by ``COLUMNS``, as text; empty where there is nothing."""
    told, mapped = entry.resolution, entry.mapped
    values = (
        *(entry.forecast_id, entry.event, " → ".join(entry.warners), entry.channel),
        entry.published.isoformat() if entry.published else "",
        entry.opens.isoformat() if entry.opens else "",
        *(entry.last_day, entry.horizon, f"{mapped.value:.3f}", f"{mapped.low:.2f}", f"{mapped.high:.2f}"),
        *(mapped.basis, entry.testable, entry.review, entry.status),
        *((told.outcome, told.date, told.source) if told else ("", "", "")),
        *("; ".join(entry.places), entry.concerned),
    )
    return dict(zip(COLUMNS, values, strict=True))


def write_ledger(entries: Iterable[Entry], stream: TextIO) -> None:
    """The ledger as CSV; cells that a spreadsheet would run as formulas get an apostrophe."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    for entry in entries:
        cells = ledger_row(entry).values()
        writer.writerow([f"'{c}" if c.startswith(_FORMULA) else c for c in cells])
