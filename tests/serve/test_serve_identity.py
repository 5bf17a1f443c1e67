"""Merging and splitting of sources from the pages: entries of the log, with reasons, taken back at will."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from serve_helpers import bearer, sign_in, workbench
from starlette.testclient import TestClient

from tocsin.serve.filters import SourceFilters
from tocsin.serve.identity import members_of
from tocsin.serve.reading import CaseReader
from tocsin.serve.source_list import find_sources


class Browser:
    """A signed-in browser without scripts."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self.client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        self.csrf = sign_in(self.client, token)

    def get(self, path: str, status: int = 200) -> str:
        answer = self.client.get(path)
        assert answer.status_code == status, (path, answer.status_code)
        return answer.text

    def post(self, path: str, **fields: Any) -> Any:
        return self.client.post(path, data={**fields, "csrf": self.csrf})


@pytest.fixture
def served(told: Path) -> Iterator[tuple[Browser, Browser, Path]]:
    with workbench(told) as (app, tokens):
        yield Browser(app, tokens["analyst"]), Browser(app, tokens["reader"]), told


def _known(case: Path) -> dict[str, str]:
    rows = find_sources(CaseReader(case).view(), SourceFilters()).rows
    return {row["id"]: row["label"] for row in rows if row["known"]}


def _seen(page: str) -> str:
    return re.findall(r'name="seen" value="(\d+)"', page)[0]


def test_two_entries_are_made_one_and_one_again_two(served: tuple[Browser, Browser, Path]) -> None:
    own, reader, case = served
    before = _known(case)
    keep, other = list(before)[:2]
    listed = own.get("/sources")
    assert f'name="pick" value="{keep}" form="merge"' in listed
    assert 'name="pick"' not in reader.get("/sources")
    address = f"/sources/merge?pick={keep}&pick={other}"
    compared = own.get(address)
    assert before[keep] in compared
    assert "They are one" in compared
    assert "They are one" not in reader.get(address)
    form = {"picks": f"{keep},{other}", "keep": keep, "seen": _seen(compared)}
    refused = own.post("/sources/merge", **form, reason=" ")
    assert refused.status_code == 400
    assert f'value="{keep},{other}"' in refused.text
    assert reader.post("/sources/merge", **form, reason="x").status_code == 403
    done = own.post("/sources/merge", **form, reason="the same man under two names")
    assert (done.status_code, done.headers["location"]) == (303, f"/sources/{keep}")
    assert set(_known(case)) == set(before) - {other}
    assert own.post("/sources/merge", **form, reason="again").status_code == 404
    log = own.get("/log")
    assert "one with" in log
    assert "the same man under two names" in log
    members = own.get(f"/sources/{keep}/members")
    (entries,) = re.findall(r'name="entries" value="([\d,]+)"', members)
    assert reader.post("/sources/undo", entries=entries).status_code == 403
    assert own.post("/sources/undo", entries=entries, next="/log").headers["location"] == "/log"
    assert _known(case) == before
    assert own.post("/sources/undo", entries=entries).status_code == 400


def test_a_wrong_merge_of_the_machine_is_split(served: tuple[Browser, Browser, Path]) -> None:
    own, reader, case = served
    view = CaseReader(case).view()
    source = max(_known(case), key=lambda key: len(members_of(view, key)))
    members = [m.document_entity_id for m in members_of(view, source)]
    address = f"/sources/{source}/members"
    page = own.get(address)
    assert f'value="{members[0]}"' in page
    assert 'type="checkbox"' not in reader.get(address)
    form = {"seen": _seen(page), "reason": "a namesake"}
    for chosen in ([], members):
        assert own.post(address, **form, member=chosen).status_code == 400
    assert own.post(address, **form, member=members[1:]).status_code == 303
    assert [m.document_entity_id for m in members_of(CaseReader(case).view(), source)] == members[:1]
    (step,) = re.findall(r'name="entries" value="([\d,]+)"', own.get(address))
    assert len(step.split(",")) == 2 * len(members[1:]) - 1
    stale = own.post(address, **form, member=members[:1])
    assert stale.status_code in {400, 409}
    assert own.post(address, **form, member=["0" * 32]).status_code in {400, 409}
    assert own.post("/sources/undo", entries=step).status_code == 303
    assert {m.document_entity_id for m in members_of(CaseReader(case).view(), source)} == set(members)


def test_two_who_merge_at_once_see_one_another(served: tuple[Browser, Browser, Path]) -> None:
    own, _, case = served
    keep, other, third = list(_known(case))[:3]
    form = {"picks": f"{keep},{other}", "keep": keep, "seen": "0", "reason": "the same"}
    assert own.post("/sources/merge", **form).status_code == 303
    conflict = own.post("/sources/merge", **form | {"picks": f"{keep},{third}", "reason": "another"})
    assert conflict.status_code == 409
    assert "both versions stand below" in conflict.text
    seen = _seen(conflict.text)
    assert int(seen) > 0
    after = own.post("/sources/merge", **form | {"picks": f"{keep},{third}", "seen": seen})
    assert after.status_code == 303


def test_candidates_are_looked_for_by_name_and_crowds_are_none(
    served: tuple[Browser, Browser, Path],
) -> None:
    own, _, case = served
    keep, other = list(_known(case))[:2]
    name = _known(case)[other]
    found = own.get(f"/sources/merge?pick={keep}&name={name}")
    assert f"pick={keep}&amp;pick={other}" in found or f"pick={keep}&pick={other}" in found
    assert "can’t be merged" in own.get(f"/sources/merge?pick={keep}&name=nobody-of-that-name")
    assert "Which entries?" in own.get("/sources/merge")
    own.get("/sources/merge?pick=" + "0" * 32, 404)
    own.get("/sources/merge?pick=nonsense", 422)
    own.get("/sources/" + "0" * 32 + "/members", 404)


def test_the_interface_lists_sources_and_their_members(told: Path) -> None:
    with workbench(told) as (app, tokens), bearer(app, tokens["reader"]) as client:
        found = client.get("/api/v1/sources?limit=2").json()
        assert found["total"] >= 2
        after = client.get(f"/api/v1/sources?limit=2&cursor={found['next']}").json()["items"]
        assert not {r["source_id"] for r in found["items"]} & {r["source_id"] for r in after}
        for key, label in _known(told).items():
            one = client.get(f"/api/v1/sources/{key}").json()
            assert one["label"] == label
            assert one["members"]
            assert one["claims_total"] >= len(one["claims"])
        assert client.get("/api/v1/sources/" + "0" * 32).status_code == 404
