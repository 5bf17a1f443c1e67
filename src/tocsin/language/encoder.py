"""The multilingual encoder behind one small protocol, and which one is used.

One pass over a sentence gives both its vector and the features of its pieces, so no head ever encodes a
sentence a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Integers = NDArray[np.int64]

__all__ = ["Encoder", "Encoding", "packaged_encoder"]


@dataclass(frozen=True, slots=True, eq=False)
class Encoding:
    """What one pass says of one sentence.

    ``vector`` has shape (dimension,) and length 1. ``features`` has one row of ``feature_dimension`` numbers
    per piece. ``starts`` and ``ends`` are the code points of the sentence each piece stands for; a piece that
    stands for none has ``start == end``.
    """

    vector: Floats
    features: Floats
    starts: Integers
    ends: Integers


class Encoder(Protocol):
    """Turns sentences into vectors that lie near each other when the sentences mean the same.

    Both methods are pure: equal sentences give equal results up to floating-point rounding, whatever
    else is in the batch. ``name`` says which weights; it is part of the method name of what is derived.
    """

    name: str
    dimension: int
    feature_dimension: int

    def vectors(self, sentences: Sequence[str]) -> Floats:
        """Unit vectors, shape (len(sentences), dimension)."""
        ...

    def encode(self, sentences: Sequence[str]) -> Iterator[Encoding]:
        """One encoding per sentence, in order."""
        ...


@cache
def packaged_encoder() -> Encoder:
    """The encoder that installs with tocsin; its weights are read at the first call of a process."""
    from tocsin.language.packaged import PackagedEncoder

    return PackagedEncoder()
