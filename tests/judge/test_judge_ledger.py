from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from case_helpers import SETTINGS, case_of
from click.testing import CliRunner

import tocsin
from tocsin.cli.main import cli
from tocsin.errors import UsageError
from tocsin.model import Outcome

APRIL = datetime(2026, 4, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ledger")
    case_of(folder).close()
    return folder


@pytest.fixture
def case(tmp_path: Path, shared: Path):
    import shutil

    shutil.copytree(shared / "case", tmp_path / "case")
    with tocsin.Case(tmp_path / "case", settings=SETTINGS) as opened:
        yield opened


def entry(case: tocsin.Case, words: str, now: datetime = APRIL):
    return next(e for e in case.desk().ledger(now) if words in e.event)


def test_a_deadline_makes_an_entry_due_and_then_overdue(case: tocsin.Case) -> None:
    before = datetime(2026, 3, 11, 13, tzinfo=UTC)
    bridge = entry(case, "closed", before)
    assert (bridge.last_day, bridge.status, bridge.review) == ("2026-03-13", Outcome.OPEN, "unconfirmed")
    assert [e.forecast_id for e, _ in case.desk().due(before, 3)] == [bridge.forecast_id]
    assert entry(case, "closed").status == "overdue"


def test_evidence_is_proposed_from_later_claims_and_no_outcome(case: tocsin.Case) -> None:
    found = {e.event: (e, p) for e, p in case.desk().due(APRIL)}
    bridge, proposals = next(v for k, v in found.items() if "closed" in k)
    assert any("Workers closed" in p.words for p in proposals)
    assert all(p.published > bridge.published for p in proposals)
    assert bridge.resolution is None


def test_a_person_resolves_and_can_take_it_back(case: tocsin.Case) -> None:
    key = entry(case, "closed").forecast_id
    case.desk().resolve(key, "came true", date="2026-03-13", source="Workers", author="ann")
    own = entry(case, "closed")
    assert own.resolution is not None
    assert (own.status, own.resolution.date, own.resolution.author) == ("came true", "2026-03-13", "ann")
    case.judge(key, "undo", author="ann", detail=str(own.resolution.sequence))
    assert entry(case, "closed").status == "overdue"


def test_a_correction_changes_the_view_and_not_the_table(case: tocsin.Case) -> None:
    key = entry(case, "closed").forecast_id
    before = case.table("forecasts")
    case.judge(key, "correct", author="ann", detail="due=2026-05-01; probability=0.3")
    own = entry(case, "closed")
    assert (own.last_day, own.mapped.value, own.review) == ("2026-05-01", 0.3, "corrected by ann")
    assert case.table("forecasts").equals(before)
    case.judge(key, "confirm", author="bob")
    assert entry(case, "closed").review == "confirmed by bob"


@pytest.mark.parametrize(
    ("verdict", "detail"),
    [
        ("resolve", "perhaps"),
        ("correct", "due=tomorrow"),
        ("correct", "colour=red"),
        ("correct", "probability=2"),
    ],
)
def test_what_means_nothing_is_refused(case: tocsin.Case, verdict: str, detail: str) -> None:
    key = entry(case, "closed").forecast_id
    with pytest.raises(UsageError):
        case.judge(key, verdict, author="ann", detail=detail)
    assert case.judgements() == []


def test_only_what_could_fail_is_scored(case: tocsin.Case) -> None:
    desk = case.desk()
    desk.resolve(entry(case, "closed").forecast_id, "came true", date="", source="", author="ann")
    desk.resolve(entry(case, "flood").forecast_id, "did not", date="", source="", author="ann")
    desk.resolve(entry(case, "geese may").forecast_id, "came true", date="", source="", author="ann")
    cards = {(c.kind, c.label): c for c in case.desk().scorecards(APRIL)}
    kettle, lantern = cards["channel", "Kettle"], cards["channel", "Lantern"]
    assert kettle.scores is not None
    assert (kettle.scores.count, kettle.scores.happened) == (2, 1)
    assert lantern.scores is None
    assert lantern.unfalsifiable == 1
    assert lantern.unresolvable.value == 1.0


def test_rejected_entries_count_nowhere_but_stay(case: tocsin.Case) -> None:
    key = entry(case, "closed").forecast_id
    case.judge(key, "reject", author="ann", reason="a joke")
    assert entry(case, "closed").review == "rejected by ann"
    assert all(e.forecast_id != key for e, _ in case.desk().due(APRIL))


def test_export_fill_in_import_and_import_again(case: tocsin.Case, tmp_path: Path) -> None:
    run = CliRunner()
    file = tmp_path / "ledger.csv"
    arguments = ["--case", str(case.path)]
    assert run.invoke(cli, ["forecasts", "export", *arguments, "-o", str(file)]).exit_code == 0
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        if "closed" in row["event"]:
            row |= {"outcome": "came true", "date": "2026-03-13", "evidence": "=HYPERLINK()"}
    rows.append(
        dict.fromkeys(rows[0], "")
        | {
            "event": "The pond will freeze",
            "source": "Otto",
            "due": "2026-03-20",
            "probability": "0.7",
            "outcome": "void",
        }
    )
    rows.append(dict.fromkeys(rows[0], "") | {"event": "bad", "due": "soon"})
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    first = run.invoke(cli, ["forecasts", "import", str(file), *arguments, "--author", "ann"])
    assert first.exit_code == 3, first.output  # one bad row, the rest goes on
    assert "2 resolved" in first.output
    assert entry(case, "pond").status == Outcome.VOID
    count = len(case.judgements())
    again = run.invoke(cli, ["forecasts", "import", str(file), *arguments, "--author", "ann"])
    assert "2 known before" in again.output
    assert len(case.judgements()) == count
    assert run.invoke(cli, ["forecasts", "export", *arguments, "-o", str(file)]).exit_code == 0
    assert "'=HYPERLINK()" in file.read_text(encoding="utf-8")


def test_commands_show_the_ledger(case: tocsin.Case) -> None:
    run = CliRunner()
    arguments = ["--case", str(case.path), "--on", "2026-04-01"]
    key = entry(case, "closed").forecast_id
    shown = run.invoke(cli, ["forecasts", "list", *arguments]).output
    assert key in shown
    assert "by 2026-03-13" in shown
    assert "may tell" in run.invoke(cli, ["forecasts", "due", *arguments]).output
    told = run.invoke(
        cli, ["forecasts", "resolve", key, "came-true", "--case", str(case.path), "--author", "ann"]
    )
    assert told.exit_code == 0, told.output
    assert "1 scored, 1 came true" in run.invoke(cli, ["forecasts", "scores", *arguments]).output
    kent = run.invoke(cli, ["forecasts", "list", *arguments, "--scale", "kent"]).output
    assert kent != shown
