"""Tables that the co-sharing stages write."""

from __future__ import annotations

from tocsin.model.sharing import SharedObject, SharedThing, SharingEdge, SharingGroup
from tocsin.model.tables.base import DOCUMENT, METHOD, REASONS, SCORE, Column, Table

__all__ = ["SHARED_OBJECTS", "SHARES", "SHARING_EDGES", "SHARING_GROUPS", "TABLES"]

_GROUP = Column("group_id", "string", "id of the members")

SHARES = Table(
    "shares",
    SharedThing,
    "one thing in one document that other accounts may share too",
    ("document_id", "action", "object_id"),
    ("document_id", "action", "object_id"),
    (
        DOCUMENT,
        Column("action", "string", "address, text, forward, hashtags or media"),
        Column("object_id", "string", "the same for all who share the thing"),
        Column("label", "string", "the thing as shown to people"),
        Column("feed", "string", "the class it belongs to: a site, a forwarded channel", True, account=True),
    ),
)

SHARING_GROUPS = Table(
    "sharing_groups",
    SharingGroup,
    "one group of accounts that share the same things in concert, by one action or several",
    ("group_id",),
    ("p_value", "group_id"),
    (
        _GROUP,
        Column("actions", "strings", "what they share, most things first"),
        Column("members", "strings", "channels as listed for people", account=True),
        Column("member_keys", "strings", "their keys, in the same order", account=True),
        Column("edges", "int", "pairs of members beyond chance"),
        Column("objects", "int", "distinct things shared by two members within the window"),
        Column("first", "timestamp", "UTC, the first of these shares"),
        Column("last", "timestamp", "UTC, the last"),
        Column("window", "int", "seconds"),
        Column("repeats", "int", "fewest distinct things of a pair"),
        Column("observed", "float", "common things of a pair, mean over edges"),
        Column("expected", "float", "the same under the null model"),
        Column("p_value", "float", "largest of its edges, before correction"),
        Column("tests", "int", "pairs of accounts the correction counts"),
        Column("false_discovery_rate", "float", "at which every edge stands after correction"),
        Column("explanations", "strings", "innocent explanations that fit"),
        REASONS,
        Column("other_settings", "strings", "what other windows and repeats would have found"),
        SCORE,
        METHOD,
    ),
)

SHARING_EDGES = Table(
    "sharing_edges",
    SharingEdge,
    "one pair of members of a group and one action",
    ("group_id", "first_key", "second_key", "action"),
    ("group_id", "first_key", "second_key", "action"),
    (
        _GROUP,
        Column("first_key", "string", "one account", account=True),
        Column("second_key", "string", "the other", account=True),
        Column("action", "string", "address, text, near copy, forward, hashtags, media or claim"),
        Column("objects", "int", "distinct things both shared within the window"),
        Column("expected", "float", "under the null model"),
        Column("p_value", "float", "before correction"),
    ),
)

SHARED_OBJECTS = Table(
    "shared_objects",
    SharedObject,
    "one thing that a group shared",
    ("group_id", "object_id"),
    ("group_id", "opened", "object_id"),
    (
        _GROUP,
        Column("object_id", "string", "the thing"),
        Column("action", "string", "what was shared; see sharing_edges"),
        Column("label", "string", "the thing as shown to people"),
        Column("documents", "strings", "posts of members, oldest first"),
        Column("opened", "timestamp", "UTC, the first of them"),
        Column("seconds", "int", "from the first to the last of them"),
        Column("members", "int", "members who shared it"),
        Column("by_others", "int", "accounts outside the group that shared it"),
    ),
)

TABLES = (SHARES, SHARING_GROUPS, SHARING_EDGES, SHARED_OBJECTS)
