"""Thresholds keep their budget; one event is one alarm; the scan finds the channels that rose."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.detect.alarms import LOWEST, Marks, QuietEvents, Rules, episodes, marks, quiet_events
from tocsin.detect.baseline import Baseline, forecasts
from tocsin.detect.events import Candidate, apply_budget
from tocsin.detect.scan import best_subsets, clusters, expected_shares, quiet_counts
from tocsin.detect.scores import window_scores
from tocsin.testing.rhythms import Planted, WorldShape, plant, quiet_world

SPEC = Baseline(history=180, half_life=45)


def _alarms(seed: int, budget: float) -> tuple[int, float]:
    """Alarms of one quiet world, and how many months were judged."""
    shape = WorldShape(days=330, channels=12)
    counts = quiet_world(shape, seed).daily().sum(axis=0)
    found = forecasts(counts, np.ones((1, shape.days)), range(30, shape.days), SPEC)
    best, windows = window_scores(counts, found)
    rules = Rules(budget, 30)
    kept = marks(best, windows, counts[:, 30:].astype(float), rules.evidence)
    return len(episodes(kept, quiet_events(found, rules, periods=1500).needed(rules), rules.quiet)), 10.0


def test_a_quiet_feed_gives_as_many_alarms_as_were_accepted() -> None:
    """Sixty months here; ``benchmarks/detect/worlds.py`` does a thousand."""
    budget = 4.0
    results = [_alarms(seed, budget) for seed in range(6)]
    rate = sum(alarms for alarms, _ in results) / sum(months for _, months in results)
    assert rate == pytest.approx(budget, rel=0.3)


def test_a_smaller_budget_needs_a_higher_score() -> None:
    counts = np.random.default_rng(1).poisson(2.0, (20, 120))
    found = forecasts(counts, np.ones((1, 120)), range(40, 120), SPEC)
    quiet = quiet_events(found, Rules(1.0, 30), periods=800)
    needed = [quiet.needed(Rules(budget, 30)) for budget in (5.0, 1.0, 0.1, 0.001)]
    assert needed == sorted(needed)
    assert len(set(needed)) == 4


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 4), st.floats(1.3, 4.0))
def test_events_hold_every_alarm_once_and_stand_apart(seed: int, quiet: int, threshold: float) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.exponential(0.9, (4, 40))
    windows = rng.integers(1, 3, (4, 40))
    counts = rng.poisson(4.0, (4, 40)).astype(float)
    kept = marks(scores, windows, counts, 3)
    found = episodes(kept, threshold, quiet)
    for event, following in pairwise(found):
        if event.series == following.series:
            assert following.raised - event.end > quiet + 1
    alarms = kept.above(threshold)
    for series, time in zip(alarms.series, alarms.time, strict=True):
        holding = [e for e in found if e.series == series and e.raised <= time <= e.end]
        assert len(holding) == 1
    assert all(e.start <= e.raised <= e.end and e.raised <= e.peak <= e.end for e in found)


def test_too_little_evidence_is_no_alarm() -> None:
    scores, windows, counts = np.array([[9.0, 9.0]]), np.array([[1, 2]]), np.array([[2.0, 3.0]])
    assert marks(scores, windows, counts, 5).time.tolist() == [1]
    assert marks(scores, windows, counts, 6).time.tolist() == []


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_fast_scan_finds_the_best_of_all_subsets(seed: int) -> None:
    """Against trying all 2^7 sets, factor by factor."""
    from tocsin.detect.scan import FACTORS, PENALTY

    rng = np.random.default_rng(seed)
    counts, expected = rng.poisson(4.0, 7).astype(float), rng.gamma(4.0, 1.0, 7)
    best = 0.0
    for mask in range(1, 128):
        members = [i for i in range(7) if mask >> i & 1]
        for factor in FACTORS:
            gain = counts[members] * np.log(factor) - expected[members] * (factor - 1) - PENALTY
            best = max(best, gain.sum())
    assert best_subsets(counts, expected)[0] == pytest.approx(best)


def test_the_scan_finds_the_channels_that_tripled() -> None:
    rng = np.random.default_rng(3)
    jaccard = []
    for _ in range(20):
        expected = np.tile(rng.uniform(5, 12, 20), (1, 6, 1))
        planted = set(rng.choice(20, 8, replace=False).tolist())
        rise = np.ones((1, 6, 20))
        rise[0, 2, list(planted)] = 3.0
        found = clusters(rng.poisson(expected * rise).astype(float), expected, np.ones(6), 8.0)
        assert found[0].subject == 2
        members = set(found[0].channels)
        jaccard.append(len(members & planted) / len(members | planted))
    assert np.mean(jaccard) >= 0.8


def test_a_channel_that_was_not_collected_cannot_join() -> None:
    counts, expected = np.array([[[9.0, 0.0, 9.0]]]), np.array([[[2.0, 0.0, 2.0]]])
    assert clusters(counts, expected, np.ones(1), 3.0)[0].channels == (0, 2)


def test_rare_events_are_extrapolated_from_the_tail() -> None:
    """Exponential scores: the threshold for one event in a thousand histories is where it must be."""
    rng = np.random.default_rng(4)
    score = LOWEST + rng.exponential(0.4343, 4000)
    null = Marks(np.arange(4000), np.zeros(4000, dtype=int), np.ones(4000, dtype=int), score)
    events = QuietEvents(null, 3, 4000)
    assert events.threshold(400) == pytest.approx(LOWEST + 1.0, abs=0.05)
    assert events.threshold(0.4) == pytest.approx(LOWEST + 4.0, abs=0.6)
    for wanted in (0.4, 4.0, 100.0):
        assert events.rate(events.threshold(wanted)) == pytest.approx(wanted / 4000, rel=0.1)


def test_quiet_counts_have_the_mean_and_the_dispersion_asked_for() -> None:
    rng = np.random.default_rng(4)
    expected = np.full((4000, 2, 3), 5.0)
    counts = quiet_counts(expected, np.array([1.0, 3.0]), np.full((4000, 2, 3), 1e9), rng)
    assert counts.mean(axis=(0, 2)) == pytest.approx([5.0, 5.0], rel=0.05)
    assert counts.var(axis=(0, 2)) == pytest.approx([5.0, 15.0], rel=0.1)


def test_a_thin_channel_is_drawn_to_the_share_of_all() -> None:
    shares = expected_shares(np.array([[100.0, 2.0]]), np.array([1000.0, 2.0]))
    assert shares[0, 0] == pytest.approx(0.1, rel=0.05)
    assert shares[0, 1] < 0.25


def test_a_planted_surge_adds_what_it_says() -> None:
    quiet = quiet_world(WorldShape(days=30), 5)
    world, surge = plant(quiet, Planted((1, 2, 3), 0, 240, 24, 4.0), 6)
    assert surge.extra == int((world.counts - quiet.counts).sum()) > 0
    assert (world.counts[0] == quiet.counts[0]).all()
    again, _ = plant(quiet_world(WorldShape(days=30), 5), Planted((1, 2, 3), 0, 240, 24, 4.0), 6)
    assert (again.counts == world.counts).all()


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(1, 20)), max_size=40), st.integers(1, 3))
def test_no_week_has_more_alarms_than_the_budget(found: list[tuple[int, float]], per_week: int) -> None:
    decided = apply_budget([_candidate(*item) for item in found], per_week, 7)
    assert len(decided) == len(found)
    times = [c.raised for c in decided if not c.held]
    assert all(sum(1 for time in times if 0 <= late - time < 7) <= per_week for late in times)
    # What comes later changes nothing that was decided before.
    cut = [item for item in found if item[0] < 30]
    early = apply_budget([_candidate(*item) for item in cut], per_week, 7)
    assert early == [c for c in decided if c.raised < 30]


def test_a_busy_month_keeps_its_alarms_for_the_strongest() -> None:
    weak = [_candidate(day, 2.0 + (day * 7) % 30 / 100) for day in range(30)]
    decided = apply_budget([*weak, _candidate(30, 30.0)], 2, 7)
    assert not next(c for c in decided if c.rank == 30.0).held
    assert sum(not c.held for c in decided) >= 4


def _candidate(day: int, rank: float) -> Candidate:
    return Candidate("series", 0, "all", (0,), day, day, day, day, 1, 10**-rank, rank, 1.0)
