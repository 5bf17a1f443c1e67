from __future__ import annotations

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.judge.scores import Scored, base_rate, beta_interval, brier, log_score, scores_of

FORECASTS = st.lists(st.builds(Scored, st.floats(0, 1), st.booleans()), min_size=1, max_size=30)


def test_closed_forms() -> None:
    own = [Scored(0.8, True), Scored(0.3, False), Scored(0.6, False)]
    assert brier(own) == pytest.approx((0.04 + 0.09 + 0.36) / 3)
    assert log_score(own) == pytest.approx(-(math.log(0.8) + math.log(0.7) + math.log(0.4)) / 3)
    found = scores_of(own, 0.5)
    assert found.skill is not None
    assert found.skill.value == pytest.approx(1 - brier(own) / 0.25)
    assert (found.count, found.happened) == (3, 1)


def test_nothing_has_no_score_and_no_probability_is_no_forecast() -> None:
    with pytest.raises(ValueError, match="no forecasts"):
        brier([])
    with pytest.raises(ValueError, match="between 0 and 1"):
        scores_of([Scored(1.2, True)], 0.5)


@settings(max_examples=10, deadline=None)
@given(FORECASTS)
def test_scores_lie_in_their_intervals_and_bounds(own: list[Scored]) -> None:
    found = scores_of(own, 0.4)
    for interval, highest in ((found.brier, 1.0), (found.log, -math.log(0.01))):
        assert 0 <= interval.low <= interval.value <= interval.high <= highest + 1e-9
    assert sum(b.count for b in found.bins) == len(own)
    assert scores_of(own, 0.4) == found


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.floats(0, 1))
def test_the_mean_outcome_is_the_best_constant(outcomes: list[bool], constant: float) -> None:
    mean = sum(outcomes) / len(outcomes)
    best = brier([Scored(mean, o) for o in outcomes])
    assert best <= brier([Scored(constant, o) for o in outcomes]) + 1e-12


def test_intervals_narrow_with_more_forecasts() -> None:
    few = scores_of([Scored(0.9, True)] * 3, 0.5).brier
    many = scores_of([Scored(0.9, True)] * 300, 0.5).brier
    assert few.high - few.low > 5 * (many.high - many.low)
    assert few.high > 0.2  # three hits are no proof


def test_a_share_of_nothing_may_be_anything() -> None:
    found = beta_interval(0, 0)
    assert math.isnan(found.value)
    assert (found.low, found.high) == (0.0, 1.0)


def test_who_always_cries_wolf_has_no_skill() -> None:
    generator = random.Random(3)
    rare = [generator.random() < 0.1 for _ in range(60)]
    alarm = scores_of([Scored(0.95, o) for o in rare], base_rate(rare))
    calm = scores_of([Scored(0.1, o) for o in rare], base_rate(rare))
    assert alarm.skill is not None
    assert alarm.skill.high < 0
    assert calm.brier.high < alarm.brier.low


def test_a_planted_source_is_recovered_within_its_interval() -> None:
    """The benchmark counts this over many worlds; here a few must hold often enough to show that it can
    fail.
    """
    generator = random.Random(11)
    held = 0
    for _ in range(30):
        said = [generator.choice([0.1, 0.3, 0.68, 0.95]) for _ in range(25)]
        true = {0.1: 0.05, 0.3: 0.4, 0.68: 0.6, 0.95: 0.8}
        own = [Scored(p, generator.random() < true[p]) for p in said]
        expected = sum(true[p] * (1 - p) ** 2 + (1 - true[p]) * p**2 for p in said) / len(said)
        interval = scores_of(own, 0.5).brier
        held += interval.low <= expected <= interval.high
    assert held >= 26  # 95 % of 30 is 28.5; 26 is its lower 1 % point
