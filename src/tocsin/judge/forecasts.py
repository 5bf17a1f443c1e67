"""The ledger's entries: every claim about the future, with who gives it, until when and how probable.

Machine output only: outcomes are judgements (``judge.ledger``). Pure: one document's claims, times and
places in, its forecasts out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

from tocsin.extract.drafts import pieces, subtract
from tocsin.extract.forecasts import forecast_words
from tocsin.extract.kinds import foretells
from tocsin.extract.lexicon import lexicon_language
from tocsin.extract.statements import looks_ahead
from tocsin.extract.words import normal, word_set, word_spans
from tocsin.judge.estimative import Wording, wording_of
from tocsin.judge.window import Window, window_of
from tocsin.model import (
    Attribution,
    CanTest,
    Claim,
    ClaimKind,
    Document,
    Forecast,
    PlaceMention,
    Span,
    Spans,
    TimeMention,
    make_id,
    overlaps,
)

__all__ = ["METHOD", "Facts", "forecasts_of"]

METHOD: Final = "ledger-1"
#: Forecasts that name no event of their own, only what one might be like.
_NO_EVENT: Final = re.compile(
    r"^\W*(?:possible |potential |likely )?targets?\b.*\b(?:include|be)\b|^\W*(?:возможн\w+ |"
    r"потенциальн\w+ )?(?:цел|мишен)\w+ |"
    r"^\W*(?:можлив\w+ |потенційн\w+ )?цілі? |\bhard to say\b|трудно сказать|важко сказати|"
    r"^\W*(?:anything|всё|все) (?:may|can|может)",
    re.IGNORECASE,
)
#: Words that tell of no event by themselves.
_EMPTY: Final = word_set(
    "it this that these those they he she may might can could will would be happen occur take place all so "
    "это то оно они он она может могут будет будут случиться произойти быть все так "
    "це то воно вони він вона може можуть буде будуть статися трапитися бути все так "
    "бұл ол олар мүмкін болады болуы бәрі"
)
#: Whom it concerns stands between cue and content («warned residents of Velm that»), or after one of these.
_AGAINST: Final = re.compile(r"\b(?:against|targeting|против|проти)\s+((?:[\w’'-]+\s?){1,5})", re.IGNORECASE)
_THAT: Final = re.compile(r"\s*,?\s*(?:that|что|що|о том)?\s*,?\s*$", re.IGNORECASE)
_LONGEST: Final = 60  # code points of an addressee


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one document."""

    document: Document
    attributions: Mapping[str, Attribution]
    claims: Sequence[Claim]
    times: Sequence[TimeMention] = ()
    places: Sequence[PlaceMention] = ()
    inner: Mapping[str, Sequence[Attribution]] = field(default_factory=dict)


def forecasts_of(facts: Facts) -> list[Forecast]:
    """The forecasts of a document, in order of its claims; claims of opinion that foretell are taken as
    well.
    """
    found: dict[str, Forecast] = {}
    before: Spans = ()
    for claim in facts.claims:
        own = _own_words(facts, claim)
        ahead = claim.kind == ClaimKind.FORECAST or (
            claim.kind == ClaimKind.OPINION and foretells(facts.document.text, own, claim.language)
        )
        if own and ahead and not _asks(facts.document.text, own):
            entry = _forecast(facts, claim, own, before)
            if _is_over(facts.document, claim, own, entry):
                continue
            if _tells(facts.document.text, entry.event):
                before = entry.event
            found.setdefault(entry.forecast_id, entry)
    return list(found.values())


def _asks(text: str, own: Spans) -> bool:
    """Whether the words are a question, which foretells nothing."""
    return text[: own[-1].end + 1].rstrip('»”" ').endswith("?")


def _is_over(document: Document, claim: Claim, own: Spans, entry: Forecast) -> bool:
    """Whether it was past when it was published, or tells as certain what the very day brings.

    «Обстановка на 28 ноября», «курс на сегодняшний вечер составляет 104 рубля»: a date alone foretells
    nothing if it is today's. English asks for words that look ahead anyway.
    """
    published = document.published
    if published is None or entry.due is None:
        return False
    if entry.due <= published:
        return True
    day_ends = published.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    rules = lexicon_language(claim.language)
    if entry.due > day_ends or claim.certainty != "CT+" or not rules or rules == "en":
        return False
    return not looks_ahead(document.text, own, rules)


