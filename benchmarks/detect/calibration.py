"""Alarm rates on shuffled worlds beside what was accepted, as a table and as a drawing for the documentation.

    python benchmarks/detect/calibration.py [--data ../shared/data] [--worlds 12] [--plot FILE.svg]

Worlds with planted surges, in which the subjects of each channel's posts are then dealt out anew over its
posts: every channel keeps its rhythm and how often it speaks of what, and only the times lose their
meaning. What is raised then is false. The whole detector runs (series, scan, merging) without a weekly
budget.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np
from worlds import SHAPE, Maker, days_of, feed_of_world, options_for, watched

from tocsin.detect.feed import Feed
from tocsin.testing.rhythms import Planted, plant

ACCEPTED = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0)


def shuffled(feed: Feed, seed: int) -> Feed:
    """The feed with the subjects of each channel's posts permuted."""
    rng = np.random.default_rng(seed)
    subject = feed.pair_subject.copy()
    channel = feed.channel[feed.pair_document]
    for number in range(len(feed.channels)):
        mine = np.flatnonzero(channel == number)
        subject[mine] = subject[rng.permutation(mine)]
    return replace(feed, pair_subject=subject)


def drawing(rates: dict[float, tuple[float, float]]) -> str:
    """Measured over accepted rates on logarithmic axes, with two standard errors; the diagonal is what was
    promised."""
    size, low, high = 360.0, np.log(0.1), np.log(20.0)

    def at(value: float) -> float:
        return float((np.log(max(value, 0.1)) - low) / (high - low) * (size - 60))

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size:.0f} {size:.0f}">',
        '<g font-family="sans-serif" font-size="11">',
        f'<rect width="{size:.0f}" height="{size:.0f}" fill="#fff"/>',
    ]
    for tick in (0.1, 0.25, 0.5, 1, 2, 4, 8, 16):
        x, y = 45 + at(tick), size - 45 - at(tick)
        parts.append(f'<path d="M{x:.1f} {size - 45}V15M45 {y:.1f}H{size - 15}" stroke="#ddd"/>')
        parts.append(f'<text x="{x:.1f}" y="{size - 30}" text-anchor="middle">{tick:g}</text>')
        parts.append(f'<text x="40" y="{y + 4:.1f}" text-anchor="end">{tick:g}</text>')
    parts.append(f'<path d="M45 {size - 45}L{size - 15} 15" stroke="#777" stroke-dasharray="4 3"/>')
    for accepted, (rate, error) in rates.items():
        x = 45 + at(accepted)
        bottom, top = size - 45 - at(rate - 2 * error), size - 45 - at(rate + 2 * error)
        parts.append(f'<path d="M{x:.1f} {bottom:.1f}V{top:.1f}" stroke="#35607f" stroke-width="1.5"/>')
        parts.append(f'<circle cx="{x:.1f}" cy="{size - 45 - at(rate):.1f}" r="4" fill="#9a2b17"/>')
    parts.append(
        f'<text x="{size / 2:.0f}" y="{size - 10}" text-anchor="middle">alarms accepted in 30 days</text>'
    )
    turned = f'transform="translate(12 {size / 2:.0f}) rotate(-90)"'
    parts.append(f'<text {turned} text-anchor="middle">alarms raised in 30 days</text>')
    return "\n".join([*parts, "</g></svg>", ""])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="the folder of data; without it rhythms are invented")
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--plot", type=Path, help="where to write the drawing (SVG)")
    options = parser.parse_args()
    maker = Maker(days_of(options.data) if options.data else None)
    months = options.worlds * (SHAPE.days - 19) / 30
    raised = dict.fromkeys(ACCEPTED, 0)
    for seed in range(options.worlds):
        world = maker.world(7000 + seed)
        for number in range(5):
            surge = Planted((0, 2, 4, 6, 8), number, 24 * (60 + 50 * number), 48, 4.0)
            world, _ = plant(world, surge, seed)
        feed = shuffled(feed_of_world(world), seed)
        found = watched(feed)
        for accepted in ACCEPTED:
            raised[accepted] += len(found.alarms(options_for(feed, accepted)).decided)
    who = f"{len(feed.channels)} channels, {len(feed.subjects)} subjects"
    print(f"shuffled worlds: {months:.0f} months of {who}")
    rates = {accepted: (found / months, max(found, 1) ** 0.5 / months) for accepted, found in raised.items()}
    for accepted, (rate, error) in rates.items():
        print(f"  accepted {accepted:5} in 30 days: raised {rate:.2f} (± {2 * error:.2f})")
    if options.plot:
        options.plot.write_text(drawing(rates), encoding="utf-8")
        print(options.plot)


if __name__ == "__main__":
    main()
