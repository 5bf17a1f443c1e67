"""What the judgement log says now: pure functions of the log."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.model.judgements import Judgement, Verdict

__all__ = ["standing"]

_COMMENTS = (Verdict.COMMENT, Verdict.UNDO)


def standing(log: Iterable[Judgement]) -> dict[str, Judgement]:
    """The latest judgement on each finding that no later entry undoes, by finding id.

    An undo names in ``detail`` the sequence number of the entry it takes back; an undo can itself be undone.
    Comments take no position and are left out.
    """
    entries = sorted(log, key=lambda entry: entry.sequence)
    undone: set[int] = set()
    for entry in reversed(entries):
        if entry.verdict != Verdict.UNDO or entry.sequence in undone or not entry.detail.isdecimal():
            continue
        if int(entry.detail) < entry.sequence:  # nobody takes back what is not yet said
            undone.add(int(entry.detail))
    latest: dict[str, Judgement] = {}
    for entry in entries:
        if entry.sequence not in undone and entry.verdict not in _COMMENTS:
            latest[entry.finding_id] = entry
    return latest
