"""What speaks for a candidate: the features of the ranking, all of them numbers without a unit.

``FEATURES`` names them with what they mean. They are worked out for the candidates of one question together,
because several tell how a candidate stands beside the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.judge.factchecks.grams import shared_grams
from tocsin.judge.factchecks.texts import figures_of

if TYPE_CHECKING:
    from tocsin.judge.factchecks.index import FactcheckIndex, Field, Found
    from tocsin.judge.factchecks.texts import Question

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

__all__ = ["FEATURES", "candidates", "features_of"]

#: Feature → what it is.
FEATURES: Final = {
    "bm": "BM25, a tenth of it",
    "bm_z": "BM25 in standard deviations over the base, a fifth of them",
    "bm_gap": "how far behind the best by BM25",
    "bm_rank": "one over the rank by BM25",
    "um_z": "nearness to title and claim together, in standard deviations",
    "um_gap": "how far behind the nearest",
    "um_rank": "one over the rank by nearness",
    "all_gap": "how far behind the best by the sum of both",
    "all_rank": "one over the rank by the sum of both",
    "uc": "cosine with the claim, universal encoder",
    "ut": "cosine with the title",
    "cc": "cosine with the claim, core",
    "ct": "cosine with the title",
    "best": "the better of claim and title by both encoders",
    "cover_claim": "share of the claim's terms that the question has, weighed by rareness",
    "cover_title": "the same of the title",
    "cover_question": "share of the question's terms that the entry has",
    "cover_author": "share of the author's name that the entry has",
    "rarest_claim": "rareness of the rarest term shared with the claim",
    "rarest_title": "the same of the title",
    "pairs_claim": "pairs of neighbouring terms shared with the claim",
    "pairs_title": "the same of the title",
    "pairs_gap": "how far behind the best by both",
    "bm_claim": "BM25 of the claim alone",
    "bm_title": "the same of the title",
    "bm_text_gap": "how far behind the best by the question's words, without the author's name",
    "bm_author": "how much of the author's name the entry has, weighed by rareness",
    "around_bm": "mean BM25 of the candidates on much the same",
    "around_all": "mean of the sum of words and meaning of the candidates on much the same",
    "around": "how many candidates are on much the same",
    "twin": "cosine with the nearest of the other candidates",
    "length_claim": "terms of the claim",
    "length_title": "terms of the title",
    "length_question": "terms of the question",
    "rare": "rare terms shared",
    "grams_claim": "share of the claim's four-letter sequences that the question has",
    "grams_title": "the same of the title",
    "grams_question": "share of the question's four-letter sequences that the entry has",
    "rare_grams_claim": "share of the claim's sequences that question or author have, weighed by rareness",
    "rare_grams_title": "the same of the title",
    "rare_grams_gap": "how far behind the best by both",
    "gram_cosine_claim": "cosine of the sequences of question and claim, weighed by rareness",
    "gram_cosine_title": "the same of the title",
    "gram_cosine_gap": "how far behind the best by both",
    "figures": "figures shared",
    "figures_missed": "figures of the entry that the question lacks",
    "negation": "one denies, the other does not",
    "dated": "both bear a date",
    "near": "published within days of one another",
    "same_year": "published within a year of one another",
    "before": "the entry was published before the question was put",
    "year": "the entry names the year in which the question was put",
    "other_year": "it names another year, and not this one",
}
_TOP: Final = 30
_RARE: Final = 5.0
#: How fast a neighbour's weight falls with its cosine: at .9 it is half.
_SHARPNESS: Final = 8.0
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def candidates(found: Found) -> Integers:
    """Entries worth a closer look: the best by words, by meaning and by both; in order of their number."""
    meaning = found.core + found.universal
    both = found.standard[0] + found.standard[1]
    sums = (both, meaning, found.universal, found.words)
    top = min(_TOP, len(meaning))
    return np.unique(np.concatenate([np.argpartition(-values, top - 1)[:top] for values in sums]))


def _behind(values: Floats) -> Floats:
    """How far each is behind the greatest."""
    return values - values.max(initial=-np.inf) if len(values) else values


def _rank(values: Floats, chosen: Integers) -> Floats:
    """One over the rank among all, of equals the first by number."""
    own = values[chosen]
    order = np.argsort(-own, kind="stable")
    ranks = np.empty(len(own), dtype=np.float32)
    ranks[order] = np.arange(1, len(own) + 1)
    inverse: Floats = np.float32(1) / ranks
    return inverse


class _Terms:
    """The question's terms as numbers of the index."""

    def __init__(self, index: FactcheckIndex, terms: Sequence[str], author: Sequence[str]) -> None:
        known = [index.known[t] for t in terms if t in index.known]
        self.mask = np.zeros(len(index.known) + 1, dtype=bool)
        self.mask[known] = True
        self.author = np.zeros(len(index.known) + 1, dtype=bool)
        self.author[[index.known[t] for t in author if t in index.known]] = True
        self.weight = index.weight(terms)
        self.author_weight = index.weight(author)
        size = max(len(index.known), 1)
        keys = [index.known.get(t, -1) for t in terms]
        self.pairs = {a * size + b for a, b in pairwise(keys) if a >= 0 <= b}
        self.size = size
        self.count = len(terms)


