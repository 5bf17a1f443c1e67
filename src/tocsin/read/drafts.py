"""From a reader's raw values to a Post: one place for the rules that hold in every format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.errors import BadDateError, EncodingError, MalformedRecordError, RecordTooLargeError
from tocsin.model import DateBasis, Post
from tocsin.read.dates import DateError, Moment, date_in_name, is_missing, parse_moment
from tocsin.read.events import Context, Found, Result, Skipped

__all__ = ["Draft", "clean", "finish", "join_pieces", "language_code", "one_line", "optional"]

_NOT_TEXT = re.compile("[\x00\ud800-\udfff]")
#: What ``surrogateescape`` makes of bytes that could not be decoded.
_UNDECODED = re.compile("[\udc80-\udcff]")
_THREE_LETTERS = {
    "eng": "en", "rus": "ru", "ukr": "uk", "kaz": "kk", "bel": "be", "kir": "ky", "uzb": "uz", "tur": "tr",
    "pol": "pl", "deu": "de", "ger": "de", "fra": "fr", "fre": "fr", "spa": "es", "ces": "cs", "cze": "cs",
}  # fmt: skip


@dataclass(slots=True)
class Draft:
    """One post as a reader found it: raw values, cleaned and checked by ``finish``.

    ``published`` is anything ``dates.parse_moment`` takes; ``unix`` says it can only be unix seconds.
    ``basis`` and ``reason`` tell where it came from. ``whole_file`` marks formats with one document a file:
    only there may the file's name give the date, since elsewhere it is usually the date of the export.
    """

    text: object
    platform: str
    title: object = None
    channel: object = None
    channel_id: object = None
    native_id: object = None
    published: object = None
    unix: bool = False
    basis: DateBasis = DateBasis.STATED
    reason: str | None = None
    edited: object = None
    url: object = None
    language: object = None
    author: object = None
    forwarded_from: object = None
    forwarded_from_id: object = None
    reply_to: object = None
    media: tuple[object, ...] = ()
    whole_file: bool = False


def clean(text: str) -> str:
    """``text`` with what no text can hold replaced, one code point for one, and newlines as ``\\n``.

    NUL and lone surrogates become U+FFFD. Nothing else changes: no Unicode normalisation, no trimming.
    """
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _NOT_TEXT.sub("\ufffd", text) if _NOT_TEXT.search(text) else text


def optional(value: object) -> str | None:
    """``value`` as a string, or None where it says nothing (None, NaN, blank, a bool, a container)."""
    if value is None or isinstance(value, bool | dict | list | tuple):
        return None
    if isinstance(value, float):
        if value != value:  # noqa: PLR0124  NaN
            return None
        value = int(value) if value.is_integer() and abs(value) < 1e15 else value
    text = clean(str(value)).strip()
    return text or None


def one_line(value: object) -> str | None:
    """A title: as ``optional``, white space collapsed."""
    text = optional(value)
    return " ".join(text.split()) if text else None


def language_code(value: object) -> str | None:
    """The ISO 639-1 code a stated language begins with (``ru-RU``, ``rus``), None if it states none."""
    text = optional(value)
    if not text:
        return None
    code = re.split("[-_]", text.lower(), maxsplit=1)[0]
    if len(code) == 2 and code.isascii() and code.isalpha():
        return code
    return _THREE_LETTERS.get(code)


def join_pieces(value: object) -> object:
    """Telegram's ``text``: a string, or an array of strings and ``{"type", "text"}`` pieces.

    The target of a hidden link (``href``) is not text a reader of the post saw, so it stays out: its
    characters would have no place in the post.
    """
    if not isinstance(value, list):
        return value
    parts: list[str] = []
    for piece in value:
        text = piece.get("text") if isinstance(piece, dict) else piece
        if not isinstance(text, str):
            return None if text is None else value
        parts.append(text)
    return "".join(parts)


def finish(draft: Draft, position: str, context: Context) -> Iterator[Result]:
    """The events of one draft: Found, after a Fault (``kept``) if date or encoding is bad; or Skipped."""
    title = one_line(draft.title)
    body = draft.text
    if isinstance(body, list | dict | tuple):
        yield context.fault(MalformedRecordError, "the text is no string", position)
        return
    if isinstance(body, float) and body != body:  # noqa: PLR0124  NaN
        body = None
    text = "" if body is None or isinstance(body, bool) else body if isinstance(body, str) else str(body)
    if len(text) * 4 > context.max_record and len(text.encode("utf-8", "replace")) > context.max_record:
        cause = f"the text is longer than {context.max_record:,} bytes"
        yield context.fault(RecordTooLargeError, cause, position)
        return
    undecoded = _UNDECODED.search(text) is not None
    text = _with_title(clean(text), title)
    if not text or text.isspace():
        yield Skipped(context.file, position, "no text")
        return
    dates = _dates(draft, context)
    post = Post(
        text,
        draft.platform,
        title,
        optional(draft.channel) or context.options.channel,
        optional(draft.channel_id),
        optional(draft.native_id),
        dates.published,
        dates.basis,
        dates.reason,
        dates.edited,
        optional(draft.url),
        language_code(draft.language),
        one_line(draft.author),
        one_line(draft.forwarded_from),
        optional(draft.forwarded_from_id),
        optional(draft.reply_to),
        tuple(name for name in map(optional, draft.media) if name),
    )
    if undecoded:
        cause = "some bytes could not be decoded and are shown as U+FFFD"
        yield context.fault(
            EncodingError, cause, position, remedy="Save the file as UTF-8 and add it again", kept=True
        )
    if dates.causes:
        remedy = "" if post.published is None else "The document was kept without this date"
        cause = "; ".join(dates.causes)
        yield context.fault(BadDateError, cause, position, remedy=remedy, kept=True)
    yield Found(context.file, position, post)


def _with_title(body: str, title: str | None) -> str:
    if title is None:
        return body
    if not body or body.isspace():
        return title
    stripped = body.lstrip()
    return stripped if stripped.startswith(title) else f"{title}\n\n{body}"


@dataclass(slots=True)
class _Dates:
    published: datetime | None = None
    basis: DateBasis = DateBasis.UNKNOWN
    reason: str | None = None
    edited: datetime | None = None
    causes: tuple[str, ...] = ()


def _dates(draft: Draft, context: Context) -> _Dates:
    dates = _Dates()
    stated = _moment(draft.published, draft, context, dates)
    # An export that writes 0 for "never edited" states no date at all.
    edited = None if draft.edited in {0, "0"} else _moment(draft.edited, draft, context, dates)
    dates.edited = edited.when if edited else None
    if stated:
        dates.published, dates.basis = stated.when, draft.basis
        if draft.reason and stated.reason:
            dates.reason = f"{draft.reason}; {stated.reason}"
        else:
            dates.reason = draft.reason or stated.reason
    elif context.options.date is not None:
        dates.published, dates.basis = context.options.date, DateBasis.GIVEN
    elif draft.whole_file and is_missing(draft.published):
        dates.published = date_in_name(context.name, context.settings)
        if dates.published:
            dates.basis, dates.reason = DateBasis.INFERRED, "file name"
    return dates


def _moment(value: object, draft: Draft, context: Context, dates: _Dates) -> Moment | None:
    if value is None or is_missing(value):
        return None
    try:
        return parse_moment(value, context.settings, unix=draft.unix)
    except DateError as error:
        dates.causes += (str(error),)
        return None
