"""Small ways to read attributions and claims in tests. All people, places of work and events are invented."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from tocsin.extract import Reading, RuleExtractor, claims_of, readings_of
from tocsin.extract.chains import attributions_of, nest
from tocsin.extract.drafts import Draft, make_draft
from tocsin.extract.rules import lines_of
from tocsin.language.stage import segment_text
from tocsin.model import Attribution, Claim, Post, Spans, document_from_post


@dataclass(frozen=True)
class Found:
    """An attribution in words."""

    source: str
    cue: str
    content: str
    kind: str
    label: str
    parent: int | None
    antecedent: int | None


def words_of(spans: Spans, text: str) -> str:
    return " | ".join(span.of(text) for span in spans)


def extract(text: str, channel: str | None = None) -> list[Attribution]:
    document = document_from_post(Post(text=text, platform="file", channel=channel))
    return RuleExtractor().extract(document, segment_text(document.document_id, text))


def read(text: str, channel: str | None = None) -> list[Found]:
    rows = extract(text, channel)
    place = {row.attribution_id: number for number, row in enumerate(rows)}
    return [
        Found(
            words_of(row.source, text),
            words_of(row.cue, text),
            words_of(row.content, text),
            row.source_kind,
            row.source_label,
            place[row.parent_id] if row.parent_id else None,
            place[row.antecedent_id] if row.antecedent_id else None,
        )
        for row in rows
    ]


def claims(text: str, channel: str | None = None) -> list[Claim]:
    document = document_from_post(Post(text=text, platform="file", channel=channel))
    sentences = segment_text(document.document_id, text)
    rows = RuleExtractor().extract(document, sentences)
    return claims_of(document, sentences, rows, RuleExtractor.method)


_MARK = re.compile(r"\[(\d?)([SQC]):|\]")


def marked(text: str) -> tuple[str, dict[str, dict[str, list[tuple[int, int]]]]]:
    """The plain text and the ranges of each attribution marked ``[S:source] [Q:cue] [C:content]``.

    Several are numbered. Marks may nest: «[1C:по данным [2S:порта], …]».
    """
    plain, open_marks, at = "", [], 0
    found: dict[str, dict[str, list[tuple[int, int]]]] = {}
    for match in _MARK.finditer(text):
        plain += text[at : match.start()]
        at = match.end()
        if match.group() == "]":
            number, role, start = open_marks.pop()
            found.setdefault(number, {"S": [], "Q": [], "C": []})[role].append((start, len(plain)))
        else:
            open_marks.append((match[1], match[2], len(plain)))
    return plain + text[at:], found


def given(text: str, language: str) -> tuple[str, list[Attribution], dict[str, Reading]]:
    """The plain text, and what is made of spans marked in it, whoever found them."""
    plain, roles = marked(text)
    document = document_from_post(Post(text=plain, platform="file"))
    sentences = [replace(s, language=language) for s in segment_text(document.document_id, plain)]
    lines = lines_of(plain, sentences)
    drafts: list[Draft] = []
    for own in roles.values():
        at = (own["Q"] or own["S"] or own["C"])[0][0]
        line = max((one for one in lines if one.start <= at), key=lambda one: one.start)
        draft = make_draft(plain, line, (own["S"], own["Q"], own["C"]), "given", 1.0)
        assert draft is not None
        draft.implied = "" if draft.source else "before"
        drafts.append(draft)
    drafts.sort(key=lambda d: ((d.cue or d.source or d.content)[0], d.content))
    rows = attributions_of(document, lines, nest(plain, drafts), "given")
    return plain, rows, readings_of(document, sentences, rows)
