"""The annotated texts load, say what their YAML says, and the loader names every fault with its remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tocsin.model import ClaimKind, SourceKind
from training.annotated.load import (
    EXTRA,
    HERE,
    ROLES,
    SPLITS,
    AnnotationError,
    faults,
    languages,
    load,
    main,
    record_of,
    tally,
)

LANGUAGES = languages()
TEXT = "По словам Берёзова, мост закроют до пятницы, а мост у мельницы откроют. Он сказал: «Мост цел»."
#: Texts of each split of a language: a floor, so that nobody drops a file unseen.
LEAST_TEXTS = {"ru": 115}
LEAST_OF_ANY = 60


def attribution(**changes: Any) -> dict[str, Any]:
    row = {
        "id": "a1",
        "source": "Берёзова",
        "cue": "По словам",
        "content": "мост закроют до пятницы",
        "source_kind": "named person",
        "certainty": "CT",
        "polarity": "positive",
        "kind": "forecast",
        "event": "мост закроют",
        "horizon": "до пятницы",
    }
    return {key: value for key, value in {**row, **changes}.items() if value != "drop"}


def entry(*rows: object, **changes: Any) -> dict[str, Any]:
    return {"id": "ru-train-001", "genre": "news", "text": TEXT, "attributions": list(rows), **changes}


def record(*rows: object, **changes: Any) -> dict[str, Any]:
    return record_of(entry(*rows, **changes), "ru", "train", "ru/train-01.yaml")


def inner(**changes: Any) -> dict[str, Any]:
    return attribution(**{"id": "a2", "kind": "report", "event": "drop", "horizon": "drop", **changes})


QUOTED = inner(source="Он", cue="сказал", content="«Мост цел»")


def write(root: Path, split: str, *entries: object, language: str = "ru") -> Path:
    folder = root / language
    folder.mkdir(exist_ok=True)
    file = folder / f"{split}-01.yaml"
    file.write_text(yaml.safe_dump(list(entries), allow_unicode=True), encoding="utf-8")
    return root


def words(found: dict[str, Any], role: str) -> list[str]:
    return [found["text"][start:end] for start, end in found["attributions"][0][role]]


# --- one entry ---------------------------------------------------------------------------------------


def test_strings_become_offsets() -> None:
    found = record(attribution(content=["мост@1", "закроют до пятницы"], horizon="до пятницы"))
    row = found["attributions"][0]
    assert words(found, "content") == ["мост", "закроют до пятницы"]
    assert words(found, "event") == ["мост закроют"]
    assert (row["source_kind"], row["certainty"], row["kind"]) == ("named person", "CT+", "forecast")
    assert (row["parent"], row["cue"]) == (None, [[0, 9]])


def test_a_number_counts_whole_words() -> None:
    text = "Мостовик сказал: мост цел. Мост был цел. Мост, мост!"
    found = record(
        inner(id="a1", source="Мостовик", cue="сказал", content="Мост@2", certainty="Uu"), text=text
    )
    start = found["attributions"][0]["content"][0][0]
    assert text[start:] == "Мост, мост!"
    assert found["attributions"][0]["certainty"] == "Uu"


def test_a_sign_of_number_that_stands_in_the_text_is_text() -> None:
    text = "Канал zarya@2 пишет: мост цел."
    found = record(inner(id="a1", source="Канал zarya@2", cue="пишет", content="мост цел"), text=text)
    assert words(found, "source") == ["Канал zarya@2"]


def test_a_source_kind_may_be_hyphenated() -> None:
    assert record(attribution(source_kind="named-person"))["attributions"][0]["source_kind"] == "named person"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (attribution(source="Иванова"), "'Иванова' is not in the text; copy the words"),
        (attribution(source="Берёз"), "'Берёз' begins or ends inside a word; take whole words"),
        (attribution(content="мост"), 'occurs 2 times; write "мост@1" to "мост@2"'),
        (attribution(content="мост@3"), "'мост@3': there are 2; count whole words only"),
        (attribution(content="до пятницы,"), "ends in a space or comma; leave it out"),
        (attribution(content=7), "7 is not a string; write words of the text"),
        (attribution(content=["мост закроют", "закроют до пятницы"]), "overlap; list each stretch"),
        (attribution(content="drop"), "no content, or neither source nor cue; mark"),
        (attribution(source=None, cue=None), "no content, or neither source nor cue; mark"),
        (attribution(source="Берёзова, мост закроют"), "share words; make a list"),
        (attribution(source_kind="person"), "source_kind is 'person'; write one of: named person,"),
        (attribution(certainty="CT+"), "certainty is 'CT\\+'; write one of: CT, PR, PS, Uu"),
        (attribution(polarity="drop"), "polarity is None; write one of: positive, negative"),
        (attribution(kind="rumour"), "kind is 'rumour'; write one of: report, forecast,"),
        (attribution(event="drop"), "a forecast without event; mark the words of the event"),
        (attribution(kind="report"), "event of a report; leave it to kind forecast"),
        (attribution(horizon="откроют"), "horizon outside the content; mark the horizon inside it"),
        (inner(kind="blame"), "a blame without blamed; mark the words of the blamed"),
        (inner(target="мост@1"), "unknown key 'target'; known are blamed,"),
        (inner(parent="a9"), "parent 'a9'; name one that it stands in"),
        (inner(parent="a2"), "parent 'a2'; name one that it stands in"),
        ("a1", "attribution 'a1'; write"),
    ],
)
def test_a_fault_of_an_attribution_is_named(row: object, message: str) -> None:
    with pytest.raises(AnnotationError, match=message) as caught:
        record(row)
    assert str(caught.value).startswith("ru/train-01.yaml: ru-train-001")


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([attribution(), attribution()], "two attributions have one id; number them"),
        (
            [attribution(), inner(parent="a1", source="Он", cue="сказал", content="«Мост цел»")],
            "a2: content outside that of a1; let the content of a1 hold all of it, or drop the parent",
        ),
        (
            [inner(id="a1", source=None, content=TEXT[20:-1]), QUOTED],
            "a2: stands inside a1; write parent: a1",
        ),
        (
            [attribution(parent="a2"), inner(parent="a1", source=None, cue="сказал", content="мост закроют")],
            "parent 'a.'; name one that it stands in",
        ),
    ],
)
def test_a_fault_of_nesting_is_named(rows: list[object], message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        record(*rows)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("text", "no valid id; write id: ru-train-001"),
        (entry(id="uk-train-001"), "'uk-train-001': no valid id"),
        (entry(note="x"), "has the keys .*; write id, genre, text, attributions"),
        (entry(genre="novel"), "genre is 'novel'; write one of: news, post, official, forum"),
        (entry(text=" x "), "no text, or space around it; write text"),
        (entry(attributions=None), r"attributions is no list; write attributions: \[\]"),
    ],
)
def test_a_fault_of_an_entry_is_named(raw: object, message: str) -> None:
    with pytest.raises(AnnotationError, match=message):
        record_of(raw, "ru", "train", "ru/train-01.yaml")


# --- files -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- {id: a: b", "no valid YAML .*; quote values"),
        ("- {id: a, id: b}", "key 'id' twice"),
        ("id: ru-train-001", "no list of entries; begin each entry"),
        ("- 5", "5: no valid id"),
    ],
)
def test_a_broken_file_is_named(tmp_path: Path, content: str, message: str) -> None:
    write(tmp_path, "train")
    (tmp_path / "ru" / "train-01.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(AnnotationError, match=message):
        load("ru", "train", tmp_path)
    assert len(faults(tmp_path)) == 1


def test_all_faults_are_listed_and_the_good_entries_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(tmp_path, "train", entry(attribution(cue="x")), entry(id="x"), entry(attribution()))
    assert main([], tmp_path) == 1
    shown = capsys.readouterr()
    assert len(shown.err.splitlines()) == 2
    assert "all 1, attributions 1, sentences 2, without attribution 0" in shown.out
    assert "2 faults" in shown.out


def test_train_and_test_share_nothing(tmp_path: Path) -> None:
    write(tmp_path, "train", entry(attribution()), entry(id="ru-train-002", text="Совсем другое."))
    write(tmp_path, "test", entry(id="ru-test-001", text="Другое совсем."))
    assert faults(tmp_path) == []
    again = entry(id="ru-test-001", text=TEXT.upper())
    write(tmp_path, "test", again, entry(id="ru-test-001", text="Новый текст."))
    messages = [str(fault) for fault in faults(tmp_path)]
    assert "the same doc_id as ru-test-001" in messages[0]
    assert "the same text as ru-train-001" in messages[1]
    assert "stands in ru-train-001 too; write the test text independently" in messages[2]


def test_a_language_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(AnnotationError, match="no entries; languages here: none"):
        load("xx", "test", tmp_path)


def test_the_command_writes_lines_of_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(tmp_path, "test", entry(attribution(), id="ru-test-001"))
    out = tmp_path / "gold.jsonl"
    assert main(["--lang", "ru", "--split", "test", "--out", str(out)], tmp_path) == 0
    assert [json.loads(line) for line in out.read_text("utf-8").splitlines()] == load("ru", "test", tmp_path)
    assert main(["--lang", "xx", "--split", "test", "--out", str(out)], tmp_path) == 1
    assert "no entries" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["--lang", "ru"], tmp_path)


# --- the texts we have -------------------------------------------------------------------------------


def test_nothing_is_wrong() -> None:
    assert [str(fault) for fault in faults()] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_offsets_give_the_words_of_the_yaml(language: str) -> None:
    raw = {}
    for path in sorted((HERE / language).glob("*-*.yaml")):
        lines = path.read_text(encoding="utf-8")
        assert lines.count("\n") <= 500
        raw.update({item["id"]: item for item in yaml.safe_load(lines)})
    records = [record for split in SPLITS for record in load(language, split)]
    assert raw.keys() == {record["doc_id"] for record in records}
    for found in records:
        written = raw[found["doc_id"]]
        assert found["text"] == written["text"]
        for row, source in zip(found["attributions"], written["attributions"], strict=True):
            for role in (*ROLES, *EXTRA):
                value = source.get(role)
                pieces = [] if value is None else value if isinstance(value, list) else [value]
                said = [found["text"][start:end] for start, end in row.get(role, ())]
                plain = [p if p in found["text"] else p.rpartition("@")[0] for p in pieces]
                assert sorted(said) == sorted(plain)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("split", SPLITS)
def test_there_is_enough_of_everything(language: str, split: str) -> None:
    counts = tally(load(language, split))
    texts = counts["texts"]
    assert texts["all"] >= LEAST_TEXTS.get(language, LEAST_OF_ANY)
    assert 0.25 <= texts["without attribution"] / texts["all"] <= 0.45
    assert texts["attributions"] >= 0.8 * texts["all"]
    assert set(counts["kind"]) == set(ClaimKind)
    assert set(counts["source kind"]) == set(SourceKind)
    assert {"1", "2", "3"} <= set(counts["depth"])
    assert counts["words marked"]["horizon"] >= 10
    assert counts["words marked"]["no source"] >= 5
    assert counts["words marked"]["no cue"] >= 2