def _flat(field: Field, chosen: Integers) -> tuple[Integers, Integers]:
    """The terms of the chosen entries one after another, and which of them each belongs to."""
    first, counts = field.bounds[chosen], field.bounds[chosen + 1] - field.bounds[chosen]
    owner = np.repeat(np.arange(len(chosen)), counts)
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    return field.terms[np.repeat(first, counts) + np.arange(len(owner)) - starts], owner


def _sums(owner: Integers, values: Floats, count: int) -> Floats:
    return np.bincount(owner, weights=values, minlength=count).astype(np.float32)


def _field(index: FactcheckIndex, terms: _Terms, chosen: Integers, which: int) -> Floats:
    """Cover, rarest shared, shared pairs, length and BM25 of one field: (n, 5)."""
    own, owner = _flat(index.fields[which], chosen)
    count = len(chosen)
    out = np.zeros((count, 5), dtype=np.float32)
    idf, shared = index.idf[own], terms.mask[own]
    out[:, 0] = _sums(owner, idf * shared, count) / np.maximum(_sums(owner, idf, count), 1e-6)
    np.maximum.at(out[:, 1], owner, idf * shared / 10)
    both = np.flatnonzero(shared[:-1] & shared[1:] & (owner[:-1] == owner[1:]))
    hits = [at for at in both.tolist() if int(own[at]) * terms.size + int(own[at + 1]) in terms.pairs]
    out[:, 2] = np.log1p(np.bincount(owner[hits], minlength=count)) if hits else 0
    lengths = np.bincount(owner, minlength=count)
    out[:, 3] = np.log1p(lengths) / 3
    telling = _sums(owner, idf * (shared & ~index.common[own]), count)
    out[:, 4] = telling * index.saturation(which, lengths) / 30
    return out


def _entry(index: FactcheckIndex, terms: _Terms, chosen: Integers) -> Floats:
    """Cover of the question and of the author, rare terms shared, words and author weighed: (n, 5)."""
    own, owner = _flat(index.all_terms, chosen)
    count = len(chosen)
    owner, own = np.divmod(np.unique(owner * terms.size + own), terms.size)  # each term of an entry once
    idf = index.idf[own]
    shared = terms.mask[own]
    return np.stack(
        [
            _sums(owner, idf * shared, count) / max(terms.weight, 1e-6),
            _sums(owner, idf * terms.author[own], count) / max(terms.author_weight, 1e-6),
            np.log1p(_sums(owner, (shared & (idf > _RARE)).astype(np.float32), count)),
            _behind(_sums(owner, idf * (shared & ~index.common[own]), count)) / 20,
            _sums(owner, idf * terms.author[own], count) / 10,
        ],
        axis=1,
    )