def _own_words(facts: Facts, claim: Claim) -> Spans:
    """The content without attributions nested in it, whose forecasts are theirs."""
    if not claim.chain:
        return claim.content
    holes = [
        span
        for a in facts.inner.get(claim.chain[-1], ())
        for span in (*a.source, *a.cue, *a.content)
        if a.content != claim.content
    ]
    return pieces(facts.document.text, subtract(claim.content, holes)) if holes else claim.content


def _forecast(facts: Facts, claim: Claim, own: Spans, before: Spans) -> Forecast:
    text = facts.document.text
    event, horizon = forecast_words(text, own, claim.language)
    event = event or own
    if before and not _names_event(text, event):  # «It may be today, tomorrow …»: what was foretold before
        event = pieces(text, [(s.start, s.end) for s in (*before, *event)])
    window = window_of(text, horizon, own, facts.times, facts.document.published)
    wording = _wording(facts, claim, own)
    places = [p for p in facts.places if any(overlaps(Span(p.start, p.end), s) for s in own)]
    can_test, reasons = _testable(text, event, window, wording)
    chain = [facts.attributions[key] for key in claim.chain]
    flat = [n for span in event for n in (span.start, span.end)]
    return Forecast(
        forecast_id=make_id("forecast", claim.claim_id, METHOD, len(flat), *flat),
        claim_id=claim.claim_id,
        document_id=claim.document_id,
        language=claim.language,
        event=event,
        warners=tuple(a.source_label for a in chain),
        source_label=claim.source_label,
        source_key=claim.source_key,
        concerned=_concerned(text, chain, own),
        place_ids=tuple(dict.fromkeys(p.place_id for p in places)),
        place_names=tuple(dict.fromkeys(p.name for p in places)),
        horizon=horizon,
        opens=window.opens,
        due=window.due,
        horizon_reason=window.reason,
        probability=wording.figure,
        term=wording.term,
        probability_words=wording.words,
        testable=can_test,
        testable_reasons=reasons,
        score=claim.score,
        method=METHOD,
    )


def _wording(facts: Facts, claim: Claim, own: Spans) -> Wording:
    """How probable it is made: by the content and the innermost cue, never by what stands further out."""
    cue = facts.attributions[claim.chain[-1]].cue if claim.chain else ()
    spans = pieces(facts.document.text, [(s.start, s.end) for s in (*own, *cue)])
    return wording_of(facts.document.text, spans, claim.language, claim.certainty)


def _testable(text: str, event: Spans, window: Window, wording: Wording) -> tuple[str, tuple[str, ...]]:
    if not _tells(text, event) and _names_event(text, event):
        return CanTest.NO, ("names no event, only what one might be like",)
    if not _names_event(text, event):
        return CanTest.NO, ("what is to happen is not said in this sentence",)
    if window.due is not None:
        return CanTest.YES, (f"by its deadline it has come true or not: {window.reason}",)
    if window.stated and "without a date" in window.reason:
        return CanTest.UNDATED, ("the deadline counts from a date the document does not state",)
    if wording.figure is None and wording.term == "possible":
        return CanTest.NO, ("a mere possibility without end: nothing could show it wrong",)
    return CanTest.NO_DEADLINE, ("it can come true, but no day shows that it did not",)


def _tells(text: str, event: Spans) -> bool:
    """Whether it is an event that is told, not only what one might be like."""
    whole = " ".join(span.of(text) for span in event)
    return _names_event(text, event) and not _NO_EVENT.search(whole)


def _names_event(text: str, event: Spans) -> bool:
    """Whether some word of an event tells what is to happen."""
    words = {normal(span.of(text)) for span in word_spans(text, event)}
    return len(words) > 1 and not words <= _EMPTY


def _concerned(text: str, chain: Sequence[Attribution], own: Spans) -> Spans:
    """Whom it concerns: who is addressed between cue and content, else who stands after «against» or
    «for».
    """
    if chain and chain[-1].cue and chain[-1].cue[-1].end < own[0].start:
        start = chain[-1].cue[-1].end
        end = start + _THAT.search(text[start : own[0].start]).start()  # type: ignore[union-attr]
        sources = [s for a in chain for s in a.source]
        found = pieces(text, [(start, end)]) if end - start <= _LONGEST else ()
        if found and not any(overlaps(f, s) for f in found for s in sources):
            return found
    for span in own:
        if match := _AGAINST.search(text, span.start, span.end):
            return pieces(text, [match.span(1)])
    return ()
