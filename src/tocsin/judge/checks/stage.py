"""The kernel of checks within a document. Arrow to Arrow, pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pyarrow as pa

from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Result
from tocsin.judge.checks.registry import BUILT_IN, plugins
from tocsin.model import Check, CheckProblem, CheckVerdict, Claim, Document, Span, covers, hull, make_id
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import (
    CHECK_PROBLEMS,
    CHECKS,
    CLAIMS,
    DOCUMENTS,
    PLACES,
    QUANTITIES,
    SENTENCES,
    TIMES,
    Table,
)

__all__ = ["check_document", "check_row", "derive_checks", "document_facts"]

_TABLES: Mapping[str, Table] = {
    "sentences": SENTENCES,
    "claims": CLAIMS,
    "times": TIMES,
    "places": PLACES,
    "quantities": QUANTITIES,
}


def document_facts(documents: pa.Table, tables: Mapping[str, pa.Table]) -> Iterator[DocumentFacts]:
    """What is known of each document, in the order of ``documents``; that of other rows is no matter."""
    grouped: dict[str, dict[str, list[Any]]] = {}
    for name, data in tables.items():
        own = grouped.setdefault(name, {})
        for row in rows_of(data, _TABLES[name]):
            own.setdefault(row.document_id, []).append(row)

    def of(name: str, document_id: str, key: Any) -> tuple[Any, ...]:
        return tuple(sorted(grouped.get(name, {}).get(document_id, ()), key=key))

    for document in rows_of(documents, DOCUMENTS):
        own = document.document_id
        yield DocumentFacts(
            document,
            of("sentences", own, lambda s: s.ordinal),
            of("claims", own, lambda c: (c.content[0].start, c.claim_id)),
            of("times", own, lambda m: (m.start, m.mention_id)),
            of("places", own, lambda m: (m.start, m.mention_id)),
            of("quantities", own, lambda m: (m.start, m.mention_id)),
        )


def check_document(
    facts: DocumentFacts, checks: Sequence[DocumentCheck]
) -> tuple[list[Check], list[CheckProblem]]:
    """Every result of every check on one document; whatever a check raises is a problem of that check."""
    rows: dict[str, Check] = {}
    problems = []
    for check in checks:
        made = []
        try:
            for result in check.find(facts):
                _refuse_wrong_spans(result, facts.document)
                made.append(check_row(facts, check, result))
        except Exception as error:
            cause = f"{type(error).__name__}: {error}"
            problems.append(CheckProblem(facts.document.document_id, check.name, cause[:500]))
            continue
        rows |= {row.check_id: row for row in made}
    return list(rows.values()), problems


def _refuse_wrong_spans(result: Result, document: Document) -> None:
    spans = [item.span for item in result.inputs] + list(result.statement)
    if not spans or max(span.end for span in spans) > len(document.text):
        raise ValueError("a result needs words of the text")
    if result.verdict == CheckVerdict.NOT_CHECKABLE and not result.missing:
        raise ValueError("a result that is not checkable must say what is missing")
    if result.verdict != CheckVerdict.NOT_CHECKABLE and not result.workings:
        raise ValueError("a result must show its workings")


def check_row(
    facts: DocumentFacts,
    check: DocumentCheck,
    result: Result,
    other: tuple[str, Sequence[Span]] | None = None,
) -> Check:
    """A result as a row; ``other`` is the document compared with and the words of it."""
    document = facts.document
    words = hull(item.span for item in result.inputs)
    statement = tuple(result.statement) or ((words,) if words is not None else ())
    statement = tuple(_trimmed(span, document.text) for span in statement)
    method = f"{check.name} {check.version}"
    parts = [part for item in result.inputs for part in (item.span.start, item.span.end)]
    parts += [part for span in statement for part in (span.start, span.end)]
    return Check(
        check_id=make_id("check", document.document_id, method, other[0] if other else None, *parts),
        document_id=document.document_id,
        check_name=check.name,
        topic=check.topic,
        verdict=result.verdict,
        language=result.language or "und",
        claim_id=_claim_of(facts.claims, statement),
        statement=statement,
        inputs=tuple(_trimmed(item.span, document.text) for item in result.inputs),
        read_as=tuple(item.read_as for item in result.inputs),
        workings=tuple(result.workings),
        assumptions=tuple(result.assumptions),
        tolerance=result.tolerance.rstrip("; "),
        missing=tuple(result.missing),
        other_id=other[0] if other else None,
        other_inputs=tuple(other[1]) if other else (),
        method=method,
    )


def _trimmed(span: Span, text: str) -> Span:
    """A span without white space at its ends, if anything else is in it."""
    words = span.of(text)
    if not words.strip():
        return span
    start = span.start + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def _claim_of(claims: Iterable[Claim], statement: Sequence[Span]) -> str | None:
    """The claim with the shortest content that holds a statement, else the one that holds its start."""
    whole = hull(statement)
    if whole is None:
        return None
    ranked = []
    for claim in claims:
        content = hull(claim.content)
        if content is None or not content.start <= whole.start < content.end:
            continue
        ranked.append((not covers(content, whole), len(content), claim.claim_id))
    return min(ranked)[2] if ranked else None


def derive_checks(
    documents: pa.Table, *, settings: Mapping[str, object] | None = None, **tables: pa.Table
) -> dict[str, pa.Table]:
    """Kernel: documents, sentences, claims, times, places, quantities → ``checks``, ``check_problems``.

    Plug-ins run by ``checks.plugins``.
    Raises nothing but Arrow's own errors for missing columns.
    """
    own, missing = plugins(str((settings or {}).get("checks.plugins", "")))
    checks = [*BUILT_IN, *own]
    rows: list[Check] = []
    problems: list[CheckProblem] = []
    for facts in document_facts(documents, tables):
        made, failed = check_document(facts, checks)
        rows += made
        problems += failed
        problems += [CheckProblem(facts.document.document_id, name, cause) for name, cause in missing]
    rows.sort(key=lambda row: (row.document_id, row.check_id))
    problems.sort(key=lambda p: (p.document_id, p.check_name))
    return {"checks": table_of(rows, CHECKS), "check_problems": table_of(problems, CHECK_PROBLEMS)}
