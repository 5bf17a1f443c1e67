"""From features to an order and a probability: small networks and a calibration, read from JSON.

The order comes from the mean of a few networks (one hidden layer) that were taught, question by question, to
put the right entry first. How likely the first is right *at all* is asked of a logistic regression over how
far it leads and a few features that do not depend on the others. Across languages words do not help: there
the cosine of both encoders decides, and another regression over it. Training: ``training/factchecks``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.judge.factchecks.features import FEATURES

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]
Limits = tuple[tuple[float, float], ...]

__all__ = ["METHOD", "Ranker", "ranker"]

METHOD: Final = "factchecks/3"
_NAMES: Final = tuple(FEATURES)


@dataclass(frozen=True, slots=True, eq=False)
class Ranker:
    """The weights. ``calibrated`` names the features that the calibration reads beside the lead."""

    mean: Floats
    spread: Floats
    nets: tuple[Mapping[str, Floats], ...]
    calibrated: tuple[str, ...]
    own: Floats
    across: Floats
    thresholds: Limits
    across_thresholds: Limits

    def scores(self, features: Floats) -> Floats:
        """How far each candidate is preferred; only differences mean something."""
        x = (features - self.mean) / self.spread
        total = np.zeros(len(x), dtype=np.float32)
        for net in self.nets:
            hidden = np.maximum(x @ net["hidden"].T + net["hidden_bias"], 0)
            total += x @ net["direct"] + hidden @ net["out"]
        scores: Floats = total / np.float32(len(self.nets))
        return scores

    def inputs(self, features: Floats, scores: Floats, same: Integers | None = None) -> Floats:
        """What the calibration reads: (n, 2 + len(calibrated)), the share of the softmax and 1 among it.

        Candidates with the same number in ``same`` are on the same claim and do not speak against each other.
        """
        share = np.exp(scores - scores.max())
        share /= share.sum()
        if same is not None:
            _, group = np.unique(same, return_inverse=True)
            share = np.bincount(group, weights=share)[group]
        chosen = [features[:, _NAMES.index(name)] for name in self.calibrated]
        return np.stack([np.ones(len(scores)), share, *chosen], axis=1).astype(np.float32)

    def own_language(self, features: Floats, same: Integers | None = None) -> tuple[Floats, Floats]:
        """Order and probability of candidates in the question's language; who is behind is no likelier."""
        scores = self.scores(features)
        chance = _logistic(self.inputs(features, scores, same) @ self.own)
        order = np.argsort(-scores, kind="stable")
        chance[order] = np.minimum.accumulate(chance[order])
        return scores, chance

    def other_language(self, margins: Floats) -> Floats:
        """Probability of candidates in another language, by how far the cosine exceeds what is asked for."""
        return _logistic(self.across[0] + self.across[1] * margins)

    def threshold(self, precision: float, *, across: bool = False) -> float:
        """The probability from which on matches are right as often as ``precision``; above 1 where none is.

        By the tables that were measured in training, one within a language and one ``across`` languages;
        between their rows the stricter one. Every match is good enough for 0.
        """
        table = self.across_thresholds if across else self.thresholds
        return next((t for p, t in table if p >= precision - 1e-9), 2.0) if precision > 0 else 0.0


def _logistic(values: Floats) -> Floats:
    chance: Floats = (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)
    return chance


def _array(values: Sequence[Any]) -> Floats:
    return np.array(values, dtype=np.float32)


def ranker_from(weights: Mapping[str, Any]) -> Ranker:
    """A ranker from the object in ``data/ranking.json``; raises ValueError if it is of other features."""
    if tuple(weights["features"]) != _NAMES:
        raise ValueError("the weights of the ranking are of other features")
    nets = tuple({name: _array(value) for name, value in net.items()} for net in weights["nets"])
    return Ranker(
        _array(weights["mean"]),
        _array(weights["spread"]),
        nets,
        tuple(weights["calibrated"]),
        _array(weights["own"]),
        _array(weights["across"]),
        *(tuple((float(p), float(t)) for p, t in weights[n]) for n in ("thresholds", "across_thresholds")),
    )


@cache
def ranker() -> Ranker:
    """The packaged weights, read once a process."""
    source = files("tocsin.judge.factchecks") / "data" / "ranking.json"
    return ranker_from(json.loads(source.read_text(encoding="utf-8")))
