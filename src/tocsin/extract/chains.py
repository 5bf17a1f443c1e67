"""From drafts to attributions: who nests in whom, who is meant by «he», ids."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tocsin.extract.drafts import Draft, Line, pieces, subtract
from tocsin.extract.speakers import Speakers, accords, cites
from tocsin.model import Attribution, Document, SourceKind, Span, make_id, overlaps

__all__ = ["attributions_of", "nest", "select"]

_WEAKEST: Final = 0.35
_SAME: Final = 0.5  # share of the shorter content from which one may pass on another
_DEEPEST: Final = 20
_LONGEST_SOURCE: Final = 220  # code points; beyond it the chunker has run away


# --- choosing and nesting --------------------------------------------------------------------------


def _anchor(draft: Draft) -> Span:
    """The place that stands for a draft: its cue, else its source, else its content."""
    return (draft.cue or draft.source or draft.content)[0]


def select(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts without rivals: of two that share a cue the better stays; weak and runaway ones go.

    Ordered by anchor. Ties go to the earlier, then to the one with a source, so the result depends on nothing
    but the text.
    """
    kept: list[Draft] = []
    ranked = sorted(
        (d for d in drafts if d.score >= _WEAKEST and sum(len(s) for s in d.source) <= _LONGEST_SOURCE),
        key=lambda d: (-d.score, not d.source, _anchor(d), d.content),
    )
    taken: dict[int, list[Draft]] = {}
    for draft in ranked:
        rivals = taken.setdefault(draft.line, [])
        if any(_rivals(draft, other) for other in rivals):
            continue
        rivals.append(draft)
        kept.append(draft)
    return sorted(kept, key=lambda d: (_anchor(d), d.content))


def _rivals(draft: Draft, other: Draft) -> bool:
    """Whether two drafts read the same words as a cue, or one's cue as the other's source."""
    if any(overlaps(a, b) for a in draft.cue for b in other.cue):
        return True
    if any(overlaps(a, b) for a in draft.cue for b in other.source):
        return True
    if any(overlaps(a, b) for a in draft.source for b in other.cue):
        return True
    return draft.content == other.content and draft.source == other.source


def _within(inner: Draft, outer: Draft) -> bool:
    anchor = _anchor(inner)
    return any(s.start <= anchor.start and anchor.end <= s.end for s in outer.content)


def _size(draft: Draft) -> int:
    return sum(len(s) for s in draft.content)


def nest(text: str, drafts: list[Draft]) -> list[Draft]:
    """Give each draft its parent and take outer cues and sources out of inner contents; in anchor order.

    Drafts whose content vanishes that way are dropped.
    """
    _attach_citations(text, drafts)
    hulls = [(min(s.start for s in d.content), max(s.end for s in d.content)) for d in drafts]
    for index, draft in enumerate(drafts):
        if draft.parent is not None:
            continue
        anchor = _anchor(draft)
        outers = []
        for other_index in _near(index, len(drafts)):
            other = drafts[other_index]
            low, high = hulls[other_index]
            if (
                other is draft
                or not (low <= anchor.start and anchor.end <= high)
                or not _within(draft, other)
            ):
                continue
            if other.parent is draft or (_within(other, draft) and not _outer(other, draft)):
                continue
            outers.append(other)
        if outers:
            draft.parent = min(outers, key=lambda d: (_size(d), -_depth(d), _anchor(d)))
    for draft in drafts:
        holes = [s for outer in _ancestors(draft) for s in (*outer.cue, *outer.source)]
        if holes:
            draft.content = pieces(text, subtract(draft.content, holes))
    alive = [d for d in drafts if d.content]
    for draft in alive:
        while draft.parent is not None and not draft.parent.content:
            draft.parent = draft.parent.parent
    return alive


def _outer(one: Draft, other: Draft) -> bool:
    """Of two that stand in each other's words: the one after all it conveys («…, — agency») is the outer."""
    trails = [_anchor(d).start >= max(s.end for s in d.content) - 1 for d in (one, other)]
    if trails[0] != trails[1]:
        return trails[0]
    return _anchor(one) < _anchor(other)


