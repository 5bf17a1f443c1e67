"""Is the truth of the demo corpus true? Its quotations, counts, links and distances, checked one by one.

The checks return sentences instead of raising, so that one run names every fault.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import asin, cos, radians, sin, sqrt
from typing import Any

from tocsin.model import Certainty, ClaimKind, SourceKind, Span
from tocsin.testing.raw import RawRecord, raw_records

__all__ = ["EARTH_RADIUS_KM", "faults", "haversine_km", "nearest", "post_records"]

#: Mean radius of the Earth (IUGG), kilometres.
EARTH_RADIUS_KM = 6371.0088

Truth = Mapping[str, Any]
Records = Mapping[str, RawRecord]

_LINK_KINDS = {"forward", "copy", "near copy", "translation", "paraphrase", "citation"}
_SAME_TEXT = {"forward", "copy"}


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle distance in kilometres of two (latitude, longitude) points in degrees, on a sphere."""
    (lat1, lon1), (lat2, lon2) = ((radians(lat), radians(lon)) for lat, lon in (one, other))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_RADIUS_KM * asin(sqrt(h))


def nearest(text: str, quote: str, anchor: Span) -> Span:
    """The occurrence of ``quote`` that begins nearest to ``anchor``; ValueError if there is none."""
    starts = []
    at = text.find(quote)
    while at >= 0 and quote:
        starts.append(at)
        at = text.find(quote, at + 1)
    if not starts:
        raise ValueError(f"not in the text: {quote!r}")
    best = min(starts, key=lambda start: (abs(start - anchor.start), start))
    return Span(best, best + len(quote))


def post_records(truth: Truth) -> dict[str, RawRecord]:
    """The raw record of each post of the truth, by the post's key; KeyError if a record is missing."""
    by_place = {record.key: record for record in raw_records() if not record.service}
    return {
        post["key"]: by_place[post["file"], post["channel"], post["native_id"]] for post in truth["posts"]
    }


def faults(truth: Truth) -> list[str]:
    """Everything wrong with the truth, as sentences; empty when all of it holds."""
    records = post_records(truth)
    checks = (_records_match, _quotes, _mentions, _links, _stories, _distances, _warnings, _outlets)
    return [fault for check in checks for fault in check(truth, records)] + list(_counts(truth))


