"""Entries of the reference base, made ready to be searched: terms, postings and vectors.

Words are looked up in postings (BM25 over all that an entry says), meanings by comparing the question's
vector with that of every entry, exactly. What is dearer (n-grams, single fields) is worked out for
candidates only. An entry that stands twice in its base, in the same words, is found once: the first stands
for all.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from tocsin.judge.factchecks.grams import Rareness, rareness_of
from tocsin.judge.factchecks.kernels import scan
from tocsin.judge.factchecks.texts import figures_of
from tocsin.link.narratives.facts import is_denied
from tocsin.link.narratives.meanings import pack, unpack

if TYPE_CHECKING:
    import pyarrow as pa

Floats = NDArray[np.float32]
Integers = NDArray[np.int64]

__all__ = ["COLUMNS", "CORE", "NAME", "FactcheckIndex", "Facts", "Field", "Found"]

#: Columns of ``reference_entries`` that the index needs.
COLUMNS: Final = (
    "reference_id", "base", "number", "publisher", "rating", "title", "claim", "date", "language",
    "title_terms", "claim_terms", "summary_terms", "vector", "scale", "claim_vector", "claim_scale",
)  # fmt: skip
#: Robertson and Zaragoza 2009; little weight on length, for all entries are short.
_K1: Final = 0.9
_B: Final = 0.4
#: A term in more of the entries tells nothing and costs most.
_COMMON: Final = 0.1
#: Numbers of a vector that are the core's; the rest are the universal encoder's. Each part has length 1/√2.
CORE: Final = 384
#: Marks terms that are names in one spelling (``search.words``): for those the language makes no difference.
NAME: Final = "="
_MARKS: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Terms of one field: ``terms[bounds[n]:bounds[n + 1]]`` are those of entry n, in order."""

    terms: Integers
    bounds: Integers

    def of(self, entry: int) -> Integers:
        return self.terms[self.bounds[entry] : self.bounds[entry + 1]]


@dataclass(frozen=True, slots=True)
class Facts:
    """What of an entry is not a matter of likeness."""

    figures: frozenset[str]
    denied: bool
    date: datetime | None


def _standard(values: Floats) -> Floats:
    spread = float(values.std())
    return (values - values.mean()) / np.float32(spread) if spread > 1e-9 else values * np.float32(0)


@dataclass(frozen=True, eq=False)
class Found:
    """Scores of every entry for one question: BM25, and the cosines of the core and the universal encoder."""

    words: Floats
    core: Floats
    universal: Floats

    @cached_property
    def standard(self) -> tuple[Floats, Floats]:
        """Words and the universal encoder in standard deviations from their means over the base."""
        return _standard(self.words), _standard(self.universal)


