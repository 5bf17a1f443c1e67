"""Whose word an attribution is: what its source is, whom a pronoun means, who speaks where none stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from tocsin.extract.cues import CueMatcher, cue_words
from tocsin.extract.drafts import Draft, Line
from tocsin.extract.lexicon import Lexicon, read_data
from tocsin.extract.names import name_run, words_of
from tocsin.extract.sources import Source, describe, fold
from tocsin.extract.words import normal, word_set
from tocsin.language.morphology import lemma, parses
from tocsin.model import Document, SourceKind, Spans

__all__ = ["Speakers", "accords", "author_source", "cites"]

_FAR: Final = 14  # sentences over which a pronoun may look back
_NEAR: Final = 240  # code points before a pronoun in which somebody mentioned may be meant
_DESCRIBED: Final = re.compile(
    r",\s+(?:близк|знаком|осведомлённ|осведомленн|пожелавш|попросивш|просивш|близьк|знайом|обізнан)"
)
_LOOK_BACK: Final = 3000  # code points before a bare name or role in which its bearer may be named in full
_PERSONS: Final = frozenset({SourceKind.PERSON, SourceKind.OFFICIAL, SourceKind.ANONYMOUS})
_BODIES: Final = frozenset({SourceKind.ORGANISATION, SourceKind.MEDIA, SourceKind.DOCUMENT})
_LISTS: Final = word_set(
    "crowd_cues rumour_cues going_on author_cues media_cues document_cues citing_cues according_cues"
)
#: Pronouns of a person that follow a preposition are mostly of a paper: «в нём сказано».
_LOCATIVE: Final = frozenset({"нем", "нём", "ней", "них", "ньому", "ній", "онда", "мұнда"})
_FIRST: Final = {
    "ru": re.compile(r"(?:ем|им|ём|ю|у|юсь|усь|емся|имся|ёмся)$"),
    "uk": re.compile(r"(?:ю|у|мо|юся|юсь|усь|уся|мося|мось)$"),
    "kk": re.compile(r"(?:мын|мін|мыз|міз|пын|пін|пыз|піз)$"),
}
_KAZAKH_PASSIVE: Final = re.compile(
    r"(?:ыл|іл|лын|лін|ын|ін|ан|ен)(?:ды|ді|ған|ген|уда|уде|ады|еді|ғандай|гендей)$"
)
_NAME: Final = r"[^\W\d_a-zа-яёіїєґәғқңөұүһ][^\W\d_]+"
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’ʼ-][^\W\d_]+)*")
_QUOTED: Final = re.compile(r"\W*[«“„\"][^«»“”„\"]*[»”“\"]\W*$")
_GENDERS: Final = {
    "masc": word_set("он его него нему ему нем ним він його нього йому ньому ним"),
    "femn": word_set("она ее её неё нее ней ею вона її неї ній нею"),
}


def author_source(document: Document) -> Source:
    """The channel itself, as the source of what it says on its own word."""
    label = document.channel or document.author or "the author"
    return Source(SourceKind.AUTHOR, label, f"{SourceKind.AUTHOR}:{fold(label) or label.lower()}")


@cache
def _cues(language: str) -> dict[str, CueMatcher]:
    """A matcher for each list: a cue may be on several."""
    data: Any = read_data("sources").get(language, {})
    return {name: CueMatcher({name: listed}) for name, listed in data.items() if name in _LISTS}


@cache
def _words(language: str, name: str) -> frozenset[str]:
    return frozenset(read_data("sources").get(language, {}).get(name, ()))


def _cue_classes(text: str, draft: Draft) -> set[str]:
    words = cue_words(text, draft.cue, draft.language)
    return {name for name, matcher in _cues(draft.language).items() if matcher.find(words)}


def cites(text: str, draft: Draft) -> bool:
    """Whether a cue passes on another's words («со ссылкой на»)."""
    return draft.lemma == "citing" or "citing_cues" in _cue_classes(text, draft)


def accords(text: str, draft: Draft) -> bool:
    """Whether a cue gives words as somebody's («со слов»): beside a verb it passes on what they say."""
    return "according_cues" in _cue_classes(text, draft)


@dataclass(slots=True)
class _Speaker:
    attribution_id: str
    source: Source
    line: int
    words: frozenset[str]
    draft: Draft


def said_by(text: str, spans: Spans) -> str:
    """The words of a source."""
    return " ".join(span.of(text) for span in spans)


def _folded(words: str, language: str) -> frozenset[str]:
    tokens = (token.strip("«»“”\"',.*_") for token in words.split())
    return frozenset(fold(lemma(token, language)) for token in tokens if token) - {"the", "a", ""}


