"""Russian and Ukrainian sources: case (dictionary readings), as subjects stand on either side of the verb."""

from __future__ import annotations

from typing import Final

from tocsin.extract.chunk_common import BREAKS, LONGEST, Subject, opening_comma
from tocsin.extract.lexicon import Lexicon
from tocsin.extract.tokens import QUOTE, Region
from tocsin.language.morphology import parses

__all__ = ["has_case", "is_verb", "left_slavic", "right_slavic"]

_PLACE: Final = frozenset({"в", "во", "у", "на"})
_QUOTES: Final = '«“„"'
_PARTITIVES: Final = frozenset(
    "один одна часть многие некоторые большинство кто-то двое трое каждый никто".split()  # noqa: SIM905
) | frozenset("частина багато деякі більшість хтось".split())  # noqa: SIM905
_NOUNS: Final = frozenset({"NOUN", "NPRO", "NUMR"})
_MODIFIERS: Final = frozenset({"ADJF", "PRTF", "ADJS"})


def is_verb(word: str, language: str) -> bool:
    """Whether the likeliest reading of a Russian or Ukrainian word is a finite verb or gerund."""
    found = parses(word, language)
    return bool(found) and found[0].pos in {"VERB", "GRND", "PRED"} and not any(p.marks for p in found)


def has_case(word: str, language: str, case: str) -> bool:
    """Whether some reading of the word is a noun or modifier in that case; unknown scripts agree with any."""
    if not word[:1].isalpha() or word.isascii():
        return True
    return any(p.case == case or "Abbr" in p.marks for p in parses(word, language) if p.case or p.marks)


def right_slavic(region: Region, start: int, lex: Lexicon, case: str) -> tuple[int, int] | None:
    """The noun phrase that begins at ``start``; ``case`` is what its cue governs, or empty."""
    words = region.words
    prepositions, inner = lex.words("prepositions"), lex.words("source_prepositions")
    times, stops = lex.words("time_words"), lex.words("subject_stops")
    index = start
    quoted = False
    while index < len(words) and index - start < LONGEST:
        word = words[index]
        if word in '«»"“”„' and word != QUOTE:
            quoted = not quoted if word == '"' else word in "«“„"
            index += 1
            continue
        if not quoted and (
            word in BREAKS
            or word in times
            or (index > start and word in stops and not _joined(region, index, lex))
        ):
            break
        if (
            not quoted
            and word in prepositions
            and index > start
            and (word not in inner or not _near_title(region, index, lex))
        ):
            break
        if not quoted and index > start and not region.capital(index) and is_verb(word, lex.language):
            break
        if not quoted and case and index > start and _leaves_case(region, index, lex, case):
            break
        index += 1
    while index > start and (words[index - 1] in stops or words[index - 1] in prepositions):
        index -= 1
    return (start, index) if index > start else None


def _joined(region: Region, index: int, lex: Lexicon) -> bool:
    """Whether «и» joins two sources: a capital or a known head follows."""
    if region.words[index] not in {"и", "й", "та", "і"} or index + 1 >= len(region):
        return False
    return region.capital(index + 1) or region.words[index + 1] in lex.heads


def _near_title(region: Region, index: int, lex: Lexicon) -> bool:
    """Whether a preposition follows a title or a source: «уполномоченный по …», «источники в …»."""
    before = parses(region.words[index - 1], lex.language)
    return any(
        p.lemma in lex.words("titles") or p.lemma in lex.heads or p.lemma.startswith("уполномоч")
        for p in before
    )


def _leaves_case(region: Region, index: int, lex: Lexicon, case: str) -> bool:
    """Whether a token cannot belong to a phrase in ``case``: a nominative that is neither it nor genitive.

    «по словам министра обороны Россия …»: «Россия» is nominative only.
    """
    word = region.words[index]
    if not word[:1].isalpha() or word.isascii():
        return False
    readings = [p for p in parses(word, lex.language) if p.case]
    return (
        bool(readings)
        and all(p.case not in {case, "gent"} for p in readings)
        and any(p.case == "nomn" for p in readings)
    )


