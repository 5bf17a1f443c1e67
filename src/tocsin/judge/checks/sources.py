"""Quotations and reports beside the documents that they cite, where the case has them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.judge.checks.wordings import Word, exactly, nearest, overlap, stems_of, words_of
from tocsin.link.addresses import addresses_in, canonical_address
from tocsin.link.fold import folded_name
from tocsin.model import CheckTopic, CheckVerdict, Document, Span, hull

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa

    Array = np.ndarray[Any, Any]

__all__ = ["OUTLET", "QUOTATION", "Against", "Cited", "Library", "may_quote", "outlets", "quotations"]

#: Fewest words of a quotation that is looked up: shorter ones are names and scare quotes.
_LEAST_WORDS: Final = 4
#: How far from a quotation an address or an outlet may stand, code points.
_NEAR: Final = 160
_QUOTED: Final = re.compile(r"«([^«»\n]{15,600})»|“([^“”\n]{15,600})”|„([^„“”\n]{15,600})[“”]")
#: What any quotation, and any address, has in it.
_ANY_QUOTATION: Final = '[«“„"]'
_ANY_ADDRESS: Final = r"(?i)https?://|www\.|t\.me/"
_GAP: Final = re.compile(r"\s*(?:\[?\(?(?:…|\.\.\.)\)?\]?|<\.\.\.>)\s*")
#: Share of the words of a report that its source must hold to be said there.
_SAID: Final = 0.6
#: Documents of an outlet looked through for one report.
_MOST: Final = 400
_DAYS: Final = 7
#: When a document without a date was published: before all others.
_NEVER: Final = -(1 << 63)


@dataclass(frozen=True, slots=True)
class Cited:
    """An outlet a document names: its words, its label, and the content on its word."""

    source: Span
    label: str
    content: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Against:
    """A result, and the document and words of it that it came from."""

    result: Result
    document_id: str | None = None
    spans: tuple[Span, ...] = ()


@dataclass
class Library:
    """Every document of the case, by address and by channel.

    ``table`` has the rows of ``documents``. Most of them nothing cites: rows become documents when asked for.
    """

    table: pa.Table
    _documents: dict[int, Document] = field(default_factory=dict)
    _words: dict[str, list[Word]] = field(default_factory=dict)
    _stems: dict[str, frozenset[str]] = field(default_factory=dict)
    _labels: dict[str, str | None] = field(default_factory=dict)

    def documents(self, rows: Sequence[int]) -> list[Document]:
        """The documents in some rows."""
        import numpy as np

        from tocsin.model.arrow import rows_of
        from tocsin.model.tables import DOCUMENTS

        missing = np.array([row for row in dict.fromkeys(rows) if row not in self._documents], np.int64)
        self._documents |= zip(missing.tolist(), rows_of(self.table.take(missing), DOCUMENTS), strict=True)
        return [self._documents[row] for row in rows]

    @cached_property
    def by_address(self) -> Mapping[str, int]:
        """The row of the document at each address, of several the one of the least id."""
        urls, ids = (self.table.column(name).to_pylist() for name in ("url", "document_id"))
        found: dict[str, int] = {}
        for _, row, url in sorted((ids[row], row, url) for row, url in enumerate(urls) if url):
            address = canonical_address(url)
            if address:
                found.setdefault(address, row)
        return found

    @cached_property
    def _shelves(self) -> tuple[Mapping[str, int], Array, Array, Array]:
        """The folded names of channels, numbered in their order, and the rows that have one by its number,
        those without a date first, then by date: numbers, moments, rows.
        """
        import numpy as np
        import pyarrow as pa
        import pyarrow.compute as pc

        names = pc.fill_null(self.table.column("channel"), "").combine_chunks()
        known = pc.unique(names)
        folds = [folded_name(name) for name in known.to_pylist()]
        number = {name: n for n, name in enumerate(sorted({fold for fold in folds if fold}))}
        of_name = np.array([number.get(fold, -1) for fold in folds], np.int64)
        numbers = of_name[np.asarray(pc.index_in(names, known))]
        when = pc.cast(
            pc.cast(self.table.column("published"), pa.timestamp("us", tz="UTC")), pa.int64()
        ).fill_null(_NEVER)
        moments = np.asarray(when)
        ids = np.asarray(pc.rank(self.table.column("document_id").combine_chunks(), tiebreaker="first"))
        order = np.lexsort((ids, moments, numbers))
        order = order[numbers[order] >= 0]
        return number, numbers[order], moments[order], order

    @cached_property
    def row_of(self) -> Mapping[str, int]:
        """The row of each document by its id."""
        return {key: row for row, key in enumerate(self.table.column("document_id").to_pylist())}

    def words(self, document: Document) -> list[Word]:
        """The words of a document; those of the last few hundred are kept."""
        if document.document_id not in self._words:
            if len(self._words) >= _MOST:
                self._words.clear()
            self._words[document.document_id] = words_of(document.text)
        return self._words[document.document_id]

    def stems(self, document: Document) -> frozenset[str]:
        """The stems of the longer words of a document."""
        if document.document_id not in self._stems:
            self._stems[document.document_id] = stems_of(words_of(document.text))
        return self._stems[document.document_id]

    def around(self, name: str, document: Document) -> list[Document]:
        """Documents of a channel but this one, at most ``_MOST``, those published about the same time."""
        import numpy as np

        number, numbers, moments, rows = self._shelves
        start, end = np.searchsorted(numbers, [number[name], number[name] + 1]).tolist()
        when = _NEVER if document.published is None else _microseconds(document.published)
        first, last = (start + np.searchsorted(moments[start:end], when, side) for side in ("left", "right"))
        ids = self.table.column("document_id").take(rows[first:last]).to_pylist()
        at = first + bisect_left(ids, document.document_id)
        near = rows[max(start, at - _MOST // 2) : min(end, at + _MOST // 2)]
        return [d for d in self.documents(near.tolist()) if d.document_id != document.document_id]

    @cached_property
    def _by_stems(self) -> Mapping[tuple[str, ...], list[str]]:
        found: dict[tuple[str, ...], list[str]] = {}
        for name in self._shelves[0]:
            found.setdefault(_stems(name), []).append(name)
        return found

    def channel(self, label: str) -> str | None:
        """The channel of the case that a label names, whatever its ending; None if none or several."""
        if label not in self._labels:
            wanted = _stems(label)
            found = self._by_stems.get(wanted, ()) if wanted else ()
            self._labels[label] = found[0] if len(found) == 1 else None
        return self._labels[label]


def _microseconds(when: datetime) -> int:
    return (when - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)


def _stems(name: str) -> tuple[str, ...]:
    words = [w for w in folded_name(name).split() if w not in {"the", "a"}]
    return tuple(w[: max(3, len(w) - 2)] if len(w) > 3 else w for w in words)


def _addressed(library: Library, document: Document, span: Span) -> tuple[Span, Document] | None:
    """The only document of the case to which an address near some words leads."""
    text = document.text
    start = max(0, span.start - _NEAR)
    found = {}
    for address, where in addresses_in(text[start : span.end + _NEAR]):
        row = library.by_address.get(address)
        other = library.documents([row])[0] if row is not None else None
        if other is not None and other.document_id != document.document_id:
            found[other.document_id] = (where.shift(start), other)
    return next(iter(found.values())) if len(found) == 1 else None


def may_quote(texts: pa.ChunkedArray) -> Array:
    """Which texts may hold both a quotation and an address; flags."""
    import numpy as np
    import pyarrow.compute as pc

    both = (pc.match_substring_regex(texts, pattern) for pattern in (_ANY_ADDRESS, _ANY_QUOTATION))
    found: Array = np.logical_and(*(np.asarray(flags) for flags in both))
    return found


# --- quotations ---------------------------------------------------------------------------------


def quotations(facts: DocumentFacts, cited: Sequence[Cited], library: Library) -> Iterator[Against]:
    """Every quotation of a document that cites a document or channel of the case."""
    document = facts.document
    for span in _quoted(document.text):
        words = words_of(span.of(document.text), span.start)
        if len(words) < _LEAST_WORDS:
            continue
        target = _addressed(library, document, span)
        if target is not None:
            yield _in_document(span, words, target, document, library)
            continue
        outlet = _outlet_of(cited, span, library)
        if outlet is not None and outlet[1] != folded_name(document.channel or ""):
            yield _in_channel(span, words, outlet, document, library)


def _quoted(text: str) -> list[Span]:
    """What stands in quotation marks, within a line; straight ones are paired from the line's beginning."""
    found = []
    for match in _QUOTED.finditer(text):
        found += [Span(*match.span(group)) for group in (1, 2, 3) if match.group(group) is not None]
    at = 0
    for line in text.split("\n"):
        marks = [at + i for i, sign in enumerate(line) if sign == '"']
        at += len(line) + 1
        if len(marks) % 2:
            continue  # one is missing: nobody knows which
        found += [
            Span(start + 1, end)
            for start, end in zip(marks[::2], marks[1::2], strict=True)
            if 15 <= end - start <= 600
        ]
    return sorted(found)


