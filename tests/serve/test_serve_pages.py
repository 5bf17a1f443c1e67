"""The pages of claims and documents, and judging from them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from serve_helpers import HOSTILE, bearer, sign_in, workbench

import tocsin
from tocsin.errors import BadCursorError
from tocsin.model import TABLES
from tocsin.serve.claim_list import find_claims
from tocsin.serve.filters import ClaimFilters
from tocsin.serve.i18n import choose
from tocsin.serve.lists import NEVER
from tocsin.serve.paging import decode, encode
from tocsin.serve.reading import CaseReader


def _claims(html: str) -> list[str]:
    return re.findall(r'data-claim="([0-9a-f]+)"', html)


#: A script that is not of the workbench's own files.
FOREIGN_SCRIPT = re.compile(r'<script(?! src="/static/[a-z]+\.js" defer></script>)')


def test_filters_and_cursor_give_every_claim_once(case: Path) -> None:
    view = CaseReader(case).view()
    everything = {c.claim_id for c in tocsin.Case(case).claims()}
    for sort in ("newest", "oldest", "score"):
        found: list[str] = []
        cursor = None
        while True:
            listed = find_claims(view, ClaimFilters(sort=sort, limit=1, cursor=cursor))
            assert listed.total == len(everything)
            found += [claim for claim, _ in listed.claims]
            cursor = listed.next
            if cursor is None:
                break
        assert len(found) == len(everything)
        assert set(found) == everything


def test_a_made_up_cursor_is_no_error_of_ours(case: Path) -> None:
    view = CaseReader(case).view()
    for last in ("", "not an id", "'", "g" * 32):
        with pytest.raises(BadCursorError):
            find_claims(view, ClaimFilters(cursor=encode("claims newest", [1, last])))
    beyond = encode("claims newest", [-NEVER, "f" * 32])
    assert find_claims(view, ClaimFilters(cursor=beyond)).claims == ()


def test_filters_keep_what_they_name(case: Path) -> None:
    view = CaseReader(case).view()
    rows = list(tocsin.Case(case).claims())
    some = rows[0]
    for name in ("kind", "certainty", "source_kind", "language"):
        wanted = getattr(some, name)
        listed = find_claims(view, ClaimFilters(**{name: wanted}))
        assert {c for c, _ in listed.claims} == {r.claim_id for r in rows if getattr(r, name) == wanted}
    dated = find_claims(view, ClaimFilters(since="2031-03-02", until="2031-03-02"))
    days = {str(tocsin.Case(case).document(d).published.date()) for _, d in dated.claims}  # type: ignore[union-attr]
    assert days <= {"2031-03-02"}
    assert find_claims(view, ClaimFilters(channel="harbour lantern")).total >= 1
    assert find_claims(view, ClaimFilters(channel="nobody")).total == 0


@pytest.mark.parametrize(
    "cursor", ["", "x", "ÿ", encode("claims newest", ["a", "b"]), encode("other", [1, "b"])]
)
def test_a_foreign_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadCursorError):
        decode("claims newest", cursor, (int, str))


def test_the_pages_show_hostile_words_as_words(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        page = client.get("/claims")
        assert page.status_code == 200
        assert HOSTILE not in page.text
        assert not FOREIGN_SCRIPT.search(page.text)
        assert " style=" not in page.text
        assert 'href="javascript' not in page.text
        for document in set(re.findall(r"/documents/[0-9a-f]{32}", page.text)):
            text = client.get(document).text
            assert not FOREIGN_SCRIPT.search(text)
            assert 'href="javascript' not in text


def test_the_reader_shows_the_text_verbatim(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        for document in tocsin.Case(case).documents():
            html = client.get(f"/documents/{document.document_id}").text
            article = re.search(r'<article class="reader-text">(.*?)</article>', html, re.DOTALL)
            assert article is not None
            shown = re.sub(r"<[^>]+>", "", article[1])
            for entity, sign in (
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&#34;", '"'),
                ("&#39;", "'"),
                ("&amp;", "&"),
            ):
                shown = shown.replace(entity, sign)
            assert shown == document.text
        assert client.get("/documents/" + "0" * 32).status_code == 404


def test_judging_from_the_page_and_the_conflict_of_two(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app) as ann, bearer(app) as bob:
        csrf_ann, csrf_bob = sign_in(ann, tokens["analyst"]), sign_in(bob, tokens["admin"])
        claim = _claims(ann.get("/claims").text)[0]
        form = {"finding_id": claim, "seen": "0", "next": f"/claims#c-{claim}"}
        first = ann.post("/judge", data={**form, "verdict": "confirm", "csrf": csrf_ann})
        assert (first.status_code, first.headers["location"]) == (303, f"/claims#c-{claim}")
        late = bob.post("/judge", data={**form, "verdict": "reject", "csrf": csrf_bob})
        assert late.status_code == 409
        again = bob.post("/judge", data={**form, "verdict": "reject", "seen": "1", "csrf": csrf_bob})
        assert again.status_code == 303
        assert _claims(bob.get("/claims?judged=reject").text) == [claim]
        assert claim not in _claims(bob.get("/claims?judged=machine").text)
    log = tocsin.Case(case).judgements()
    assert [(e.verdict, e.author) for e in log] == [
        ("confirm", "analyst of the harbour"),
        ("reject", "admin of the harbour"),
    ]


def test_a_reader_sees_no_forms_of_judgement(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app) as client:
        sign_in(client, tokens["reader"])
        assert 'action="/judge"' not in client.get("/claims").text


def test_an_unchanged_page_is_not_sent_again(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["analyst"]) as client:
        page = client.get("/claims")
        etag = page.headers["etag"]
        assert client.get("/claims", headers={"If-None-Match": etag}).status_code == 304
        claim = _claims(page.text)[0]
        answer = client.post("/judge", data={"finding_id": claim, "verdict": "comment", "seen": "0"})
        assert answer.status_code == 303
        assert client.get("/claims", headers={"If-None-Match": etag}).status_code == 200
        russian = {"If-None-Match": etag, "Accept-Language": "ru"}
        assert client.get("/claims", headers=russian).status_code == 200


def test_problems_have_one_shape(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        wanted = {"type", "title", "status", "detail", "instance", "code", "remedy"}
        for path, status in (("/claims?kind=none", 422), ("/nothing", 404), ("/claims?cursor=x", 400)):
            answer = client.get(path, headers={"Accept": "application/json"})
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
            assert set(answer.json()) == wanted
            assert client.get(path).headers["content-type"].startswith("text/html")
        assert client.post("/claims").status_code == 405


@pytest.mark.parametrize(
    ("cookie", "accept", "language"),
    [
        (None, None, "en"),
        ("ru", "en", "ru"),
        ("xx", "de, ru;q=0.8, en;q=0.7", "ru"),
        (None, "ru-RU;q=0, en;q=0.1", "en"),
        (None, ";;q=x,,", "en"),
        ("<b>", "kk", "en"),
    ],
)
def test_the_language_of_a_page(cookie: str | None, accept: str | None, language: str) -> None:
    assert choose(cookie, accept) == language


def test_the_interface_speaks_russian(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        html = client.get("/claims", headers={"Accept-Language": "ru"}).text
        assert '<html lang="ru"' in html
        assert "Утверждения" in html
        client.post("/look", data={"language": "en", "theme": "dark"})
        assert 'lang="en" data-theme="dark"' in client.get("/claims", headers={"Accept-Language": "ru"}).text


def test_every_message_has_a_translation() -> None:
    script = Path(__file__).parents[2] / "docs" / "build_messages.py"
    done = subprocess.run([sys.executable, script, "--check"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_rows_beside_their_documents_are_those_of_a_query(case: Path) -> None:
    with tocsin.Case(case) as opened:
        snapshot = opened.snapshot()
        ids = [d.document_id for d in opened.documents()][:3]
        for name, table in TABLES.items():
            if "document_id" in table.column_names:
                assert snapshot.of_documents(name, ids).equals(snapshot.select(name, "document_id", ids)), (
                    name
                )
        assert [snapshot.current_of(key) for key in ids] == ids
        assert snapshot.current_of("0" * 32) is None
