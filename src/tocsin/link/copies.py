"""Copies, near copies and excerpts: links that the words themselves show.

Each distinct text gets the one earlier text it is most like as its original; the others that come close are
alternatives. So a text edited again and again makes a chain, each edit linked to the one before, and a text
that many took makes a star.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tocsin.link.addresses import without_addresses
from tocsin.link.corpus import MICROSECONDS_A_DAY, Corpus
from tocsin.link.forms import Tellings, filled_otherwise, names_others
from tocsin.link.join import Banding, collapse, near_pairs, pair_similarity, sorted_distinct
from tocsin.link.passages import evidence_of, fingerprints_of, passage_candidates
from tocsin.model import Alternative, Direction, DocumentLink, LinkType, Span, link_id_of

if TYPE_CHECKING:
    import numpy as np

    from tocsin.link.standing import Standing

    Array = np.ndarray[Any, Any]

__all__ = ["METHOD", "Copies", "Texts", "distinct_texts", "find_copies", "lasting", "way", "whole"]

METHOD = "words 1"

#: Folded code points below which the same words are no sign of copying at all, and no certain one.
_SHORTEST = 16
_SHORT = 40
#: Jaccard similarity from which two texts are the same text edited, and containment from which one is part.
_NEAR = 0.5
_PART = 0.8
#: Containment from which a heavily edited text may derive from another.
_LOOSE = 0.5
#: Share of the smaller text that must stand in stretches of the other, not in scattered shingles.
_COVERED = 0.6
#: A text shorter than this may be a formula: less than ``_CLOSE`` alike it is no certain copy, and less than
#: ``_OTHER`` alike it is none at all so many days later.
_FORMULA = 120
_CLOSE = 0.65
_OTHER = 0.6
_FORMULA_DAYS = 3
#: So may a text shorter than this be an authority's form, filled in again: less than ``_SAME`` alike it is an
#: uncertain copy days later, less than ``_SAME_NEXT_DAY`` a day later, and no copy at all where a number, a
#: day or a name is another.
_SAME = 0.9
_SAME_NEXT_DAY = 0.8
_FORM = 400
#: Bulletins come once a day, a few minutes earlier or later.
_FORM_DAYS = 0.75
#: Code points in a row that must stand in both.
_RUN = 40
#: An edit that changes numbers in a text shorter than this may be another report of the same make.
_TEMPLATE = 200
#: Similarity to the root below which a chain of edits has drifted to another text.
_DRIFTED = 0.2
_ALTERNATIVES = 3
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")


@dataclass(frozen=True, slots=True)
class Texts:
    """The distinct texts of a corpus: their first row, each row's text (-1: no words), rows of each text."""

    first: Array
    of: list[int]
    rows: list[list[int]] = field(repr=False)


def distinct_texts(corpus: Corpus) -> Texts:
    """Collapse documents whose texts fold to the same words; texts without words are nobody's copy."""
    import numpy as np

    firsts, groups = collapse(corpus.sketches.digests)
    worded = corpus.lengths[firsts] > 0
    numbers = np.where(worded, np.cumsum(worded) - 1, -1)
    of = numbers[groups].tolist() if len(groups) else []
    rows: list[list[int]] = [[] for _ in range(int(worded.sum()))]
    for row, text in enumerate(of):
        if text >= 0:
            rows[text].append(row)
    return Texts(firsts[worded], of, rows)


def lasting(corpus: Corpus, original: int, derived: int) -> str:
    """How long after the original the derived document came, in words; empty when unknown."""
    one, other = corpus.when[original], corpus.when[derived]
    if one is None or other is None:
        return ""
    seconds = (other - one) // 1_000_000
    for unit, length in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds // length} {unit} later"
    return f"{seconds} s later"


def way(corpus: Corpus, original: int, derived: int) -> Direction:
    """Why the original is held to be the original when only the words are known."""
    one, other = corpus.when[original], corpus.when[derived]
    if one is not None and other is not None:
        return Direction.TIME if one < other else Direction.UNKNOWN
    longer = corpus.lengths[original] > corpus.lengths[derived]
    return Direction.CONTAINMENT if longer and one is None and other is None else Direction.UNKNOWN


def whole(text: str) -> tuple[Span, ...]:
    """The whole text but for white space around it."""
    start = len(text) - len(text.lstrip())
    end = len(text.rstrip())
    return (Span(start, end),) if end > start else ()


@dataclass(frozen=True, slots=True)
class Copies:
    """Links by words, one for each derived document, and what later ones need.

    ``redone`` are the rows whose links were looked for. ``edited_from`` maps the row of an edit or a part to
    the row it is made from, those that stood included; ``told_at_once`` has a flag for each row, set for the
    first of a text that several told at once.
    """

    links: list[DocumentLink]
    redone: frozenset[int]
    edited_from: Mapping[int, int]
    told_at_once: Array


