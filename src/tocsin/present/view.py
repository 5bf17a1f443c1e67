"""The whole brief as plain values: a pure function of the tables and the facts of the run."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.model import Tables
from tocsin.present.checks import ChecksView, checks_of
from tocsin.present.claims import ClaimViews, claims_of
from tocsin.present.corpus import Corpus, corpus_of
from tocsin.present.factchecks import Factchecks, factchecks_of
from tocsin.present.index import Index
from tocsin.present.judged import Judged, judged_of
from tocsin.present.map import Outline, PlaceMap, map_of
from tocsin.present.narratives import Narratives, narratives_of
from tocsin.present.sharing import SharingView, sharing_of
from tocsin.present.source import RunFacts
from tocsin.present.speakers import Speakers, speakers_of
from tocsin.present.stories import Stories, stories_of
from tocsin.present.surges import Surges, surges_of
from tocsin.present.timeline import Timeline, timeline_of
from tocsin.present.words import count, day_range, joined
from tocsin.settings import Settings

__all__ = ["Brief", "brief_of"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the summary: the number, its words, and the section that holds its evidence."""

    value: str
    words: str
    target: str


@dataclass(frozen=True, slots=True)
class Brief:
    """Everything the template shows."""

    title: str
    lead: tuple[str, ...]
    figures: tuple[Figure, ...]
    corpus: Corpus
    claims: ClaimViews
    timeline: Timeline
    places: PlaceMap
    narratives: Narratives
    factchecks: Factchecks
    speakers: Speakers
    stories: Stories
    sharing: SharingView
    surges: Surges
    facts: RunFacts
    judged: int
    judged_views: Judged
    checks: ChecksView


_NUMBER_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def _small(number: int, one: str) -> str:
    """ "four languages": small numbers in running text are words."""
    if number >= len(_NUMBER_WORDS):
        return count(number, one)
    return f"{_NUMBER_WORDS[number]} {one}{'' if number == 1 else 's'}"


def _read_sentence(corpus: Corpus) -> str:
    if not corpus.documents:
        return "Nothing was read: this brief holds no documents."
    words = count(corpus.documents, "document")
    if corpus.named_channels:
        words += f" from {count(corpus.named_channels, 'channel')}"
    if corpus.first and corpus.last:
        words += f", {day_range(corpus.first, corpus.last)}"
    names = [row.name for row in corpus.languages if row.code != "und"]
    if 1 < len(names) <= 4:
        words += f", in {joined(names)}"
    elif names:
        words += f", in {names[0]}" if len(names) == 1 else f", in {_small(len(names), 'language')}"
    return words + "."


def _lead(corpus: Corpus, claims: ClaimViews) -> tuple[str, ...]:
    sentences = [_read_sentence(corpus)]
    numbers = claims.numbers
    if not corpus.documents:
        return tuple(sentences)
    if not numbers.claims:
        return (*sentences, "No claims were found in them.")
    found = f"They hold {count(numbers.claims, 'claim')}: {numbers.quoted:,} on somebody’s word"
    if numbers.unnamed:
        rest = "rests" if numbers.unnamed == 1 else "rest"
        found += f" ({numbers.unnamed:,} of these {rest} on sources nobody names)"
    sentences.append(f"{found} and {numbers.own:,} on the channels’ own.")
    kinds = numbers.kinds
    parts = []
    if kinds.get("forecast"):
        parts.append(
            f"{count(kinds['forecast'], 'claim')} look ahead"
            if kinds["forecast"] != 1
            else "1 claim looks ahead"
        )
    if kinds.get("blame"):
        parts.append(f"{kinds['blame']:,} assign{'s' if kinds['blame'] == 1 else ''} blame")
    if kinds.get("advice"):
        parts.append(f"{kinds['advice']:,} give{'s' if kinds['advice'] == 1 else ''} advice")
    if parts:
        sentences.append(f"{joined(parts)}.")
    return tuple(sentences)


def _figures(corpus: Corpus, claims: ClaimViews, speakers: Speakers) -> tuple[Figure, ...]:
    numbers = claims.numbers
    wanted = (
        (corpus.documents, "documents read", "read"),
        (numbers.claims, "claims found", "claims"),
        (speakers.total, "sources quoted", "speakers"),
        (numbers.unnamed, "rest on sources nobody names", "speakers"),
        (numbers.kinds.get("forecast", 0), "look ahead", "forecasts"),
        (numbers.kinds.get("blame", 0), "assign blame", "blame"),
    )
    return tuple(Figure(f"{value:,}", words, target) for value, words, target in wanted)


def brief_of(tables: Tables, facts: RunFacts, settings: Settings, outline: Outline | None = None) -> Brief:
    """Compute the brief. ``outline`` replaces the map shipped with the package."""
    index = Index(tables, (item.file for item in facts.inputs), facts.log)
    corpus = corpus_of(index, facts)
    claims = claims_of(index, facts, settings)
    speakers = speakers_of(index)
    return Brief(
        title=facts.title or "What is claimed, and on whose word",
        lead=_lead(corpus, claims),
        figures=_figures(corpus, claims, speakers),
        corpus=corpus,
        claims=claims,
        timeline=timeline_of(index, corpus),
        places=map_of(index, outline),
        narratives=narratives_of(index),
        factchecks=factchecks_of(index, facts.log),
        speakers=speakers,
        stories=stories_of(index, settings.integer("brief.stories")),
        sharing=sharing_of(index),
        surges=surges_of(index),
        facts=facts,
        judged=len(facts.judgements),
        judged_views=judged_of(tables, facts.log, facts.orphans, corpus.last),
        checks=checks_of(index, tables, facts.log),
    )
