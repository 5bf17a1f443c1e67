"""Judgements and findings kept together: when ids change, when posts are edited, when nothing is left."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from unittest.mock import patch

import pytest
from case_helpers import SETTINGS, case_of
from click.testing import CliRunner

import tocsin
from tocsin import pipeline
from tocsin.cli.main import cli
from tocsin.errors import NoSuchFindingError, UsageError
from tocsin.extract.rules import RuleExtractor

POSTS = (
    ("Kettle", "2026-03-11", "Ida Brock said that the Duck Bridge would be closed by Friday."),
    ("Lantern", "2026-03-12", "Experts say that the fire at “Duck Palace” was organised by the geese."),
)


def rerun(case: tocsin.Case, method: str) -> None:
    """Derive everything again as another version of the method would: all ids of claims change."""
    stages = tuple(
        replace(s, version=f"{s.version} {method}") if s.name in {"extract", "forecasts", "blame"} else s
        for s in pipeline.STAGES
    )
    with patch.object(pipeline, "STAGES", stages), patch.object(RuleExtractor, "method", method):
        case.derive()


@pytest.fixture
def case(tmp_path: Path):
    with case_of(tmp_path, POSTS) as opened:
        yield opened


def test_a_judgement_follows_its_finding_to_a_new_id(case: tocsin.Case) -> None:
    claim = next(case.claims())
    case.judge(claim.claim_id, "confirm", author="ann")
    rerun(case, "other-2")
    ids = {c.claim_id for c in case.claims()}
    assert claim.claim_id not in ids
    found = case.desk().attached()
    assert found.orphans == ()
    (new,) = {e.finding_id for e in found.log}
    assert new in ids
    assert case.judgements()[0].finding_id == claim.claim_id  # the log itself is never rewritten


def test_outcomes_and_merges_follow_as_well(case: tocsin.Case) -> None:
    (forecast,) = case.forecasts()
    (blame,) = case.blame()
    case.desk().resolve(forecast.forecast_id, "came true", date="", source="", author="ann")
    case.judge(blame.blame_id, "reject", author="ann")
    rerun(case, "other-3")
    from datetime import UTC, datetime

    (entry,) = case.desk().ledger(datetime(2026, 4, 1, tzinfo=UTC))
    assert entry.status == "came true"
    assert case.desk().matrix().cells == {}


def test_an_edited_post_takes_its_judgement_along(tmp_path: Path) -> None:
    rows = [{"text": POSTS[0][2], "channel": "K", "id": "1", "date": "2026-03-11T12:00:00Z", "edited": None}]
    mapping = {"text": "text", "channel": "channel", "time": "date", "id": "id", "edited": "edited"}
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
    with tocsin.Case(tmp_path / "case", settings=SETTINGS) as case:
        case.add([path], mapping=mapping)
        claim = next(case.claims())
        case.judge(claim.claim_id, "confirm", author="ann")
        rows[0] |= {"text": "NEW. " + POSTS[0][2], "edited": "2026-03-12T12:00:00Z"}
        path.write_text("\n".join(json.dumps(r) for r in rows), encoding="utf-8")
        case.add([path], mapping=mapping)
        found = case.desk().attached()
        assert found.orphans == ()
        assert {e.finding_id for e in found.log} <= {c.claim_id for c in case.claims()}


def test_what_is_gone_is_an_orphan_shown_everywhere(tmp_path: Path) -> None:
    rows = [{"text": POSTS[0][2], "channel": "K", "id": "1", "date": "2026-03-11T12:00:00Z", "edited": None}]
    mapping = {"text": "text", "channel": "channel", "time": "date", "id": "id", "edited": "edited"}
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(rows[0]), encoding="utf-8")
    with tocsin.Case(tmp_path / "case", settings=SETTINGS) as case:
        case.add([path], mapping=mapping)
        case.judge(next(case.claims()).claim_id, "confirm", author="ann", reason="seen")
        rows[0] |= {"text": "Marmalade is sold out in the whole valley.", "edited": "2026-03-12T12:00:00Z"}
        path.write_text(json.dumps(rows[0]), encoding="utf-8")
        case.add([path], mapping=mapping)
        (orphan,) = case.desk().attached().orphans
        assert orphan.author == "ann"
        assert "Judgements without their finding" in case.brief()
        shown = CliRunner().invoke(cli, ["judgements", "--orphans", "--case", str(case.path)]).output
        assert "its finding is no longer there" in shown
        assert "1 orphans" in shown


def test_acts_that_mean_nothing_are_refused(case: tocsin.Case) -> None:
    claim = next(case.claims()).claim_id
    with pytest.raises(UsageError, match="no such entry"):
        case.judge(claim, "undo", author="ann", detail="7")
    with pytest.raises(UsageError, match="merge with what"):
        case.judge(claim, "merge", author="ann")
    with pytest.raises(NoSuchFindingError):
        case.judge("0" * 32, "confirm", author="ann")
    assert case.judgements() == []


def test_the_log_is_shown_with_what_is_taken_back(case: tocsin.Case) -> None:
    run, claim = CliRunner(), next(case.claims()).claim_id
    where = ["--case", str(case.path), "--author", "ann"]
    for act in (["confirm"], ["comment", "--reason", "odd"], ["undo", "--detail", "1"]):
        assert run.invoke(cli, ["judge", claim, *act, *where]).exit_code == 0
    shown = run.invoke(cli, ["judgements", "--case", str(case.path)]).output
    assert "taken back" in shown
    assert "3 entries, 0 orphans" in shown


def test_a_case_from_before_anchors_opens(case: tocsin.Case) -> None:
    import sqlite3

    claim = next(case.claims()).claim_id
    case.judge(claim, "confirm", author="ann")
    path = case.path
    case.close()
    with sqlite3.connect(path / "case.sqlite") as db:
        db.execute("ALTER TABLE judgements DROP COLUMN anchor")
    with tocsin.Case(path) as again:
        assert [e.anchor for e in again.judgements()] == [""]
        assert again.judge(claim, "reject", author="bob").anchor