def find_copies(
    corpus: Corpus,
    texts: Texts,
    standing: Standing | None = None,
    again: Collection[int] = (),
    threads: int = 1,
) -> Copies:
    """Copies, near copies and excerpts of the documents that do not stand, and of rows to do ``again``."""
    import numpy as np

    stood = standing.rows if standing else 0
    fresh = {text for text in texts.of[stood:] if text >= 0} | {texts.of[row] for row in again}
    groups = [texts.rows[text] for text in sorted(fresh - {-1})]
    links = [link for rows in groups if len(rows) > 1 for link in _same_words(corpus, rows)]
    wanted = texts.first >= stood
    wanted[[texts.of[row] for row in again if texts.of[row] >= 0]] = True
    edited = _Edited(corpus, texts, standing, wanted, threads)
    links += edited.links()
    told = np.zeros(len(corpus), np.bool_)
    if standing:
        told[:stood] = standing.told_at_once
    told[edited.told()] = True
    redone = {row for rows in groups for row in rows[1:]} | set(texts.first[wanted].tolist())
    return Copies(links, frozenset(redone), edited.parents, told)


def _issued_again(corpus: Corpus, rows: list[int]) -> frozenset[int]:
    """The documents of one text, in the order of time, that several channels tell again days later.

    A short notice that several took on one day, and several on another, may have been issued twice.
    """
    if corpus.lengths[rows[0]] >= _FORM:
        return frozenset()
    parts = [[rows[0]]]
    for row in rows[1:]:
        if _days(corpus, parts[-1][-1], row) > _FORMULA_DAYS:
            parts.append([])
        parts[-1].append(row)
    if not _several(corpus, parts[0]):
        return frozenset()
    return frozenset(row for part in parts[1:] if _several(corpus, part) for row in part)


def _several(corpus: Corpus, rows: list[int]) -> bool:
    return len({corpus.channels.of[row] for row in rows}) > 1


def _same_words(corpus: Corpus, rows: list[int]) -> list[DocumentLink]:
    """Links of the documents of one text to the first of them."""
    first = rows[0]
    length = int(corpus.lengths[first])
    if length < _SHORTEST:
        return []
    evidence = whole(corpus.text(first))
    again = _issued_again(corpus, rows)
    made = []
    for row in rows[1:]:
        certain = length >= _SHORT and row not in again
        reasons = ["the same words, but for case, punctuation and addresses"]
        if later := lasting(corpus, first, row):
            reasons.append(later)
        if row in again:
            reasons.append("several told it before and several again: it may have been issued twice")
        elif not certain:
            reasons.append("so short that two may have written it")
        made.append(
            DocumentLink(
                link_id=link_id_of(corpus.ids[row], corpus.ids[first], LinkType.COPY, METHOD),
                document_id=corpus.ids[row],
                original_id=corpus.ids[first],
                original_name=corpus.name_of(first),
                type=LinkType.COPY,
                direction=way(corpus, first, row),
                certain=certain,
                score=1.0 if certain else 0.6,
                reasons=tuple(reasons),
                evidence=whole(corpus.text(row)),
                original_evidence=evidence,
                alternatives=(),
                method=METHOD,
            )
        )
    return made


# --- edited texts and parts ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Candidates:
    """Pairs of distinct texts: the earlier, the later, Jaccard, containment, and the rank of each."""

    left: Array
    right: Array
    similar: Array
    contained: Array

    @property
    def rank(self) -> Array:
        return self.similar + 0.2 * self.contained


def _candidates(corpus: Corpus, texts: Texts, wanted: Array, threads: int) -> _Candidates:
    """Pairs of which the later text is ``wanted`` (a flag for each)."""
    import numpy as np

    known = np.flatnonzero(corpus.lengths[texts.first] >= _SHORTEST)
    rows, chosen, banding = texts.first[known], wanted[known], Banding()
    near = near_pairs(corpus.sketches.bytes[rows], chosen, _NEAR, banding=banding, threads=threads)
    left, right = passage_candidates(*fingerprints_of(corpus.bare, rows), chosen)
    pairs = sorted_distinct(np.concatenate([near[:, 0] << 32 | near[:, 1], left << 32 | right]))
    left, right = known[pairs >> 32], known[pairs & 0xFFFFFFFF]
    similar, contained = pair_similarity(
        corpus.bare, texts.first[left], texts.first[right], banding.shingle, threads
    )
    kept = (similar >= _NEAR) | (contained >= _LOOSE)
    return _Candidates(left[kept], right[kept], similar[kept], contained[kept])


