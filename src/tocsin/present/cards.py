"""One claim as the brief shows it: its chain, its words, its marks and where to check them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from tocsin.judge.spans import read_correction
from tocsin.model import (
    Attribution,
    Claim,
    Judgement,
    QuantityMention,
    Sentence,
    Span,
    TimeMention,
    hull,
    overlaps,
)
from tocsin.model.judgements import Verdict
from tocsin.present.evidence import Layer, quoted, safe_url, windows, windows_html
from tocsin.present.index import Channel, Index
from tocsin.present.words import (
    Mark,
    certainty_mark,
    kind_mark,
    moment,
    quantity_words,
    source_mark,
    time_words,
)

__all__ = ["Card", "Link", "Place", "Review", "cards_of", "review_of"]

#: Words of a hedge or a cue are short; anything longer is a fault upstream and is cut in the summary line.
_LONGEST_WORDS = 80


@dataclass(frozen=True, slots=True)
class Link:
    """One speaker of a chain. ``cue`` is verbatim; ``implied`` says that no words name the source."""

    number: int
    label: str
    kind: Mark
    cue: str
    implied: bool
    referred: str
    score: float
    reasons: tuple[str, ...]
    method: str


@dataclass(frozen=True, slots=True)
class Place:
    """Where a claim's document is: in its platform, in the input files and in the case."""

    document_id: str
    platform: str
    native_id: str | None
    title: str | None
    author: str | None
    url: str | None
    link: str | None
    file: str
    position: str
    basis: str
    media: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Review:
    """What a person decided about a claim; without one it is machine output.

    ``corrected`` are the words of its document that ought to be the claim, if its span was corrected.
    """

    verdict: str
    words: str
    author: str
    when: str
    reason: str
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One claim. ``quote`` and ``context`` are safe HTML whose marks state their offsets."""

    claim_id: str
    anchor: str
    language: str
    quote: Markup
    quoted_already: bool
    context: Markup
    chain: tuple[Link, ...]
    channel: Channel
    forwarded_from: str | None
    published: datetime | None
    when: str
    kind: Mark
    certainty: Mark
    hedges: tuple[str, ...]
    kind_words: tuple[str, ...]
    times: tuple[tuple[str, str], ...]
    quantities: tuple[tuple[str, str], ...]
    same_words: int
    offsets: str
    sentence: int
    score: float
    reasons: tuple[str, ...]
    method: str
    review: Review | None
    place: Place


_VERDICTS = {
    Verdict.CONFIRM: "confirmed",
    Verdict.REJECT: "rejected",
    Verdict.CORRECT: "corrected",
    Verdict.MERGE: "merged",
    Verdict.SPLIT: "split",
    Verdict.RESOLVE: "resolved",
    Verdict.COMMENT: "commented on",
}


def review_of(judgement: Judgement | None) -> Review | None:
    """The review as it is shown; None for what nobody decided, or took back."""
    if judgement is None or judgement.verdict == Verdict.UNDO:
        return None
    words = _VERDICTS.get(Verdict(judgement.verdict), judgement.verdict)
    when = moment(judgement.made_at)
    correction = read_correction(judgement.detail) if judgement.verdict == Verdict.CORRECT else None
    corrected = correction.words if correction is not None else ""
    return Review(judgement.verdict, words, judgement.author, when, judgement.reason, corrected)


def _words(text: str, spans: Sequence[Span]) -> tuple[str, ...]:
    found = []
    for span in spans:
        words = " ".join(span.of(text).split())
        found.append(words if len(words) <= _LONGEST_WORDS else words[:_LONGEST_WORDS] + " […]")
    return tuple(dict.fromkeys(found))


def _chain(claim: Claim, text: str, attributions: Mapping[str, Attribution]) -> tuple[Link, ...]:
    links: list[Link] = []
    for identifier in claim.chain:
        row = attributions.get(identifier)
        if row is None:  # a damaged case must still be readable
            continue
        antecedent = attributions.get(row.antecedent_id or "")
        said = " ".join(span.of(text) for span in row.source)
        referred = said if antecedent is not None and said and said != row.source_label else ""
        links.append(
            Link(
                number=len(links) + 1,
                label=row.source_label or said or "source not named",
                kind=source_mark(row.source_kind),
                cue=" … ".join(_words(text, row.cue)),
                implied=not row.source,
                referred=referred,
                score=row.score,
                reasons=row.reasons,
                method=row.method,
            )
        )
    return tuple(links)


def _is_quotation(text: str, content: Sequence[Span]) -> bool:
    """Whether the content brings its own quotation marks, so that ours would double them."""
    if not content:
        return False
    first, last = text[content[0].start], text[content[-1].end - 1]
    return first in "«“„\"'‘" and last in "»”“\"'’"


def _layers(claim: Claim, attributions: Mapping[str, Attribution]) -> list[Layer]:
    layers = [Layer("content", span) for span in claim.content]
    layers += [Layer("hedge", span) for span in claim.hedges]
    layers += [Layer("kind", span) for span in claim.kind_evidence]
    number = 0
    for identifier in claim.chain:
        row = attributions.get(identifier)
        if row is None:
            continue
        number += 1
        layers += [Layer("source", span, number) for span in row.source]
        layers += [Layer("cue", span) for span in row.cue]
    return layers


def _place(index: Index, row: int, sighting: tuple[str, str]) -> Place:
    document = index.document(row)
    basis = document.published_basis
    if document.published_reason:
        basis += f": {document.published_reason}"
    return Place(
        document_id=document.document_id,
        platform=document.platform,
        native_id=document.native_id,
        title=document.title,
        author=document.author,
        url=document.url,
        link=safe_url(document.url),
        file=index.short(sighting[0]),
        position=sighting[1],
        basis=basis,
        media=document.media,
    )


def _times(text: str, claim: Claim, mentions: Sequence[TimeMention]) -> tuple[tuple[str, str], ...]:
    """Words and meaning of the times in a claim; those of which one is meant are told together."""
    groups: dict[str, list[TimeMention]] = {}
    for mention in mentions:
        if any(overlaps(Span(mention.start, mention.end), piece) for piece in claim.content):
            chosen = "or" in (mention.modifier or "").split(", ") and mention.group_id
            groups.setdefault(chosen or mention.mention_id, []).append(mention)
    found = []
    for group in groups.values():
        words = (" ".join(text[m.start : m.end].split()) for m in group)
        meant = tuple(dict.fromkeys(map(time_words, group)))
        found.append((" / ".join(words), meant[0] if len(meant) == 1 else f"one of: {'; '.join(meant)}"))
    return tuple(dict.fromkeys(found))


def _quantities(text: str, claim: Claim, mentions: Sequence[QuantityMention]) -> tuple[tuple[str, str], ...]:
    """Words and value of the quantities in a claim; with the noun they count, where one follows them."""
    found = []
    for mention in mentions:
        span = Span(mention.start, mention.end)
        if any(overlaps(span, piece) for piece in claim.content):
            edge = hull((span, *mention.counted))
            words = " ".join((edge or span).of(text).split())
            counted = f" ({mention.counted_key})" if mention.counted_key else ""
            found.append((words, quantity_words(mention.quantity) + counted))
    return tuple(dict.fromkeys(found))


def _context(text: str, sentence: Sentence | None, layers: list[Layer], width: int) -> Markup:
    spans = [layer.span for layer in layers]
    if sentence is not None and sentence.start < sentence.end:
        spans.append(Span(sentence.start, sentence.end))
    return windows_html(text, windows(text, spans, width), layers)


def cards_of(
    index: Index,
    numbers: Sequence[int],
    judgements: Mapping[str, Judgement],
    same_words: Mapping[int, int],
    context: int,
) -> dict[int, Card]:
    """Cards of the claims with the given row numbers.

    ``same_words`` says in how many further documents the same source says the same; ``context`` is the
    number of code points shown on each side of a claim's sentence.
    """
    claims = dict(zip(numbers, index.claim_rows(numbers), strict=True))
    rows = {number: index.claims.document[number] for number in numbers}
    attributions = index.attributions(i for claim in claims.values() for i in claim.chain)
    antecedents = {a.antecedent_id for a in attributions.values() if a.antecedent_id}
    attributions |= index.attributions(antecedents - set(attributions))
    sentences = index.sentences(rows.values())
    times = index.times(rows.values())
    quantities = index.quantities(rows.values())
    sightings = index.sightings(rows.values())
    cards = {}
    for number, claim in claims.items():
        row = rows[number]
        text = index.text(row)
        layers = _layers(claim, attributions)
        inside = [layer for layer in layers if layer.name in {"hedge", "kind"}]
        published = index.published[row]
        edge = hull(claim.content)
        cards[number] = Card(
            claim_id=claim.claim_id,
            anchor=f"c-{claim.claim_id}",
            language=claim.language,
            quote=quoted(text, claim.content, inside),
            quoted_already=_is_quotation(text, claim.content),
            context=_context(text, sentences.get((row, claim.sentence)), layers, context),
            chain=_chain(claim, text, attributions),
            channel=index.channels[row],
            forwarded_from=index.forwarded_from[row],
            published=published,
            when=moment(published) if published else "",
            kind=kind_mark(claim.kind),
            certainty=certainty_mark(claim.certainty),
            hedges=_words(text, claim.hedges),
            kind_words=_words(text, claim.kind_evidence),
            times=_times(text, claim, times.get(row, ())),
            quantities=_quantities(text, claim, quantities.get(row, ())),
            same_words=same_words.get(number, 0),
            offsets=", ".join(f"{s.start}–{s.end}" for s in claim.content) if edge else "",
            sentence=claim.sentence,
            score=claim.score,
            reasons=claim.reasons,
            method=claim.method,
            review=review_of(judgements.get(claim.claim_id)),
            place=_place(index, row, sightings.get(row, ("", ""))),
        )
    return cards
