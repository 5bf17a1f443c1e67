"""Copies, near copies and excerpts: who has it from whom."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from link_helpers import CAMEL, LANTERN, links_of, post

from tocsin.model import Direction, LinkType, quote


def test_the_same_words_are_a_copy_of_the_earliest() -> None:
    first, second = post(LANTERN, "Alpha", 5), post(f"❗️ {LANTERN.upper()}", "Beta", 9)
    third = post(LANTERN, "Gamma", 90)
    found = {link.document_id: link for link in links_of([third, second, first])}
    assert set(found) == {second.document_id, third.document_id}
    for link in found.values():
        assert link.original_id == first.document_id
        assert (link.type, link.direction, link.certain) == (LinkType.COPY, Direction.TIME, True)


def test_an_edit_is_a_near_copy_with_the_shared_words_as_evidence() -> None:
    edited = LANTERN.replace("blue lanterns", "green lanterns").replace("a flute", "two flutes")
    first, second = post(LANTERN, "Alpha", 0), post(edited, "Beta", 30)
    [link] = links_of([first, second])
    assert (link.type, link.document_id, link.original_id) == (
        LinkType.NEAR_COPY,
        second.document_id,
        first.document_id,
    )
    assert "nobody saw a boat" in quote(link.evidence, edited)
    assert "blue" not in quote(link.original_evidence, LANTERN)
    assert "30 min later" in link.reasons


def test_a_part_of_a_longer_text_is_an_excerpt() -> None:
    longer = f"{CAMEL}\n\n{LANTERN}\n\nIn other news the tide was on time."
    first, second = post(longer, "Alpha", 0), post(LANTERN, "Beta", 10)
    [link] = links_of([first, second])
    assert (link.type, link.certain) == (LinkType.EXCERPT, True)
    assert link.document_id == second.document_id


def test_undated_texts_go_by_containment() -> None:
    longer, part = post(f"{CAMEL} {LANTERN}", "Alpha", None), post(LANTERN, "Beta", None)
    [link] = links_of([part, longer])
    assert (link.document_id, link.direction) == (part.document_id, Direction.CONTAINMENT)


def test_a_chain_of_edits_links_each_to_the_one_before() -> None:
    second = LANTERN.replace("Old Harbour", "the Old Harbour guild").replace("forty", "fifty")
    third = second.replace("wet paper", "dry paper and a shoe").replace("the stairs", "the harbour stairs")
    rows = [post(LANTERN, "Alpha", 0), post(second, "Beta", 10), post(third, "Gamma", 20)]
    found = {link.document_id: link.original_id for link in links_of(rows)}
    assert found == {rows[1].document_id: rows[0].document_id, rows[2].document_id: rows[1].document_id}


def test_missing_words_never_link() -> None:
    rows = [
        post(text, channel, at)
        for at, (text, channel) in enumerate(
            (
                ("🏮🏮", "Alpha"),
                ("🏮🏮", "Beta"),
                ("https://example.org/a", "Alpha"),
                ("https://example.org/a", "Beta"),
                ("@nobody", "Gamma"),
                ("...", "Delta"),
                ("...", "Beta"),
            )
        )
    ]
    assert links_of(rows) == []


def test_short_words_are_no_certain_copy() -> None:
    [link] = links_of(
        [post("The tide was late today", "Alpha", 0), post("the tide was late today", "Beta", 3)]
    )
    assert not link.certain
    assert links_of([post("Good morning", "Alpha", 0), post("Good morning", "Beta", 3)]) == []


def test_a_channels_own_form_with_other_numbers_is_no_copy() -> None:
    form = "Water in the Old Harbour this morning: {} degrees, wind {} knots, lanterns lit on the quay: {}."
    rows = [post(form.format(7, 12, 40), "Alpha", 0), post(form.format(9, 3, 38), "Alpha", 1440)]
    assert links_of(rows) == []
    other = post(form.format(8, 5, 31), "Beta", 200)
    [link] = links_of([rows[0], other])
    assert not link.certain
    assert any("numbers differ" in reason for reason in link.reasons)
    assert links_of([rows[0], post(form.format(8, 5, 31), "Beta", 2000)]) == []


NOTICE = (
    "Lantern boats are stopped in {} for the time being, the harbour master says. Lamps are lit again {}, "
    "when the fog is gone from the water."
)


def test_a_notice_about_another_place_days_later_is_no_copy() -> None:
    first = post(NOTICE.format("Old Quay", "soon"), "Alpha", 0)
    assert links_of([first, post(NOTICE.format("Nine Geese", "soon"), "Beta", 3000)]) == []
    [link] = links_of([first, post(NOTICE.format("Old Quay", "quite soon"), "Beta", 3000)])
    assert link.original_id == first.document_id


def test_behind_a_form_stands_the_copy_of_the_day() -> None:
    old = post(NOTICE.format("Old Quay", "soon"), "Alpha", 0)
    new = post(NOTICE.format("Nine Geese", "soon"), "Beta", 3000)
    copy = post("Here: " + NOTICE.format("Nine Geese", "quite soon"), "Gamma", 3010)
    [link] = links_of([old, new, copy])
    assert (link.document_id, link.original_id) == (copy.document_id, new.document_id)


@pytest.mark.parametrize("words", ["Attention: ", "It is said again that "])
def test_what_several_told_on_two_days_was_issued_twice(words: str) -> None:
    notice = NOTICE.format("Old Quay", "soon")
    first, taken = post(notice, "Alpha", 0), post(notice, "Beta", 9)
    again = [post(words + notice, channel, 30_000 + at) for at, channel in enumerate(("Gamma", "Delta"))]
    found = {link.document_id: link.original_id for link in links_of([first, taken, *again])}
    assert found == {taken.document_id: first.document_id, again[1].document_id: again[0].document_id}
    alone = {link.document_id: link.original_id for link in links_of([first, taken, again[0]])}
    assert set(alone) == {taken.document_id, again[0].document_id}  # one who repeats it has it from them


def test_the_same_words_of_several_on_two_days_are_no_certain_copy() -> None:
    notice = NOTICE.format("Old Quay", "soon")
    rows = [post(notice, channel, at) for channel, at in (("Alpha", 0), ("Beta", 9), ("Gamma", 30_000))]
    assert all(link.certain for link in links_of(rows))
    rows.append(post(notice, "Delta", 30_009))
    assert {link.document_id: link.certain for link in links_of(rows)} == {
        rows[1].document_id: True,
        rows[2].document_id: False,
        rows[3].document_id: False,
    }


def test_a_channels_signature_makes_no_link() -> None:
    sign = "\n\n🏮 [Subscribe to Alpha, the voice of the quay](https://example.org) | [Send us your lanterns](https://x.example)"
    rng = Random(3)
    words = [
        f"{a}{b}" for a in ("lan", "mor", "tep", "quil") for b in ("tern", "ning", "ot", "let", "dor", "vane")
    ]
    rows = [post(" ".join(rng.sample(words, 5)) + sign, "Alpha", at) for at in range(12)]
    assert links_of(rows) == []


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(6)))
def test_the_order_of_reading_changes_nothing(order: list[int]) -> None:
    rows = [
        post(LANTERN, "Alpha", 0),
        post(LANTERN, "Beta", 0),
        post(LANTERN + " More soon.", "Gamma", None),
        post(CAMEL, "Alpha", 7),
        post(f"{CAMEL} {LANTERN}", "Beta", None),
        post(CAMEL[:150], "Delta", 9),
    ]
    assert links_of([rows[at] for at in order]) == links_of(rows)


def test_an_authoritys_form_filled_in_again_is_no_certain_copy() -> None:
    form = (
        "Lamplighters of the council have put out a fire of lanterns {} the salt works. According to first "
        "reports nobody was hurt and nothing was lost. The services of the harbour are at work there."
    )
    first, again = post(form.format("behind"), "Alpha", 0), post(form.format("in front of"), "Beta", 20_000)
    [link] = links_of([first, again])
    assert not link.certain
    [link] = links_of([first, post(form.format("in front of"), "Beta", 20)])
    assert link.certain


def test_an_offices_phrase_about_something_else_is_no_copy() -> None:
    phrase = "a case is open on the sale of lanterns that do not meet the demands of safety"
    notice = post(f"After the fog in Old Quay {phrase}, the harbour office says", "Alpha", 0)
    other = (
        f"A paper camel fell over in Elm Hill. Nobody was under it, the owner from Nine Geese says. {phrase}."
    )
    assert links_of([notice, post(other, "Beta", 7)]) == []
    same = other.replace("Elm Hill", "Old Quay")
    [link] = links_of([notice, post(same, "Beta", 7)])
    assert not link.certain


def test_a_daily_bulletin_is_no_copy_of_the_day_before() -> None:
    form = "The lamps of the quay used more than two barrels of oil in a day, {}, says the office of Old Quay"
    first = form.format("and one of them was broken")
    second = form.format("one lamplighter has come back")
    assert links_of([post(first, "Alpha", 0), post(second, "Alpha", 1436)]) == []
    [link] = links_of([post(first, "Alpha", 0), post(second, "Beta", 1436)])
    assert not link.certain
    [link] = links_of([post(first, "Alpha", 0), post(f"{first}. So much for today.", "Beta", 1436)])
    assert link.certain


def test_a_short_notice_in_a_long_report_of_the_next_day_is_no_certain_copy() -> None:
    notice = "The fog horn is sounded on the whole shore of the bay"
    report = f"{CAMEL} {notice}. {LANTERN}"
    for minutes, certain in ((20, True), (1300, False)):
        [link] = links_of([post(notice, "Alpha", 0), post(report, "Beta", minutes)])
        assert link.certain is certain
