"""Acts from the pages: conflicts, corrected spans, forecasts, boards, blame, undo, exports."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from serve_helpers import HARBOUR, sign_in, workbench
from starlette.testclient import TestClient

import tocsin
from tocsin.judge import ach
from tocsin.judge.spans import read_correction
from tocsin.model import Judgement

DUCK = "The harbour master Ola Finn said the duck would drift ashore by 9 March 2031."


class Desk:
    """A signed-in analyst's browser, without scripts."""

    def __init__(self, app: FastAPI, token: str) -> None:
        self.client = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        self.csrf = sign_in(self.client, token)

    def get(self, path: str) -> str:
        answer = self.client.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.text)
        return answer.text

    def post(self, path: str, **fields: object) -> tuple[int, str]:
        answer = self.client.post(path, data={**fields, "csrf": self.csrf})
        return answer.status_code, answer.headers.get("location", "") or answer.text


@pytest.fixture
def two(case: Path) -> Iterator[tuple[Desk, Desk, Path]]:
    with workbench(case) as (app, tokens):
        yield Desk(app, tokens["analyst"]), Desk(app, tokens["admin"]), case


def _log(case: Path) -> list[Judgement]:
    with tocsin.Case(case, create=False) as opened:
        return opened.judgements()


def _claim(case: Path) -> tuple[str, str]:
    """The claim about the duck: its id and that of its document."""
    with tocsin.Case(case, create=False) as opened:
        texts = {d.document_id: d.text for d in opened.documents()}
        found = next(c for c in opened.claims() if texts[c.document_id] == DUCK)
        return found.claim_id, found.document_id


def test_two_who_judge_the_same_see_both_versions_and_what_was_typed(two: tuple[Desk, Desk, Path]) -> None:
    ada, bo, case = two
    claim, _ = _claim(case)
    assert ada.post("/judge", finding_id=claim, verdict="confirm", seen=0, reason="I saw it")[0] == 303
    form = {"finding_id": claim, "verdict": "reject", "seen": 0, "reason": "my <b>long</b> reason"}
    status, page = bo.post("/judge", **form, next="/log")
    assert status == 409
    assert "I saw it" in page
    assert "my &lt;b&gt;long&lt;/b&gt; reason" in page
    assert [e.verdict for e in _log(case)] == ["confirm"]
    seen = re.findall(r'name="seen" value="(\d+)"', page)[-1]
    assert bo.post("/judge", **{**form, "seen": seen}) == (303, "/")
    assert [e.verdict for e in _log(case)] == ["confirm", "reject"]


def test_a_span_is_corrected_by_place_or_by_words(two: tuple[Desk, Desk, Path]) -> None:
    ada, _, case = two
    claim, document = _claim(case)
    start = DUCK.index("the duck")
    place = {"start": start - 1, "end": len(DUCK) - 1}
    assert ada.post("/judge", finding_id=claim, verdict="correct", seen=0, **place)[0] == 303
    found = read_correction(_log(case)[0].detail)
    assert found is not None
    assert found.words == DUCK[start:-1] == DUCK[found.spans[0].start : found.spans[0].end]
    assert found.words in ada.get(f"/documents/{document}").replace('<bdi dir="auto">', "")
    words = "harbour  master\nOla Finn … by 9 March"
    seen = {"seen": _log(case)[-1].sequence}
    assert ada.post("/judge", finding_id=claim, verdict="correct", words=words, **seen)[0] == 303
    found = read_correction(_log(case)[1].detail)
    assert found is not None
    assert found.words == "harbour master Ola Finn … by 9 March"
    for wrong in ({"words": "no such words"}, {"words": " … "}, {"start": 5, "end": 5000}):
        status, page = ada.post(
            "/judge", finding_id=claim, verdict="correct", seen=9, reason="kept words", **wrong
        )
        assert status == 400 or (status == 303 and "start" not in wrong), wrong
        if status == 400:
            assert "kept words" in page
    assert "corrected" in ada.get(f"/claims/{claim}")


