"""Sentence pieces of the core's vocabulary, with the characters each stands for.

Unigram pieces never cross white space, so a text is cut at white space and each chunk is looked up in a
table of chunks seen before; only new chunks go through ``sentencepiece``. Words repeat, hence nearly all of
the tokenizer's work is a dictionary lookup.

A run of unknown characters becomes one piece per normalised character (``sentencepiece`` alone makes one
piece of the run). Half a surrogate pair, which no tokenizer takes, counts as an unknown character.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["BEGIN", "END", "UNKNOWN", "PieceTable", "Pieces"]

UNKNOWN: Final = 0
BEGIN: Final = 1
END: Final = 2

_CHUNK: Final = re.compile(r"\S+")
_HALF: Final = re.compile("[\ud800-\udfff]")

#: Ids, starts and ends of a text's pieces, in order. Starts and ends are code points of the text; a piece
#: that stands for no character (a lone word mark) has ``start == end``.
Pieces = tuple[list[int], list[int], list[int]]


class PieceTable:
    """Cuts texts into pieces. Not for concurrent use by several threads.

    ``capacity`` bounds the chunks remembered; when it is reached they are forgotten all at once, which
    changes the time a text takes, never its pieces.
    """

    def __init__(self, model: Path | bytes, capacity: int = 200_000) -> None:
        from sentencepiece import SentencePieceProcessor

        self._processor: Any = SentencePieceProcessor(
            model_proto=model if isinstance(model, bytes) else model.read_bytes()
        )
        self._capacity = capacity
        self._seen: dict[str, Pieces] = {}

    @cached_property
    def rarities(self) -> NDArray[np.float32]:
        """Of each piece minus the logarithm of its share; 0 for marks and pieces without letter or digit."""
        import numpy as np

        count = self._processor.get_piece_size()
        rare = np.zeros(count, dtype=np.float32)
        for number in range(END + 1, count):
            if any(map(str.isalnum, self._processor.id_to_piece(number))):
                rare[number] = -self._processor.get_score(number)
        return rare

    def cut(self, text: str) -> Pieces:
        """The pieces of one text, without begin and end marks; one unknown piece for a blank text."""
        ids: list[int] = []
        starts: list[int] = []
        ends: list[int] = []
        seen = self._seen
        for match in _CHUNK.finditer(text):
            chunk = match[0]
            known = seen.get(chunk)
            if known is None:
                known = self._learn(chunk)
            offset = match.start()
            ids += known[0]
            starts += [start + offset for start in known[1]]
            ends += [end + offset for end in known[2]]
        if not ids:
            return [UNKNOWN], [0], [0]
        return ids, starts, ends

    def _learn(self, chunk: str) -> Pieces:
        if len(self._seen) >= self._capacity:
            self._seen.clear()
        whole = _HALF.sub("\ufffd", chunk)
        pieces = _expand(self._processor.encode(whole, return_type="offset_mapping"))
        # A link of a thousand characters is used once; only what repeats is worth remembering.
        if len(chunk) <= 40:
            self._seen[chunk] = pieces
        return pieces


def _expand(mapping: dict[str, Sequence[Any]]) -> Pieces:
    """One piece per character of a run of unknown ones."""
    ids: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for number, piece, (start, end) in zip(
        mapping["ids"], mapping["pieces"], mapping["offsets"], strict=True
    ):
        count = len(piece) if number == UNKNOWN else 1
        even = end - start == count
        for k in range(count):
            ids.append(number)
            starts.append(start + k if even else start)
            ends.append(start + k + 1 if even else end)
    return ids, starts, ends
