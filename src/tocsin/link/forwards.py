"""Forwards: the platform says from whom; which post it was is found by id, name, words and time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tocsin.link.copies import Texts, lasting, whole
from tocsin.link.corpus import Corpus
from tocsin.link.fold import folded_name
from tocsin.link.passages import evidence_of
from tocsin.link.ranking import WordRanking
from tocsin.model import Alternative, Direction, DocumentLink, LinkType, Span, Spans, link_id_of

if TYPE_CHECKING:
    from tocsin.link.standing import Standing

__all__ = ["METHOD", "find_forwards"]

METHOD = "forwards 1"

#: An index of a channel's posts is kept for this many channels at a time.
_KEPT = 4
#: Score from which words alone make the post of the named channel certain.
_CERTAIN = 0.5


@dataclass
class _Rankings:
    """Word rankings of channels, made when asked for."""

    corpus: Corpus
    made: dict[tuple[int, ...], WordRanking] = field(default_factory=dict)

    def of(self, channels: tuple[int, ...]) -> WordRanking:
        import numpy as np

        if channels not in self.made:
            if len(self.made) >= _KEPT:
                self.made.pop(next(iter(self.made)))
            rows = sorted(row for channel in channels for row in self.corpus.of_channel[channel])
            texts = self.corpus.documents.column("text")
            self.made[channels] = WordRanking(texts, np.array(rows, np.int64))
        return self.made[channels]


def find_forwards(corpus: Corpus, texts: Texts, standing: Standing | None = None) -> list[DocumentLink]:
    """One link for each document that the platform calls a forward, whether its original is here or not.

    Of the documents that stand only those are looked at of whose source there is a later post: which words
    are rare in a channel, and so which post is the likeliest, depends on all its posts.
    """
    stood, busy = (standing.rows, standing.busy) if standing else (0, frozenset[int]())
    rankings = _Rankings(corpus)
    names = corpus.strings("forwarded_from")
    identifiers = corpus.strings("forwarded_from_id")
    jobs = []
    for row, (name, identifier) in enumerate(zip(names, identifiers, strict=True)):
        if name or identifier:
            if row < stood and busy.isdisjoint(_named(corpus, row, name, identifier)):
                continue
            channels, basis = _channels(corpus, row, name, identifier)
            jobs.append((channels, row, name or identifier, basis))
    # Channel by channel, so that each index is made once.
    return [_forward(corpus, texts, rankings, job) for job in sorted(jobs)]


def _named(corpus: Corpus, row: int, name: str | None, identifier: str | None) -> list[int]:
    """Every channel of the case that has the id or the display name of a forward's source."""
    own = corpus.channels.by_id.get((corpus.strings("platform")[row], identifier or ""))
    return [
        *([] if own is None else [own]),
        *(corpus.channels.by_name.get(folded_name(name), []) if name else []),
    ]


def _channels(
    corpus: Corpus, row: int, name: str | None, identifier: str | None
) -> tuple[tuple[int, ...], str]:
    """The channels of the case a forward's source may be, and how they were found."""
    platform = corpus.strings("platform")[row]
    if identifier:
        number = corpus.channels.by_id.get((platform, identifier))
        if number is not None:
            return (number,), "the platform states the channel's id"
    if name:
        numbers = corpus.channels.by_name.get(folded_name(name), [])
        if identifier:  # a channel of that name with another id is another channel
            numbers = [number for number in numbers if number not in corpus.channels.with_id]
        if numbers:
            return tuple(numbers), "the platform states the channel's display name"
    return (), "the platform states a channel that is not in the case"


def _forward(
    corpus: Corpus,
    texts: Texts,
    rankings: _Rankings,
    job: tuple[tuple[int, ...], int, str, str],
) -> DocumentLink:
    channels, row, name, basis = job
    reasons = [f"forwarded from {name}: {basis}"]
    candidates: list[tuple[int, float]] = []
    same = False
    if channels:
        same, candidates, why = _originals(corpus, texts, rankings, channels, row)
        reasons.append(why)
    if len(channels) > 1:
        reasons.append(f"{len(channels)} channels of the case have this name")
    original = candidates[0][0] if candidates and (same or candidates[0][1] >= 0) else None
    if original is None or not (same or _is_likely(candidates)):
        return _outside(corpus, row, name, reasons, candidates)
    if later := lasting(corpus, original, row):
        reasons.append(later)
    evidence = _evidence(corpus, original, row, same)
    certain = same or candidates[0][1] >= _CERTAIN
    return DocumentLink(
        link_id=link_id_of(corpus.ids[row], corpus.ids[original], LinkType.FORWARD, METHOD),
        document_id=corpus.ids[row],
        original_id=corpus.ids[original],
        original_name=name,
        type=LinkType.FORWARD,
        direction=Direction.STATED,
        certain=certain,
        score=1.0 if same else min(1.0, candidates[0][1]),
        reasons=tuple(reasons),
        evidence=evidence[1],
        original_evidence=evidence[0],
        alternatives=_alternatives(corpus, candidates[1:], same),
        method=METHOD,
    )


def _is_likely(candidates: list[tuple[int, float]]) -> bool:
    from tocsin.link.ranking import LIKELY

    return bool(candidates) and candidates[0][1] >= LIKELY


def _originals(
    corpus: Corpus, texts: Texts, rankings: _Rankings, channels: tuple[int, ...], row: int
) -> tuple[bool, list[tuple[int, float]], str]:
    """Posts of the channels that may be the one forwarded: whether the words are the same, posts, and why."""
    text = texts.of[row]
    if text >= 0:
        known = set(channels)
        equal = [r for r in texts.rows[text] if r < row and corpus.channels.of[r] in known]
        if equal:
            return True, [(r, 1.0) for r in reversed(equal)], "its post has the same words"
    if text < 0:
        return False, [], "the forward has no words by which to tell the post"
    ranked = rankings.of(channels).rank(corpus.documents.column("text"), row, row)
    if ranked.likely:
        return False, list(ranked.rows), "the most alike of its earlier posts, with edits"
    return False, list(ranked.rows), "none of its posts in the case is like it"


def _outside(
    corpus: Corpus, row: int, name: str, reasons: list[str], candidates: list[tuple[int, float]]
) -> DocumentLink:
    return DocumentLink(
        link_id=link_id_of(corpus.ids[row], name, LinkType.FORWARD, METHOD),
        document_id=corpus.ids[row],
        original_id=None,
        original_name=name,
        type=LinkType.FORWARD,
        direction=Direction.STATED,
        certain=True,
        score=1.0,
        reasons=tuple(reasons),
        evidence=whole(corpus.text(row)),
        original_evidence=(),
        alternatives=_alternatives(corpus, candidates[:3], False),
        method=METHOD,
    )


def _evidence(corpus: Corpus, original: int, row: int, same: bool) -> tuple[Spans, Spans]:
    import numpy as np

    if same:
        return whole(corpus.text(original)), whole(corpus.text(row))
    [(one, other)] = evidence_of(corpus.bare, np.array([original]), np.array([row]))
    return tuple(Span(*span) for span in one), tuple(Span(*span) for span in other)


def _alternatives(corpus: Corpus, candidates: list[tuple[int, float]], same: bool) -> tuple[Alternative, ...]:
    reason = "an earlier post of the same words" if same else "less like it"
    made: list[Any] = []
    for row, score in candidates:
        label = corpus.name_of(row) or "channel not known"
        made.append(Alternative(corpus.ids[row], label, min(1.0, score), reason))
    return tuple(made)
