"""The course of a narrative: when it reached a language, was at its height, and came back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Final

__all__ = ["lag_words", "spread_of", "stages_of"]

#: Days without any telling after which a narrative is said to come back.
_AWAY: Final = 14
_ENOUGH: Final = 5  # tellings from which a height is worth naming


def lag_words(lag: timedelta) -> str:
    """A lag in its largest whole unit: minutes below two hours, hours below two days, then days.

    >>> lag_words(timedelta(hours=5, minutes=10)), lag_words(timedelta(days=3))
    ('5 h', '3 days')
    """
    minutes = int(lag.total_seconds() // 60)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"


def spread_of(told: Sequence[tuple[datetime, str]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages in the order in which they appear, and «ru→en in 5 h» for each after the first.

    ``told`` are times and languages of the tellings, in any order. Of languages that begin at one moment the
    first by code counts as earlier.
    """
    first: dict[str, datetime] = {}
    for when, language in sorted(told):
        first.setdefault(language, when)
    order = sorted(first, key=lambda code: (first[code], code))
    lags = [f"{order[0]}→{code} in {lag_words(first[code] - first[order[0]])}" for code in order[1:]]
    return tuple(order), tuple(lags)


def stages_of(times: Sequence[datetime]) -> tuple[str, ...]:
    """When it appears, is at its height (the day with most tellings, if it has any), and comes back.

    Days are of UTC. "Appears" means in this corpus.
    """
    ordered = sorted(times)
    if not ordered:
        return ()
    found = [(ordered[0], f"appears {ordered[0]:%Y-%m-%d}")]
    days = Counter(when.date() for when in ordered)
    day, most = min(days.items(), key=lambda item: (-item[1], item[0]))
    if len(ordered) >= _ENOUGH and most >= 3 and most < len(ordered):
        height = datetime.combine(day, ordered[0].timetz())
        found.append((height, f"at its height {day:%Y-%m-%d} ({most} of {len(ordered)})"))
    for before, after in pairwise(ordered):
        if (away := (after - before).days) >= _AWAY:
            found.append((after, f"comes back {after:%Y-%m-%d} after {away} days"))
    found.sort(key=lambda item: item[0])
    words = [text for _, text in found]
    if len(ordered) > 1 and ordered[-1].date() != ordered[0].date():
        words.append(f"last told {ordered[-1]:%Y-%m-%d}")
    return tuple(words)
