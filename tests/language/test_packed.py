"""Weights in 8 bits: what is read is near what was written, small arrays are untouched."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.language.core import WEIGHTS as CORE
from tocsin.language.packed import STEP, pack, unpack
from tocsin.language.tagger import WEIGHTS as TAGGER


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.floats(0.01, 100))
def test_an_error_is_at_most_half_a_step(seed: int, scale: float) -> None:
    array = (np.random.default_rng(seed).standard_normal((64, 96)) * scale).astype(np.float32)
    stored = pack({"w": array})
    assert stored["w"].dtype == np.int8
    error = np.abs(unpack(stored)["w"] - array)
    # Steps are kept in half precision, so the greatest number of a row may be off by a thousandth more.
    assert (error <= 0.51 * stored["w" + STEP].astype(np.float32) + 1e-3 * np.abs(array)).all()


def test_rows_of_nothing_stay_nothing_and_small_arrays_stay_as_they_are() -> None:
    given_arrays = {
        "zeros": np.zeros((64, 64), dtype=np.float32),
        "bias": np.linspace(-1, 1, 5000, dtype=np.float32),
        "small": np.full((4, 4), 0.5, dtype=np.float32),
    }
    found = unpack(pack(given_arrays))
    assert found.keys() == given_arrays.keys()
    assert not found["zeros"].any()
    assert np.allclose(found["bias"], given_arrays["bias"], atol=1e-3)
    assert (found["small"] == 0.5).all()


def test_half_precision_files_without_steps_are_read_too() -> None:
    array = np.eye(80, dtype=np.float16)
    assert (unpack({"w": array})["w"] == array).all()


@pytest.mark.parametrize("name", [CORE, TAGGER])
def test_the_weights_that_ship_are_packed(name: str) -> None:
    from importlib.resources import as_file, files

    with as_file(files("tocsin.language") / "weights" / name) as path, np.load(path) as stored:
        named = {
            k: stored[k] for k in stored.files if not k.startswith(("table", "graph.", "pieces", "lexicon"))
        }
    again = pack(unpack(named))
    assert again.keys() == named.keys()


def test_all_weights_together_stay_under_fifteen_megabytes() -> None:
    from importlib.resources import as_file, files

    with as_file(files("tocsin.language") / "weights") as folder:
        assert sum(path.stat().st_size for path in folder.iterdir()) <= 15_000_000
