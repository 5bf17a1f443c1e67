"""Who a source is: its kind, how a person would list it, and a key that groups its variants.

A key is ``kind:fold``. For a person the fold is that of the last name's nominative, so «Шатилова»,
«А. Шатилов» and "Shatilov" share one key; it merges namesakes too, which the name resolution of a later stage
undoes. For all others it is the fold of the label's lemmas. Folding writes Cyrillic in Latin letters and
drops what transliterations differ in (y, i, j; kh, h; doubled letters).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from tocsin.extract.lexicon import Lexicon
from tocsin.extract.tokens import Region
from tocsin.language.morphology import lemmas, nominative, parses
from tocsin.model import SourceKind

__all__ = ["Source", "describe", "fold", "plausible_source"]

_TOKEN: Final = re.compile(r"[A-ZА-ЯЁІЇЄҐӘҒҚҢӨҰҮҺ]\.|[^\W_]+(?:[’'ʼ‑.-][^\W_]+)*")
_CYRILLIC: Final = (
    "а a б b в v г g ґ g ғ g д d е e ё e є e ж zh з z и i і i ї i й i к k қ k л l м m н n ң ng о o ө o п p "
    "р r с s т t у u ұ u ү u ў u ф f х h һ h ц c ч ch ш sh щ sh ы i э e ю iu я ia ә a"
)
_PAIRS: Final = tuple(_CYRILLIC.split())
_LATIN: Final = str.maketrans({**dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True)), "ъ": "", "ь": ""})
_FOLDS: Final = (
    ("shch", "sh"),
    ("kh", "h"),
    ("ts", "c"),
    ("tz", "c"),
    ("y", "i"),
    ("j", "i"),
    ("x", "ks"),
    ("ie", "e"),
)
_DOUBLE: Final = re.compile(r"([a-z])\1+")
_ARTICLES: Final = frozenset(
    {"the", "a", "an", "some", "same", "latest", "this", "that", "these", "those", "his", "her", "their"}
)
_RECEIVED: Final = re.compile(
    r"^(?:the\s+)?(?:latest\s+|new\s+)?(?:information|data|intelligence|details|reports?|words?)\s+"
    r"(?:received\s+|obtained\s+|provided\s+|coming\s+)?(?:from|of|by)\s+(?=\w)",
    re.IGNORECASE,
)
_HEAD_KINDS: Final = {
    "anonymous": SourceKind.ANONYMOUS,
    "official": SourceKind.OFFICIAL,
    "media": SourceKind.MEDIA,
    "document": SourceKind.DOCUMENT,
    "organisation": SourceKind.ORGANISATION,
    "crowd": SourceKind.CROWD,
}
_NAME_MARKS: Final = frozenset({"Surn", "Name", "Patr"})


@dataclass(frozen=True, slots=True)
class Source:
    """A source as listed: ``kind`` (a SourceKind), ``label`` for people, ``key`` for grouping."""

    kind: str
    label: str
    key: str


@dataclass(frozen=True, slots=True)
class _Word:
    raw: str
    start: int
    end: int
    lemmas: tuple[str, ...]
    head: str
    capital: bool
    special: str  # outlet, organisation, country or ""
    name: bool
    place: bool


@lru_cache(maxsize=1 << 16)
def fold(words: str) -> str:
    """The language-independent form of a name or phrase; idempotent.

    >>> fold("Зеленский") == fold("Зеленський") == fold("Zelenskyy")
    True
    """
    latin = words.lower().translate(_LATIN)
    latin = "".join(c for c in unicodedata.normalize("NFKD", latin) if not unicodedata.combining(c))
    latin = re.sub(r"[’'ʼ`]", "", latin)
    for old, new in _FOLDS:
        latin = latin.replace(old, new)
    latin = re.sub(r"[^a-z0-9]+", " ", latin).strip()
    return _DOUBLE.sub(r"\1", latin).replace("ie", "e")


@lru_cache(maxsize=1 << 15)
def _facts(raw: str, lex_language: str) -> tuple[tuple[str, ...], str, str, bool, bool]:
    """Lemmas, head kind, special list and whether the dictionary knows the word as a person's name."""
    from tocsin.extract.lexicon import lexicon

    lex = lexicon(lex_language)
    lower = raw.lower().replace("’", "'").replace("ʼ", "'")
    found = lemmas(lower, lex.language)
    forms = (lower, *found)
    name, geo, adjective = True, False, False
    head = next((lex.heads[form] for form in forms if form in lex.heads), "")
    special = ""
    for listing in ("outlets", "organisations", "countries"):
        if any(form in lex.words(listing) for form in forms):
            special = listing
            break
    if lex.language in {"ru", "uk"}:
        readings = parses(raw, lex.language)
        marked = any(p.marks & _NAME_MARKS for p in readings[:4])
        known = (
            readings[:1] and readings[0].score > 0.4 and not readings[0].marks & _NAME_MARKS and not marked
        )
        geo = any("Geox" in p.marks for p in readings[:2])
        adjective = bool(readings) and readings[0].pos in {"ADJF", "PRTF"} and not marked
        name = (marked or not known) and not geo and not adjective
    return found, head, special, name, geo or adjective


