"""What inner loops sort, search and grow with."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tocsin.compiled import grown, lower_bound, sort_in_place

numbers = st.lists(st.integers(0, 2**32 - 1), max_size=300)


@given(numbers)
def test_sorted_as_numpy_sorts(values: list[int]) -> None:
    array = np.array(values, np.uint32)
    sort_in_place(array)
    assert array.tolist() == sorted(values)


@given(numbers, st.integers(0, 2**32 - 1))
def test_the_first_place_that_is_not_less(values: list[int], value: int) -> None:
    array = np.array(sorted(values), np.uint32)
    assert lower_bound(array, np.uint32(value)) == np.searchsorted(array, np.uint32(value))


def test_a_longer_array_begins_with_the_shorter() -> None:
    made = grown(np.arange(3, dtype=np.int32), 5)
    assert len(made) == 5
    assert made.dtype == np.int32
    assert made[:3].tolist() == [0, 1, 2]
