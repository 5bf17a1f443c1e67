from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from tocsin.judge import standing
from tocsin.model import Judgement

NOON = datetime(2024, 4, 3, 12, tzinfo=UTC)


def entry(sequence: int, finding: str, verdict: str, detail: str = "") -> Judgement:
    return Judgement(sequence, finding, verdict, "ann", "", detail, "", NOON)


def test_the_latest_stands() -> None:
    log = [entry(1, "f", "confirm"), entry(2, "g", "reject"), entry(3, "f", "reject")]
    assert {key: value.sequence for key, value in standing(log).items()} == {"f": 3, "g": 2}


def test_an_undo_brings_back_what_stood_before() -> None:
    log = [entry(1, "f", "confirm"), entry(2, "f", "reject"), entry(3, "f", "undo", "2")]
    assert standing(log)["f"].sequence == 1


def test_an_undo_can_be_undone() -> None:
    log = [entry(1, "f", "confirm"), entry(2, "f", "undo", "1"), entry(3, "f", "undo", "2")]
    assert standing(log)["f"].sequence == 1


def test_a_comment_takes_no_position() -> None:
    assert standing([entry(1, "f", "comment")]) == {}


ACTS = st.lists(
    st.tuples(
        st.sampled_from("fg"), st.sampled_from(["confirm", "reject", "undo", "comment"]), st.integers(0, 9)
    ),
    max_size=10,
)


@given(ACTS, st.randoms())
def test_the_view_is_a_function_of_the_log_alone(acts: list, random) -> None:
    log = [entry(n + 1, finding, verdict, str(detail)) for n, (finding, verdict, detail) in enumerate(acts)]
    shuffled = list(log)
    random.shuffle(shuffled)
    assert standing(shuffled) == standing(log)
    assert all(value in log for value in standing(log).values())