def _words(text: str, lex: Lexicon) -> list[_Word]:
    found = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        forms, head, special, name, place = _facts(raw, lex.language)
        capital = raw[0].isupper()
        acronym = raw.isupper() and len(raw) > 1 and raw[-1] != "."
        if acronym and not special:
            special = "organisations"
        is_name = capital and name and not head and not special
        found.append(_Word(raw, match.start(), match.end(), forms, head, capital, special, is_name, place))
    return found


def _name_run(words: Sequence[_Word], lex: Lexicon) -> tuple[int, int] | None:
    """The run of tokens that names a person: initials and capitals, the longest, the first of equals."""
    best = _longest_run(words)
    if best is None and lex.language in {"ru", "uk"} and len(words) > 1:
        last = words[-1]  # «глава ОП Ермак»: a surname that is also a common word
        if last.capital and not (last.head or last.special or last.place or last.raw.isupper()):
            best = (len(words) - 1, len(words))
    if best is None:
        return None
    start, end = best
    if lex.language in {"ru", "uk"}:
        start = _first_name(words, start, end, lex)
    if lex.language == "en" and start and words[start - 1].raw.lower() in {"of", "in", "from", "at", "for"}:
        # «the Zoo of Rome I. Fern»: initials begin the person.
        start = next((n for n in range(start + 1, end) if words[n].raw[-1] == "."), start)
    if lex.language == "en" and words[start].raw.lower() in _ARTICLES | {"and", "according", "former"}:
        start += 1
    return (start, end) if start < end else None


def _longest_run(words: Sequence[_Word]) -> tuple[int, int] | None:
    best: tuple[int, int] | None = None
    index = 0
    while index < len(words):
        end = index
        while end < len(words) and _goes_on(words, index, end):
            end += 1
        if end > index and (best is None or end - index > best[1] - best[0]):
            best = (index, end)
        index = max(end, index + 1)
    return best


def _first_name(words: Sequence[_Word], start: int, end: int, lex: Lexicon) -> int:
    """«Центра имени Гамалеи Александр Гинцбург»: a first name begins a new person."""
    for index in range(end - 1, start, -1):
        if _marked(words[index], lex, "Name") and not _marked(words[index - 1], lex, "Name"):
            return index if index + 1 < end and words[index - 1].raw[-1] != "." else start
    return start


def _goes_on(words: Sequence[_Word], start: int, at: int) -> bool:
    """Whether the word at ``at`` goes on with the name begun at ``start`` («Юн Сок Ёль»: all capitals)."""
    word = words[at]
    if at == start:
        return word.name
    further = word.name or (word.capital and not (word.head or word.special or word.place))
    return further and not _breaks(words[at - 1], word)


