from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.testing.ratchet import BelowFloorError, check, digest_files, settle, write


def test_a_floor_is_met_or_the_run_fails(tmp_path: Path) -> None:
    path = tmp_path / "floor.json"
    write(path, "d", {"f": 0.8129})
    check(path, "d", {"f": 0.812})
    with pytest.raises(BelowFloorError, match=r"floor is 0\.812"):
        check(path, "d", {"f": 0.8119})
    with pytest.raises(BelowFloorError, match="not measured"):
        check(path, "d", {"g": 1.0})
    with pytest.raises(BelowFloorError, match="measured on"):
        check(path, "other", {"f": 1.0})


def test_a_floor_goes_down_only_when_told(tmp_path: Path) -> None:
    path = tmp_path / "floor.json"
    write(path, "d", {"f": 0.8})
    write(path, "d", {"f": 0.9})
    with pytest.raises(BelowFloorError):
        write(path, "d", {"f": 0.85})
    check(path, "d", {"f": 0.9})
    write(path, "d", {"f": 0.85}, lower=True)
    check(path, "d", {"f": 0.86})


def test_the_digest_is_of_names_and_bytes(tmp_path: Path) -> None:
    one, other = tmp_path / "a", tmp_path / "b"
    one.write_text("x")
    other.write_text("y")
    assert digest_files([one, other]) == digest_files([other, one])
    before = digest_files([one])
    one.write_text("z")
    assert digest_files([one]) != before


def test_a_benchmark_settles_with_its_floor(tmp_path: Path) -> None:
    path = tmp_path / "floors" / "x.json"
    assert "written" in settle(path, "d", {"f": 0.5}, "raise")
    assert "kept" in settle(path, "d", {"f": 0.6}, "check")
    with pytest.raises(BelowFloorError):
        settle(path, "d", {"f": 0.4}, "check")
    with pytest.raises(BelowFloorError):
        settle(path, "d", {"f": 0.4}, "raise")
    settle(path, "d", {"f": 0.4}, "lower")
    settle(path, "d", {"f": 0.4}, "check")
    with pytest.raises(ValueError, match="guess"):
        settle(path, "d", {"f": 0.4}, "guess")
