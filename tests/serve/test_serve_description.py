"""The interface against its own description: every request made of it is answered as it says."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.generation import GenerationMode
from serve_helpers import bearer, workbench

from tocsin.serve.limits import Limits

load_all_checks()
#: A cursor of another list or an undo of no entry fits every schema and still means nothing.
EXPECTED = ["2xx", "400", "401", "403", "404", "409"]
ENDLESS = "/api/v1/alarms/stream"


@pytest.fixture
def served(built: Path, tmp_path: Path) -> Iterator[tuple[FastAPI, str]]:
    """A workbench for one test: schemathesis shuts down the one it has asked."""
    case = shutil.copytree(built, tmp_path / "case")
    with workbench(Path(case), Limits(requests=1e6, sign_ins=1e6)) as (app, tokens):
        yield app, tokens["admin"]


#: A file is any bytes: none can be of a wrong type.
ANY_BYTES = "/api/v1/uploads"
TRIES = settings(
    max_examples=2,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
    deadline=None,
    database=None,
)


def _ask(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> bool:
    """Make some requests of an operation; False when it has none of that sort."""
    checks = CHECKS.get_all()
    if operation.path == ANY_BYTES:
        checks = [check for check in checks if check.__name__ != "negative_data_rejection"]

    @TRIES
    @given(request=operation.as_strategy(generation_mode=mode))
    def ask(request: Any) -> None:
        request.call_and_validate(headers=headers, checks=checks)

    try:
        ask()
    except Unsatisfiable:  # an operation without parameters has no wrong request
        return False
    return True


def test_the_interface_answers_as_described(served: tuple[FastAPI, str]) -> None:
    app, token = served
    headers = {"Authorization": f"Bearer {token}", "Host": "127.0.0.1"}
    schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", app, headers=headers)
    schema.config.checks.positive_data_acceptance.expected_statuses = EXPECTED
    operations = [found.ok() for found in schema.exclude(path=ENDLESS).get_all_operations()]
    asked = [_ask(operation, mode, headers) for operation in operations for mode in GenerationMode]
    assert sum(asked) > 50


def test_one_value_given_twice_is_refused(served: tuple[FastAPI, str]) -> None:
    app, token = served
    with bearer(app, token) as client:
        answer = client.get("/api/v1/surges?subject=a&subject=b")
    assert answer.status_code == 422
    assert "subject: given more than once" in answer.json()["detail"]


def test_it_is_openapi_3_1_and_every_response_is_described(served: tuple[FastAPI, str]) -> None:
    app, token = served
    with bearer(app, token) as client:
        described = client.get("/api/v1/openapi.json").json()
    assert described["openapi"] == "3.1.0"
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert {"401", "403", "422", "429"} <= set(operation["responses"]), (method, path)
            assert operation["summary"]
