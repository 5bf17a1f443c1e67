"""Reviews of claims in schema.org's vocabulary: ``ClaimReview`` in JSON-LD, and what search services give.

https://schema.org/ClaimReview. What is kept is quoted as it stands: the claim, the rating in its publisher's
words, who published it where and when. A rating given as a number only is quoted as «1 of 5».
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tocsin.read.markup import html_to_text

__all__ = ["reviews_in", "text_of"]

_TYPE: Final = "ClaimReview"


def text_of(value: object) -> str:
    """A value as one line of plain text; of a list its first text, of an object its ``name``."""
    if isinstance(value, list):
        return next((text for text in map(text_of, value) if text), "")
    if isinstance(value, Mapping):
        return text_of(value.get("name") or value.get("@value"))
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join((html_to_text(str(value)) or "").split())


def _address(value: object) -> str:
    """An address: text, or the ``url`` or ``@id`` of what stands for it."""
    if isinstance(value, list):
        return next((found for found in map(_address, value) if found), "")
    if isinstance(value, Mapping):
        return _address(value.get("url") or value.get("@id"))
    return value.strip() if isinstance(value, str) else ""


def _is_review(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type") or node.get("type")
    return any(
        isinstance(kind, str) and kind.replace("#", "/").replace(":", "/").rpartition("/")[2] == _TYPE
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _rating(value: object) -> str:
    """The rating in its publisher's words; a bare number with the best one."""
    if isinstance(value, list):
        return next((found for found in map(_rating, value) if found), "")
    if not isinstance(value, Mapping):
        return text_of(value)
    words = text_of(value.get("alternateName")) or text_of(value.get("name"))
    number, best = text_of(value.get("ratingValue")), text_of(value.get("bestRating"))
    if words or not number:
        return words
    # The vocabulary's own placeholder for «no number».
    return "" if number == "-1" else f"{number} of {best}" if best else number


def _keywords(value: object) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else text_of(value).split(",")
    return tuple(word for word in map(text_of, listed) if word)


def _review(node: Mapping[str, Any]) -> dict[str, Any]:
    item = node.get("itemReviewed")
    item = next((i for i in item if isinstance(i, Mapping)), {}) if isinstance(item, list) else item
    item = item if isinstance(item, Mapping) else {}
    claim = text_of(node.get("claimReviewed")) or text_of(item.get("text"))
    return {
        "claim": claim,
        "title": text_of(node.get("headline")) or text_of(node.get("name")) or claim,
        "summary": text_of(node.get("description")),
        "url": _address(node.get("url")) or _address(node.get("mainEntityOfPage")),
        "date": text_of(node.get("datePublished")) or text_of(node.get("dateCreated")),
        "rating": _rating(node.get("reviewRating")),
        "publisher": text_of(node.get("author")) or text_of(node.get("publisher")),
        "claimant": text_of(item.get("author")),
        "language": text_of(node.get("inLanguage")),
        "keywords": _keywords(node.get("keywords")),
    }


def _found(node: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The reviews of one claim in the answer of a fact-check search service (claims:search, v1alpha1)."""
    for review in node["claimReview"]:
        if not isinstance(review, Mapping):
            continue
        publisher = review.get("publisher")
        site = text_of(publisher.get("site")) if isinstance(publisher, Mapping) else ""
        claim = text_of(node.get("text"))
        yield {
            "claim": claim,
            "title": text_of(review.get("title")) or claim,
            "url": _address(review.get("url")),
            "date": text_of(review.get("reviewDate")),
            "rating": text_of(review.get("textualRating")),
            "publisher": text_of(publisher) or site,
            "claimant": text_of(node.get("claimant")),
            "language": text_of(review.get("languageCode")),
        }


def reviews_in(value: object) -> Iterator[dict[str, Any]]:
    """Every review anywhere in a JSON value, in order: in lists, ``@graph``, feeds, or deeper."""
    waiting = [value]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            if _is_review(node):
                yield _review(node)
                continue
            if isinstance(node.get("claimReview"), list):
                yield from _found(node)
                continue
            waiting += [child for child in reversed(list(node.values())) if isinstance(child, dict | list)]
        elif isinstance(node, list):
            waiting += [child for child in reversed(node) if isinstance(child, dict | list)]
