"""Bases of earlier cases and fact-checks, in every form they come in."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import BadMappingError, InputError
from tocsin.link.references import read_references
from tocsin.link.reviews import reviews_in

REVIEW: dict[str, Any] = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": "A duck of Upper Velm  is mayor &amp; baker.",
    "headline": "No duck is mayor of Upper Velm",
    "url": "https://checks.example/duck",
    "datePublished": "2026-02-03",
    "inLanguage": "en-GB",
    "author": {"@type": "Organization", "name": "Velm Checks"},
    "reviewRating": {"@type": "Rating", "ratingValue": 1, "bestRating": 5, "alternateName": "Not so"},
    "itemReviewed": {"@type": "Claim", "author": {"@type": "Person", "name": "Ida Brock"}},
    "keywords": "ducks, mayors",
}


def read(value: object, **options: Any) -> Any:
    data = value if isinstance(value, bytes) else json.dumps(value).encode()
    return read_references(data, "velm", **options)


def test_a_review_is_quoted_as_it_stands() -> None:
    (entry,) = read(REVIEW).entries
    assert entry["claim"] == "A duck of Upper Velm is mayor & baker."
    assert entry["title"] == "No duck is mayor of Upper Velm"
    assert (entry["rating"], entry["publisher"], entry["claimant"]) == ("Not so", "Velm Checks", "Ida Brock")
    assert (entry["url"], entry["date"].isoformat()[:10]) == ("https://checks.example/duck", "2026-02-03")
    assert (entry["language"], entry["keywords"]) == ("en", ("ducks", "mayors"))


@pytest.mark.parametrize(
    "value",
    [
        [REVIEW],
        {"@graph": [{"@type": "WebPage"}, REVIEW]},
        {"@type": "DataFeed", "dataFeedElement": [{"item": [REVIEW]}]},
        {"@type": "Article", "review": REVIEW},
        REVIEW | {"@type": ["Review", "http://schema.org/ClaimReview"]},
    ],
)
def test_reviews_are_found_wherever_they_stand(value: object) -> None:
    assert [entry["title"] for entry in read(value).entries] == [REVIEW["headline"]]


@pytest.mark.parametrize(
    ("rating", "words"),
    [
        ({"ratingValue": "2", "bestRating": "5"}, "2 of 5"),
        ({"ratingValue": "-1"}, None),
        ({"ratingValue": 4}, "4"),
        ([{"name": "Half so"}], "Half so"),
        ("Satire", "Satire"),
        (None, None),
    ],
)
def test_ratings_without_words(rating: object, words: str | None) -> None:
    assert read(REVIEW | {"reviewRating": rating}).entries[0]["rating"] == words


def test_the_answer_of_a_search_service() -> None:
    review = {
        "publisher": {"site": "checks.example"},
        "title": "T",
        "textualRating": "No",
        "languageCode": "uk",
    }
    found = read({"claims": [{"text": "A claim", "claimant": "X", "claimReview": [review, 3]}]}).entries
    assert [(e["claim"], e["publisher"], e["rating"], e["language"]) for e in found] == [
        ("A claim", "checks.example", "No", "uk")
    ]


def test_a_web_page_and_its_broken_script() -> None:
    page = (
        '<!doctype html><html><script type="application/ld+json">{"@type": </script>'
        f'<script type="application/LD+json">{json.dumps(REVIEW)}</script><p>text</p></html>'
    )
    found = read(page.encode())
    assert [entry["rating"] for entry in found.entries] == ["Not so"]
    assert [fault.position for fault in found.faults] == ["script 1"]


def test_lines_of_json_with_a_bad_one() -> None:
    lines = [json.dumps(REVIEW), "{", json.dumps({"vclaim": "The kettle is warm", "verdict": "so"}), "{}"]
    found = read("\n".join(lines).encode())
    assert [(entry["claim"], entry["rating"]) for entry in found.entries][1] == ("The kettle is warm", "so")
    assert [fault.position for fault in found.faults] == ["line 2", "line 4"]


def test_a_table_with_a_mapping() -> None:
    table = b"statement;label;lang\nThe kettle is warm;so;en\n;;\n"
    found = read(table, mapping={"claim": "statement"})
    assert [(e["claim"], e["title"], e["rating"], e["number"]) for e in found.entries] == [
        ("The kettle is warm", "The kettle is warm", "so", 0)
    ]
    assert [fault.position for fault in found.faults] == ["line 3"]
    with pytest.raises(BadMappingError, match="no column 'words'"):
        read(table, mapping={"claim": "words"})
    with pytest.raises(BadMappingError, match="no field 'text'"):
        read(table, mapping={"text": "statement"})


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*REVIEW, "name", "claimReview", "@graph", "text", "ratingValue", "publisher"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(json_values)
def test_any_json_is_read_or_refused_with_a_place(value: object) -> None:
    found = read([{"@type": "ClaimReview", "claimReviewed": "x", "reviewRating": value}, value])
    assert found.entries[0]["claim"] == "x"
    list(reviews_in(value))


@given(st.text(max_size=40))
def test_any_table_is_read_or_refused(text: str) -> None:
    try:
        found = read_references(f"title,date\n{text}\n".encode("utf-8", "replace"), "b")
    except (InputError, BadMappingError):  # binary, in no encoding, or the header is swallowed by a quotation
        return
    assert all(entry["title"] for entry in found.entries)
