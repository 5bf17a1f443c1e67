"""Names: exact span and type, after CoNLL.

Tjong Kim Sang and De Meulder 2003, "Introduction to the CoNLL-2003 Shared Task": a name is correct only if
its span and its type are exactly those of the annotation. Tags are read as the script ``conlleval`` of the
CoNLL tasks reads them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["TAG_PREFIXES", "chunks"]

#: What may stand before the hyphen of a tag: B, I, E, S, and their other names L (last) and U (unit).
TAG_PREFIXES: Final = frozenset("BIESLU")


def chunks(tags: Sequence[str]) -> list[tuple[int, int, str]]:
    """Typed chunks of a tagged sentence: (first token, token past the last, type), in order.

    ``tags`` are ``O`` or a letter of ``TAG_PREFIXES``, a hyphen and a type. A chunk begins at B or S, after
    O, after E or S, and where the type changes; so tags that mark only I (as WikiGold's do) are read too.
    Raises ValueError for anything else.
    """
    found: list[tuple[int, int, str]] = []
    start, before, own = -1, "O", ""
    for at, tag in enumerate([*tags, "O"]):
        letter, _, kind = tag.partition("-")
        letter = {"L": "E", "U": "S"}.get(letter, letter)
        if tag != "O" and (letter not in TAG_PREFIXES or not kind):
            raise ValueError(f"the tag {tag[:40]!r} is neither O nor a letter of BIESLU, a hyphen and a type")
        begins = letter != "O" and (letter in "BS" or before in {"O", "E", "S"} or kind != own)
        if start >= 0 and (begins or letter == "O"):
            found.append((start, at, own))
            start = -1
        if begins:
            start = at
        before, own = letter, kind
    return found
