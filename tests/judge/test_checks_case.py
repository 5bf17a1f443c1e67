"""Checks in a case: sources, figures, plug-ins, judgements, the command line and the brief."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from checks_helpers import derived
from click.testing import CliRunner

import tocsin
from tocsin.cli.main import cli
from tocsin.errors import BadMappingError
from tocsin.judge.checks import DocumentCheck, DocumentFacts, Input, Result, registry
from tocsin.model import Check, CheckVerdict, Span
from tocsin.settings import Settings

SETTINGS = {"extract.method": "rules", "run.workers": 1}
BASE = "https://example.org"

#: (channel, url, text)
POSTS = (
    (
        "The Kettle",
        f"{BASE}/1",
        'The mayor was clear. "The ducks will not leave the pond before the thaw", he said.',
    ),
    ("The Lantern", f"{BASE}/2", "The notary read it: the mill was sold for ninety geese. Nobody laughed."),
    (
        "Bell Post",
        f"{BASE}/3",
        f"“The ducks will not leave the pond before the thaw,” The Kettle wrote ({BASE}/1).",
    ),
    ("Bell Post", f"{BASE}/4", f"“The mill was sold for nine hundred geese,” writes The Lantern ({BASE}/2)."),
    ("Bell Post", f"{BASE}/5", f"The Kettle reports that the mill was sold to the geese: {BASE}/2"),
    ("Bell Post", f"{BASE}/6", f"The Lantern reported that the mill was sold for ninety geese: {BASE}/2"),
    ("Bell Post", f"{BASE}/7", "According to The Lantern, “the canal will be dug by the goats”."),
    ("Bell Post", f"{BASE}/8", "The guild of Hask counted 90,000 boats on Monday, March 2, 2026."),
    ("Bell Post", f"{BASE}/9", f"“The mill was sold, and all the hens flew off to the moon” ({BASE}/2)."),
)


def case_at(folder: Path, **more: object) -> tocsin.Case:
    folder.mkdir(parents=True, exist_ok=True)
    lines = [
        json.dumps(
            {"text": text, "channel": channel, "date": "2026-03-11T12:00:00Z", "url": url, "id": str(n)}
        )
        for n, (channel, url, text) in enumerate(POSTS)
    ]
    (folder / "posts.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    case = tocsin.Case(folder / "case", settings=Settings({**SETTINGS, **more}))
    mapping = {"text": "text", "channel": "channel", "time": "date", "url": "url", "id": "id"}
    case.add([folder / "posts.jsonl"], mapping=mapping)
    return case


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tocsin.Case]:
    with case_at(tmp_path_factory.mktemp("checks")) as made:
        yield made


def of(case: tocsin.Case, number: int, name: str) -> list[Check]:
    """The checks of one kind of the post with this address."""
    ids = {d.document_id for d in case.documents() if d.url == f"{BASE}/{number}"}
    return [c for c in case.checks() if c.document_id in ids and c.check_name == name]


def test_a_quotation_is_found_word_for_word_whatever_the_marks(case: tocsin.Case) -> None:
    (found,) = of(case, 3, "quotation")
    assert found.verdict == "consistent"
    other = case.document(found.other_id or "")
    assert found.other_inputs[0].of(other.text) == "The ducks will not leave the pond before the thaw"


def test_other_words_are_shown_as_a_difference(case: tocsin.Case) -> None:
    (found,) = of(case, 4, "quotation")
    assert found.verdict == "inconsistent"
    assert "quoted «nine hundred», there «ninety»" in found.workings


def test_words_that_are_not_there_at_all_prove_nothing(case: tocsin.Case) -> None:
    (found,) = of(case, 9, "quotation")
    assert (found.verdict, bool(found.missing)) == ("not checkable", True)


def test_an_address_of_another_outlet_is_inconsistent(case: tocsin.Case) -> None:
    (found,) = of(case, 5, "outlet")
    assert found.verdict == "inconsistent"
    assert "leads to a document of The Lantern, not of the kettle" in found.workings[0]
    (right,) = of(case, 6, "outlet")
    assert right.verdict == "consistent"


def test_a_quotation_without_an_address_may_be_elsewhere(case: tocsin.Case) -> None:
    (found,) = of(case, 7, "quotation")
    assert found.verdict == "not checkable"


def test_every_span_is_verbatim_and_every_claim_is_there(case: tocsin.Case) -> None:
    claims = {c.claim_id for c in case.claims()}
    for row in case.checks():
        text = case.document(row.document_id).text
        for span in (*row.inputs, *row.statement):
            assert span.of(text) == span.of(text).strip() != ""
        assert row.claim_id is None or row.claim_id in claims
    assert any(row.claim_id for row in case.checks() if row.check_name == "weekday")


def test_a_check_is_judged_like_any_finding(case: tocsin.Case) -> None:
    (found,) = of(case, 8, "weekday")
    entry = case.judge(found.check_id, "confirm", author="Nils", reason="redone on paper")
    assert entry.quote == "Monday, March 2, 2026"
    (wrong,) = of(case, 5, "outlet")
    case.judge(wrong.check_id, "reject", author="Nils")
    by_id = {r.check.check_id: r for r in case.desk().checks()}
    assert by_id[found.check_id].review == "confirmed by Nils"
    assert by_id[wrong.check_id].rejected


def test_the_command_line_shows_workings(case: tocsin.Case) -> None:
    run = CliRunner().invoke(cli, ["checks", "list", "--case", str(case.path), "--verdict", "inconsistent"])
    assert run.exit_code == 0
    assert "INCONSISTENT quotation: " in run.output
    (found,) = of(case, 8, "weekday")
    run = CliRunner().invoke(cli, ["checks", "show", found.check_id, "--case", str(case.path)])
    assert "(Zeller)" in run.output or "Zeller" in run.output
    assert "«Monday, March 2, 2026» = Monday, 2026-03-02" in run.output
    assert "weekday 1 (dates)" in CliRunner().invoke(cli, ["checks", "kinds"]).output


def test_the_brief_shows_them(case: tocsin.Case) -> None:
    html = case.brief()
    assert 'id="checks"' in html
    assert "Checked by computation" in html
    assert "nine hundred" in html


FIGURES = "subject,counted,value,unit,source,date\nHask;Хаск,boat;boats,{value},,harbour book,2025\n"


def test_figures_are_compared_by_order_of_magnitude(case: tocsin.Case, tmp_path: Path) -> None:
    table = tmp_path / "harbour.csv"
    for value, factor, verdict in (
        (120, 10.0, "inconsistent"),
        (30000, 10.0, "consistent"),
        (30000, 2.0, "inconsistent"),
    ):
        with tocsin.Case(case.path, settings=Settings({**SETTINGS, "checks.figure_factor": factor})) as again:
            table.write_text(FIGURES.format(value=value), encoding="utf-8")
            assert again.add_figures(table) == 2
            (found,) = of(again, 8, "figure")
            assert found.verdict == verdict
            assert "harbour book, 2025" in found.workings[0]
            assert [f.base for f in again.figures()] == ["harbour", "harbour"]
    table.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(BadMappingError):
        case.add_figures(table)
    table.write_text("subject,counted,value\nHask,boats,none\n", encoding="utf-8")
    assert case.add_figures(table) == 0
    assert not of(case, 8, "figure")


# --- plug-ins -----------------------------------------------------------------------------------


def _find(facts: DocumentFacts) -> Iterator[Result]:
    at = facts.document.text.find("tide")
    if at >= 0:
        yield Result(CheckVerdict.CONSISTENT, (Input(Span(at, at + 4), "a tide"),), ("1 = 1",))


def _fail(facts: DocumentFacts) -> Iterator[Result]:
    yield from _find(facts)
    raise RuntimeError(f"no moon over {facts.document.channel}")


def _lie(facts: DocumentFacts) -> Iterator[Result]:
    yield Result(CheckVerdict.CONSISTENT, (Input(Span(0, 10**6), "beyond the text"),), ("1 = 1",))


TIDES = DocumentCheck("tides", "1", "moon", "tides come twice a day", _find)
MOONLESS = DocumentCheck("moonless", "2", "moon", "fails", _fail)
LIAR = DocumentCheck("liar", "1", "moon", "points beyond the text", _lie)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(group: str, name: str) -> list[EntryPoint]:
        values = {"tides": "TIDES", "moonless": "MOONLESS", "liar": "LIAR", "text": "BASE"}
        return [EntryPoint(name, f"{__name__}:{values[name]}", group)] if name in values else []

    monkeypatch.setattr(registry, "entry_points", found)


def test_a_plugin_runs_where_the_setting_names_it(installed: None) -> None:
    assert not derived("The tide rose.")[0]
    rows, problems = derived("The tide rose.", "tides==1")
    assert ([row.check_name for row in rows], problems) == (["tides"], [])
    assert rows[0].method == "tides 1"


@pytest.mark.parametrize(
    ("names", "cause"),
    [
        ("moonless==2", "no moon over Bell Post"),
        ("liar==1", "a result needs words of the text"),
        ("tides==9", "is there in version 1"),
        ("tides", "names none"),
        ("nowhere==1", "no installed package"),
        ("text==1", "no DocumentCheck"),
        ("sum==1", "own has that name"),
    ],
)
def test_what_goes_wrong_in_a_plugin_is_a_problem_and_no_crash(
    installed: None, names: str, cause: str
) -> None:
    rows, problems = derived("The tide rose on Monday, March 2, 2026.", names)
    assert [row.check_name for row in rows] == ["weekday"]
    assert len(problems) == 1
    assert cause in problems[0].cause
