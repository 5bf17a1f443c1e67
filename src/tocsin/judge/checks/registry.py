"""The checks there are: those of this package and the plug-ins that a setting names."""

from __future__ import annotations

from importlib.metadata import entry_points
from typing import Final

from tocsin.judge.checks.captions import CAPTION
from tocsin.judge.checks.comparisons import COMPARISON, REACH
from tocsin.judge.checks.days import AGE, WEEKDAY
from tocsin.judge.checks.distances import DISTANCE, NEARER
from tocsin.judge.checks.periods import DURATION, INTERVAL, ORDER
from tocsin.judge.checks.protocol import DocumentCheck
from tocsin.judge.checks.sizes import POPULATION, WHOLE
from tocsin.judge.checks.sums import CHANGE, SHARE, SUM

__all__ = ["BUILT_IN", "GROUP", "plugins"]

#: The group of entry points under which plug-ins are found.
GROUP: Final = "tocsin.checks"

#: The checks of this package, in the order in which they run.
BUILT_IN: Final[tuple[DocumentCheck, ...]] = (
    DISTANCE,
    NEARER,
    REACH,
    COMPARISON,
    WEEKDAY,
    AGE,
    DURATION,
    INTERVAL,
    ORDER,
    SUM,
    SHARE,
    CHANGE,
    POPULATION,
    WHOLE,
    CAPTION,
)


def plugins(names: str) -> tuple[list[DocumentCheck], list[tuple[str, str]]]:
    """The plug-ins named («tides==1, tolls==2»), and (name, cause) of those that cannot be had.

    Versions are named because results depend on them: the same settings give the same results.
    """
    found: list[DocumentCheck] = []
    problems: list[tuple[str, str]] = []
    for item in dict.fromkeys(part.strip() for part in names.split(",") if part.strip()):
        name, _, version = (part.strip() for part in item.partition("=="))
        try:
            found.append(_plugin(name, version))
        except Exception as error:
            problems.append((name, f"{type(error).__name__}: {error}"))
    return found, problems


def _plugin(name: str, version: str) -> DocumentCheck:
    if any(check.name == name for check in BUILT_IN):
        raise ValueError("a check of tocsin's own has that name")
    points = entry_points(group=GROUP, name=name)
    if not points:
        raise LookupError(f"no installed package has an entry point {name!r} in {GROUP!r}")
    check = next(iter(points)).load()
    if not isinstance(check, DocumentCheck):
        raise TypeError("the entry point is no DocumentCheck")
    if check.version != version:
        raise ValueError(
            f"the check is there in version {check.version}, the setting names {version or 'none'}"
        )
    return check