class FactcheckIndex:
    """An index over rows of ``reference_entries`` (a table with at least ``COLUMNS``).

    Memory: some 3 kB an entry. Entry numbers are rows of what is left without duplicates, in the order of
    the base and the place in it.
    """

    def __init__(self, entries: pa.Table) -> None:
        rows = entries.select(list(COLUMNS)).to_pydict()
        kept = _without_doubles(rows)
        self.ids: list[str] = [rows["reference_id"][n] for n in kept]
        self.titles: list[str] = [rows["title"][n] for n in kept]
        self.claims: list[str] = [rows["claim"][n] for n in kept]
        self.languages: list[str] = [rows["language"][n] for n in kept]
        #: Entries of the same claim, by whomever, have the same number here.
        self.same = _numbered([_MARKS.sub("", claim.lower()) for claim in self.claims])
        self._dates: list[datetime | None] = [rows["date"][n] for n in kept]
        self._facts: dict[int, Facts] = {}
        self.known: dict[str, int] = {}
        title = self._field([rows["title_terms"][n] for n in kept])
        # An entry with one text has it in both fields, so that its features are those of any other.
        own = [rows["claim_terms"][n] or rows["title_terms"][n] for n in kept]
        self.fields: tuple[Field, Field] = (self._field(own), title)
        once = [rows["claim_terms"][n] for n in kept]
        summary = self._field([rows["summary_terms"][n] for n in kept])
        self._spelt = [(*rows["title_terms"][n], *rows["claim_terms"][n]) for n in kept]
        self.all_terms = _joined([self._field(once), title, summary])
        self._post()
        self.title_vectors = unpack([rows["vector"][n] for n in kept], [rows["scale"][n] for n in kept])
        self.claim_vectors = self.title_vectors.copy()
        for at, n in enumerate(kept):
            if rows["claim_vector"][n]:
                self.claim_vectors[at] = unpack([rows["claim_vector"][n]], [rows["claim_scale"][n]])[0]
        self._compress()

    def __len__(self) -> int:
        return len(self.ids)

    def _field(self, lists: Sequence[Sequence[str]]) -> Field:
        known = self.known
        plain = [[term for term in terms if not term.startswith(NAME)] for terms in lists]
        flat = [known.setdefault(term, len(known)) for terms in plain for term in terms]
        bounds = np.zeros(len(lists) + 1, dtype=np.int64)
        np.cumsum([len(terms) for terms in plain], out=bounds[1:])
        return Field(np.array(flat, dtype=np.int64), bounds)

    def _post(self) -> None:
        """BM25 of every term in every entry: which entries have it, and what it is worth there."""
        count = len(self.ids)
        owner = np.repeat(np.arange(count), np.diff(self.all_terms.bounds))
        pairs, times = np.unique(self.all_terms.terms * max(count, 1) + owner, return_counts=True)
        term, entry = np.divmod(pairs, max(count, 1))
        self._bounds = np.searchsorted(term, np.arange(len(self.known) + 1))
        df = np.diff(self._bounds)
        self.idf = np.log1p((count - df + 0.5) / (df + 0.5)).astype(np.float32)
        lengths = np.diff(self.all_terms.bounds)
        mean = max(float(lengths.mean()) if count else 1.0, 1.0)
        worth = times * (_K1 + 1) / (times + _K1 * (1 - _B + _B * lengths[entry] / mean))
        self._entries, self._worth = entry, (worth * self.idf[term]).astype(np.float32)
        self.common = df > max(_COMMON * count, 20)

    def _compress(self) -> None:
        """What is scanned: the mean of title and claim as 8-bit numbers."""
        middle = self.title_vectors + self.claim_vectors
        length = np.linalg.norm(middle, axis=1, keepdims=True)
        middle /= np.where(length > 0, length, 1)
        packed = [pack(vector) for vector in middle]
        width = middle.shape[1] if len(middle) else 1
        flat = np.frombuffer(b"".join(data for data, _ in packed), dtype=np.int8)
        self._scanned = flat.reshape(len(packed), width)
        self._scales = np.array([scale for _, scale in packed], dtype=np.float32)

    def weight(self, terms: Sequence[str]) -> float:
        """The sum of the idf of different terms; one that no entry has weighs as the rarest."""
        most = float(np.log1p((len(self.ids) + 0.5) / 0.5))
        return sum(float(self.idf[self.known[t]]) if t in self.known else most for t in set(terms))

    def saturation(self, which: int, lengths: Integers) -> Floats:
        """BM25 of a term that stands once in a field (0 claim, 1 title) of these lengths, over its idf."""
        bounds = self.fields[which].bounds
        mean = max(int(bounds[-1]) / max(len(bounds) - 1, 1), 1.0)
        worth: Floats = ((_K1 + 1) / (1 + _K1 * (1 - _B + _B * lengths / mean))).astype(np.float32)
        return worth

    @cached_property
    def rareness(self) -> Rareness:
        """How rare the four-letter sequences of the entries are."""
        return rareness_of([f"{c} {t}" for c, t in zip(self.claims, self.titles, strict=True)])

    def search(self, terms: Sequence[str], vector: Floats) -> Found:
        """Score every entry."""
        words = np.zeros(len(self.ids), dtype=np.float32)
        for term, times in Counter(terms).items():
            key = self.known.get(term)
            if key is None or self.common[key]:
                continue
            where = slice(self._bounds[key], self._bounds[key + 1])
            words[self._entries[where]] += self._worth[where] * np.float32(times**0.5)
        data, scale = pack(vector)
        query = np.frombuffer(data, dtype=np.int8)
        core, universal = scan(self._scanned, self._scales, query, min(CORE, len(query)))
        # Both parts of a vector have length 1/√2: twice their product is the cosine.
        return Found(words, core * np.float32(2 * scale), universal * np.float32(2 * scale))

    def names(self, entry: int) -> frozenset[str]:
        """Names of an entry in the one spelling of all scripts (see ``search.words``), and figures."""
        return frozenset(t for t in self._spelt[entry] if t.startswith(NAME) or t.isdecimal())

    def facts(self, entry: int) -> Facts:
        """Figures, denial and date of an entry; worked out when first asked for."""
        found = self._facts.get(entry)
        if found is None:
            text = self.claims[entry]
            figures = figures_of(f"{text} {self.titles[entry]}")
            found = Facts(figures, is_denied(text, self.languages[entry], ""), self._dates[entry])
            self._facts[entry] = found
        return found


def _numbered(keys: Sequence[str]) -> Integers:
    first: dict[str, int] = {}
    return np.array([first.setdefault(key, len(first)) for key in keys], dtype=np.int64)


def _joined(fields: Sequence[Field]) -> Field:
    """The terms of several fields, entry by entry."""
    count = len(fields[0].bounds) - 1
    owner = np.concatenate([np.repeat(np.arange(count), np.diff(field.bounds)) for field in fields])
    flat = np.concatenate([field.terms for field in fields])
    order = np.argsort(owner, kind="stable")
    return Field(flat[order], np.sum([field.bounds for field in fields], axis=0))


def _without_doubles(rows: Mapping[str, Sequence[Any]]) -> list[int]:
    """Rows whose words (but for signs and capitals) and rating no earlier row of base and publisher has."""
    seen: set[tuple[str | None, ...]] = set()
    kept: list[int] = []
    order = sorted(range(len(rows["number"])), key=lambda n: (rows["number"][n], rows["reference_id"][n]))
    for n in order:
        words = [_MARKS.sub("", rows[name][n].lower()) for name in ("title", "claim")]
        key = (*words, *(rows[name][n] for name in ("base", "publisher", "rating")))
        if key not in seen:
            seen.add(key)
            kept.append(n)
    return kept
