"""What the head of a JSON file looks like: enough to tell the JSON formats apart."""

from __future__ import annotations

import io
import json
import re
from dataclasses import dataclass, field
from functools import lru_cache

from tocsin.errors import InputError
from tocsin.read.jsonscan import JsonScanner
from tocsin.read.text import TextSource

__all__ = ["Shape", "shape_of"]

_KEY = re.compile(r'"([^"\\\n]{1,60})"\s*:')

#: A head of so many characters is taken to be cut.
_LONG = 16_000


@dataclass(frozen=True, slots=True)
class Shape:
    """``kind`` is array, lines, object, open (one unfinished object) or "" (no JSON).

    ``keys`` are the keys of the first record of an array or of lines; ``top`` maps the keys of a top-level
    object, as far as the head goes, to their string values ("[" and "{" for arrays and objects).
    """

    kind: str = ""
    keys: frozenset[str] = frozenset()
    top: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=8)
def shape_of(head: bytes) -> Shape:
    """The shape of UTF-8 ``head``."""
    text = head.decode("utf-8", "replace").lstrip("\ufeff \t\n")
    if text.startswith("["):
        return _array(text)
    if text.startswith("{"):
        return _lines(text) or _object(text)
    return Shape()


def _array(text: str) -> Shape:
    rest = text[1:].lstrip()
    if rest.startswith("{"):
        try:
            record, _ = json.JSONDecoder(strict=False).raw_decode(rest)
            return Shape("array", frozenset(record))
        except (ValueError, RecursionError):
            return Shape("array", frozenset(_KEY.findall(rest)))
    # "[1] A footnote" is no JSON; "[[…" and "[]" are.
    return Shape("array") if rest.startswith(("[", "]")) or not rest else Shape()


def _lines(text: str) -> Shape | None:
    _, newline, rest = text.partition("\n")
    rows = [line for line in text.split("\n")[:50] if line.strip()]
    if len(rows) > 1 and len(text) > _LONG and not text.endswith("\n"):
        rows = rows[:-1]  # cut by the end of the head
    good = [record for record in map(_record, rows) if record is not None]
    if not newline or not rest.strip():
        return Shape("lines", frozenset(good[0])) if newline and good else None
    if good and len(good) * 2 >= len(rows):
        return Shape("lines", frozenset(good[0]))
    return None


def _record(line: str) -> dict[str, object] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _object(text: str) -> Shape:
    scanner = JsonScanner(TextSource(io.BytesIO(text.encode("utf-8", "replace"))), 1 << 20, 64)
    top: dict[str, str] = {}
    try:
        for key in scanner.members():
            char = scanner.peek()
            top[key] = char
            if char in "[{":
                scanner.skip()
            else:
                top[key] = str(scanner.value())
    except InputError:
        pass  # the head is cut somewhere, as heads are
    return Shape("object" if "\n" in text or text.rstrip().endswith("}") else "open", top=top)
