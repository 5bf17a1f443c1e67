"""Where the name of a source begins and ends beside its cue, without a parser.

All functions take token indices of a region and give half-open token ranges. English leans on word order and
closed lists, Russian and Ukrainian on case.
"""

from __future__ import annotations

from tocsin.extract.chunk_common import Subject
from tocsin.extract.chunks_english import left_english, right_english, shared_subject
from tocsin.extract.chunks_slavic import has_case, is_verb, left_slavic, right_slavic
from tocsin.extract.lexicon import Lexicon
from tocsin.extract.tokens import Region

__all__ = ["Subject", "has_case", "is_verb", "left_subject", "right_source", "shared_subject"]


def right_source(region: Region, start: int, lex: Lexicon, case: str = "") -> tuple[int, int] | None:
    """The noun phrase that begins at ``start``, as after «according to» or an inverted verb."""
    if lex.language == "en":
        return right_english(region, start, lex)
    return right_slavic(region, start, lex, case)


def left_subject(region: Region, verb: int, lex: Lexicon, plural: bool) -> Subject | None:
    """The subject that ends before the verb at ``verb``."""
    if lex.language == "en":
        return left_english(region, verb, lex)
    return left_slavic(region, verb, lex, plural)