@dataclass(slots=True)
class Speakers:
    """Who has spoken in a document so far; drafts are resolved in the order of the text."""

    document: Document
    ids: Mapping[int, str]
    sources: dict[str, Source] = field(default_factory=dict)
    spoken: list[_Speaker] = field(default_factory=list)

    def resolve(self, line: Line, draft: Draft) -> tuple[Source, str | None]:
        """The source of a draft and, if it only points at another, that attribution's id."""
        own = self.ids[id(draft)]
        source, antecedent = self._resolved(line, draft)
        if antecedent == own:
            antecedent = None
        self.sources[own] = source
        if source.kind != SourceKind.AUTHOR and (draft.source or antecedent):
            said = said_by(self.document.text, draft.source)
            folded = _folded(said, draft.language)
            self.spoken.append(_Speaker(own, source, draft.line, folded, draft))
        return source, antecedent

    def _resolved(self, line: Line, draft: Draft) -> tuple[Source, str | None]:
        words = said_by(self.document.text, draft.source)
        if draft.implied == SourceKind.AUTHOR:
            return author_source(self.document), None
        if not words and draft.implied in {"before", ""}:
            return self._unsaid(draft)
        pronoun = _pronoun(words, line.lexicon)
        if pronoun == "first":
            return self._first(draft)
        if pronoun == "place":
            return Source(SourceKind.ORGANISATION, "not named", f"{SourceKind.ORGANISATION}:"), None
        if pronoun or draft.implied == "before":
            return self._meant(pronoun, line, draft)
        if not words:
            return _unresolved(SourceKind(draft.implied or SourceKind.ANONYMOUS)), None
        return self._named(words, line, draft)

    def _first(self, draft: Draft) -> tuple[Source, str | None]:
        outer = self.ids.get(id(draft.parent)) if draft.parent is not None else None
        if outer is not None and outer in self.sources:
            return self.sources[outer], outer
        return author_source(self.document), None

    # --- no source -----------------------------------------------------------------------------------

    def _unsaid(self, draft: Draft) -> tuple[Source, str | None]:
        """Who speaks where no source stands: the writer, people at large, somebody hidden, who spoke last."""
        text = self.document.text
        if not draft.cue or draft.language == "en":
            return self._before(draft)
        classes = _cue_classes(text, draft)
        form = _form(text, draft)
        if form == "first" or "author_cues" in classes:
            return self._first(draft)
        if "rumour_cues" in classes or ("crowd_cues" in classes and form != "singular"):
            return _unresolved(SourceKind.CROWD), None
        if form == "singular" or "going_on" in classes or (form == "plural" and self._in_line(draft)):
            return self._before(draft)
        return _unresolved(SourceKind.ANONYMOUS), None

    def _in_line(self, draft: Draft) -> bool:
        return any(s.line == draft.line for s in self.spoken)

    def _before(self, draft: Draft) -> tuple[Source, str | None]:
        near = self._near(draft)
        if near:
            return near[-1].source, near[-1].attribution_id
        return _unresolved(SourceKind.ANONYMOUS), None

    # --- pronouns ------------------------------------------------------------------------------------

    def _near(self, draft: Draft) -> list[_Speaker]:
        return [s for s in self.spoken if draft.line - s.line <= _FAR]

    def _meant(self, pronoun: str, line: Line, draft: Draft) -> tuple[Source, str | None]:
        near = self._near(draft)
        if draft.language != "en":
            near = [s for s in near if not _outer(s.draft, draft)]
        found = _antecedent(pronoun, draft.language, near)
        if pronoun == "thing" and (subject := _organised_subject(line, draft)) is not None:
            return subject, None
        text = self.document.text
        words = normal(said_by(text, draft.source))
        on_paper = not draft.cue or "document_cues" in _cue_classes(text, draft)
        if draft.language != "en" and words in _LOCATIVE and on_paper:
            return _unresolved(SourceKind.DOCUMENT), None
        if pronoun == "relative" or (pronoun == "person" and found is None and draft.language != "en"):
            reach = 80 if pronoun == "relative" else _NEAR
            mentioned = _mentioned(text, draft.source[0].start, reach, line.lexicon, words)
            if mentioned is not None:
                return self._same_person(mentioned, draft)
        if found is not None:
            return found.source, found.attribution_id
        person = SourceKind.PERSON if pronoun == "person" and draft.language == "en" else SourceKind.ANONYMOUS
        crowd = pronoun == "plural" and draft.language != "en"
        return _unresolved(SourceKind.CROWD if crowd else person), None

    def _same_person(self, source: Source, draft: Draft) -> tuple[Source, str | None]:
        known = next((s for s in reversed(self._near(draft)) if s.source.key == source.key), None)
        return (known.source, known.attribution_id) if known else (source, None)

    # --- names ---------------------------------------------------------------------------------------

    def _named(self, words: str, line: Line, draft: Draft) -> tuple[Source, str | None]:
        found = describe(words, line.lexicon, draft.case or self._case(draft))
        if len(words.split()) == 1 and self._surname(words, found, line, draft):
            found = Source(SourceKind.PERSON, words, f"{SourceKind.PERSON}:{fold(words)}")
        if not draft.implied and found.kind in {SourceKind.OFFICIAL, SourceKind.ANONYMOUS, SourceKind.MEDIA}:
            meant = self._by_role(words, draft)
            if meant is not None:
                return meant.source, meant.attribution_id
            named = self._role_named(words, line, draft)
            if named is not None:
                return self._same_person(named, draft)
        if draft.implied:
            return _as(draft.implied, found), None
        if found.kind == SourceKind.CROWD and self._hides(draft):
            return _as(SourceKind.ANONYMOUS, found), None
        bare_name = found.kind == SourceKind.ORGANISATION and _QUOTED.match(words)
        if bare_name and "media_cues" in _cue_classes(self.document.text, draft):
            return _as(SourceKind.MEDIA, found), None
        return found, None

    def _case(self, draft: Draft) -> str:
        """The case a source stands in after its cue; empty if the cue does not say."""
        classes = _cue_classes(self.document.text, draft)
        if "according_cues" in classes:
            return "gent"
        cites_on = "citing_cues" in classes and said_by(self.document.text, draft.cue).lower().endswith(" на")
        return "accs" if cites_on else ""

    def _surname(self, words: str, found: Source, line: Line, draft: Draft) -> bool:
        """Whether one capitalised word is a surname the dictionary takes for something else («Багет»)."""
        unclear = {SourceKind.ORGANISATION, SourceKind.ANONYMOUS, SourceKind.CROWD}
        if draft.language == "en" or not words[:1].isupper() or found.kind not in unclear:
            return False
        return self._named_before(words, draft) or (found.unlisted and self._within_sentence(line, draft))

    def _hides(self, draft: Draft) -> bool:
        """Whether what follows a source says it wants no name («люди, близкие к дирекции»)."""
        end = draft.source[-1].end
        return _DESCRIBED.match(self.document.text, end) is not None

    def _within_sentence(self, line: Line, draft: Draft) -> bool:
        """Whether a capital stands where no sentence begins."""
        before = self.document.text[line.start : draft.source[0].start].rstrip(' «“„"*_')
        return bool(before) and before[-1] not in ".!?…:;—–-\n"

    def _by_role(self, words: str, draft: Draft) -> _Speaker | None:
        """«еврокомиссар» after «еврокомиссар Р.»: the person lately named with every word of this role."""
        role = _folded(words, draft.language)
        for speaker in reversed(self._near(draft)):
            if role and speaker.source.kind == SourceKind.PERSON and role < speaker.words:
                return speaker
        return None

    def _text_before(self, draft: Draft) -> str:
        at = draft.source[0].start
        return self.document.text[max(0, at - _LOOK_BACK) : at]

    def _role_named(self, words: str, line: Line, draft: Draft) -> Source | None:
        """«блогер» after «блогер Линус П.», who has not spoken himself."""
        if len(words.split()) != 1 or draft.language == "en":
            return None
        stem = re.escape(lemma(words, draft.language)[: max(4, len(words) - 3)])
        before = self._text_before(draft)
        found = None
        for match in re.finditer(rf"\b{stem}\w{{0,4}} {_NAME} {_NAME}", before):
            found = describe(match.group(), line.lexicon)
        return found if found is not None and found.kind == SourceKind.PERSON else None

    def _named_before(self, words: str, draft: Draft) -> bool:
        """Whether this one word has stood after a first name: «Северин Багет … Багет»."""
        stem = re.escape(words.strip("«»“”\"',.")[: max(3, len(words) - 2)])
        before = self._text_before(draft)
        return stem[:1].isupper() and re.search(rf"{_NAME} {stem}\w{{0,3}}\b", before) is not None


