"""The interface for programs: lists, judgements, uploads, exports, alarms."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from serve_helpers import bearer, sign_in, workbench
from starlette.testclient import TestClient

import tocsin
from tocsin.errors import TooLargeError
from tocsin.model import quote
from tocsin.serve.app import create_app
from tocsin.serve.jobs import Jobs, safe_name
from tocsin.serve.tokens import Role, TokenBook
from tocsin.settings import Settings


def _claims(client: TestClient, query: str = "") -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = client.get(f"/api/v1/claims?limit=200&{query}").json()["items"]
    return items


def test_claims_quote_verbatim_and_follow_the_filters_of_the_page(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        own = {c.claim_id: c for c in tocsin.Case(case).claims()}
        shown = _claims(client)
        assert {c["claim_id"] for c in shown} == set(own)
        for item in shown:
            claim = own[item["claim_id"]]
            assert item["quote"] == quote(claim.content, tocsin.Case(case).document(claim.document_id).text)
            assert client.get(f"/api/v1/claims/{claim.claim_id}").json() == item
        kind = shown[0]["kind"]
        page = client.get(f"/claims?kind={kind.replace(' ', '+')}&place=&since=").text
        for item in shown:
            assert (item["claim_id"] in page) == (item["kind"] == kind)


def test_documents_come_in_parts_and_change_nothing_about_each_other(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        found: list[str] = []
        cursor = ""
        while True:
            part = client.get(
                "/api/v1/documents", params={"limit": 1} | ({"cursor": cursor} if cursor else {})
            )
            found += [item["document_id"] for item in part.json()["items"]]
            cursor = part.json()["next"] or ""
            if not cursor:
                break
        everything = list(tocsin.Case(case).documents())
        assert sorted(found) == sorted(d.document_id for d in everything)
        dated = [d.published for d in everything if d.published]
        assert found[-1] == next(d.document_id for d in everything if d.published is None)
        day = max(dated).date().isoformat()
        assert client.get(f"/api/v1/documents?since={day}&until={day}").json()["total"] == 1


def test_a_judgement_is_appended_once_whatever_is_sent_again(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        claim = _claims(client)[0]["claim_id"]
        body = {"finding_id": claim, "verdict": "confirm", "reason": "seen in the log book", "seen": 0}
        first = client.post("/api/v1/judgements", json=body, headers={"Idempotency-Key": "one"})
        again = client.post("/api/v1/judgements", json=body, headers={"Idempotency-Key": "one"})
        assert (first.status_code, again.status_code) == (201, 201)
        assert first.json() == again.json()
        assert client.get(first.headers["location"]).json() == first.json()
        other = client.post(
            "/api/v1/judgements", json=body | {"verdict": "reject"}, headers={"Idempotency-Key": "one"}
        )
        assert (other.status_code, other.json()["code"]) == (409, "key-reused")
        late = client.post("/api/v1/judgements", json=body | {"verdict": "reject"})
        assert (late.status_code, late.json()["code"]) == (409, "conflict")
        without = {key: value for key, value in body.items() if key != "seen"}
        stale = client.post("/api/v1/judgements", json=without, headers={"If-Match": '"0"'})
        assert stale.status_code == 409
        item = client.get(f"/api/v1/claims/{claim}").json()
        assert (item["seen"], item["review"]["author"]) == (1, "analyst of the harbour")
        undo = {"finding_id": claim, "verdict": "undo", "detail": "1", "seen": 1}
        assert client.post("/api/v1/judgements", json=undo).status_code == 201
        assert client.get(f"/api/v1/claims/{claim}").json()["review"] is None
        assert not client.get("/api/v1/judgements/1").json()["in_force"]
    assert [e.author for e in tocsin.Case(case).judgements()] == ["analyst of the harbour"] * 2


def test_two_at_one_board_get_marks_of_their_own(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        marks: list[str] = []

        def add(number: int) -> None:
            answer = client.post("/api/v1/hypotheses/the%20rope", json={"text": f"hypothesis {number}"})
            marks.append(answer.json()["mark"])

        threads = [threading.Thread(target=add, args=(n,)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(marks) == ["H1", "H2", "H3", "H4"]
        client.post("/api/v1/hypotheses/the%20rope/evidence", json={"text": "the rope was found cut"})
        cell = {"evidence": "E1", "hypothesis": "H2", "rating": "CC"}
        assert client.post("/api/v1/hypotheses/the%20rope/ratings", json=cell).status_code == 201
        board = client.get("/api/v1/hypotheses/the%20rope").json()
        assert board["ratings"] == [cell | {"analyst": "analyst of the harbour"}]


def test_a_forecast_is_resolved_and_one_entered_by_hand(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        forecast = client.get("/api/v1/forecasts").json()["items"][0]["forecast_id"]
        outcome = {"outcome": "did not", "date": "2031-03-10", "source": "the log book"}
        assert client.post(f"/api/v1/forecasts/{forecast}/resolution", json=outcome).status_code == 201
        assert client.get("/api/v1/ledger?status=did not").json()["items"][0]["forecast_id"] == forecast
        entered = {"event": "the lanterns will be lit", "source": "Ola Finn", "due": "2031-04-01"}
        assert client.post("/api/v1/ledger", json=entered).status_code == 201
        assert client.get("/api/v1/ledger?source=ola finn").json()["total"] >= 1


def test_exports_are_those_of_the_command_line(case: Path, tmp_path: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        for table in ("claims", "places", "documents", "surges", "problems"):
            path = tmp_path / f"{table}.jsonl"
            tocsin.Case(case).export(table, path)
            answer = client.get(f"/api/v1/export/{table}")
            assert answer.headers["content-disposition"] == f'attachment; filename="tocsin-{table}.jsonl"'
            theirs = sorted(path.read_text(encoding="utf-8").splitlines())
            assert [json.loads(x) for x in sorted(answer.text.splitlines())] == [
                json.loads(x) for x in theirs
            ]
        text = client.get("/api/v1/claims.export?format=csv&channel=harbour lantern").text
        rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
        assert len(rows) == len(_claims(client, "channel=harbour lantern"))


def test_coverage_search_and_the_rest_answer(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        coverage = client.get("/api/v1/coverage").json()
        assert coverage["documents"] == 4
        assert {c["documents"] for c in coverage["channels"]} == {1, 2}
        hits = client.get("/api/v1/search?by=words&q=harbour master").json()
        assert "harbour master" in hits[0]["opening"]
        assert client.get("/api/v1/inputs").json()[0]["documents"] == 4
        assert client.get("/api/v1/matrix").status_code == 200
        for name, least in (("stories", "?channels=1"), ("narratives", "")):
            own = tocsin.Case(case).table(name).num_rows
            assert client.get(f"/api/v1/{name}{least}").json()["total"] == own
            assert client.get(f"/api/v1/{name}/{'0' * 32}").status_code == 404


def test_alarms_are_told_as_events(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        answer = client.get("/api/v1/alarms/stream?seconds=0")
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert "event: revision\n" in answer.text


def test_an_upload_is_kept_read_and_followed(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app) as client:
        csrf = sign_in(client, tokens["analyst"])
        files = {"file": ("../../<b>.json", b'{"broken": ')}
        assert client.post("/api/v1/uploads", files=files).status_code == 403  # no secret of the session
        sent = client.post("/api/v1/uploads", files=files, headers={"X-CSRF-Token": csrf})
        assert sent.status_code == 202
        kept = list((case / "uploads").glob("*/*"))
        assert {path.parent.parent for path in kept} == {case / "uploads"}
        for _ in range(600):
            job = client.get(sent.headers["location"]).json()
            if job["state"] in {"done", "failed"}:
                break
            time.sleep(0.1)
        assert (job["state"], job["done"], job["added"]) == ("done", 11, 0)
        assert client.get("/api/v1/problems").json()["total"] == job["problems"] > 0


def test_an_upload_too_long_leaves_nothing(tmp_path: Path) -> None:
    jobs = Jobs(tmp_path, Settings())
    with pytest.raises(TooLargeError):
        jobs.add(io.BytesIO(b"x" * 100), "a.txt", "Ola", 99)
    assert list((tmp_path / "uploads").iterdir()) == []


@given(st.text(max_size=200))
def test_a_file_name_stays_in_its_folder(name: str) -> None:
    kept = safe_name(name)
    assert kept
    assert kept == Path(kept).name
    assert not kept.startswith((".", "-", " "))
    assert kept != "job.json"
    assert all(c.isprintable() and c not in '/\\:*?"<>|' for c in kept)
    assert len(kept.encode("utf-8", "surrogatepass")) <= 600


SERVER = """
import sys, uvicorn
from tocsin.serve.app import create_app
uvicorn.run(create_app(sys.argv[1]), uds=sys.argv[2], log_level="critical")
"""


def _post(client: httpx2.Client, finding: str, number: int) -> int:
    body = {"finding_id": finding, "verdict": "comment", "reason": str(number)}
    answer = client.post("/api/v1/judgements", json=body, headers={"Idempotency-Key": f"key {number}"})
    return int(answer.status_code)


def test_kill_nine_loses_no_acknowledged_judgement(case: Path, tmp_path: Path) -> None:
    token = TokenBook(case).add("Ola Finn", Role.ANALYST)
    finding = next(tocsin.Case(case).claims()).claim_id
    socket = tmp_path / "s"  # a path short enough for a socket
    headers = {"Authorization": f"Bearer {token}"}
    transport = httpx2.HTTPTransport(uds=str(socket))
    acknowledged = []
    with (
        subprocess.Popen([sys.executable, "-c", SERVER, str(case), str(socket)]) as process,
        httpx2.Client(
            transport=transport, base_url="http://127.0.0.1", headers=headers, timeout=120
        ) as client,
    ):
        for _ in range(600):
            if socket.exists():
                break
            time.sleep(0.1)
        number = 0
        try:
            while True:
                assert _post(client, finding, number) == 201
                acknowledged.append(number)
                number += 1
                if number == 20:
                    threading.Timer(0.1, process.kill).start()
        except httpx2.TransportError:
            pass
        finally:
            process.kill()
    kept = [int(e.reason) for e in tocsin.Case(case).judgements()]
    assert acknowledged
    assert kept[: len(acknowledged)] == acknowledged
    assert len(kept) - len(acknowledged) <= 1
    # Whoever got no answer asks again, and the log has it once.
    app = create_app(case)
    with bearer(app, token) as again:
        assert _post(again, finding, number) == 201  # type: ignore[arg-type]
    app.state.bench.close()
    assert [int(e.reason) for e in tocsin.Case(case).judgements()] == list(range(number + 1))
