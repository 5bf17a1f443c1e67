"""Lists cut into pages by cursor: where the last row stood, so that rows added meanwhile shift nothing."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from tocsin.errors import BadCursorError

__all__ = ["decode", "encode"]


def encode(list_name: str, values: Sequence[int | float | str | None]) -> str:
    """The cursor of a place in a list: the values of its sort columns."""
    text = json.dumps([list_name, *values], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def decode(list_name: str, cursor: str, types: Sequence[type]) -> list[Any]:
    """The values in a cursor of this list; raises BadCursorError for any other text."""
    try:
        raw = base64.urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
        found: list[Any] = json.loads(raw)
        name, *values = found
    except (ValueError, binascii.Error, TypeError, RecursionError) as error:
        raise BadCursorError("the cursor cannot be read") from error
    fits = len(values) == len(types) and all(type(v) is t for v, t in zip(values, types, strict=True))
    in_range = all(not isinstance(v, int) or abs(v) < 1 << 62 for v in values)
    if name != list_name or not fits or not in_range:
        raise BadCursorError("the cursor belongs to another list")
    return values
