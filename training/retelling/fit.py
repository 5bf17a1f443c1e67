"""How much similarities say for a translation: of sentences, and of documents, from NTREX.

    python training/retelling/fit.py [--data ../shared/data] [--write]

True pairs are the translations of NTREX (development part). A false one is, for each sentence, the nearest
of the eight that stand around its translation in the article: other sentences about the same event, which
is what two independent posts have in common. Both kinds weigh the same, so even odds mean: as often a
translation as the best of eight others. Printed are, for each two languages, the similarity at even odds
and the slope, and the shares of true and false pairs above it.

Documents are made of the same articles: two to four sentences in a row, and beside them their translations
(all, or all but the last) or others of the article, of which one is mostly a translation too: what happened
is told by everybody. A logistic regression over four features (``retelling.probability``) tells them apart;
half of the articles are held out and give the figures printed. ``--write`` puts all into
``data/evidence.json``.
"""

from __future__ import annotations

import argparse
import json
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from tocsin.language import sentence_vectors
from tocsin.link.retelling import MAYBE, features

OUT = Path(__file__).parents[2] / "src/tocsin/link/narratives/data/evidence.json"
CODES = ("en", "kk", "ru", "uk")
AROUND = 4
Floats = NDArray[np.float64]


def curve(true: Floats, false: Floats) -> tuple[float, float]:
    """The similarity at even odds and the slope of the log odds, by maximum likelihood."""

    def loss(values: Floats) -> float:
        even, slope = values
        return float(
            np.logaddexp(0, -slope * (true - even)).mean() + np.logaddexp(0, slope * (false - even)).mean()
        )

    found = minimize(loss, np.array([0.4, 15.0]), method="Nelder-Mead").x
    return round(float(found[0]), 3), round(float(found[1]), 1)


def documents(
    vectors: dict[str, Floats], articles: list[list[int]], curves: dict[str, list[float]], number: int
) -> tuple[Floats, NDArray[np.bool_]]:
    """Features of so many pairs of documents, and which of them are a text and its translation."""
    rng = np.random.default_rng(number)
    rows, labels = [], []
    for _ in range(number):
        article = articles[rng.integers(len(articles))]
        one, other = sorted(rng.choice(CODES, 2, replace=False).tolist())
        even, slope = curves[f"{one}-{other}"]
        size = int(rng.integers(2, 5))
        start = int(rng.integers(0, len(article) - size + 1))
        told = article[start : start + size]
        retold = bool(rng.random() < 0.6)
        if retold:
            beside = told[:-1] if size > 2 and rng.random() < 0.5 else told
        else:
            rest = [row for row in article if row not in told]
            beside = [*([told[0]] if rng.random() < 0.7 else []), *rng.choice(rest, rng.integers(1, 4))]
        odds = (vectors[one][told] @ vectors[other][beside].T - even) * slope
        there, back = odds.argmax(axis=1), odds.argmax(axis=0)
        pairs = [(row, int(column)) for row, column in enumerate(there) if back[column] == row]
        if min(odds.shape) > 1 and pairs:
            rows.append(features(odds, pairs))
            labels.append(retold)
    return np.array(rows), np.array(labels)


def regression(rows: Floats, labels: NDArray[np.bool_]) -> Floats:
    """Intercept and weights of a logistic regression."""
    wide = np.column_stack([np.ones(len(rows)), rows])
    sign = np.where(labels, 1.0, -1.0)

    def loss(weights: Floats) -> float:
        return float(np.logaddexp(0, -sign * (wide @ weights)).mean() + 1e-4 * (weights[1:] ** 2).sum())

    found: Floats = np.round(minimize(loss, np.zeros(wide.shape[1])).x, 3)
    return found


def main() -> None:
    """Print a row for each two languages, and what is told of documents."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    path = arguments.data / "same_story" / "ntrex_dev.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    vectors = {
        code: sentence_vectors([row[code] for row in rows], [code] * len(rows)).astype(np.float64)
        for code in CODES
    }
    found: dict[str, list[float]] = {}
    for one, other in combinations(CODES, 2):
        similar = vectors[one] @ vectors[other].T
        true = np.diag(similar)
        near = [
            [n for n in range(max(0, row - AROUND), min(len(rows), row + AROUND + 1)) if n != row]
            for row in range(len(rows))
        ]
        false = np.array([similar[row, beside].max() for row, beside in enumerate(near)])
        even, slope = curve(true, false)
        found[f"{one}-{other}"] = [even, slope]
        print(
            f"{one}-{other}  even odds at {even:.3f}, slope {slope:.1f};"
            f" above: {(true >= even).mean():.3f} true, {(false >= even).mean():.3f} false"
        )
    articles: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        articles.setdefault(row["doc"], []).append(number)
    long = [article for article in articles.values() if len(article) >= 2 * AROUND]
    weights = regression(*documents(vectors, long[::2], found, 4000))
    held, labels = documents(vectors, long[1::2], found, 4001)
    likely = 1 / (1 + np.exp(-(weights[0] + held @ weights[1:])))
    for limit in (MAYBE, 0.5, 0.8, 0.95):
        print(
            f"documents from {limit:.2f}: {(likely[labels] >= limit).mean():.3f} of translations,"
            f" {(likely[~labels] >= limit).mean():.3f} of others"
        )
    if arguments.write:
        weights = regression(*documents(vectors, long, found, 8000))
        made = {"sentences": found, "documents": weights.tolist()}
        OUT.write_text(json.dumps(made, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
