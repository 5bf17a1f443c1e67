"""Pages that explain: the interface for programs, and the workbench for people."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from serve_helpers import bearer, workbench
from starlette.testclient import TestClient

from tocsin.serve.manual import COMMON, resources
from tocsin.serve.menu import MENU
from tocsin.serve.pages.guide import PAGES
from tocsin.serve.tokens import Role


@pytest.fixture
def client(case: Path) -> Iterator[TestClient]:
    with workbench(case) as (app, tokens), bearer(app, tokens["reader"]) as made:
        yield made


def test_every_operation_is_described_for_people(client: TestClient) -> None:
    described = client.get("/api/v1/openapi.json").json()
    index = client.get("/api/v1/docs")
    assert index.headers["content-type"].startswith("text/html")
    names = set(re.findall(r'href="/api/v1/docs/([\w-]+)"', index.text))
    parts = {name: client.get(f"/api/v1/docs/{name}").text for name in names}
    for path, operations in described["paths"].items():
        assert path in index.text
        for operation in operations.values():
            told = parts[operation["tags"][0]]
            assert f'id="{operation["operationId"]}"' in told
            for parameter in operation.get("parameters", ()):
                assert f"<code>{parameter['name']}</code>" in told
    for text in parts.values():
        links = set(re.findall(r'href="#(m-[^"]+)"', text))
        assert links <= {f"m-{name}" for name in re.findall(r'id="m-([^"]+)"', text)}
        assert "http" not in re.sub(r"http://127\.0\.0\.1", "", re.sub(r"http://testserver", "", text))
    assert client.get("/api/v1/docs/nothing").status_code == 404


def test_types_are_told_in_words() -> None:
    parameter = {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 9.0}}
    optional = {"name": "q", "in": "query", "schema": {"anyOf": [{"type": "string"}, {"type": "null"}]}}
    answers = {code: {"description": "wrong"} for code in COMMON} | {"200": {"description": "fine"}}
    operation = {"tags": ["x"], "parameters": [parameter, optional], "responses": answers}
    described = {"paths": {"/x": {"get": operation}}, "components": {"schemas": {}}}
    (made,) = resources(described, {("GET", "/x"): Role.READER})
    (own,) = made.operations
    assert own.role == "reader"
    assert ["".join(p.words for p in field.type) for field in own.parameters] == ["integer, 1 to 9", "string"]
    assert [answer.status for answer in own.answers] == ["200"]


def test_the_guide_tells_of_every_page_in_the_menu(client: TestClient) -> None:
    entries = {address for _, group in MENU for address, _ in group}
    assert set(PAGES) == entries - {"/help"}
    for language, word in (("en", "Which page answers what"), ("ru", "На какой вопрос отвечает страница")):
        page = client.get("/help", headers={"Accept-Language": language}).text
        assert word in page
        assert all(f'href="{address}"' in page for address in entries)
