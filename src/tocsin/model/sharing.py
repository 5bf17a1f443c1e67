"""Who shares the same things in concert."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

__all__ = ["ShareAction", "SharedObject", "SharedThing", "SharingEdge", "SharingGroup"]


class ShareAction(StrEnum):
    """What two accounts can share."""

    ADDRESS = "address"  # the same web page
    TEXT = "text"  # the same words
    NEAR_COPY = "near copy"  # a copy or near copy of the same original
    FORWARD = "forward"  # the same post of the same source, forwarded
    HASHTAGS = "hashtags"  # the same hashtags in the same order
    MEDIA = "media"  # a media file of the same name, if the name tells anything
    CLAIM = "claim"  # the same claim, in whatever words


@dataclass(frozen=True, slots=True)
class SharedThing:
    """One thing in one document that others may share too. One row of ``shares``.

    ``object_id`` is the same for all who share the thing; ``label`` shows it to people. ``feed`` is the
    class it belongs to (a site, a forwarded channel), None when it has none.
    """

    document_id: str
    action: str
    object_id: str
    label: str
    feed: str | None


@dataclass(frozen=True, slots=True)
class SharingGroup:
    """Accounts that shared the same things together more often than the null model allows.

    ``actions`` are those by which pairs of members stand, the one with most things first. ``members`` are
    channels as listed for people, ``member_keys`` their keys. ``edges`` counts pairs of members. ``objects``
    counts the distinct things at least two members shared within ``window`` seconds, a post that is the same
    thing in several ways once; ``expected`` is how many of an edge's common things the null model explains,
    on average over edges of all actions, ``observed`` how many there were.
    ``p_value`` is the largest of its edges, uncorrected; every edge stands at ``false_discovery_rate`` among
    ``tests`` pairs. ``explanations`` are innocent ones that fit what was seen; none of them is ruled out by
    not being listed. ``other_settings`` says what other windows and repeats would have found.
    """

    group_id: str
    actions: tuple[str, ...]
    members: tuple[str, ...]
    member_keys: tuple[str, ...]
    edges: int
    objects: int
    first: datetime
    last: datetime
    window: int
    repeats: int
    observed: float
    expected: float
    p_value: float
    tests: int
    false_discovery_rate: float
    explanations: tuple[str, ...]
    reasons: tuple[str, ...]
    other_settings: tuple[str, ...]
    score: float
    method: str


@dataclass(frozen=True, slots=True)
class SharingEdge:
    """Two accounts of a group and one action: the things both shared within the window, and how many chance
    would bring."""

    group_id: str
    first_key: str
    second_key: str
    action: str
    objects: int
    expected: float
    p_value: float


@dataclass(frozen=True, slots=True)
class SharedObject:
    """One thing a group shared: the evidence.

    ``documents`` are the posts of the members in order of time, ``seconds`` the time from the first to the
    last of those within the window of another. ``by_others`` counts the accounts outside the group that
    shared it at any time.
    """

    group_id: str
    object_id: str
    action: str
    label: str
    documents: tuple[str, ...]
    opened: datetime
    seconds: int
    members: int
    by_others: int
