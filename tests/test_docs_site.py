"""The scripts behind the documentation site: figures on the methods' pages, and the check of a built site."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGE = "<!doctype html><html><head>{head}</head><body><h1 id='top'>A</h1>{body}</body></html>"


def load(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


figures = load("figures")
check_site = load("check_site")


def test_every_floor_stands_on_a_page_of_methods() -> None:
    pages = "".join(path.read_text(encoding="utf-8") for path in (DOCS / "methods").glob("*.md"))
    missing = {
        path.name for path in figures.FLOORS.glob("*.json") if f"figures: floors {path.name} " not in pages
    }
    # What the networks score without the rules is in the model card.
    assert missing <= {"attribution-own-network.json"}


def test_a_block_is_written_anew_and_the_rest_kept() -> None:
    page = "before\n<!-- figures: floors search.json benchmarks/link/search.py -->\nold\n<!-- end -->\nafter"
    filled = figures.fill(page)
    assert "old" not in filled
    assert filled.startswith("before\n")
    assert filled.endswith("\nafter")
    assert figures.fill(filled) == filled
    floor = json.loads((figures.FLOORS / "search.json").read_text())["metrics"]["words: MAP@5"]
    assert f"{floor:.3f}".removeprefix("0") in filled


@pytest.mark.parametrize(
    "order", ["peers no/such.py", "floors search.json benchmarks/no/such.py", "graphs of something"]
)
def test_figures_that_are_not_there_are_refused(order: str) -> None:
    with pytest.raises(figures.FiguresError):
        figures.fill(f"<!-- figures: {order} -->\n<!-- end -->")


def test_same_in_the_table_is_what_it_refers_to() -> None:
    assert all("| same |" not in row for row in figures.peers(""))


def test_a_sound_site_has_no_faults(tmp_path: Path) -> None:
    link = "<a href='b.html#top'>b</a> <a href='#top'>up</a> <a href='https://example.org'>out</a>"
    (tmp_path / "a.html").write_text(PAGE.format(head="", body=link))
    (tmp_path / "b.html").write_text(PAGE.format(head="", body="<a href='/a.html'>a</a>"))
    assert check_site.faults(tmp_path) == []


@pytest.mark.parametrize(
    ("head", "body", "fault"),
    [
        ("", "<a href='gone.html'>x</a>", "no such file"),
        ("", "<a href='a.html#gone'>x</a>", "no such anchor"),
        ("", "<img src='gone.png'>", "no such file"),
        ("<script src='https://cdn.example.org/x.js'></script>", "", "loads https://cdn"),
        ("<link rel='stylesheet' href='//cdn.example.org/x.css'>", "", "loads //cdn"),
        ("<style>@import url(https://fonts.example.org/f)</style>", "", "loads https://fonts"),
    ],
)
def test_faults_of_a_site_are_told(tmp_path: Path, head: str, body: str, fault: str) -> None:
    (tmp_path / "a.html").write_text(PAGE.format(head=head, body=body))
    found = check_site.faults(tmp_path)
    assert len(found) == 1
    assert fault in found[0]


def test_an_empty_site_is_a_fault(tmp_path: Path) -> None:
    assert check_site.faults(tmp_path)
