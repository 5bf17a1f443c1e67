"""Posts of the UNLP 2025 shared task, with folds in which near copies of a post stay together."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.language.core import language_core
from tocsin.language.persuasion import TECHNIQUES, TextRead, read_text
from tocsin.language.universal import universal_encoder
from training.core.prepare import FOLDS, fold_of

__all__ = ["CORPUS", "Posts", "folds_of", "read_posts"]

CORPUS: Final = Path("persuasion") / "unlp2025" / "spans.parquet"
#: Cosine of words, pairs and triples of words from which on two posts are copies.
_COPY: Final = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Posts:
    """Posts as read, which of the ``TECHNIQUES`` each has (n, 10), its fold (n,), and of each its words:
    which are marked as manipulative, and how many characters they take with the blank after them."""

    read: tuple[TextRead, ...]
    techniques: NDArray[np.bool_]
    folds: NDArray[np.int64]
    marked: tuple[NDArray[np.bool_], ...]
    lengths: tuple[NDArray[np.int64], ...]


def folds_of(texts: Sequence[str]) -> NDArray[np.int64]:
    """The fold of each text, by the first in the alphabet of the texts it is a near copy of."""
    from scipy.sparse.csgraph import connected_components
    from sklearn.feature_extraction.text import TfidfVectorizer

    counts = TfidfVectorizer(ngram_range=(1, 3), binary=True, dtype=np.float32).fit_transform(texts)
    _, groups = connected_components(counts @ counts.T > _COPY, directed=False)
    first: dict[int, str] = {}
    for group, text in zip(groups.tolist(), texts, strict=True):
        first[group] = min(first.get(group, text), text)
    assert max(fold_of(text) for text in first.values()) + 1 == FOLDS
    return np.array([fold_of(first[group]) for group in groups.tolist()])


def read_posts(data: Path, kept: Path) -> Posts:
    """All posts; what the encoders say of them is kept in the file ``kept`` and taken from there again."""
    import pyarrow.parquet as pq

    rows = pq.read_table(data / CORPUS).to_pylist()
    if not kept.exists():
        core, universal = language_core(), universal_encoder()
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_bytes(pickle.dumps([read_text(row["content"], core, universal) for row in rows]))
    # Our own file, written by the lines above.
    found = pickle.loads(kept.read_bytes())  # noqa: S301
    used = [(row, read) for row, read in zip(rows, found, strict=True) if read is not None]
    folds = folds_of([row["content"] for row, _ in used])
    words = [_words(row, read) for row, read in used]
    return Posts(
        tuple(read for _, read in used),
        np.array([[name in (row["techniques"] or ()) for name in TECHNIQUES] for row, _ in used]),
        folds,
        tuple(marked for marked, _ in words),
        tuple(lengths for _, lengths in words),
    )


def _words(row: dict[str, Any], read: TextRead) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    starts = np.concatenate([window.starts for window in read.windows])
    ends = np.concatenate([window.ends for window in read.windows])
    marked = np.zeros(len(starts), dtype=np.bool_)
    for start, end in row["trigger_words"] or ():
        marked |= (starts < end) & (ends > start)
    return marked, ends - starts + 1
