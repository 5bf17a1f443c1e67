"""The kernels of entities on an invented text: sources, words that point back, batches."""

from __future__ import annotations

import pyarrow as pa

from tocsin.model import Attribution, NameMention, Post, Sentence, SourceKind, Span, document_from_post
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import (
    ATTRIBUTIONS,
    DOCUMENT_ENTITIES,
    DOCUMENTS,
    ENTITY_MENTIONS,
    NAMES,
    SENTENCES,
)  # fmt: skip
from tocsin.resolve.names.stage import find_document_entities

TEXT = (
    "The Lakeland ornithologist A. Kovak said the lake was full. He added that swans had come. "
    "According to Kovak, they may stay. Some people say otherwise. The Swan Society agreed."
)
DOCUMENT = document_from_post(Post(text=TEXT, platform="file"))


def at(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def attribution(key: str, source: str, kind: str, label: str, antecedent: str | None = None) -> Attribution:
    return Attribution(
        key, DOCUMENT.document_id, None, antecedent, (at(source),) if source else (), (at("added"),), (),
        kind, label, f"{kind}:x", 1.0, (), "test",
    )  # fmt: skip


SOURCES = [
    attribution("a1", "The Lakeland ornithologist A. Kovak", SourceKind.PERSON, "A. Kovak"),
    attribution("a2", "He", SourceKind.PERSON, "A. Kovak", "a1"),
    attribution("a3", "Kovak,", SourceKind.PERSON, "Kovak"),
    attribution("a4", "Some people", SourceKind.CROWD, "some people"),
    attribution("a5", "The Swan Society", SourceKind.ORGANISATION, "Swan Society"),
    attribution("a6", "", SourceKind.PERSON, "A. Kovak", "a2"),
]


def name(words: str, kind: str) -> NameMention:
    span = at(words)
    return NameMention(words, DOCUMENT.document_id, span.start, span.end, kind, 1.0, "test")


def run(names: list[NameMention], sources: list[Attribution]) -> dict[str, pa.Table]:
    sentence = Sentence(DOCUMENT.document_id, 0, 0, 0, len(TEXT), "en", 1.0)
    return find_document_entities(
        table_of([DOCUMENT], DOCUMENTS),
        table_of([sentence], SENTENCES),
        table_of(names, NAMES),
        table_of(sources, ATTRIBUTIONS),
    )


NAMED = [name("A. Kovak", "person"), name("Swan Society", "org"), name("Lakeland", "place")]


def test_sources_pronouns_and_roles_meet_in_one_person() -> None:
    result = run(NAMED, SOURCES)
    entities = {e.name: e for e in rows_of(result["document_entities"], DOCUMENT_ENTITIES)}
    assert set(entities) == {"A. Kovak", "Swan Society"}
    person = entities["A. Kovak"]
    assert person.kind == "person"
    assert person.roles == ("Lakeland ornithologist",)
    places = list(rows_of(result["entity_mentions"], ENTITY_MENTIONS))
    own = {m.attribution_id: m for m in places if m.document_entity_id == person.document_entity_id}
    assert set(own) == {"a1", "a2", "a3", "a6"}
    assert "points back" in own["a2"].reason
    assert TEXT[own["a2"].start : own["a2"].end] == "He"
    assert own["a6"].start == own["a6"].end
    assert person.mentions == 4


def test_who_is_nobody_named_is_no_entity() -> None:
    result = run(NAMED, SOURCES)
    assert "a4" not in result["entity_mentions"].column("attribution_id").to_pylist()


def test_without_names_the_labels_of_sources_do() -> None:
    result = run([], SOURCES)
    assert set(result["document_entities"].column("name").to_pylist()) == {"A. Kovak", "Swan Society"}


def test_order_of_rows_does_not_matter() -> None:
    ours, theirs = run(NAMED, SOURCES), run(NAMED[::-1], SOURCES[::-1])
    assert all(ours[table].equals(theirs[table]) for table in ours)


def test_every_span_lies_in_the_text() -> None:
    for place in rows_of(run(NAMED, SOURCES)["entity_mentions"], ENTITY_MENTIONS):
        assert 0 <= place.start <= place.end <= len(TEXT)
