"""Saved views: kept beside the case, one's own until shared, the same for pages and programs."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from serve_helpers import HOSTILE, bearer, sign_in, workbench
from starlette.testclient import TestClient

from tocsin.errors import ConflictError, UsageError
from tocsin.serve.access import Visitor
from tocsin.serve.filters import ClaimFilters
from tocsin.serve.saved_views import FILTER_NAMES, LISTS, MOST_VIEWS, SavedViews, filters_of
from tocsin.serve.tokens import Role

OLA = Visitor("Ola", Role.ANALYST, "1")
VERA = Visitor("Vera", Role.ANALYST, "2")
CHIEF = Visitor("Chief", Role.ADMIN, "3")


class Browser:
    """A signed-in browser without scripts."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self.client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        self.csrf = sign_in(self.client, token)

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        return answer.text

    def post(self, path: str, **fields: object) -> Any:
        return self.client.post(path, data={**fields, "csrf": self.csrf})


@pytest.fixture
def served(case: Path) -> Iterator[tuple[FastAPI, dict[str, str], Path]]:
    with workbench(case) as (app, tokens):
        yield app, tokens, case


def test_a_view_is_saved_opened_shared_renamed_and_deleted(
    served: tuple[FastAPI, dict[str, str], Path],
) -> None:
    app, tokens, case = served
    own, reader = Browser(app, tokens["analyst"]), Browser(app, tokens["reader"])
    filtered = own.get("/claims?kind=forecast&source=Ola")
    assert "Save this view" in filtered
    assert "Save this view" not in own.get("/claims")
    assert "Save this view" not in reader.get("/claims?kind=forecast")
    saved = own.post(
        "/views", list="claims", query="kind=forecast&source=Ola", name="Ola foretells", next="/x"
    )
    assert (saved.status_code, saved.headers["location"]) == (303, "/x")
    shown = own.get("/claims?source=Ola&kind=forecast")
    assert re.search('aria-current="true">(<[^>]*>)?Ola foretells', shown)
    assert "Save this view" not in shown
    (view,) = SavedViews(case).seen_by(CHIEF)
    address = f"/views/{view.view_id}"
    assert own.client.get(address).headers["location"] == "/claims?kind=forecast&source=Ola"
    assert reader.client.get(address).status_code == 404
    assert "Ola foretells" not in reader.get("/views")
    assert own.post(address, act="share").status_code == 303
    assert reader.client.get(address).status_code == 303
    assert "Ola foretells" in reader.get("/claims")
    assert reader.post(address, act="delete").status_code == 403
    assert own.post(address, act="rename", name="Ola  again").status_code == 303
    assert "Ola again" in reader.get("/views")
    rows = list(csv.DictReader(io.StringIO(reader.client.get(f"{address}/export.csv").text)))
    assert {row["kind"] for row in rows} == {"forecast"}
    assert own.post(address, act="delete").status_code == 303
    assert own.client.get(address).status_code == 404
    assert (case / "views.json").stat().st_mode & 0o077 == 0


def test_a_refused_name_is_shown_again_with_what_was_typed(
    served: tuple[FastAPI, dict[str, str], Path],
) -> None:
    app, tokens, _ = served
    own = Browser(app, tokens["analyst"])
    form = {"list": "claims", "query": "kind=blame", "name": "Blame"}
    assert own.post("/views", **form).status_code == 303
    again = own.post("/views", **form | {"name": "blame"})
    assert again.status_code == 409
    assert "you have a view named" in again.text
    assert 'value="kind=blame"' in again.text
    assert own.post("/views", **form | {"name": " "}).status_code == 400
    assert own.post("/views", **form | {"query": "kind=nonsense", "name": "n"}).status_code == 400
    assert own.post("/views", **form | {"list": "nothing", "name": "n"}).status_code == 400


