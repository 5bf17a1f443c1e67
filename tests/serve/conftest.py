"""One small case for all tests of the workbench; those that write take a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from serve_helpers import build_case
from told_helpers import build_told


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_case(tmp_path_factory.mktemp("serve"))


@pytest.fixture
def case(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "case"))


@pytest.fixture(scope="session")
def told_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_told(tmp_path_factory.mktemp("told"))


@pytest.fixture
def told(told_once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(told_once, tmp_path / "told"))
