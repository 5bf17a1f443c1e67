"""The prospective space-time-channel scan: which channels, over which window, turned to which subject.

No single series may show what many channels do together. For each subject (a place, a zone of places, a
source) the scan looks at windows that end now and at *sets of channels*, and finds the set that is best
explained by one common rise. With counts c and expectations b per channel the gain of a rise by a factor q
is the Kulldorff / Neill log-likelihood ratio

    F(S, q) = sum over the channels of S of (c log q - b (q - 1) - penalty)

For a given q each channel belongs to the best set exactly if its own term is positive (D. B. Neill: Fast
subset scan, J. R. Stat. Soc. B 74 (2012) 337-360), so the best of all 2^C sets costs one pass per q. The
penalty keeps out channels that rose by chance (S. Speakman et al., Penalized fast subset scanning, J.
Comput. Graph. Stat. 25 (2016) 382-404). Counts and expectations are both divided by the dispersion, the
quasi-Poisson reading of over-dispersed counts.

Expectations keep each channel's rhythm: what the channel would publish in that hour or day by habit, times
the share of it that goes to the subject, which is shrunk towards the share of all channels. p comes from
Monte Carlo worlds drawn from these expectations (gamma-Poisson), in which the same maximum is taken.

Everything is compiled and goes through time subject by subject, so that what is found of one does not depend
on which others there are. Only channels that were being collected take part in a period, and only those with
documents can be in a set.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from tocsin.compiled import jit
from tocsin.detect.chance import mixed, quiet_count

__all__ = ["FACTORS", "LONGEST", "PENALTY", "Aim", "Cluster", "Ground", "Steps", "expect", "judge", "scan"]

#: Windows of the scan are of 1, 2 ... so many periods.
LONGEST = 3
#: The rises tried.
FACTORS = np.array([1.3, 1.6, 2.0, 2.5, 3.0, 4.0, 6.0, 9.0, 15.0, 30.0])
_LOGS = np.log(FACTORS)
#: What each channel of a set costs in log-likelihood when sets compete: prior odds of about two in five.
PENALTY = 0.5
#: Once a set has won, its members are those whose own posts speak for the rise by so much log-likelihood: a
#: single post of a channel that hardly ever mentions the subject does not. On planted worlds of seeds 6000 to
#: 6059 channels are named about as well with it as if the true habits and the true rise were known.
MEMBER = 1.0
#: Posts by which the share of a channel is drawn to that of all.
STRENGTH = 20.0
#: The most of a channel's posts taken to be about one subject when its other posts are looked at.
_MOST_SHARE = 0.9
#: What a series' dispersion counts for that of its channels, in expected posts.
_TRUST = 20.0


@dataclass(frozen=True, slots=True)
class Cluster:
    """The best set for one subject at one period: channels by number, the window in periods, and its numbers.

    ``statistic`` is the penalised log-likelihood ratio, ``observed`` and ``expected`` the counts of the set
    in the window, ``dispersion`` that of the subject's posts then.
    """

    subject: int
    channels: tuple[int, ...]
    window: int
    statistic: float
    observed: float
    expected: float
    dispersion: float


class Ground(NamedTuple):
    """What all subjects share. Of period ``t`` the collected channels are at ``bounds[t]:bounds[t + 1]``.

    ``channel`` is which, ``habit`` the posts expected of it, ``posts`` those it published, ``volume`` its
    past posts, fading, and ``judged`` whether it has been read for long enough. ``whole`` is the past of all
    channels by period and 50 posts, ``fading`` what is left of a post after so many periods. ``prior`` and
    ``most`` bound busyness. ``keys`` are those of the channels, for chance.
    """

    bounds: Any
    channel: Any
    habit: Any
    posts: Any
    volume: Any
    judged: Any
    whole: Any
    keys: Any
    fading: Any
    prior: float
    most: float


class Steps(NamedTuple):
    """Documents about a subject by period and channel, in this order, and how many."""

    period: Any
    channel: Any
    number: Any


class Aim(NamedTuple):
    """What is looked for: sets of at least ``evidence`` documents and a statistic of ``floor``, in the feed
    and in ``worlds`` in which nothing happens; ``key`` is that of the subject."""

    worlds: int
    evidence: int
    floor: float
    key: Any


class _Past(NamedTuple):
    """Past documents about a subject, fading, by channel and, in the last place, of all: how many there were
    at the period ``since``, from which on they fade."""

    posts: Any
    since: Any


@jit
def _past_of(channels: int) -> _Past:
    return _Past(np.zeros(channels + 1), np.zeros(channels + 1, np.int64))


@jit
def _left(ground: Ground, past: _Past, place: int, time: int) -> float:
    """What is left of the documents of a channel, or of all, at a period."""
    found: float = past.posts[place] * ground.fading[time - past.since[place]]
    return found


@jit
def _remember(ground: Ground, steps: Steps, at: int, time: int, past: _Past) -> int:
    """Add what is over ``LONGEST`` periods before ``time``; returns the place after it.

    A channel is only touched when it published, so that nobody walks through years in which it did not.
    """
    while at < len(steps.period) and steps.period[at] + LONGEST <= time:
        then = steps.period[at] + LONGEST
        for place in (steps.channel[at], len(past.posts) - 1):
            past.posts[place] = _left(ground, past, place, then) + steps.number[at]
            past.since[place] = then
        at += 1
    return at


@jit
def _first_of(steps: Steps, time: int) -> int:
    """The place of the first documents at a period or later."""
    at = 0
    while at < len(steps.period) and steps.period[at] < time:
        at += 1
    return at


@jit
def _add(steps: Steps, at: int, period: int, into: Any) -> int:
    """Add the documents of one period by channel; returns the place after them."""
    while at < len(steps.period) and steps.period[at] == period:
        into[steps.channel[at]] += steps.number[at]
        at += 1
    return at


@jit
def _expected(ground: Ground, time: int, past: _Past, now: Any, into: Any) -> None:
    """What each collected channel would publish about the subject: its habit, times the share of it that goes
    to the subject, times how busy it is with everything else.

    The share of a channel of few posts is drawn towards that of all. On a busy day a channel mentions
    everything more; what it publishes about the subject itself must not count as busyness, or a surge would
    excuse itself.
    """
    common = (_left(ground, past, len(ground.keys), time) + 0.5) / ground.whole[time]
    for place in range(ground.bounds[time], ground.bounds[time + 1]):
        channel = ground.channel[place]
        habit = ground.habit[place]
        own = _left(ground, past, channel, time) if past.posts[channel] > 0.0 else 0.0
        share = (own + STRENGTH * common) / (ground.volume[place] + STRENGTH)
        others = ground.posts[place] - now[channel] + ground.prior
        usual = habit * (1 - min(share, _MOST_SHARE)) + ground.prior
        into[channel] = share * habit * min(max(others / usual, 1 / ground.most), ground.most)


@jit
def _clear(ground: Ground, time: int, values: Any) -> None:
    """Forget what was written of the channels of a period."""
    for place in range(ground.bounds[time], ground.bounds[time + 1]):
        values[ground.channel[place]] = 0.0


@jit
def expect(ground: Ground, steps: Steps, members: Any, span: Any, found: Any) -> None:
    """What groups would publish about the subject in the periods from ``span[0]`` to before ``span[1]``,
    ``found[0]``, ``(groups, periods of the span)``, and each channel in the periods ``span[2]`` to
    ``span[3]``, both included, ``found[1]``; both start as zeros."""
    first, end, low, high = span
    of_groups, by_channel = found
    channels = len(ground.keys)
    past, now, expected = _past_of(channels), np.zeros(channels), np.zeros(channels)
    old, at = 0, _first_of(steps, first)
    for time in range(first, end):
        old = _remember(ground, steps, old, time, past)
        at = _add(steps, at, time, now)
        _expected(ground, time, past, now, expected)
        for place in range(ground.bounds[time], ground.bounds[time + 1]):
            channel = ground.channel[place]
            if low <= time <= high:
                by_channel[channel] += expected[channel]
            # The first periods have no past: what is expected there would be the prior's opinion.
            if time >= LONGEST:
                for group in range(len(members)):
                    of_groups[group, time - first] += members[group, channel] * expected[channel]
        _clear(ground, time, expected)
        _clear(ground, time, now)


@jit
def _gain(counts: Any, expected: Any, channel: int, length: int, how: Any) -> float:
    """The log-likelihood by which one channel's window speaks for a rise.

    Counts and expectations are ``(LONGEST, channels)``, the last period ``how[0]``; both are divided by the
    dispersion ``how[1]``; ``how[2]`` is the number of the factor.
    """
    now, spread, factor = how
    posts = habit = 0.0
    for back in range(length - 1, -1, -1):
        row = (now - back) % LONGEST
        posts += counts[row, channel]
        habit += expected[row, channel]
    gain: float = posts / spread * _LOGS[factor] - habit / spread * (FACTORS[factor] - 1)
    return gain


@jit
def _best(counts: Any, expected: Any, able: Any, now: int, spread: float) -> Any:
    """The highest statistic of any window and set of the ``able`` channels, the window and the factor."""
    statistic, window, which = 0.0, 1, 0
    for length in range(1, LONGEST + 1):
        for factor in range(len(FACTORS)):
            total = 0.0
            for channel in able:
                gain = _gain(counts, expected, channel, length, (now, spread, factor))
                total += max(gain - PENALTY, 0.0)
            if total > statistic:
                statistic, window, which = total, length, factor
    return statistic, window, which


@jit
def _set(counts: Any, expected: Any, able: Any, how: Any, best: Any) -> Any:
    """Documents and expectation of the best set, and the least gain of its members.

    Where many rose a little and no few of them explain it, all that took part are members.
    """
    now, spread = how
    statistic, length, factor = best
    strong = 0.0
    for channel in able:
        gain = _gain(counts, expected, channel, length, (now, spread, factor))
        if gain > MEMBER:
            strong += gain
    least = MEMBER if strong >= statistic / 2 else PENALTY
    observed = usual = 0.0
    for channel in able:
        if _gain(counts, expected, channel, length, (now, spread, factor)) > least:
            for back in range(length - 1, -1, -1):
                observed += counts[(now - back) % LONGEST, channel]
                usual += expected[(now - back) % LONGEST, channel]
    return observed, usual, least


@jit
def _able(recent: Any, here: Any, seen: Any, mark: Any, into: Any) -> Any:
    """The channels with posts in the longest window that are judged now, and how many posts those are."""
    counts, who, many = recent
    time, stamp = mark
    number, posts = 0, 0.0
    for back in range(LONGEST - 1, -1, -1):
        row = (time - back) % LONGEST
        for place in range(many[row]):
            channel = who[row, place]
            if here[channel] == time + 1:
                posts += counts[row, channel]
                if seen[channel] != stamp:
                    seen[channel] = stamp
                    into[number] = channel
                    number += 1
    return into[:number], posts


@jit
def _draw(ground: Ground, time: int, past: _Past, expected: Any, chance: Any, into: Any) -> int:
    """Counts of a period in which nothing happens; returns how many channels have posts."""
    key, excess = chance
    counts, who = into
    number = 0
    for place in range(ground.bounds[time], ground.bounds[time + 1]):
        channel = ground.channel[place]
        trust = 2.0 + (_left(ground, past, channel, time) if past.posts[channel] > 0.0 else 0.0)
        drawn = quiet_count(key ^ ground.keys[channel], expected[channel], trust, excess)
        if drawn:
            counts[channel] = drawn
            who[number] = channel
            number += 1
    return number


@jit
def _forget(recent: Any, row: int) -> None:
    """Make room for a period, of the feed and of every world."""
    counts, expected, who, many = recent
    for channel in range(expected.shape[1]):
        expected[row, channel] = 0.0
    for run in range(len(counts)):
        for place in range(many[run, row]):
            counts[run, row, who[run, row, place]] = 0.0


@jit
def _learn(ground: Ground, time: int, now: Any, expected: Any, sums: Any) -> None:
    """Add a period to the squares and posts from which the dispersion of channels is learnt.

    Squares are capped at 16 variances, so that a surge does not excuse the next one.
    """
    sums[0] *= ground.fading[1]
    sums[1] *= ground.fading[1]
    for place in range(ground.bounds[time], ground.bounds[time + 1]):
        channel = ground.channel[place]
        usual = expected[channel]
        sums[0] += min((now[channel] - usual) ** 2, 16 * max(usual, 0.25))
        sums[1] += usual


@jit
def judge(counts: Any, expected: Any, able: Any, how: Any, aim: Aim) -> Any:
    """The best set of the ``able`` channels: statistic (0 if nothing worth a look), window, documents,
    expectation, and the factor and the least gain that make its members."""
    now, spread = how
    nothing = (0.0, 1, 0.0, 0.0, 0, 0.0)
    statistic, window, factor = _best(counts, expected, able, now, spread)
    if statistic < aim.floor:
        return nothing
    observed, usual, least = _set(counts, expected, able, how, (statistic, window, factor))
    return (statistic, window, observed, usual, factor, least) if observed >= aim.evidence else nothing


@jit
def _sets(recent: Any, marks: Any, how: Any, aim: Aim, found: Any) -> None:
    """Write the best set of one period, of the feed and of every world."""
    counts, expected, who, many = recent
    here, seen, space = marks
    time, spread, first = how
    of_feed, members, of_worlds = found
    runs = len(counts)
    for run in range(runs):
        one = (counts[run], who[run], many[run])
        able, posts = _able(one, here, seen, (time, time * runs + run + 1), space)
        if posts < aim.evidence:
            continue
        weighed = judge(counts[run], expected, able, (time, spread), aim)
        statistic, window, observed, usual, factor, least = weighed
        if run:
            of_worlds[run - 1, time - first] = statistic
        elif statistic > 0:
            row = of_feed[time - first]
            row[0], row[1], row[2], row[3] = statistic, window, observed, usual
            for channel in able:
                gain = _gain(counts[0], expected, channel, window, (time, spread, factor))
                members[time - first, channel] = gain > least


@jit
def scan(ground: Ground, steps: Steps, phi: Any, aim: Aim, walk: Any, found: Any) -> None:
    """The best set of every period from ``walk[0]`` on, in the feed and in each world.

    ``phi`` is the dispersion of the subject's series by period from there, NaN where nothing is judged.
    ``walk[1]`` are the sums from which the dispersion of channels is learnt, to go on from (zeros at first);
    who goes on finds what is found in one go from the ``LONGEST``-th period on. Into ``walk[2]`` they are
    written as they are before period ``walk[3]``. ``found`` are statistic, window, documents and
    expectation, ``(periods, 4)``; the members, ``(periods, channels)``; and the statistics of the worlds,
    ``(worlds, periods)``. All start as zeros.
    """
    first, sums, kept, keep = walk
    channels, runs = len(ground.keys), aim.worlds + 1
    counts, expected = np.zeros((runs, LONGEST, channels)), np.zeros((LONGEST, channels))
    who, many = np.zeros((runs, LONGEST, channels), np.int64), np.zeros((runs, LONGEST), np.int64)
    here, seen = np.zeros(channels, np.int64), np.zeros(channels, np.int64)
    space, past = np.zeros(channels, np.int64), _past_of(channels)
    old, at = 0, _first_of(steps, first)
    for time in range(first, first + len(phi)):
        if time == keep:
            kept[0], kept[1] = sums[0], sums[1]
        old = _remember(ground, steps, old, time, past)
        row, begun, wide = time % LONGEST, at, phi[time - first]
        _forget((counts, expected, who, many), row)
        at = _add(steps, at, time, counts[0, row])
        for place in range(begun, at):
            who[0, row, place - begun] = steps.channel[place]
        many[0, row] = at - begun
        _expected(ground, time, past, counts[0, row], expected[row])
        judged = np.isfinite(wide)
        spread = max(1.0, (sums[0] + _TRUST * (wide if judged else 1.0)) / (sums[1] + _TRUST))
        for run in range(1, runs):
            chance = (mixed(mixed(aim.key, run), time), max(spread - 1.0, 1e-3))
            into = (counts[run, row], who[run, row])
            many[run, row] = _draw(ground, time, past, expected[row], chance, into)
        _learn(ground, time, counts[0, row], expected[row], sums)
        for place in range(ground.bounds[time], ground.bounds[time + 1]):
            if ground.judged[place]:
                here[ground.channel[place]] = time + 1
        if judged:
            _sets((counts, expected, who, many), (here, seen, space), (time, spread, first), aim, found)
