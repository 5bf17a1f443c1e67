"""The Python API and the commands, as a user meets them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

import tocsin
from tocsin.cli.main import cli, run
from tocsin.errors import NoInputError, NoSuchFindingError
from tocsin.model import quote
from tocsin.pipeline import STAGES

NOTE = """---
title: The duck has left the boating lake
date: 2024-04-03
channel: Steppe Lantern
---
According to the harbour office, the inflatable duck of 40 m drifted to Shymkent on Tuesday.
Director Aigerim Sandykova said that engineers told her the rope may have been cut by frost.
"""


@pytest.fixture
def note(tmp_path: Path) -> Path:
    path = tmp_path / "note.md"
    path.write_text(NOTE, encoding="utf-8")
    return path


def test_names_are_lazy_and_listed() -> None:
    assert {"Case", "read", "Settings", "TocsinError", "__version__"} <= set(dir(tocsin))
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = tocsin.no_such_name


def test_read_without_a_case(note: Path) -> None:
    reading = tocsin.read(note)
    (document,) = reading
    assert [found.text for found in tocsin.read([note])] == [document.text]  # a function the second time too
    assert document.title == "The duck has left the boating lake"
    assert document.channel == "Steppe Lantern"
    assert reading.problems == []
    with pytest.raises(NoInputError):
        tocsin.read(note.parent / "nothing.md")


def test_a_case_answers_who_says_what(note: Path) -> None:
    with tocsin.Case(note.parent / "case") as case:
        case.add(note)
        (document,) = case.documents()
        attributed = [claim for claim in case.claims() if claim.chain]
        assert any("drifted to Shymkent" in quote(c.content, document.text) for c in attributed)
        assert any(len(claim.chain) == 2 for claim in attributed)
        assert {place.name for place in case.places()} == {"Shymkent"}
        assert any(document.text[t.start : t.end] == "Tuesday" for t in case.times())
        assert [str(found.quantity) for found in case.quantities()] == ["40 m"]
        found = case.query("SELECT count(*) AS n FROM claims WHERE source_label LIKE '%harbour office%'")
        assert found.column("n").to_pylist() == [1]


def test_a_case_is_shown_as_it_is_when_asked_whoever_changed_it(note: Path) -> None:
    with tocsin.Case(note.parent / "case") as case, tocsin.Case(note.parent / "case") as other:
        assert case.table("documents").num_rows == 0
        case.add(note)
        assert case.table("documents").num_rows == 1
        (note.parent / "second.txt").write_text("The bell rang twice.", encoding="utf-8")
        other.add(note.parent / "second.txt")
        assert case.table("documents").num_rows == 2


def test_a_judgement_keeps_the_words(note: Path) -> None:
    with tocsin.Case(note.parent / "case") as case:
        case.add(note)
        claim = next(claim for claim in case.claims() if claim.chain)
        entry = case.judge(claim.claim_id, "confirm", author="ann", reason="checked by telephone")
        text = case.document(claim.document_id).text
        assert entry.quote == quote(claim.content, text)
        assert case.judgements() == [entry]
        assert "ann" in case.brief()
        with pytest.raises(NoSuchFindingError):
            case.judge("00" * 16, "confirm", author="ann")
        with pytest.raises(ValueError, match="nonsense"):
            case.judge(claim.claim_id, "nonsense", author="ann")


def test_options_change_the_result(tmp_path: Path) -> None:
    path = tmp_path / "bare.txt"
    path.write_text("Yesterday the bell rang twice.", encoding="utf-8")
    with tocsin.Case(tmp_path / "case") as case:
        case.add(path)
        (bare,) = case.documents()
        assert (bare.published, bare.channel) == (None, None)
        (time,) = case.times()
        assert time.lower is None
    from tocsin.read import parse_date_option

    with tocsin.Case(tmp_path / "dated") as case:
        case.add(path, date=parse_date_option("2024-04-03"), channel="Bell Tower")
        (dated,) = case.documents()
        assert dated.published_basis == "given"
        assert dated.channel == "Bell Tower"
        (time,) = case.times()
        assert str(time.lower)[:10] == "2024-04-02"


@pytest.mark.parametrize(
    ("method", "name"), [("rules", "rules"), ("network", "network"), ("joined", "joined")]
)
def test_the_method_of_extraction_can_be_chosen(note: Path, tmp_path: Path, method: str, name: str) -> None:
    (tmp_path / "ru.txt").write_text("Смотритель сообщил, что утка вернулась на пруд.", encoding="utf-8")
    with tocsin.Case(tmp_path / "case", settings=tocsin.Settings({"extract.method": method})) as case:
        case.add([note, tmp_path / "ru.txt"])
        texts = {d.document_id: d.text for d in case.documents()}
        found = {"en": set(), "ru": set()}
        for row in case.attributions():
            found["ru" if "утка" in texts[row.document_id] else "en"].add(row.method.partition("/")[0])
    assert found == {"en": {name}, "ru": {name}}


# --- commands ----------------------------------------------------------------------------------


def command(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(cli, [str(a) for a in arguments])
    return done.exit_code, done.output


def exit_of(*arguments: object) -> int:
    with pytest.raises(SystemExit) as caught:
        run([str(a) for a in arguments])
    return int(caught.value.code or 0)


def test_brief_writes_one_page_and_keeps_a_case(note: Path, tmp_path: Path) -> None:
    output = tmp_path / "out.html"
    status, text = command("brief", note, "-o", output)
    assert status == 0, text
    page = output.read_text(encoding="utf-8")
    assert "Steppe Lantern" in page
    assert (tmp_path / "out.case" / "case.sqlite").exists()


def test_without_a_case_a_brief_is_of_its_inputs_only(note: Path, tmp_path: Path, capsys) -> None:
    output, other = tmp_path / "out.html", tmp_path / "other.txt"
    other.write_text("The clock runs backwards, the mayor said.", encoding="utf-8")
    assert exit_of("brief", note, "-o", output) == 0
    assert exit_of("brief", other, "-o", output) == 2
    assert "already holds other inputs" in capsys.readouterr().err
    assert exit_of("brief", note, other, "-o", output) == 0
    assert exit_of("brief", other, "-o", output, "--case", tmp_path / "out.case") == 0


def test_exit_codes(note: Path, tmp_path: Path, capsys) -> None:
    case = tmp_path / "case"
    empty = tmp_path / "empty.json"
    empty.touch()
    assert exit_of("add", note, "--case", case) == 0
    assert exit_of("add", note, empty, "--case", case) == 3
    assert "empty" in capsys.readouterr().err
    assert exit_of("add", note, empty, "--case", case) == 3  # still true the second time
    assert exit_of("add", tmp_path / "nothing", "--case", case) == 2
    assert exit_of("add", note, "--case", case, "--format", "nonsense") == 2
    assert exit_of("add", note, "--case", case, "--set", "nonsense=1") == 2
    assert exit_of("add", note, "--case", case, "--date", "soon") == 2
    assert exit_of("nonsense") == 2
    assert exit_of("plan", "--case", tmp_path / "none") == 4
    (tmp_path / "case" / "case.sqlite").write_bytes(b"garbage" * 999)
    assert exit_of("plan", "--case", case) == 4


def test_a_bug_leaves_with_one(note: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr("tocsin.Case.add", lambda *_, **__: 1 / 0)
    assert exit_of("add", note, "--case", tmp_path / "case") == 1
    assert "report" in capsys.readouterr().err


def test_plan_problems_verify_judge_export(note: Path, tmp_path: Path) -> None:
    case = tmp_path / "case"
    (tmp_path / "empty.json").touch()
    command("add", note, tmp_path / "empty.json", "--case", case)
    assert command("plan", "--case", case)[1].count("up to date") == len(STAGES)
    status, text = command("problems", "--case", case)
    assert "empty.json" in text
    assert "empty-file" in text
    assert command("verify", "--case", case) == (0, "sound\n")
    with tocsin.Case(case) as opened:
        claim = next(opened.claims())
    status, text = command("judge", claim.claim_id, "reject", "--case", case, "--author", "ann")
    assert status == 0
    assert text.startswith("1: reject")
    for ending in ("csv", "jsonl", "parquet"):
        path = tmp_path / f"claims.{ending}"
        assert command("export", "claims", "--case", case, "-o", path)[0] == 0
    rows = [json.loads(line) for line in (tmp_path / "claims.jsonl").read_text("utf-8").splitlines()]
    assert rows[0]["content_text"]
    assert pq.read_table(tmp_path / "claims.parquet").num_rows == len(rows)
    assert (tmp_path / "claims.csv").read_text("utf-8-sig").count("claim_id") == 1
    assert exit_of("export", "claims", "--case", case, "-o", tmp_path / "claims.docx") == 2


def test_a_csv_cell_is_never_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "evil.txt"
    path.write_text("=cmd|'/c calc'!A1 said the kettle to the pot today", encoding="utf-8")
    with tocsin.Case(tmp_path / "case") as case:
        case.add(path)
    assert command("export", "documents", "--case", tmp_path / "case", "-o", tmp_path / "d.csv")[0] == 0
    assert "'=cmd" in (tmp_path / "d.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_explains_itself(name: str) -> None:
    status, text = command(name, "--help")
    assert status == 0
    assert cli.commands[name].help
    assert text
