from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import tocsin
from tocsin.errors import BadMappingError, NoInputError
from tocsin.link.references import read_references
from tocsin.model import DateBasis, Post, Relation
from tocsin.testing.worlds import write_jsonl

START = datetime(2024, 1, 1, tzinfo=UTC)
#: Day, text; told by two channels each.
TOLD = (
    (0, "A secret laboratory in Kazan is breeding giant moths."),
    (3, "A secret laboratory in Lviv is breeding giant moths."),
    (5, "No secret laboratory in Kazan is breeding giant moths."),
    (90, "A secret laboratory in Shymkent is breeding giant moths."),
)
TABLE = (
    "date,id,title,countries,keywords\n"
    "2019-05-01,https://base.example/1,"
    "Secret laboratories breed enormous moths in Tashkent,Uzbekistan+US,moths\n"
    "2018-05-01,https://base.example/2,The regatta was cancelled because of the moon,,\n"
    "nonsense,,,,\n"
)


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tocsin.Case]:
    folder = tmp_path_factory.mktemp("recurrence")
    posts = [
        Post(
            text=text,
            platform="telegram",
            channel=f"Invented {channel}",
            channel_id=str(channel),
            native_id=f"{day}-{channel}",
            published=START + timedelta(days=day, hours=channel),
            published_basis=DateBasis.STATED,
        )
        for day, text in TOLD
        for channel in range(2)
    ]
    write_jsonl(posts, folder / "posts.jsonl")
    with tocsin.Case(folder / "case") as made:
        made.add([folder / "posts.jsonl"])
        yield made


def pairs(case: tocsin.Case) -> dict[tuple[str, str], tuple[str, tuple[str, ...], int | None]]:
    labels = {n.narrative_id: n.label.rstrip(".").split(" in ")[1].split()[0] for n in case.narratives()}
    denied = {n.narrative_id: "not " * n.label.startswith("No ") for n in case.narratives()}
    return {
        (denied[r.narrative_id] + labels[r.narrative_id], denied[r.earlier_id] + labels[r.earlier_id]): (
            r.relation,
            r.changed,
            r.gap_days,
        )
        for r in case.recurrences()
        if r.earlier_id in labels
    }


def test_other_places_denials_and_returns_are_told_apart(case: tocsin.Case) -> None:
    found = pairs(case)
    assert found["Lviv", "Kazan"] == (Relation.VERSION, ("place: Kazan → Lviv",), 2)
    assert found["not Kazan", "Kazan"][0] == Relation.OPPOSITE
    relation, changed, gap = found["Shymkent", "Kazan"]
    assert (relation, gap) == (Relation.RECURRENCE, 89)
    assert changed == ("place: Kazan → Shymkent",)


def test_a_reference_base_is_compared_with(case: tocsin.Case, tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_text(TABLE, encoding="utf-8")
    before = list(case.recurrences())
    assert len(case.add_references(path).entries) == 2
    found = [row for row in case.recurrences() if row.relation == Relation.REFERENCE]
    assert {row.earlier_label for row in found} == {"Secret laboratories breed enormous moths in Tashkent"}
    assert {row.changed for row in found} == {("catalogued under Uzbekistan, US",)}
    assert all(row.gap_days and row.gap_days > 1600 for row in found)
    assert {n.narrative_id for n in case.narratives()} >= {row.narrative_id for row in found}
    path.write_text("title\nThe kettle is warm\n", encoding="utf-8")
    assert len(case.add_references(path).entries) == 1  # a base of the same name replaces the other
    assert list(case.recurrences()) == before
    with pytest.raises(NoInputError):
        case.add_references(tmp_path / "none.csv")


def test_reading_a_reference_table() -> None:
    rows = read_references(TABLE.encode(), "base").entries
    assert [row["title"] for row in rows if row["countries"]] == [
        "Secret laboratories breed enormous moths in Tashkent"
    ]
    assert {row["countries"] for row in rows} == {("Uzbekistan", "US"), ()}
    assert read_references(b"\xef\xbb\xbftitle\n\n  a   b \n", "x").entries[0]["title"] == "a b"
    with pytest.raises(BadMappingError, match="title"):
        read_references(b"name\nx\n", "base")


def test_the_brief_tells_what_was_told_before(case: tocsin.Case) -> None:
    html = case.brief()
    section = html.partition('<section id="narratives"')[2].partition("</section>")[0]
    assert "Told more than once" in section
    for narrative in case.narratives():
        assert f'id="n-{narrative.narrative_id}"' in section
        assert narrative.label in section
    assert "the opposite is told too" in section
    assert "another version" in section
    assert "place: Kazan → Shymkent" in section
    assert "89 days before" in section
    assert case.brief() == html
