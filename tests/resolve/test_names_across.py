"""Names to entities: within a document and across documents, whatever the order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.model import DocumentEntity, Entity
from tocsin.model.arrow import table_of
from tocsin.model.tables import DOCUMENT_ENTITIES
from tocsin.resolve.names import NamedSpan, link_across, link_document
from tocsin.resolve.names.stage import find_entities
from tocsin.stage import CorpusInput


def entity(document: str, name: str, kind: str = "person") -> DocumentEntity:
    key = f"{document}/{kind}/{name}"
    return DocumentEntity(key, document, kind, name, (name,), (), (), 1, 1.0, ("named",), (), "test")


def groups(found: list[Entity]) -> list[list[str]]:
    by_id: dict[str, list[str]] = {}
    for member in found:
        by_id.setdefault(member.entity_id, []).append(member.document_entity_id.split("/", 2)[2])
    return sorted(sorted(set(names)) for names in by_id.values())


def linked(*names: str, kind: str = "person") -> list[list[str]]:
    return groups(link_across([entity(f"d{n}", name, kind) for n, name in enumerate(names)], "test"))


def test_scripts_and_spellings_are_one() -> None:
    assert linked("Семён Пегов", "Semyon Pegov", "Semen Pehov") == [
        ["Semen Pehov", "Semyon Pegov", "Семён Пегов"]
    ]
    assert linked("Шойгу", "Shoigu", "Shoygu") == [["Shoigu", "Shoygu", "Шойгу"]]
    assert linked("Тоқаев", "Tokayev", "Токаев") == [["Tokayev", "Токаев", "Тоқаев"]]


def test_acronyms_and_full_names_are_one() -> None:
    assert linked("КНБ", "KNB", "Комитет национальной безопасности", kind="org") == [
        ["KNB", "КНБ", "Комитет национальной безопасности"]
    ]
    assert linked("ГУР", "GUR", "HUR", kind="org") == [["GUR", "HUR", "ГУР"]]
    assert linked("KNB", "KGB", kind="org") == [["KGB"], ["KNB"]]


def test_a_last_name_joins_the_only_full_name() -> None:
    assert linked("Анна Ковак", "Kovak", "Борис Жук") == [["Kovak", "Анна Ковак"], ["Борис Жук"]]


def test_namesakes_stay_apart_and_are_listed() -> None:
    found = link_across([entity("a", "Анна Ковак"), entity("b", "Борис Ковак"), entity("c", "Ковак")], "test")
    assert len({member.entity_id for member in found}) == 3
    lone = next(member for member in found if member.name == "Ковак")
    assert {other.label for other in lone.alternatives} == {"Анна Ковак", "Борис Ковак"}
    assert {other.value for other in lone.alternatives} < {member.entity_id for member in found}


def test_initials_that_do_not_fit() -> None:
    assert linked("Анна Ковак", "Б. Ковак") == [["Анна Ковак"], ["Б. Ковак"]]
    assert linked("Анна Ковак", "A. Kovak") == [["A. Kovak", "Анна Ковак"]]


def test_a_first_name_alone_is_of_its_document() -> None:
    assert (
        len({member.entity_id for member in link_across([entity("a", "Анна"), entity("b", "Анна")], "t")})
        == 2
    )


def test_common_words_alone_are_of_their_document() -> None:
    found = link_across(
        [entity("a", "Комитет", "org"), entity("b", "Комитет", "org"), entity("c", "company", "org")], "t"
    )
    assert len({member.entity_id for member in found}) == 3
    assert linked("Комитет Лебедей", "Комитет лебедей", kind="org") == [
        ["Комитет Лебедей", "Комитет лебедей"]
    ]


NAMES = [
    "Анна Ковак", "Anna Kovak", "Борис Ковак", "Ковак", "Kovak", "Б. Ковак", "A. Kovak", "Анна", "Жук",
    "Игорь Лебедев", "Ihor Lebediev", "Лебедев", "Zhuk",
]  # fmt: skip
rows = st.lists(st.tuples(st.sampled_from("abcde"), st.sampled_from(NAMES)), max_size=12, unique=True).map(
    lambda pairs: [entity(document, name) for document, name in pairs]
)


@settings(max_examples=40)
@given(rows, st.randoms(use_true_random=False))
def test_order_does_not_matter(entities: list[DocumentEntity], chance: object) -> None:
    shuffled = list(entities)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert link_across(shuffled, "test") == link_across(entities, "test")


@settings(max_examples=40)
@given(rows)
def test_every_entity_of_a_document_is_in_one_group(entities: list[DocumentEntity]) -> None:
    found = link_across(entities, "test")
    assert sorted(member.document_entity_id for member in found) == sorted(
        e.document_entity_id for e in entities
    )
    assert all(member.reasons and 0 < member.score <= 1 for member in found)
    again = [replace(e, mentions=e.mentions + 1) for e in entities]
    assert groups(link_across(again, "test")) == groups(found)


@settings(max_examples=40, deadline=None)
@given(rows, st.lists(st.integers(0, 12), max_size=3), st.sets(st.integers(0, 12), max_size=2))
def test_days_with_what_was_compared_give_one_run(
    entities: list[DocumentEntity], cuts: list[int], gone: set[int]
) -> None:
    previous: dict[str, pa.Table] = {}
    for end in [*sorted(cuts), len(entities)]:
        own = [e for at, e in enumerate(entities[:end]) if at not in gone or end < len(entities)]
        table = table_of(own, DOCUMENT_ENTITIES)

        def read(_: str, columns: Sequence[str], table: pa.Table = table) -> pa.Table:
            return table.select(list(columns))

        previous = find_entities(CorpusInput(read, {}, previous))
        whole = find_entities(CorpusInput(read, {}, {}))
        assert all(previous[name].equals(whole[name]) for name in whole)


def spans(text: str, *wanted: tuple[str, str]) -> list[NamedSpan]:
    found, at = [], 0
    for words, kind in wanted:
        at = text.index(words, at)
        found.append(NamedSpan(at, at + len(words), words, kind, "ru"))
        at += len(words)
    return found


def test_within_a_document_the_nearest_before_is_meant() -> None:
    text = "Анна Ковак приехала. Ковак молчала. Борис Ковак уехал. С Ковака спросили."
    found = link_document(
        spans(text, ("Анна Ковак", "PER"), ("Ковак", "PER"), ("Борис Ковак", "PER"), ("Ковака", "PER"))
    )
    assert [(c.name, len(c.mentions)) for c in found] == [("Анна Ковак", 2), ("Борис Ковак", 2)]
    assert any(c.alternatives for c in found)


def test_the_order_of_mentions_does_not_matter() -> None:
    text = "Глава Общества защиты лебедей (ОЗЛ) Анна Ковак. В ОЗЛ Ковак верят."
    wanted = ("Общества защиты лебедей", "ОЗЛ", "Анна Ковак", "ОЗЛ", "Ковак")
    given_spans = spans(text, *((words, "PER" if "Ковак" in words else "ORG") for words in wanted))
    ours = link_document(given_spans)
    theirs = link_document(given_spans[::-1])
    assert [(c.name, c.kind) for c in ours] == [(c.name, c.kind) for c in theirs]
    assert {c.name for c in ours if c.kind == "PER"} == {"Анна Ковак"}
