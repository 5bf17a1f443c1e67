"""What the runner needs of a task."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tocsin.evaluate.fields import fault
from tocsin.evaluate.gold import Item
from tocsin.evaluate.options import EVEN, Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.report import Headline, Outcome
from tocsin.evaluate.scores.bootstrap import interval

__all__ = ["Task", "Wrong", "not_annotated", "same_text", "where"]

#: One wrong item, as it is written to the file of errors.
Wrong = dict[str, Any]


class Task(ABC):
    """Reads, asks, scores. ``system`` is None when predictions made elsewhere are scored.

    Items and answers are each task's own types, so they are Any here.
    """

    name: ClassVar[str]

    def __init__(self, options: Options, system: Any | None) -> None:
        self.options = options
        self.system = system

    def threshold(self, answer: str) -> float:
        """From where on a probability means yes: the user's choice, else the system's for that answer."""
        if self.options.threshold is not None:
            return self.options.threshold
        own: float = getattr(self.system, "thresholds", {}).get(answer, EVEN)
        return own

    def settings(self) -> dict[str, Any]:
        """The options that have a meaning for the task, as they were used."""
        found = self.options.as_json(self.name)
        if "threshold" in found and found["threshold"] is None:
            found["threshold"] = dict(getattr(self.system, "thresholds", {})) or EVEN
        return found

    @abstractmethod
    def item(self, raw: Raw) -> Any:
        """The annotation in a record, an ``Item``. Raises RecordInputError."""

    @abstractmethod
    def ask(self, items: Sequence[Any]) -> Sequence[Any]:
        """The system's answers to items, in order."""

    @abstractmethod
    def read(self, raw: Raw, item: Any) -> Any:
        """The answer in a record of predictions. Raises RecordInputError."""

    @abstractmethod
    def absent(self) -> Any | None:
        """The answer that stands for none; None where the item can then not be scored."""

    @abstractmethod
    def add(self, item: Any, answer: Any) -> Iterator[Wrong]:
        """Score one item; must be exhausted. Gives what was wrong."""

    def finish(self) -> Iterator[Wrong]:
        """What can be scored only when all items are there. Gives what was wrong."""
        yield from ()

    @abstractmethod
    def outcome(self) -> Outcome:
        """Figures over all that was added."""

    def headline(
        self,
        name: str,
        value: float | None,
        sums: NDArray[np.float64],
        statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    ) -> Headline:
        """A figure with its interval; ``sums`` is (documents, …), flattened for ``statistic``."""
        if value is None:
            return Headline(name, None, None)
        flat = sums.reshape(len(sums), -1)
        options = self.options
        found = interval(flat, statistic, resamples=options.resamples, seed=options.seed)
        return Headline(name, value, found)


def not_annotated(asked: Iterable[str], scored: Sequence[str], what: str) -> tuple[str, ...]:
    """Notes on what was asked for and is not to be had."""
    if not scored:
        return (f"No annotation is of a {what} that is scored.",)
    missing = sorted(set(asked) - set(scored))
    return (f"Asked for, but not annotated: {', '.join(missing)}.",) if missing else ()


def same_text(raw: Raw, item: Item) -> None:
    """Raise MalformedRecordError where an answer quotes another text than the annotation."""
    tokens = raw.value.get("tokens")
    if isinstance(tokens, list) and all(isinstance(token, str) for token in tokens):
        if " ".join(tokens) != item.text:
            raise fault("its tokens are not those of the annotation")
        return
    for name in ("text", "content", "finding"):
        own = raw.value.get(name)
        if own is not None and own != item.text:
            raise fault(f"its {name} is not that of the annotation")


def where(item: Item) -> Wrong:
    """How a wrong item is found again."""
    header = item.header
    return {"id": header.key, "document": header.document if header.stated else None} | {
        "position": header.position
    }
