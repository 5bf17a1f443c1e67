"""Claims tested by computation, for pages: by filter, inconsistent first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import Field

from tocsin.errors import BadCursorError
from tocsin.judge.checks.reviewed import Reviewed, reviewed
from tocsin.model import CheckTopic, CheckVerdict, Verdict
from tocsin.present.checks import CheckView, views_of
from tocsin.present.index import Index
from tocsin.serve.filters import Paged
from tocsin.serve.i18n import N_
from tocsin.serve.lists import Where
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View
from tocsin.serve.subset import Subset
from tocsin.store import Snapshot

__all__ = ["TOPICS", "VERDICTS", "CheckFilters", "CheckPage", "find_checks"]

_NAME: Final = "checks"
#: Verdicts and topics, as the interface calls them.
VERDICTS: Final = (N_("inconsistent"), N_("consistent"), N_("not checkable"))
TOPICS: Final = (
    *(N_("distances"), N_("dates"), N_("sums")),
    *(N_("sizes"), N_("sources"), N_("captions")),
)


_INDEX: Final = """
SELECT check_id, document_id, verdict, topic, list_transform(statement, lambda s: s.start) AS starts
FROM {table}
"""
_ALL: Final = "FROM check_index UNION ALL FROM source_check_index"


class CheckFilters(Paged):
    """Which checks, inconsistent first."""

    verdict: Annotated[CheckVerdict | None, Field(description="what the computation says")] = None
    topic: Annotated[CheckTopic | None, Field(description="what is computed with")] = None


@dataclass(frozen=True, slots=True)
class CheckPage:
    """One page of the checks; ``counts`` are of all by verdict, ``failed`` of documents by check."""

    checks: tuple[CheckView, ...]
    total: int
    next: str | None
    counts: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, int], ...]


def _with_index(view: View) -> None:
    """Have the tables ``check_index`` and ``source_check_index``: what checks are counted and ordered by."""

    def make(tables: Snapshot) -> bool:
        for name in ("checks", "source_checks"):
            sql = _INDEX.format(table=f"{{{name}}}")
            tables.keep_parts(f"{name[:-1]}_index", sql, "document_id NOT IN (FROM superseded)")
        return True

    view.once("check_index", make)


def _counts(view: View) -> Counter[str]:
    """All checks by verdict."""
    _with_index(view)
    rows = view.once(
        "check_counts",
        lambda t: t.query(f"SELECT verdict, count(*) AS n FROM ({_ALL}) GROUP BY 1").to_pylist(),
    )
    return Counter({row["verdict"]: row["n"] for row in rows})


def _rows(view: View, where: Where, condition: str, values: Sequence[Any], most: int) -> list[dict[str, Any]]:
    """Checks in the order of ``judge.checks.reviewed``: ``place`` (all that orders them) and documents."""
    rejected = sorted(k for k, o in view.opinions.items() if o.review and o.review.verdict == Verdict.REJECT)
    place = "(rank, rejected, document_id, starts, check_id)"
    found: list[dict[str, Any]] = view.tables.query(
        "WITH own AS (SELECT *, list_position(?::VARCHAR[], verdict) AS rank, "
        f"check_id IN (SELECT unnest(?::VARCHAR[])) AS rejected FROM ({_ALL})) "
        "SELECT check_id, document_id, rank, rejected, starts FROM own "
        f"WHERE {where} {condition.format(place=place)} ORDER BY {place} LIMIT ?",
        [list(VERDICTS), rejected, *where.values, *values, most],
    ).to_pylist()
    return found


def _reviewed(view: View, rows: Sequence[Mapping[str, Any]]) -> list[Reviewed]:
    """Some checks with what people hold of them, in the order given."""
    tables = Subset(view.tables, {row["document_id"] for row in rows})
    known = {i.check.check_id: i for i in reviewed(tables, view.attached.log)}
    return [known[row["check_id"]] for row in rows]


def find_checks(view: View, filters: CheckFilters) -> CheckPage:
    """One page of the checks that fulfil the filters. Raises BadCursorError."""
    counts = _counts(view)
    where = Where()
    where.maybe("verdict = ?", filters.verdict)
    where.maybe("topic = ?", filters.topic)
    total = view.tables.query(f"SELECT count(*) AS n FROM ({_ALL}) WHERE {where}", where.values)
    condition, values = "", list[Any]()
    if filters.cursor is not None:
        (last,) = decode(_NAME, filters.cursor, (str,))
        at = _rows(view, where, "AND check_id = ?", [last], 1)
        if not at:
            raise BadCursorError("the list has changed; begin again at its first page")
        condition = "AND {place} > (?, ?, ?, ?, ?)"
        values = [at[0][key] for key in ("rank", "rejected", "document_id", "starts", "check_id")]
    rows = _rows(view, where, condition, values, filters.limit + 1)
    shown = _reviewed(view, rows[: filters.limit])
    documents = {d for i in shown for d in (i.check.document_id, i.check.other_id) if d}
    views = views_of(Index(Subset(view.tables, documents)), view.tables, shown) if shown else ()
    problems = view.tables.query("SELECT check_name, count(*) AS n FROM check_problems GROUP BY 1 ORDER BY 1")
    return CheckPage(
        views,
        total.column(0)[0].as_py(),
        encode(_NAME, [shown[-1].check.check_id]) if len(rows) > filters.limit else None,
        tuple((v, counts[v]) for v in VERDICTS if counts[v]),
        tuple((row["check_name"], row["n"]) for row in problems.to_pylist()),
    )
