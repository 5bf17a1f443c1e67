"""A text through the real stages up to the checks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from tocsin.judge.checks.stage import derive_checks
from tocsin.language.stage import segment_documents
from tocsin.model import Check, CheckProblem, Post, document_from_post
from tocsin.model.arrow import empty_table, rows_of, table_of
from tocsin.model.tables import CHECK_PROBLEMS, CHECKS, CLAIMS, DOCUMENTS
from tocsin.resolve.stage import resolve_places, resolve_quantities, resolve_times

__all__ = ["checks_of", "derived", "verdict_of"]

#: A Wednesday.
PUBLISHED = datetime(2026, 3, 11, 12, tzinfo=UTC)


def derived(text: str, plugins: str = "") -> tuple[list[Check], list[CheckProblem]]:
    """Checks and problems of one text."""
    post = Post(text, "telegram", channel="Bell Post", channel_id="b", native_id="1", published=PUBLISHED)
    documents = table_of([document_from_post(post)], DOCUMENTS)
    sentences = segment_documents(documents)["sentences"]
    tables: dict[str, Any] = {"sentences": sentences, "claims": empty_table(CLAIMS)}
    for resolve in (resolve_times, resolve_places, resolve_quantities):
        tables |= resolve(documents, sentences)
    found = derive_checks(documents, settings={"checks.plugins": plugins}, **tables)
    return list(rows_of(found["checks"], CHECKS)), list(rows_of(found["check_problems"], CHECK_PROBLEMS))


def checks_of(text: str) -> list[Check]:
    """Checks of one text; none of them failed."""
    found, problems = derived(text)
    assert not problems, problems
    return found


def verdict_of(rows: Iterable[Check]) -> str:
    verdicts = {row.verdict for row in rows}
    return next((v for v in ("inconsistent", "consistent") if v in verdicts), "open")
