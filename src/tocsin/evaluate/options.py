"""What can be measured, and how a measurement can be narrowed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from math import isfinite
from typing import Any, Final

from tocsin.errors import UsageError

__all__ = ["EVEN", "TASKS", "Options", "parse_list", "parse_renames"]

#: Tasks and what is measured in each.
TASKS: Final[Mapping[str, str]] = {
    "attribution": "who says what: source, cue and content",
    "blame": "who is blamed or cleared, and by whom",
    "certainty": "how sure a text is of an event",
    "checkworthy": "which sentences are worth checking",
    "forecast": "warnings, with who gives them and their last day",
    "names": "names that are one in other spellings, and found among many",
    "ner": "names and their types",
    "origins": "how many independent origins a story has",
    "persuasion": "persuasion techniques and the words that carry them",
    "place": "which place a name means",
    "quantity": "numbers with their units and bounds",
    "same-sentence": "finding the translation of a sentence",
    "same-story": "whether two documents tell the same story",
    "time": "dates, times of day, lengths of time and their values",
}

#: From here on a probability means yes, where neither the user nor the system says otherwise.
EVEN: Final = 0.5
#: Which tasks an option has a meaning for; the others have one for all.
_APPLIES: Final[Mapping[str, frozenset[str]]] = {
    "types": frozenset({"ner", "persuasion"}),
    "renames": frozenset({"ner", "persuasion"}),
    "style": frozenset({"ner"}),
    "outermost": frozenset({"attribution", "ner"}),
    "threshold": frozenset({"certainty", "checkworthy", "names", "persuasion", "same-story"}),
    "languages": frozenset({"same-sentence"}),
}
_FLAGS: Final = {"types": "--types", "renames": "--map", "outermost": "--outermost"} | {
    "style": "--style",
    "threshold": "--threshold",
    "languages": "--languages",
}


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. All of it is in the report, so that a figure can be made again.

    ``types`` restricts names or techniques; ``renames`` maps the gold's own type names; ``style`` names the
    guide a system is to follow; ``outermost`` leaves nested annotations and answers out; from ``threshold``
    on a probability means yes (None: what the system says itself, else ``EVEN``); ``languages`` restricts the
    pairs; ``limit`` takes the first records only (0: all).
    """

    types: tuple[str, ...] = ()
    renames: Mapping[str, str] = field(default_factory=dict)
    style: str = ""
    outermost: bool = False
    threshold: float | None = None
    languages: tuple[str, ...] = ()
    limit: int = 0
    resamples: int = 1000
    seed: int = 1

    def check(self, task: str) -> None:
        """Raise UsageError for a task that does not exist, an option without meaning for it, a bad value."""
        if task not in TASKS:
            raise UsageError(f"{task!r} is no task", remedy=f"Choose one of {', '.join(TASKS)}")
        standard = Options()
        for name, tasks in _APPLIES.items():
            if getattr(self, name) != getattr(standard, name) and task not in tasks:
                raise UsageError(
                    f"{_FLAGS[name]} means nothing for {task}",
                    remedy=f"Leave it out; it is for {', '.join(sorted(tasks))}",
                )
        if self.threshold is not None and not isfinite(self.threshold):
            raise UsageError(f"--threshold {self.threshold} is no number", remedy="Give one, such as 0.5")
        for flag, value in (("--limit", self.limit), ("--resamples", self.resamples), ("--seed", self.seed)):
            if value < 0:
                raise UsageError(f"{flag} {value} is below 0", remedy="Give a whole number of 0 or more")

    def as_json(self, task: str) -> dict[str, Any]:
        """The options that have a meaning for the task."""
        values = asdict(self)
        return {name: values[name] for name in values if task in _APPLIES.get(name, {task})}


def parse_list(text: str | None) -> tuple[str, ...]:
    """``A,B,C`` as a tuple without blanks."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def parse_renames(text: str | None) -> dict[str, str]:
    """``OWN=TYPE,…`` as a mapping. Raises UsageError for anything else."""
    found: dict[str, str] = {}
    for part in parse_list(text):
        own, sign, kind = (piece.strip() for piece in part.partition("="))
        if not (own and sign and kind):
            raise UsageError(f"--map {part!r} is not OWN=TYPE", remedy="Write --map hero=PER,town=LOC")
        found[own] = kind
    return found
