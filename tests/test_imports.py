"""The one-way flow, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1] / "src" / "tocsin"

#: Left to right: a module imports its own package or one further left.
FLOW = (
    "errors",
    "collecting",
    "compiled",
    "model",
    "settings",
    "store",
    "read",
    "language",
    "extract",
    "resolve",
    "link",
    "search",
    "detect",
    "judge",
    "present",
    "stage",
    "pipeline",
    "ingest",
    "reading",
    "workers",
    "examples",
    "api",
    "evaluate",
    "serve",
    "cli",
    "testing",
)
MODULES = sorted(ROOT.rglob("*.py"))


def _room(path: Path) -> str:
    part = path.relative_to(ROOT).parts[0]
    return part.removesuffix(".py")


def _imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every tocsin module imported anywhere in a file: module level, inside functions, TYPE_CHECKING."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno}: relative import"
            yield node.lineno, node.module or ""


def test_the_flow_names_every_room() -> None:
    rooms = {_room(path) for path in MODULES} - {"__init__", "__main__"}
    assert rooms == set(FLOW)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_go_left(path: Path) -> None:
    room = _room(path)
    if room in {"__init__", "__main__"}:
        return
    for line, name in _imports(path):
        if not name.startswith("tocsin."):
            continue
        other = name.split(".")[1]
        if other == room:
            continue
        assert FLOW.index(other) < FLOW.index(room), f"{path}:{line}: {room} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_only_the_store_imports_an_engine(path: Path) -> None:
    for line, name in _imports(path):
        if name.split(".")[0] in {"duckdb", "sqlite3"}:
            assert _room(path) == "store", f"{path}:{line} imports {name}"


def test_importing_tocsin_is_light() -> None:
    heavy = (
        "pyarrow",
        "duckdb",
        "altair",
        "pymorphy3",
        "trafilatura",
        "fasttext",
        "jinja2",
        "click",
        "numpy",
        "onnxruntime",
        "sentencepiece",
    )
    code = f"import sys, tocsin; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "room",
    [
        "model",
        "read",
        "language",
        "extract",
        "resolve",
        "link",
        "search",
        "detect",
        "judge",
        "present",
        "cli",
    ],
)
def test_importing_a_room_loads_no_engine(room: str) -> None:
    heavy = (
        "pyarrow",
        "duckdb",
        "altair",
        "vl_convert",
        "pymorphy3",
        "trafilatura",
        "fasttext",
        "lxml",
        "onnxruntime",
        "sentencepiece",
    )
    code = f"import sys, tocsin.{room}; print([m for m in {heavy!r} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_public_names_are_sorted_and_real(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            names = ast.literal_eval(node.value)
            assert len(set(names)) == len(names)
            # Ruff's order (RUF022): constants, then classes, then the rest.
            assert names == sorted(names, key=lambda n: (not n.isupper(), not n[:1].isupper(), n))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    assert source.count("\n") <= 500, f"{path} is longer than 500 lines"
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 60, f"{path}:{node.lineno}: {node.name} has {length} lines"
            arguments = node.args
            count = len(arguments.posonlyargs + arguments.args + arguments.kwonlyargs)
            if arguments.args and arguments.args[0].arg in {"self", "cls"}:
                count -= 1
            # A command's parameters are its options: click passes them by name.
            if "cli" not in path.parts:
                assert count <= 6, f"{path}:{node.lineno}: {node.name} has {count} parameters"
