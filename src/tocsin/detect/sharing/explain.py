"""Innocent explanations that fit what a group did. Coordination is not guilt.

Each is a plain test on the evidence, with its figures in the words; a group for which none fits may still be
innocent, and one for which one fits may still act in concert.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from tocsin.model.sharing import ShareAction

__all__ = ["Member", "Shared", "explanations", "words_of_names"]

#: A part of the evidence that makes an explanation fit.
_MOST = 0.7


@dataclass(frozen=True, slots=True)
class Member:
    """An account of a group: its key and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class Shared:
    """One thing a group shared: the shares of its members close to another's, in order of time.

    ``documents``, ``accounts`` and ``times`` (seconds since 1970) run parallel; ``by_others`` counts accounts
    outside the group that shared the thing at any time.
    """

    object_id: str
    action: ShareAction
    label: str
    documents: tuple[str, ...]
    accounts: tuple[str, ...]
    times: tuple[int, ...]
    by_others: int


def words_of_names(names: Iterable[str]) -> Counter[str]:
    """In how many names each word of four letters or more stands."""
    return Counter(word for name in names for word in {w.casefold() for w in name.split() if len(w) > 3})


def explanations(
    members: Sequence[Member], shared: Sequence[Shared], everybody: Counter[str]
) -> Iterator[str]:
    """Those innocent explanations that fit, in words, with the figures they rest on.

    ``everybody`` is ``words_of_names`` of all accounts: "news" in a name tells no outlet.
    """
    yield from _same_outlet(members, everybody)
    yield from _one_leads(members, shared)
    yield from _one_site(shared)
    yield from _machines(shared)
    yield from _clockwork(shared)
    yield from _popular(shared, len(members))


def _same_outlet(members: Sequence[Member], everybody: Counter[str]) -> Iterator[str]:
    words = words_of_names(member.name for member in members)
    telling = {word: count for word, count in words.items() if everybody[word] <= 2 * count}
    word, count = max(telling.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if count >= max(2, _MOST * len(members)):
        yield f"same outlet: {count} of {len(members)} names have “{word}” in them"


def _one_leads(members: Sequence[Member], shared: Sequence[Shared]) -> Iterator[str]:
    names = {member.key: member.name for member in members}
    lead = Counter(item.accounts[0] for item in shared)
    key, count = max(lead.items(), key=lambda item: (item[1], item[0]))
    if len(shared) >= 4 and count >= _MOST * len(shared):
        yield (
            f"one source, its subscribers or reposts: {names[key]} was the first of them with {count} of "
            f"{len(shared)} things"
        )


def _one_site(shared: Sequence[Shared]) -> Iterator[str]:
    addresses = [item.label for item in shared if item.action is ShareAction.ADDRESS]
    sites = Counter(address.partition("/")[0] for address in addresses)
    site, count = max(sites.items(), key=lambda item: (item[1], item[0]), default=("", 0))
    if count >= _MOST * len(shared):
        yield f"one site’s readers or its own accounts: {count} of {len(shared)} things are pages of {site}"


def _machines(shared: Sequence[Shared]) -> Iterator[str]:
    gaps = [later - earlier for item in shared for earlier, later in pairwise(item.times)]
    if gaps and median(gaps) <= 5:
        yield f"a machine that posts for several (a feed reader, say): half the gaps are ≤ {median(gaps):g} s"


def _clockwork(shared: Sequence[Shared]) -> Iterator[str]:
    minutes = Counter(item.times[0] // 60 % 60 for item in shared)
    on_schedule = sum(count for minute, count in minutes.items() if minute % 15 == 0)
    if len(shared) >= 8 and on_schedule >= _MOST * len(shared):
        yield f"scheduled posts: {on_schedule} of {len(shared)} things began on a quarter of an hour"


def _popular(shared: Sequence[Shared], members: int) -> Iterator[str]:
    wide = sum(item.by_others >= 3 * members for item in shared)
    if wide >= _MOST * len(shared):
        yield (
            f"wire copy or an official alert: {wide} of {len(shared)} things were shared by three times as "
            "many accounts outside the group"
        )
