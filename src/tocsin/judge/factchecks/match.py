"""Has it been checked before? Entries of a base that a claim repeats, with why, and what differs.

No verdict is given here: a match says that somebody published something on this claim, and how likely it is
that it is this one. What the publisher found is quoted from the entry.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tocsin.judge.factchecks.features import candidates, features_of
from tocsin.judge.factchecks.index import FactcheckIndex
from tocsin.judge.factchecks.rank import ranker
from tocsin.judge.factchecks.texts import Question, figures_of
from tocsin.link.narratives.wordings import nearness
from tocsin.search.words import terms_of

if TYPE_CHECKING:
    from tocsin.judge.factchecks.features import Floats, Integers

__all__ = ["Match", "matches"]

_WORD: Final = re.compile(r"[^\W_]+(?:[’'ʼ-][^\W_]+)*")
_MOST_WORDS: Final = 6
#: Shorter words are shown as shared only where they are figures or abbreviations.
_SHORTEST: Final = 4
#: A term with this idf stands in one entry of some eight.
_TELLING: Final = 2.0


@dataclass(frozen=True, slots=True)
class Match:
    """One entry that a claim may repeat.

    ``score`` is the probability that it does in a feed where one claim in a hundred has an entry;
    ``differences`` say what the one states and the other does not (negation, figures).
    """

    reference_id: str
    score: float
    reasons: tuple[str, ...]
    differences: tuple[str, ...]


def _order(
    index: FactcheckIndex, question: Question, vector: Floats, chosen: Integers, features: Floats
) -> list[tuple[float, float, int]]:
    """Probability, order within its language, and number of each candidate, the likeliest first."""
    own = np.array([index.languages[n] == question.language for n in chosen.tolist()], dtype=bool)
    found: list[tuple[float, float, int]] = []
    model = ranker()
    if own.any():
        scores, chances = model.own_language(features[own], index.same[chosen[own]])
        found += zip(chances.tolist(), scores.tolist(), chosen[own].tolist(), strict=True)
    if not own.all():
        rest = chosen[~own]
        cosines = np.maximum(index.claim_vectors[rest] @ vector, index.title_vectors[rest] @ vector)
        limits = [nearness(question.language, index.languages[n]) for n in rest.tolist()]
        margins = cosines - np.array(limits, dtype=np.float32)
        found += zip(model.other_language(margins).tolist(), margins.tolist(), rest.tolist(), strict=True)
    return sorted(found, key=lambda item: (-item[0], -item[1], item[2]))


def _shared_words(index: FactcheckIndex, question: Question, entry: int) -> list[str]:
    """Words of the question that the entry has too, the rarest first, as the question writes them."""
    there = {int(t) for t in index.all_terms.of(entry)}
    found: dict[str, tuple[float, str]] = {}
    # In a small base even a term of one entry is not rare.
    least = min(_TELLING, float(np.log1p((len(index) - 0.5) / 1.5)) - 1e-3)
    for match in _WORD.finditer(f"{question.text} {question.author}"):
        for term in terms_of(match[0], question.language):
            key = index.known.get(term)
            telling = (
                len(match[0]) >= _SHORTEST
                or (len(match[0]) > 1 and match[0].isupper())
                or match[0].isdecimal()
            )
            if telling and key in there and index.idf[key] >= least:
                found.setdefault(term, (-float(index.idf[key]), match[0]))
    return [word for _, word in sorted(found.values())][:_MOST_WORDS]


def _explained(
    index: FactcheckIndex, question: Question, entry: int, vector: Floats
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Reasons and differences, in words."""
    cosine = max(float(index.claim_vectors[entry] @ vector), float(index.title_vectors[entry] @ vector))
    same = index.languages[entry] == question.language
    reasons = [f"meaning {cosine:.2f}" + ("" if same else f", {question.language}–{index.languages[entry]}")]
    if same:
        words = _shared_words(index, question, entry)
        if words:
            reasons.append(f"words shared: {', '.join(words)}")
    else:
        names = sorted(name.lstrip("=") for name in question.names & index.names(entry))
        if names:
            reasons.append(f"names and figures shared: {', '.join(names[:_MOST_WORDS])}")
    facts, figures = index.facts(entry), figures_of(question.text)
    if same and facts.figures & figures:
        reasons.append(f"figures shared: {', '.join(sorted(facts.figures & figures))}")
    if facts.date is not None and question.date is not None:
        days = (facts.date - question.date).days
        when = "on the day" if days == 0 else f"{abs(days)} days {'after' if days > 0 else 'before'}"
        reasons.append(f"published {when}")
    differences = []
    if facts.denied != question.denied:
        differences.append(
            "negation: the claim denies it" if question.denied else "negation: the entry denies it"
        )
    missed, more = sorted(facts.figures - figures), sorted(figures - facts.figures)
    if missed and more:
        differences.append(f"figures: {', '.join(more)} ≠ {', '.join(missed)}")
    return tuple(reasons), tuple(differences)


def matches(
    index: FactcheckIndex, question: Question, vector: Floats, *, limit: int = 5, precision: float = 0.0
) -> list[Match]:
    """The entries most likely meant, at most ``limit``, the likeliest first.

    Only those that are right as often as ``precision`` where one claim in a hundred has an entry; with 0 all.
    ``vector`` is that of the question's text (``link.narratives.meanings.vectors_of``).
    """
    if not len(index) or not vector.any():
        return []
    scores = index.search([*question.plain_terms, *question.author_terms], vector)
    chosen = candidates(scores)
    features = features_of(index, question, vector, scores, chosen)
    found: list[Match] = []
    model = ranker()
    least = {across: model.threshold(precision, across=across) for across in (False, True)}
    for chance, _, entry in _order(index, question, vector, chosen, features):
        if chance < least[index.languages[entry] != question.language]:
            continue
        if len(found) == limit:
            break
        reasons, differences = _explained(index, question, entry, vector)
        found.append(Match(index.ids[entry], round(chance, 4), reasons, differences))
    return found
