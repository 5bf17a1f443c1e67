"""The page of known fact-checks: what publishers say is quoted, filtered, judged, and inert."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest
from serve_helpers import HOSTILE, bearer, workbench

from tocsin.model import TABLES, FactcheckMatch, ReferenceEntry
from tocsin.model.arrow import rows_of, table_of
from tocsin.serve.factcheck_list import FactcheckFilters, find_factchecks
from tocsin.serve.reading import CaseReader
from tocsin.store import CaseStore
from tocsin.store.catalogue import Change

LIKELY, ODD = "d" * 32, "e" * 32


def _entry(
    number: int, rating: str | None, publisher: str | None, url: str | None, title: str
) -> ReferenceEntry:
    claim = "The duck of Brindle Bay drifted ashore." if number == 0 else title
    day = datetime(2031, 2, 10, tzinfo=UTC)
    return ReferenceEntry(
        f"{number}" * 32,
        "ducks",
        number,
        title,
        claim,
        "",
        url,
        None if number else day,
        rating,
        publisher,
        *(None, (), (), (), (), "en", (), (), ()),
        *(bytes(8), 1.0, b"", 1.0, "entries/test"),
    )


def _match(match_id: str, claim: object, entry: ReferenceEntry, score: float, reason: str) -> FactcheckMatch:
    where = (getattr(claim, name) for name in ("claim_id", "document_id"))
    content = claim.content  # type: ignore[attr-defined]
    return FactcheckMatch(match_id, *where, entry.reference_id, content, score, (reason,), (), "match/test")


@pytest.fixture(scope="module")
def known_once(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small case with two entries of a base: a usual one and one that attacks."""
    case = Path(shutil.copytree(built, tmp_path_factory.mktemp("known") / "case"))
    view = CaseReader(case).view()
    claims = {claim.language: claim for claim in rows_of(view.tables.table("claims"), TABLES["claims"])}
    entries = [
        _entry(0, "Mostly false", "Velm Checks", "https://checks.example/duck", "Does the duck drift?"),
        _entry(1, HOSTILE, HOSTILE, "javascript:alert(7)", f"{HOSTILE} \u202educk"),
        _entry(2, None, None, None, "Nobody repeats this."),
    ]
    matches = [
        _match(LIKELY, claims["en"], entries[0], 0.97, "words: duck"),
        _match(ODD, claims["ru"], entries[1], 0.91, f"words: {HOSTILE}"),
    ]
    with CaseStore(case, create=False) as store, store.writing():
        planted = {"reference_entries": entries, "factcheck_matches": matches}
        added = tuple(store.write(name, table_of(list(rows), TABLES[name])) for name, rows in planted.items())
        store.commit(Change(add=added), run=1)
    return case


@pytest.fixture
def known(known_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(known_once, tmp_path / "known"))


def test_matches_quote_their_publisher_and_are_filtered(known: Path) -> None:
    with workbench(known) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        page = client.get("/factchecks").text
        assert page.index(f'id="m-{LIKELY}"') < page.index(f'id="m-{ODD}"')
        assert 'rated “<bdi dir="auto">Mostly false</bdi>” by <bdi dir="auto">Velm Checks</bdi>' in page
        assert 'href="https://checks.example/duck" rel="noreferrer noopener nofollow"' in page
        assert "10 Feb 2031" in page
        assert "97%" in page
        assert "words: duck" in page
        assert "#at-" in page.partition(f'id="m-{LIKELY}"')[2]
        for asked, there, gone in (
            ("publisher=velm checks", LIKELY, ODD),
            ("language=ru", ODD, LIKELY),
            ("channel=Вестник Причала", ODD, LIKELY),
            ("limit=1", LIKELY, ODD),
        ):
            part = client.get(f"/factchecks?{asked}").text
            assert f'id="m-{there}"' in part
            assert f'id="m-{gone}"' not in part
        assert "No match fulfils these filters." in client.get("/factchecks?judged=confirm").text
        assert client.get("/factchecks?judged=true").status_code == 422
        russian = client.get("/factchecks", headers={"Accept-Language": "ru"}).text
        assert "10 февр. 2031" in russian


def test_what_a_base_contains_is_inert(known: Path) -> None:
    with workbench(known) as (app, tokens), bearer(app, tokens["reader"]) as client:
        page = client.get("/factchecks").text
        assert "<script>alert" not in page
        assert 'href="javascript:' not in page
        assert 'data-cp="202E"' in page
        assert 'action="/judge"' not in page


def test_matches_are_judged_on_the_page(known: Path) -> None:
    with workbench(known) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        form = {"finding_id": LIKELY, "verdict": "reject", "seen": "0", "reason": "", "next": "/factchecks"}
        assert client.post("/judge", data=form).status_code == 303
        page = client.get("/factchecks?judged=reject").text
        assert "analyst of the harbour" in page
        assert f'id="m-{ODD}"' not in page
        assert f'id="m-{LIKELY}"' not in client.get("/factchecks?judged=machine").text


def test_pages_follow_each_other(known: Path) -> None:
    view = CaseReader(known).view()
    first = find_factchecks(view, FactcheckFilters(limit=1))
    second = find_factchecks(view, FactcheckFilters(limit=1, cursor=first.next))
    assert [k.match.match_id for k in (*first.matches, *second.matches)] == [LIKELY, ODD]
    assert (first.total, first.base, second.next) == (2, 3, None)


def test_the_interface_gives_matches_and_entries(known: Path) -> None:
    with workbench(known) as (app, tokens), bearer(app, tokens["reader"]) as client:
        listed = client.get("/api/v1/factcheck-matches").json()
        assert [row["match_id"] for row in listed["items"]] == [LIKELY, ODD]
        one = client.get(f"/api/v1/factcheck-matches/{LIKELY}").json()
        entry = client.get(f"/api/v1/reference-entries/{one['reference_id']}").json()
        assert (entry["rating"], entry["publisher"]) == ("Mostly false", "Velm Checks")


def test_without_a_base_it_says_how_to_import_one(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        page = client.get("/factchecks").text
        assert "No base of fact-checks is imported" in page
        assert "tocsin reference add FILE --case DIR" in page
        assert '<form method="get" action="/factchecks"' not in page
