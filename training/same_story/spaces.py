"""The spaces of documents, learnt without labels: means by language, discriminants, crowds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tocsin.link.same_story.basis import SPACES, Basis
from tocsin.link.same_story.reading import Reading

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

#: Dimensions that are kept.
KEPT: Final = 128
#: Documents that a language must have for a mean of its own.
FEWEST: Final = 20
#: What is added to variances, in shares of their mean: the more, the less is narrowed.
RIDGE: Final = {"beginnings": 1.0, "pooled": 2.0, "pieces": 2.0}
CENTRES: Final = 256
ROUNDS: Final = 10
#: Pieces of a document that the space of pieces is learnt from.
SAMPLE: Final = 40


def _means(rows: Floats, languages: NDArray[np.str_], counts: dict[str, int]) -> dict[str, Floats]:
    found = {"": rows.mean(axis=0, dtype=np.float64).astype(np.float32)}
    for language in sorted(set(languages)):
        if counts.get(language, 0) >= FEWEST:
            found[language] = rows[languages == language].mean(axis=0, dtype=np.float64).astype(np.float32)
    return found


def _centred(rows: Floats, languages: NDArray[np.str_], means: dict[str, Floats]) -> Doubles:
    return rows.astype(np.float64) - np.stack([means.get(code, means[""]) for code in languages])


def whitened(rows: Doubles, ridge: float) -> Floats:
    """The widest directions, narrowed by their own width: shape (width, KEPT)."""
    widths, axes = np.linalg.eigh(np.cov(rows.T))
    chosen = axes[:, ::-1][:, :KEPT] / np.sqrt(widths[::-1][:KEPT] + ridge * widths.mean())
    return chosen.astype(np.float32)


def discriminants(rows: Doubles, parts: Doubles, own: NDArray[np.int64], ridge: float) -> Floats:
    """Directions in which documents differ (``rows``) and their ``parts``, of document ``own``, do not."""
    sizes = np.bincount(own, minlength=len(rows))
    centres = np.zeros_like(rows)
    np.add.at(centres, own, parts)
    centres /= np.maximum(sizes, 1)[:, None]
    several = sizes[own] > 1
    apart = (parts - centres[own])[several]
    within = apart.T @ apart / max(1, several.sum() - (sizes > 1).sum())
    within += ridge * np.trace(within) / len(within) * np.eye(len(within))
    widths, axes = np.linalg.eigh(within)
    narrowed = axes / np.sqrt(widths)
    _, chosen = np.linalg.eigh(np.cov((rows @ narrowed).T))
    return (narrowed @ chosen[:, ::-1][:, :KEPT]).astype(np.float32)


def centres_of(rows: Floats, seed: int) -> Floats:
    """Centres of crowds: spherical k-means."""
    rng = np.random.default_rng(seed)
    found = rows[np.sort(rng.choice(len(rows), min(CENTRES, len(rows)), replace=False))].copy()
    for _ in range(ROUNDS):
        home = (rows @ found.T).argmax(axis=1)
        for number in range(len(found)):
            if len(mine := rows[home == number]):
                found[number] = mine.mean(axis=0)
        found /= np.linalg.norm(found, axis=1, keepdims=True)
    return found


def learn(documents: Sequence[Reading], seed: int = 0) -> Basis:
    """The spaces of these documents."""
    rng = np.random.default_rng(seed)
    languages = np.array([one.language for one in documents])
    counts = {code: int((languages == code).sum()) for code in set(languages)}
    own = np.repeat(np.arange(len(documents)), [len(one.parts) for one in documents])
    picked = [np.sort(rng.permutation(len(one.pieces))[:SAMPLE]) for one in documents]
    rows = {
        "beginnings": np.stack([one.beginnings[0] for one in documents]),
        "pooled": np.stack([one.pooled[0] for one in documents]),
        "pieces": np.concatenate([one.pieces[p] for one, p in zip(documents, picked, strict=True)]),
    }
    pieces = np.repeat(languages, [len(p) for p in picked])
    codes = {"beginnings": languages, "pooled": languages, "pieces": pieces}
    means = {name: _means(rows[name], codes[name], counts) for name in SPACES}
    centred = {name: _centred(rows[name], codes[name], means[name]) for name in SPACES}
    parts = _centred(np.concatenate([one.parts for one in documents]), languages[own], means["pooled"])
    projections = {
        "beginnings": whitened(centred["beginnings"], RIDGE["beginnings"]),
        "pooled": discriminants(centred["pooled"], parts, own, RIDGE["pooled"]),
        "pieces": whitened(centred["pieces"], RIDGE["pieces"]),
    }
    basis = Basis(means, projections, {})
    crowds = {}
    for name in ("beginnings", "pooled"):
        made = (centred[name] @ projections[name]).astype(np.float32)
        crowds[name] = centres_of(made / np.linalg.norm(made, axis=1, keepdims=True), seed)
    return Basis(basis.means, basis.projections, crowds)
