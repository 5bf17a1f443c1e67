"""Events on which answers compete, and who blames whom for one.

What the matrix counts stands in a narrow table kept by partition; words are read of what is shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tocsin.judge.log import merged
from tocsin.judge.matrix import Cell, Matrix, built_matrix, cells_of, reviewed_as, same_parties
from tocsin.model import Verdict
from tocsin.serve.i18n import N_
from tocsin.serve.latest import latest
from tocsin.serve.lists import one_line, quoted
from tocsin.serve.reading import View
from tocsin.serve.subset import Subset
from tocsin.store import Snapshot

__all__ = ["MOST_EVENTS", "WORDS", "Event", "events", "matrix", "with_words"]

#: What a matrix says in words, for the interface to translate.
WORDS: Final = (
    N_("accuse"),
    N_("deny"),
    N_("accuses and clears the same party"),
    N_("names different parties over time"),
)
MOST_EVENTS: Final = 100
_INDEX: Final = """
SELECT b.blame_id, b.claim_id, b.document_id, coalesce(d.channel, '') AS channel, d.published,
    b.accuser_label, b.tellers, b.accused_label, b.accused_key, b.stance, b.certainty, b.event_key,
    b.event_label,
    coalesce(nullif(b.accuser_key, ''), 'words:' || casefold(b.accuser_label)) AS accuser_key
FROM {blame} AS b JOIN {documents} AS d USING (document_id)
"""
_TOLD: Final = f"""
SELECT b.blame_id, b.document_id, casefold(concat_ws(chr(10), b.event_label, {quoted("b.deed", "d.text")},
    {one_line(quoted("coalesce(c.content, b.accused)", "d.text"))})) AS words
FROM {{blame}} AS b JOIN {{documents}} AS d USING (document_id) LEFT JOIN {{claims}} AS c USING (claim_id)
"""
_CURRENT: Final = "document_id NOT IN (FROM superseded)"
#: What stands: a finding's own opinion goes before that of its claim; two accused may be one.
_STANDING: Final = """
SELECT b.*, coalesce(h.head, b.accused_key) AS own_accused FROM blame_index AS b
LEFT JOIN (SELECT unnest(?::VARCHAR[]) AS key, unnest(?::VARCHAR[]) AS head) AS h ON h.key = b.accused_key
WHERE blame_id NOT IN (SELECT unnest(?::VARCHAR[])) AND (claim_id NOT IN (SELECT unnest(?::VARCHAR[]))
    OR blame_id IN (SELECT unnest(?::VARCHAR[])))
"""
_RANKED: Final = f"""
WITH standing AS ({_STANDING}),
named AS (SELECT event_key, event_label, count(*) AS n FROM standing GROUP BY ALL),
labels AS (SELECT event_key, arg_min(event_label, (-n, event_label)) AS label FROM named GROUP BY ALL)
SELECT event_key, any_value(label) AS label, count(*) AS claims, count(DISTINCT own_accused) AS accused
FROM standing JOIN labels USING (event_key) WHERE event_key <> ''
GROUP BY event_key ORDER BY accused DESC, count(DISTINCT accuser_key) DESC, claims DESC, event_key LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class Event:
    """An event that has a name: how many claims blame for it, how many different parties."""

    key: str
    label: str
    claims: int
    accused: int


def _with_index(view: View) -> None:
    """Have the table ``blame_index``: of every blame all that a matrix counts."""

    def make(tables: Snapshot) -> bool:
        tables.keep_parts("blame_index", _INDEX, _CURRENT)
        return True

    view.once("blame_index", make)


def _with_told(view: View) -> None:
    """Have the table ``blame_told``: the words of every blame as they are searched."""

    def make(tables: Snapshot) -> bool:
        tables.keep_parts("blame_told", _TOLD, _CURRENT)
        return True

    view.once("blame_told", make)


def _judged(view: View) -> list[Any]:
    """The values that ``_STANDING`` asks for."""
    _with_index(view)
    held = view.opinions
    rejected = [key for key, o in held.items() if o.review and o.review.verdict == Verdict.REJECT]
    heads = merged(view.attached.log)
    same: Mapping[str, str] = {}
    if heads:
        keys = view.tables.query(
            "SELECT blame_id, accused_key FROM blame_index WHERE blame_id IN (SELECT unnest(?))",
            [sorted({*heads, *heads.values()})],
        ).to_pylist()
        same = same_parties({row["blame_id"]: row["accused_key"] for row in keys}, heads)
    return [list(same), list(same.values()), rejected, rejected, list(held) if rejected else []]


def events(view: View) -> tuple[Event, ...]:
    """The most disputed events, at most ``MOST_EVENTS``, densest first as in ``judge.matrix.events_of``."""

    def make() -> tuple[Event, ...]:
        rows = view.tables.query(_RANKED, [*_judged(view), MOST_EVENTS]).to_pylist()
        return tuple(Event(r["event_key"], r["label"], r["claims"], r["accused"]) for r in rows)

    return latest(view, "events", make)


def matrix(view: View, event: str = "") -> Matrix:
    """The blame matrix of an event, of the most disputed without words for one.

    Its cells have no ``words`` and no ``deed``: ``with_words`` reads them.
    """

    def make() -> Matrix:
        judged = _judged(view)
        standing = f"WITH standing AS ({_STANDING})"
        rows = "SELECT * FROM standing"
        counted = view.tables.query(f"{standing} SELECT count(*) AS n FROM standing", judged)
        if event:
            _with_told(view)
            told = "blame_id IN (SELECT blame_id FROM blame_told WHERE contains(words, ?))"
            alike = f"event_key <> '' AND event_key IN (SELECT event_key FROM standing WHERE {told})"
            words = event.casefold()
            found = view.tables.query(f"{standing} {rows} WHERE {told} OR {alike}", [*judged, words, words])
        else:
            first = [e.key for e in events(view)[:1]]
            found = view.tables.query(
                f"{standing} {rows} WHERE event_key = ?", [*judged, first[0] if first else ""]
            )
        cells = [_cell(view, row) for row in found.to_pylist()]
        return built_matrix(cells, counted.column(0)[0].as_py() - len(cells), event)

    return latest(view, "matrix", make, event)


def _cell(view: View, row: Mapping[str, Any]) -> Cell:
    opinion = view.opinions.get(row["blame_id"]) or view.opinions.get(row["claim_id"])
    return Cell(
        blame_id=row["blame_id"],
        claim_id=row["claim_id"],
        document_id=row["document_id"],
        channel=row["channel"],
        published=row["published"],
        accuser=row["accuser_label"],
        tellers=tuple(row["tellers"]),
        accused=row["accused_label"],
        deed="",
        stance=row["stance"],
        certainty=row["certainty"],
        words="",
        review=reviewed_as(opinion),
        accuser_key=row["accuser_key"],
        accused_key=row["own_accused"],
        event_label=row["event_label"],
    )


def with_words(view: View, cells: Iterable[Cell]) -> dict[str, Cell]:
    """Some cells by the id of their blame, with their words."""
    wanted = {cell.blame_id: cell for cell in cells}
    tables = Subset(view.tables, {cell.document_id for cell in wanted.values()})
    whole = {cell.blame_id: cell for cell, _ in cells_of(tables, view.attached.log)}
    return {key: replace(cell, words=whole[key].words, deed=whole[key].deed) for key, cell in wanted.items()}
