"""English sources: word order and closed lists."""

from __future__ import annotations

from typing import Final

from tocsin.extract.chunk_common import BREAKS, DASHES, LONGEST, STOPS, Subject, opening_comma
from tocsin.extract.lexicon import Lexicon
from tocsin.extract.tokens import QUOTE, Region

__all__ = ["left_english", "right_english", "shared_subject"]

_PLAIN_VERBS: Final = frozenset(
    {"is", "was", "has", "are", "were", "had", "will", "would", "have", "did", "does"}
)
_PRONOUNS: Final = frozenset({"he", "she", "it", "they", "we", "i"})
#: Conjunctions, and prepositions after a name («the mayor after the storm said»).
_TIMED: Final = frozenset({"after", "before", "since", "until"})


def right_english(region: Region, start: int, lex: Lexicon) -> tuple[int, int] | None:
    """The noun phrase that begins at ``start``."""
    words = region.words
    stops = (lex.words("subject_stops") - {"and", "or", "than"}) | {"who", "which"}
    prepositions, times = lex.words("prepositions"), lex.words("time_words")
    index = start
    while index < len(words) and index - start < LONGEST:
        word = words[index]
        if word in STOPS or (word == "," and not _apposition(region, index)):
            break
        if index > start and (word in stops or word in times):
            break
        if word in {"in", "on", "at"} and words[index + 1 : index + 2] and _when(words[index + 1], times):
            break
        if word in prepositions and word not in lex.words("source_prepositions") and index > start:
            break
        verb = lex.verbs.get(word)
        if verb and not verb.noun_like and index > start and verb.group != "weak":
            break
        index += 1
    while index > start and (words[index - 1] in {",", "and", "or"} or words[index - 1] in prepositions):
        index -= 1
    return (start, index) if index > start else None


def _when(word: str, times: frozenset[str]) -> bool:
    return word in times or word[:1].isdigit() or word in {"a", "an", "response"}


def _apposition(region: Region, comma: int) -> bool:
    """Whether a comma opens an apposition («…, a professor at X,»): an article, no verb, a closing pause."""
    words = region.words
    if comma + 1 >= len(words) or not region.capital(comma - 1):
        return False
    if words[comma + 1] in {"jr", "jr.", "sr", "sr."}:
        return True
    if words[comma + 1] not in {"a", "an", "the", "chairman", "director", "president", "professor", "who"}:
        return False
    for index in range(comma + 2, min(comma + 14, len(words))):
        word = words[index]
        if word in STOPS or word == ",":
            return word != QUOTE and index - comma > 2
        if (word.endswith("ed") or word in _PLAIN_VERBS | {"“", '"'}) and words[comma + 1] != "who":
            return False
    return comma + 14 >= len(words)


def left_english(region: Region, verb: int, lex: Lexicon) -> Subject | None:
    """The subject that ends before the verb, through appositions and insertions between commas or dashes."""
    words = region.words
    end = verb
    while end > 0 and (words[end - 1] in lex.words("auxiliaries") or words[end - 1] in lex.words("adverbs")):
        end -= 1
    index = end
    if index and words[index - 1] == ",":
        # «X, a spokesman for Y, said» and «X, who …, said»: the subject is before the inserted phrase.
        opened = opening_comma(region, index - 1)
        if opened is None:
            return None
        index = opened
    clause, end = _clause_of(region, index, end, lex)
    if end and words[end - 1] in _PRONOUNS:
        return Subject(end - 1, end, clause)
    index = _skip_opening(region, clause, end, lex)
    if index >= end or words[index] in lex.verbs or words[index] in lex.words("auxiliaries"):
        return shared_subject(region, clause, lex)
    if index == end - 1 and words[index] in {"which", "that", "you"}:
        return None
    if "who" not in words[index:end] and not _PLAIN_VERBS.isdisjoint(words[index : end - 1]):
        return None  # another clause's verb: «the cell is part of the group called …»
    if index == end - 1 and words[index] == "who":
        return _relative_subject(region, index, clause, lex)
    return Subject(index, end, clause)


