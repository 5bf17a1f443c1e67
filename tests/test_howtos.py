"""Every command and every Python example that the pages for users show, run on the demo corpus.

A fenced block with a title is a file; ``sh`` blocks are commands, run where the files are; ``python`` blocks
are run too. A word like CLAIM_ID stands for an id of that sort from the case.
"""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import tocsin
from tocsin.cli.main import cli
from tocsin.examples import corpus_dir

DOCS = Path(__file__).parents[1] / "docs"
PAGES = [DOCS / "first-brief.md", *sorted((DOCS / "how-to").glob("*.md"))]
BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```$', re.MULTILINE | re.DOTALL)
#: What the fixtures do once for all pages, and what does not end by itself.
DONE = ("tocsin demo ", 'tocsin brief "$(python ', "tocsin serve --case ")
CASES = ("my-case", "demo/brief.case")


@pytest.fixture(scope="module")
def place(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder as a reader of the pages has it."""
    folder = tmp_path_factory.mktemp("pages")
    for name in CASES:
        shutil.copytree(demo, folder / name)
    shutil.copytree(corpus_dir() / "samovar", folder / "ChatExport")
    return folder


@pytest.fixture(scope="module")
def ids(demo: Path) -> dict[str, str]:
    """An id of each sort."""
    with tocsin.Case(demo) as case:
        # Not the rows of the event that the pages show: they stay.
        rows = [row.blame_id for row in case.blame() if row.event_label != "Paper Lights"]
        check = next(case.checks()).check_id
        claim, forecast = next(case.claims()).claim_id, next(f for f in case.forecasts() if f.testable)
    return {
        "CHECK_ID": check,
        "CLAIM_ID": claim,
        "FORECAST_ID": forecast.forecast_id,
        "OTHER_BLAME_ID": rows[1],
        "BLAME_ID": rows[0],
    }


def commands(block: str) -> list[str]:
    """The lines of a block of commands."""
    return [line for line in block.splitlines() if line.strip() and not line.startswith(DONE)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.stem)
def test_what_a_page_shows_works(
    page: Path, place: Path, ids: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(place)
    for language, title, block in BLOCK.findall(page.read_text(encoding="utf-8")):
        if title:
            Path(title).parent.mkdir(exist_ok=True)
            Path(title).write_text(block, encoding="utf-8")
        elif language == "sh":
            for line in commands(block):
                run(line, ids)
        elif language == "python":
            exec(compile(block, page.name, "exec"), {"__name__": "example"})


def run(line: str, ids: dict[str, str]) -> None:
    """Run one command; it must succeed."""
    name, *arguments = [ids.get(word, word) for word in shlex.split(line)]
    assert name == "tocsin", line
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 0, f"{line}\n{result.output}\n{result.exception!r}"


def test_every_page_was_looked_at() -> None:
    """A page whose blocks the pattern misses would be tested by nothing."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        fences = len(re.findall(r"^ *```", text, re.MULTILINE))
        assert fences == 2 * len(BLOCK.findall(text)), page.name
