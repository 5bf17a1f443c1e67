"""Our annotated sentences with times load, keep their notation, and are understood."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tocsin.errors import MalformedRecordError
from tocsin.evaluate.bracketed import record_of
from tocsin.language.segment import sentences
from tocsin.resolve.times import find_times
from training.annotated_times.load import LANGUAGES, PARTS, SPLITS, AnnotationError, check_values, load, main

#: Sentences of a split, and the share of the times of the test part that must come out with the right value.
LEAST_TEXTS = 80
LEAST_RIGHT = 0.9


@pytest.mark.parametrize(("language", "split"), PARTS)
def test_texts_load_and_spans_are_verbatim(language: str, split: str) -> None:
    records = load(language, split)
    assert len(records) >= LEAST_TEXTS
    assert len({record["id"] for record in records}) == len(records)
    for record in records:
        for timex in record["timex"]:
            assert record["text"][timex["start"] : timex["end"]] == timex["text"]
            assert timex["text"] == timex["text"].strip()


@pytest.mark.parametrize("language", [name for name, split in PARTS if split == "train"])
def test_no_text_of_train_is_in_test(language: str) -> None:
    texts = [{record["text"] for record in load(language, split)} for split in SPLITS]
    assert not texts[0] & texts[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_come_out_right(language: str) -> None:
    gold = right = 0
    for record in load(language, "test"):
        text, on = record["text"], datetime.fromisoformat(record["dct"]).replace(tzinfo=UTC)
        spans = [(span.start, span.end, language) for _, span in sentences(text)]
        found = find_times(record["id"], text, spans, on)
        for timex in record["timex"]:
            near = [m.value for m in found if m.start < timex["end"] and timex["start"] < m.end]
            gold, right = gold + 1, right + (timex["value"] in near)
    assert right / gold >= LEAST_RIGHT


def test_notation() -> None:
    record = record_of("Мост закрыт с [15 апреля|2024-04-15|since].", "x", "2024-05-16T12:00")
    assert record["text"] == "Мост закрыт с 15 апреля."
    assert record["timex"] == [
        {"start": 14, "end": 23, "text": "15 апреля", "value": "2024-04-15", "bounds": ["since"]}
    ]


@pytest.mark.parametrize(
    ("marked", "cause"),
    [
        ("[вчера|yesterday] шёл дождь", "TIMEX3"),
        ("[вчера|2024-05-15|from] шёл дождь", "bounds"),
        ("[вчера шёл дождь", "left over"),
    ],
)
def test_faults_are_named(marked: str, cause: str) -> None:
    with pytest.raises((AnnotationError, MalformedRecordError), match=cause):
        check_values(record_of(marked, "x", "2024-05-16T12:00"))


def test_bad_date_of_publication_is_named(tmp_path: Path) -> None:
    (tmp_path / "ru-train.yaml").write_text("- on: soon\n  texts:\n  - дождь\n", encoding="utf-8")
    with pytest.raises(AnnotationError, match="no date"):
        load("ru", "train", tmp_path)


def test_written_as_json_lines(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "gold.jsonl"
    assert main(["--lang", "kk", "--split", "test", "--out", str(out)]) == 0
    assert "kk test" in capsys.readouterr().out
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert lines == load("kk", "test")
    with pytest.raises(SystemExit):
        main(["--out", str(out)])
