"""What follows from tables and log together: kept until either changes, the older forgotten."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from tocsin.serve.reading import View

__all__ = ["latest"]

Made = TypeVar("Made")


class _Kept:
    """One value with what it was made of."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.stamp: Hashable = None
        self.value: Any = None


def latest(view: View, key: str, make: Callable[[], Made], *parts: Hashable) -> Made:
    """What ``make`` gives, made once for the tables, the log and ``parts``; only the last is kept."""
    kept = view.once(f"latest {key}", lambda _: _Kept())
    stamp = (view.last_sequence, *parts)
    with kept.lock:
        if kept.stamp != stamp:
            kept.value = make()
            kept.stamp = stamp
        value: Made = kept.value
        return value