def _outer(outer: Draft, draft: Draft) -> bool:
    above = draft.parent
    for _ in range(20):
        if above is None or above is outer:
            return above is outer
        above = above.parent
    return False


def _as(kind: str, source: Source) -> Source:
    return Source(kind, source.label, f"{kind}:{source.key.partition(':')[2]}")


def _unresolved(kind: str) -> Source:
    """A pronoun nobody was found for: all such share the key of the nameless, for "he" is no one source."""
    return Source(kind, "not named", f"{kind}:")


def _form(text: str, draft: Draft) -> str:
    """``first``, ``singular``, ``plural`` or ``hidden`` (impersonal, no verb): the form of a cue."""
    tokens = [normal(word) for span in draft.cue for word in _WORD.findall(span.of(text))]
    if draft.language == "kk":
        last = tokens[-1] if tokens else ""
        if _FIRST["kk"].search(last):
            return "first"
        return "hidden" if _KAZAKH_PASSIVE.search(last) else "plural"
    for token in tokens:
        reading = parses(token, draft.language)[0]
        if reading.pos != "VERB":
            continue
        if token.endswith(("ся", "сь", "но", "то")) and reading.number != "plur":
            return "hidden"
        if reading.tense in {"pres", "futr"} and _FIRST[draft.language].search(token):
            return "first"
        return "plural" if reading.number == "plur" else "singular"
    gerund = any(
        parses(t, draft.language)[0].pos == "GRND" or t.endswith(("вши", "ючи", "ачи", "ячи")) for t in tokens
    )
    return "singular" if gerund else "hidden"


