"""Merges and splits of entities: played over the proposals, and taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tocsin.judge.entities import who_is_who
from tocsin.model import Entity, Judgement

NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)


def row(member: str, group: str, name: str) -> Entity:
    return Entity(group, member, f"doc-{member}", "person", name, 1.0, ("test",), (), "test")


ROWS = [
    row("a", "E1", "Anna Kovak"),
    row("b", "E1", "Anna Kovak"),
    row("c", "E2", "Ковак"),
    row("d", "E3", "Zhuk"),
]


def act(sequence: int, finding: str, verdict: str, detail: str = "") -> Judgement:
    return Judgement(sequence, finding, verdict, "ann", "", detail, "", NOON)


def groups(log: list[Judgement]) -> set[frozenset[str]]:
    return {frozenset(entity.members) for entity in who_is_who(ROWS, log).entities.values()}


BARE = {frozenset("ab"), frozenset("c"), frozenset("d")}


def test_without_judgements_the_proposals_stand() -> None:
    assert groups([]) == BARE
    assert all(not entity.judgements for entity in who_is_who(ROWS, []).entities.values())


def test_a_merge_is_of_whole_entities() -> None:
    found = who_is_who(ROWS, [act(1, "a", "merge", "c")])
    assert {frozenset(e.members) for e in found.entities.values()} == {frozenset("abc"), frozenset("d")}
    assert found.entities[found.entity_of["c"]].name == "Anna Kovak"
    assert [j.sequence for j in found.entities[found.entity_of["c"]].judgements] == [1]


def test_merges_follow_one_another() -> None:
    assert groups([act(1, "c", "merge", "d"), act(2, "a", "merge", "c")]) == {frozenset("abcd")}
    assert groups([act(1, "a", "merge", "c"), act(2, "c", "merge", "d")]) == {frozenset("abcd")}


def test_a_split_takes_one_document_out() -> None:
    assert groups([act(1, "b", "split")]) == {frozenset("a"), frozenset("b"), frozenset("c"), frozenset("d")}
    assert groups([act(1, "a", "merge", "c"), act(2, "c", "split")]) == BARE


def test_an_undo_takes_it_back() -> None:
    assert groups([act(1, "a", "merge", "c"), act(2, "a", "undo", "1")]) == BARE


def test_ids_that_are_gone_are_told() -> None:
    log = [act(1, "a", "merge", "gone"), act(2, "gone", "split"), act(3, "gone", "merge", "a")]
    found = who_is_who(ROWS, log)
    assert [j.sequence for j in found.unheeded] == [1, 2, 3]
    assert groups(log) == BARE


IDS = st.sampled_from(["a", "b", "c", "d", "gone"])
LOGS = st.lists(
    st.tuples(IDS, st.sampled_from(["merge", "split", "confirm", "comment"]), IDS), max_size=6
).map(lambda acts: [act(n, *parts) for n, parts in enumerate(acts, 1)])


@given(LOGS)
def test_every_log_is_reversible(log: list[Judgement]) -> None:
    undone = [
        act(len(log) + n, entry.finding_id, "undo", str(entry.sequence)) for n, entry in enumerate(log, 1)
    ]
    assert who_is_who(ROWS, [*log, *undone]) == who_is_who(ROWS, [])


@given(LOGS, st.permutations(ROWS))
def test_every_member_is_in_one_group_and_order_is_no_matter(
    log: list[Judgement], rows: list[Entity]
) -> None:
    found = who_is_who(rows, log)
    assert found == who_is_who(ROWS, log[::-1])
    members = [member for entity in found.entities.values() for member in entity.members]
    assert sorted(members) == ["a", "b", "c", "d"]
    assert all(found.entity_of[m] == e.entity_id for e in found.entities.values() for m in e.members)
