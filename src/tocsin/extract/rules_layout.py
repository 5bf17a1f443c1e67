"""Attribution by layout: «Source: words», «words — source», a quotation that stands alone."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from tocsin.extract.chunks import has_case, is_verb
from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.rules_verbs import ABOUT_THIS
from tocsin.extract.sources import plausible_source
from tocsin.extract.tokens import QUOTE, Quotation, Region
from tocsin.language.morphology import parses
from tocsin.model import Span

__all__ = [
    "about_this",
    "continue_quotations",
    "headline_draft",
    "marked_draft",
    "orphan_quotations",
    "tail_draft",
]

_DASHES: Final = frozenset({"—", "–", "−", "-"})
_LONGEST_SOURCE: Final = 9
_COPULA: Final = frozenset({"это", "це", "бұл", "this", "is"})
_ABOUT: Final = frozenset({"о", "об", "про", "on", "about", "туралы"})


def headline_draft(text: str, line: Line, region: Region) -> Draft | None:
    """«Минобороны: …», «Reuters: …» at a sentence's start, when what precedes the colon can be a source."""
    words = region.words
    if ":" not in words[1 : _LONGEST_SOURCE + 1]:
        return None
    colon = words.index(":", 1)
    if sum(w[:1].isalnum() for w in words[colon + 1 :]) < 4 and colon + 1 not in region.quotes:
        return None
    start = 0
    while start < colon and words[start] in _DASHES | {"!", "?", ",", "."}:
        start += 1
    if start == colon or not plausible_source(region, start, colon, line.lexicon):
        return None
    source = (region.starts[start], region.ends[colon - 1])
    content = [(region.starts[colon + 1], region.ends[-1])] if colon + 1 < len(words) else []
    content += [(q.start, q.end) for at, q in region.quotes.items() if at > colon]
    cue = [(region.starts[colon], region.ends[colon])]
    return marked_draft(text, line, source, cue, content, "layout: source before a colon")


def tail_draft(text: str, line: Line, region: Region) -> Draft | None:
    """«…, — данные торгов», «… – источник 112» at the end of a sentence."""
    words = region.words
    last = len(words)
    while last and words[last - 1] in {".", "!", "…"}:
        last -= 1
    dash = next(
        (n for n in range(last - 2, max(1, last - _LONGEST_SOURCE - 1), -1) if words[n] in _DASHES), None
    )
    if dash is None or dash < 2 or words[dash - 1] in _COPULA:
        return None
    last = next((n for n in range(dash + 2, last) if words[n] in _ABOUT), last)
    signed = words[dash - 1] in {",", QUOTE}
    if not plausible_source(region, dash + 1, last, line.lexicon, signed):
        return None
    if (
        not _spaced(text, region, dash)
        or not _states(line, region, dash)
        or not _nominative(line, region, dash + 1)
    ):
        return None
    before = dash
    while before and words[before - 1] == ",":
        before -= 1
    source = (region.starts[dash + 1], region.ends[last - 1])
    content = [(region.starts[0], region.ends[before - 1])]
    content += [(q.start, q.end) for at, q in region.quotes.items() if at < dash]
    cue = [(region.starts[dash], region.ends[dash])]
    return marked_draft(text, line, source, cue, content, "layout: source after a dash")


def _states(line: Line, region: Region, dash: int) -> bool:
    """Whether the words before the dash say something: speech, or a clause with a verb."""
    words = region.words[:dash]
    if words[-1] in {",", QUOTE} or any(n < dash for n in region.quotes):
        return True
    if line.lexicon.language not in {"ru", "uk"}:
        return len(words) >= 6
    return len(words) >= 4 and any(
        is_verb(w, line.lexicon.language) or _short_participle(w, line) for w in words
    )


def _short_participle(word: str, line: Line) -> bool:
    found = parses(word, line.lexicon.language)
    return bool(found) and found[0].pos in {"PRTS", "ADJS"}


def _nominative(line: Line, region: Region, index: int) -> bool:
    """«… журналисту — Такеру Карлсону» only explains; a source after a dash is in the nominative."""
    word = region.raw(index)
    if line.lexicon.language not in {"ru", "uk"} or not word[:1].isalpha():
        return True
    if word.isupper() or not "\u0400" <= word[0] <= "\u04ff":
        return True  # «ГУ МВД», «Türkiye»: words without cases
    return has_case(region.words[index], line.lexicon.language, "nomn")


