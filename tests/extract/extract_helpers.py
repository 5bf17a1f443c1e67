"""Small ways to read attributions and claims in tests. All people, places of work and events are invented."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.extract import RuleExtractor, claims_of
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
