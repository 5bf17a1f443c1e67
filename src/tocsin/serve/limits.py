"""How much one client may ask for: requests by time, and bytes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from tocsin.errors import TooManyRequestsError

__all__ = ["Limits", "Rate"]

_MOST_CLIENTS = 10_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of the workbench.

    ``requests`` a second of one token (twenty seconds' worth at once); ``sign_ins`` a minute of one address;
    ``upload`` bytes of one file; ``body`` bytes of any other request; ``rows`` of one page of a list.
    """

    requests: float = 100.0
    sign_ins: float = 10.0
    upload: int = 2 << 30
    body: int = 1 << 20
    rows: int = 200


class Rate:
    """A bucket for each client: ``burst`` requests at once, refilled at ``per_second``."""

    def __init__(self, per_second: float, burst: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_second = per_second
        self._burst = burst
        self._clock = clock
        self._lock = threading.Lock()
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def spend(self, client: str) -> None:
        """Take one request of this client's; raises TooManyRequestsError when there is none left."""
        with self._lock:
            now = self._clock()
            left, then = self._left.pop(client, (self._burst, now))
            left = min(self._burst, left + (now - then) * self._per_second)
            enough = left >= 1
            self._left[client] = (left - 1 if enough else left, now)
            if len(self._left) > _MOST_CLIENTS:
                self._left.popitem(last=False)
        if not enough:
            wait = max(1, round((1 - left) / self._per_second))
            raise TooManyRequestsError(f"too many requests: wait {wait} s")
