"""An index of names: the nearest of a million to a name in any spelling.

Three steps. (1) Every word of the query finds words of the index that share a key (``fold.keys``: its
consonants by class); the likeliest few by shared letter pairs are weighed by sound (``sounds.distances``).
(2) Names that hold such words are collected: by pairs of words, and by single words, shorter names first.
(3) Each is scored: the words that agree, by rarity, against all words of both. ``find`` then orders the best
by ``compare`` too and says why; ``find_many`` leaves it at step 3.

Rejected: an index of character n-grams of whole names; at a million names every query touches tens of
thousands of postings.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from tocsin.errors import InternalError
from tocsin.resolve.names.compare import WEIGHTS, Weights, compare
from tocsin.resolve.names.forms import nominatives
from tocsin.resolve.names.lookup import Lookup

__all__ = ["Found", "NameIndex"]

_FORMAT: Final = 1
#: What the fast score counts beside the comparison's in ``find``.
_FAST_SHARE: Final = 0.5
_FORMS: Final = 4  # nominatives tried in ``find``
_DOUBT: Final = 0.08  # what the least likely of them loses


class Found(NamedTuple):
    """A name found: its id, score 0–1, the reasons for it, strongest first."""

    name_id: str
    score: float
    reasons: tuple[str, ...]


class NameIndex:
    """Names with ids, to be found in any spelling. Add all names before asking; asking builds the index.

    One id may have several names; a name may have several ids. Ids are any strings.
    """

    def __init__(self, weights: Weights = WEIGHTS) -> None:
        self._weights = weights
        self._ids: list[str] = []
        self._names: list[str] = []
        self._built: Lookup | None = None

    def __len__(self) -> int:
        return len(self._names)

    def add(self, name_id: str, name: str) -> None:
        """Add a name; one without any letter is kept but never found."""
        self._ids.append(name_id)
        self._names.append(name)
        self._built = None

    def add_many(self, names: Iterable[tuple[str, str]]) -> None:
        """Add pairs of id and name."""
        for name_id, name in names:
            self.add(name_id, name)

    def find(self, query: str, k: int = 5, *, language: str = "", kind: str = "") -> list[Found]:
        """The ``k`` names nearest to ``query``, best first, each id once.

        ``language`` (ISO 639-1) lets an inflected name be found by its nominative; ``kind`` as in
        ``compare``. Empty for a query without letters. Raises ValueError for another kind.
        """
        rows, scores = self.find_many([query], 2 * k + 6, language=language)
        forms = _trusted_forms(query, language)
        found: dict[str, Found] = {}
        for row, score in zip(rows[0].tolist(), scores[0].tolist(), strict=True):
            if row < 0:
                continue
            trusted = [
                (compare(form, self._names[row], kind, weights=self._weights), trust) for form, trust in forms
            ]
            best, trust = max(trusted, key=lambda c: c[0].score * c[1])
            total = (1 - _FAST_SHARE) * best.score * trust + _FAST_SHARE * score
            name_id = self._ids[row]
            if name_id not in found or found[name_id].score < total:
                found[name_id] = Found(name_id, total, best.reasons)
        return sorted(found.values(), key=lambda f: (-f.score, f.name_id))[:k]

    def find_many(
        self, queries: Sequence[str], k: int = 5, *, language: str = ""
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.float32]]:
        """The ``k`` nearest names of each query by the fast score alone: rows and scores, ``[queries, k]``.

        A row is the place of a name in the order of adding (``entry`` gives its id and text), -1 where
        fewer were found.
        """
        if self._built is None:
            self._built = Lookup.of(self._names)
        return self._built.search(queries, k, language)

    def entry(self, row: int) -> tuple[str, str]:
        """The id and the name at a row."""
        return self._ids[row], self._names[row]

    def save(self, path: Path) -> None:
        """Write names, ids and the built index to one compressed file (``.npz``)."""
        if self._built is None:
            self._built = Lookup.of(self._names)
        text = np.frombuffer("\n".join(_escape([*self._ids, *self._names])).encode(), np.uint8)
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, format=_FORMAT, text=text, **self._built.arrays())

    @classmethod
    def load(cls, path: Path) -> NameIndex:
        """Read what ``save`` wrote. Raises InternalError for a file of another format."""
        with np.load(path, allow_pickle=False) as data:
            if int(data["format"]) != _FORMAT:
                raise InternalError(f"{path.name} is an index of names of another version; build it again")
            lines = _unescape(data["text"].tobytes().decode().split("\n"))
            index = cls()
            half = len(lines) // 2
            index._ids, index._names = lines[:half], lines[half:]
            index._built = Lookup({name: data[name] for name in data.files if name not in {"format", "text"}})
        return index


def _trusted_forms(query: str, language: str) -> list[tuple[str, float]]:
    """The query and the nominatives it may have, each with a factor near 1: how much the form is trusted."""
    if not language:
        return [(query, 1.0)]
    guessed = dict(nominatives(query, language)[:_FORMS])
    top = max(guessed.values())
    guessed.setdefault(query, 0.0)
    return [(form, 1.0 - _DOUBT * (1.0 - share / top)) for form, share in guessed.items()]


def _escape(lines: Sequence[str]) -> list[str]:
    return [line.replace("\\", "\\\\").replace("\n", "\\n") for line in lines]


def _unescape(lines: Sequence[str]) -> list[str]:
    return [
        line.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\") if "\\" in line else line
        for line in lines
    ]
