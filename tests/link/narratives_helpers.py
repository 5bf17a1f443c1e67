"""Facts and links made by hand, and a case of a planted world."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import tocsin
from tocsin.model import WordingLink
from tocsin.testing.narratives import NarrativeWorld
from tocsin.testing.worlds import write_jsonl


def link(one: str, other: str, score: float, conflicts: Sequence[str] = ()) -> WordingLink:
    a, b = sorted((one, other))
    return WordingLink(a, b, score, tuple(conflicts), (), "by hand")


def case_of(world: NarrativeWorld, folder: Path, batches: int = 1) -> tocsin.Case:
    """A case of the world's posts, added in batches (every n-th post together)."""
    case = tocsin.Case(folder / "case")
    for n in range(batches):
        path = folder / f"part{n}.jsonl"
        write_jsonl(world.posts[n::batches], path)
        case.add([path])
    return case


def group_of_posts(case: tocsin.Case) -> dict[int, str]:
    """The group of the first claim of each post, by the post's number in its world."""
    rows = case.query(
        "SELECT d.native_id, c.content[1].start AS start, w.group_id FROM claim_meanings m "
        "JOIN documents d USING (document_id) JOIN wordings w USING (wording_id) "
        "JOIN claims c USING (claim_id) ORDER BY d.native_id, start"
    ).to_pylist()
    found: dict[int, str] = {}
    for row in rows:
        found.setdefault(int(row["native_id"]) - 1, row["group_id"])
    return found


def b_cubed(truth: Mapping[int, str], found: Mapping[int, str]) -> tuple[float, float, float]:
    """B³ precision, recall, F1 (Bagga & Baldwin 1998) over the items of ``truth``; one not found is alone."""
    groups = [defaultdict(set), defaultdict(set)]
    placed = {item: found.get(item, f"alone {item}") for item in truth}
    for item in truth:
        groups[0][truth[item]].add(item)
        groups[1][placed[item]].add(item)
    shared = [(item, len(groups[0][truth[item]] & groups[1][placed[item]])) for item in truth]
    precision = sum(n / len(groups[1][placed[item]]) for item, n in shared) / len(truth)
    recall = sum(n / len(groups[0][truth[item]]) for item, n in shared) / len(truth)
    return precision, recall, 2 * precision * recall / (precision + recall)