def _marked(word: _Word, lex: Lexicon, mark: str) -> bool:
    return any(mark in p.marks for p in parses(word.raw, lex.language)[:3])


def _breaks(before: _Word, after: _Word) -> bool:
    # Words of one name are separated by a blank; anything longer has a word or a comma in it.
    return after.start - before.end > 2


def _kind(words: Sequence[_Word], run: tuple[int, int] | None, lex: Lexicon) -> str:
    heads = [w for w in words if w.head]
    kinds = {w.head for w in heads}
    if "anonymous" in kinds:
        return SourceKind.ANONYMOUS
    if run is not None and _is_person(words, run, lex):
        return SourceKind.PERSON
    if any(w.special == "outlets" for w in words):
        return SourceKind.MEDIA
    return _kind_by_head(words, run, heads, lex)


def _kind_by_head(
    words: Sequence[_Word], run: tuple[int, int] | None, heads: Sequence[_Word], lex: Lexicon
) -> str:
    principal = _principal(heads, lex)
    organised = any(w.special for w in words)
    if lex.language in {"ru", "uk"} and words and not words[0].head and not words[0].special:
        role = _role(words, lex, organised or principal is not None)
        if role:
            return role
    if principal is not None:
        if principal.head == "crowd" and _single(principal, lex):
            return SourceKind.ANONYMOUS
        return _HEAD_KINDS[principal.head]
    if organised:
        return SourceKind.ORGANISATION
    if run is not None:
        return _lone_name(words, run, lex)
    plural = lex.language == "en" and bool(words) and words[-1].raw.lower().endswith("s")
    return SourceKind.CROWD if plural else SourceKind.ANONYMOUS


def _single(word: _Word, lex: Lexicon) -> bool:
    """«пассажир» is one unnamed person, «пассажиры» are a crowd."""
    if lex.language not in {"ru", "uk"}:
        return False
    readings = [p for p in parses(word.raw, lex.language) if p.pos == "NOUN" and p.animate]
    return (
        bool(readings)
        and readings[0].number == "sing"
        and readings[0].lemma not in {"большинство", "ряд", "часть"}
    )


def _role(words: Sequence[_Word], lex: Lexicon, organised: bool) -> str:
    """The kind of a source whose first word is a person's role no list has («еврокомиссар», «дилеры»)."""
    if words[0].name and words[0].capital and not parses(words[0].raw, lex.language)[:1][0].known:
        return ""
    readings = [p for p in parses(words[0].raw, lex.language) if p.pos == "NOUN" and p.animate]
    if not readings or readings[0].marks & _NAME_MARKS:
        return ""
    if readings[0].number == "plur":
        return SourceKind.CROWD
    return SourceKind.OFFICIAL if organised else SourceKind.ANONYMOUS


def _lone_name(words: Sequence[_Word], run: tuple[int, int], lex: Lexicon) -> str:
    """A capitalised word that no list and no title explains."""
    if lex.language not in {"ru", "uk"}:
        return SourceKind.PERSON
    word = words[run[0]]
    if word.raw.isascii():
        return SourceKind.ORGANISATION  # a foreign name in its own letters is mostly a company or an outlet
    readings = parses(word.raw, lex.language)
    if readings and readings[0].number == "plur" and not readings[0].marks & _NAME_MARKS:
        return SourceKind.CROWD
    return SourceKind.PERSON


def _principal(heads: Sequence[_Word], lex: Lexicon) -> _Word | None:
    """The word that says what the source is: the first noun, in Kazakh the last."""
    if not heads:
        return None
    if lex.language in {"en", "kk"}:
        return heads[0] if lex.language == "en" else heads[-1]
    nouns = [w for w in heads if not w.lemmas[0].endswith(("ый", "ий", "ой", "ій"))]
    return (nouns or heads)[0]