def _spaced(text: str, region: Region, dash: int) -> bool:
    at, end = region.starts[dash], region.ends[dash]
    return text[at - 1 : at].isspace() or text[end : end + 1].isspace() or text[at - 1 : at] in ",*_"


def marked_draft(
    text: str,
    line: Line,
    source: tuple[int, int],
    cue: list[tuple[int, int]],
    content: list[tuple[int, int]],
    rule: str,
) -> Draft | None:
    """A draft whose cue is a sign; None without content, or where the sign stands in it."""
    draft = make_draft(text, line, ([source], [], content), rule, 0.75)
    if draft is not None:
        # Signs are cues here, though a span of words never keeps one at its edge.
        draft.cue = tuple(Span(*item) for item in cue)
        if any(s.start < c.end and c.start < s.end for s in draft.content for c in draft.cue):
            return None
    return draft


def about_this(lines: Sequence[Line], drafts: Sequence[Draft]) -> list[Draft]:
    """«Об этом сообщил X»: the content is the sentence before; without one the draft goes."""
    kept = []
    for draft in drafts:
        if draft.rule.endswith(ABOUT_THIS):
            if draft.line == 0:
                continue
            previous = lines[draft.line - 1]
            draft.content = (Span(previous.start, previous.end),)
        kept.append(draft)
    return kept


def _quoted(line: Line, span: Span) -> list[Quotation]:
    """Quotations of a line's paragraph that begin inside a span."""
    first = bisect_left(line.quotes, span.start, key=lambda q: q.start)
    last = bisect_left(line.quotes, span.end, key=lambda q: q.start)
    return [line.quotes[n] for n in range(first, last)]


def continue_quotations(lines: Sequence[Line], drafts: Sequence[Draft]) -> None:
    """««A,» X said. “B.”»: a quotation that follows in the same paragraph is the same speaker's. In place."""
    taken = {s.start for d in drafts for s in d.content}
    for draft in drafts:
        if not draft.rule.startswith("verb") or not _quotes_last(lines[draft.line], draft):
            continue
        for line in islice(lines, draft.line + 1, None):
            outer = line.regions[0]
            if line.paragraph != lines[draft.line].paragraph or not outer.quotes:
                break
            if any(w != QUOTE and w[:1].isalnum() for w in outer.words):
                break
            for quote in outer.quotes.values():
                if quote.start not in taken and quote.start > draft.content[-1].end:
                    draft.content = (*draft.content, Span(quote.start, quote.end))
                    taken.add(quote.start)


def _quotes_last(line: Line, draft: Draft) -> bool:
    """Whether the draft quotes speech and its cue is near the end of its sentence."""
    quoted = any(q.start <= s.start < q.end for q in line.quotes if q.speech for s in draft.content)
    return quoted and bool(draft.cue)


def orphan_quotations(text: str, lines: Sequence[Line], drafts: Sequence[Draft]) -> Iterator[Draft]:
    """A paragraph that is one quotation, after a paragraph with speech in it: the same speaker goes on."""
    spoken = {lines[d.line].paragraph for d in drafts if d.source or d.implied == "before"}
    covered = {q.start for d in drafts for s in d.content for q in _quoted(lines[d.line], s)}
    by_paragraph: dict[int, list[Line]] = {}
    for line in lines:
        by_paragraph.setdefault(line.paragraph, []).append(line)
    for paragraph, members in by_paragraph.items():
        if paragraph - 1 not in spoken:
            continue
        marks = {".", ",", "!", "?", "…"}
        if any(w != QUOTE and w not in marks for m in members for w in m.regions[0].words):
            continue
        quotes = {q.start: q for m in members for q in m.regions[0].quotes.values()}
        fresh = [q for q in quotes.values() if q.start not in covered]
        draft = make_draft(
            text, members[0], ([], [], [(q.start, q.end) for q in fresh]), "quotation alone", 0.4
        )
        if draft is not None:
            draft.implied = "before"
            spoken.add(paragraph)
            yield draft