def _pieces(words: Sequence[Word], text: str) -> list[list[Word]]:
    """The pieces of a quotation between marks of omission."""
    pieces: list[list[Word]] = [[]]
    for before, word in zip([None, *words], words, strict=False):
        if before is not None and _GAP.fullmatch(
            text[before.span.end : word.span.start].strip(" ,;.") or "-"
        ):
            pieces.append([])
        pieces[-1].append(word)
    return pieces


def _in_document(
    span: Span, words: list[Word], target: tuple[Span, Document], document: Document, library: Library
) -> Against:
    """A quotation beside the document to which an address leads."""
    address, other = target
    named = f"a document of {other.channel or 'an unnamed channel'}"
    both = (Input(span, f"{len(words)} words quoted"), Input(address, named))
    inputs = tuple(sorted(both, key=lambda item: item.span))
    there = library.words(other)
    exact = exactly(_pieces(words, document.text), there)
    assumptions = ("the address leads to what is quoted", "the case has the whole of that document")
    tolerance = "case, punctuation, spaces and quotation marks are not compared"
    if exact is not None:
        steps: tuple[str, ...] = (f"all {len(words)} words stand there in this order",)
        result = Result(CheckVerdict.CONSISTENT, inputs, steps, assumptions, tolerance)
        return Against(result, other.document_id, tuple(exact))
    near = nearest(words, there)
    if near is None:
        steps = ("neither these words nor any near them stand there",)
        missing = (
            (
                "the words quoted, or some near them: the case may have only a part of the document, or "
                "another version or language of it"
            ),
        )
        result = Result(CheckVerdict.NOT_CHECKABLE, inputs, steps, assumptions, tolerance, missing)
        return Against(result, other.document_id, ())
    steps = tuple(f"quoted «{one or '–'}», there «{two or '–'}»" for one, two in near.differences)
    steps = (f"the words nearest to it there: «{near.span.of(other.text)}»", *steps)
    verdict = CheckVerdict.INCONSISTENT if near.replaced else CheckVerdict.CONSISTENT
    tolerance += "; other endings of a word and words left out are shown, and no contradiction"
    return Against(Result(verdict, inputs, steps, assumptions, tolerance), other.document_id, (near.span,))


