"""What accounts of the case shared, a layer for each action: pages, words, copies, claims and so on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from tocsin.detect.sharing.shares import Shares, codes_of, make_shares
from tocsin.link.sets import DisjointSets
from tocsin.model import make_id
from tocsin.model.sharing import ShareAction

if TYPE_CHECKING:
    from tocsin.model import CorpusTables

__all__ = ["Accounts", "Layer", "accounts_of", "layers_of"]

_COPIES = frozenset({"copy", "near copy", "excerpt"})
#: Claims told together in this share of the documents of the rarer one are one thing shared, not two.
_TOGETHER = 0.5

#: Document, object, label, feed.
_Share = tuple[str, str, str, str | None]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who posted which document when: ``keys`` by code, their ``names``, and documents in order of time.

    Only documents with a date and a channel. ``published`` (seconds since 1970) and ``account`` (a code) are
    by document.
    """

    keys: list[str]
    names: dict[str, str]
    published: dict[str, int]
    account: dict[str, int]


@dataclass(frozen=True, slots=True)
class Layer:
    """The shares of one action, and what the codes mean; accounts have the same codes in all layers."""

    action: ShareAction
    shares: Shares
    objects: list[str]
    labels: dict[str, str]
    documents: list[str]


def accounts_of(given: CorpusTables) -> Accounts:
    """The accounts of the case."""
    columns = ("document_id", "published", "channel", "channel_id")
    documents = given.table("documents", columns).to_pydict()
    published: dict[str, int] = {}
    keys: dict[str, str] = {}
    names: dict[str, str] = {}
    for document_id, when, channel, channel_id in zip(*(documents[name] for name in columns), strict=True):
        key = channel_id or channel
        if when is not None and key:
            published[document_id] = int(when.timestamp())
            keys[document_id] = key
            # One channel may change its name; the last name in the alphabet is as good as any, and no
            # order's.
            names[key] = max(names.get(key, ""), channel or key)
    codes, order = codes_of(list(keys.values()))
    account = dict(zip(keys, codes.tolist(), strict=True))
    return Accounts(order, names, published, account)


def layers_of(given: CorpusTables, accounts: Accounts) -> Iterator[Layer]:
    """A layer for every action that anybody did, in the order of ``ShareAction``."""
    shares = given.table("shares").to_pydict()
    by_action: dict[str, list[_Share]] = defaultdict(list)
    for row in zip(
        *(shares[name] for name in ("action", "document_id", "object_id", "label", "feed")), strict=True
    ):
        by_action[row[0]].append(row[1:])
    by_action[ShareAction.NEAR_COPY] = _near_copies(given)
    by_action[ShareAction.CLAIM] = _claims(given)
    for action in ShareAction:
        found = [row for row in by_action.get(action, []) if row[0] in accounts.published]
        if found:
            yield _layer(action, found, accounts)


def _layer(action: ShareAction, found: Sequence[_Share], accounts: Accounts) -> Layer:
    having = {row[0] for row in found}
    # Posts that share nothing of the kind are things of their own: they say how busy an account is.
    rows = [*sorted(found), *((name, name, "", None) for name in sorted(accounts.published.keys() - having))]
    rows.sort(key=lambda row: accounts.published[row[0]])
    codes, objects = codes_of([row[1] for row in rows])
    feeds, _ = codes_of([row[3] for row in rows])
    time = np.array([accounts.published[row[0]] for row in rows], dtype=np.int64)
    account: Any = np.array([accounts.account[row[0]] for row in rows], dtype=np.int32)
    labels: dict[str, str] = {}
    for row in rows:
        labels.setdefault(row[1], row[2])
    shares = make_shares(account, codes, time, np.arange(len(rows)), feeds)
    return Layer(action, shares, objects, labels, [row[0] for row in rows])


def _near_copies(given: CorpusTables) -> list[_Share]:
    """Documents joined by certain links of copying share their common root."""
    columns = ("document_id", "original_id", "type", "certain")
    links = given.table("document_links", columns).to_pydict()
    sets = DisjointSets()
    for document_id, original, kind, certain in zip(*(links[name] for name in columns), strict=True):
        if original and certain and kind in _COPIES:
            sets.join(document_id, original)
    least: dict[str, str] = {}
    for name in sorted(sets.parent):
        least.setdefault(sets.find(name), name)
    return [
        (name, make_id("shared", "near copy", least[sets.find(name)]), "copies of one text", None)
        for name in sorted(sets.parent)
    ]


def _claims(given: CorpusTables) -> list[_Share]:
    """Documents that tell the same narrative, in whatever words, share it.

    Narratives told in the same documents count as one: a post copied once must not look like several things
    shared because it makes several claims.
    """
    told = given.table("narrative_claims", ("narrative_id", "document_id")).to_pydict()
    documents: dict[str, set[str]] = defaultdict(set)
    narratives: dict[str, set[str]] = defaultdict(set)
    for key, document in zip(told["narrative_id"], told["document_id"], strict=True):
        documents[key].add(document)
        narratives[document].add(key)
    pairs = Counter(pair for keys in narratives.values() for pair in combinations(sorted(keys), 2))
    sets = DisjointSets()
    for (one, other), both in pairs.items():
        if both >= _TOGETHER * min(len(documents[one]), len(documents[other])):
            sets.join(one, other)
    table = given.table("narratives", ("narrative_id", "label")).to_pydict()
    label = dict(zip(table["narrative_id"], table["label"], strict=True))
    widest: dict[str, str] = {}
    for key in sorted(documents, key=lambda key: (-len(documents[key]), key)):
        widest.setdefault(sets.find(key), key)
    return [
        (document, make_id("shared", "claim", thing), " ".join(label[thing].split()), None)
        for document, keys in sorted(narratives.items())
        for thing in sorted({widest[sets.find(key)] for key in keys})
    ]
