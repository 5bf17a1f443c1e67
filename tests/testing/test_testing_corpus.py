"""The product's own readers see the demo corpus as its truth says."""

from __future__ import annotations

from collections import Counter

from tocsin import api, examples
from tocsin.testing.truth import post_records

TRUTH = examples.truth()


def test_readers_agree_with_the_truth():
    reading = api.read(examples.corpus_files())
    documents = {document.document_id: document for document in reading}
    assert reading.problems == []
    assert reading.skipped["service message"] == TRUTH["counts"]["service_messages"]
    assert (
        sum(reading.skipped.values()) == TRUTH["counts"]["service_messages"] + TRUTH["counts"]["media_only"]
    )
    assert len(documents) == TRUTH["counts"]["documents"]
    assert len({document.item_id for document in documents.values()}) == TRUTH["counts"]["items"]

    records = post_records(TRUTH)
    expected = Counter(
        (" ".join(records[post["key"]].text.split()), records[post["key"]].published)
        for post in TRUTH["posts"]
        if post["role"] != "media only" and "same_as" not in post
    )
    assert Counter((" ".join(d.text.split()), d.published) for d in documents.values()) == expected

    names = {outlet.get("username", outlet["name"]) for outlet in TRUTH["outlets"]}
    assert {document.channel for document in documents.values()} - {None} == names