def left_slavic(region: Region, verb: int, lex: Lexicon, plural: bool) -> Subject | None:
    """The subject before the verb; with a plural verb also a place («в МВД сообщили»)."""
    words = region.words
    stops = lex.words("subject_stops")
    index = verb
    while (
        index > 0 and words[index - 1] not in BREAKS and words[index - 1] not in stops - {"и", "й", "та", "і"}
    ):
        index -= 1
    clause = index
    found = _subject_in(region, clause, verb, lex, plural)
    if found is not None and words[found[0]] in lex.words("relative"):
        return _before_relative(region, clause, lex)
    if found is not None:
        return Subject(*found, clause)
    if clause and words[clause - 1] == "," and (opened := opening_comma(region, clause - 1)) is not None:
        # An apposition or a clause in between: «X, пресс-секретарь Y, заявил», «X, отвечая на …, заявил».
        begin = opened
        while begin > 0 and words[begin - 1] not in BREAKS:
            begin -= 1
        found = _subject_in(region, begin, opened, lex, plural)
        if found is not None:
            return Subject(*found, begin)
    return None


def _before_relative(region: Region, clause: int, lex: Lexicon) -> Subject | None:
    """«… с мэром Роговым, который сказал»: the words before the comma, back to a preposition or a pause."""
    end = clause - 1
    if end < 1 or region.words[end] != ",":
        return None
    start = end
    while start > 0 and end - start < 4 and region.words[start - 1] not in BREAKS | lex.words("prepositions"):
        if is_verb(region.words[start - 1], lex.language) and not region.capital(start - 1):
            break
        start -= 1
    return Subject(start, end, clause) if start < end else None


def _subject_in(region: Region, start: int, end: int, lex: Lexicon, plural: bool) -> tuple[int, int] | None:
    """The subject among tokens: the first nominative phrase that no preposition governs."""
    words = region.words
    index = start
    place: tuple[int, int] | None = None
    while index < end:
        word = words[index]
        if word in lex.words("prepositions"):
            stop = _phrase_end(region, index + 1, end, lex)
            if (
                place is None
                and word in {"в", "во", "у", "на"}
                and words[index + 1 : index + 2]
                and (not set(words[index + 1 : stop]) & lex.words("occasions"))
            ):
                place = (index + 1, stop)
            index = stop
        elif word in lex.words("time_words") or (not words[index][:1].isalnum() and word not in '«“„"'):
            index += 1
        elif _nominative_at(region, index, lex):
            return (index, _subject_end(region, index, end, lex))
        else:
            index += 1
    if place is not None and plural and place[0] < place[1]:
        return place
    return None


def _nominative_at(region: Region, index: int, lex: Lexicon) -> bool:
    word = region.words[index]
    if word in '«“„"':
        return index + 1 < len(region) and region.capital(index + 1)
    if word.isascii() or (not word.isalpha() and "-" not in word):
        return region.capital(index)
    readings = parses(word, lex.language)
    if not readings:
        return region.capital(index)
    first = readings[0]
    if first.pos in {"ADVB", "CONJ", "PRCL", "INFN", "GRND", "PREP", "INTJ"} and not region.capital(index):
        return False
    return any(p.case == "nomn" and p.pos in _NOUNS | _MODIFIERS for p in readings)


def _phrase_end(region: Region, start: int, end: int, lex: Lexicon) -> int:
    """The end of a prepositional phrase: up to a token that can only be nominative, or a new preposition."""
    index = start
    while index < end:
        word = region.words[index]
        if index > start:
            if word in lex.words("prepositions") or word in lex.words("time_words"):
                break
            readings = [p for p in parses(word, lex.language) if p.case]
            if readings and all(p.case in {"nomn", "voct"} for p in readings):
                break
            if readings and readings[0].case == "nomn" and readings[0].marks:
                break
        index += 1
    return index


def _subject_end(region: Region, start: int, end: int, lex: Lexicon) -> int:
    """The end of a subject: before an adverbial («на брифинге», «сегодня»), if one follows it."""
    index = start + 1
    quoted = region.words[start] in '«“„"'
    while index < end:
        word = region.words[index]
        if word in '«“„»”"':
            quoted = not quoted if word == '"' else word in "«“„"
        elif not quoted:
            if word in lex.words("time_words") or word in lex.words("blocking"):
                break
            if word in {"из", "з", "із"} and region.words[index - 1] in _PARTITIVES:
                index += 1
                continue
            if word in lex.words("prepositions") and not (
                word in lex.words("source_prepositions") and _near_title(region, index, lex)
            ):
                break
            if (
                parses(word, lex.language)[:1]
                and parses(word, lex.language)[0].pos in {"ADVB", "GRND", "VERB"}
                and not region.capital(index)
            ):
                break
        index += 1
    return index
