"""Texts as windows, cached per process; folds by content, the same for every task."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from tocsin.language import sentences
from tocsin.language.pieces import PieceTable
from tocsin.language.windows import ROOM, Window, windows

__all__ = ["FOLDS", "HELD_OUT", "PIECES", "fold_of", "one_window", "piece_table", "windows_of"]

FOLDS = 5
#: The fold no head of the shared run learns from, where a corpus has no development part of its own.
HELD_OUT = 0
#: The vocabulary, beside the weights it belongs to.
PIECES = Path("build/core/pieces.model")


@cache
def piece_table() -> PieceTable:
    return PieceTable(PIECES)


def fold_of(key: str) -> int:
    """0 to 4, from the text of the document (or its id): the same text is always in the same fold."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:4], "big") % FOLDS


def windows_of(text: str, room: int = ROOM) -> list[Window]:
    """A document's windows."""
    found = [(number, span.start, span.end) for number, span in sentences(text)]
    return windows(text, found, piece_table(), room)


def one_window(text: str) -> Window | None:
    """A short text as one sentence in one window (its first, should it be too long); None without words."""
    found = windows(text, [(0, 0, len(text))], piece_table())
    return found[0] if found else None
