"""Systems that find warnings and blame: those of the pipeline, and what the kinds of claims alone give."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from tocsin.evaluate.scores.judging import Told, word_starts
from tocsin.judge.blame import blame_rows
from tocsin.judge.forecasts import forecasts_of
from tocsin.judge.window import last_moment

if TYPE_CHECKING:
    from tocsin.judge.forecasts import Facts
    from tocsin.model import Spans

__all__ = ["KindsAlone", "Ledger", "facts_in"]

#: Text, when it was published, language; the latter two None and empty where nothing states them.
Asked = tuple[str, datetime | None, str]


def facts_in(asked: Sequence[Asked], method: str) -> list[Facts]:
    """Each text as a document of its own, read as in a case; ``method`` is ``extract.method``.

    A language that is stated is taken for every sentence of the text.
    """
    import pyarrow as pa

    from tocsin.extract.stage import extract_claims
    from tocsin.judge.stage import facts_of
    from tocsin.language.stage import segment_documents
    from tocsin.model import Post, document_from_post
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import DOCUMENTS
    from tocsin.resolve.stage import resolve_places, resolve_times
    from tocsin.settings import Settings

    documents = [
        document_from_post(
            Post(text=text, platform="file", channel_id="own", native_id=str(n), published=published)
        )
        for n, (text, published, _) in enumerate(asked)
    ]
    stated = {d.document_id: language for d, (_, _, language) in zip(documents, asked, strict=True)}
    table = table_of(documents, DOCUMENTS)
    sentences = segment_documents(table)["sentences"]
    at = sentences.schema.get_field_index("language")
    columns = (sentences.column(name).to_pylist() for name in ("document_id", "language"))
    languages = [stated[document] or guessed for document, guessed in zip(*columns, strict=True)]
    sentences = sentences.set_column(at, sentences.schema.field(at), pa.array(languages, pa.string()))
    settings = dict(Settings.from_arguments([f"extract.method={method}"]))
    tables = dict(extract_claims(table, sentences, settings))
    tables |= resolve_times(table, sentences) | resolve_places(table, sentences)
    return list(facts_of(table, tables))


def _pairs(spans: Spans) -> list[tuple[int, int]]:
    return [(s.start, s.end) for s in spans]


def _sources(facts: Facts, claim_id: str) -> list[tuple[int, int]]:
    chain = next(c.chain for c in facts.claims if c.claim_id == claim_id)
    return [pair for key in chain for pair in _pairs(facts.attributions[key].source)]


def _warnings(facts: Facts) -> Iterable[Told]:
    text = facts.document.text
    for row in forecasts_of(facts):
        last = last_moment(row.due).date().isoformat() if row.due else None
        who = word_starts(text, _sources(facts, row.claim_id))
        yield Told(word_starts(text, _pairs(row.event)), who, "", last)


def _blames(facts: Facts) -> Iterable[Told]:
    text = facts.document.text
    for row in blame_rows(facts):
        spans = _sources(facts, row.claim_id)
        named = text.find(row.accuser_label)
        if named >= 0:
            spans.append((named, named + len(row.accuser_label)))
        yield Told(word_starts(text, _pairs(row.accused)), word_starts(text, spans), str(row.stance))


class Ledger:
    """What the tables ``forecasts`` and ``blame`` hold; ``method`` says who finds attributions."""

    def __init__(self, name: str, method: str) -> None:
        from tocsin.pipeline import STAGES

        self.name = name
        self._method = method
        versions = {stage.name: stage.version for stage in STAGES}
        self.version = ", ".join(f"{s} {versions[s]}" for s in ("extract", "times", "forecasts", "blame"))

    def forecasts(self, asked: Sequence[Asked]) -> list[list[Told]]:
        """The warnings of each text."""
        return [list(_warnings(facts)) for facts in facts_in(asked, self._method)]

    def blame(self, asked: Sequence[Asked]) -> list[list[Told]]:
        """The accusations and denials of each text."""
        return [list(_blames(facts)) for facts in facts_in(asked, self._method)]


class KindsAlone:
    """Whole contents of claims of kind forecast or blame: how far the kind of a claim leads."""

    name = "kinds"

    def __init__(self) -> None:
        self.version = "claims by the rules"

    def forecasts(self, asked: Sequence[Asked]) -> list[list[Told]]:
        """Contents that look ahead."""
        return self._contents(asked, "forecast", "")

    def blame(self, asked: Sequence[Asked]) -> list[list[Told]]:
        """Contents that blame; every stance is taken for an accusation."""
        return self._contents(asked, "blame", "accuse")

    @staticmethod
    def _contents(asked: Sequence[Asked], kind: str, stance: str) -> list[list[Told]]:
        return [
            [
                Told(word_starts(facts.document.text, _pairs(c.content)), frozenset(), stance)
                for c in facts.claims
                if c.kind == kind
            ]
            for facts in facts_in(asked, "rules")
        ]
