"""``tocsin watch``: add what appears in a folder and tell of the alarms it raises."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import tocsin

__all__ = ["alarm_line", "watch_folder"]

_COLUMNS = (
    "surge_id",
    "raised",
    "kind",
    "subject",
    "channel_group",
    "observed",
    "expected",
    "high",
    "q",
    "held",
)


def alarm_line(alarm: Mapping[str, Any]) -> str:
    """One alarm in one line."""
    return (
        f"{alarm['raised']:%Y-%m-%d %H:%M} {alarm['kind']}: {alarm['subject']}: "
        f"{alarm['observed']} documents, "
        f"{alarm['expected']:.1f} expected (at most {alarm['high']:.0f}), {alarm['channel_group']}, "
        f"q {alarm['q']:.1g} [{alarm['surge_id']}]"
    )


def watch_folder(
    case: tocsin.Case,
    folder: Path,
    *,
    every: float,
    once: bool,
    options: Mapping[str, Any],
    pause: Callable[[float], object] = time.sleep,
) -> Iterator[str]:
    """Yield a line for every batch that brought new documents and for every alarm that was not there before.

    Each look adds what is new in ``folder`` and scores the case as it then is: an alarm rests on nothing that
    was published after it was raised. Alarms over the budget are counted, not told. Ends after one look if
    ``once``.
    """
    known = {alarm["surge_id"] for alarm in _alarms(case)}
    while True:
        report = case.add([folder], **options)
        if report.added:
            new = [alarm for alarm in _alarms(case) if alarm["surge_id"] not in known]
            known |= {alarm["surge_id"] for alarm in new}
            held = sum(alarm["held"] for alarm in new)
            over = f", {held} over the budget" if held else ""
            yield f"{report.added} new documents: {len(new) - held or 'no'} new alarms{over}"
            yield from (alarm_line(alarm) for alarm in new if not alarm["held"])
        elif once:
            yield "nothing new"
        if once:
            return
        pause(every)


def _alarms(case: tocsin.Case) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = case.snapshot().table("surges", _COLUMNS).to_pylist()
    return rows
