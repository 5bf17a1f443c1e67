"""What a measurement found: figures for people and for machines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from tocsin.evaluate.problems import Problems
from tocsin.evaluate.scores.bootstrap import Interval
from tocsin.evaluate.scores.rates import Rates

__all__ = ["Figure", "Headline", "Outcome", "Report"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One row of figures; what does not apply is None.

    ``value`` is F where there are precision and recall; ``gold``, ``predicted`` and ``correct`` are the
    counts behind.
    """

    group: str
    name: str
    value: float | None = None
    precision: float | None = None
    recall: float | None = None
    gold: int | None = None
    predicted: int | None = None
    correct: int | None = None

    @classmethod
    def of(cls, group: str, name: str, rates: Rates) -> Figure:
        """The row of three counts."""
        return cls(
            group,
            name,
            rates.f1,
            rates.precision,
            rates.recall,
            rates.gold,
            rates.predicted,
            rates.correct,
        )


@dataclass(frozen=True, slots=True)
class Headline:
    """A figure to quote, with its confidence interval (None where too few documents were drawn)."""

    name: str
    value: float | None
    interval: Interval | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a task found.

    ``counts`` say on how much; ``apart`` is what was seen and not scored, with counts; ``notes`` are for the
    reader.
    """

    headlines: tuple[Headline, ...]
    figures: tuple[Figure, ...]
    counts: Mapping[str, int] = field(default_factory=dict)
    apart: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """One measurement, with all that is needed to make it again. Equal runs give equal reports."""

    task: str
    gold: Mapping[str, Any]
    system: Mapping[str, Any]
    settings: Mapping[str, Any]
    outcome: Outcome
    problems: Problems
    unit: str
    version: str

    def as_json(self) -> dict[str, Any]:
        """One object of plain values; figures are not rounded."""
        metrics: dict[str, dict[str, Any]] = {}
        for figure in self.outcome.figures:
            values = {k: v for k, v in asdict(figure).items() if k not in {"group", "name"}}
            if values["precision"] is not None or values["recall"] is not None:
                values["f1"] = values.pop("value")
            kept = {k: v for k, v in values.items() if v is not None or k == "value"}
            metrics.setdefault(figure.group, {})[figure.name] = kept
        return {
            "tocsin": self.version,
            "task": self.task,
            "gold": dict(self.gold),
            "system": dict(self.system),
            "settings": dict(self.settings),
            "counts": dict(self.outcome.counts),
            "headline": [self._headline(headline) for headline in self.outcome.headlines],
            "metrics": metrics,
            "apart": {name: dict(counts) for name, counts in self.outcome.apart.items()},
            "notes": list(self.outcome.notes),
            "problems": {
                "total": self.problems.total,
                "by_code": dict(sorted(self.problems.by_code.items())),
                "listed": [asdict(problem) for problem in self.problems.listed],
            },
        }

    def _headline(self, headline: Headline) -> dict[str, Any]:
        own = headline.interval
        drawn = asdict(own) | {"unit": self.unit} if own else None
        return {"metric": headline.name, "value": headline.value, "interval": drawn}
