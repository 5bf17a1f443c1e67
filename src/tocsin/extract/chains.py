"""From drafts to attributions: who nests in whom, who is meant by «he», ids."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.extract.drafts import Draft, Line, pieces, subtract
from tocsin.extract.lexicon import Lexicon
from tocsin.extract.sources import Source, describe, fold
from tocsin.language.morphology import lemma
from tocsin.model import Attribution, Document, SourceKind, Span, Spans, make_id, overlaps

__all__ = ["attributions_of", "author_source", "nest", "select"]

_WEAKEST: Final = 0.35
_LONGEST_SOURCE: Final = 220  # code points; beyond it the chunker has run away
_FAR: Final = 14  # sentences over which a pronoun may look back


def author_source(document: Document) -> Source:
    """The channel itself, as the source of what it says on its own word."""
    label = document.channel or document.author or "the author"
    return Source(SourceKind.AUTHOR, label, f"{SourceKind.AUTHOR}:{fold(label) or label.lower()}")


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
            if _within(other, draft) and not _outer(other, draft):
                continue
            outers.append(other)
        if outers:
            draft.parent = min(outers, key=lambda d: (_size(d), _anchor(d)))
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
    """«X reports …, citing Y»: Y's words are what X passes on, one link further in."""
    for index, draft in enumerate(drafts):
        if draft.lemma != "citing":
            continue
        outer = next(
            (
                d
                for d in drafts[max(0, index - 4) : index + 5]
                if d is not draft
                and d.line == draft.line
                and d.lemma != "citing"
                and d.implied != SourceKind.AUTHOR
            ),
            None,
        )
        if outer is None:
            continue
        own = (*draft.cue, *draft.source)
        outer.content = pieces(text, subtract(outer.content, own)) or outer.content
        draft.content = pieces(text, subtract(outer.content, own)) or draft.content
        draft.parent = outer


# --- sources ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Speaker:
    attribution_id: str
    source: Source
    line: int
    words: frozenset[str]


def _source_words(text: str, spans: Spans) -> str:
    return " ".join(span.of(text) for span in spans)


def _pronoun(words: str, lex: Lexicon) -> str:
    """``person``, ``plural``, ``same`` or ``first`` if a source only points at another one; else empty."""
    tokens = words.lower().split()
    if not tokens:
        return ""
    if any(phrase in " ".join(tokens[:3]) for phrase in lex.words("anaphors_same")) and len(tokens) <= 5:
        return "same"
    if len(tokens) > 2:
        return ""
    if tokens[0] in lex.words("first_person"):
        return "first"
    for name in ("person", "plural", "thing"):
        if tokens[0] in lex.words(f"anaphors_{name}") and (
            len(tokens) == 1 or name == "plural" or lex.language == "kk"
        ):
            return name
    return ""


def _antecedent(pronoun: str, language: str, speakers: Sequence[_Speaker], line: int) -> _Speaker | None:
    near: list[_Speaker] = []
    for speaker in reversed(speakers):
        if line - speaker.line > _FAR:
            break
        near.append(speaker)
    near.reverse()
    if not near:
        return None
    if language != "en" and pronoun == "person":
        return near[-1]  # grammatical gender: «она» may be a newspaper
    wanted: set[str]
    if pronoun == "person":
        wanted = {SourceKind.PERSON, SourceKind.OFFICIAL, SourceKind.ANONYMOUS}
    elif pronoun == "thing":
        wanted = {SourceKind.ORGANISATION, SourceKind.MEDIA, SourceKind.DOCUMENT}
    elif pronoun in {"plural", "same"}:
        wanted = {str(kind) for kind in SourceKind} - {SourceKind.PERSON}
    else:
        return near[-1]
    return next((s for s in reversed(near) if s.source.kind in wanted), None)


def _folded(words: str, language: str) -> frozenset[str]:
    tokens = (token.strip("«»“”\"',.*_") for token in words.split())
    return frozenset(fold(lemma(token, language)) for token in tokens if token) - {"the", "a", ""}