def _around(vectors: tuple[Floats, Floats], words: Floats, both: Floats) -> Floats:
    """How the other candidates on much the same stand, how many they are, and the nearest: (n, 4)."""
    middle = vectors[0] + vectors[1]
    middle /= np.maximum(np.linalg.norm(middle, axis=1, keepdims=True), 1e-6)
    cosines = middle @ middle.T
    np.fill_diagonal(cosines, 0)
    weights = np.exp(_SHARPNESS * (cosines - 1))
    total = weights.sum(axis=1)
    means = [(weights @ values) / (total + 0.5) for values in (words, both)]
    return np.stack([*means, total, cosines.max(axis=1, initial=0)], axis=1).astype(np.float32)


def _facts(index: FactcheckIndex, question: Question, chosen: Integers) -> Floats:
    """Figures shared and missed, negation, and how the dates stand: (n, 9)."""
    asked = figures_of(question.text)
    out = np.zeros((len(chosen), 9), dtype=np.float32)
    year = str(question.date.year) if question.date is not None else ""
    for row, entry in enumerate(chosen.tolist()):
        facts = index.facts(entry)
        out[row, 0] = min(2, len(facts.figures & asked))
        out[row, 1] = min(2, len(facts.figures - asked))
        out[row, 2] = facts.denied != question.denied
        if year:
            years = {figure for figure in facts.figures if _YEAR.fullmatch(figure)}
            out[row, 7:] = (year in years, bool(years) and year not in years)
        if facts.date is not None and question.date is not None:
            days = (facts.date - question.date).total_seconds() / 86_400
            out[row, 3:7] = (1, np.exp(-abs(days) / 20), np.exp(-abs(days) / 365), days < -3)
    return out


def features_of(
    index: FactcheckIndex, question: Question, vector: Floats, found: Found, chosen: Integers
) -> Floats:
    """The features of candidates, (n, len(FEATURES)), in the order of ``FEATURES``."""
    from tocsin.judge.factchecks.index import CORE

    own, author = question.plain_terms, question.author_terms
    terms = _Terms(index, own, author)
    words_standard, near_standard = found.standard
    both = words_standard + near_standard
    vectors = (index.claim_vectors[chosen], index.title_vectors[chosen])
    universal = [2 * (v[:, CORE:] @ vector[CORE:]) for v in vectors]
    core = [2 * (v[:, :CORE] @ vector[:CORE]) for v in vectors]
    near, words = found.universal, found.words
    columns = [
        words[chosen] / 10,
        words_standard[chosen] / 5,
        (words[chosen] - words.max()) / 10,
        _rank(words, chosen),
        near_standard[chosen] / 3,
        near[chosen] - near.max(),
        _rank(near, chosen),
        (both[chosen] - both.max()) / 5,
        _rank(both, chosen),
        *universal,
        *core,
        np.maximum(universal[0] + core[0], universal[1] + core[1]),
    ]
    claim, title = (_field(index, terms, chosen, which) for which in (0, 1))
    entry = _entry(index, terms, chosen)
    columns += [claim[:, 0], title[:, 0], entry[:, 0], entry[:, 1], claim[:, 1], title[:, 1]]
    columns += [claim[:, 2], title[:, 2], _behind(claim[:, 2] + title[:, 2])]
    columns += [claim[:, 4], title[:, 4], entry[:, 3], entry[:, 4]]
    columns += [*_around(vectors, columns[0], columns[7]).T, claim[:, 3], title[:, 3]]
    columns += [np.full(len(chosen), np.log1p(terms.count) / 4, dtype=np.float32), entry[:, 2]]
    said = [(index.claims[n], index.titles[n]) for n in chosen.tolist()]
    for grams in shared_grams(index.rareness, question.text, question.author, said):
        columns += [*grams.T]
    columns += [*_facts(index, question, chosen).T]
    return np.stack(columns, axis=1).astype(np.float32)
