"""Texts with their times in brackets, as people write them: ``The fair opened [yesterday|2024-05-15].``

``[words|value]`` or ``[words|value|bounds]``: the words of a time, its TIMEX3 value, and which of since,
until, before, after the sentence says of it. A YAML file is a list of groups: ``on``, when the texts were
published (ISO 8601, UTC), ``texts``, each a document of its own, and ``lang``, if all are of one language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

from tocsin.errors import MalformedRecordError
from tocsin.evaluate.fields import fault
from tocsin.evaluate.scores.times import BOUNDS

__all__ = ["bracketed_groups", "record_of"]

_MARK: Final = re.compile(r"\[([^\[\]|]+)\|([^\[\]|]+)(?:\|([^\[\]|]+))?\]")
_REMEDY: Final = "Correct it as docs/evaluate.md shows; the rest was read"


def record_of(marked: str, name: str, on: str) -> dict[str, Any]:
    """``{"id", "dct", "text", "timex"}`` of a text with brackets.

    Raises MalformedRecordError where the notation is not kept.
    """
    text, at, found = "", 0, []
    for mark in _MARK.finditer(marked):
        words, value, listed = mark.groups()
        bounds = [] if listed is None else listed.split(", ")
        if not set(bounds) <= set(BOUNDS):
            raise fault(f"{name}: {listed!r} names no bounds; write some of {', '.join(BOUNDS)}")
        text += marked[at : mark.start()]
        start = len(text)
        found.append(
            {"start": start, "end": start + len(words), "text": words, "value": value, "bounds": bounds}
        )
        text += words
        at = mark.end()
    text += marked[at:]
    if set(text) & set("[]|"):
        raise fault(f"{name}: a bracket or bar is left over; mark times as [words|value|bounds]")
    return {"id": name, "dct": on, "text": text, "timex": found}


def bracketed_groups(data: str, stem: str) -> Iterator[dict[str, Any] | MalformedRecordError]:
    """Records of a YAML file in order, named ``STEM-001`` and so on; in place of a faulty one its error.

    Raises MalformedRecordError where the file as a whole is no list of groups.
    """
    import yaml

    try:
        groups = yaml.load(data, Loader=yaml.BaseLoader)  # noqa: S506 - every scalar stays text
    except yaml.YAMLError as error:
        cause = f"invalid YAML: {str(error).splitlines()[0][:200]}"
        raise MalformedRecordError(cause, remedy=_REMEDY) from None
    if not isinstance(groups, list) or not all(isinstance(group, dict) for group in groups):
        raise MalformedRecordError("it is no list of groups with on and texts", remedy=_REMEDY)
    number = 0
    for group in groups:
        on, texts = group.get("on"), group.get("texts")
        language = {"lang": group["lang"]} if isinstance(group.get("lang"), str) else {}
        if not isinstance(texts, list):
            yield fault("a group has no texts")
            continue
        for marked in texts:
            number += 1
            name = f"{stem}-{number:03d}"
            try:
                yield _record(marked, name, on) | language
            except MalformedRecordError as error:
                yield error


def _record(marked: object, name: str, on: object) -> dict[str, Any]:
    if not isinstance(marked, str):
        raise fault(f"{name} is no text")
    if not isinstance(on, str) or not _is_date(on):
        raise fault(f"{name}: {on!r} is no date and time; correct it")
    return record_of(marked, name, on)


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