def test_what_was_done_is_taken_back_by_a_further_entry(two: tuple[Desk, Desk, Path]) -> None:
    ada, _, case = two
    claim, _ = _claim(case)
    ada.post("/judge", finding_id=claim, verdict="reject", seen=0, reason="=hasty()")
    entry = _log(case)[0].sequence
    assert "=hasty()" in ada.get("/log")
    status, _ = ada.post("/judge", finding_id=claim, verdict="undo", detail=entry, seen=entry, next="/log")
    assert status == 303
    page = ada.get("/log?state=taken+back")
    assert "=hasty()" in page
    assert "=hasty()" not in ada.get("/log?state=in+force&verdict=reject")
    rows = list(csv.DictReader(io.StringIO(ada.get("/export/judgements.csv").removeprefix("\ufeff"))))
    assert [row["verdict"] for row in rows] == ["reject", "undo"]
    assert rows[0]["reason"] == "'=hasty()"


def test_the_log_is_read_page_by_page(two: tuple[Desk, Desk, Path]) -> None:
    ada, _, case = two
    claim, _ = _claim(case)
    for number in range(5):
        ada.post("/judge", finding_id=claim, verdict="comment", seen=number, reason=f"note {number}")
    address, notes = "/log?limit=2", []
    while address:
        page = ada.get(address)
        notes += re.findall(r"note \d", page)
        more = re.search(r'rel="next" href="([^"]+)"', page)
        address = more[1].replace("&amp;", "&") if more else ""
    assert notes == [f"note {n}" for n in (4, 3, 2, 1, 0)]


def test_a_forecast_is_resolved_with_source_and_date(two: tuple[Desk, Desk, Path]) -> None:
    ada, bo, case = two
    page = ada.get("/forecasts?words=duck")
    (forecast,) = set(re.findall(r'href="/forecasts/([0-9a-f]{32})"', page))
    assert "drift ashore" in ada.get(f"/forecasts/{forecast}")
    form = {"outcome": "came true", "date": "2031-03-08", "source": "https://harbour.example/duck", "seen": 0}
    assert ada.post(f"/forecasts/{forecast}/resolve", **form)[0] == 303
    entry = _log(case)[0]
    assert json.loads(entry.detail) == {k: form[k] for k in ("outcome", "date", "source")}
    shown = ada.get(f"/forecasts/{forecast}")
    assert 'href="https://harbour.example/duck"' in shown
    status, page = bo.post(f"/forecasts/{forecast}/resolve", **{**form, "outcome": "did not"})
    assert status == 409
    assert "harbour.example" in page
    assert "came true" in ada.get("/forecasts?status=came+true")
    status, page = bo.post(f"/forecasts/{forecast}/resolve", outcome="void", date="soon", seen=entry.sequence)
    assert status == 400
    assert "is no date" in page
    assert len(_log(case)) == 1
    assert "Ola Finn" in ada.get("/forecasts/scores")


def test_a_forecast_of_ones_own_is_entered_once(two: tuple[Desk, Desk, Path]) -> None:
    ada, _, case = two
    form = {"event": "the kite club apologises", "source": "Vera Tollund", "due": "2031-04-01"}
    status, address = ada.post("/forecasts", **form, probability="0.4")
    assert (status, address[:11]) == (303, "/forecasts/")
    assert "the kite club apologises" in ada.get(address)
    assert ada.post("/forecasts", **form)[0] == 400
    assert ada.post("/forecasts", **{**form, "due": "2031-05-01", "probability": "often"})[0] == 400
    assert len(_log(case)) == 1
    rows = [json.loads(line) for line in ada.get("/export/ledger.jsonl").splitlines()]
    assert "the kite club apologises" in {row["event"] for row in rows}


def test_a_board_is_made_rated_by_two_and_exported(two: tuple[Desk, Desk, Path]) -> None:
    ada, bo, case = two
    name = "Who cut the rope"
    status, address = ada.post("/hypotheses", board=name, text="The kite club\n\nThe wind\n")
    assert status == 303
    assert ada.post("/hypotheses", board=name, text="again")[0] == 400
    claim, _ = _claim(case)
    evidence = {
        "board": name,
        "text": "A knife was found",
        "source": "Ola Finn",
        "kind": "claim",
        "finding": claim,
    }
    assert ada.post("/hypotheses/evidence", **evidence)[0] == 303
    assert bo.post("/hypotheses/hypothesis", board=name, text="A gull")[0] == 303
    rate = {"board": name, "seen": 99, "cell": ["E1 H1 CC", "E1 H2 II", "E1 H3 "]}
    assert ada.post("/hypotheses/ratings", **rate)[0] == 303
    assert bo.post("/hypotheses/ratings", board=name, seen=99, cell=["E1 H1 II"])[0] == 303
    page = ada.get(address)
    assert "Where analysts differ" in page
    assert "A gull" in page
    before = len(_log(case))
    assert ada.post("/hypotheses/ratings", **rate)[0] == 303  # nothing differs from what she rated
    assert len(_log(case)) == before
    assert ada.post("/hypotheses/ratings", board=name, seen=0, cell=["E1 H1 N"])[0] == 409
    assert ada.post("/hypotheses/ratings", board=name, seen=99, cell=["E9 H1 N"])[0] == 404
    table = ada.get(f"{address}/board.csv?analyst=analyst+of+the+harbour")
    assert "CC,II" in table
    assert 'action="/hypotheses/evidence"' in ada.get(f"/claims/{claim}")
    assert "A knife was found" in ada.get(f"{address}/board.md")
    assert "analyst of the harbour" in ada.get("/hypotheses")
    assert ada.post("/hypotheses/import", board="Copy", text=table)[0] == 303
    assert "A knife was found" in ada.get(f"/hypotheses/{ach.board_id('Copy')}")


