"""Who gets in, and how far: read from the route table itself."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator, MutableMapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from serve_helpers import bearer, csrf_of, sign_in, workbench

import tocsin
from tocsin.errors import InternalError, TooManyRequestsError, UsageError
from tocsin.serve.access import SESSION, Guarded
from tocsin.serve.app import routes_of
from tocsin.serve.limits import Limits, Rate
from tocsin.serve.tokens import Role, TokenBook

OPEN = {("GET", "/sign-in"), ("POST", "/sign-in"), ("POST", "/look"), ("GET", "/look.css")}


def _concrete(path: str) -> str:
    return re.sub(r"\{[^}]+\}", "0" * 32, path)


def _routes() -> Iterator[tuple[str, str, Role | None]]:
    for route in routes_of():
        for method in sorted(route.methods - {"HEAD"}):
            yield method, route.path, route.needed_role


def test_without_a_token_there_is_nothing_but_the_sign_in_page(case: Path) -> None:
    with workbench(case) as (app, _), bearer(app) as client:
        seen = set()
        for method, path, role in _routes():
            answer = client.request(method, _concrete(path))
            if role is None:
                seen.add((method, path))
                continue
            assert answer.status_code in {303, 401}, (method, path, answer.text)
            assert "duck" not in answer.text
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/sign-in?next=")
        assert seen == OPEN
        for unknown in ("/no-such-page", "/api/v1/no-such", "/docs", "/openapi.json"):
            assert client.get(unknown).status_code in {303, 401}


def test_a_lesser_role_is_refused_and_changes_nothing(case: Path) -> None:
    before = tocsin.Case(case).judgements()
    with workbench(case) as (app, tokens):
        for role in (Role.READER, Role.ANALYST):
            with bearer(app, tokens[role]) as client:
                refused = [(m, p) for m, p, needed in _routes() if needed and not role.allows(needed)]
                for method, path in refused:
                    answer = client.request(method, _concrete(path))
                    assert answer.status_code == 403, (role, method, path)
        names = {t.name for t in TokenBook(case).tokens()}
        assert names == {f"{role} of the harbour" for role in Role}
    assert tocsin.Case(case).judgements() == before


def test_a_route_that_does_not_say_who_may_use_it_cannot_be_made() -> None:
    def page() -> str:
        return "open to all by mistake"

    with pytest.raises(InternalError, match="who may use it"):
        Guarded("/new", page)


def test_every_answer_has_a_strict_policy(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as client:
        for path in ("/claims", "/sign-in", "/static/serve.css", "/nothing", "/claims?kind=none"):
            headers = client.get(path).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert headers["x-content-type-options"] == "nosniff"


def test_a_session_is_signed_and_ends(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app) as client:
        assert client.post("/sign-in", data={"token": "tocsin_wrong"}).status_code == 401
        csrf = sign_in(client, tokens["analyst"])
        cookie = client.cookies[SESSION]
        assert client.get("/claims").status_code == 200
        client.cookies.clear()
        client.cookies.set(SESSION, cookie[:-1] + ("0" if cookie[-1] != "0" else "1"))
        assert client.get("/claims").status_code == 303
        for nonsense in ("", "...", "a.b.c.d", "%.1.2.3"):
            client.cookies.clear()
            client.cookies.set(SESSION, nonsense)
            assert client.get("/claims").status_code == 303
        client.cookies.clear()
        client.cookies.set(SESSION, cookie)
        assert client.post("/sign-out", data={"csrf": csrf}).status_code == 303
        client.cookies.clear()
        client.cookies.set(SESSION, cookie)
        assert client.get("/claims").status_code == 303


def test_the_cookie_is_kept_from_scripts_and_other_sites(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app) as client:
        header = client.post("/sign-in", data={"token": tokens["reader"]}).headers["set-cookie"].lower()
        assert "httponly" in header
        assert "samesite=strict" in header


def test_forms_of_other_sites_are_refused(case: Path) -> None:
    form = {"finding_id": "x", "verdict": "comment", "seen": "0"}
    with workbench(case) as (app, tokens), bearer(app) as client:
        csrf = sign_in(client, tokens["analyst"])
        own = {"Origin": "http://127.0.0.1"}
        assert client.post("/judge", data=form).status_code == 403
        assert client.post("/judge", data={**form, "csrf": "0" * 64}).status_code == 403
        good = {**form, "csrf": csrf}
        for headers in (
            {"Origin": "http://evil.example"},
            {"Origin": "null"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
        ):
            assert client.post("/judge", data=good, headers=headers).status_code == 403
        assert client.post("/judge", data=good, headers=own).status_code == 404  # no such finding
        assert client.post("/judge", data=form, headers={"X-CSRF-Token": csrf}).status_code == 404


def test_other_names_are_refused(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app, tokens["admin"]) as client:
        for host in ("evil.example", "127.0.0.1.evil.example", "", "[", "a@b:c"):
            assert client.get("/claims", headers={"Host": host}).status_code == 421
        assert client.get("/claims", headers={"Host": "localhost:8765"}).status_code == 200


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/\\evil", "javascript:x", "/a\nb"]
)
def test_signing_in_leads_nowhere_else(case: Path, target: str) -> None:
    with workbench(case) as (app, tokens), bearer(app) as client:
        answer = client.post("/sign-in", data={"token": tokens["reader"], "next": target})
        assert answer.headers["location"] == "/"


def _status_without_length(app: FastAPI, parts: list[bytes]) -> int:
    """The answer to a sign-in whose body does not say how long it is."""
    statuses = []
    headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-www-form-urlencoded")]
    scope = {"type": "http", "method": "POST", "path": "/sign-in", "query_string": b"", "headers": headers}

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": parts.pop(0) if parts else b"", "more_body": bool(parts)}

    async def send(message: MutableMapping[str, Any]) -> None:
        statuses.append(message.get("status"))

    asyncio.run(app({**scope, "http_version": "1.1", "scheme": "http"}, receive, send))
    return int(statuses[0])


def test_bodies_and_requests_are_limited(case: Path) -> None:
    with workbench(case, Limits(requests=0.1, sign_ins=3, body=2000)) as (app, tokens):
        with bearer(app) as client:
            failed = [client.post("/sign-in", data={"token": "x"}).status_code for _ in range(5)]
            assert failed == [401, 401, 401, 429, 429]
        with bearer(app, tokens["reader"]) as client:
            assert client.post("/sign-in", data={"token": "x" * 3000}).status_code == 413
            assert _status_without_length(app, [b"token=", *[b"x" * 70_000] * 2]) == 413
            assert [client.get("/claims").status_code for _ in range(3)] == [200, 200, 429]


def test_a_bucket_refills() -> None:
    now = [0.0]
    rate = Rate(2.0, 3, lambda: now[0])
    for _ in range(3):
        rate.spend("a")
    with pytest.raises(TooManyRequestsError):
        rate.spend("a")
    rate.spend("b")
    now[0] = 0.5
    rate.spend("a")
    with pytest.raises(TooManyRequestsError):
        rate.spend("a")


def test_tokens_are_kept_by_digest_and_can_be_removed(tmp_path: Path) -> None:
    book = TokenBook(tmp_path)
    token = book.add("Ola Finn", Role.ANALYST)
    content = (tmp_path / "serve.json").read_text(encoding="utf-8")
    assert token not in content
    assert (tmp_path / "serve.json").stat().st_mode & 0o077 == 0
    other = TokenBook(tmp_path)
    found = other.find(token)
    assert found is not None
    assert (found.name, found.role) == ("Ola Finn", Role.ANALYST)
    with pytest.raises(UsageError, match="there is a token"):
        other.add("Ola Finn", Role.READER)
    other.remove("Ola Finn")
    assert book.find(token) is None
    with pytest.raises(UsageError, match="no token named"):
        book.remove("Ola Finn")


def test_a_token_added_while_the_workbench_runs_counts_at_once(case: Path) -> None:
    with workbench(case) as (app, _):
        late = TokenBook(case).add("late", Role.READER)
        with bearer(app, late) as client:
            assert client.get("/claims").status_code == 200
            TokenBook(case).remove("late")
            assert client.get("/claims", headers={"Accept": "application/json"}).status_code == 401


def test_the_sign_in_form_works_for_who_is_signed_in(case: Path) -> None:
    with workbench(case) as (app, tokens), bearer(app) as client:
        sign_in(client, tokens["reader"])
        csrf = csrf_of(client.get("/sign-in"))
        again = client.post("/sign-in", data={"token": tokens["analyst"], "csrf": csrf})
        assert again.status_code == 303
