"""Fit what comes after training: the mean vector of each language, and what a score is worth.

That is the share of attributions with such a score that are right on PolNeAR dev. An attribution counts as
right when its content shares half of the annotated one's words and its source a word ("joint"). Isotonic
regression over outermost attributions; the curve and a threshold with a joint F near the best are written
into the weights.

python -m training.core.calibrate DATA [--weights src/tocsin/language/weights/core-nc.npz]
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

from tocsin.evaluate.scores.attribution import AttributionScorer, Roles
from tocsin.language import sentences
from tocsin.language.attribution import Attributor
from tocsin.language.core import LANGUAGES, LanguageCore
from tocsin.language.windows import windows

__all__ = ["fit", "scored"]

#: Scores the curve is kept at.
_KNOTS = np.linspace(0, 1, 21)
_LOWEST = 0.05
#: F given up for more to judge.
_SLACK = 0.005
#: Sentences per language the mean vector is taken over.
_MEAN_OF = 1000


def scored(core: LanguageCore, path: Path) -> tuple[NDArray[np.float64], NDArray[np.bool_], int]:
    """Score of every outermost candidate of a file, whether it is right, and how many are annotated."""
    attributor = Attributor(core)
    scorer = AttributionScorer()
    scores: list[float] = []
    right: list[bool] = []
    count = 0
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            gold = [
                Roles(
                    *(
                        tuple((a, b) for a, b in attribution.get(k) or [])
                        for k in ("source", "cue", "content")
                    )
                )
                for attribution in entry["attributions"]
            ]
            found, own = _read(core, attributor, entry["text"])
            matched = scorer.add(entry["doc_id"], entry["text"], gold, found)
            agreed = {j for _, j, source, _ in matched.pairs if source}
            scores += own
            right += [j in agreed for j in range(len(own))]
            count += len(gold)
    return np.array(scores), np.array(right), count


def _read(core: LanguageCore, attributor: Attributor, text: str) -> tuple[list[Roles], list[float]]:
    found, scores = [], []
    spans = [(number, span.start, span.end) for number, span in sentences(text)]
    for window in windows(text, spans, core.pieces):
        for relation in attributor.relations(core.read(window), _LOWEST, depth=1):
            found.append(
                Roles(
                    *(
                        tuple((int(window.starts[a]), int(window.ends[b - 1])) for a, b in ranges)
                        for ranges in (
                            relation.source,
                            [(relation.cue.first, relation.cue.last)],
                            relation.content,
                        )
                    )
                )
            )
            scores.append(relation.score)
    return found, scores


def fit(scores: NDArray[np.float64], right: NDArray[np.bool_]) -> NDArray[np.float32]:
    """The curve at ``_KNOTS``: (2, knots) of score and chance."""
    model = IsotonicRegression(y_min=0.01, y_max=0.99, out_of_bounds="clip").fit(scores, right)
    return np.stack([_KNOTS, model.predict(_KNOTS)]).astype(np.float32)


def language_means(core: LanguageCore, build: Path) -> NDArray[np.float16]:
    """Mean sentence vector of each of LANGUAGES, (4, width), over sentences the vectors were taught with.

    What a language's sentences have in common says nothing of what they mean; without it the translation of a
    Kazakh sentence is found far more often (the model card has the figures).
    """
    sums = {language: np.zeros(core.width, np.float32) for language in LANGUAGES}
    counts = dict.fromkeys(LANGUAGES, 0)
    with (build / "teacher.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            entry = json.loads(line)
            if counts[entry["lang"]] < _MEAN_OF:
                window = windows(entry["text"], [(0, 0, len(entry["text"]))], core.pieces)[0]
                sums[entry["lang"]] += core.raw_vectors(core.read(window))[0]
                counts[entry["lang"]] += 1
    return np.stack([sums[k] / counts[k] for k in LANGUAGES]).astype(np.float16)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--weights", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    parser.add_argument("--build", type=Path, default=Path("build/core"))
    args = parser.parse_args()
    core = LanguageCore(args.weights)
    means = language_means(core, args.build)
    scores, right, count = scored(core, args.data / "attribution/polnear/dev.jsonl")
    choices = {float(t): _f(scores, right, count, float(t)) for t in np.arange(0.2, 0.8, 0.025)}
    # The lowest threshold that costs next to nothing: what is missed, nobody can judge.
    best = min(t for t, f in choices.items() if f >= max(choices.values()) - _SLACK)
    curve = fit(scores, right)
    print(f"threshold {best:.3f}, F {choices[best]:.3f}")
    for low in np.arange(0, 1, 0.1):
        inside = (scores >= low) & (scores < low + 0.1)
        if inside.any():
            print(f"{low:.1f}: {inside.sum()} found, {right[inside].mean():.2f} right")
    with np.load(args.weights, allow_pickle=False) as stored:
        named: dict[str, Any] = {k: stored[k] for k in stored.files}
    named["vector.mean"] = means
    named["attribution.calibration"] = curve
    named["attribution.threshold"] = np.array(best, np.float32)
    np.savez_compressed(args.weights, **named)


def _f(scores: NDArray[np.float64], right: NDArray[np.bool_], count: int, threshold: float) -> float:
    """F of attributions from a threshold on; pairs are those of all candidates, a good guide."""
    taken = scores >= threshold
    hits = float(right[taken].sum())
    return 2 * hits / max(float(taken.sum()) + count, 1)


if __name__ == "__main__":
    main()
