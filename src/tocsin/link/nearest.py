"""The nearest of another language to each wording: found by all similarities, kept for the days that follow.

Vectors are kept as whole numbers of 8 bits. A product of two is a whole number below 2^24 (for up to 1,040
numbers each), which single precision holds exactly: a similarity follows from the two vectors alone, whatever
else is multiplied with them. So what was nearest among those of yesterday need not be looked for again: what
is new is held against all, and what is old against what is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tocsin.link.join import sorted_distinct
from tocsin.model.arrow import arrow_schema
from tocsin.model.tables import WORDING_NEIGHBOURS

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    Array = NDArray[Any]
    Floats = NDArray[np.float32]

__all__ = ["KEPT", "KnownNeighbours", "Nearest", "Vectors", "nearest_across"]

#: How many of the nearest are kept of each: the nearest, and four that say what is usual around it.
KEPT: Final = 5
_BLOCK: Final = 1024
#: So many of a block's columns say from where on a similarity may be among the greatest.
_SAMPLE: Final = 4096
#: Fewer products of two languages than this are worked out anew sooner than read and written.
_WORTH: Final = 1 << 20


@dataclass(frozen=True, slots=True, eq=False)
class Vectors:
    """Rows (n, d), and what turns the products of each into similarities (n,): one over its length."""

    rows: Floats
    inverse: Floats

    @classmethod
    def packed(cls, vectors: Sequence[bytes]) -> Vectors:
        """Vectors as ``claim_meanings`` holds them: their numbers, whatever the scale."""
        import numpy as np

        numbers = np.frombuffer(b"".join(vectors), np.int8).reshape(len(vectors), -1)
        squares = np.einsum("ij,ij->i", numbers, numbers, dtype=np.int64)
        inverse = 1.0 / np.sqrt(np.maximum(squares, 1))
        return cls(numbers.astype(np.float32), inverse.astype(np.float32))

    @classmethod
    def of_units(cls, rows: Floats) -> Vectors:
        """Unit vectors as they are; their similarities are as exact as the order of adding allows."""
        import numpy as np

        return cls(rows, np.ones(len(rows), np.float32))

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, places: Array) -> Vectors:
        """Some of them."""
        return Vectors(self.rows[places], self.inverse[places])

    def similar(self, other: Vectors) -> Floats:
        """The similarity of each with each, shape (n, m)."""
        found: Floats = self.rows @ other.rows.T
        found *= self.inverse[:, None]
        found *= other.inverse
        return found


class Nearest:
    """Of each row the nearest of another side, greatest similarity first, of equals the smaller number first.

    ``others`` (rows, KEPT) are their numbers, -1 beyond the last; ``similar`` their similarities, there minus
    infinity.
    """

    def __init__(self, rows: int) -> None:
        import numpy as np

        self.others: NDArray[np.int64] = np.full((rows, KEPT), -1, np.int64)
        self.similar: Floats = np.full((rows, KEPT), -np.inf, np.float32)

    def __len__(self) -> int:
        return len(self.others)

    def add(self, row: Array, other: Array, similar: Array) -> None:
        """Take in pairs that are not there yet, those that belong among the nearest."""
        import numpy as np

        touched = sorted_distinct(row)
        held, place = np.nonzero(self.others[touched] >= 0)
        row = np.concatenate((row, touched[held]))
        other = np.concatenate((other, self.others[touched[held], place]))
        similar = np.concatenate((similar, self.similar[touched[held], place]))
        order = np.lexsort((other, -similar, row))
        row, other, similar = row[order], other[order], similar[order]
        place = np.arange(len(row)) - np.searchsorted(row, row)
        kept = place < KEPT
        self.others[row[kept], place[kept]] = other[kept]
        self.similar[row[kept], place[kept]] = similar[kept]

    def take_in(self, similar: Floats, rows: Array, others: Array, axis: int) -> None:
        """Take in a block of similarities: along its ``axis`` run the ``others``, else the ``rows``."""
        import numpy as np

        least = self.similar[rows, -1]
        sample = similar[:, :_SAMPLE] if axis else similar
        if np.isneginf(least).any() and sample.shape[axis] > KEPT:
            at = sample.shape[axis] - KEPT
            least = np.maximum(least, np.partition(sample, at, axis=axis).take(at, axis=axis))
        places = np.nonzero(similar >= (least[:, None] if axis else least))
        self.add(rows[places[1 - axis]], others[places[axis]], similar[places])


def nearest_across(
    one: Vectors, other: Vectors, known: tuple[Nearest, Nearest] | None = None
) -> tuple[Nearest, Nearest]:
    """The nearest of ``other`` to each of ``one``, and of ``one`` to each of ``other``.

    ``known`` is what was found among some of both, and is added to: rows that have none there are new.
    """
    import numpy as np

    there, back = known or (Nearest(len(one)), Nearest(len(other)))
    new, late = there.others[:, 0] < 0, back.others[:, 0] < 0
    for rows, columns in (
        (np.flatnonzero(new), np.arange(len(other))),
        (np.flatnonzero(~new), np.flatnonzero(late)),
    ):
        facing = other.take(columns)
        for start in range(0, len(rows) if len(columns) else 0, _BLOCK):
            part = rows[start : start + _BLOCK]
            similar = one.take(part).similar(facing)
            there.take_in(similar, part, columns, axis=1)
            back.take_in(similar, columns, part, axis=0)
    return there, back


class KnownNeighbours:
    """The nearest wordings of the last time taken over, unless one of the wordings has gone since.

    ``ids`` are all wordings there are now, in order.
    """

    def __init__(self, previous: Mapping[str, pa.Table], ids: Sequence[str]) -> None:
        import numpy as np
        import pyarrow as pa

        self._ids = pa.array(ids, pa.string())
        self._made: list[tuple[Array, Array, Array]] = []
        self._known: tuple[Array, Array, Array] | None = None
        if "wording_neighbours" in previous:
            kept = previous["wording_neighbours"]
            wording, neighbour = (self._places(kept.column(n)) for n in ("wording_id", "other_id"))
            if (wording >= 0).all() and (neighbour >= 0).all():
                similar = np.asarray(kept.column("similarity")).astype(np.float32)
                self._known = (wording, neighbour, similar)

    def _places(self, ids: pa.ChunkedArray) -> Array:
        import numpy as np
        import pyarrow.compute as pc

        return np.asarray(pc.fill_null(pc.index_in(ids, self._ids), -1)).astype(np.int64)

    def across(self, sides: tuple[Array, Array], vectors: tuple[Vectors, Vectors]) -> tuple[Nearest, Nearest]:
        """``nearest_across`` for wordings at these places among the ``ids``, each side in order."""
        if len(sides[0]) * len(sides[1]) < _WORTH:
            return nearest_across(*vectors)
        there, back = nearest_across(*vectors, self._kept(*sides))
        for near, (own, others) in ((there, sides), (back, sides[::-1])):
            row, place = (near.others >= 0).nonzero()
            self._made.append((own[row], others[near.others[row, place]], near.similar[row, place]))
        return there, back

    def _kept(self, one: Array, other: Array) -> tuple[Nearest, Nearest]:
        import numpy as np

        sides = Nearest(len(one)), Nearest(len(other))
        if self._known is not None:
            wording, neighbour, similar = self._known
            for near, own, others in ((sides[0], one, other), (sides[1], other, one)):
                number = np.full((2, len(self._ids)), -1)
                number[0, own], number[1, others] = np.arange(len(own)), np.arange(len(others))
                mine = (number[0, wording] >= 0) & (number[1, neighbour] >= 0)
                near.add(number[0, wording[mine]], number[1, neighbour[mine]], similar[mine])
        return sides

    def table(self) -> pa.Table:
        """Rows of ``wording_neighbours``: all that was found between languages with much to multiply."""
        import numpy as np
        import pyarrow as pa

        if not self._made:
            return arrow_schema(WORDING_NEIGHBOURS).empty_table()
        wording, neighbour, similar = (np.concatenate(parts) for parts in zip(*self._made, strict=True))
        order = np.lexsort((neighbour, wording))
        columns = [
            self._ids.take(pa.array(wording[order])),
            self._ids.take(pa.array(neighbour[order])),
            pa.array(similar[order].astype(np.float64)),
        ]
        return pa.Table.from_arrays(columns, schema=arrow_schema(WORDING_NEIGHBOURS))
