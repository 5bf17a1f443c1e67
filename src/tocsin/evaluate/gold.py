"""Annotations of each task: what a record says, checked; ``docs/evaluate.md`` shows every form.

One function per task turns a record of ``raw`` into an item. It raises RecordInputError where the record is
not what its format promises; the caller lists that and goes on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from tocsin.errors import MissingTextError
from tocsin.evaluate.fields import (
    document_of,
    fault,
    key_of,
    list_of,
    number_of,
    records_of,
    span_of,
    spans_of,
    strings_of,
    text_of,
    whole,
)
from tocsin.evaluate.raw import Raw
from tocsin.evaluate.scores.attribution import ROLES, Roles
from tocsin.evaluate.scores.names import chunks

__all__ = [
    "CERTAINTY_SCALE",
    "Attributed",
    "Certain",
    "Form",
    "Header",
    "Item",
    "Named",
    "Parallel",
    "Persuasive",
    "Typed",
    "Worthy",
    "attributed",
    "certain",
    "header_of",
    "named",
    "parallel",
    "persuasive",
    "roles_of",
    "typed_of",
    "worthy",
]

Span = tuple[int, int]
#: Start, end, type.
Typed = tuple[int, int, str]
#: The three ways certainty is annotated.
Form = Literal["events", "sentence", "hedge"]

#: Certainty of an event runs from surely not to surely so.
CERTAINTY_SCALE: Final = (-3.0, 3.0)
_SENTENCE: Final = "sentence-level-certainty"


@dataclass(frozen=True, slots=True)
class Header:
    """Where a record stands and what it is of.

    ``key`` is its own id; ``document`` the text it was taken from, drawn as one by the bootstrap, and
    ``stated`` says whether the record names it (otherwise each record is one).
    """

    ordinal: int
    position: str
    key: str | None
    document: str
    stated: bool


@dataclass(frozen=True, slots=True)
class Item:
    """What all annotations share. ``notes`` are faults the record was used in spite of."""

    header: Header
    text: str
    notes: tuple[str, ...] = field(default=(), kw_only=True)


@dataclass(frozen=True, slots=True)
class Attributed(Item):
    """A text and who says what in it."""

    attributions: tuple[Roles, ...]


@dataclass(frozen=True, slots=True)
class Named(Item):
    """A text and its names. ``tokens`` are spans of the tokens, where the file gives tokens."""

    entities: tuple[Typed, ...]
    tokens: tuple[Span, ...] | None = None


@dataclass(frozen=True, slots=True)
class Certain(Item):
    """A text and how sure it is of the events at ``spans`` (characters); ``own`` are the file's own spans."""

    form: Form
    spans: tuple[Span, ...]
    own: tuple[Span, ...]
    labels: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Worthy(Item):
    """A sentence and whether it is worth checking."""

    positive: bool


@dataclass(frozen=True, slots=True)
class Persuasive(Item):
    """A text, the techniques in it, and the words that carry them (None where the file marks none)."""

    techniques: tuple[str, ...]
    spans: tuple[Span, ...] | None


@dataclass(frozen=True, slots=True)
class Parallel(Item):
    """One sentence in several languages, by code; ``text`` is the first of them."""

    sentences: Mapping[str, str]


def header_of(raw: Raw) -> Header:
    """Where a record stands and what it is of."""
    document = document_of(raw.value)
    return Header(
        raw.ordinal, raw.position, key_of(raw.value), document or f"#{raw.ordinal}", document is not None
    )


def roles_of(value: Mapping[str, Any], text: str) -> tuple[Roles, ...]:
    """``attributions`` of a record: spans of source, cue and content each; any of them may be left out."""
    return tuple(
        Roles(*(spans_of(entry.get(role), f"attributions[{at}].{role}", len(text)) for role in ROLES))
        for at, entry in enumerate(records_of(value, "attributions"))
    )


def attributed(raw: Raw) -> Attributed:
    """``{"doc_id", "text", "attributions": [{"source", "cue", "content"}]}``."""
    text = text_of(raw.value, "text")
    return Attributed(header_of(raw), text, roles_of(raw.value, text))


def _token_spans(tokens: Sequence[str]) -> tuple[Span, ...]:
    found = []
    at = 0
    for token in tokens:
        found.append((at, at + len(token)))
        at += len(token) + 1
    return tuple(found)


def _tagged(value: Mapping[str, Any], tokens: tuple[Span, ...]) -> tuple[Typed, ...]:
    """Names from the tags of tokens, as characters."""
    tags = strings_of(value, "tags")
    if len(tags) != len(tokens):
        raise fault(f"{len(tokens)} tokens, but {len(tags)} tags")
    try:
        found = chunks(tags)
    except ValueError as error:
        raise fault(str(error)) from None
    return tuple((tokens[first][0], tokens[last - 1][1], kind) for first, last, kind in found)


def typed_of(value: Mapping[str, Any], length: int, tokens: tuple[Span, ...] | None) -> tuple[Typed, ...]:
    """``tags`` beside tokens, or ``entities``: [start, end, type, …], what follows the type is ignored."""
    if tokens is not None and "tags" in value:
        return _tagged(value, tokens)
    if value.get("entities") is None:
        raise fault("it has no entities" if tokens is None else "it has no tags")
    found = []
    for at, entry in enumerate(list_of(value, "entities")):
        name = f"entities[{at}]"
        if not isinstance(entry, list | tuple) or len(entry) < 3 or not isinstance(entry[2], str):
            raise fault(f"{name} is not [start, end, type]")
        if not entry[2].strip():
            raise fault(f"{name} has no type")
        found.append((*span_of(entry[:2], name, length), entry[2]))
    return tuple(found)