def _clause_of(region: Region, index: int, end: int, lex: Lexicon) -> tuple[int, int]:
    """Where the clause begins that holds the token before ``index``, and where its subject ends."""
    words = region.words
    while index > 0:
        word = words[index - 1]
        if index < end and _speaks(word, lex):
            break
        if word in DASHES and (dash := _opening_dash(region, index - 1)) is not None:
            index = dash
        elif word in _TIMED and index > 1 and region.capital(index - 2):
            index, end = index - 1, index - 1
        elif word in STOPS or word in lex.words("subject_stops") or word == "-":
            break
        elif word == ",":
            opened = opening_comma(region, index - 1) if _apposed(region, index) else None
            if opened is None:
                break
            index = opened
        else:
            index -= 1
    return index, end


def _speaks(word: str, lex: Lexicon) -> bool:
    verb = lex.verbs.get(word)
    return verb is not None and verb.group == "say" and not verb.noun_like and not verb.gerund


def _apposed(region: Region, after: int) -> bool:
    return (
        region.words[after] in {"a", "an", "the", "who", "whose"} and after >= 2 and region.capital(after - 2)
    )


def _opening_dash(region: Region, dash: int) -> int | None:
    """The dash that opens an insertion right before the verb («X — a teacher from Y — says»)."""
    for index in range(dash - 1, max(0, dash - 14), -1):
        if region.words[index] in DASHES:
            return index if region.capital(index - 1) else None
        if region.words[index] in STOPS:
            return None
    return None


def _skip_opening(region: Region, start: int, end: int, lex: Lexicon) -> int:
    """Past adverbs, dates and prepositional phrases before the subject («On Monday the mayor»)."""
    words = region.words
    index = start
    light = lex.words("discourse") | lex.words("adverbs") | lex.words("time_words")
    while index < end:
        word = words[index]
        if word in light or word == "," or word in lex.words("subject_stops"):
            index += 1
        elif word in lex.words("prepositions") and index + 1 < end:
            # A phrase with a time in it is skipped; any other belongs to what follows.
            stop = index + 1
            while stop < end and not (words[stop] in lex.words("time_words") or words[stop][:1].isdigit()):
                stop += 1
            if stop >= end or stop - index > 5:
                return _after_preposition(region, index, end)
            index = stop + 1
        else:
            break
    return index


def _after_preposition(region: Region, start: int, end: int) -> int:
    """The first determiner or capital after at least two tokens of a leading prepositional phrase."""
    for index in range(start + 2, end):
        word = region.words[index]
        if word in {
            "the",
            "a",
            "an",
            "he",
            "she",
            "they",
            "it",
            "we",
            "i",
            "his",
            "her",
            "their",
            "some",
            "many",
        }:
            return index
        if region.capital(index) and not region.capital(index - 1):
            return index
    return end


def shared_subject(region: Region, clause: int, lex: Lexicon) -> Subject | None:
    """The subject of the sentence, for a second verb of it («X did this and said …»)."""
    words = region.words
    index = _skip_opening(region, 0, min(clause, len(words)), lex)
    stop = index
    while stop < clause and stop - index < 8:
        word = words[stop]
        if word in lex.verbs or word in lex.words("auxiliaries") or word in BREAKS:
            break
        if stop > index and (word.endswith("ed") or word in lex.words("subject_stops")):
            break
        stop += 1
    return Subject(index, stop, clause) if stop > index and stop < clause else None


def _relative_subject(region: Region, who: int, clause: int, lex: Lexicon) -> Subject | None:
    start = clause
    if start and region.words[start - 1] == ",":
        start -= 1
    begin = start
    while (
        begin > 0
        and region.words[begin - 1] not in BREAKS
        and region.words[begin - 1] not in lex.words("subject_stops")
    ):
        verb = lex.verbs.get(region.words[begin - 1])
        if verb is not None and not verb.noun_like:
            break
        begin -= 1
    return Subject(begin, start, clause) if begin < start else Subject(who, who + 1, clause)
