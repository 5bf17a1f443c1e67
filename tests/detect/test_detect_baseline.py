"""Baselines: what they recover, what they may look at, and how their scores are distributed."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import nbinom, poisson

from tocsin.detect.baseline import Baseline, Resume, forecasts, pooled_dispersion, residuals
from tocsin.detect.scores import benjamini_hochberg, interval, mid_p, rolling, upper_tail, window_scores

WEEKLY = Baseline(seasons=((52.0, 1),), history=520, least=52)


def _counts(mean: np.ndarray, phi: float, series: int, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    rate = np.broadcast_to(mean, (series, len(mean)))
    if phi > 1:
        rate = rng.gamma(rate / (phi - 1), phi - 1)
    return rng.poisson(rate)


def test_it_recovers_level_trend_season_and_dispersion() -> None:
    week = np.arange(420)
    mean = np.exp(2.0 + 0.001 * week + 0.4 * np.cos(2 * np.pi * week / 52))
    found = forecasts(_counts(mean, 2.5, 40, 1), np.ones((1, 420)), range(400, 420), WEEKLY)
    assert np.abs(found.mean.mean(axis=0) / mean[400:] - 1).max() < 0.06
    assert np.median(found.phi) == pytest.approx(2.5, rel=0.15)
    # The stated error is the error made, on the log scale.
    made = np.log(found.mean / mean[400:])
    assert np.sqrt((made**2).mean()) == pytest.approx(found.error.mean(), rel=0.3)


def test_past_outbreaks_hardly_move_the_forecast() -> None:
    mean = np.full(300, 4.0)
    clean = _counts(mean, 1.0, 30, 2)
    hit = clean.copy()
    hit[:, [100, 101, 200, 201]] += 40
    one, other = (forecasts(c, np.ones((1, 300)), [299], WEEKLY).mean for c in (clean, hit))
    assert (other / one - 1).mean() < 0.06
    blind = Baseline(seasons=((52.0, 1),), history=520, least=52, outlier=1e9)
    assert (forecasts(hit, np.ones((1, 300)), [299], blind).mean / one - 1).mean() > 0.1


def test_a_period_not_collected_is_neither_learnt_from_nor_judged() -> None:
    mean = np.full(200, 6.0)
    counts = _counts(mean, 1.0, 20, 3)
    exposure = np.ones((20, 200))
    exposure[:, 60:120] = 0
    counts[:, 60:120] = 0
    found = forecasts(counts, exposure, range(110, 200), Baseline(least=14))
    assert np.isnan(found.mean[:, :10]).all()
    assert found.mean[:, -1].mean() == pytest.approx(6.0, rel=0.1)


def test_too_little_history_says_nothing() -> None:
    found = forecasts(
        np.ones((2, 30), dtype=np.int64), np.ones((1, 30)), range(30), Baseline(least=14, guard=2)
    )
    assert np.isnan(found.mean[:, :16]).all()
    assert np.isfinite(found.mean[:, 16:]).all()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(40, 79))
def test_no_look_ahead(seed: int, cut: int) -> None:
    """What comes at or after a period changes nothing about its forecast."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(3.0, (3, 80))
    other = counts.copy()
    other[:, cut:] = rng.poisson(30.0, (3, 80 - cut))
    spec = Baseline(seasons=((7.0, 1),), half_life=30, least=14)
    times = range(20, cut + 1)
    one, two = (forecasts(c, np.ones((1, 80)), times, spec) for c in (counts, other))
    assert np.array_equal(one.mean, two.mean, equal_nan=True)
    assert np.array_equal(one.phi, two.phi, equal_nan=True)


@settings(max_examples=25, deadline=None)
@given(st.permutations(range(6)))
def test_series_do_not_touch_one_another(order: list[int]) -> None:
    counts = np.random.default_rng(5).poisson(np.array([0.1, 0.5, 1, 3, 10, 40])[:, None], (6, 90))
    spec = Baseline(half_life=45)
    whole = forecasts(counts, np.ones((1, 90)), range(60, 90), spec)
    mixed = forecasts(counts[order], np.ones((1, 90)), range(60, 90), spec)
    assert np.allclose(whole.mean[order], mixed.mean, rtol=1e-9)


def test_scores_of_quiet_series_are_at_their_nominal_level() -> None:
    """Mid-p may exceed its level where most counts are 0 or 1; thresholds are simulated for that reason."""
    for level, seed, most in ((0.3, 11, 1.6), (3.0, 12, 1.35), (30.0, 13, 1.35)):
        counts = _counts(np.full(260, level), 1.6, 1000, seed)
        found = forecasts(counts, np.ones((1, 260)), range(250, 260), Baseline(history=260, trend=False))
        p = 10 ** -window_scores(counts, found, (1,))[0]
        for nominal in (0.01, 0.05):
            assert 0.3 * nominal < (p <= nominal).mean() < most * nominal