def _by_role(words: str, draft: Draft, speakers: Sequence[_Speaker]) -> _Speaker | None:
    """«еврокомиссар» after «еврокомиссар Р.»: the person lately named with every word of this role."""
    role = _folded(words, draft.language)
    for speaker in reversed(speakers):
        if draft.line - speaker.line > _FAR:
            return None
        if role and speaker.source.kind == SourceKind.PERSON and role < speaker.words:
            return speaker
    return None


def attributions_of(
    document: Document, lines: Sequence[Line], drafts: Sequence[Draft], method: str
) -> list[Attribution]:
    """Attributions of nested drafts, in the drafts' order, every parent and antecedent among them."""
    text = document.text
    ids = {id(d): _identity(document, d, method) for d in drafts}
    found: dict[str, Attribution] = {}
    speakers: list[_Speaker] = []
    sources: dict[str, Source] = {}
    for draft in drafts:
        own = ids[id(draft)]
        source, antecedent = _resolve(document, lines[draft.line], draft, speakers, sources, ids)
        if antecedent == own:
            antecedent = None
        sources[own] = source
        if source.kind != SourceKind.AUTHOR and (draft.source or antecedent):
            said = _source_words(text, draft.source)
            speakers.append(_Speaker(own, source, draft.line, _folded(said, draft.language)))
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


def _resolve(
    document: Document,
    line: Line,
    draft: Draft,
    speakers: Sequence[_Speaker],
    sources: dict[str, Source],
    ids: dict[int, str],
) -> tuple[Source, str | None]:
    """The source of a draft and, if it only points at another, that attribution's id."""
    words = _source_words(document.text, draft.source)
    if draft.implied == SourceKind.AUTHOR:
        return author_source(document), None
    pronoun = _pronoun(words, line.lexicon)
    if pronoun == "first":
        outer = ids.get(id(draft.parent)) if draft.parent is not None else None
        if outer is not None and outer in sources:
            return sources[outer], outer
        return author_source(document), None
    if pronoun or draft.implied == "before":
        meant = _antecedent(pronoun, draft.language, speakers, draft.line)
        if pronoun == "thing" and (subject := _organised_subject(line, draft)) is not None:
            return subject, None
        if meant is not None:
            return meant.source, meant.attribution_id
        return _unresolved(SourceKind.PERSON if pronoun == "person" else SourceKind.ANONYMOUS), None
    if not words:
        return _unresolved(SourceKind(draft.implied or SourceKind.ANONYMOUS)), None
    return _named(words, line, draft, speakers)


def _organised_subject(line: Line, draft: Draft) -> Source | None:
    """«it» after «Russia has …» in one sentence: the last organisation or country with a verb after it."""
    region, lex = line.regions[0], line.lexicon
    found = None
    for index in range(len(region) - 1):
        if draft.source and region.starts[index] >= draft.source[0].start:
            break
        named = region.words[index] in lex.words("countries") | lex.words("organisations")
        if named and region.words[index + 1] in lex.words("auxiliaries"):
            found = describe(region.raw(index), lex)
    return found


def _unresolved(kind: str) -> Source:
    """A pronoun nobody was found for: all such share the key of the nameless, for "he" is no one source."""
    return Source(kind, "not named", f"{kind}:")


def _named(words: str, line: Line, draft: Draft, speakers: Sequence[_Speaker]) -> tuple[Source, str | None]:
    found = describe(words, line.lexicon, draft.case)
    if not draft.implied and found.kind in {SourceKind.OFFICIAL, SourceKind.ANONYMOUS}:
        meant = _by_role(words, draft, speakers)
        if meant is not None:
            return meant.source, meant.attribution_id
    if draft.implied:
        found = Source(draft.implied, found.label, f"{draft.implied}:{found.key.partition(':')[2]}")
    return found, None
