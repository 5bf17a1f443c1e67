"""Learns the head of persuasion and writes its file, or compares it with TF-IDF over five folds.

python -m training.persuasion DATA                     # a fifth held out, weights written
python -m training.persuasion DATA --compare           # five folds, nothing written

Near copies of a post are in one fold. Nothing is chosen on the fold it is measured on: thresholds come from
scores of the other four, each given by a function that has seen neither its own fold nor the one held out.
TF-IDF (words, pairs of words, characters; the same regression) gets its thresholds the same way. Five minutes
on one core, most of it for reading the posts, which is done once.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tocsin.language.core import language_core
from tocsin.language.persuasion import BLOCKS, TECHNIQUES, WEIGHTS, core_mark, gain_codes
from training.core.prepare import FOLDS, HELD_OUT
from training.persuasion.corpus import Posts, read_posts
from training.persuasion.head import (
    Floats,
    Judge,
    Marker,
    f1,
    kernel_scores,
    plain_posts,
    products,
    seen_posts,
    span_f1,
    span_threshold,
    thresholds,
)

__all__ = ["compare", "learn", "main"]

_PEER_RIDGES = (1.0, 3.0, 10.0)


def learn(posts: Posts, held_out: int = HELD_OUT) -> dict[str, NDArray[Any]]:
    """Arrays of the head learnt from all folds but one."""
    marker = Marker(posts)
    marked, marks = seen_posts(posts, marker, held_out)
    judge = Judge(posts, [*plain_posts(posts), *marked], held_out)
    codes = gain_codes(1 / marker.spread({held_out}))
    function = marker.solve({held_out}) * marker.spread({held_out})[:, None]
    step = (np.abs(function).max(axis=0) / 127).astype(np.float32)
    return {
        "mark": np.round(function / step).astype(np.int8),
        "mark.step": step,
        "mark.gain": codes,
        "weight": judge.weight,
        "step": judge.step,
        "sizes": np.array(BLOCKS),
        "gain": gain_codes(judge.gain),
        "bias": judge.bias.astype(np.float32),
        "thresholds": judge.thresholds,
        "span_threshold": np.float32(span_threshold(posts, marks, posts.folds != held_out)),
    }


def compare(posts: Posts) -> dict[str, list[dict[str, float]]]:
    """Figures of the head and of TF-IDF, fold by fold."""
    marker, plain, counted = Marker(posts), plain_posts(posts), _tfidf(posts)
    found: dict[str, list[dict[str, float]]] = {"head": [], "TF-IDF": []}
    for fold in range(FOLDS):
        learnt = posts.folds != fold
        marked, marks = seen_posts(posts, marker, fold)
        kernel = products([*plain, *marked], learnt)
        scores = kernel_scores(kernel, posts.techniques, posts.folds, fold)
        spans = span_f1(posts, marks, ~learnt, span_threshold(posts, marks, learnt))
        everything = span_f1(posts, marks, ~learnt, -np.inf)
        own = figures(posts, scores, fold) | {"span F1": spans, "every word marked, span F1": everything}
        found["head"].append(own)
        peers = [kernel_scores(counted, posts.techniques, posts.folds, fold, r) for r in _PEER_RIDGES]
        best = max(peers, key=lambda s: precision(s[learnt], posts.techniques[learnt]))
        found["TF-IDF"].append(figures(posts, best, fold))
        print(fold, json.dumps({name: of[-1] for name, of in found.items()}), flush=True)
    return found


def figures(posts: Posts, scores: Floats, fold: int) -> dict[str, float]:
    """Macro-F1, mean average precision and F of each technique in a fold."""
    learnt, own = posts.folds != fold, posts.folds == fold
    cuts = thresholds(scores[learnt], posts.techniques[learnt])
    truth = posts.techniques[own]
    single = {n: f1(scores[own, k] >= cuts[k], truth[:, k]) for k, n in enumerate(TECHNIQUES)}
    macro = float(np.mean(list(single.values())))
    return {"macro F1": macro, "mean average precision": precision(scores[own], truth)} | single


def precision(scores: Floats, truth: NDArray[np.bool_]) -> float:
    """Mean over the techniques of average precision."""
    from sklearn.metrics import average_precision_score

    return float(np.mean([average_precision_score(t, s) for t, s in zip(truth.T, scores.T, strict=True)]))


def _tfidf(posts: Posts) -> Floats:
    """Products of posts by TF-IDF of words and pairs of them, and of characters; rarity from all texts."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    texts = [read.text for read in posts.read]
    words = {"ngram_range": (1, 2), "min_df": 2, "token_pattern": r"(?u)\b\w+\b|[^\w\s]"}
    characters = {"analyzer": "char_wb", "ngram_range": (2, 5), "min_df": 3}
    total = np.zeros((len(texts), len(texts)), dtype=np.float32)
    for settings in (words, characters):
        counts = TfidfVectorizer(sublinear_tf=True, dtype=np.float32, **settings).fit_transform(texts)
        total += (counts @ counts.T).toarray() / 2
    total -= total.mean(axis=0) + total.mean(axis=1)[:, None] - total.mean()
    return total


def summary(found: dict[str, list[dict[str, float]]]) -> dict[str, dict[str, Sequence[float]]]:
    """Mean and spread over folds of every figure."""
    return {
        name: {
            figure: (round(float(np.mean(values)), 4), round(float(np.std(values)), 4))
            for figure in folds[0]
            if (values := [fold[figure] for fold in folds])
        }
        for name, folds in found.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--compare", action="store_true", help="five folds beside TF-IDF; write nothing")
    parser.add_argument("--build", type=Path, default=Path("build/persuasion"), help="where states are kept")
    parser.add_argument("--out", type=Path, default=Path("src/tocsin/language/weights") / WEIGHTS)
    args = parser.parse_args()
    posts = read_posts(args.data, args.build / "read.pickle")
    if args.compare:
        print(json.dumps(summary(compare(posts)), indent=1))
        return
    named = learn(posts)
    np.savez_compressed(args.out, **named, core=np.array(core_mark(language_core().named)))
    print(args.out, f"{args.out.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