def _near(index: int, count: int) -> range:
    # An attribution is nested in one of its neighbours; looking at 60 each way keeps long documents linear.
    return range(max(0, index - 60), min(count, index + 61))


def _ancestors(draft: Draft) -> list[Draft]:
    found: list[Draft] = []
    outer = draft.parent
    while outer is not None and all(outer is not seen for seen in found) and outer is not draft:
        found.append(outer)
        outer = outer.parent
    if outer is draft:
        draft.parent = None  # a circle: this one is the outermost
        return []
    return found


def _attach_citations(text: str, drafts: list[Draft]) -> None:
    """«X reports …, citing Y»: Y's words are what X passes on, one link further in.

    Of several that cite in one sentence each passes on the one after it.
    """
    citing = [cites(text, d) or (accords(text, d) and not _inside_any(d, drafts)) for d in drafts]
    for index, draft in enumerate(drafts):
        if not citing[index]:
            continue
        outer = _cited_by(index, drafts, citing)
        if outer is None:
            continue
        own = (*draft.cue, *draft.source)
        outer.content = pieces(text, subtract(outer.content, own)) or outer.content
        own = (*own, *outer.cue, *outer.source)
        draft.content = pieces(text, subtract(draft.content, own)) or draft.content
        draft.parent = outer


def _inside_any(draft: Draft, drafts: Sequence[Draft]) -> bool:
    return any(other is not draft and other.line == draft.line and _within(draft, other) for other in drafts)


def _cited_by(index: int, drafts: Sequence[Draft], citing: Sequence[bool]) -> Draft | None:
    """Who passes on the words of a draft that cites: somebody in its sentence who gives the same words.

    English rules are sure of their citations, so there the first of the sentence is taken.
    """
    draft = drafts[index]
    near = [
        (n, d)
        for n, d in enumerate(drafts[max(0, index - 4) : index + 5], max(0, index - 4))
        if d.implied != SourceKind.AUTHOR
        if d is not draft and d.parent is not draft and d.line == draft.line
    ]
    if draft.language == "en":
        return next((d for n, d in near if not citing[n]), None)
    own = _characters(draft)
    held = []
    for n, d in near:
        other = _characters(d)
        common = len(own & other)
        if (n < index or not citing[n]) and common >= _SAME * min(len(own), len(other)):
            held.append((round(common / len(own | other), 1), citing[n] and n < index, n))
    return drafts[max(held)[2]] if held else None


def _characters(draft: Draft) -> set[int]:
    return {n for span in draft.content for n in range(span.start, span.end)}


def _depth(draft: Draft) -> int:
    """How many stand above a draft so far."""
    count = 0
    outer = draft.parent
    while outer is not None and outer is not draft and count < _DEEPEST:
        count, outer = count + 1, outer.parent
    return count


def attributions_of(
    document: Document, lines: Sequence[Line], drafts: Sequence[Draft], method: str
) -> list[Attribution]:
    """Attributions of nested drafts, in the drafts' order, every parent and antecedent among them."""
    ids = {id(d): _identity(document, d, method) for d in drafts}
    found: dict[str, Attribution] = {}
    speakers = Speakers(document, ids)
    for draft in drafts:
        own = ids[id(draft)]
        source, antecedent = speakers.resolve(lines[draft.line], draft)
        parent = ids[id(draft.parent)] if draft.parent is not None else None
        found.setdefault(
            own,
            Attribution(
                attribution_id=own,
                document_id=document.document_id,
                parent_id=parent if parent != own else None,
                antecedent_id=antecedent,
                source=draft.source,
                cue=draft.cue,
                content=draft.content,
                source_kind=source.kind,
                source_label=source.label,
                source_key=source.key,
                score=round(draft.score, 3),
                reasons=(draft.rule, *draft.reasons),
                method=method,
            ),
        )
    return list(found.values())


def _identity(document: Document, draft: Draft, method: str) -> str:
    parts: list[str | int] = ["attribution", document.document_id, method]
    for role in (draft.source, draft.cue, draft.content):
        parts.append(len(role))
        for span in role:
            parts += [span.start, span.end]
    return make_id(*parts)
