"""Vectors of sentences behind one small protocol, and the encoder that is used.

A sentence is read alone in a window of its own, as in training (``training/core/tasks/vectors.py``), so its
vector does not depend on the text around it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from tocsin.language.bridge import bridge
from tocsin.language.windows import Window, windows
from tocsin.model.ids import digest

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tocsin.language.core import LanguageCore
    from tocsin.language.universal import UniversalEncoder

    Floats = NDArray[np.float32]

__all__ = ["CAPACITY", "CoreEncoder", "Encoder", "JoinedEncoder", "packaged_encoder", "sentence_vectors"]

#: Sentences whose vectors are remembered: some 260 MB when full.
CAPACITY: Final = 65_536


class Encoder(Protocol):
    """Turns sentences into vectors that lie near each other when the sentences mean the same.

    Pure: equal sentences give equal vectors, whatever else is in the batch. ``name`` says which weights; it
    is part of the method name of what is derived.
    """

    name: str
    dimension: int

    def vectors(self, sentences: Sequence[str], language: str = "") -> Floats:
        """Unit vectors, shape (len(sentences), dimension); zeros for a sentence without any word or sign.

        ``language`` (ISO 639-1) is that of all the sentences, empty where it is not known.
        """
        ...


class CoreEncoder:
    """The language core's sentence vectors. Threads take turns.

    Vectors are remembered by the content of the sentence and its language: as long as a process sees no more
    than ``capacity`` different sentences, it reads none of them twice; beyond that, those not asked for
    longest are forgotten.
    """

    def __init__(self, core: LanguageCore, capacity: int = CAPACITY) -> None:
        self._core = core
        self._capacity = capacity
        self._known: OrderedDict[tuple[str, str], Floats] = OrderedDict()
        self._turn = Lock()
        self.name = core.name
        self.dimension = core.width

    def vectors(self, sentences: Sequence[str], language: str = "") -> Floats:
        """See ``Encoder``."""
        with self._turn:
            return self._vectors(sentences, language)

    def _vectors(self, sentences: Sequence[str], language: str) -> Floats:
        import numpy as np

        # Halves of surrogate pairs come from broken input; they are content like any other.
        keys = [(digest(s.encode("utf-8", "surrogatepass")), language) for s in sentences]
        new = {k: s for k, s in zip(keys, sentences, strict=True) if k not in self._known}
        made = dict(zip(new, self._read(list(new.values()), language), strict=True))
        out = np.empty((len(sentences), self.dimension), dtype=np.float32)
        for row, key in enumerate(keys):
            if key in made:
                out[row] = made[key]
            else:
                out[row] = self._known[key]
                self._known.move_to_end(key)
        self._known.update(made)
        while len(self._known) > self._capacity:
            self._known.popitem(last=False)
        return out

    def _read(self, sentences: Sequence[str], language: str) -> Sequence[Floats]:
        return [self._vector(sentence, language) for sentence in sentences]

    def _vector(self, sentence: str, language: str) -> Floats:
        """The mean of the vectors of its parts by their pieces: most sentences are one part."""
        import numpy as np

        total = np.zeros(self._core.width, dtype=np.float32)
        parts = windows(sentence, [(0, 0, len(sentence))], self._core.pieces)
        for part in parts:
            total += _pieces(part) * self._core.vectors(self._core.read(part), language)[0]
        found: Floats = total / np.linalg.norm(total) if parts else total
        return found


class JoinedEncoder(CoreEncoder):
    """The core's vectors beside those of the universal encoder, each of length 1/√2: cosines are averaged.

    The universal encoder knows Russian and English better, the core Ukrainian and above all Kazakh, which the
    other was never taught; together they find more translations than either (see the model card).
    """

    def __init__(self, core: LanguageCore, universal: UniversalEncoder, capacity: int = CAPACITY) -> None:
        super().__init__(core, capacity)
        self._universal = universal
        self.name = f"{core.name}+{universal.name}"
        self.dimension = core.width + universal.dimension

    def _read(self, sentences: Sequence[str], language: str) -> Sequence[Floats]:
        import numpy as np

        own = super()._read(sentences, language)
        bridged = [bridge(sentence, language) for sentence in sentences]
        spelt = [s if b is None else b.text for s, b in zip(sentences, bridged, strict=True)]
        theirs = self._universal.vectors(spelt)
        half = np.float32(0.5**0.5)
        # What the core finds no word in has no meaning to compare: zeros, as the protocol says.
        return [np.concatenate([a, b * bool(a.any())]) * half for a, b in zip(own, theirs, strict=True)]


def _pieces(window: Window) -> int:
    """Pieces of a window without its marks."""
    return int((window.sentence_of >= 0).sum())


@cache
def packaged_encoder() -> Encoder:
    """The encoder that installs with tocsin; its weights are read at the first call of a process."""
    from tocsin.language.core import language_core
    from tocsin.language.universal import universal_encoder

    return JoinedEncoder(language_core(), universal_encoder())


def sentence_vectors(texts: Sequence[str], languages: Sequence[str]) -> Floats:
    """Unit vectors (n, dimension), float32, of sentences, claims or other short texts in any language.

    ``languages`` are their ISO 639-1 codes, ``und`` or empty where not known. Rows lie near each other (by
    their dot product) where the texts mean the same, across languages too: what all texts of a language have
    in common is taken off. A row depends on its text and language alone, not on the others given; a text seen
    before in this process is not read again. Zeros for a text without a word. Raises ValueError when the two
    sequences differ in length.
    """
    import numpy as np

    if len(texts) != len(languages):
        raise ValueError(f"{len(texts)} texts, but {len(languages)} languages")
    encoder = packaged_encoder()
    out = np.zeros((len(texts), encoder.dimension), dtype=np.float32)
    by_language: dict[str, list[int]] = {}
    for row, language in enumerate(languages):
        by_language.setdefault(language, []).append(row)
    for language, rows in sorted(by_language.items()):
        out[rows] = encoder.vectors([texts[row] for row in rows], language)
    return out
