"""The rule extractor: lines, every rule on every region, then nesting and sources."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from tocsin.extract.chains import attributions_of, nest, select
from tocsin.extract.drafts import Draft, Line, position
from tocsin.extract.lexicon import Lexicon, lexicon, lexicon_language
from tocsin.extract.rules_kazakh import kazakh_drafts
from tocsin.extract.rules_layout import (
    about_this,
    continue_quotations,
    headline_draft,
    orphan_quotations,
    tail_draft,
)
from tocsin.extract.rules_nouns import noun_drafts
from tocsin.extract.rules_phrases import phrase_drafts
from tocsin.extract.rules_signed import signed_drafts
from tocsin.extract.rules_verbs import verb_drafts
from tocsin.extract.tokens import Region, quotations, regions
from tocsin.model import Attribution, Document, Sentence

__all__ = ["RuleExtractor", "lines_of"]

_DASHES: Final = frozenset({"—", "–", "−", "-"})


def lines_of(text: str, sentences: Sequence[Sentence]) -> list[Line]:
    """Sentences with rules for their language, tokenised, quotations matched over their whole paragraph."""
    found: list[Line] = []
    for _, group in groupby(sentences, key=lambda s: s.paragraph):
        members = list(group)
        start, end = members[0].start, members[-1].end
        quotes = quotations(text, start, end)
        for sentence in members:
            language = lexicon_language(sentence.language)
            if not language:
                continue
            parts = regions(text, sentence.start, sentence.end, quotes)
            found.append(
                Line(
                    len(found),
                    sentence.paragraph,
                    sentence.start,
                    sentence.end,
                    lexicon(language),
                    parts,
                    quotes,
                )
            )
    return found


class RuleExtractor:
    """Attributions by rules over closed word lists (``extract/data``).

    Implements ``AttributionExtractor``. Scores are fixed per rule, in the order in which the rules were
    found right on English news; they are no probabilities.
    """

    method = "rules/2"

    def extract(self, document: Document, sentences: Sequence[Sentence]) -> list[Attribution]:
        """Attributions of one document, by position; see ``AttributionExtractor``."""
        lines = lines_of(document.text, sentences)
        chosen = self.drafts(document.text, lines)
        return attributions_of(document, lines, nest(document.text, chosen), self.method)

    def drafts(self, text: str, lines: Sequence[Line]) -> list[Draft]:
        """What the rules find in the lines of a document, by position, not yet nested."""
        drafts = [draft for line in lines for draft in self._line(text, line)]
        drafts += signed_drafts(text, lines)
        if not drafts:
            return []
        chosen = select(about_this(lines, drafts))
        continue_quotations(lines, chosen)
        chosen += orphan_quotations(text, lines, chosen)
        chosen.sort(key=position)
        return chosen

    def _line(self, text: str, line: Line) -> Iterator[Draft]:
        for region in line.regions:
            words = set(region.words)
            if not words.isdisjoint(line.lexicon.triggers):
                yield from _cued(text, line, region, words)
        outer = line.regions[0]
        if ":" in outer.words:
            draft = headline_draft(text, line, outer)
            if draft is not None:
                yield draft
        if not _DASHES.isdisjoint(outer.words):
            draft = tail_draft(text, line, outer)
            if draft is not None:
                yield draft


def _cued(text: str, line: Line, region: Region, words: set[str]) -> Iterator[Draft]:
    lex: Lexicon = line.lexicon
    if not words.isdisjoint(lex.starts):
        yield from phrase_drafts(text, line, region)
    if lex.language == "kk":
        yield from kazakh_drafts(text, line, region)
        return
    yield from verb_drafts(text, line, region)
    if not words.isdisjoint(lex.words("cue_nouns")):
        yield from noun_drafts(text, line, region)
