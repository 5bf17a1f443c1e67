"""One sentence or text as the facts of a document, through the real stages."""

from __future__ import annotations

from datetime import UTC, datetime

from tocsin.extract.stage import extract_claims
from tocsin.judge.forecasts import Facts
from tocsin.judge.stage import facts_of
from tocsin.language.stage import segment_documents
from tocsin.model import Post, document_from_post, quote
from tocsin.model.arrow import table_of
from tocsin.model.tables import DOCUMENTS
from tocsin.resolve.stage import resolve_places, resolve_times

#: A Wednesday.
PUBLISHED = datetime(2026, 3, 11, 12, tzinfo=UTC)


def facts(text: str, published: datetime | None = PUBLISHED, channel: str = "The Kettle") -> Facts:
    """The facts of a text published by a channel."""
    document = document_from_post(
        Post(
            text=text,
            platform="telegram",
            channel=channel,
            channel_id=channel,
            native_id="1",
            published=published,
        )
    )
    documents = table_of([document], DOCUMENTS)
    sentences = segment_documents(documents)["sentences"]
    tables = dict(extract_claims(documents, sentences, {"extract.method": "rules"}))
    tables |= resolve_times(documents, sentences) | resolve_places(documents, sentences)
    (found,) = facts_of(documents, tables)
    return found


def words(own: Facts, spans: object) -> str:
    """The words of spans."""
    return quote(spans, own.document.text)  # type: ignore[arg-type]
