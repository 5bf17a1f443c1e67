"""Thresholds keep their budget; one event is one alarm; the scan finds the channels that rose."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.detect.alarms import LOWEST, Marks, QuietEvents, Rules, episodes, marks, quiet_events
from tocsin.detect.baseline import Baseline, Floats, forecasts
from tocsin.detect.chance import clumped, keys_of, quiet_count, spread_normal, uniform
from tocsin.detect.events import Candidate, apply_budget
from tocsin.detect.scan import FACTORS, PENALTY, Aim, Ground, Steps, expect, judge, scan
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


def _of_one_period(counts: Floats, expected: Floats) -> tuple[float, set[int]]:
    """The best set of channels of one period: its statistic and who is in it."""
    shown, habit = (np.stack([row, np.zeros(len(row)), np.zeros(len(row))]) for row in (counts, expected))
    able = np.flatnonzero(counts)
    aim = Aim(0, 0, 0.0, np.uint64(0))
    statistic, window, _, _, factor, least = judge(shown, habit, able, (0, 1.0), aim)
    assert window == 1
    gain = counts * np.log(FACTORS[factor]) - expected * (FACTORS[factor] - 1)
    return statistic, set(np.flatnonzero((gain > least) & (counts > 0)).tolist())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_the_fast_scan_finds_the_best_of_all_subsets(seed: int) -> None:
    """Against trying all 2^7 sets, factor by factor."""
    rng = np.random.default_rng(seed)
    counts, expected = rng.poisson(4.0, 7).astype(float), rng.gamma(4.0, 1.0, 7)
    best = 0.0
    for mask in range(1, 128):
        members = [i for i in range(7) if mask >> i & 1]
        for factor in FACTORS:
            gain = counts[members] * np.log(factor) - expected[members] * (factor - 1) - PENALTY
            best = max(best, gain.sum())
    assert _of_one_period(counts, expected)[0] == pytest.approx(best)


def test_the_scan_finds_the_channels_that_tripled() -> None:
    rng = np.random.default_rng(3)
    jaccard = []
    for _ in range(20):
        expected = rng.uniform(5, 12, 20)
        planted = set(rng.choice(20, 8, replace=False).tolist())
        rise = np.ones(20)
        rise[list(planted)] = 3.0
        statistic, members = _of_one_period(rng.poisson(expected * rise).astype(float), expected)
        assert statistic > 8.0
        jaccard.append(len(members & planted) / len(members | planted))
    assert np.mean(jaccard) >= 0.8


def _ground(volume: Floats, collected: list[int]) -> Ground:
    """Four periods of channels that publish one post in each, and have published ``volume`` before."""
    channels = len(volume)
    size = 4 * len(collected)
    return Ground(
        np.arange(0, size + 1, len(collected)),
        np.tile(collected, 4),
        np.ones(size),
        np.ones(size),
        np.tile(volume[collected], 4),
        np.ones(size, dtype=bool),
        np.full(4, volume.sum() + 50.0),
        np.arange(channels, dtype=np.uint64),
        np.ones(5),
        3.0,
        3.0,
    )


def test_a_channel_that_was_not_collected_cannot_join() -> None:
    steps = Steps(np.array([3, 3, 3]), np.array([0, 1, 2]), np.full(3, 9.0))
    found = np.zeros((4, 4)), np.zeros((4, 3), dtype=bool), np.zeros((1, 4))
    aim = Aim(1, 5, 3.0, np.uint64(7))
    walk = (0, np.zeros(2), np.zeros(2), 0)
    scan(_ground(np.full(3, 100.0), [0, 2]), steps, np.ones(4), aim, walk, found)
    assert np.flatnonzero(found[0][:, 0]).tolist() == [3]
    assert found[1][3].tolist() == [True, False, True]
    assert found[0][3, 2] == 18.0


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


@pytest.mark.parametrize(("mean", "excess"), [(0.3, 2.0), (5.0, 1e-3), (5.0, 2.0), (90.0, 0.5)])
def test_quiet_counts_have_the_mean_and_the_dispersion_asked_for(mean: float, excess: float) -> None:
    keys = keys_of(("place", str(number)) for number in range(20_000))
    sure = np.array([quiet_count(key, mean, 1e9, excess) for key in keys])
    unsure = np.array([quiet_count(key, mean, 4.0, excess) for key in keys])
    clumps = np.array([clumped(key, mean, excess) for key in keys])
    for counts, variance in ((sure, 0.0), (unsure, mean**2 / 4.0), (clumps, 0.0)):
        assert counts.mean() == pytest.approx(mean, rel=0.05)
        assert counts.var() == pytest.approx(mean * (1 + excess) + variance, rel=0.1)


def test_what_is_drawn_at_a_place_is_a_matter_of_the_place() -> None:
    keys = keys_of((str(number),) for number in range(2000))
    assert len(set(keys.tolist())) == 2000
    assert np.array([uniform(key) for key in keys]).mean() == pytest.approx(0.5, abs=0.02)
    normal = np.array([spread_normal(key) for key in keys])
    assert (normal.mean(), normal.std()) == (pytest.approx(0.0, abs=0.07), pytest.approx(1.0, abs=0.05))
    assert clumped(keys[3], 2.0, 0.0) == clumped(keys_of([("3",)])[0], 2.0, 0.0)
    poisson = np.array([clumped(key, 40.0, 0.0) for key in keys])
    assert poisson.var() == pytest.approx(40.0, rel=0.1)


def test_a_thin_channel_is_drawn_to_the_share_of_all() -> None:
    steps = Steps(np.array([0, 0]), np.array([0, 1]), np.array([100.0, 2.0]))
    found = np.zeros((1, 4)), np.zeros(2)
    expect(_ground(np.array([1000.0, 2.0]), [0, 1]), steps, np.ones((1, 2)), (0, 4, 3, 3), found)
    # Habit is one post, and no channel is busier than by habit.
    assert found[1][0] == pytest.approx(0.1, rel=0.06)
    assert found[1][1] < 0.25
    assert found[0][0].tolist() == [0.0, 0.0, 0.0, pytest.approx(found[1].sum())]


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
