"""Scorers: annotations and answers in, figures out. Pure; no file, no model, no tocsin type.

Each module says where its definition comes from. Figures are fractions from 0 to 1 unless said otherwise;
a figure that is not defined on the data (no pair, no spread) is None, never 0.
"""

from __future__ import annotations

from tocsin.evaluate.scores.attribution import AttributionScorer, Roles
from tocsin.evaluate.scores.binary import average_precision
from tocsin.evaluate.scores.bootstrap import Interval, interval
from tocsin.evaluate.scores.correlation import mean_absolute_error, pearson
from tocsin.evaluate.scores.names import chunks
from tocsin.evaluate.scores.rates import Rates
from tocsin.evaluate.scores.retrieval import nearest
from tocsin.evaluate.scores.tally import Tally

__all__ = [
    "AttributionScorer",
    "Interval",
    "Rates",
    "Roles",
    "Tally",
    "average_precision",
    "chunks",
    "interval",
    "mean_absolute_error",
    "nearest",
    "pearson",
]
