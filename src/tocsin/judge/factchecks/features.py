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
    "length_claim": "terms of the claim",
    "length_title": "terms of the title",
    "length_question": "terms of the question",
    "rare": "rare terms shared",
    "grams_claim": "share of the claim's four-letter sequences that the question has",
    "grams_title": "the same of the title",
    "grams_question": "share of the question's four-letter sequences that the entry has",
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
_GRAM: Final = 4
_BITS: Final = np.uint64(40)
#: An odd number (2^64 over the golden ratio) by which neighbouring codes come to lie far apart.
_SPREAD: Final = np.uint64(0x9E3779B97F4A7C15)
_RARE: Final = 5.0
_WORD: Final = re.compile(r"\w+")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")


def candidates(found: Found) -> Integers:
    """Entries worth a closer look: the best by words, by meaning and by both; in order of their number."""
    meaning = found.core + found.universal
    both = found.standard[0] + found.standard[1]
    sums = (both, meaning, found.universal, found.words)
    top = min(_TOP, len(meaning))
    return np.unique(np.concatenate([np.argpartition(-values, top - 1)[:top] for values in sums]))


def _grams(texts: Sequence[str]) -> NDArray[np.uint64]:
    """The different four-letter sequences of each text as numbers of 40 bits, above them the text's place."""
    plain = [f" {' '.join(_WORD.findall(text.lower()))} " for text in texts]
    letters = np.frombuffer("".join(plain).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    sizes = np.array([len(text) for text in plain], dtype=np.int64)
    if len(letters) < _GRAM:
        return np.zeros(0, dtype=np.uint64)
    ends = np.repeat(np.cumsum(sizes), sizes)
    within = np.flatnonzero(np.arange(len(letters)) + _GRAM <= ends)
    codes = np.zeros(len(within), dtype=np.uint64)
    for at in range(_GRAM):
        codes = (codes << np.uint64(16)) | letters[within + at]
    owner = np.repeat(np.arange(len(texts), dtype=np.uint64), sizes)[within]
    return _distinct((owner << _BITS) | ((codes * _SPREAD) >> (np.uint64(64) - _BITS)))


def _distinct(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Sorted, each once; several times as fast as ``np.unique``."""
    ordered = np.sort(numbers)
    kept: NDArray[np.uint64] = ordered[np.append(True, ordered[1:] != ordered[:-1])[: len(ordered)]]
    return kept


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
    """Cover, rarest shared, shared pairs and length of one field: (n, 4)."""
    own, owner = _flat(index.fields[which], chosen)
    count = len(chosen)
    out = np.zeros((count, 4), dtype=np.float32)
    idf, shared = index.idf[own], terms.mask[own]
    out[:, 0] = _sums(owner, idf * shared, count) / np.maximum(_sums(owner, idf, count), 1e-6)
    np.maximum.at(out[:, 1], owner, idf * shared / 10)
    both = np.flatnonzero(shared[:-1] & shared[1:] & (owner[:-1] == owner[1:]))
    hits = [at for at in both.tolist() if int(own[at]) * terms.size + int(own[at + 1]) in terms.pairs]
    out[:, 2] = np.log1p(np.bincount(owner[hits], minlength=count)) if hits else 0
    out[:, 3] = np.log1p(np.bincount(owner, minlength=count)) / 3
    return out


def _entry(index: FactcheckIndex, terms: _Terms, chosen: Integers) -> Floats:
    """Cover of the question and of the author, and rare terms shared: (n, 3)."""
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
        ],
        axis=1,
    )


def _letters(index: FactcheckIndex, text: str, chosen: Integers) -> Floats:
    """Shares of four-letter sequences: claim and title in the question, it in both: (n, 3)."""
    asked = _grams([text])
    grams = _grams([said for n in chosen.tolist() for said in (index.claims[n], index.titles[n])])
    owner = (grams >> _BITS).astype(np.int64)
    own = grams & ((np.uint64(1) << _BITS) - np.uint64(1))
    shared = np.zeros(len(own), dtype=bool)
    if len(asked):
        shared = asked[np.minimum(np.searchsorted(asked, own), len(asked) - 1)] == own
    count = 2 * len(chosen)
    has, hits = np.bincount(owner, minlength=count), np.bincount(owner[shared], minlength=count)
    out = np.zeros((len(chosen), 3), dtype=np.float32)
    out[:, :2] = (hits / np.maximum(has, 1)).reshape(-1, 2)
    either = _distinct(((owner[shared] // 2).astype(np.uint64) << _BITS) | own[shared])
    out[:, 2] = np.bincount((either >> _BITS).astype(np.int64), minlength=len(chosen)) / max(1, len(asked))
    return out


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
    columns += [claim[:, 2], title[:, 2], claim[:, 3], title[:, 3]]
    columns += [np.full(len(chosen), np.log1p(terms.count) / 4, dtype=np.float32), entry[:, 2]]
    columns += [*_letters(index, question.text, chosen).T, *_facts(index, question, chosen).T]
    return np.stack(columns, axis=1).astype(np.float32)
