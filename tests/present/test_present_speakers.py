"""Who speaks: one person in two scripts is one row, namesakes are two, and judgements move them."""

from __future__ import annotations

from pathlib import Path

import pytest

import tocsin
from tocsin.errors import NoSuchFindingError
from tocsin.present.index import Index
from tocsin.present.speakers import Speaker, speakers_of

TEXTS = {
    "a.txt": "Anna Kovak said the lake was full. According to Kovak, the swans may stay.",
    "b.txt": "Анна Ковак сказала, что озеро полно.",
    "c.txt": "Boris Kovak said the lake was empty.",
    "d.txt": "Kovak said that the bridge was closed.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("speakers")


@pytest.fixture(scope="module")
def case(folder: Path) -> tocsin.Case:
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    case = tocsin.Case(folder / "case")
    case.add([folder / name for name in TEXTS])
    return case


def rows(case: tocsin.Case) -> dict[str, Speaker]:
    index = Index(case.snapshot(), log=case.judgements())
    return {speaker.label: speaker for speaker in speakers_of(index).named}


def test_one_person_in_two_scripts_and_namesakes_apart(case: tocsin.Case) -> None:
    found = rows(case)
    assert {speaker.documents for speaker in found.values()} == {1, 2}
    both = next(speaker for speaker in found.values() if speaker.documents == 2)
    assert {"Anna Kovak", "Анна Ковак"} <= {both.label, *both.also}
    assert len(found) == 3
    assert set(found["Kovak"].maybe) >= {"Boris Kovak"}


def test_a_merge_moves_a_source_and_an_undo_brings_it_back(case: tocsin.Case) -> None:
    before = rows(case)
    entry = case.judge(
        before["Boris Kovak"].finding_id, "merge", author="ann", detail=before["Kovak"].finding_id
    )
    assert entry.quote == "Boris Kovak"
    merged = rows(case)
    assert len(merged) == len(before) - 1
    assert any(speaker.judged == "merged" for speaker in merged.values())
    assert "merged by a person" in case.brief()
    case.judge(entry.finding_id, "undo", author="ann", detail=str(entry.sequence))
    assert rows(case) == before


def test_a_merge_with_what_is_not_there(case: tocsin.Case) -> None:
    with pytest.raises(NoSuchFindingError):
        case.judge(rows(case)["Kovak"].finding_id, "merge", author="ann", detail="nobody")
    assert all(entry.detail != "nobody" for entry in case.judgements())


def test_one_file_at_a_time_is_as_all_at_once(case: tocsin.Case, folder: Path) -> None:
    other = tocsin.Case(folder / "other")
    for name in reversed(TEXTS):
        other.add(folder / name)
    for table in ("document_entities", "entity_mentions", "entities"):
        assert other.table(table).equals(case.table(table)), table
    assert rows(other) == rows(case)
