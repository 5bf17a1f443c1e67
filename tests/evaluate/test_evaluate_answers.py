"""Answers are found, listed or refused; what cannot be measured is refused; reports are the same again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.errors import (
    EmptyFileError,
    HeadNotInstalledError,
    MalformedFileError,
    NoInputError,
    RecordInputError,
    UndetectedFormatError,
    UsageError,
)
from tocsin.evaluate import TASKS, Options
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.run import evaluate
from tocsin.evaluate.systems import SYSTEMS
from tocsin.evaluate.tasks import task_class

Write = Callable[[str, Iterable[Any]], Path]


# --- finding answers ---------------------------------------------------------------------------


def checks(*labels: int, ids: bool = True) -> list[dict[str, Any]]:
    own = [{"id": f"r{n}"} if ids else {} for n in range(len(labels))]
    return [
        {**i, "text": f"Факт {n}.", "label": label}
        for n, (i, label) in enumerate(zip(own, labels, strict=True))
    ]


def test_answers_are_found_by_id_in_any_order(write: Write) -> None:
    gold = write("g", checks(1, 0, 1))
    answers = write("p", [{"id": f"r{n}", "label": label} for n, label in ((2, 1), (0, 1), (1, 0))])
    report = evaluate("checkworthy", gold, answers=answers)
    assert report.outcome.headlines[0].value == 1
    assert not report.problems.total


def test_answers_are_found_by_place_past_broken_lines(write: Write) -> None:
    records = checks(1, 0, 1, 0, ids=False)
    gold = write("g", [records[0], "{broken", *records[1:]])
    answers = write("p", [{"label": 1}, {"label": 1}, {"label": 0}, {"label": 1}, {"label": 0}])
    report = evaluate("checkworthy", gold, answers=answers)
    assert report.outcome.headlines[0].value == 1
    assert [(p.file, p.position) for p in report.problems.listed if "JSON" in p.cause] == [
        (str(gold), "line 2")
    ]


def test_what_has_no_answer_counts_as_nothing_found_and_is_listed(write: Write) -> None:
    gold = write("g", checks(1, 1, 1))
    answers = write(
        "p",
        [
            {"id": "r0", "label": 1},
            {"id": "r0", "label": 0},
            {"id": "r1", "score": "much"},
            {"id": "r9", "label": 1},
        ],
    )
    report = evaluate("checkworthy", gold, answers=answers)
    assert report.outcome.figures[0].recall == pytest.approx(1 / 3)
    causes = [p.cause for p in report.problems.listed]
    assert len(causes) == report.problems.total == 4
    assert "already answered in line 1" in causes[0]
    assert causes[1] == "score is no number"
    assert "no answer to r2 (line 3 of the annotations)" in causes[2]
    assert "answers no record" in causes[3]
    assert report.problems.listed[3].position == "line 4"


def test_where_a_number_is_asked_none_leaves_the_record_out(write: Write) -> None:
    records = [{"text": f"It may rain {n} .", "targets": [{"span1": [2, 3], "label": n}]} for n in range(3)]
    answers = write("p", [{"targets": [{"span1": [2, 3], "label": 1}]}, {"targets": []}])
    report = evaluate("certainty", write("g", records), answers=answers)
    assert report.as_json()["gold"]["records"] == 3
    assert report.as_json()["gold"]["scored"] == 1
    assert [p.cause for p in report.problems.listed] == [
        "it has no answer to the target at [2, 3]",
        "it has no answer to record 3 (line 3 of the annotations)",
    ]


def test_an_answer_to_another_text_is_refused(write: Write) -> None:
    gold = write("g", [{"tokens": ["Асель", "келді"], "tags": ["B-PER", "O"]}])
    answers = write("p", [{"tokens": ["Асель", "кетті"], "tags": ["B-PER", "O"]}])
    report = evaluate("ner", gold, answers=answers)
    assert report.outcome.headlines[0].value == 0
    assert [p.cause for p in report.problems.listed] == ["its tokens are not those of the annotation"]


@pytest.mark.parametrize(
    ("vector", "cause"),
    [
        (None, "uk is no list of numbers"),
        ([0, 0], "uk has no direction"),
        ([1], "uk has 1 numbers, others have 2"),
        (["a", 1], "uk is no number"),
    ],
)
def test_vectors_that_are_none(write: Write, vector: Any, cause: str) -> None:
    gold = write("g", [{"doc": "d", "en": "Ice.", "uk": "Лід."}] * 2)
    answers = write("p", [{"en": [1, 0], "uk": [1, 0]}, {"en": [1, 0], "uk": vector}])
    report = evaluate("same-sentence", gold, answers=answers)
    assert report.problems.listed[0].cause.startswith(cause)
    assert report.as_json()["gold"]["scored"] == 1


def test_an_id_that_comes_twice_is_scored_once(write: Write, fake: None) -> None:
    report = evaluate("checkworthy", write("g", [*checks(1, 0), *checks(1)]))
    assert report.outcome.counts["records"] == 2
    assert "already annotated in line 1" in report.problems.listed[0].cause


def test_a_limit_takes_the_first_and_misses_nothing(write: Write) -> None:
    gold, answers = write("g", checks(1, 0, 1)), write("p", checks(1, 0, 1))
    report = evaluate("checkworthy", gold, Options(limit=2), answers=answers)
    assert report.outcome.counts["records"] == 2
    assert not report.problems.total


# --- what cannot be measured -------------------------------------------------------------------


@pytest.mark.parametrize("task", TASKS)
def test_every_task_has_systems_or_says_so(write: Write, task: str) -> None:
    assert task_class(task).name == task
    if not SYSTEMS[task]:
        with pytest.raises(HeadNotInstalledError, match="this head is not installed"):
            evaluate(task, write("g", checks(1)))
    else:
        with pytest.raises(UsageError, match="no system for"):
            evaluate(task, write("g", checks(1)), answers="oracle")


@pytest.mark.parametrize(
    ("task", "options"),
    [
        ("reading", Options()),
        ("attribution", Options(types=("PER",))),
        ("attribution", Options(threshold=0.4)),
        ("ner", Options(languages=("en",))),
        ("checkworthy", Options(outermost=True)),
        ("same-sentence", Options(renames={"a": "b"})),
        ("checkworthy", Options(threshold=float("nan"))),
        ("ner", Options(limit=-1)),
        ("ner", Options(resamples=-1)),
        ("ner", Options(seed=-1)),
    ],
)
def test_options_without_meaning_are_refused(write: Write, task: str, options: Options) -> None:
    with pytest.raises(UsageError) as caught:
        evaluate(task, write("g", checks(1)), options)
    assert caught.value.remedy


def test_the_file_of_errors_never_overwrites_an_input(write: Write) -> None:
    gold, answers = write("g", checks(1)), write("p", checks(1))
    for path in (gold, answers):
        before = path.read_bytes()
        with pytest.raises(UsageError, match="is an input"):
            evaluate("checkworthy", gold, answers=answers, errors=path)
        assert path.read_bytes() == before


def test_a_file_of_errors_that_cannot_be_written(write: Write, tmp_path: Path) -> None:
    gold, answers = write("g", checks(1)), write("p", checks(1))
    with pytest.raises(UsageError, match="cannot be written"):
        evaluate("checkworthy", gold, answers=answers, errors=tmp_path / "no" / "e")


def test_files_of_no_use(write: Write, tmp_path: Path) -> None:
    gold = write("g", checks(1))
    with pytest.raises(NoInputError):
        evaluate("checkworthy", tmp_path / "none", answers=gold)
    with pytest.raises(NoInputError):
        evaluate("checkworthy", gold, answers=tmp_path / "none")
    with pytest.raises(EmptyFileError):
        evaluate("checkworthy", gold, answers=write("p", []))
    with pytest.raises(UndetectedFormatError):
        evaluate("checkworthy", gold, answers=write("p", ["id,label", "r0,1"]))
    with pytest.raises(
        MalformedFileError, match="no record of it can be used for ner; line 1: it has no ent"
    ):
        evaluate("ner", gold, answers=gold)


# --- reports -----------------------------------------------------------------------------------


def test_equal_runs_give_equal_reports(write: Write) -> None:
    gold, answers = write("g", checks(1, 0, 1, 1, 0)), write("p", checks(1, 1, 0, 1, 0))
    one, other = (evaluate("checkworthy", gold, answers=answers).as_json() for _ in range(2))
    assert json.dumps(one) == json.dumps(other)
    assert one["gold"]["sha256"] != one["system"]["sha256"]
    assert one["settings"] == {"threshold": 0.5, "limit": 0, "resamples": 1000, "seed": 1}


def test_progress_is_told(write: Write) -> None:
    told: list[int] = []
    records = checks(*[1, 0] * 75)
    evaluate("checkworthy", write("g", records), answers=write("p", records), progress=told.append)
    assert told == [64, 128, 150]


def test_vectors_of_a_system_are_grouped_by_language(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    class Sentences:
        name, version = "s", "s/1"

        def vectors(self, sentences: Sequence[str], language: str) -> np.ndarray:
            asked.append(f"{language} {len(sentences)}")
            return np.eye(4, dtype=np.float32)[: len(sentences)]

    monkeypatch.setitem(SYSTEMS, "same-sentence", {"s": Sentences})
    gold = write("g", [{"en": "a", "uk": "б"}, {"en": "c", "uk": "г", "kk": "д"}])
    evaluate("same-sentence", gold)
    assert asked == ["en 2", "kk 1", "uk 2"]


ITEMS: dict[str, dict[str, Any]] = {
    "attribution": {"text": "He said no.", "attributions": []},
    "blame": {"text": "a b", "blame": [{"accused": [[0, 1]], "stance": "deny"}]},
    "certainty": {"text": "a b", "targets": [{"span1": [0, 1], "label": 1}]},
    "checkworthy": {"text": "a b", "label": 1},
    "forecast": {"text": "a b", "forecasts": [{"event": [[0, 1]], "last_day": "2026-01-02"}]},
    "names": {"name1": "a", "name2": "b", "is_match": True},
    "ner": {"tokens": ["a", "b"], "tags": ["O", "B-PER"]},
    "origins": {"documents": [{"text": "a b"}, {"text": "c d"}], "origins": 1},
    "persuasion": {"content": "a b", "techniques": ["x"], "trigger_words": [[0, 1]]},
    "place": {"text": "Rome", "places": [{"start": 0, "end": 4, "lat": 41.9, "lon": 12.5}]},
    "quantity": {"text": "12 b", "quantities": [{"start": 0, "end": 2, "low": 12, "high": 12}]},
    "same-sentence": {"en": "a", "uk": "б"},
    "same-story": {"text1": "a b", "text2": "c d", "same": 1},
    "time": {"text": "In 2024", "timex": [{"start": 3, "end": 7, "value": "2024"}]},
}
ANSWERS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 3)
    | st.floats()
    | st.sampled_from(["", "O", "B-PER", "[", "б"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["span1", "label", "start", "end", "low", "lat"]), inner)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize("task", TASKS)
@given(st.data())
def test_any_answer_is_scored_or_refused(task: str, data: st.DataObject) -> None:
    names = sorted({*ITEMS[task], "score", "entities", "uncertain", "verdict"})
    value = data.draw(st.dictionaries(st.sampled_from(names), ANSWERS))
    work = task_class(task)(Options(resamples=3), None)
    item = work.item(Raw(0, "line 1", ITEMS[task]))
    try:
        answer = work.read(Raw(0, "line 1", value), item)
    except RecordInputError:
        answer = work.absent()
    if answer is not None:
        json.dumps([*work.add(item, answer), *work.finish()])
        assert work.outcome().headlines


@pytest.mark.parametrize("size", [1e-200, 1.0, 1.4e154, 1e300])
def test_a_vector_of_any_size_has_a_direction(size: float) -> None:
    work = task_class("same-sentence")(Options(resamples=3), None)
    item = work.item(Raw(0, "line 1", {"en": "a", "uk": "б"}))
    answer = work.read(Raw(0, "line 1", {"en": [size, 0.0], "uk": [size, size]}), item)
    assert answer["en"].tolist() == [1.0, 0.0]
    assert answer["uk"].tolist() == pytest.approx([0.5**0.5, 0.5**0.5])
