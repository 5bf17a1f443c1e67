"""The spaces in which documents are compared: means by language, projections, and what is crowded.

Learnt without any label from many documents (``training/same_story``): a language's mean is taken away, so
that two languages lie in one place; directions in which parts of *one* document differ are narrowed (linear
discriminants: what stays is what the document is about); and the centres of crowds tell that a text is near
to many others, as every text on an epidemic is in the year of an epidemic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.link.same_story.reading import Reading, Words

__all__ = ["SPACES", "Basis", "Told"]

Floats = NDArray[np.float32]

#: Spaces and the width of what is projected.
SPACES = {"beginnings": 512, "pooled": 1280, "pieces": 1280}
#: Of the centres of crowds the nearest that count.
_NEAREST = 5
#: Pieces of a document that are laid beside another's: the rarest.
_MOST_PIECES = 320
#: How fast the weight of a piece falls with its place.
_LEAD = 60.0
#: What is added to ``Reading.rare`` to count as a rare piece only.
_RARE = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A document as it is compared. All rows are unit vectors.

    ``plain`` (4, 512): its beginnings; ``beginnings`` (4, d), ``pooled`` (2, d), ``parts`` (k, d) and
    ``pieces`` (n, d) in the learnt spaces; ``weights`` (3, n): what each piece counts, evenly, in the
    beginning, if rare (each adds up to 1, or 0); ``crowds`` (2,): how near the crowds it lies.
    """

    language: str
    plain: Floats
    beginnings: Floats
    pooled: Floats
    parts: Floats
    pieces: Floats
    weights: Floats
    crowds: Floats
    words: Words


def _unit(rows: Floats) -> Floats:
    found: Floats = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Basis:
    """``means``: of each space by language, and of all under the empty string; ``projections``: of each space
    (width, d); ``crowds``: of beginnings and pooled, unit rows (k, d).
    """

    means: Mapping[str, Mapping[str, Floats]]
    projections: Mapping[str, Floats]
    crowds: Mapping[str, Floats]

    def centred(self, rows: Floats, space: str, language: str) -> Floats:
        """Rows less the mean of their language; one that is not known has the mean of all."""
        means = self.means[space]
        found: Floats = rows - means.get(language, means[""])
        return found

    def projected(self, rows: Floats, space: str, language: str) -> Floats:
        """Unit rows in the learnt space."""
        return _unit(self.centred(rows, space, language) @ self.projections[space])

    def tell(self, reading: Reading) -> Told:
        """A reading as it is compared."""
        language = reading.language
        beginnings = self.projected(reading.beginnings, "beginnings", language)
        pooled = self.projected(reading.pooled, "pooled", language)
        chosen = np.sort(np.argsort(-reading.rare, kind="stable")[:_MOST_PIECES])
        weights = np.stack(
            [
                reading.rare[chosen],
                reading.rare[chosen] * np.exp(-reading.at[chosen] / _LEAD),
                np.maximum(reading.rare[chosen] - _RARE, 0.0),
            ]
        )
        near = [
            float(np.sort(self.crowds[name] @ rows[0])[-_NEAREST:].mean())
            for name, rows in (("beginnings", beginnings), ("pooled", pooled))
        ]
        return Told(
            language,
            _unit(self.centred(reading.beginnings, "beginnings", language)),
            beginnings,
            pooled,
            self.projected(reading.parts, "pooled", language),
            self.projected(reading.pieces[chosen], "pieces", language),
            (weights / (weights.sum(axis=1, keepdims=True) + 1e-9)).astype(np.float32),
            np.array(near, dtype=np.float32),
            reading.words,
        )
