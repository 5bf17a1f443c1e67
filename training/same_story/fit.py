"""Learn how alike two news articles are → ``link/same_story/data/semeval-2022.npz``.

    python -m training.same_story.fit [--data ../shared/data] [--cache FILE] [--write]

Reads SemEval-2022 task 8 (training part a: 1,283 pairs, similarity 1 to 4, ten languages). Spaces are learnt
from its texts without labels, weights from its labels; ``MODEL_CARD.md`` says what was tried and how it does.
Without ``--write`` only says how much the packaged weights differ. Seeded; no other data.
"""

from __future__ import annotations

import argparse
import csv
import pickle
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import nnls

from tocsin.link.same_story import score
from tocsin.link.same_story.basis import Basis, Told
from tocsin.link.same_story.features import FEATURES, features
from tocsin.link.same_story.reading import Reading, readings
from tocsin.link.same_story.score import Scorer
from training.same_story.spaces import learn

OUT: Final = Path(__file__).parents[2] / "src/tocsin/link/same_story/data/semeval-2022.npz"
#: Weight of the ridge of the kernel regression and of the plain sum.
RIDGE: Final = 0.3
PLAIN_RIDGE: Final = 30.0

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Documents (text, language), pairs of them (n, 2), and how alike each pair is, 0 to 1."""

    documents: tuple[tuple[str, str], ...]
    pairs: Integers
    labels: Doubles


def corpus_of(told: Sequence[tuple[tuple[str, str], tuple[str, str], float]]) -> Corpus:
    """Pairs of documents with their label; equal documents are one."""
    known: dict[tuple[str, str], int] = {}
    pairs = [[known.setdefault(side, len(known)) for side in (one, other)] for one, other, _ in told]
    return Corpus(tuple(known), np.array(pairs), np.array([label for *_, label in told]))


def semeval(data: Path) -> Corpus:
    """The pairs of part a; ``Overall`` is 1 for the same and 4 for nothing in common."""
    with (data / "same_story/semeval2022_t8_part_a.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return corpus_of(
        [((r["text1"], r["lang1"]), (r["text2"], r["lang2"]), (4 - float(r["Overall"])) / 3) for r in rows]
    )


def read(corpus: Corpus, cache: Path | None = None) -> list[Reading]:
    """The readings of all documents, from the file ``cache`` where it is there (trusted: it is unpickled)."""
    if cache is not None and cache.exists():
        found: list[Reading] = pickle.loads(cache.read_bytes())  # noqa: S301 - this command wrote it
        return found
    found = list(readings(*zip(*corpus.documents, strict=True)))
    if cache is not None:
        cache.write_bytes(pickle.dumps(found))
    return found


def table(told: Sequence[Told], pairs: Integers) -> Floats:
    """The features of pairs (n, len(FEATURES))."""
    return np.stack([features(told[a], told[b]) for a, b in pairs])


def fit(basis: Basis, told: Sequence[Told], pairs: Integers, labels: Doubles) -> Scorer:
    """Weights from labelled pairs of documents in these spaces."""
    found = table(told, pairs).astype(np.float64)
    mean, spread = found.mean(axis=0), found.std(axis=0) + 1e-6
    z = (found - mean) / spread
    bias = float(labels.mean())
    at = {name: i for i, name in enumerate(FEATURES)}
    fine = np.clip(z[:, [at[name] for name in score.FINE]], -score.CAP, score.CAP)
    square = np.square(fine).sum(axis=1)
    apart = np.maximum(square[:, None] + square - 2 * fine @ fine.T, 0.0)
    kernel = np.exp(-score.WIDTH / fine.shape[1] * apart)
    spaces = [np.stack([one.beginnings[0] for one in told]), np.stack([one.pooled[0] for one in told])]
    for rows in spaces:
        a, b = rows[pairs[:, 0]], rows[pairs[:, 1]]
        kernel += score.PRODUCTS * ((a @ a.T) * (b @ b.T) + (a @ b.T) * (b @ a.T)) / 2
    dual = np.linalg.solve(kernel + RIDGE * np.eye(len(kernel)), labels - bias)
    bilinear = []
    for rows in spaces:
        half = (rows[pairs[:, 0]] * dual[:, None]).T @ rows[pairs[:, 1]]
        bilinear.append((half + half.T) / 2)
    plain = z[:, [at[name] for name in score.PLAIN]]
    ridge = np.sqrt(PLAIN_RIDGE) * np.eye(plain.shape[1])
    weights, _ = nnls(np.vstack([plain, ridge]), np.concatenate([labels - bias, np.zeros(plain.shape[1])]))
    arrays = [mean, spread, fine, dual, np.stack(bilinear)]
    return Scorer(basis, *(array.astype(np.float32) for array in arrays), bias, weights.astype(np.float32))


def main() -> None:
    """Fit on everything; write, or compare with what is packaged."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    corpus = semeval(arguments.data)
    documents = read(corpus, arguments.cache)
    basis = learn(documents)
    told = [basis.tell(one) for one in documents]
    made = fit(basis, told, corpus.pairs, corpus.labels)
    if arguments.write:
        np.savez_compressed(OUT, **made.arrays())
        print(f"{OUT.name}: {OUT.stat().st_size:,} bytes")
    packaged = score.scorer()
    own = [packaged.basis.tell(one) for one in documents[:200]]
    chosen = [(a, b) for a, b in corpus.pairs.tolist() if max(a, b) < len(own)]
    apart = [packaged.compare(own[a], own[b]).value - made.compare(told[a], told[b]).value for a, b in chosen]
    print(f"packaged against fitted: at most {max(map(abs, apart)):.4f} apart in {len(apart)} pairs")


if __name__ == "__main__":
    main()