def _is_person(words: Sequence[_Word], run: tuple[int, int], lex: Lexicon) -> bool:
    start, end = run
    if any(w.raw.lower().rstrip(".") in lex.words("orgs_suffix") for w in words[start:end]):
        return False
    titled = any(
        set(w.lemmas) & lex.words("titles") or w.raw.lower() in lex.words("titles") for w in words[:start]
    )
    titled = titled or (start > 0 and words[start - 1].head == "official")
    if end - start >= 2 or titled:
        return not _organised_before(words, start)
    if lex.language in {"ru", "uk"}:
        marks = any(p.marks & _NAME_MARKS for p in parses(words[start].raw, lex.language)[:4])
        return marks and not _organised_before(words, start)
    # A single capital: a surname if nothing else is there.
    return not any(w.head or w.special for w in words)


def _organised_before(words: Sequence[_Word], start: int) -> bool:
    """«Clinton campaign», «партия Ромашка»: a head right before the name that is no person's title."""
    return (
        start > 0 and words[start - 1].head in {"organisation", "document"} and not words[start - 1].special
    )


def _titled(word: _Word) -> bool:
    """Whether a media word is a person's («журналист»), not an outlet's («газета»)."""
    return word.lemmas[0].startswith(
        (
            "журналист",
            "блог",
            "военкор",
            "корреспондент",
            "кореспондент",
            "journalist",
            "report",
            "correspond",
            "репорт",
            "автор",
            "author",
            "тілші",
            "anchor",
        )
    )


def describe(text: str, lex: Lexicon, case: str = "") -> Source:
    """Kind, label and key of a source's words; ``case`` is the one they stand in (OpenCorpora, or empty)."""
    plain = " ".join(text.replace("*", " ").replace("_", " ").split())
    stripped = _RECEIVED.sub("", plain) if lex.language == "en" else plain
    words = _words(stripped, lex)
    run = _name_run(words, lex)
    kind = _kind(words, run, lex)
    if stripped[:1] in '«“„"' and words and not any(w.head for w in words) and kind == SourceKind.PERSON:
        kind = SourceKind.ORGANISATION  # quotation marks are for firms and outlets
    if kind == SourceKind.PERSON and run is not None:
        label, last = _person(stripped, words, run, lex, case)
        return Source(kind, label, f"{kind}:{fold(last)}")
    label = _label(stripped, words, lex, case)
    base = [_base(w, lex) for w in words if w.raw.lower() not in _ARTICLES]
    return Source(kind, label, f"{kind}:{fold(' '.join(base)) or fold(label) or label.lower()}")


def _base(word: _Word, lex: Lexicon) -> str:
    if lex.language == "kk" and len(word.lemmas) > 1:
        return next((form for form in word.lemmas if form in lex.heads), word.lemmas[0])
    return word.lemmas[0] if word.lemmas else word.raw.lower()


def _person(
    text: str, words: Sequence[_Word], run: tuple[int, int], lex: Lexicon, case: str
) -> tuple[str, str]:
    """The name alone, in the nominative, and the lemma of its last word."""
    start, end = run
    chosen = list(words[start:end])
    if lex.language == "en" and chosen[-1].raw.endswith(("'s", "’s")):
        label = text[chosen[0].start : chosen[-1].end - 2]
        return label, chosen[-1].raw[:-2]
    if lex.language == "kk":
        last = chosen[-1].raw
        stem = _kazakh_name(last)
        return (text[chosen[0].start : chosen[-1].start] + stem), stem
    if lex.language == "en":
        return text[chosen[0].start : chosen[-1].end], chosen[-1].raw
    raws = [w.raw for w in chosen]
    if case and case != "nomn":
        raws = [nominative(raw, lex.language, case, "sing") for raw in raws]
    return " ".join(raws), raws[-1]


def _kazakh_name(raw: str) -> str:
    for ending in ("ның", "нің", "дың", "дің", "тың", "тің", "ға", "ге", "қа", "ке"):
        if raw.endswith(ending) and len(raw) - len(ending) >= 3:
            return raw[: -len(ending)]
    return raw


