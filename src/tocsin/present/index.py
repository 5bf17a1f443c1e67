"""Column-wise access to the tables a brief needs.

The documents of a large case are tens of megabytes of text and its claims are hundreds of thousands: columns
are read once as plain lists, texts and full rows only for what is shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from tocsin.judge.entities import WhoIsWho, who_is_who
from tocsin.model import TABLES, Attribution, Claim, Judgement, QuantityMention, Sentence, Tables, TimeMention
from tocsin.model.arrow import rows_of

__all__ = ["Channel", "Index", "common_folder", "moments"]

#: A language with at least this share of a document, beside another, makes the document mixed.
_MIXED_SHARE = 0.15
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moments(column: Any) -> list[datetime | None]:
    """A timestamp column as UTC datetimes (through integers: zone look-up per row is ten times slower)."""
    values = pc.cast(pc.cast(column, pa.timestamp("us", tz="UTC")), pa.int64()).to_pylist()
    return [None if v is None else _EPOCH + timedelta(microseconds=v) for v in values]


def common_folder(files: Iterable[str]) -> str:
    """The leading folders that all files share, with the separator after them; empty if none.

    A brief is sent to others: it must not tell them where on somebody's disk the inputs lay.
    """
    folders = [file.partition("!")[0].replace("\\", "/").rpartition("/")[0] for file in sorted(set(files))]
    if not folders:
        return ""
    shared = folders[0].split("/")
    for folder in folders[1:]:
        parts = folder.split("/")
        same = 0
        while same < min(len(shared), len(parts)) and shared[same] == parts[same]:
            same += 1
        shared = shared[:same]
    return "/".join(shared) + "/" if shared and shared != [""] else ""


@dataclass(frozen=True, slots=True)
class Channel:
    """Who published: grouped by platform and platform id, else by display name. No name: unknown."""

    platform: str
    key: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class ClaimColumns:
    """The claims as parallel lists; ``document`` is a row number of the documents table.

    ``own``: nobody but the writer answers for it, either because there is no chain or because its only link
    is the writer in the first person ("in my opinion"). ``source_key`` is the entity that speaks, where the
    source is one, so that namesakes stay apart.
    """

    document: list[int]
    source_key: list[str]
    source_label: list[str]
    source_kind: list[str]
    kind: list[str]
    certainty: list[str]
    score: list[float]
    depth: list[int]
    own: list[bool]
    hedged: list[bool]

    def __len__(self) -> int:
        return len(self.document)


class Index:
    """The tables of one case, read lazily. Row numbers follow the tables' canonical order."""

    def __init__(self, tables: Tables, files: Iterable[str] = (), log: Iterable[Judgement] = ()) -> None:
        self._tables = tables
        self._log = tuple(log)
        self._files = tuple(files)
        self._last_text: tuple[int, str] | None = None

    @cached_property
    def documents(self) -> Any:
        return self._tables.table("documents")

    @cached_property
    def document_ids(self) -> list[str]:
        return self.strings("document_id")

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {identifier: row for row, identifier in enumerate(self.document_ids)}

    @cached_property
    def published(self) -> list[datetime | None]:
        return moments(self.documents.column("published"))

    def strings(self, column: str) -> list[Any]:
        """A column of the documents table as a list."""
        values: list[Any] = self.documents.column(column).to_pylist()
        return values

    @cached_property
    def forwarded_from(self) -> list[str | None]:
        return self.strings("forwarded_from")

    @cached_property
    def channels(self) -> list[Channel]:
        """The channel of each document; one object per channel, named by its most frequent name."""
        platforms, names = self.strings("platform"), self.strings("channel")
        keys = [i or n or None for i, n in zip(self.strings("channel_id"), names, strict=True)]
        seen: dict[tuple[str, str | None], Counter[str]] = {}
        for platform, key, name in zip(platforms, keys, names, strict=True):
            tally = seen.setdefault((platform, key), Counter())
            if name:
                tally[name] += 1
        made = {}
        for (platform, key), tally in seen.items():
            best = min(tally, key=lambda n: (-tally[n], n)) if tally else key
            made[platform, key] = Channel(platform, key, best)
        return [made[platform, key] for platform, key in zip(platforms, keys, strict=True)]

    @cached_property
    def _languages(self) -> tuple[dict[int, str], int]:
        names = ("document_id", "language", "rank", "share")
        table = self._tables.table("document_languages", names)
        columns = [table.column(name).to_pylist() for name in names]
        main: dict[int, str] = {}
        mixed: set[int] = set()
        for identifier, language, rank, share in zip(*columns, strict=True):
            row = self.row_of[identifier]
            if rank == 0:
                main[row] = language
            elif share >= _MIXED_SHARE and language != "und":
                mixed.add(row)
        return main, len(mixed)

    @property
    def languages(self) -> dict[int, str]:
        """The language with most characters of each document that has one, by row."""
        return self._languages[0]

    @property
    def mixed_documents(self) -> int:
        """How many documents have a sizeable part in another language."""
        return self._languages[1]

    @cached_property
    def _folder(self) -> str:
        files = set(self._files)
        for name in ("sightings", "problems"):
            files.update(pc.unique(self._tables.table(name, ("file",)).column("file")).to_pylist())
        return common_folder(files)

    def short(self, file: str) -> str:
        """A file's name without the folders that all input files share."""
        return file[len(self._folder) :] or file

    def text(self, row: int) -> str:
        """The text of one document. Only the last is kept: all of a large case would not fit."""
        if self._last_text is None or self._last_text[0] != row:
            self._last_text = (row, self.documents.column("text")[row].as_py())
        return self._last_text[1]

    def document(self, row: int) -> Any:
        """One document with all its columns, as a row object."""
        return next(rows_of(self.documents.slice(row, 1), TABLES["documents"]))

    def table(self, name: str, columns: Sequence[str] | None = None) -> Any:
        """A declared table, or some columns of it."""
        return self._tables.table(name, columns)

    def select(self, name: str, column: str, values: Iterable[str]) -> Any:
        """The rows of a declared table whose column is one of some values."""
        return self._tables.select(name, column, values)

    @cached_property
    def who(self) -> WhoIsWho:
        """Persons, organisations and outlets, with the analysts' merges and splits."""
        return who_is_who(rows_of(self._tables.table("entities"), TABLES["entities"]), self._log)

    @cached_property
    def entity_of_source(self) -> dict[str, str]:
        """The entity that is the source of an attribution, by attribution id; only of those that have one."""
        names = ("attribution_id", "document_entity_id")
        table = self._tables.table("entity_mentions", names)
        columns = [table.column(name).to_pylist() for name in names]
        entity_of = self.who.entity_of
        return {
            attribution: entity_of[own]
            for attribution, own in zip(*columns, strict=True)
            if attribution is not None and own in entity_of
        }

    @cached_property
    def claim_table(self) -> Any:
        return self._tables.table("claims")

    @cached_property
    def claims(self) -> ClaimColumns:
        table = self.claim_table
        rows = self.row_of
        depths = pc.list_value_length(table.column("chain")).to_pylist()
        kinds = table.column("source_kind").to_pylist()
        writers = [depth == 1 and kind == "author" for depth, kind in zip(depths, kinds, strict=True)]
        return ClaimColumns(
            document=[rows[d] for d in table.column("document_id").to_pylist()],
            source_key=[
                self.entity_of_source.get(chain[-1], key) if chain else key
                for chain, key in zip(
                    table.column("chain").to_pylist(), table.column("source_key").to_pylist(), strict=True
                )
            ],
            source_label=table.column("source_label").to_pylist(),
            source_kind=kinds,
            kind=table.column("kind").to_pylist(),
            certainty=table.column("certainty").to_pylist(),
            score=table.column("score").to_pylist(),
            depth=depths,
            own=[depth == 0 or writer for depth, writer in zip(depths, writers, strict=True)],
            hedged=[bool(n) for n in pc.list_value_length(table.column("hedges")).to_pylist()],
        )

    @cached_property
    def contents(self) -> list[list[tuple[int, int]]]:
        """The (start, end) pairs of each claim's content."""
        column = self.claim_table.column("content")
        flat = pc.list_flatten(column)
        starts = pc.struct_field(flat, "start").to_pylist()
        ends = pc.struct_field(flat, "end").to_pylist()
        pairs = list(zip(starts, ends, strict=True))
        found, position = [], 0
        for length in pc.list_value_length(column).to_pylist():
            found.append(pairs[position : position + length])
            position += length
        return found

    def claim_rows(self, numbers: Sequence[int]) -> list[Claim]:
        """Whole claims by row number, in the order asked for."""
        taken = self.claim_table.take(pa.array(list(numbers), type=pa.int64()))
        return list(rows_of(taken, TABLES["claims"]))

    def attributions(self, identifiers: Iterable[str]) -> dict[str, Attribution]:
        """The named attributions by id."""
        table = self._tables.select("attributions", "attribution_id", identifiers)
        return {row.attribution_id: row for row in rows_of(table, TABLES["attributions"])}

    def sentences(self, rows: Iterable[int]) -> dict[tuple[int, int], Sentence]:
        """The sentences of some documents by (document row, ordinal)."""
        ids = [self.document_ids[row] for row in set(rows)]
        table = self._tables.select("sentences", "document_id", ids)
        found = rows_of(table, TABLES["sentences"])
        return {(self.row_of[row.document_id], row.ordinal): row for row in found}

    def times(self, rows: Iterable[int]) -> dict[int, list[TimeMention]]:
        """The time mentions of some documents, by document row."""
        ids = [self.document_ids[row] for row in set(rows)]
        table = self._tables.select("times", "document_id", ids)
        found: dict[int, list[TimeMention]] = {}
        for mention in rows_of(table, TABLES["times"]):
            found.setdefault(self.row_of[mention.document_id], []).append(mention)
        return found

    def quantities(self, rows: Iterable[int]) -> dict[int, list[QuantityMention]]:
        """The quantities of some documents, by document row."""
        ids = [self.document_ids[row] for row in set(rows)]
        table = self._tables.select("quantities", "document_id", ids)
        found: dict[int, list[QuantityMention]] = {}
        for mention in rows_of(table, TABLES["quantities"]):
            found.setdefault(self.row_of[mention.document_id], []).append(mention)
        return found

    def time_spans(self) -> dict[int, list[tuple[int, int]]]:
        """Where each document mentions a time, by document row; the cheap version of ``times``."""
        names = ("document_id", "start", "end")
        table = self._tables.table("times", names)
        columns = [table.column(name).to_pylist() for name in names]
        found: dict[int, list[tuple[int, int]]] = {}
        for identifier, start, end in zip(*columns, strict=True):
            found.setdefault(self.row_of[identifier], []).append((start, end))
        return found

    def sightings(self, rows: Iterable[int]) -> dict[int, tuple[str, str]]:
        """The first (file, position) at which each of some documents was seen."""
        ids = [self.document_ids[row] for row in set(rows)]
        table = self._tables.select("sightings", "document_id", ids)
        columns = [table.column(name).to_pylist() for name in ("document_id", "file", "position")]
        found: dict[int, tuple[str, str]] = {}
        for identifier, file, position in zip(*columns, strict=True):
            row = self.row_of[identifier]
            found[row] = min(found.get(row, (file, position)), (file, position))
        return found
