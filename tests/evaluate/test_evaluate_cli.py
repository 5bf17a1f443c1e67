"""The command: what it prints, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tocsin.cli.main import cli, run
from tocsin.evaluate import TASKS

NAMES = [
    {"tokens": ["Асель", "Алматыда", "тұрады"], "tags": ["B-PER", "B-LOC", "O"]},
    {"tokens": ["Anna", "Kovak", "left"], "tags": ["B-PER", "I-PER", "O"]},
    {"tokens": ["Ганна", "пішла"], "tags": ["B-PER", "O"]},
]
ANSWERS = [
    {"tags": ["B-PER", "O", "O"]},
    {"tags": ["B-PER", "O", "O"]},
    {"tags": ["B-PER", "O"]},
]


def jsonl(path: Path, records: list[Any]) -> Path:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records), encoding="utf-8")
    return path


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "gold.jsonl", NAMES)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    return jsonl(tmp_path / "answers.jsonl", ANSWERS)


def command(*arguments: object) -> Result:
    return CliRunner().invoke(cli, ["eval", *map(str, arguments)])


def exit_of(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        run(["eval", *map(str, arguments)])
    return int(caught.value.code or 0)


def test_a_table_for_people(gold: Path, answers: Path) -> None:
    done = command("ner", gold, "--predictions", answers)
    assert done.exit_code == 0
    assert done.stderr == ""
    lines = done.stdout.splitlines()
    assert lines[0].startswith("ner: predictions (")
    assert "records 3, gold 4, predicted 3" in lines[1]
    assert lines[2].startswith("micro F 0.571  [")
    assert "95% interval, 1,000 resamples of 3 records" in lines[2]
    assert any(line.split() == ["micro", "0.667", "0.500", "0.571", "4", "3"] for line in lines)
    assert any(line.split() == ["PER", "0.667", "0.667", "0.667", "3", "3"] for line in lines)


def test_one_object_for_machines(gold: Path, answers: Path) -> None:
    done = command(
        "ner", gold, "--predictions", answers, "--json", "--types", "PER", "--seed", 5, "--resamples", 9
    )
    found = json.loads(done.stdout)
    assert found["settings"]["types"] == ["PER"]
    assert found["headline"][0]["interval"] | {"low": 0, "high": 0} == {
        "low": 0,
        "high": 0,
        "level": 0.95,
        "resamples": 9,
        "seed": 5,
        "documents": 3,
        "unit": "record",
    }
    assert found["metrics"]["by type"] == {
        "PER": {
            "precision": pytest.approx(2 / 3),
            "recall": pytest.approx(2 / 3),
            "f1": pytest.approx(2 / 3),
            "gold": 3,
            "predicted": 3,
            "correct": 2,
        }
    }
    assert found["apart"]["gold types not asked for"] == {"LOC": 1}
    assert len(found["gold"]["sha256"]) == 64
    assert found["problems"] == {"total": 0, "by_code": {}, "listed": []}


def test_broken_records_are_listed_and_the_rest_is_scored(tmp_path: Path, answers: Path) -> None:
    gold = jsonl(tmp_path / "gold.jsonl", [{"tokens": ["a"], "tags": ["PER"]}, *NAMES[1:]])
    done = command("ner", gold, "--predictions", answers)
    assert done.exit_code == 3
    assert "records 2" in done.stdout
    assert "1 problems:" in done.stderr
    assert f"{gold}: line 1: the tag 'PER' is neither" in done.stderr
    assert "[malformed-record]. Repair it" in done.stderr


def test_many_problems_are_counted(tmp_path: Path, answers: Path) -> None:
    gold = jsonl(tmp_path / "gold.jsonl", [{"id": n} for n in range(30)] + NAMES)
    done = command("ner", gold, "--predictions", answers)
    assert "… and " in done.stderr
    assert len(done.stderr.splitlines()) == 12


def test_errors_are_written_for_reading(gold: Path, answers: Path, tmp_path: Path) -> None:
    output = tmp_path / "wrong.jsonl"
    assert command("ner", gold, "--predictions", answers, "--errors", output).exit_code == 0
    wrong = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [(w["wrong"], w["type"], w["text"]) for w in wrong] == [
        ("missed", "LOC", "Алматыда"),
        ("missed", "PER", "Anna Kovak"),
        ("spurious", "PER", "Anna"),
    ]
    assert wrong[1]["position"] == "line 2"


def test_directions_are_a_square(tmp_path: Path) -> None:
    gold = jsonl(tmp_path / "g", [{"doc": "1", "en": "a", "uk": "б"}, {"doc": "2", "en": "c", "uk": "г"}])
    answers = jsonl(tmp_path / "p", [{"en": [1, 0], "uk": [1, 0]}, {"en": [0, 1], "uk": [0, 1]}])
    text = command("same-sentence", gold, "--predictions", answers).stdout
    assert "from ↓ to →" in text
    assert any(line.split() == ["en", "1.000"] for line in text.splitlines())


def test_attributions_are_measured(tmp_path: Path) -> None:
    text = "The mayor said that the bridge would close."
    own = {"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 42]]}
    gold = jsonl(tmp_path / "g", [{"doc_id": "a", "text": text, "attributions": [own]}])
    done = command("attribution", gold)
    assert done.exit_code == 0
    assert "attribution: joined (joined/2)" in done.stdout
    assert "joint F 1.000\n" in done.stdout


def test_a_head_that_is_not_installed(
    gold: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from tocsin.evaluate.systems import SYSTEMS

    monkeypatch.setitem(SYSTEMS, "ner", {})
    assert exit_of("ner", gold) == 2
    said = capsys.readouterr().err
    assert "this head is not installed" in said
    assert "[head-not-installed]" in said
    assert "--predictions" in said


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (("oracle", "{gold}"), 2),
        (("ner", "{gold}", "--predictions", "{answers}", "--system", "rules"), 2),
        (("ner", "{gold}", "--predictions", "{answers}", "--map", "PER"), 2),
        (("ner", "{gold}", "--predictions", "{answers}", "--languages", "en"), 2),
        (("ner", "{gold}", "--predictions", "{gold}none"), 2),
        (("ner", "{gold}none", "--predictions", "{answers}"), 2),
        (("attribution", "{gold}", "--system", "oracle"), 2),
        (("attribution", "{gold}"), 3),
        (("ner", "{gold}", "--predictions", "{answers}", "--errors", "{gold}"), 2),
    ],
)
def test_exit_codes(
    gold: Path, answers: Path, arguments: tuple[str, ...], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    filled = [a.replace("{gold}", str(gold)).replace("{answers}", str(answers)) for a in arguments]
    assert exit_of(*filled) == status
    assert "Traceback" not in capsys.readouterr().err


def test_help_names_every_task() -> None:
    text = command("--help").stdout
    assert all(name in text and meaning in text for name, meaning in TASKS.items())


def test_the_command_line_stays_light() -> None:
    code = "import sys, tocsin.cli.main; print([m for m in ('numpy', 'rich', 'babel') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