def named(raw: Raw) -> Named:
    """``{"tokens", "tags"}``, or ``{"doc_id", "text", "entities": [[start, end, type]]}``.

    Tokens are joined by single spaces: that is the text a system reads, and offsets are of it.
    """
    if "tokens" not in raw.value:
        text = text_of(raw.value, "text")
        return Named(header_of(raw), text, typed_of(raw.value, len(text), None))
    words = strings_of(raw.value, "tokens")
    if not any(word.strip() for word in words):
        raise MissingTextError("tokens is empty", remedy="Leave the record out; the rest was read")
    tokens, text = _token_spans(words), " ".join(words)
    return Named(header_of(raw), text, typed_of(raw.value, len(text), tokens), tokens)


def _form(value: Mapping[str, Any]) -> Form:
    if "targets" in value:
        return "events"
    if _SENTENCE in value:
        return "sentence"
    if "uncertain" in value:
        return "hedge"
    raise fault(f"it has no targets, no {_SENTENCE} and no uncertain")


def certain(raw: Raw) -> Certain:
    """Events, a whole sentence on a scale, or a sentence hedged or not.

    ``{"text", "targets": [{"span1": [first, past the last], "label"}]}``: words between single spaces, label
    from -3 to 3;
    ``{"finding", "sentence-level-certainty"}``: any scale, more is surer; ``{"text", "uncertain": 0 or 1}``.
    """
    form = _form(raw.value)
    if form == "events":
        return _events(raw)
    text = text_of(raw.value, "text", "finding")
    if form == "sentence":
        label = number_of(raw.value[_SENTENCE], _SENTENCE)
    else:
        label = number_of(raw.value["uncertain"], "uncertain")
        if label not in {0.0, 1.0}:
            raise fault("uncertain is neither 0 nor 1")
    return Certain(header_of(raw), text, form, ((0, len(text)),), ((0, 1),), (label,))


def _events(raw: Raw) -> Certain:
    text = text_of(raw.value, "text")
    # Words are what lies between spaces; two spaces in a row have an empty word between them.
    words = _token_spans(text.split(" "))
    own, labels = [], []
    low, high = CERTAINTY_SCALE
    for at, target in enumerate(records_of(raw.value, "targets")):
        name = f"targets[{at}]"
        first, last = span_of(target.get("span1"), f"{name}.span1", len(words))
        if first == last:
            raise fault(f"{name}.span1 holds no word")
        label = number_of(target.get("label"), f"{name}.label")
        if not low <= label <= high:
            raise fault(f"{name}.label {label:g} is not from {low:g} to {high:g}")
        quoted = text[words[first][0] : words[last - 1][1]]
        if target.get("span_text") not in {None, quoted}:
            raise fault(f"{name}: span_text is not what stands at span1, {quoted[:40]!r}")
        own.append((first, last))
        labels.append(label)
    spans = tuple((words[first][0], words[last - 1][1]) for first, last in own)
    return Certain(header_of(raw), text, "events", spans, tuple(own), tuple(labels))


def worthy(raw: Raw) -> Worthy:
    """``{"text", "verdict": 1, 0 or -1}`` (only 1 is worth it) or ``{"text", "label": 1 or 0}``."""
    text = text_of(raw.value, "text")
    for name, allowed in (("verdict", {1.0, 0.0, -1.0}), ("label", {1.0, 0.0})):
        if raw.value.get(name) is not None:
            number = number_of(raw.value[name], name)
            if number not in allowed:
                raise fault(f"{name} {number:g} is none of {', '.join(f'{n:g}' for n in sorted(allowed))}")
            return Worthy(header_of(raw), text, number == 1)
    raise fault("it has no verdict and no label")


def persuasive(raw: Raw) -> Persuasive:
    """``{"content", "techniques": [name], "trigger_words": [[start, end]]}``; null is none.

    Without the field ``trigger_words`` spans are not scored. A span that begins in the text and ends beyond
    it is cut there and noted: published files count some characters twice.
    """
    text = text_of(raw.value, "content", "text")
    if "techniques" not in raw.value:
        raise fault("it has no techniques")
    techniques = tuple(strings_of(raw.value, "techniques"))
    if "trigger_words" not in raw.value:
        return Persuasive(header_of(raw), text, techniques, None)
    spans, notes = [], []
    for start, end in spans_of(list_of(raw.value, "trigger_words"), "trigger_words"):
        if start > len(text):
            raise fault(f"trigger_words: the span [{start}, {end}] begins beyond the end, {len(text)}")
        if end > len(text):
            notes.append(f"trigger_words: the span [{start}, {end}] was cut at the end, {len(text)}")
        spans.append((start, min(end, len(text))))
    return Persuasive(header_of(raw), text, techniques, tuple(spans), notes=tuple(notes))


@cache
def _languages() -> frozenset[str]:
    """Language codes of CLDR; ``id`` is left out, where it would be taken for the record's own."""
    from babel import Locale

    return frozenset(Locale("en").languages) - {"id"}


def parallel(raw: Raw) -> Parallel:
    """``{"doc", "en": sentence, "uk": sentence, …}``: every field named by a language code is a sentence.

    A code may go on after a hyphen or underline (``sr-Latn``).
    """
    found: dict[str, str] = {}
    for name, value in raw.value.items():
        if re.split("[-_]", name)[0] not in _languages() or value is None:
            continue
        if not isinstance(value, str):
            raise fault(f"{name} is no text")
        if value.strip():
            found[name] = whole(value, name)
    if len(found) < 2:
        raise fault("it has no sentence in two languages")
    return Parallel(header_of(raw), next(iter(found.values())), found)