def _stamp(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _records_match(truth: Truth, records: Records) -> Iterator[str]:
    if len(records) != len(truth["posts"]):
        yield "two posts have one key"
    for post in truth["posts"]:
        record = records[post["key"]]
        said = {
            "published": _stamp(record.published),
            "edited": _stamp(record.edited),
            "forwarded_from": record.forwarded_from,
            "reply_to": record.reply_to,
            "media": list(record.media) or None,
        }
        for name, value in said.items():
            if post.get(name) != value:
                yield f"{post['key']}: {name} is {value!r} in the file"
        if (post["role"] == "media only") != (not record.text):
            yield f"{post['key']}: role {post['role']}, text {record.text!r}"


def _quotes(truth: Truth, records: Records) -> Iterator[str]:
    kinds = set(SourceKind)
    for post in truth["posts"]:
        text = records[post["key"]].text
        for row in post.get("attributions", ()):
            for part in ("source", "cue", "content"):
                if row[part] not in text:
                    yield f"{post['key']}: {part} {row[part]!r} is not in the text"
            if text.count(row["content"]) != 1:
                yield f"{post['key']}: content {row['content']!r} occurs more than once"
            if row["source_kind"] not in kinds or not row["chain"] or not all(row["chain"]):
                yield f"{post['key']}: {row['content']!r} has no source kind or chain"
            if row["kind"] not in {None, *ClaimKind} or row["certainty"] not in {None, *Certainty}:
                yield f"{post['key']}: {row['content']!r} has an unknown kind or certainty"


def _mentions(truth: Truth, records: Records) -> Iterator[str]:
    for post in truth["posts"]:
        text = records[post["key"]].text
        for row in post.get("times", ()):
            if row["text"] not in text:
                yield f"{post['key']}: time {row['text']!r} is not in the text"
            lower, upper = (datetime.fromisoformat(row[k]) if row[k] else None for k in ("lower", "upper"))
            if lower and upper and lower >= upper:
                yield f"{post['key']}: time {row['text']!r} is empty"
            if lower is None and upper is None and not row.get("unresolved"):
                yield f"{post['key']}: time {row['text']!r} has no value"
        for row in post.get("places", ()):
            if text.count(row["text"]) < row["times"] or row["place"] not in truth["places"]:
                yield f"{post['key']}: place {row['text']!r}"


def _links(truth: Truth, records: Records) -> Iterator[str]:
    posts = {post["key"]: post for post in truth["posts"]}
    parents = {link["from"]: link["to"] for link in truth["links"]}
    if len(parents) != len(truth["links"]):
        yield "a post derives from two others"
    for link in truth["links"]:
        one, other = link["from"], link["to"]
        if one not in posts or other not in posts:
            yield f"{one} → {other}: no such post"
            continue
        if link["kind"] not in _LINK_KINDS or link["origin"] != _root(one, parents):
            yield f"{one} → {other}: kind or origin"
        if link["kind"] in _SAME_TEXT and records[one].text != records[other].text:
            yield f"{one} → {other}: texts differ"
        if link["kind"] == "forward" and posts[one].get("forwarded_from") != posts[other]["channel"]:
            yield f"{one} → {other}: forwarded from somebody else"
        if not (records[other].published or datetime.min.replace(tzinfo=UTC)) < (
            records[one].published or datetime.max.replace(tzinfo=UTC)
        ):
            yield f"{one} → {other}: the original is later"
    linked = {link["from"] for link in truth["links"] if link["kind"] == "forward"}
    for key in {key for key, post in posts.items() if "forwarded_from" in post} ^ linked:
        yield f"{key}: a forward without its original"


def _root(key: str, parents: Mapping[str, str]) -> str:
    while key in parents:
        key = parents[key]
    return key


def _stories(truth: Truth, records: Records) -> Iterator[str]:
    parents = {link["from"]: link["to"] for link in truth["links"]}
    for story in truth["stories"]:
        roots = sorted({_root(key, parents) for key in story["posts"]})
        if roots != story["origins"] or len(roots) != story["independent_origins"]:
            yield f"story {story['id']}: its origins are {roots}"
        if not {*story["posts"], *roots} <= set(records):
            yield f"story {story['id']}: no such post"


def _distances(truth: Truth, records: Records) -> Iterator[str]:
    def point(name: str) -> tuple[float, float]:
        return truth["places"][name]["latitude"], truth["places"][name]["longitude"]

    for row in truth["distances"]:
        true = haversine_km(point(row["from"]), point(row["to"]))
        stated = row["stated_km"]
        holds = true > stated if row["relation"] == "more than" else abs(true - stated) <= 0.05 * true
        if abs(true - row["true_km"]) > 0.05:
            yield f"{row['quote']!r}: truly {true:.1f} km"
        if row["verdict"] != ("consistent" if holds else "inconsistent"):
            yield f"{row['quote']!r}: wrong verdict"
        if row["quote"] not in records[row["post"]].text or str(stated) not in row["quote"]:
            yield f"{row['quote']!r} is not in {row['post']}"


def _warnings(truth: Truth, records: Records) -> Iterator[str]:
    for row in truth["warnings"]:
        if row["quote"] not in records[row["post"]].text:
            yield f"{row['quote']!r} is not in {row['post']}"
        given = records[row["post"]].published
        if row["given"] != (given and given.date().isoformat()):
            yield f"{row['post']}: not given on {row['given']}"
        if row["given"] and not row["given"] < row["deadline"]:
            yield f"{row['post']}: deadline {row['deadline']} before the warning"
        outcome = row["outcome_post"]
        if (row["outcome"] == "open") != (outcome is None):
            yield f"{row['post']}: outcome {row['outcome']} by {outcome}"
        told = records[outcome].published if outcome else None
        if outcome and given and not (told and given < told):
            yield f"{row['post']}: {outcome} does not follow it"
        # A promise may be broken before its day; nothing can be told to have lapsed a month before it.
        if told and abs(told - datetime.fromisoformat(row["deadline"]).replace(tzinfo=UTC)) > timedelta(30):
            yield f"{row['post']}: {outcome} is far from the deadline"


def _outlets(truth: Truth, records: Records) -> Iterator[str]:
    names = [name.casefold() for outlet in truth["outlets"] for name in (outlet["name"],)]
    for name, times in Counter(names).items():
        if times > 1:
            yield f"outlet {name!r} is named {times} times"
    published = {record.channel for record in records.values() if record.channel}
    for name in published ^ {outlet["name"] for outlet in truth["outlets"]}:
        yield f"outlet {name!r} is in the files or in the list, not in both"


def _counts(truth: Truth) -> Iterator[str]:
    posts: Sequence[Mapping[str, Any]] = truth["posts"]
    texts = [post for post in posts if post["role"] != "media only"]
    documents = [post for post in texts if "same_as" not in post]
    rows = [row for post in documents for row in post.get("attributions", ())]
    services = [record for record in raw_records() if record.service]
    counted = {
        "files": len({post["file"] for post in posts}),
        "service_messages": len(services),
        "media_only": len(posts) - len(texts),
        "records_with_text": len(texts),
        "documents": len(documents),
        "items": sum("superseded_by" not in post for post in documents),
        "without_date": sum(post["published"] is None for post in documents),
        "without_channel": sum(post["channel"] is None for post in documents),
        "forwards": sum("forwarded_from" in post for post in documents),
        "per_language": dict(Counter(post["language"] for post in documents)),
        "per_channel": dict(Counter(post["channel"] or "" for post in documents)),
        "attributions": len(rows),
        "salient_attributions": sum(row.get("salient", True) for row in rows),
    }
    for name in sorted({*counted, *truth["counts"]}):
        if truth["counts"].get(name) != counted.get(name):
            yield f"counts: {name} is {counted.get(name)}"
    if len(posts) + len(services) != len(raw_records()):
        yield "counts: a record of the files is no post of the truth"