class _Edited:
    """The search for what the ``wanted`` texts (a flag for each) were edited from."""

    def __init__(
        self, corpus: Corpus, texts: Texts, standing: Standing | None, wanted: Array, threads: int
    ) -> None:
        import numpy as np

        self.corpus, self.texts = corpus, texts
        self.found = _candidates(corpus, texts, wanted, threads)
        stood = int(np.searchsorted(texts.first, standing.rows)) if standing else 0
        known = standing.told_at_once[texts.first[:stood]].tolist() if standing else ()
        pairs = self.found.left, self.found.right
        self.tellings = Tellings(corpus.when, corpus.channels.of, texts.rows, pairs, known)
        self.parents = dict(standing.edited_from) if standing else {}
        for row in texts.first[wanted].tolist():
            self.parents.pop(row, None)

    def told(self) -> list[int]:
        """The first rows of the texts not known before that several told at once."""
        import numpy as np

        several = [text for text, rows in enumerate(self.texts.rows) if len(rows) > 1]
        asked = sorted_distinct(np.concatenate([np.array(several, np.int64), *self.tellings.pairs]))
        asked = asked[np.searchsorted(asked, len(self.tellings.known)) :]
        return [self.texts.rows[text][0] for text in asked.tolist() if self.tellings.at_once(text)]

    def links(self) -> list[DocumentLink]:
        """A link for each wanted text that was edited from another."""
        import numpy as np

        corpus, found, first = self.corpus, self.found, self.texts.first
        order = np.lexsort((found.left, -found.rank, found.right))
        by_text: dict[int, list[int]] = {}
        for at in order.tolist():
            by_text.setdefault(int(found.right[at]), []).append(at)
        by_text = {
            text: fit
            for text, pairs in by_text.items()
            if (fit := _but_forms(corpus, self.texts, found, self.tellings, pairs))
        }
        chosen = [pairs[0] for pairs in by_text.values()]
        evidence = evidence_of(corpus.bare, first[found.left[chosen]], first[found.right[chosen]])
        made: dict[int, DocumentLink] = {}
        for at, spans, pairs in zip(chosen, evidence, by_text.values(), strict=True):
            rows = int(first[found.left[at]]), int(first[found.right[at]])
            pair = _Pair(*rows, float(found.similar[at]), float(found.contained[at]))
            others = [
                (int(first[found.left[k]]), float(found.similar[k]), float(found.contained[k]))
                for k in pairs[1 : _ALTERNATIVES + 1]
            ]
            link = _edited_link(corpus, pair, spans, others)
            if link is not None:
                made[pair.derived] = link
                self.parents[pair.derived] = pair.original
        return _mark_drift(corpus, made, self.parents)


def _but_forms(
    corpus: Corpus, texts: Texts, found: _Candidates, tellings: Tellings, pairs: list[int]
) -> list[int]:
    """The pairs of one text, best first, without earlier texts of which it is only the same form."""
    for place, at in enumerate(pairs):
        original, derived = (int(texts.first[side[at]]) for side in (found.left, found.right))
        apart = _days(corpus, original, derived)
        if apart <= _FORM_DAYS or min(corpus.lengths[original], corpus.lengths[derived]) >= _FORM:
            return pairs[place:]
        if filled_otherwise(corpus.text(original), corpus.text(derived)):
            continue
        if apart <= _FORMULA_DAYS or not tellings.twice(int(found.left[at]), int(found.right[at])):
            return pairs[place:]
    return []


@dataclass(frozen=True, slots=True)
class _Pair:
    original: int
    derived: int
    similar: float
    contained: float


_Ranges = list[tuple[int, int]]


def _kind(corpus: Corpus, pair: _Pair, spans: tuple[_Ranges, _Ranges]) -> tuple[LinkType, bool] | None:
    """What sort of derivation a pair is, and whether it is certain; None when it is none."""
    lengths = int(corpus.lengths[pair.original]), int(corpus.lengths[pair.derived])
    apart = _days(corpus, pair.original, pair.derived)
    if min(lengths) < _FORMULA and pair.similar < _OTHER and apart > _FORMULA_DAYS:
        return None  # "Today is the world day of …": the same form about something else
    if pair.similar >= _NEAR:
        certain = min(lengths) >= _SHORT and (min(lengths) >= _FORMULA or pair.similar >= _CLOSE)
        surely = _SAME if apart > _FORMULA_DAYS else _SAME_NEXT_DAY
        again = min(lengths) < _FORM and pair.similar < surely and apart > _FORM_DAYS
        return LinkType.NEAR_COPY, certain and not again
    smaller = 0 if lengths[0] < lengths[1] else 1
    runs = [end - start for start, end in spans[smaller]]
    covered = sum(runs) / max(1, lengths[smaller])
    if min(lengths) < _SHORT or covered < _COVERED or max(runs) < _RUN:
        return None
    part = pair.contained >= _PART and covered >= _PART
    rows = (pair.original, pair.derived) if smaller == 0 else (pair.derived, pair.original)
    if pair.contained < _CLOSE and names_others(*map(corpus.text, rows)):
        return None  # an article of law, an office's phrase: what it is about is not told there
    # "An alarm is sounded in the whole country" stands in a long report of the next day too.
    again = min(lengths) < _TEMPLATE and apart > _FORM_DAYS
    return (LinkType.EXCERPT if smaller == 1 and part else LinkType.NEAR_COPY), part and not again


