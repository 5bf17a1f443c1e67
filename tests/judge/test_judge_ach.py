from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from case_helpers import case_of
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from tocsin.cli.main import cli
from tocsin.errors import UsageError
from tocsin.judge import ach
from tocsin.judge.ach_files import read_csv, to_csv, to_markdown
from tocsin.model import Judgement

NOON = datetime(2026, 3, 11, 12, tzinfo=UTC)


def log_of(*steps: tuple[str, dict[str, str]]) -> list[Judgement]:
    return [
        Judgement(n, ach.board_id("fire"), "assess", author, "", ach.step("fire", **values), "", NOON)
        for n, (author, values) in enumerate(steps, 1)
    ]


def board(ratings: dict[tuple[str, str], str], weights: dict[str, dict[str, str]] | None = None) -> ach.Board:
    """Two hypotheses, three items from two sources, rated by one analyst."""
    items = {"E1": "a", "E2": "a", "E3": "b"}
    steps = [("ann", {"mark": m, "hypothesis": m}) for m in ("H1", "H2")]
    steps += [
        ("ann", {"mark": m, "evidence": m, "source": s, **(weights or {}).get(m, {})})
        for m, s in items.items()
    ]
    steps += [("ann", {"evidence": e, "hypothesis": h, "rating": r}) for (e, h), r in ratings.items()]
    return ach.board_of(log_of(*steps), "fire")


def test_ranking_counts_only_what_speaks_against() -> None:
    own = board({("E1", "H1"): "I", ("E1", "H2"): "CC", ("E2", "H1"): "II", ("E2", "H2"): "I"})
    assert [(r.hypothesis.mark, r.place, r.against) for r in ach.ranking(own)] == [
        ("H2", 1, 1.0),
        ("H1", 2, 3.0),
    ]


def test_weights_are_those_of_credibility_and_relevance() -> None:
    own = board({("E1", "H1"): "I"}, {"E1": {"credibility": "high", "relevance": "low"}})
    assert ach.ranking(own)[0].against == pytest.approx(1.0)
    own = board({("E1", "H1"): "II"}, {"E1": {"credibility": "high", "relevance": "high"}})
    assert ach.ranking(own)[0].against == pytest.approx(4.0)


def test_evidence_that_fits_all_is_not_diagnostic() -> None:
    own = board({("E1", "H1"): "C", ("E1", "H2"): "C", ("E2", "H1"): "CC", ("E2", "H2"): "II"})
    assert ach.diagnosticity(own) == {"E1": 0.0, "E2": 1.0, "E3": 0.0}


def test_dropping_a_source_can_change_the_ranking() -> None:
    own = board(
        {("E1", "H1"): "I", ("E2", "H1"): "I", ("E3", "H2"): "I", ("E1", "H2"): "N", ("E3", "H1"): "N"}
    )
    assert [r.hypothesis.mark for r in ach.ranking(own)] == ["H2", "H1"]
    (removal,) = [r for r in ach.sensitivity(own) if r.what == "a"]
    assert (removal.before, removal.after) == (("H2",), ("H1",))


def test_what_is_not_rated_is_not_ranked() -> None:
    ranked = ach.ranking(board({("E1", "H1"): "II"}))
    assert [(r.hypothesis.mark, r.place) for r in ranked] == [("H1", 1), ("H2", 0)]


def test_analysts_rate_side_by_side_and_disagreement_shows() -> None:
    steps = [
        ("ann", {"mark": "H1", "hypothesis": "geese"}),
        ("ann", {"mark": "E1", "evidence": "feathers"}),
        ("ann", {"evidence": "E1", "hypothesis": "H1", "rating": "CC"}),
        ("bob", {"evidence": "E1", "hypothesis": "H1", "rating": "I"}),
        (ach.MACHINE, {"evidence": "E1", "hypothesis": "H1", "rating": "II"}),
    ]
    own = ach.board_of(log_of(*steps), "Fire")
    assert own.analysts == ("ann", "bob")
    assert own.cell("E1", "H1") in {"N", "C"}
    assert own.cell("E1", "H1", "bob") == "I"
    assert ach.disagreements(own) == [("E1", "H1", {"ann": "CC", "bob": "I"})]


@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["E1", "E2", "E3"]), st.sampled_from(["H1", "H2"])),
        st.sampled_from(ach.RATINGS),
    )
)
def test_a_board_survives_its_csv(ratings: dict[tuple[str, str], str]) -> None:
    own = board(ratings)
    found = read_csv(to_csv(own))
    assert found.hypotheses == ("H1", "H2")
    assert [e["text"] for e in found.evidence] == ["E1", "E2", "E3"]
    again = {(f"E{row + 1}", f"H{column + 1}"): code for row, column, code in found.ratings}
    assert again == {(e, h): own.cell(e, h) for e, h in ratings}
    assert to_markdown(own).startswith("# fire\n")


def test_files_of_other_tools_are_read() -> None:
    text = "Evidence,Geese did it,Beavers did it\nFeathers,Very Consistent,Inconsistent\nTooth marks,--,N/A\n"
    found = read_csv(text)
    assert found.hypotheses == ("Geese did it", "Beavers did it")
    assert found.ratings == ((0, 0, "CC"), (0, 1, "I"), (1, 0, "II"), (1, 1, "NA"))
    with pytest.raises(UsageError, match="line 2"):
        read_csv("Evidence,H\nx,perhaps\n")
    with pytest.raises(UsageError):
        read_csv("")


def test_the_commands_begin_rate_export_and_import(tmp_path: Path) -> None:
    run = CliRunner()
    with case_of(tmp_path) as case:
        where = ["--case", str(case.path)]

        def tocsin(*arguments: str) -> str:
            result = run.invoke(cli, [*arguments, *where])
            assert result.exit_code == 0, result.output
            return result.output

        assert "7 hypotheses, 4 items" in tocsin("ach", "propose", "palace")
        tocsin("ach", "rate", "palace", "E1", "H2", "II", "--author", "ann")
        tocsin("ach", "rate", "palace", "E1", "H1", "C", "--author", "ann")
        shown = tocsin("ach", "show", "palace")
        assert "hoax" in shown
        assert "| E1:" in shown
        tocsin("ach", "export", "palace", "-o", str(tmp_path / "b.csv"))
        tocsin("ach", "export", "palace", "-o", str(tmp_path / "b.md"))
        assert "7 hypotheses, 4 items of evidence, 2 ratings" in tocsin(
            "ach", "import", "copy", str(tmp_path / "b.csv")
        )
        assert {"palace", "copy"} == set(case.desk().boards())
        last = case.judgements()[-1]
        tocsin("judge", last.finding_id, "undo", "--detail", str(last.sequence))
        assert len(case.desk().board("copy").ratings) == 1
        assert run.invoke(cli, ["ach", "show", "none", *where]).exit_code != 0
