"""Planted worlds: what is planted is where it is said to be, and the seed decides everything."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from hypothesis import given, settings

from tocsin.model import Certainty, ClaimKind, SourceKind, covers, overlaps
from tocsin.testing.phrases import LANGUAGES, PHRASES, PLACES
from tocsin.testing.strategies import worlds
from tocsin.testing.worlds import make_world, stream

WORLD = make_world(7, posts=600)


@given(worlds())
@settings(max_examples=50, deadline=None)
def test_planted_spans_are_in_the_text_and_in_order(world):
    for item in world.planted:
        text = item.post.text
        assert text == text.strip()
        spans = [s for a in item.attributions for s in (a.source, a.cue, a.content, *a.hedges)]
        spans += [t.span for t in item.times] + [p.span for p in item.places]
        for span in spans:
            assert span.end <= len(text)
            assert span.of(text) == span.of(text).strip()
        for row in item.attributions:
            assert not overlaps(row.source, row.cue)
            assert not overlaps(row.source, row.content)
            assert not overlaps(row.cue, row.content)
            assert all(covers(row.content, hedge) for hedge in row.hedges)
            if row.parent is not None:
                outer = item.attributions[row.parent]
                assert all(covers(outer.content, part) for part in (row.source, row.cue, row.content))


def test_planted_words_are_the_words_of_the_language():
    for item in WORLD.planted:
        phrases = PHRASES[item.language]
        text = item.post.text
        sources = {form.casefold() for s in phrases.sources for form in (s.nom, s.gen, s.other)}
        for row in item.attributions:
            assert row.source.of(text).casefold() in sources
        for place in item.places:
            assert place.span.of(text) in {word for _, word in phrases.places}
        for hedge in (hedge for row in item.attributions for hedge in row.hedges):
            assert hedge.of(text).islower()


def test_times_mean_what_they_say():
    known = {"yesterday": -1, "вчера": -1, "вчора": -1, "кеше": -1, "in three days": 3, "ертең": 1}
    found = set()
    for item in WORLD.planted:
        midnight = item.post.published.replace(hour=0, minute=0)
        for row in item.times:
            assert row.lower < row.upper <= row.lower + timedelta(days=7)
            words = row.span.of(item.post.text).lower()
            if words in known:
                found.add(words)
                assert row.lower == midnight + timedelta(days=known[words])
            if words[-1].isdigit() and "," not in words:  # April 3
                day = row.lower.strftime("%B ").lower() + str(row.lower.day)
                assert words == day or words.endswith(str(row.lower.year))
    assert found == set(known)


def test_world_covers_everything():
    rows = [row for item in WORLD.planted for row in item.attributions]
    assert {item.language for item in WORLD.planted} == set(LANGUAGES)
    assert {row.source_kind for row in rows} == {kind.value for kind in SourceKind} - {
        SourceKind.AUTHOR.value
    }
    assert {row.certainty for row in rows} == {Certainty.CERTAIN, Certainty.PROBABLE, Certainty.POSSIBLE}
    assert {row.kind for row in rows} == {ClaimKind.REPORT, ClaimKind.FORECAST}
    assert any(row.parent is not None for row in rows)
    assert any(item.noise for item in WORLD.planted)
    assert {place.place for item in WORLD.planted for place in item.places} == set(PLACES)
    assert {item.link.kind for item in WORLD.planted if item.link} == {"forward", "copy"}


def test_links_point_back_to_the_same_words_elsewhere():
    for item in WORLD.planted:
        if item.link is None:
            continue
        original = WORLD.planted[item.link.original]
        assert original.post.text == item.post.text
        assert original.post.channel != item.post.channel
        assert original.post.published < item.post.published
        assert original.post.published.date() == item.post.published.date()
        assert original.link is None
        if item.link.kind == "forward":
            assert item.post.forwarded_from == original.post.channel
            assert item.post.forwarded_from_id == original.post.channel_id


def test_seed_decides_and_prefix_holds():
    assert make_world(7, posts=50).planted == WORLD.planted[:50]
    assert make_world(8, posts=50).planted != WORLD.planted[:50]
    assert tuple(islice(stream(7), 300)) == WORLD.planted[:300]
    assert make_world(1, posts=1).posts[0].published == datetime(2024, 1, 8, 6, tzinfo=UTC)


def test_channels_and_languages_are_as_asked():
    world = make_world(3, posts=100, channels=3, languages=("kk", "en"))
    assert {item.language for item in world.planted} == {"kk", "en"}
    assert len({post.channel for post in world.posts}) == 3
    assert len({(post.channel, post.native_id) for post in world.posts}) == 100
    for arguments in ({"channels": 0}, {"languages": ()}, {"languages": ("xx",)}):
        with pytest.raises(ValueError, match="cannot make a world"):
            make_world(3, posts=1, **arguments)


def test_phrase_tables_are_complete():
    for phrases in PHRASES.values():
        assert len(phrases.places) == len(PLACES)
        assert len(phrases.months) == 12
        assert {source.kind for source in phrases.sources} == set(SourceKind) - {SourceKind.AUTHOR}
        for event in phrases.events:
            assert event.hedged.count("~") == 2
            assert bool(event.nominal) == ("{N}" in phrases.inner)
        for template in phrases.templates:
            for source in phrases.sources:
                if source.kind in template.kinds:
                    assert source.gen or "{S:gen}" not in template.text
                    assert source.other or "{S:other}" not in template.text
