"""Fields of a record, checked: each function gives a value of the right shape or says what is wrong."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Final

from tocsin.errors import MalformedRecordError, MissingTextError

__all__ = [
    "document_of",
    "fault",
    "key_of",
    "list_of",
    "number_of",
    "published_of",
    "records_of",
    "spans_of",
    "strings_of",
    "text_of",
]

Value = Mapping[str, Any]
Span = tuple[int, int]

_REMEDY: Final = "Repair it as docs/evaluate.md shows; the rest was read"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
#: Names under which a record gives its own identity, and that of the document it was taken from.
_KEYS: Final = ("doc_id", "id")
_DOCUMENTS: Final = ("doc_id", "doc", "document", "filename", "file")


def fault(cause: str) -> MalformedRecordError:
    """The error for a record that is not what its format promises."""
    return MalformedRecordError(cause, remedy=_REMEDY)


def key_of(value: Value) -> str | None:
    """The record's own id: ``doc_id``, ``id``, or file name and offsets; None where it has none."""
    for name in _KEYS:
        own = value.get(name)
        if isinstance(own, str | int) and not isinstance(own, bool) and str(own):
            return str(own)
    if value.get("filename") and "start" in value and "end" in value:
        return f"{value['filename']}:{value['start']}-{value['end']}"
    return None


def document_of(value: Value) -> str | None:
    """The document a record was taken from; None where nothing says so."""
    for name in _DOCUMENTS:
        own = value.get(name)
        if isinstance(own, str | int) and not isinstance(own, bool) and str(own):
            return str(own)
    return None


def published_of(value: Value, name: str = "published") -> datetime | None:
    """A date, or date and time, of ISO 8601, aware and in UTC; None where the record states none."""
    own = value.get(name)
    if own in (None, ""):
        return None
    try:
        moment = datetime.fromisoformat(str(own))
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise fault(f"{name} {str(own)[:40]!r} is no date, nor date and time, of ISO 8601") from None


def text_of(value: Value, *names: str) -> str:
    """The first of the fields that is there, a text with something in it."""
    for name in names:
        if name in value and value[name] is not None:
            text = value[name]
            if not isinstance(text, str):
                raise fault(f"{name} is no text")
            if not text.strip():
                raise MissingTextError(f"{name} is empty", remedy=_REMEDY)
            return whole(text, name)
    raise MissingTextError(f"it has no {' or '.join(names)}", remedy=_REMEDY)


def whole(text: str, name: str) -> str:
    """The text itself, if every character of it is one (JSON can spell half a pair of surrogates)."""
    found = _SURROGATE.search(text)
    if found:
        raise fault(f"{name} holds half a character at {found.start()}")
    return text


def list_of(value: Value, name: str) -> Sequence[Any]:
    """A list, also one written as text, as CSV must; a field that is null is empty."""
    found = value.get(name)
    if found is None:
        return ()
    if isinstance(found, str):
        try:
            found = ast.literal_eval(found) if found.strip() else ()
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            raise fault(f"{name} is no list") from None
    if not isinstance(found, list | tuple):
        raise fault(f"{name} is no list")
    return found


def strings_of(value: Value, name: str) -> list[str]:
    """A list of texts."""
    found = list_of(value, name)
    for item in found:
        if not isinstance(item, str):
            raise fault(f"{name} holds something that is no text")
        whole(item, name)
    return list(found)


def records_of(value: Value, name: str) -> list[Value]:
    """A list of JSON objects; the field must be there."""
    if value.get(name) is None:
        raise fault(f"it has no {name}")
    found = list_of(value, name)
    if not all(isinstance(item, dict) for item in found):
        raise fault(f"{name} holds something that is no JSON object")
    return list(found)


def spans_of(found: object, name: str, length: int | None = None) -> tuple[Span, ...]:
    """Spans ``[start, end]``; null is none. ``length`` is where the text or the list of tokens ends."""
    if found is None:
        return ()
    if not isinstance(found, list | tuple):
        raise fault(f"{name} is no list of spans")
    return tuple(span_of(item, name, length) for item in found)


def span_of(found: object, name: str, length: int | None = None) -> Span:
    """One span ``[start, end]``, end excluded."""
    if not isinstance(found, list | tuple) or len(found) != 2:
        raise fault(f"{name}: a span is not [start, end]")
    start, end = found
    if type(start) is not int or type(end) is not int or not 0 <= start <= end:
        raise fault(f"{name}: {str(found)[:40]} is no span: whole numbers, the start first")
    if length is not None and end > length:
        raise fault(f"{name}: the span [{start}, {end}] goes beyond the end, {length}")
    return start, end


def number_of(found: object, name: str) -> float:
    """A finite number; text is read as one, since CSV has nothing else."""
    if isinstance(found, str):
        try:
            found = float(found)
        except ValueError:
            raise fault(f"{name} is no number") from None
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise fault(f"{name} is no number")
    try:
        number = float(found)
    except OverflowError:
        raise fault(f"{name} is too large") from None
    if not isfinite(number):
        raise fault(f"{name} is not finite")
    return number
