"""A small invented case, and clients of every role over copies of it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
from fastapi import FastAPI
from starlette.testclient import TestClient

import tocsin
from tocsin.serve.app import create_app
from tocsin.serve.limits import Limits
from tocsin.serve.tokens import Role, TokenBook
from tocsin.settings import Settings

SETTINGS = Settings({"run.workers": 1, "extract.method": "rules"})
BASE = "http://127.0.0.1"
HOSTILE = '<script>alert("duck")</script>'
HARBOUR = "Harbour Lantern"
POSTS = (
    (HARBOUR, "2031-03-01", "The harbour master Ola Finn said the duck would drift ashore by 9 March 2031."),
    (
        HARBOUR,
        "2031-03-02",
        "Mayor Vera Tollund blamed the Kite Club for the loss of the duck. The club denies it.",
    ),
    ("Вестник Причала", "2031-03-03", "По словам Олы Финна, надувная утка, возможно, отцепилась сама."),
    (HOSTILE, None, f"Sources say the lanterns of Brindle Bay went out. {HOSTILE} javascript:alert(1)"),
)


def build_case(folder: Path) -> Path:
    """A case of four posts."""
    posts = folder / "posts.jsonl"
    lines = []
    for number, (channel, date, text) in enumerate(POSTS):
        post = {
            "id": number,
            "channel": channel,
            "text": text,
            "url": "javascript:alert(1)" if number == 3 else "",
        }
        lines.append(json.dumps(post | ({"date": date} if date else {}), ensure_ascii=False))
    posts.write_text("\n".join(lines), encoding="utf-8")
    with tocsin.Case(
        folder / "case", settings=Settings({"run.workers": 1, "extract.method": "rules"})
    ) as case:
        case.add([posts])
    return folder / "case"


@contextmanager
def workbench(case: Path, limits: Limits | None = None) -> Iterator[tuple[FastAPI, dict[str, str]]]:
    """The app over a case, with a token of each role."""
    book = TokenBook(case)
    tokens = {str(role): book.add(f"{role} of the harbour", role) for role in Role}
    app = create_app(case, settings=SETTINGS, limits=limits)
    try:
        yield app, tokens
    finally:
        app.state.bench.close()


@contextmanager
def bearer(app: FastAPI, token: str = "") -> Iterator[TestClient]:
    """A client: with a token a program's, without one a browser's. The app goes on after it."""
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    yield TestClient(app, base_url=BASE, headers=headers, follow_redirects=False)


def sign_in(client: TestClient, token: str) -> str:
    """Begin a session in a browser's client; returns the secret its forms carry."""
    answer = client.post("/sign-in", data={"token": token, "next": "/claims"})
    assert answer.status_code == 303
    return csrf_of(client.get("/claims"))


def csrf_of(page: httpx2.Response) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]
