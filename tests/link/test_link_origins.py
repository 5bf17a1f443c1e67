"""Origins: "47 posts, 3 independent origins"."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from link_helpers import CAMEL, LANTERN, links_of, origins_of, post

from tocsin.link.origins import count_origins
from tocsin.model import Direction, DocumentLink, LinkType, OriginKind, link_id_of
from tocsin.testing.story_worlds import make_story_world


def _link(
    one: str, other: str | None, *, kind: str = "copy", certain: bool = True, name: str = "N"
) -> DocumentLink:
    return DocumentLink(
        link_id_of(one, other or name, kind, "t"),
        one,
        other,
        name,
        kind,
        Direction.TIME,
        certain,
        1.0,
        (),
        (),
        (),
        (),
        "t",
    )


LINKS = st.lists(
    st.builds(
        lambda a, b, certain, kind: _link(
            f"d{max(a, b)}", f"d{min(a, b)}" if a != b else None, kind=kind, certain=certain
        ),
        st.integers(0, 7),
        st.integers(0, 7),
        st.booleans(),
        st.sampled_from(list(LinkType)),
    ),
    max_size=12,
)


@given(LINKS, st.permutations([f"d{n}" for n in range(8)]), st.randoms())
def test_the_interval_is_one_and_depends_on_no_order(
    links: list[DocumentLink], order: list[str], rng
) -> None:
    count = count_origins(order, links)
    assert 1 <= count.low <= count.high <= 8
    shuffled = list(links)
    rng.shuffle(shuffled)
    assert count_origins(sorted(order), shuffled) == count


@given(LINKS, LINKS)
def test_more_links_never_make_more_origins(links: list[DocumentLink], more: list[DocumentLink]) -> None:
    documents = [f"d{n}" for n in range(8)]
    before, after = count_origins(documents, links), count_origins(documents, links + more)
    assert after.low <= before.low
    assert after.high <= before.high


def test_an_uncertain_link_makes_an_interval_and_says_why() -> None:
    links = [_link("b", "a"), _link("c", "a", kind="near copy", certain=False)]
    count = count_origins("abc", links)
    assert (count.low, count.high, count.reasons) == (1, 2, ("uncertain links by near copy: 1",))


def test_the_same_outside_source_is_one_origin_and_a_shared_story_is_none() -> None:
    assert count_origins("ab", [_link("a", None, name="Herald"), _link("b", None, name="HERALD")]).high == 1
    assert count_origins("ab", [_link("b", "a", kind="same story")]).low == 2


def test_a_story_has_its_tree_its_spread_and_its_gap() -> None:
    rows = [post(LANTERN, "Alpha", 0), post(LANTERN, "Beta", 10), post(LANTERN + " More soon.", "Gamma", 30)]
    rows.append(post(LANTERN, "Delta", 40, forwarded_from="Beta"))
    made = origins_of([*rows, post(CAMEL, "Alpha", 5)])
    [story] = made["stories"]
    assert (story.documents, story.channels, story.origins_low, story.origins_high) == (4, 4, 1, 1)
    assert story.earliest_id == rows[0].document_id
    assert story.gap_days == 7
    tree = {row.document_id: (row.parent_id, row.depth) for row in made["story_documents"]}
    assert tree[rows[0].document_id] == (None, 0)
    assert tree[rows[3].document_id] == (rows[1].document_id, 2)
    [origin] = made["origins"]
    assert (origin.root_id, origin.documents, origin.kind) == (rows[0].document_id, 4, OriginKind.POST)


def test_a_translation_found_by_meaning_joins_origins_and_a_shared_story_does_not() -> None:
    rows = [post(LANTERN, "Alpha", 0), post("Верблюд из бумаги", "Beta", 9), post(CAMEL, "Gamma", 20)]
    first, second, third = (row.document_id for row in rows)
    links = [_link(second, first, kind="translation"), _link(third, first, kind="same story")]
    [story] = origins_of(rows, meanings=links)["stories"]
    assert (story.documents, story.origins_low, story.origins_high) == (3, 2, 2)


def test_wire_copy_and_releases_are_named_as_such() -> None:
    wire = f"OLD HARBOUR, 1 March — Reuters. {LANTERN}"
    made = origins_of(
        [
            post(wire, "Alpha", 0),
            post(wire, "Beta", 2),
            post(CAMEL, "Ministry of Camels", 3),
            post(CAMEL, "Beta", 9),
        ]
    )
    kinds = {(origin.kind, origin.name) for origin in made["origins"]}
    assert kinds == {(OriginKind.WIRE, "Reuters"), (OriginKind.RELEASE, "Ministry of Camels")}


@settings(max_examples=10, deadline=None)
@given(st.permutations(range(6)))
def test_stories_depend_on_no_order(order: list[int]) -> None:
    rows = [
        post(LANTERN, "Alpha", 0),
        post(LANTERN, "Beta", 0),
        post(LANTERN + " More soon.", "Gamma", None),
        post(CAMEL, "Alpha", 7),
        post(f"{CAMEL} {LANTERN}", "Beta", None),
        post(CAMEL[:150], "Delta", 9),
    ]
    assert origins_of([rows[at] for at in order]) == origins_of(rows)


def test_the_interval_holds_the_planted_number() -> None:
    held = narrow = 0
    for seed in range(30):
        world = make_story_world(seed)
        count = count_origins(world.story, links_of(world.documents))
        held += count.low <= world.origins <= count.high
        narrow += count.high - count.low <= 1
    assert held >= 28
    assert narrow >= 24
