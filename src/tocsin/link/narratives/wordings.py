"""Which wordings are near in meaning: every pair whose vectors lie nearer than the languages of the two ask.

Whether a pair is linked depends on that pair alone, on nothing else in the case. So the links of a case are
the same in whatever batches it grew, and new wordings need only be compared with all, not all with all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from tocsin.link.narratives.facts import Facts, conflicts, in_common
from tocsin.model import WordingLink

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["METHOD", "WordingFacts", "link_wordings", "nearness"]

METHOD: Final = "wordings/3"
#: Rows compared at a time: a block of similarities stays below 100 MB for 50,000 wordings.
_BLOCK: Final = 512
#: By how much less near two claims may be for each kind of fact (actor, place, number) they share.
_FOR_A_FACT: Final = 0.03
_MOST_FACTS: Final = 1
#: A product of matrices rounds by the shape of the block, so each pair found is multiplied out once more.
_ROUNDING: Final = 1e-4


@dataclass(frozen=True, slots=True)
class WordingFacts:
    """One wording: its id and facts. Its vector is the row of the same number in a matrix beside it."""

    wording_id: str
    facts: Facts


@cache
def _table() -> tuple[dict[str, float], float, float]:
    source = files("tocsin.link.narratives") / "data" / "nearness.json"
    read = json.loads(source.read_text(encoding="utf-8"))
    return read["pairs"], read["default_same"], read["default_cross"]


def nearness(one: str, other: str) -> float:
    """The similarity from which two sentences in these languages count as near (``data/nearness.json``)."""
    pairs, same, cross = _table()
    return pairs.get("-".join(sorted((one, other))), same if one == other else cross)


def _limits(languages: Sequence[str]) -> tuple[Floats, NDArray[np.int64]]:
    """Thresholds between the languages that occur, and the number of each row's language."""
    import numpy as np

    kinds = sorted(set(languages))
    table = np.array([[nearness(a, b) for b in kinds] for a in kinds], dtype=np.float32)
    place = {code: n for n, code in enumerate(kinds)}
    return table, np.array([place[code] for code in languages], dtype=np.int64)


def _near(
    vectors: Floats, languages: Sequence[str], fresh: Sequence[int]
) -> Iterator[tuple[int, int, float, float]]:
    """Pairs (row, row, similarity, threshold) with one of the rows in ``fresh``, each pair once."""
    import numpy as np

    table, kinds = _limits(languages)
    is_fresh = np.zeros(len(languages), dtype=bool)
    is_fresh[list(fresh)] = True
    order = np.flatnonzero(is_fresh)
    for start in range(0, len(order), _BLOCK):
        rows = order[start : start + _BLOCK]
        limits = table[kinds[rows]][:, kinds]
        found = vectors[rows] @ vectors.T
        left, right = np.nonzero(found >= limits - _FOR_A_FACT * _MOST_FACTS - _ROUNDING)
        for a, b in zip(left.tolist(), right.tolist(), strict=True):
            row = int(rows[a])
            # Of two fresh rows the pair is met twice; the one with the smaller number reports it.
            if row != b and (row < b or not is_fresh[b]):
                exact = float(vectors[row].astype(np.float64) @ vectors[b].astype(np.float64))
                yield row, b, exact, float(limits[a, b])


def link_wordings(
    wordings: Sequence[WordingFacts], vectors: Floats, fresh: Sequence[int] | None = None
) -> list[WordingLink]:
    """All links between wordings, or only those with at least one of the rows ``fresh``; sorted.

    ``vectors`` (n, dimension) are unit rows. ``score`` is .5 at the threshold of the two languages and 1 for
    one vector; claims that share an actor, a place or a number may lie a little farther apart. Memory grows
    with the links and with n, not with n².
    """
    if not wordings:
        return []
    languages = [wording.facts.language for wording in wordings]
    rows = range(len(wordings)) if fresh is None else fresh
    found = []
    for a, b, similarity, usual in _near(vectors, languages, rows):
        one, other = sorted((wordings[a], wordings[b]), key=lambda w: w.wording_id)
        shared = in_common(one.facts, other.facts)[:_MOST_FACTS] if similarity < usual else ()
        limit = usual - _FOR_A_FACT * len(shared)
        if similarity < limit:
            continue
        score = min(1.0, 0.5 + 0.5 * (similarity - limit) / (1 - limit))
        languages_of = "-".join(sorted((one.facts.language, other.facts.language)))
        found.append(
            WordingLink(
                one.wording_id,
                other.wording_id,
                round(score, 4),
                conflicts(one.facts, other.facts),
                (
                    f"meaning {similarity:.2f}; {languages_of} asks for {limit:.2f}"
                    + (f" where they share {' and '.join(shared)}" if shared else ""),
                ),
                METHOD,
            )
        )
    return sorted(found, key=lambda link: (link.wording_id, link.other_id))
