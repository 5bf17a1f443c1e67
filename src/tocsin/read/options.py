"""Options of the command line that say something about the input."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tocsin.errors import BadDateOptionError, BadMappingError
from tocsin.read.dates import DateError, parse_moment
from tocsin.settings import Settings

__all__ = ["FIELDS", "parse_date_option", "parse_mapping"]

#: The canonical fields a table's columns can be mapped to.
FIELDS = (
    "text",
    "time",
    "title",
    "channel",
    "channel_id",
    "id",
    "url",
    "language",
    "author",
    "forwarded_from",
    "reply_to",
    "edited",
    "media",
)


def parse_date_option(text: str) -> datetime:
    """The instant (UTC) of ``--date``; raises BadDateOptionError."""
    try:
        return parse_moment(text.strip(), Settings()).when
    except DateError as error:
        raise BadDateOptionError(f"--date: {error}") from None


def parse_mapping(text: str, fields: Iterable[str] = FIELDS) -> dict[str, str]:
    """``text=body,time=published`` → field → column. A column may hold ``=``, not a comma.

    Raises BadMappingError.
    """
    mapping: dict[str, str] = {}
    for part in text.split(","):
        field, sign, column = (piece.strip() for piece in part.partition("="))
        if not sign or not field or not column:
            raise BadMappingError(f"{part.strip()!r} is not FIELD=COLUMN")
        if field not in fields:
            raise BadMappingError(f"there is no field {field!r}; the fields are {', '.join(fields)}")
        if field in mapping:
            raise BadMappingError(f"the field {field!r} is mapped twice")
        mapping[field] = column
    return mapping
