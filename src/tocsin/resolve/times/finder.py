"""Times of a document: sentence by sentence, carrying the year and day last spoken of."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from tocsin.model import TimeMention, make_id
from tocsin.resolve.times.anchor import resolve
from tocsin.resolve.times.calendar import ZONES, zone_offset
from tocsin.resolve.times.compose import atoms
from tocsin.resolve.times.context import Context, remember
from tocsin.resolve.times.document import SCENE, Found, enter_sentence, is_narrative, is_near, year_of_partner
from tocsin.resolve.times.grammar import load_grammar
from tocsin.resolve.times.lexicon import LANGUAGES, Lexicon, load_lexicon
from tocsin.resolve.times.tense import tense_of
from tocsin.resolve.times.tokens import may_hold_time, tokenize
from tocsin.resolve.times.values import Atom, Resolved

__all__ = ["METHOD", "find_times"]

METHOD: Final = "times-8"
_CYRILLIC: Final = re.compile(r"[А-Яа-яЁёІіЇїЄєҐґӘәҒғҚқҢңӨөҰұҮүҺһ]")
_KAZAKH: Final = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһ]")
_UKRAINIAN: Final = re.compile(r"[ЇїЄєҐґ]")
_BOUNDS: Final = ("since", "until", "before", "after")


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


def _expressions(text: str, sentences: Iterable[tuple[int, int, str]]) -> list[Found]:
    found = []
    for number, (start, end, language) in enumerate(sentences):
        sentence = text[start:end]
        lexicon = _lexicon(language, sentence)
        if lexicon is None or not may_hold_time(sentence, lexicon):
            continue
        tokens = tokenize(sentence, lexicon)
        for atom in atoms(tokens, load_grammar(lexicon.language), lexicon):
            before, after = sentence[: atom.start], sentence[atom.end :]
            aside = before.count("(") > before.count(")") and ")" in after
            heading = not before.strip(" -–—•*·") and not after.strip(" .:\n")
            place = (
                "heading" if heading else ("aside" if aside else ("scene" if len(before) <= SCENE else ""))
            )
            found.append(Found(start, number, atom, tense_of(tokens, atom, lexicon), place))
    return found


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


def _in_utc(resolved: Resolved, zone: str) -> Resolved:
    """Clock times and lengths counted from publication, moved to UTC from the zone of the document.

    Calendar units stay as they are named: 5 April is from midnight to midnight, wherever.
    """
    if resolved.clock == "local":
        resolved = replace(resolved, reasons=(*resolved.reasons, f"no zone stated; read as {zone}"))
    if resolved.clock == "stated" or resolved.timex_type not in ("TIME", "DURATION"):
        return resolved
    lower, upper = (_moved(end, zone, -1) for end in (resolved.lower, resolved.upper))
    return replace(resolved, lower=lower, upper=upper)


def _moved(moment: datetime | None, zone: str, sign: int) -> datetime | None:
    """A moment moved by the offset of a zone; None beyond the years 1 to 9999."""
    offset = 0 if moment is None else zone_offset(ZONES[zone], moment) or 0
    try:
        return None if moment is None else moment + sign * timedelta(minutes=offset)
    except OverflowError:
        return None


def _begins(atom: Atom, tense: int, resolved: Resolved, published: datetime | None) -> tuple[str, ...]:
    """Modifiers with "from" read: a beginning where it lies ahead, else no bound ("a letter from May")."""
    sure = tense == 0 and (atom.time.day is not None or atom.time.weekday is not None)
    if tense == 0 and published is not None and resolved.upper is not None:
        sure = sure or resolved.upper > published
    name = "since" if tense > 0 or sure else ""
    named = (name if modifier == "from" else modifier for modifier in atom.modifiers)
    return tuple(dict.fromkeys(modifier for modifier in named if modifier))


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.replace(tzinfo=UTC)


def _mention(document_id: str, found: Found, resolved: Resolved, published: datetime | None) -> TimeMention:
    atom = found.atom
    start, end = found.offset + atom.start, found.offset + atom.end
    modifiers = _begins(atom, found.tense, resolved, published)
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
    first, last = (replace(m, group_id=first.mention_id) for m in (first, last))
    if first.lower is None or last.upper is None or first.lower >= last.upper:
        return first, last
    vague = "approx" in (last.modifier or "")
    return replace(first, upper=last.upper), replace(last, lower=first.lower, upper_open=vague)


def find_times(
    document_id: str,
    text: str,
    sentences: Iterable[tuple[int, int, str]],
    published: datetime | None,
    zone: str = "UTC",
) -> list[TimeMention]:
    """Time expressions of one document, in text order, never overlapping.

    ``sentences`` gives start and end (code points of ``text``) and the ISO 639-1 language of each; others
    than en, ru, uk, kk give nothing, ``und`` is taken by its script. ``published`` is aware; None leaves
    relative expressions without an interval. ``zone``, one of ``calendar.ZONES``, is where the document was
    written: it says which day publication fell on, and clock times without a zone are read in it. Values
    are ISO-TimeML (Pustejovsky et al. 2010). Pure and deterministic; raises KeyError for a zone that is
    none of them, and nothing else.
    """
    found = _expressions(text, sentences)
    utc = None if published is None else published.astimezone(UTC).replace(tzinfo=None)
    naive = _moved(utc, zone, 1)
    context = Context(naive, narrative=is_narrative(found, naive))
    mentions: list[TimeMention] = []
    opened: TimeMention | None = None
    groups: dict[tuple[int, int], str] = {}
    range_start: datetime | None = None
    last_sentence = -1
    for index, item in enumerate(found):
        if item.sentence != last_sentence:
            context.quarter_age += item.sentence - last_sentence
            context.sentence_year = enter_sentence(found, index)
            last_sentence = item.sentence
        partner = year_of_partner(found, index, text)
        scene, context.near = context.sentence_year, is_near(found, index, naive)
        if partner is not None:
            context.sentence_year = partner
        context.tense = item.tense
        context.opened = None if opened is None else range_start
        resolved = resolve(item.atom.time, context)
        context.sentence_year = scene
        if resolved is None:
            continue
        remember(context, item.atom.time, resolved, item.place)
        mention = _mention(document_id, item, _in_utc(resolved, zone), naive)
        if opened is not None:
            opened, mention = _closed(opened, mention)
            mentions[-1] = opened
        if item.atom.listed is not None:
            group = groups.setdefault((item.sentence, item.atom.listed), mention.mention_id)
            mention = replace(mention, group_id=group)
        opened = mention if item.atom.opens_range else None
        range_start = resolved.lower
        mentions.append(mention)
    return mentions
