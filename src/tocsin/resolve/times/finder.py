"""Times of a document: sentence by sentence, carrying the year and day last spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from tocsin.model import TimeMention, make_id
from tocsin.resolve.times.anchor import Context, resolve
from tocsin.resolve.times.compose import atoms
from tocsin.resolve.times.grammar import load_grammar
from tocsin.resolve.times.lexicon import LANGUAGES, Lexicon, load_lexicon
from tocsin.resolve.times.tokens import Token, may_hold_time, tokenize
from tocsin.resolve.times.values import Atom, Resolved

__all__ = ["METHOD", "find_times"]

METHOD: Final = "times-1"
_PAST_ENDINGS: Final = {
    "en": re.compile(r"\w{3,}ed\Z"),
    "ru": re.compile(r"\w{2,}[аеиоыуя]л(?:а|о|и|ся|ась|ось|ись)?\Z"),
    "uk": re.compile(r"\w{2,}(?:[аиіуя]в|[аиіуя]л[аио])(?:ся|ся)?\Z"),
    "kk": re.compile(r"\w{2,}(?:ды|ді|ты|ті|ған|ген|қан|кен)\Z"),
}
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґӘәҒғҚқҢңӨөҰұҮүҺһ]")
_KAZAKH: Final = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһ]")
_UKRAINIAN: Final = re.compile(r"[ЇїЄєҐґ]")
_BOUNDS: Final = ("since", "until", "before", "after")
#: Years before publication beyond which a year named counts as history, and the least share of such years.
_HISTORY_YEARS: Final = 2
_HISTORY_SHARE: Final = 0.6


@dataclass(slots=True)
class _Found:
    """An expression in its document: offset of its sentence in code points, its number, the tense there."""

    offset: int
    sentence: int
    atom: Atom
    tense: int


def _lexicon(language: str, text: str) -> Lexicon | None:
    if language in LANGUAGES:
        return load_lexicon(language)
    if language != "und":
        return None
    if _CYRILLIC.search(text) is None:
        return load_lexicon("en")
    if _KAZAKH.search(text):
        return load_lexicon("kk")
    return load_lexicon("uk" if _UKRAINIAN.search(text) else "ru")


def _tense(tokens: list[Token], atom: Atom, lexicon: Lexicon) -> int:
    """-1, 0 or 1: past, untold or future, by the verb form nearest to the expression."""
    ending = _PAST_ENDINGS[lexicon.language]
    best, found = len(tokens) + 1, 0
    for index, token in enumerate(tokens):
        if atom.first <= index < atom.last or not token.text[0].isalpha():
            continue
        word = token.plain
        if word in lexicon.future:
            tense = 1
        elif word in lexicon.past or (token.category == "OTHER" and ending.match(word)):
            tense = -1
        else:
            continue
        distance = atom.first - index if index < atom.first else index - atom.last + 1
        if distance < best:
            best, found = distance, tense
    return found


def _expressions(text: str, sentences: Iterable[tuple[int, int, str]]) -> list[_Found]:
    found = []
    for number, (start, end, language) in enumerate(sentences):
        sentence = text[start:end]
        lexicon = _lexicon(language, sentence)
        if lexicon is None or not may_hold_time(sentence, lexicon):
            continue
        tokens = tokenize(sentence, lexicon)
        found += [
            _Found(start, number, atom, _tense(tokens, atom, lexicon))
            for atom in atoms(tokens, load_grammar(lexicon.language), lexicon)
        ]
    return found


def _is_historical(found: list[_Found], published: datetime | None) -> bool:
    years = [f.atom.time.year for f in found if f.atom.time.year is not None]
    years += [f.atom.time.decade * 10 for f in found if f.atom.time.decade is not None]
    if published is None or len(years) < 3:
        return False
    old = sum(year < published.year - _HISTORY_YEARS for year in years)
    # A text of its day says "today" and "tomorrow"; some old years in it are background.
    today = sum(f.atom.rule == "deictic" for f in found)
    return old / len(years) >= _HISTORY_SHARE and old > 2 * today


def _year_ahead(found: list[_Found], index: int) -> int | None:
    """The first year named in the sentence of an expression, from it on."""
    sentence = found[index].sentence
    for item in found[index:]:
        if item.sentence != sentence:
            return None
        if item.atom.time.year is not None:
            return item.atom.time.year
    return None


def _modified(resolved: Resolved, modifiers: tuple[str, ...], span: str) -> tuple[Resolved, bool, bool]:
    """The interval as its modifiers bound it, and whether its lower and upper ends are open."""
    lower, upper = resolved.lower, resolved.upper
    lower_open = upper_open = False
    bounded = [name for name in modifiers if name in _BOUNDS]
    if resolved.timex_type == "DURATION" and span != "deadline":
        bounded = []
    for name in bounded[:1]:
        if name == "since":
            upper = None
        elif name == "until":
            lower = None
            if resolved.granularity in ("minute", "hour"):
                upper = resolved.lower  # until 14:00 does not hold 14:00
        elif name == "before":
            lower, upper = None, resolved.lower
        else:
            lower, upper = resolved.upper, None
    loose = {"at least", "approx", "more than", "less than"} & set(modifiers)
    if loose or "third of it" in " ".join(resolved.reasons):
        lower_open = lower is not None and ("at least" not in modifiers or not bounded or "since" in bounded)
        upper_open = upper is not None and "at least" not in modifiers
    return replace(resolved, lower=lower, upper=upper), lower_open, upper_open


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _mention(document_id: str, found: _Found, resolved: Resolved) -> TimeMention:
    atom = found.atom
    start, end = found.offset + atom.start, found.offset + atom.end
    modifiers = atom.modifiers
    if atom.time.span == "deadline" and "until" not in modifiers:
        modifiers = (*modifiers, "until")
    bounded, lower_open, upper_open = _modified(
        resolved, () if atom.time.span == "deadline" else modifiers, atom.time.span
    )
    order = {name: index for index, name in enumerate((*_BOUNDS, "at least", "approx"))}
    named = sorted(modifiers, key=lambda name: order.get(name, 9))
    return TimeMention(
        mention_id=make_id(document_id, start, end, METHOD),
        document_id=document_id,
        start=start,
        end=end,
        timex_type=bounded.timex_type,
        value=bounded.value,
        lower=_utc(bounded.lower),
        upper=_utc(bounded.upper),
        lower_open=lower_open,
        upper_open=upper_open,
        granularity=bounded.granularity,
        modifier=", ".join(named) or None,
        anchor=bounded.anchor,
        score=round(bounded.score, 3),
        reasons=bounded.reasons,
        alternatives=bounded.alternatives,
        method=METHOD,
    )


def _closed(first: TimeMention, last: TimeMention) -> tuple[TimeMention, TimeMention]:
    """The two ends of a range, each bounded by the other where that makes an interval."""
    if first.lower is None or last.upper is None or first.lower >= last.upper:
        return first, last
    return replace(first, upper=last.upper), replace(last, lower=first.lower)


def _remember(context: Context, resolved: Resolved) -> None:
    if resolved.lower is None or resolved.timex_type not in ("DATE", "TIME"):
        return
    if (resolved.explicit_year and resolved.granularity not in ("decade", "century")) or resolved.anchor in (
        "year last spoken of",
        "year in the sentence",
    ):
        context.year = resolved.lower.year
    if resolved.granularity in ("day", "minute", "hour", "part of day", "month", "year"):
        context.day = resolved.lower


def find_times(
    document_id: str, text: str, sentences: Iterable[tuple[int, int, str]], published: datetime | None
) -> list[TimeMention]:
    """Time expressions of one document, in text order, never overlapping.

    ``sentences`` gives start and end (code points of ``text``) and the ISO 639-1 language of each; others
    than en, ru, uk, kk give nothing, ``und`` is taken by its script. ``published`` is aware; None leaves
    relative expressions without an interval. Values are ISO-TimeML (Pustejovsky et al. 2010). Pure and
    deterministic; raises nothing.
    """
    found = _expressions(text, sentences)
    naive = None if published is None else published.astimezone(UTC).replace(tzinfo=None)
    historical = _is_historical(found, naive)
    context = Context(naive, historical=historical)
    mentions: list[TimeMention] = []
    opened: TimeMention | None = None
    last_sentence = -1
    for index, item in enumerate(found):
        if item.sentence != last_sentence:
            context.sentence_year = (
                _year_ahead(found, index) if context.year is None or not historical else None
            )
            last_sentence = item.sentence
        if item.atom.time.year is not None:
            context.sentence_year = item.atom.time.year
        context.tense = item.tense
        resolved = resolve(item.atom.time, context)
        if resolved is None:
            continue
        _remember(context, resolved)
        mention = _mention(document_id, item, resolved)
        if opened is not None:
            opened, mention = _closed(opened, mention)
            mentions[-1] = opened
        opened = mention if item.atom.opens_range else None
        mentions.append(mention)
    return mentions