def test_hostile_names_and_filters_are_words(served: tuple[FastAPI, dict[str, str], Path]) -> None:
    app, tokens, _ = served
    own = Browser(app, tokens["analyst"])
    name = f"{HOSTILE} %(number)s {{{{ 7*7 }}}}"
    own.post("/views", list="claims", query="channel=%3Cscript%3Ealert(1)%25(x)s", name=name, shared="true")
    for path in ("/views", "/claims"):
        page = own.get(path)
        assert "<script>alert" not in page
        assert "{{ 7*7 }}" in page


def test_the_interface_does_what_the_pages_do(served: tuple[FastAPI, dict[str, str], Path]) -> None:
    app, tokens, _ = served
    with bearer(app, tokens["analyst"]) as own, bearer(app, tokens["reader"]) as reader:
        new = {"list": "claims", "name": "Harbour", "filters": {"channel": "Harbour Lantern"}}
        made = own.post("/api/v1/views", json=new)
        assert made.status_code == 201
        address = made.headers["location"]
        etag = own.get("/api/v1/views").headers["etag"]
        assert own.post("/api/v1/views", json=new).status_code == 409
        assert own.post("/api/v1/views", json=new | {"filters": {"kind": "x"}}).status_code == 422
        assert own.post("/api/v1/views", json=new | {"list": "nothing"}).status_code == 422
        assert reader.get(address).status_code == 404
        assert own.patch(address, json={"shared": True}).json()["shared"] is True
        assert own.get("/api/v1/views", headers={"If-None-Match": etag}).status_code == 200
        assert [v["name"] for v in reader.get("/api/v1/views?list=claims").json()] == ["Harbour"]
        assert reader.get("/api/v1/views?list=stories").json() == []
        rows = [json.loads(line) for line in reader.get(f"{address}/export").text.splitlines()]
        listed = reader.get("/api/v1/claims?channel=Harbour%20Lantern").json()["items"]
        assert [row["claim_id"] for row in rows] == [row["claim_id"] for row in listed]
        for name in LISTS:
            made = own.post("/api/v1/views", json={"list": name, "name": name})
            code = own.get(f"{made.headers['location']}/export?format=csv").status_code
            assert code == (404 if name in {"search", "alarms", "checks", "factchecks"} else 200), name
        assert own.delete(address).status_code == 204
        assert own.delete(address).status_code == 404


def test_views_are_kept_across_processes_and_belong_to_somebody(tmp_path: Path) -> None:
    book, other = SavedViews(tmp_path), SavedViews(tmp_path)
    made = book.add(OLA, "Mine", "claims", ClaimFilters(kind="blame", cursor="abc"), False)
    assert dict(made.filters) == {"kind": "blame"}
    assert other.get(made.view_id, OLA) == made
    assert [v.name for v in other.seen_by(CHIEF)] == ["Mine"]
    assert other.seen_by(VERA) == []
    other.add(VERA, "Mine", "claims", ClaimFilters(), True)
    with pytest.raises(ConflictError):
        book.add(VERA, "mine", "stories", filters_of("stories", {}), True)
    book.edit(made.view_id, OLA, shared=True)
    assert other.edit(made.view_id, CHIEF, name="Ours").shared is True
    assert [v.name for v in book.seen_by(VERA)] == ["Mine", "Ours"]
    (tmp_path / "views.json").write_text("{", encoding="utf-8")
    with pytest.raises(UsageError, match="damaged"):
        book.seen_by(OLA)


def test_a_case_does_not_fill_up_with_views(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert MOST_VIEWS >= 100
    monkeypatch.setattr("tocsin.serve.saved_views.MOST_VIEWS", 2)
    book = SavedViews(tmp_path)
    for name in ("a", "b"):
        book.add(OLA, name, "claims", ClaimFilters(), False)
    with pytest.raises(UsageError, match="saved views"):
        book.add(OLA, "c", "claims", ClaimFilters(), False)


def test_every_filter_has_a_name_in_the_interface() -> None:
    asked = {name for _, _, filters in LISTS.values() for name in filters.model_fields}
    assert asked - set(FILTER_NAMES) == {"cursor", "start"}