def _pronoun(words: str, lex: Lexicon) -> str:
    """What a source that only points at another points with; empty for one that names.

    ``person``, ``plural``, ``thing``, ``same`` or ``first``; besides in Russian, Ukrainian and Kazakh
    ``relative`` («который») and ``place`` («там»).
    """
    tokens = words.lower().split()
    if not tokens:
        return ""
    if any(phrase in " ".join(tokens[:3]) for phrase in lex.words("anaphors_same")) and len(tokens) <= 5:
        return "same"
    if len(tokens) > 2:
        return ""
    if tokens[0] in lex.words("first_person") and lex.language == "en":
        return "first"
    if lex.language != "en" and (own := _slavic_pronoun(tokens, lex)):
        return own
    for name in ("person", "plural", "thing"):
        if tokens[0] in lex.words(f"anaphors_{name}") and (
            len(tokens) == 1 or name == "plural" or lex.language == "kk"
        ):
            return name
    return ""


def _slavic_pronoun(tokens: Sequence[str], lex: Lexicon) -> str:
    """Pronouns that Russian, Ukrainian and Kazakh have beside those of the lists."""
    alone = len(tokens) == 1
    if tokens[0] in lex.words("first_person") and (alone or tokens[1].startswith(("сам", "өз"))):
        return "first"
    if alone and tokens[0] in _words(lex.language, "first"):
        return "first"
    if alone and tokens[0] in lex.words("relative"):
        return "relative"
    if tokens[0] in _words(lex.language, "place"):
        return "place"
    return "person" if alone and tokens[0] in _LOCATIVE else ""


def _antecedent(pronoun: str, language: str, near: Sequence[_Speaker]) -> _Speaker | None:
    if not near:
        return None
    wanted: frozenset[str]
    if pronoun == "person":
        wanted = frozenset(_PERSONS)
    elif pronoun == "thing":
        wanted = frozenset(_BODIES)
    elif pronoun in {"plural", "same"}:
        wanted = frozenset(str(kind) for kind in SourceKind) - {SourceKind.PERSON}
    else:
        return near[-1]
    found = next((s for s in reversed(near) if s.source.kind in wanted), None)
    if found is None and language != "en" and pronoun == "person":
        # Grammatical gender: «она» may be a newspaper.
        return next((s for s in reversed(near) if s.source.kind in _BODIES), None)
    return found


def _mentioned(text: str, before: int, reach: int, lex: Lexicon, pronoun: str) -> Source | None:
    """The last person named: whom a Russian or Ukrainian pronoun means if nobody who spoke fits."""
    if lex.language not in {"ru", "uk"}:
        return None
    low = max(0, before - reach)
    words = words_of(text[low:before], lex)
    gender = next((name for name, listed in _GENDERS.items() if pronoun in listed), "")
    for index in range(len(words) - 1, -1, -1):
        word = words[index]
        before_it = words[index - 1] if index else None
        named = before_it is not None and (word.name or before_it.name) and word.capital and before_it.capital
        if named and before_it is not None and word.start - before_it.end <= 1:
            run = name_run(words[: index + 1], lex)
            if run is not None:
                return describe(text[low + words[run[0]].start : low + words[run[1] - 1].end], lex)
        reading = parses(word.raw, lex.language)[0]
        agrees = not gender or reading.gender == gender
        one = reading.pos == "NOUN" and reading.animate and reading.number != "plur"
        if one and agrees and not word.name:
            return describe(word.raw, lex)
    return None


def _organised_subject(line: Line, draft: Draft) -> Source | None:
    """«it» after «Russia has …» in one sentence: the last organisation or country with a verb after it."""
    region, lex = line.regions[0], line.lexicon
    found = None
    for index in range(len(region) - 1):
        if draft.source and region.starts[index] >= draft.source[0].start:
            break
        named = region.words[index] in lex.words("countries") | lex.words("organisations")
        if named and region.words[index + 1] in lex.words("auxiliaries"):
            found = describe(region.raw(index), lex)
    return found
