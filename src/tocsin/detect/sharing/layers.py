"""What accounts of the case shared, a layer for each action: pages, words, copies, claims and so on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from tocsin.detect.sharing.shares import Shares, make_shares
from tocsin.link.sets import DisjointSets
from tocsin.model import make_id
from tocsin.model.sharing import ShareAction

if TYPE_CHECKING:
    from tocsin.model import CorpusTables

__all__ = ["Accounts", "Layer", "accounts_of", "layers_of"]

_COPIES = frozenset({"copy", "near copy", "excerpt"})
#: Claims told together in this share of the documents of the rarer one are one thing shared, not two.
_TOGETHER = 0.5

#: Columns of what is shared, in their order.
_THING = ("document_id", "object_id", "label", "feed")
_SHARED = pa.schema([pa.field(name, pa.string()) for name in _THING])
_Share = tuple[str, str, str, None]


@dataclass(frozen=True, slots=True)
class Accounts:
    """Who posted which document when: ``keys`` by code, their ``names``, and the documents in order of id.

    Only documents with a date and a channel. ``published`` (seconds since 1970) and ``account`` (a code) are
    by document, as ``documents`` has them.
    """

    keys: list[str]
    names: dict[str, str]
    documents: pa.Array
    published: NDArray[np.int64]
    account: NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Layer:
    """The shares of one action, and what the codes mean; accounts have the same codes in all layers.

    ``objects`` and ``labels`` are by the code of an object, ``documents`` by that of a message.
    """

    action: ShareAction
    shares: Shares
    objects: pa.Array
    labels: pa.Array
    documents: pa.Array


def accounts_of(given: CorpusTables) -> Accounts:
    """The accounts of the case."""
    columns = ("document_id", "published", "channel", "channel_id")
    ids, when, channel, key = given.table("documents", columns).columns
    channel, key = pc.fill_null(channel, ""), pc.fill_null(key, "")
    key = pc.if_else(pc.equal(key, ""), channel, key)
    name = pc.if_else(pc.equal(channel, ""), key, channel)
    own = pc.and_(pc.is_valid(when), pc.not_equal(key, ""))
    when = pc.cast(pc.cast(when, pa.timestamp("us", tz="UTC")), pa.int64())
    table = pa.table({"document": ids, "when": when, "key": key, "name": name}).filter(own)
    table = table.sort_by("document").combine_chunks()
    keys = _sorted(pc.unique(_whole(table.column("key"))))
    # One channel may change its name; the last name in the alphabet is as good as any, and no order's.
    named = table.group_by("key").aggregate([("name", "max")]).to_pydict()
    return Accounts(
        keys.to_pylist(),
        dict(zip(named["key"], named["name_max"], strict=True)),
        _whole(table.column("document")),
        np.trunc(np.asarray(table.column("when")) / 1_000_000).astype(np.int64),
        np.asarray(pc.index_in(_whole(table.column("key")), keys)).astype(np.int32),
    )


def _whole(column: pa.ChunkedArray) -> pa.Array:
    found = column.combine_chunks()
    return found if isinstance(found, pa.Array) else pa.concat_arrays(found.chunks)


def _sorted(values: pa.Array) -> pa.Array:
    return values.take(pc.sort_indices(values))


def layers_of(given: CorpusTables, accounts: Accounts) -> Iterator[Layer]:
    """A layer for every action that anybody did, in the order of ``ShareAction``."""
    shares = given.table("shares")
    made = {ShareAction.NEAR_COPY: _near_copies(given), ShareAction.CLAIM: _claims(given)}
    for action in ShareAction:
        if action in made:
            columns = zip(*made[action], strict=True) if made[action] else ((),) * len(_THING)
            found = pa.table([pa.array(column, pa.string()) for column in columns], schema=_SHARED)
        else:
            found = shares.filter(pc.equal(shares.column("action"), str(action))).select(_THING)
        places = pc.index_in(_whole(found.column("document_id")), accounts.documents)
        found = found.append_column("place", places).filter(pc.is_valid(places))
        if found.num_rows:
            yield _layer(action, found, accounts)


def _layer(action: ShareAction, found: pa.Table, accounts: Accounts) -> Layer:
    found = found.sort_by([(name, "ascending") for name in _THING]).combine_chunks()
    having = np.asarray(found.column("place")).astype(np.int64)
    without = np.ones(len(accounts.documents), np.bool_)
    without[having] = False
    # Posts that share nothing of the kind are things of their own: they say how busy an account is.
    alone = np.flatnonzero(without)
    place = np.concatenate((having, alone))
    order = np.argsort(accounts.published[place], kind="stable")
    place = place[order]
    things = pc.unique(_whole(found.column("object_id")))
    objects = pa.concat_arrays([things, accounts.documents.take(pa.array(alone))])
    ranked = pc.sort_indices(objects)
    code = np.empty(len(objects), np.int32)
    code[np.asarray(ranked)] = np.arange(len(objects), dtype=np.int32)
    of_thing = np.asarray(pc.index_in(_whole(found.column("object_id")), things))
    codes = code[np.concatenate((of_thing, np.arange(len(things), len(objects))))][order]
    first = np.empty(len(objects), np.int64)  # the row in which each object was shared first
    first[codes[::-1]] = order[::-1]
    labels = pa.concat_arrays([_whole(found.column("label")), pa.array([""] * len(alone), pa.string())])
    feeds = np.concatenate((_feeds(_whole(found.column("feed"))), np.full(len(alone), -1, np.int32)))[order]
    shares = make_shares(
        accounts.account[place], codes, accounts.published[place], np.arange(len(place)), feeds
    )
    documents = accounts.documents.take(pa.array(place))
    return Layer(action, shares, objects.take(ranked), labels.take(pa.array(first)), documents)


def _feeds(values: pa.Array) -> NDArray[Any]:
    """Codes of feeds in their order; -1 for none."""
    known = _sorted(pc.unique(values.filter(pc.fill_null(pc.not_equal(values, ""), False))))
    return np.asarray(pc.fill_null(pc.index_in(values, known), -1))


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