def _outlet_of(cited: Sequence[Cited], span: Span, library: Library) -> tuple[Cited, str] | None:
    """The channel of the case on whose word a quotation is given."""
    for item in cited:
        content = hull(item.content)
        holds = content is not None and content.start < span.end and span.start < content.end
        name = library.channel(item.label) if holds else None
        if name is not None:
            return item, name
    return None


def _in_channel(
    span: Span, words: list[Word], outlet: tuple[Cited, str], document: Document, library: Library
) -> Against:
    """A quotation beside everything the case has of a channel."""
    item, name = outlet
    others = library.around(name, document)
    inputs = tuple(
        sorted(
            (Input(span, f"{len(words)} words quoted"), Input(item.source, f"channel {name}")),
            key=lambda one: one.span,
        )
    )
    pieces, longer = _pieces(words, document.text), stems_of(words)
    for other in others:
        if not longer <= library.stems(other):
            continue
        exact = exactly(pieces, library.words(other))
        if exact is not None:
            steps = (f"all {len(words)} words stand in a document of {name} in this order",)
            tolerance = "case, punctuation, spaces and quotation marks are not compared"
            result = Result(CheckVerdict.CONSISTENT, inputs, steps, (), tolerance)
            return Against(result, other.document_id, tuple(exact))
    steps = (f"{len(others)} documents of {name} looked through",)
    missing = (f"a document of {name} with these words in the case, or the address of the one that is cited",)
    return Against(Result(CheckVerdict.NOT_CHECKABLE, inputs, steps, missing=missing))


# --- outlets ------------------------------------------------------------------------------------


