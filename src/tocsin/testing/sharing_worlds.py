"""Invented worlds of accounts that share things, with and without a planted group.

Everything that innocently looks like concert is in every world: viral objects, a wire service whose
subscribers pass on all it writes within minutes, machines that repost a site's feed at once, tireless
accounts, hours in which everybody talks of one event, and accounts that keep office hours.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tocsin.detect.sharing import Shares, make_shares

__all__ = ["SharingWorld", "make_sharing_world"]

Ints = NDArray[np.int64]
_DAY = 86_400


@dataclass(frozen=True, slots=True)
class SharingWorld:
    """Shares, the codes of the planted group's accounts (none in a quiet world), and the seed."""

    shares: Shares
    planted: tuple[int, ...]
    seed: int


def make_sharing_world(
    seed: int, *, accounts: int = 2000, days: int = 14, group: int = 0, objects: int = 15, spread: int = 120
) -> SharingWorld:
    """A world of ``accounts`` accounts over ``days`` days.

    Parameters
    ----------
    seed: of everything drawn.
    group: accounts planted among the ordinary ones; each of ``objects`` things is shared by all of them
    within
        ``spread`` seconds, at another hour each time.

    Deterministic for its arguments.
    """
    draw = np.random.default_rng(seed)
    parts = [_ordinary(draw, accounts, days), _events(draw, accounts, days)]
    parts += [_wire(draw, accounts, days), _machines(draw, accounts, days)]
    planted = np.sort(draw.choice(np.arange(100, accounts), size=group, replace=False))
    parts += [_group(draw, planted, days, objects, spread)]
    offset, columns = 0, []
    for account, object_, time, feed in parts:
        columns.append((account, object_ + offset, time, feed))
        offset += int(object_.max(initial=-1)) + 1
    account, object_, time, feed = (np.concatenate(column) for column in zip(*columns, strict=True))
    shares = make_shares(account, object_, time, feed=feed)
    return SharingWorld(shares, tuple(int(a) for a in planted), seed)


_Part = tuple[Ints, Ints, Ints, Ints]


def _clock(draw: np.random.Generator, account: Ints, days: int) -> Ints:
    """Times of day by account: each lives in one of three time zones and sleeps."""
    hour = (draw.normal(14, 3.5, len(account)) + 3 * (account % 3)) % 24
    return (draw.integers(0, days, len(account)) * _DAY + hour * 3600).astype(np.int64)


def _ordinary(draw: np.random.Generator, accounts: int, days: int) -> _Part:
    """Everyday sharing: activity lognormal, popularity of objects Pareto, each object lively for hours."""
    activity = draw.lognormal(0.5, 1.2, accounts)
    activity[:20] *= 30  # tireless accounts
    account = np.repeat(np.arange(accounts), draw.poisson(activity * days / 4))
    kinds = 400 * days
    weight = draw.pareto(1.1, kinds) + 0.05
    weight = np.minimum(weight, np.quantile(weight, 0.9995))
    object_ = draw.choice(kinds, size=len(account), p=weight / weight.sum())
    born = draw.integers(0, days * _DAY, kinds)
    # Half of the sharing follows the object's birth, half the account's own clock.
    lively = born[object_] + draw.exponential(3 * 3600, len(account)).astype(np.int64)
    time = np.where(draw.random(len(account)) < 0.5, lively, _clock(draw, account, days))
    site = draw.integers(0, 300, kinds)
    return account, object_, np.minimum(time, days * _DAY), site[object_]


def _events(draw: np.random.Generator, accounts: int, days: int) -> _Part:
    """Six events; in the hour of each, hundreds of accounts share a dozen things about it."""
    account, object_, time = [], [], []
    for number in range(6):
        crowd = draw.choice(accounts, size=accounts // 5, replace=False)
        shares = draw.integers(1, 4, len(crowd))
        who = np.repeat(crowd, shares)
        account.append(who)
        object_.append(number * 12 + draw.integers(0, 12, len(who)))
        opened = draw.integers(0, days * _DAY - 7200)
        time.append(opened + draw.exponential(1200, len(who)).astype(np.int64))
    found = np.concatenate(account)
    return found, np.concatenate(object_), np.concatenate(time), np.full(len(found), -1)


def _wire(draw: np.random.Generator, accounts: int, days: int) -> _Part:
    """A wire service (site 1000): forty subscribers pass on most of its items within minutes."""
    subscribers = draw.choice(np.arange(20, min(100, accounts)), size=40, replace=False)
    items = 12 * days
    opened = draw.integers(0, days * _DAY, items)
    loyalty = draw.uniform(0.5, 1.0, len(subscribers))
    who, item = np.nonzero(draw.random((len(subscribers), items)) < loyalty[:, None])
    pace = draw.uniform(20, 600, len(subscribers))
    time = opened[item] + draw.exponential(pace[who]).astype(np.int64)
    return subscribers[who], item, time, np.full(len(who), 1000)


def _machines(draw: np.random.Generator, accounts: int, days: int) -> _Part:
    """A site (1001) that thirty accounts link to now and then, and twelve machines at once."""
    items = 10 * days
    opened = draw.integers(0, days * _DAY, items)
    machines = np.arange(20, 32)
    who, item = np.nonzero(draw.random((len(machines), items)) < 0.97)
    time = opened[item] + draw.integers(1, 40, len(who))
    readers = draw.choice(np.arange(100, accounts), size=60, replace=False)
    reader = np.repeat(readers, draw.integers(3, 9, len(readers)))
    read = draw.integers(0, items, len(reader))
    late = opened[read] + draw.exponential(4 * 3600, len(reader)).astype(np.int64)
    account = np.concatenate((machines[who], reader))
    return account, np.concatenate((item, read)), np.concatenate((time, late)), np.full(len(account), 1001)


def _group(draw: np.random.Generator, planted: Ints, days: int, objects: int, spread: int) -> _Part:
    opened = draw.integers(0, days * _DAY, objects)
    account = np.tile(planted, objects)
    object_ = np.repeat(np.arange(objects), len(planted))
    time = opened[object_] + draw.integers(0, spread, len(object_))
    site = draw.integers(0, 300, objects)
    return account, object_, time, site[object_]