def _days(corpus: Corpus, original: int, derived: int) -> float:
    """Days between two documents; none where a date is missing."""
    one, other = corpus.when[original], corpus.when[derived]
    return 0.0 if one is None or other is None else abs(other - one) / MICROSECONDS_A_DAY


def _edited_link(
    corpus: Corpus,
    pair: _Pair,
    spans: tuple[_Ranges, _Ranges],
    others: list[tuple[int, float, float]],
) -> DocumentLink | None:
    kind = _kind(corpus, pair, spans)
    if kind is None:
        return None
    type_, certain = kind
    own = corpus.channels.of[pair.original] == corpus.channels.of[pair.derived]
    if own and not certain:
        return None  # a channel that writes on about one thing repeats itself: no other source is at work
    reasons = _reasons(corpus, pair, type_)
    numbers = _changed_numbers(corpus, pair)
    if numbers:
        if own:
            return None  # a channel's own form with other figures: another report, not a copy
        short = min(corpus.lengths[pair.original], corpus.lengths[pair.derived]) < _TEMPLATE
        certain = certain and not short
        reasons.append(f"numbers differ: {numbers}")
    identifier = corpus.ids[pair.derived]
    return DocumentLink(
        link_id=link_id_of(identifier, corpus.ids[pair.original], type_, METHOD),
        document_id=identifier,
        original_id=corpus.ids[pair.original],
        original_name=corpus.name_of(pair.original),
        type=type_,
        direction=way(corpus, pair.original, pair.derived),
        certain=certain,
        score=round(max(pair.similar, 0.9 * pair.contained), 4),
        reasons=tuple(reasons),
        evidence=tuple(Span(*span) for span in spans[1]),
        original_evidence=tuple(Span(*span) for span in spans[0]),
        alternatives=tuple(_alternative(corpus, pair, *other) for other in others),
        method=METHOD,
    )


def _reasons(corpus: Corpus, pair: _Pair, type_: LinkType) -> list[str]:
    lengths = int(corpus.lengths[pair.original]), int(corpus.lengths[pair.derived])
    if type_ is LinkType.EXCERPT:
        first = f"{pair.contained:.0%} of its wording stand in the longer text"
    elif pair.similar >= _NEAR:
        first = f"{pair.similar:.0%} of the wording of both is shared"
    elif lengths[1] > lengths[0]:
        more = lengths[1] - lengths[0]
        first = f"{pair.contained:.0%} of the earlier text stand in it, with {more:,} letters more"
    else:
        first = f"{pair.contained:.0%} of its wording stand in the earlier text"
    later = lasting(corpus, pair.original, pair.derived)
    return [first, later] if later else [first]


def _alternative(corpus: Corpus, pair: _Pair, row: int, similar: float, contained: float) -> Alternative:
    label = corpus.name_of(row) or "channel not known"
    score = round(max(similar, 0.9 * contained), 4)
    return Alternative(corpus.ids[row], label, score, "less like it" if row != pair.original else "")


def _changed_numbers(corpus: Corpus, pair: _Pair) -> str:
    """Numbers of the original that are others in the derived text, in words; empty when none was replaced."""
    one, other = (
        _NUMBER.findall(without_addresses(corpus.text(row))) for row in (pair.original, pair.derived)
    )
    gone = [number for number in one if number not in other]
    new = [number for number in other if number not in one]
    if not gone or not new:
        return ""
    return f"{', '.join(gone[:3])} → {', '.join(new[:3])}"


def _mark_drift(
    corpus: Corpus, links: Mapping[int, DocumentLink], parents: Mapping[int, int]
) -> list[DocumentLink]:
    """Make uncertain the links (by row) of texts that a chain of edits has led away from its root."""
    from dataclasses import replace

    import numpy as np

    roots: dict[int, int] = {}
    for row in sorted(parents):
        parent = parents[row]
        roots[row] = roots.get(parent, parent)
    far = [row for row in links if roots[row] != parents[row]]
    made = dict(links)
    if far:
        _, contained = pair_similarity(corpus.bare, np.array([roots[row] for row in far]), np.array(far))
        words = "edited so often that little of the first text is left"
        for row, value in zip(far, contained, strict=True):
            if value < _DRIFTED:
                made[row] = replace(made[row], certain=False, reasons=(*made[row].reasons, words))
    return list(made.values())
