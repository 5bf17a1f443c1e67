"""The error tree is visible, exhaustive and documented."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest

from tocsin import errors
from tocsin.errors import InputError, TocsinError

DOCS = Path(__file__).parents[1] / "docs"


def _all(cls: type[TocsinError]) -> Iterator[type[TocsinError]]:
    yield cls
    for child in cls.__subclasses__():
        yield from _all(child)


TREE = sorted(set(_all(TocsinError)), key=lambda cls: cls.__name__)
LEAVES = [cls for cls in TREE if not cls.__subclasses__()]


def test_every_error_is_public_and_drawn_in_the_tree() -> None:
    assert {cls.__name__ for cls in TREE} == set(errors.__all__)
    for cls in TREE:
        assert cls.__name__ in (errors.__doc__ or "")


def test_codes_are_unique() -> None:
    codes = [cls.code for cls in TREE]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize("cls", LEAVES, ids=lambda cls: cls.__name__)
def test_every_leaf_tells_what_to_do(cls: type[TocsinError]) -> None:
    error = cls("the cause", file="a.json", position="line 3")
    assert error.remedy
    assert not error.remedy.endswith(".")
    assert str(error).startswith("a.json: line 3: the cause. ")
    assert error.exit_status in {1, 2, 3, 4}
    assert 400 <= error.http_status < 600


@pytest.mark.parametrize("cls", TREE, ids=lambda cls: cls.__name__)
def test_errors_cross_processes(cls: type[TocsinError]) -> None:
    error = cls("the cause", remedy="the remedy", file="a", position="b")
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is cls
    assert vars(again) == vars(error)


def test_input_errors_leave_with_status_three() -> None:
    assert {cls.exit_status for cls in _all(InputError)} == {3}
