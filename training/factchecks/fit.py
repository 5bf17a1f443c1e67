"""Fit the ranking of known fact-checks: networks, calibration, thresholds → ``data/ranking.json``.

    python -m training.factchecks.fit [--data ../shared/data] [--cache DIR]

Learns from the 800 training posts of CheckThat! 2020 and from the 997 of 2022 that are the same posts and
more against a larger collection with dates; posts of the dev part of 2020 are left out of both. The
calibration is fitted on questions held out of the networks (five folds), each asked twice: of the
collection, and of the collection without the right entry; and on news, which have none. See MODEL_CARD.md.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray

from tocsin.judge.factchecks.features import FEATURES
from tocsin.judge.factchecks.rank import Ranker, ranker_from
from tocsin.link.narratives.wordings import nearness
from training.factchecks.crosslingual import margins
from training.factchecks.data import Asked, asked, collection, map5, news, posts

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Limits = list[tuple[float, float]]

WEIGHTS: Final = Path(__file__).parents[2] / "src/tocsin/judge/factchecks/data/ranking.json"
HIDDEN: Final = 16
NETS: Final = 3
DECAY: Final = 1.0
#: None of them grows with the base: a small one must be as sure of the same words.
CALIBRATED: Final = (
    "uc", "ut", "best", "cover_claim", "cover_title", "cover_question", "grams_claim", "grams_title",
    "cover_author", "rare_grams_claim", "rare_grams_title", "gram_cosine_claim", "gram_cosine_title",
)  # fmt: skip
PRECISIONS: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)
FOLDS: Final = 5
FEWEST: Final = 4
#: What probabilities are said for: of a hundred claims one has its entry; one is on a story that has one, but
#: says something else; 98 are other news. Between languages 99 are news and posts of a feed.
SHARES: Final = {"entry": 1.0, "without": 1.0, "news": 98.0}
SHARES_ACROSS: Final = {"entry": 1.0, "news": 49.5, "feed": 49.5}


class Net(torch.nn.Module):
    """Direct weights and one hidden layer; dates are dropped at times, for many bases have none."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.direct = torch.nn.Linear(width, 1, bias=False)
        self.hidden = torch.nn.Linear(width, HIDDEN)
        self.out = torch.nn.Linear(HIDDEN, 1, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        found: torch.Tensor = (self.direct(x) + self.out(torch.relu(self.hidden(x))))[..., 0]
        return found


def train(questions: Sequence[Asked], seed: int, epochs: int = 20) -> tuple[Net, Floats, Floats]:
    """One network; the loss is the cross entropy over the candidates of a question."""
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    every = np.concatenate([q.features for q in questions])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-6
    dates = [n for n, name in enumerate(FEATURES) if name in {"dated", "near", "same_year", "before"}]
    usable = [q for q in questions if q.right.any()]
    most = max(len(q.features) for q in usable)
    x = np.zeros((len(usable), most, len(FEATURES)), dtype=np.float32)
    y = np.zeros((len(usable), most), dtype=np.float32)
    mask = np.full((len(usable), most), -1e9, dtype=np.float32)
    for n, q in enumerate(usable):
        x[n, : len(q.features)] = (q.features - mean) / spread
        y[n, : len(q.features)] = q.right / q.right.sum()
        mask[n, : len(q.features)] = 0
    blank = torch.tensor((0 - mean[dates]) / spread[dates])
    inputs, wanted, masked = map(torch.tensor, (x, y, mask))
    net = Net(len(FEATURES))
    steps = torch.optim.AdamW(net.parameters(), lr=5e-3, weight_decay=DECAY)
    for epoch in range(epochs):
        for group in steps.param_groups:
            group["lr"] = 5e-3 * (1 - epoch / epochs)
        for part in np.array_split(random.permutation(len(usable)), max(1, len(usable) // 16)):
            given = inputs[part].clone()
            hidden = torch.tensor(random.random(len(part)) < 0.4)
            for n, value in zip(dates, blank, strict=True):
                given[hidden, :, n] = value
            loss = -(torch.log_softmax(net(given) + masked[part], 1) * wanted[part]).sum(1).mean()
            steps.zero_grad()
            loss.backward()
            steps.step()
    return net, mean, spread


def as_json(nets: Sequence[Net], mean: Floats, spread: Floats) -> dict[str, Any]:
    """Networks as lists, with a preliminary calibration."""

    def listed(tensor: torch.Tensor) -> Any:
        return np.round(tensor.detach().numpy().astype(float), 4).tolist()

    return {
        "features": list(FEATURES),
        "mean": np.round(mean.astype(float), 5).tolist(),
        "spread": np.round(spread.astype(float), 5).tolist(),
        "nets": [
            {
                "direct": listed(net.direct.weight[0]),
                "hidden": listed(net.hidden.weight),
                "hidden_bias": listed(net.hidden.bias),
                "out": listed(net.out.weight[0]),
            }
            for net in nets
        ],
        "calibrated": list(CALIBRATED),
        "own": [0.0] * (2 + len(CALIBRATED)),
        "across": [0.0, 1.0],
        "thresholds": [],
        "across_thresholds": [],
    }


def fitted(questions: Sequence[Asked]) -> Ranker:
    """One network only, for measuring: a fold more would cost as much as the final ones."""
    made = [train(questions, 0)]
    return ranker_from(as_json([m[0] for m in made], made[0][1], made[0][2]))


def measured(questions: Sequence[Asked], model: Ranker) -> tuple[float, float]:
    """MAP@5 and MRR."""
    orders = [np.argsort(-model.scores(q.features), kind="stable") for q in questions]
    hits = [q.right[order] for q, order in zip(questions, orders, strict=True)]
    return map5(hits, [q.gold for q in questions])


def logistic(x: Floats, y: Floats, weights: Floats, decay: float = 1e-6) -> Floats:
    """Weights of a logistic regression (the first column is 1); ``weights`` are those of the rows."""
    inputs, wanted, counts = torch.tensor(x), torch.tensor(y), torch.tensor(weights / weights.sum())
    found = torch.zeros(x.shape[1], requires_grad=True)
    steps = torch.optim.LBFGS([found], max_iter=2000)

    def closure() -> torch.Tensor:
        steps.zero_grad()
        logits = inputs @ found
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, wanted, counts, reduction="sum")
        loss = loss + decay * (found[1:] ** 2).sum()
        loss.backward()
        return loss

    steps.step(closure)
    made: Floats = found.detach().numpy()
    return made


def firsts(questions: Sequence[Asked], model: Ranker) -> Iterator[tuple[Floats, bool, str]]:
    """What the calibration reads of the best candidate, if it is right, and the kind of question.

    Of a question with an entry twice, with it ("entry") and without ("without"); else "news".
    """
    for q in questions:
        every = np.ones(len(q.right), dtype=bool)
        for kind, keep in (("entry", every), ("without", ~q.right)) if q.gold else (("news", every),):
            features = q.features[keep]
            if not len(features):
                continue
            scores = model.scores(features)
            best = int(np.argmax(scores))
            yield model.inputs(features, scores)[best], bool(q.right[keep][best]), kind


def calibrated(
    found: Sequence[tuple[Floats, bool, str]], name: str, shares: Mapping[str, float]
) -> tuple[Floats, Limits]:
    """Weights of the calibration, and thresholds by precision; prints what a least probability gives."""
    x = np.stack([inputs for inputs, _, _ in found]).astype(np.float32)
    y = np.array([right for _, right, _ in found], dtype=np.float32)
    kinds = [kind for _, _, kind in found]
    counts = np.array([shares[kind] / kinds.count(kind) for kind in kinds], dtype=np.float32)
    weights = np.round(logistic(x, y, counts).astype(float), 4)
    chances = 1 / (1 + np.exp(-(x @ weights)))
    entry = np.array([kind == "entry" for kind in kinds])
    # Few have an entry in another language: there what is expected is more certain than what was counted.
    limits = thresholds(chances, y if len(x[0]) > 2 else chances, counts)
    for precision, least in limits:
        kept = chances >= least
        others = {
            k: int(sum(kept[n] for n in range(len(kinds)) if kinds[n] == k)) for k in sorted(set(kinds))
        }
        recall = float((kept & (y > 0))[entry].mean())
        print(f"{name}: precision {precision}, probability from {least}: {recall:.3f} found; kept {others}")
    made: Floats = weights
    return made, limits


def thresholds(chances: Floats, right: Floats, counts: Floats) -> Limits:
    """For each precision the lowest probability from which on it holds; ``counts`` are those of the rows.

    ``right`` may be the probabilities themselves.
    """
    order = np.argsort(-chances)
    precision = np.cumsum((right * counts)[order]) / np.cumsum(counts[order])
    found = []
    for wanted in PRECISIONS:
        good = np.flatnonzero(precision >= wanted)
        if len(good) and good[-1] >= FEWEST:
            found.append((wanted, round(float(chances[order][good[-1]]), 4)))
    return found


def across(folder: Path, cache: Path | None) -> tuple[Floats, Limits]:
    """Calibration between languages: own retellings of catalogued cases, and what retells none."""
    found = margins(folder, cache, nearness)
    rows = [(np.array([1.0, margin], dtype=np.float32), right, kind) for margin, right, kind in found]
    return calibrated(rows, "across languages", SHARES_ACROSS)


def held_out(questions: Sequence[Asked], fold: Integers, others: Sequence[Asked]) -> tuple[Floats, Limits]:
    """The calibration within a language, on questions held out of the networks; prints how well they rank."""
    rows: list[tuple[Floats, bool, str]] = []
    found = []
    for n in range(FOLDS):
        model = fitted([q for q, f in zip(questions, fold, strict=True) if f != n])
        out = [q for q, f in zip(questions, fold, strict=True) if f == n]
        found.append(measured(out, model))
        rows += firsts([*out, *others[n::FOLDS]], model)
    print("held out: MAP@5 {:.4f}, MRR {:.4f}".format(*np.mean(found, axis=0)))
    return calibrated(rows, "within a language", SHARES)


def main() -> None:
    """Fit, measure on the dev parts, write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    folder = arguments.data / "factcheck"
    indexes = {year: collection(folder, year, arguments.cache) for year in ("2020", "2022")}
    kept = frozenset(posts(folder, "2020", "dev").values())
    learnt: list[Asked] = []
    dev: Mapping[str, list[Asked]] = {y: list(asked(folder, y, "dev", i)) for y, i in indexes.items()}
    for year, index in indexes.items():
        learnt += asked(folder, year, "train", index, kept)
    print(len(learnt), "questions learnt from;", len(FEATURES), "features")
    # The same post stands in both collections: both belong to one fold.
    texts = {k: t for y in indexes for k, t in posts(folder, y, "train").items()}
    fold = np.array([sum(texts[q.key].encode()[:40]) % FOLDS for q in learnt])
    others = [q for index in indexes.values() for q in news(folder, index)]
    own, limits = held_out(learnt, fold, others)
    made = [train(learnt, seed) for seed in range(NETS)]
    weights = as_json([m[0] for m in made], made[0][1], made[0][2])
    weights["own"], weights["thresholds"] = own.tolist(), limits
    own, limits = across(folder, arguments.cache)
    weights["across"], weights["across_thresholds"] = own.tolist(), limits
    model = ranker_from(weights)
    for year, questions in dev.items():
        print(year, "dev: MAP@5 {:.4f}, MRR {:.4f}".format(*measured(questions, model)))
    WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