def _label(text: str, words: Sequence[_Word], lex: Lexicon, case: str) -> str:
    if not words:
        return text
    start = 0
    while start < len(words) - 1 and lex.language == "en" and words[start].raw.lower() in {"the", "a", "an"}:
        start += 1
    if lex.language == "kk" and case == "gent" and words[-1].end == len(text):
        return text[words[0].start : words[-1].start] + _kazakh_name(words[-1].raw)
    if lex.language not in {"ru", "uk"} or not case or case == "nomn":
        return text[words[start].start : words[-1].end] + _closing(text[words[-1].end :])
    # Put the head and its modifiers into the nominative; what depends on the head stays.
    parts: list[str] = []
    number = ""
    done = False
    for word in words:
        readings = [p for p in parses(word.raw, lex.language) if p.case == case]
        if done or not readings:
            parts.append(word.raw)
            done = done or not readings
            continue
        noun = next((p for p in readings if p.pos == "NOUN"), None)
        number = (noun or readings[0]).number or number
        parts.append(nominative(word.raw, lex.language, case, number))
        done = noun is not None and readings[0].pos == "NOUN"
    pieces = [text[: words[0].start]]
    for index, word in enumerate(words):
        following = words[index + 1].start if index + 1 < len(words) else len(text)
        pieces += [parts[index], text[word.end : following]]
    return "".join(pieces).strip(" ,.;:—–-")


def _closing(rest: str) -> str:
    return rest[0] if rest[:1] in ("»", "”", ")", '"') and rest else ""


def plausible_source(region: Region, start: int, end: int, lex: Lexicon, roles: bool = False) -> bool:
    """Whether tokens before a colon or after a dash can be a source: name, outlet, office, document.

    ``roles`` accepts any word for a person too («…, — иммунолог»).
    """
    words = region.words[start:end]
    phrase = " ".join(words).strip()
    if not words or phrase in lex.words("not_sources") or words[0] in lex.words("not_sources"):
        return False
    if any(w in lex.words("time_words") or (w.isdigit() and w not in lex.words("outlets")) for w in words):
        return False
    if words[0] in lex.words("prepositions") or words[0] in lex.words("subject_stops"):
        return False
    if lex.language in {"ru", "uk"} and any(
        readings[0].pos in {"VERB", "INFN", "GRND", "PRTS"}
        for n, w in enumerate(words)
        if not region.capital(start + n) and (readings := parses(w, lex.language))
    ):
        return False
    if lex.language == "en" and any(w in lex.words("auxiliaries") for w in words):
        return False
    facts = _words(region.text[region.starts[start] : region.ends[end - 1]], lex)
    if not facts:
        return False
    return _known(facts, lex) or (roles and _some_role(facts, lex))


def _some_role(facts: Sequence[_Word], lex: Lexicon) -> bool:
    if lex.language not in {"ru", "uk"} or len(facts) > 5:
        return False
    readings = parses(facts[0].raw, lex.language)
    return any(p.pos == "NOUN" and p.animate and p.case == "nomn" for p in readings[:3])


def _known(facts: Sequence[_Word], lex: Lexicon) -> bool:
    if any(w.special == "outlets" for w in facts):
        return True
    principal = _principal([w for w in facts if w.head], lex)
    if principal is not None:
        if lex.language == "en":
            return facts[0].capital or principal is facts[0]
        early = principal is facts[0] or (principal is facts[1] and facts[0].place) or facts[0].head != ""
        return early or lex.language == "kk"
    if any(w.special == "organisations" for w in facts):
        return True
    run = _name_run(facts, lex)
    if run is None:
        return False
    if lex.language in {"ru", "uk"}:
        names = facts[run[0] : run[1]]
        surname = any(p.marks & _NAME_MARKS for w in names for p in parses(w.raw, lex.language)[:3])
        return surname and _is_person(facts, run, lex)
    return run[1] - run[0] >= 2 and run[1] - run[0] <= 4 and run[0] <= 2