def outlets(facts: DocumentFacts, cited: Sequence[Cited], library: Library) -> Iterator[Against]:
    """Every outlet of the case named as a source, beside the document that is linked, or its own."""
    document = facts.document
    seen: set[str] = set()
    for item in cited:
        name = library.channel(item.label)
        if name is None or name in seen or name == folded_name(document.channel or ""):
            continue
        whole = hull((item.source, *item.content))
        target = _addressed(library, document, whole) if whole is not None else None
        if target is None and _quoted(document.text):
            continue  # what is quoted is looked up as a quotation
        seen.add(name)
        yield (
            _linked(item, name, target, document, library)
            if target
            else _unlinked(item, name, document, library)
        )


def _said(item: Cited, document: Document) -> frozenset[str]:
    """The stems of the longer words of a report."""
    return frozenset().union(*(stems_of(words_of(span.of(document.text))) for span in item.content))


def _linked(
    item: Cited, name: str, target: tuple[Span, Document], document: Document, library: Library
) -> Against:
    """An outlet named beside an address: whose document is there?"""
    address, other = target
    there = other.channel or ""
    inputs = tuple(
        sorted(
            (
                Input(item.source, f"channel {name}"),
                Input(address, f"a document of {there or 'an unnamed channel'}"),
            ),
            key=lambda one: one.span,
        )
    )
    assumptions = ("the address is given as the place where the outlet says so",)
    if folded_name(there) != name:
        passed_on = _mentions(other, item.label)
        whose = there or "an unnamed channel"
        steps: tuple[str, ...] = (f"the address leads to a document of {whose}, not of {name}",)
        if passed_on or not there:
            missing = (f"the document of {name} itself: the one that is linked names it, or has no channel",)
            return Against(
                Result(CheckVerdict.NOT_CHECKABLE, inputs, steps, assumptions, "", missing), other.document_id
            )
        tolerance = f"none: that document does not name {name} either"
        return Against(
            Result(CheckVerdict.INCONSISTENT, inputs, steps, assumptions, tolerance), other.document_id
        )
    share = overlap(_said(item, document), library.stems(other))
    steps = (
        f"the address leads to a document of {there}",
        f"{share:.0%} of the longer words of the report stand in it",
    )
    tolerance = f"{_SAID:.0%} of the words are enough: reports are in other words; endings are not compared"
    if share >= _SAID:
        return Against(
            Result(CheckVerdict.CONSISTENT, inputs, steps, assumptions, tolerance), other.document_id
        )
    missing = ("the report in words near those of the document: it may be a translation or a summary",)
    return Against(
        Result(CheckVerdict.NOT_CHECKABLE, inputs, steps, assumptions, tolerance, missing), other.document_id
    )


def _mentions(document: Document, label: str) -> bool:
    """Whether a document names an outlet: it may pass its report on."""
    wanted = _stems(label)
    there = {part for w in words_of(document.text) for part in _stems(w.folded)}
    passed = folded_name(document.forwarded_from or "")
    return bool(wanted) and (set(wanted) <= there or _stems(passed) == wanted)


def _unlinked(item: Cited, name: str, document: Document, library: Library) -> Against:
    """An outlet named without an address: does any of its documents of those days say so?"""
    inputs = (Input(item.source, f"channel {name}"),)
    said = _said(item, document)
    others = [d for d in library.around(name, document) if _within(d.published, document.published)]
    best = max(((overlap(said, library.stems(d)), d.document_id) for d in others), default=(0.0, ""))
    steps = (
        f"{len(others)} documents of {name} within {_DAYS} days looked through",
        f"at most {best[0]:.0%} of the longer words of the report stand in one of them",
    )
    enough = len(said) >= _LEAST_WORDS
    if best[0] >= _SAID and enough:
        tolerance = (
            f"{_SAID:.0%} of the words are enough: reports are in other words; endings are not compared"
        )
        return Against(Result(CheckVerdict.CONSISTENT, inputs, steps, (), tolerance), best[1])
    missing = (f"a document of {name} in the case that says so in near words",)
    return Against(Result(CheckVerdict.NOT_CHECKABLE, inputs, steps, missing=missing))


def _within(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return True
    return abs((one - other).days) <= _DAYS


def _nothing(_: DocumentFacts) -> tuple[Result, ...]:
    """These two are run by ``corpus`` with the whole case at hand."""
    return ()


QUOTATION: Final = DocumentCheck(
    "quotation", "1", CheckTopic.SOURCES, "words quoted stand in the document cited", _nothing
)
OUTLET: Final = DocumentCheck(
    "outlet",
    "1",
    CheckTopic.SOURCES,
    "an outlet named as a source said so, and the address is its own",
    _nothing,
)
