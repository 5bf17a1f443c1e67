"""Claims tested by computation, for pages: by filter, inconsistent first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from tocsin.errors import BadCursorError
from tocsin.judge.checks.reviewed import Reviewed, reviewed
from tocsin.model import CheckTopic, CheckVerdict
from tocsin.present.checks import CheckView, views_of
from tocsin.present.index import Index
from tocsin.serve.filters import Paged
from tocsin.serve.i18n import N_
from tocsin.serve.latest import latest
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import View
from tocsin.serve.subset import Subset

__all__ = ["TOPICS", "VERDICTS", "CheckFilters", "CheckPage", "find_checks"]

_NAME: Final = "checks"
#: Verdicts and topics, as the interface calls them.
VERDICTS: Final = (N_("inconsistent"), N_("consistent"), N_("not checkable"))
TOPICS: Final = (
    *(N_("distances"), N_("dates"), N_("sums")),
    *(N_("sizes"), N_("sources"), N_("captions")),
)


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


def _all(view: View) -> list[Reviewed]:
    return latest(view, "checks", lambda: list(reviewed(view.tables, view.attached.log)))


def find_checks(view: View, filters: CheckFilters) -> CheckPage:
    """One page of the checks that fulfil the filters. Raises BadCursorError."""
    found = _all(view)
    counts = Counter(i.check.verdict for i in found)
    own = [
        i
        for i in found
        if filters.verdict in (None, i.check.verdict) and filters.topic in (None, i.check.topic)
    ]
    start = 0
    if filters.cursor is not None:
        (last,) = decode(_NAME, filters.cursor, (str,))
        ids = [i.check.check_id for i in own]
        if last not in ids:
            raise BadCursorError("the list has changed; begin again at its first page")
        start = ids.index(last) + 1
    shown = own[start : start + filters.limit]
    documents = {d for i in shown for d in (i.check.document_id, i.check.other_id) if d}
    views = views_of(Index(Subset(view.tables, documents)), view.tables, shown) if shown else ()
    problems = view.tables.query("SELECT check_name, count(*) AS n FROM check_problems GROUP BY 1 ORDER BY 1")
    return CheckPage(
        views,
        len(own),
        encode(_NAME, [shown[-1].check.check_id]) if start + filters.limit < len(own) else None,
        tuple((v, counts[v]) for v in VERDICTS if counts[v]),
        tuple((row["check_name"], row["n"]) for row in problems.to_pylist()),
    )