@given(st.integers(0, 60), st.floats(0.05, 50), st.floats(1.01, 6))
def test_tails_are_those_of_scipy(count: int, mean: float, phi: float) -> None:
    size = mean / (phi - 1)
    expected = nbinom.sf(count - 1, size, 1 / phi)
    assert upper_tail(np.array(float(count)), np.array(mean), np.array(mean * phi)) == pytest.approx(
        expected, rel=1e-6
    )


def test_without_dispersion_the_tail_is_poisson() -> None:
    counts = np.arange(12.0)
    tail = upper_tail(counts, np.full(12, 3.0), np.full(12, 3.0))
    assert tail == pytest.approx(poisson.sf(counts - 1, 3.0), rel=1e-4)


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=30))
def test_corrected_p_values(values: list[float]) -> None:
    p = np.array(values)
    q = benjamini_hochberg(p)
    assert (q >= p - 1e-12).all()
    assert (q <= 1).all()
    assert q[p.argmin()] == q.min()
    assert q.max() <= max(p.max(), p.min() * len(p)) + 1e-9


@given(st.floats(0.1, 80), st.floats(1.0, 5))
def test_the_interval_holds_its_share_and_no_shorter_one_would(mean: float, phi: float) -> None:
    variance = mean * max(phi, 1.01)
    low, high = interval(np.array([mean]), np.array([variance]))
    size = mean**2 / (variance - mean)
    share = nbinom.cdf(high[0], size, mean / variance) - nbinom.cdf(low[0] - 1, size, mean / variance)
    assert share >= 0.95 - 1e-6
    assert nbinom.cdf(high[0] - 1, size, mean / variance) < 0.975 + 1e-6


def test_a_window_adds_up_and_needs_all_its_periods() -> None:
    sums = rolling(np.array([[1.0, 2.0, np.nan, 4.0, 5.0]]), 2)
    assert np.array_equal(sums, np.array([[np.nan, 3.0, np.nan, np.nan, 9.0]]), equal_nan=True)
    assert mid_p(np.array([5.0]), np.array([np.nan]), np.array([np.nan]))[0] == 1.0


def _pooled(counts: np.ndarray, expected: float) -> np.ndarray:
    mean = np.full(counts.shape, expected)
    return pooled_dispersion(residuals(counts, mean, np.ones(counts.shape, dtype=bool)).sum(axis=2))


def test_thin_series_learn_from_their_like() -> None:
    """Forty series whose few posts come in bursts of five: no one series shows it, the class does."""
    rng = np.random.default_rng(8)
    assert _pooled(5 * rng.poisson(0.04, (40, 120)), 0.2).min() > 2.0
    assert _pooled(rng.poisson(0.1, (40, 120)), 0.1).max() < 1.6


def test_a_class_hardly_ever_changes_its_mind() -> None:
    """One per cent more posts: the series of a class are fitted anew only where a step is crossed."""
    counts = 5 * np.random.default_rng(9).poisson(0.04, (40, 1010))
    believed = [_pooled(counts[:, :days], 0.2)[0] for days in range(910, 1010)]
    assert len(set(believed)) <= 3
    assert all(np.log2(value) * 8 == pytest.approx(round(np.log2(value) * 8)) for value in believed)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 89), st.booleans())
def test_going_on_from_a_kept_state_is_as_if_in_one_go(seed: int, cut: int, season: bool) -> None:
    """To the last digit, whatever the gaps of the series."""
    rng = np.random.default_rng(seed)
    counts = rng.poisson(rng.gamma(1.0, 2.0, (4, 1)), (4, 90))
    exposure = rng.gamma(1.0, 1.0, (4, 90)) * (rng.random((4, 90)) < 0.9)
    exposure[0, 20:70] = 0.0
    seasons = ((7.0, 1),) if season else ()
    spec = Baseline(seasons=seasons, history=40, half_life=15, least=5)
    whole = forecasts(counts, exposure, range(90), spec)
    kept = forecasts(counts[:, :cut], exposure[:, :cut], range(cut), spec, resume=Resume(keep=cut)).state
    low = max(0, cut - spec.reach)
    resume = Resume(low, kept)
    rest = forecasts(counts[:, low:], exposure[:, low:], range(cut - low, 90 - low), spec, resume=resume)
    for one, other in ((whole.mean, rest.mean), (whole.error, rest.error), (whole.phi, rest.phi)):
        assert np.array_equal(one[:, cut:], other, equal_nan=True)
