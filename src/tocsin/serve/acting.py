"""Acts of the pages: done, or shown again with what stands in their way and all that was typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from tocsin.errors import ConflictError, NoSuchFindingError, UsageError
from tocsin.judge.desk import Act
from tocsin.judge.spans import correction_detail, find_words
from tocsin.model import Span
from tocsin.serve.addresses import back_to
from tocsin.serve.document import document_of
from tocsin.serve.i18n import N_
from tocsin.serve.log_list import lines_of
from tocsin.serve.problems import is_for_programs
from tocsin.serve.reading import View
from tocsin.serve.rendering import page

__all__ = ["FIELDS", "Attempt", "corrected", "perform"]

#: What the fields of forms are called where one is shown again.
FIELDS: Final[Mapping[str, str]] = {
    "reason": N_("Reason"),
    "detail": N_("Detail"),
    "words": N_("The right words of the document"),
    "date": N_("Settled on"),
    "source": N_("What tells so"),
    "event": N_("What is foretold"),
    "due": N_("Until"),
    "published": N_("Said on"),
    "probability": N_("Probability, 0 to 1"),
    "text": N_("Words"),
    "board": N_("Name of the board"),
    "name": N_("Name of the view"),
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """A form as it was sent: ``fields`` by name, and of which findings it speaks."""

    address: str
    fields: Mapping[str, str]
    finding_id: str = ""
    back: str = "/"
    also: frozenset[str] = frozenset()

    @property
    def findings(self) -> frozenset[str]:
        return self.also | {self.finding_id}


def perform(request: Request, view: View, attempt: Attempt, make: Callable[[], Sequence[Act]]) -> Response:
    """Append the acts that ``make`` gives and go back.

    What is refused (a conflict, a date that is none) is answered with both versions and the form filled in;
    programs get the error itself.
    """
    try:
        acts = make()
        if acts:
            request.app.state.bench.judging.append(view, acts)
    except UsageError as error:
        if is_for_programs(request) or isinstance(error, NoSuchFindingError):
            raise
        return again(request, attempt, error)
    return RedirectResponse(back_to(attempt.back), status_code=303)


def again(request: Request, attempt: Attempt, error: UsageError) -> Response:
    """The page that shows a refused form again."""
    now: View = request.app.state.bench.reader.view()
    seen = attempt.fields.get("seen", "")
    newer = []
    if isinstance(error, ConflictError) and seen.isdecimal():
        entries = [e for e in now.raw_log if e.finding_id in attempt.findings and e.sequence > int(seen)]
        newer = lines_of(now, entries)
    hidden = {k: v for k, v in attempt.fields.items() if k not in FIELDS and k != "seen"}
    return page(
        request,
        "again.html.j2",
        status=error.http_status,
        attempt=attempt,
        error=error,
        newer=newer,
        conflict=isinstance(error, ConflictError) and "seen" in attempt.fields,
        hidden=hidden,
        shown_fields={k: v for k, v in attempt.fields.items() if k in FIELDS},
        labels=FIELDS,
        leave=back_to(attempt.back),
        seen=max(map(now.seen, attempt.findings)) if "seen" in attempt.fields else None,
    )


def corrected(view: View, claim_id: str, words: str, place: tuple[int, int] | None) -> str:
    """The detail of a claim's corrected span: ``place`` in the document, else where ``words`` stand in it.

    Raises UsageError for words that are not there, NoSuchFindingError.
    """
    found = view.tables.query("SELECT document_id, content FROM claims WHERE claim_id = ?", [claim_id])
    if not found.num_rows:
        raise NoSuchFindingError(f"the case has no claim {claim_id!r}")
    row = found.to_pylist()[0]
    text = document_of(view, row["document_id"]).text
    if place is not None:
        span = _trimmed(text, *place)
        if not words.strip() or _same(span.of(text), words):
            return correction_detail(text, (span,))
    return correction_detail(text, find_words(text, words, row["content"][0]["start"]))


def _trimmed(text: str, start: int, end: int) -> Span:
    """A place without white space at its edges; raises UsageError where it is none."""
    if start < end <= len(text):
        inside = text[start:end]
        start, end = start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip())
    if not start < end <= len(text):
        raise UsageError("the correction marks no words of the document")
    return Span(start, end)


#: What a page can't carry and what stands there instead (see ``present.evidence``).
_UNCARRIED: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2400-\u241f\ufdd0-\ufdef\ufffd-\uffff]")


def _same(text: str, words: str) -> bool:
    """Whether a form's words are those of the text, whatever the white space: a form may change it."""
    one, other = (" ".join(_UNCARRIED.sub("?", part).split()) for part in (text, words))
    return one == other
