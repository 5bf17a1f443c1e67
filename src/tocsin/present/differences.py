"""What an edited copy changed: the two texts word by word, as one readable line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

__all__ = ["Difference", "difference"]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
#: Words compared; the rest of a long text is not, and that is said.
_MOST_WORDS = 900
#: Unchanged stretches longer than this are cut to this many code points on each side.
_KEPT = 70


@dataclass(frozen=True, slots=True)
class Difference:
    """One stretch: ``same``, ``out`` (only in the original), ``in`` (only in the copy) or ``cut``.

    ``text`` is verbatim; ``at`` is its first code point in the original, in the copy for ``in``.
    """

    kind: str
    text: str
    at: int


def _parts(text: str) -> list[tuple[int, str]]:
    return [(match.start(), match.group()) for match in _WORD.finditer(text)][:_MOST_WORDS]


def difference(original: str, copy: str) -> tuple[Difference, ...]:
    """The stretches of both texts in reading order.

    The ``same`` and ``out`` (and ``cut``) stretches make up the original, the ``same`` and ``in`` ones the
    copy, as far as they were compared.
    """
    one, other = _parts(original), _parts(copy)
    matcher = SequenceMatcher(None, [w for _, w in one], [w for _, w in other], autojunk=False)
    found: list[Difference] = []
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            found += _same("".join(w for _, w in one[i:i_end]), one[i][0], last=i_end == len(one))
            continue
        if i < i_end:
            found.append(Difference("out", "".join(w for _, w in one[i:i_end]), one[i][0]))
        if j < j_end:
            found.append(Difference("in", "".join(w for _, w in other[j:j_end]), other[j][0]))
    return tuple(found)


def _same(text: str, at: int, *, last: bool) -> list[Difference]:
    """An unchanged stretch, its middle cut out when it is long (its end, when nothing follows)."""
    head = 0 if at == 0 and not last else _KEPT
    tail = 0 if last else _KEPT
    if len(text) <= head + tail + 40:
        return [Difference("same", text, at)]
    end = len(text) - tail
    parts = [
        Difference("same", text[:head], at),
        Difference("cut", text[head:end], at + head),
        Difference("same", text[end:], at + end),
    ]
    return [part for part in parts if part.text]
