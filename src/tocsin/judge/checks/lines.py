"""A sentence as checks see it: folded, with its places, dates, lengths and quantities as marks.

    «The camp lies about 40 km from Astana on 3 March» → «the camp lies <q0> from <p1> on <d2>»

Patterns (``data/LANGUAGE.yaml``) are regular expressions over this with a few abbreviations:

    {P:a} {Q:a} {D:a} {L:a}   a place, quantity, date (a day, month or year) or length of time, by name
    {P:a/d}                   Kazakh: one in this case (a ablative, d dative, g genitive, l locative)
    {A}                       an age: a mark, or figures that are none
    {g40}                     up to 40 signs of anything but marks and ends of clauses
    {e40}                     the same, as many as there are, at the end of a statement
    {m40}                     up to 40 signs of the same, or marks but dates and lengths of time
    {w:lies}                  one of the words listed under ``lies``

Every code point of a pattern's groups has its place in the document, so evidence stays verbatim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final

from tocsin.judge.checks.protocol import DocumentFacts
from tocsin.model import PlaceMention, QuantityMention, Sentence, Span, TimeMention

__all__ = ["BY_FORM", "LANGUAGES", "Found", "Line", "Mark", "Mention", "forms", "lines_of", "word_list"]

LANGUAGES: Final = ("en", "kk", "ru", "uk")
#: Longest sentence looked at: longer ones are lists and tables.
_LONGEST: Final = 1500
_DATE: Final = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")
_SPACE: Final = re.compile(r"[\s<>]")
#: Signs of markup that posts are full of; they are left out of lines.
_MARKUP: Final = frozenset("*_~`\u200b\u00ad")
_SIGNS: Final = {'"': "“”«»„‟", "'": "’ʼ‘´", "-": "–—−‑‐", "е": "ё"}
_FOLD: Final = str.maketrans({sign: to for to, signs in _SIGNS.items() for sign in signs})
_CASES: Final = (
    ("a", re.compile(r"(?:дан|ден|тан|тен|нан|нен)$")),
    ("g", re.compile(r"(?:ның|нің|дың|дің|тың|тің)$")),
    ("l", re.compile(r"(?:[дт]а|[дт]е|ғы|гі)$")),
    ("d", re.compile(r"(?:[ғқгк][ае]|на|не)$")),
)
Mention = PlaceMention | QuantityMention | TimeMention
#: Names that the places stage left alone are looked up beside distances and crowds: so many a sentence at
#: most, and
#: only places of so many people.
_NAME: Final = re.compile(
    r"(?<![\w-])[A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ][\w'’ʼ-]{3,}(?: [A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ][\w'’ʼ-]{3,})?"
)
_MOST_NAMES: Final = 6
_KNOWN: Final = 100_000
_LIKELY: Final = 0.5
#: Reason of the places found so.
BY_FORM: Final = "taken for a place because of the words around it"


@dataclass(frozen=True, slots=True)
class Mark:
    """A mention in a line. ``kind`` is p, q, d, l or t (another time); ``span`` is without words such as
    "later".

    ``value`` is the date or the length of a time (TIMEX3), empty otherwise.
    """

    kind: str
    span: Span
    mention: Mention
    value: str = ""


@cache
def _data(language: str) -> Mapping[str, Any]:
    import yaml

    text = files("tocsin.judge.checks").joinpath("data", f"{language}.yaml").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = yaml.safe_load(text)
    return loaded


def word_list(language: str, name: str) -> Mapping[str, Any]:
    """A table of words of a language by name; empty where it has none."""
    found: Mapping[str, Any] = _data(language).get(name, {})
    return found


_MACRO: Final = re.compile(r"\{(?:([PQDLA])(?::(\w+))?(?:/(\w))?|([gme])(\d+)|w:(\w+))\}")
_AGE: Final = r"(?P<age><[ql]\d+(?::.)?>|(?<!\d)\d{1,3}(?!\d))"


def _expanded(pattern: str, language: str) -> str:
    words: Mapping[str, str] = _data(language).get("words", {})

    def put(found: re.Match[str]) -> str:
        kind, name, case, gap, most, word = found.groups()
        if gap is not None:
            plain = "[^<>.;!?]"
            sign = f"(?:{plain}|<[pqt][0-9]+(?::.)?>)" if gap == "m" else plain
            return f"{sign}{{0,{most}}}{'' if gap == 'e' else '?'}"
        if word is not None:
            return f"(?:{_expanded(words[word], language)})"
        if kind == "A":
            return _AGE
        mark = rf"{kind.lower()}\d+{':' + case if case else '(?::.)?'}"
        return f"<(?P<{name}>{mark})>" if name else f"<{mark}>"

    return _MACRO.sub(put, pattern)


@cache
def forms(language: str, name: str) -> tuple[re.Pattern[str], ...]:
    """The patterns of one form of statement in a language."""
    own = _data(language).get("patterns", {}).get(name, ())
    return tuple(re.compile(_expanded(p, language)) for p in own)


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern holds in a line."""

    line: Line
    match: re.Match[str]

    def has(self, name: str) -> bool:
        """Whether a group of this name took part."""
        return name in self.match.re.groupindex and self.match.group(name) is not None

    def mark(self, name: str) -> Mark:
        """The mark that a group stands for."""
        return self.line.marks[int(re.sub(r"\D", "", self.match.group(name)))]

    def quantity(self, name: str) -> QuantityMention:
        found = self.mark(name).mention
        assert isinstance(found, QuantityMention)
        return found

    def place(self, name: str) -> PlaceMention:
        found = self.mark(name).mention
        assert isinstance(found, PlaceMention)
        return found

    def span(self, name: str) -> Span:
        """The words of a group, or of the whole pattern («0»), in the document."""
        return self.line.span(*self.match.span(int(name) if name.isdecimal() else name))


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence. ``origin`` has the span in the document of every code point of ``text``."""

    facts: DocumentFacts
    sentence: Sentence
    language: str
    text: str
    marks: tuple[Mark, ...]
    origin: tuple[tuple[int, int], ...]

    def find(self, name: str) -> Iterator[Found]:
        """Every place where one of the patterns of a name holds, pattern by pattern."""
        for pattern in forms(self.language, name):
            for match in pattern.finditer(self.text):
                yield Found(self, match)

    def has(self, name: str) -> bool:
        """Whether any pattern of this name holds."""
        return any(pattern.search(self.text) for pattern in forms(self.language, name))

    def of_kind(self, kind: str) -> list[Mark]:
        return [mark for mark in self.marks if mark.kind == kind]

    def span(self, start: int, end: int) -> Span:
        """The place in the document of a stretch of ``text``."""
        return Span(self.origin[start][0], self.origin[end - 1][1])

    def words(self, span: Span) -> str:
        """Verbatim words of the document."""
        return span.of(self.facts.document.text)


def _length(text: str, span: Span, language: str) -> tuple[Span, str] | None:
    """The number and unit within the words of a time («four days later»), and its TIMEX3 value."""
    from tocsin.resolve.times import find_times

    words = _folded(text[span.start : span.end])
    start, end = 0, len(words)
    for pattern in forms(language, "length_before"):
        if match := pattern.match(words):
            start = max(start, match.end())
    for pattern in forms(language, "length_after"):
        if match := pattern.search(words, start):
            end = min(end, match.start())
    if start >= end:
        return None
    inner = Span(span.start + start, span.start + end)
    alone = word_list(language, "units").get(words[start:end])
    if alone is not None:
        return inner, str(alone)
    plain = text[inner.start : inner.end]
    for found in find_times("", plain, [(0, len(plain), language)], None, "UTC"):
        if found.value.startswith("P") and found.start == 0 and found.end == len(plain):
            return inner, found.value
    return None


def _marks(facts: DocumentFacts, sentence: Sentence, language: str) -> list[Mark]:
    text = facts.document.text
    found: list[Mark] = []

    def within(mention: Mention) -> bool:
        return sentence.start <= mention.start and mention.end <= sentence.end

    found += [Mark("p", Span(p.start, p.end), p) for p in facts.places if within(p)]
    found += [Mark("q", Span(q.start, q.end), q) for q in facts.quantities if within(q)]
    for time in facts.times:
        if not within(time):
            continue
        span = Span(time.start, time.end)
        if time.timex_type == "DURATION" or time.anchor is not None:
            length = _length(text, span, language)
            if length is not None:
                found.append(Mark("l", length[0], time, length[1]))
                continue
        dated = time.timex_type == "DATE" and _DATE.fullmatch(time.value)
        found.append(Mark("d" if dated else "t", span, time, time.value if dated else ""))
    found += _more_places(facts, sentence, found)
    found.sort(key=lambda m: (m.span.start, -m.span.end, m.kind))
    kept: list[Mark] = []
    for mark in found:
        if not kept or mark.span.start >= kept[-1].span.end:
            kept.append(mark)
    return kept


def _more_places(facts: DocumentFacts, sentence: Sentence, marks: list[Mark]) -> list[Mark]:
    """Large places that were not sure enough to be mentions, in a sentence with a distance or a crowd."""
    from tocsin.resolve.gazetteer import load_gazetteer
    from tocsin.resolve.places import locate

    amounts = [m.mention for m in marks if isinstance(m.mention, QuantityMention)]
    if not any(q.dimension == "length" or (q.low or 0) >= _KNOWN / 10 for q in amounts):
        return []
    text, taken = facts.document.text, [m.span for m in marks]
    spans = []
    for match in _NAME.finditer(text, sentence.start, sentence.end):
        span = Span(*match.span())
        if not any(span.start < t.end and t.start < span.end for t in taken):
            spans.append((span.start, span.end))
    spans = spans[:_MOST_NAMES]
    found = []
    for place in locate(facts.document.document_id, text, spans, sentence.language):
        entry = load_gazetteer().by_id(place.place_id) if place is not None else None
        if place is None or entry is None or place.score < _LIKELY or entry.population < _KNOWN:
            continue
        found.append(
            Mark("p", Span(place.start, place.end), replace(place, reasons=(BY_FORM, *place.reasons)))
        )
    return found


def _folded(text: str) -> str:
    """Lower case, one form of quotation marks, dashes and spaces; as many code points as the text has."""
    low = text.lower()
    if len(low) != len(text):  # a letter that has no small form of one code point stays as it is
        low = "".join(s if len(s) == 1 else sign for sign in text for s in (sign.lower(),))
    return _SPACE.sub(" ", low.translate(_FOLD))


def _case(words: str) -> str:
    low = words.lower()
    return next((name for name, ending in _CASES if ending.search(low)), "n")


def _line(facts: DocumentFacts, sentence: Sentence) -> Line | None:
    """A sentence as a line; None where it has no marks."""
    text, language = facts.document.text, sentence.language
    marks = _marks(facts, sentence, language)
    if not marks:
        return None
    parts: list[str] = []
    origin: list[tuple[int, int]] = []

    def put(start: int, end: int) -> None:
        for i, sign in enumerate(_folded(text[start:end]), start):
            if sign not in _MARKUP and not (sign == " " and parts and parts[-1] == " "):
                parts.append(sign)
                origin.append((i, i + 1))

    at = sentence.start
    for number, mark in enumerate(marks):
        put(at, mark.span.start)
        case = f":{_case(mark.span.of(text))}" if language == "kk" else ""
        token = f"<{mark.kind}{number}{case}>"
        parts += token
        origin += [(mark.span.start, mark.span.end)] * len(token)
        at = mark.span.end
    put(at, sentence.end)
    return Line(facts, sentence, language, "".join(parts), tuple(marks), tuple(origin))


@lru_cache(maxsize=2)  # every check asks for those of the document at work
def lines_of(facts: DocumentFacts) -> tuple[Line, ...]:
    """The sentences of a document that hold a mention, in the languages that have patterns."""
    lines = (
        _line(facts, sentence)
        for sentence in facts.sentences
        if sentence.language in LANGUAGES and sentence.end - sentence.start <= _LONGEST
    )
    return tuple(line for line in lines if line is not None)
