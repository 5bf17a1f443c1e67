"""farringtonFlexible and earsC of the R package ``surveillance``, run on our series through Rscript."""

from __future__ import annotations

import csv
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

__all__ = ["PeerScores", "run_peers"]

#: Farrington as Noufaily et al. recommend it (five years, ten seasonal levels, 26 weeks left out, threshold
#: by the negative binomial). ``limit54`` is off: it would forbid alarms on series of few cases, and the
#: p-value is what we compare. earsC by its mean and deviation of the last 7 weeks; its smallest deviation
#: is 0.5 cases, for with none every second case of a thin series is an alarm.
_SCRIPT = r"""
suppressMessages(library(surveillance))
arguments <- commandArgs(trailingOnly = TRUE)
counts <- as.matrix(read.csv(arguments[1], header = FALSE))
range <- as.integer(arguments[2]):nrow(counts)
control <- list(range = range, b = 5, w = 3, reweight = TRUE, weightsThreshold = 2.58,
                noPeriods = 10, pastWeeksNotIncluded = 26, thresholdMethod = "nbPlugin",
                trend = TRUE, pThresholdTrend = 1, limit54 = c(0, 4), alpha = 0.01,
                glmWarnings = FALSE)
save <- function(values, name)
  write.table(values, paste0(arguments[3], "/", name, ".csv"), sep = ",",
              row.names = FALSE, col.names = FALSE)

started <- proc.time()
farrington <- apply(counts, 2, function(series) {
  data <- sts(matrix(series), frequency = 52, start = c(2000, 1))
  suppressWarnings(farringtonFlexible(data, control = control))@control$pvalue[, 1]
})
used <- proc.time() - started
save(farrington, "farrington")

started <- proc.time()
bound <- function(method, alpha)
  upperbound(earsC(sts(counts, frequency = 52, start = c(2000, 1)),
                   control = list(range = range, method = method, baseline = 7,
                                  minSigma = 0.5, alpha = alpha)))
for (method in c("C1", "C2")) {
  mean <- bound(method, 0.5)
  deviation <- bound(method, pnorm(-1)) - mean
  save((counts[range, ] - mean) / deviation, method)
}
far <- pnorm(-7)  # C3 cuts its bound at 0; far out it never does
save((counts[range, ] - bound("C3", far)) / deviation + qnorm(1 - far), "C3")
save(matrix(c(used[1] + used[2], (proc.time() - started)[1]), 1), "seconds")
"""


@dataclass(frozen=True, slots=True)
class PeerScores:
    """Scores by method, ``(series, weeks)``, more is more unusual; CPU seconds of each method in R."""

    scores: dict[str, NDArray[np.float64]]
    seconds: dict[str, float]


def run_peers(counts: NDArray[np.int64], first: int) -> PeerScores:
    """Score the weeks from ``first`` (from 0) of ``counts`` (series, weeks) with R.

    Raises subprocess.CalledProcessError when R or its package is not there.
    """
    with tempfile.TemporaryDirectory() as folder:
        script, data = Path(folder, "peers.R"), Path(folder, "counts.csv")
        script.write_text(_SCRIPT, encoding="utf-8")
        np.savetxt(data, counts.T, fmt="%d", delimiter=",")
        subprocess.run(["Rscript", str(script), str(data), str(first + 1), folder], check=True)

        def read(name: str) -> NDArray[np.float64]:
            with Path(folder, name).open(newline="", encoding="utf-8") as file:
                rows = [
                    [float("nan") if cell == "NA" else float(cell) for cell in row]
                    for row in csv.reader(file)
                ]
            return np.array(rows).T

        # A week for which R gives no p-value cannot raise an alarm.
        farrington = -np.log10(np.clip(np.nan_to_num(read("farrington.csv"), nan=1.0), 1e-300, 1.0))
        scores = {"farringtonFlexible": farrington}
        scores |= {f"earsC {name}": read(f"{name}.csv") for name in ("C1", "C2", "C3")}
        seconds = read("seconds.csv").ravel()
        return PeerScores(scores, {"farringtonFlexible": float(seconds[0]), "earsC": float(seconds[1])})
