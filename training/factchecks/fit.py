"""Fit the ranking of known fact-checks: networks, calibration, thresholds → ``data/ranking.json``.

    python -m training.factchecks.fit [--data ../shared/data] [--cache DIR]

Learns from the 800 training posts of CheckThat! 2020 and from the 997 of 2022 that are the same posts and
more against a larger collection with dates; posts of the dev part of 2020 are left out of both. The
calibration is fitted on questions held out of the networks (five folds), each asked twice: of the
collection, and of the collection without the right entry, so that one in two has none. See MODEL_CARD.md.
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
from training.factchecks.data import Asked, asked, collection, map5, posts

Floats = NDArray[np.float32]

WEIGHTS: Final = Path(__file__).parents[2] / "src/tocsin/judge/factchecks/data/ranking.json"
HIDDEN: Final = 16
NETS: Final = 3
DECAY: Final = 1.0
CALIBRATED: Final = ("uc", "ut", "best", "cover_claim", "cover_title", "cover_question", "grams_claim",
                     "grams_title", "rare", "bm", "cover_author")  # fmt: skip
PRECISIONS: Final = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 0.98)


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


def logistic(x: Floats, y: Floats, rounds: int = 2000, decay: float = 1e-3) -> Floats:
    """Weights of a logistic regression (the first column is 1)."""
    inputs, wanted = torch.tensor(x), torch.tensor(y)
    weights = torch.zeros(x.shape[1], requires_grad=True)
    steps = torch.optim.LBFGS([weights], max_iter=rounds)

    def closure() -> torch.Tensor:
        steps.zero_grad()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(inputs @ weights, wanted)
        loss = loss + decay * (weights[1:] ** 2).sum()
        loss.backward()
        return loss

    steps.step(closure)
    found: Floats = weights.detach().numpy()
    return found


def firsts(questions: Sequence[Asked], model: Ranker) -> Iterator[tuple[Floats, bool]]:
    """What the calibration reads of the best candidate, with and without the right one in the collection."""
    for q in questions:
        for keep in (np.ones(len(q.right), dtype=bool), ~q.right):
            features = q.features[keep]
            if not len(features):
                continue
            scores = model.scores(features)
            best = int(np.argmax(scores))
            yield model.inputs(features, scores)[best], bool(q.right[keep][best])


def across(folder: Path, cache: Path | None) -> Floats:
    """Calibration between languages: own retellings of catalogued cases, and sentences that retell none."""
    found = list(margins(folder, cache, nearness))
    x = np.array([[1.0, margin] for margin, _ in found], dtype=np.float32)
    return logistic(x, np.array([right for _, right in found], dtype=np.float32), decay=1e-5)


def thresholds(chances: Floats, right: Floats) -> list[tuple[float, float]]:
    """For each precision the lowest probability from which on it holds, and at all higher ones asked for."""
    order = np.argsort(-chances)
    precision = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    found = []
    for wanted in PRECISIONS:
        good = np.flatnonzero(precision >= wanted)
        if len(good) and good[-1] >= 20:
            found.append((wanted, round(float(chances[order][good[-1]]), 4)))
    return found


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
    fold = np.array([sum(texts[q.key].encode()[:40]) % 5 for q in learnt])
    held: list[tuple[Floats, bool]] = []
    found = []
    for n in range(5):
        model = fitted([q for q, f in zip(learnt, fold, strict=True) if f != n])
        out = [q for q, f in zip(learnt, fold, strict=True) if f == n]
        found.append(measured(out, model))
        held += firsts(out, model)
    print("held out: MAP@5 {:.4f}, MRR {:.4f}".format(*np.mean(found, axis=0)))
    made = [train(learnt, seed) for seed in range(NETS)]
    weights = as_json([m[0] for m in made], made[0][1], made[0][2])
    x = np.stack([inputs for inputs, _ in held])
    y = np.array([right for _, right in held], dtype=np.float32)
    own = logistic(x, y)
    weights["own"] = np.round(own.astype(float), 4).tolist()
    chances = 1 / (1 + np.exp(-(x @ own)))
    weights["thresholds"] = thresholds(chances, y)
    weights["across"] = np.round(across(folder, arguments.cache).astype(float), 4).tolist()
    model = ranker_from(weights)
    for year, questions in dev.items():
        print(year, "dev: MAP@5 {:.4f}, MRR {:.4f}".format(*measured(questions, model)))
    print("thresholds", weights["thresholds"], "across", weights["across"])
    WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
