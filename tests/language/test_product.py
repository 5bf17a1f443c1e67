"""A row of a product is the same to the byte whichever rows stand beside it."""

from __future__ import annotations

import numpy as np
import pytest

from tocsin.language.product import product


@pytest.mark.parametrize(("inner", "outer"), [(512, 768), (256, 1280), (1280, 256), (321, 33)])
def test_a_row_is_the_same_in_any_company(inner: int, outer: int) -> None:
    random = np.random.default_rng(11)
    left = random.standard_normal((300, inner)).astype(np.float32)
    right = random.standard_normal((inner, outer)).astype(np.float32)
    whole = product(left, right)
    np.testing.assert_allclose(whole, left @ right, atol=1e-3)
    for count in (1, 2, 3, 5, 8, 13, 32, 33, 100, 257):
        for first in (0, 1, 7, 43):
            rows = slice(first, first + count)
            assert product(left[rows], right).tobytes() == whole[rows].tobytes(), (count, first)


def test_no_rows() -> None:
    assert product(np.zeros((0, 4), np.float32), np.ones((4, 2), np.float32)).shape == (0, 2)
