"""Forwards and citations: what the platform or the text itself says."""

from __future__ import annotations

import pytest
from link_helpers import CAMEL, LANTERN, links_of, post

from tocsin.link.addresses import addresses_in, canonical_address
from tocsin.link.publishers import agency_named, agency_of, is_authority
from tocsin.model import Attribution, Direction, Document, LinkType, SourceKind, Span, make_id


def _of(links: list, kind: LinkType) -> list:
    return [link for link in links if link.type == kind]


def test_a_forward_is_matched_by_channel_id_and_words() -> None:
    original, copy = post(LANTERN, "Alpha", 0), post(LANTERN, "Beta", 1)
    forward = post(LANTERN, "Gamma", 9, forwarded_from="alpha renamed", forwarded_from_id=original.channel_id)
    links = links_of([original, copy, forward])
    [link] = _of(links, LinkType.FORWARD)
    assert (link.original_id, link.direction, link.certain) == (original.document_id, Direction.STATED, True)
    # The words say the same: it is not said twice.
    assert [item.document_id for item in _of(links, LinkType.COPY)] == [copy.document_id]


def test_an_edited_forward_is_found_among_the_channels_posts() -> None:
    pool = [
        post(CAMEL, "Alpha", 0),
        post(LANTERN, "Alpha", 1),
        post("Tea is served on the quay at five.", "Alpha", 2),
    ]
    short = "Forty blue lanterns gone from the quay; a flute was heard. Our guess: otters."
    forward = post(short, "Beta", 30, forwarded_from="ALPHA")
    [link] = _of(links_of([*pool, forward]), LinkType.FORWARD)
    assert link.original_id == pool[1].document_id
    assert any("display name" in reason for reason in link.reasons)


def test_a_name_that_two_channels_have_is_said_to_be_ambiguous() -> None:
    one = post(LANTERN, "Alpha", 0)
    other = post(LANTERN, "Alpha", 5, channel_id="77", native_id="9")
    forward = post(LANTERN, "Beta", 9, forwarded_from="Alpha")
    [link] = _of(links_of([one, other, forward]), LinkType.FORWARD)
    assert {link.original_id, *(item.value for item in link.alternatives)} == {
        one.document_id,
        other.document_id,
    }
    assert any("2 channels" in reason for reason in link.reasons)


def test_a_forward_from_outside_keeps_the_name_only() -> None:
    forward = post(LANTERN, "Beta", 9, forwarded_from="The Unseen Herald")
    [link] = links_of([post(CAMEL, "Alpha", 0), forward])
    assert (link.original_id, link.original_name) == (None, "The Unseen Herald")


def test_a_later_post_is_no_original() -> None:
    later, forward = post(LANTERN, "Alpha", 60), post(LANTERN, "Beta", 9, forwarded_from="Alpha")
    [link] = _of(links_of([later, forward]), LinkType.FORWARD)
    assert link.original_id is None


@pytest.mark.parametrize(
    ("address", "canonical"),
    [
        ("http://www.Example.org/News/7/?utm_source=x#top", "example.org/News/7"),
        ("https://t.me/s/Alpha/12?single", "t.me/alpha/12"),
        ("https://example.org/?id=7&fbclid=z", "example.org?id=7"),
        ("https://example.org/", None),
        ("https://[broken/x", None),
    ],
)
def test_addresses_have_one_form(address: str, canonical: str | None) -> None:
    assert canonical_address(address) == canonical


def test_addresses_are_found_without_the_punctuation_around_them() -> None:
    text = "See [the chart](https://example.org/chart_(camel)), or t.me/alpha/12."
    found = addresses_in(text)
    assert [address for address, _ in found] == ["example.org/chart_(camel)", "t.me/alpha/12"]
    assert found[1][1].of(text) == "t.me/alpha/12"


def test_a_link_to_a_document_is_a_citation() -> None:
    article = post(LANTERN, "Gazette", 0, platform="web", url="https://gazette.example/lanterns")
    text = "Worth reading: http://www.gazette.example/lanterns?utm_source=tg"
    [link] = links_of([article, post(text, "Beta", 60)])
    assert (link.type, link.original_id) == (LinkType.CITATION, article.document_id)
    assert link.evidence[0].of(text).startswith("http://www.gazette")
    own = post(text, "Gazette", 60, platform="web")
    assert links_of([article, own]) == []


def _attribution(document: Document, source: str, content: str) -> Attribution:
    at, begin = document.text.index(source), document.text.index(content)
    return Attribution(
        make_id("a", document.document_id, source),
        document.document_id,
        None,
        None,
        (Span(at, at + len(source)),),
        (),
        (Span(begin, begin + len(content)),),
        SourceKind.MEDIA,
        source,
        f"media:{source}",
        1.0,
        (),
        "test",
    )


def test_a_named_outlet_is_resolved_to_its_post() -> None:
    article = post(LANTERN, "Harbour Gazette", 0)
    words = "forty blue lanterns went missing from the quay on Sunday night, and that nobody saw a boat"
    citing = post(f"As the Harbour Gazette reports, {words}. Strange times!", "Beta", 60)
    links = links_of([article, citing], [_attribution(citing, "the Harbour Gazette", words)])
    [link] = _of(links, LinkType.CITATION)
    assert (link.original_id, link.certain) == (article.document_id, True)
    outside = post(f"As the Unseen Herald reports, {CAMEL}", "Beta", 90)
    [link] = links_of([outside], [_attribution(outside, "the Unseen Herald", CAMEL)])
    assert (link.original_id, link.original_name) == (None, "the Unseen Herald")


def test_agencies_and_authorities_are_known_by_name() -> None:
    assert agency_of("РИА Новости") == agency_of("RIA Novosti") == "RIA Novosti"
    assert agency_of("Новости") is None
    assert agency_named("МОСКВА, 5 мая — ТАСС. " + "Фонари погасли. " * 40) == "TASS"
    assert agency_named("Фонари погасли. " * 20 + "Reuters не писал. " + "Фонари горят. " * 20) is None
    assert is_authority("Ministry of Lanterns")
    assert not is_authority("Lantern fans")
