"""The quality ratchet: a floor file per stage that a run must not fall below.

A floor file is JSON: the digest of the dataset, and for each metric the lowest value allowed. ``check``
compares a run with it; ``write`` makes or raises it and refuses to lower a value, or to swap the dataset,
unless told to in so many words. Tests only ever ``check``.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from tocsin.model.ids import digest, make_id

__all__ = ["MODES", "BelowFloorError", "check", "digest_files", "settle", "write"]

_CHECKOUT = Path(__file__).parents[3]
#: What a benchmark can do with its floor file.
MODES = ("check", "raise", "lower")

#: Metrics are kept to this many decimals, rounded down, so that a rerun never trips over rounding.
_DECIMALS = 3


class BelowFloorError(AssertionError):
    """A metric fell below its floor, or was measured on other data than the floor was."""


def digest_files(paths: Iterable[Path]) -> str:
    """One digest of the names and bytes of a dataset's files, in the order of their paths, folder by folder.

    Wherever the folder of data lies, and however it is given, its files come before those of this checkout.
    """
    parts: list[str] = []
    for path in sorted(paths, key=lambda path: Path(os.path.relpath(path, _CHECKOUT))):
        parts += [path.name, digest(path.read_bytes())]
    return make_id("dataset", *parts)


def _floor(value: float) -> float:
    scale: int = 10**_DECIMALS
    return int(value * scale) / scale


def check(path: Path, dataset: str, metrics: Mapping[str, float]) -> None:
    """Raise BelowFloorError unless every floor in ``path`` is met on the same dataset."""
    floors = json.loads(path.read_text(encoding="utf-8"))
    if floors["dataset"] != dataset:
        raise BelowFloorError(f"{path.name}: measured on {dataset}, the floor is of {floors['dataset']}")
    for name, floor in floors["metrics"].items():
        if name not in metrics:
            raise BelowFloorError(f"{path.name}: {name} was not measured")
        if metrics[name] < floor:
            raise BelowFloorError(f"{path.name}: {name} is {metrics[name]:.4f}, the floor is {floor}")


def write(path: Path, dataset: str, metrics: Mapping[str, float], *, lower: bool = False) -> None:
    """Make or raise the floors in ``path``; with ``lower`` also lower them or change the dataset.

    Raises BelowFloorError when a floor would fall and ``lower`` is not given.
    """
    if path.exists() and not lower:
        check(path, dataset, metrics)
    values = {name: _floor(value) for name, value in sorted(metrics.items())}
    text = json.dumps({"dataset": dataset, "metrics": values}, indent=2)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def settle(path: Path, dataset: str, metrics: Mapping[str, float], mode: str) -> str:
    """Do with the floors in ``path`` what ``mode`` (one of ``MODES``) says; returns a line to print.

    Raises BelowFloorError as ``check`` and ``write`` do, ValueError for another mode.
    """
    if mode not in MODES:
        raise ValueError(f"{mode} is none of {MODES}")
    if mode == "check":
        check(path, dataset, metrics)
        return f"floors kept: {path.name}"
    write(path, dataset, metrics, lower=mode == "lower")
    return f"floors written: {path.name}"