def test_hypotheses_added_at_once_get_marks_of_their_own(case: Path) -> None:
    with tocsin.Case(case) as one, tocsin.Case(case) as other:
        stale = other.desk()
        one.desk().add_hypothesis("board", "first", "Ada")
        with pytest.raises(tocsin.errors.ConflictError):
            stale.add_hypothesis("board", "second", "Bo")
        other.desk().add_hypothesis("board", "second", "Bo")
        board = one.desk().board("board")
    assert [(h.mark, h.text) for h in board.hypotheses] == [("H1", "first"), ("H2", "second")]


def test_the_matrix_shows_who_blames_whom_and_judges_it(two: tuple[Desk, Desk, Path]) -> None:
    ada = two[0]
    page = ada.get("/events")
    assert "Vera Tollund" in page
    (row,) = set(re.findall(r'id="b-([0-9a-f]{32})"', page))
    assert ada.post("/judge", finding_id=row, verdict="reject", seen=0)[0] == 303
    assert "Vera Tollund" not in ada.get("/events")
    assert ada.post("/hypotheses", board="proposed", propose="true")[0] == 303
    assert "hoax" in ada.get(f"/hypotheses/{ach.board_id('proposed')}")


def test_exports_are_files_with_nothing_that_runs(two: tuple[Desk, Desk, Path]) -> None:
    ada, _, _ = two
    for path in ("/export/documents.csv", "/export/claims.jsonl", "/export/found-claims.csv?kind=forecast"):
        answer = ada.client.get(path)
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(ada.get("/export/found-claims.csv").removeprefix("\ufeff"))))
    assert HARBOUR in {row["channel"] for row in rows}
    for path in ("/export/nothing.csv", "/export/claims.exe", "/export/ledger.parquet"):
        assert ada.client.get(path).status_code == 404, path
    secret = ada.client.post("/export", data={"name": "documents", "phrase": "low tide", "csrf": ada.csrf})
    assert HARBOUR not in {row["channel"] for row in csv.DictReader(io.StringIO(secret.text))}
    assert "account-" in secret.text


def test_the_brief_is_sent_as_a_file(two: tuple[Desk, Desk, Path]) -> None:
    answer = two[0].client.get("/export/brief.html")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "Ola Finn" in answer.text


def test_several_acts_are_appended_side_by_side(case: Path) -> None:
    with tocsin.Case(case) as opened:
        marks = opened.desk().add_hypotheses("board", ["one", "two", "three"], "Ada")
        assert marks == ["H1", "H2", "H3"]
        assert [h.text for h in opened.desk().board("board").hypotheses] == ["one", "two", "three"]


def test_files_are_sent_by_plain_forms(two: tuple[Desk, Desk, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from tocsin.serve.jobs import Jobs

    monkeypatch.setattr(Jobs, "_start", lambda _: None)  # kept, not read here
    ada = two[0]
    files = [("file", ("posts.json", b"{}")), ("file", ("<b>.csv", b"a,b"))]
    answer = ada.client.post("/upload", files=files, headers={"X-CSRF-Token": ada.csrf})
    assert (answer.status_code, answer.headers["location"]) == (303, "/upload")
    page = ada.get("/upload")
    assert "posts.json" in page
    assert "data-poll" in page
    assert "<b>.csv" not in page


def test_checks_are_listed(two: tuple[Desk, Desk, Path]) -> None:
    assert "No finding" in two[0].get("/checks")
    assert two[0].client.get("/checks?verdict=true").status_code == 422
