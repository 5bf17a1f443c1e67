"""Published sets of geoparsing → records: texts with their places, offsets in code points.

Two shapes, as their authors made them. XML with ``article`` elements (LGL: Lieberman, Samet and
Sankaranarayanan 2010; TR-News: Kamalloo and Rafiei 2018; GeoVirus and GeoWebNews: Gritta et al. 2018,
2020). A table with a tab between columns and one place a row (GeoCorpora: Wallgrün et al. 2018). Places
without a point are left out, as every comparison does.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any, Final

from tocsin.errors import MalformedRecordError

__all__ = ["is_articles", "is_tweets", "read_articles", "read_tweets"]

_HEADER: Final = b"feature_id\ttweet_id_str\t"
_NAMES: Final = {
    "lat": ("lat", "latitude", "gaztag/lat"),
    "lon": ("lon", "longitude", "gaztag/lon"),
    "phrase": ("phrase", "extractedName", "name"),
}
#: Offsets of some sets are off by a character or two: the words decide.
_OFF: Final = 3


def is_articles(head: bytes) -> bool:
    """Whether the beginning of a file is that of articles in XML."""
    return head.lstrip().startswith(b"<") and b"<articles" in head[:2000]


def is_tweets(head: bytes) -> bool:
    """Whether the beginning of a file is that of the table of tweets."""
    return head.startswith(_HEADER)


def read_articles(data: bytes) -> Iterator[dict[str, Any]]:
    """A record an article; raises MalformedRecordError for broken XML."""
    import lxml.etree

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        cause = f"invalid XML: {str(error).splitlines()[0][:200]}"
        raise MalformedRecordError(cause, remedy="Repair it") from None
    for number, article in enumerate(root.iter("article")):
        text = article.findtext("text") or ""
        places = [_place(item, text) for kind in ("toponym", "location") for item in article.iter(kind)]
        name = article.get("docid") or article.get("file") or str(number)
        found = [place for place in places if place is not None]
        yield {"doc_id": name, "text": text, "lang": "en", "places": found}


def _field(item: Any, name: str) -> str:
    return next((found for path in _NAMES[name] if (found := (item.findtext(path) or "").strip())), "")


def _place(item: Any, text: str) -> dict[str, Any] | None:
    try:
        lat, lon = float(_field(item, "lat")), float(_field(item, "lon"))
        start, end = (int(item.findtext(side) or "") for side in ("start", "end"))
    except ValueError:
        return None
    phrase = _field(item, "phrase")
    if phrase and text[start:end] != phrase:
        at = text.find(phrase, max(0, start - _OFF))
        if not start - _OFF <= at <= start + _OFF:
            return None
        start, end = at, at + len(phrase)
    place: dict[str, Any] = {"start": start, "end": end, "lat": lat, "lon": lon}
    tag = item.find("gaztag")
    identity = (
        item.findtext("geonamesID") or (tag.get("geonameid") if tag is not None else "") or ""
    ).strip()
    if not identity and item.find("geonamesID") is not None:
        return None  # GeoWebNews: what is not in GeoNames is not part of its comparison
    if identity:
        place["place_id"] = f"geonames:{identity}"
    page = (item.findtext("page") or "").rstrip("/").rpartition("/")[2]
    return place | ({"title": page.replace("_", " ")} if page else {})


def read_tweets(data: bytes) -> Iterator[dict[str, Any]]:
    """A record a tweet, in the order of the table. The published file is in Latin-1."""
    rows = csv.DictReader(io.StringIO(data.decode("latin-1"), newline=""), delimiter="\t")
    tweets: dict[str, dict[str, Any]] = {}
    try:
        for row in rows:
            _tweet(row, tweets)
    except csv.Error as error:
        raise MalformedRecordError(f"invalid table: {error}", remedy="Repair it") from None
    yield from (tweet for tweet in tweets.values() if tweet["text"].strip())


def _tweet(row: dict[str, str | None], tweets: dict[str, dict[str, Any]]) -> None:
    """Take up one row: its tweet, if it is new, and its place."""
    key = str(row.get("tweet_id_str"))
    made = {"id": key, "text": row.get("tweet_text") or "", "lang": "en", "places": []}
    tweet = tweets.setdefault(key, made)
    phrase, identity = row.get("text") or "", row.get("geoNameId")
    try:
        lat, lon, near = (
            float(row.get("latitude") or ""),
            float(row.get("longitude") or ""),
            int(row.get("char_position") or ""),
        )
    except ValueError:
        return
    at = tweet["text"].find(phrase, max(0, near - _OFF))
    if phrase and identity and at >= 0:
        place = {"start": at, "end": at + len(phrase), "lat": lat, "lon": lon}
        tweet["places"].append(place | {"place_id": f"geonames:{identity}"})
