"""What was checked by computation, as the brief shows it: words, workings, what they take for granted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from tocsin.judge.checks.figures import FIGURE
from tocsin.judge.checks.registry import BUILT_IN
from tocsin.judge.checks.reviewed import Reviewed, reviewed
from tocsin.judge.checks.sources import OUTLET, QUOTATION
from tocsin.model import CheckVerdict, Judgement, Span, Tables, hull
from tocsin.present.evidence import Layer, highlight, windows, windows_html
from tocsin.present.index import Index
from tocsin.present.words import day

__all__ = ["CheckView", "ChecksView", "checks_of", "views_of"]

#: Checks shown of each verdict.
_MOST = {CheckVerdict.INCONSISTENT: 40, CheckVerdict.CONSISTENT: 12, CheckVerdict.NOT_CHECKABLE: 6}
_CONTEXT = 90
_HELP = {check.name: check.help for check in (*BUILT_IN, QUOTATION, OUTLET, FIGURE)}


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check. ``quote`` is safe HTML with its inputs marked; ``there`` are the words compared with."""

    check_id: str
    name: str
    help: str
    verdict: str
    language: str
    quote: Markup
    there: Markup | None
    there_channel: str
    channel: str
    source: str
    when: str
    published: datetime | None
    inputs: tuple[tuple[str, str, str], ...]
    workings: tuple[str, ...]
    assumptions: tuple[str, ...]
    tolerance: str
    missing: tuple[str, ...]
    method: str
    document_id: str
    review: str
    person: bool
    rejected: bool

    @property
    def tone(self) -> str:
        return self.verdict.replace(" ", "-")


@dataclass(frozen=True, slots=True)
class ChecksView:
    """The section. ``counts`` are of all checks by verdict, ``missing`` what most of the rest lacked."""

    checks: tuple[CheckView, ...]
    total: int
    counts: tuple[tuple[str, int], ...]
    missing: tuple[tuple[str, int], ...]
    hidden: int
    failed: tuple[tuple[str, int], ...]


def checks_of(index: Index, tables: Tables, log: Sequence[Judgement]) -> ChecksView:
    """The section's values; texts are read only for what is shown."""
    found = reviewed(tables, log)
    room = dict(_MOST)
    shown = []
    for item in found:
        verdict = CheckVerdict(item.check.verdict)
        if room[verdict] > 0:
            room[verdict] -= 1
            shown.append(item)
    counts = Counter(i.check.verdict for i in found)
    missing = Counter(m for i in found for m in i.check.missing)
    problems = Counter(index.table("check_problems", ("check_name",)).column("check_name").to_pylist())
    return ChecksView(
        checks=views_of(index, tables, shown),
        total=len(found),
        counts=tuple((str(v), counts[str(v)]) for v in _MOST if counts[str(v)]),
        missing=tuple(sorted(missing.items(), key=lambda m: (-m[1], m[0]))[:5]),
        hidden=len(found) - len(shown),
        failed=tuple(sorted(problems.items())),
    )


def views_of(index: Index, tables: Tables, items: Sequence[Reviewed]) -> tuple[CheckView, ...]:
    """Some checks, in the order given; ``index`` holds their documents and those compared with."""
    sources = _sources(tables, [i.check.claim_id for i in items if i.check.claim_id])
    return tuple(_view(index, item, sources) for item in items)


def _sources(tables: Tables, claims: Sequence[str]) -> dict[str, str]:
    """On whose word each claim is, empty for a channel's own."""
    table = tables.select("claims", "claim_id", claims)
    columns = (table.column(name).to_pylist() for name in ("claim_id", "source_label", "chain"))
    return {claim: label if chain else "" for claim, label, chain in zip(*columns, strict=True)}


def _view(index: Index, item: Reviewed, sources: dict[str, str]) -> CheckView:
    check = item.check
    row = index.row_of[check.document_id]
    text = index.text(row)
    layers = [Layer("input", span) for span in check.inputs]
    whole = hull((*check.statement, *check.inputs)) or Span(0, 1)
    quote = windows_html(text, windows(text, (whole,), _CONTEXT), layers)
    published = index.published[row]
    inputs = tuple(
        (span.of(text), f"{span.start:,}–{span.end:,}", read)
        for span, read in zip(check.inputs, check.read_as, strict=True)
    )
    there, there_channel = _there(index, item)
    return CheckView(
        check_id=check.check_id,
        name=check.check_name,
        help=_HELP.get(check.check_name, ""),
        verdict=check.verdict,
        language=check.language,
        quote=quote,
        there=there,
        there_channel=there_channel,
        channel=index.channels[row].name or "unknown channel",
        source=sources.get(check.claim_id or "", ""),
        when=day(published) if published else "date unknown",
        published=published,
        inputs=inputs,
        workings=check.workings,
        assumptions=check.assumptions,
        tolerance=check.tolerance,
        missing=check.missing,
        method=check.method,
        document_id=check.document_id,
        review=item.review,
        person=item.review != "unconfirmed",
        rejected=item.rejected,
    )


def _there(index: Index, item: Reviewed) -> tuple[Markup | None, str]:
    """The words of the document compared with, if there are any, and its channel."""
    check = item.check
    row = index.row_of.get(check.other_id or "")
    if row is None:
        return None, ""
    name = index.channels[row].name or "unknown channel"
    whole = hull(check.other_inputs)
    if whole is None:
        return None, name
    text = index.text(row)
    (window, *_) = windows(text, (whole,), _CONTEXT)
    return highlight(text, window, [Layer("input", span) for span in check.other_inputs]), name
