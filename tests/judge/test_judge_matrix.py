from __future__ import annotations

from pathlib import Path

import pytest
from case_helpers import case_of
from click.testing import CliRunner

import tocsin
from tocsin.cli.main import cli


@pytest.fixture
def case(tmp_path: Path):
    with case_of(tmp_path) as opened:
        yield opened


def blame_id(case: tocsin.Case, accused: str) -> str:
    return next(r.blame_id for r in case.blame() if accused in r.accused_label and r.stance == "accuse")


def test_rival_answers_stand_side_by_side(case: tocsin.Case) -> None:
    found = case.desk().matrix()
    assert found.event == "Duck Palace"
    assert {p.label for p in found.accused} == {"geese", "beavers", "otters"}
    assert {p.label for p in found.accusers} == {"Experts", "Ida Brock"}
    assert [c.accused for c in found.denials] == ["beavers"]
    assert case.desk().matrix("duck palace").cells == found.cells
    assert case.desk().matrix("no such thing").cells == {}


def test_who_changes_his_mind_is_flagged(case: tocsin.Case) -> None:
    (conflict,) = case.desk().matrix().contradictions
    assert (conflict.accuser, conflict.what) == ("Ida Brock", "names different parties over time")
    assert [c.accused for c in conflict.cells] == ["beavers", "otters"]


def test_people_reject_merge_and_split(case: tocsin.Case) -> None:
    beavers, otters = blame_id(case, "beavers"), blame_id(case, "otters")
    case.judge(otters, "merge", author="ann", detail=beavers)
    assert len(case.desk().matrix().accused) == 2
    assert case.desk().matrix().contradictions == ()
    case.judge(otters, "split", author="ann")
    assert len(case.desk().matrix().accused) == 3
    case.judge(beavers, "reject", author="ann")
    assert "beavers" not in {p.label for p in case.desk().matrix().accused}
    case.judge(otters, "confirm", author="bob")
    cells = [c for own in case.desk().matrix().cells.values() for c in own]
    assert {c.review for c in cells if c.accused == "otters"} == {"confirmed by bob"}


def test_the_command_shows_it(case: tocsin.Case) -> None:
    run = CliRunner()
    shown = run.invoke(cli, ["blame", "--case", str(case.path)]).output
    for words in (
        "Event: Duck Palace",
        "geese",
        "Denials",
        "names different parties over time",
        "unconfirmed",
    ):
        assert words in shown
    assert "Duck Palace: 4 claims" in run.invoke(cli, ["blame", "--case", str(case.path), "--events"]).output
    nothing = run.invoke(cli, ["blame", "--case", str(case.path), "--event", "zebra"]).output
    assert "no finding" in nothing
