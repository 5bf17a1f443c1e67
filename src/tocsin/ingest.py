"""From files to segments of ``documents``: the first step of the pipeline.

Posts are collected into batches; a batch is one atomic change of the case. A file counts as read only in
the change that holds its last record, so a crash costs at most one batch of work and reading the file
again finds the rest without making anything twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tocsin.collecting import seldom_collecting
from tocsin.errors import FileInputError, InputError
from tocsin.model.arrow import table_of
from tocsin.model.documents import Document, Problem, Sighting, document_from_post
from tocsin.model.ids import make_id
from tocsin.model.tables import TABLES
from tocsin.read import (
    Fault,
    Found,
    InputFile,
    Opened,
    Progress,
    ReadOptions,
    Skipped,
    discover,
    file_digest,
    read_file,
)
from tocsin.settings import Settings
from tocsin.store import CaseStore, Change, InputRecord, Segment

__all__ = ["ReadReport", "Watcher", "add_inputs", "problem_of"]

#: The first batches are small, later ones a part of what is there, up to the setting: batches are what worker
#: processes share, and one export of a thousand posts must keep every core at work.
_FIRST_BATCH, _GROWTH = 200, 4
#: Documents longer than this together make a batch full, whatever their number (code points).
_BATCH_CHARACTERS = 8_000_000

_KEYS = {"documents": "document_id", "sightings": "sighting_id", "problems": "problem_id"}


class Watcher(Protocol):
    """Told how reading goes; every method may be a no-op."""

    def total(self, size: int) -> None:
        """The bytes of all input files together."""

    def file(self, file: str) -> None:
        """A file is begun."""

    def bytes(self, count: int) -> None:
        """That many more bytes of input are done."""

    def documents(self, count: int) -> None:
        """That many more posts were found."""


@dataclass(slots=True)
class ReadReport:
    """What one call of ``add_inputs`` did.

    ``found`` counts posts in the files read now, ``added`` those that were new to the case;
    ``unchanged`` counts files that had been read before. ``problems`` and ``skipped`` cover every given
    file, those read before included.
    """

    files: list[str] = field(default_factory=list)
    unchanged: int = 0
    found: int = 0
    added: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    problems: int = 0


def problem_of(error: InputError, file_digest: str, kept: bool) -> Problem:
    """A row of ``problems`` for an input error."""
    return Problem(
        problem_id=make_id("problem", error.file, file_digest, error.position, error.code),
        file=error.file,
        file_digest=file_digest,
        position=error.position,
        code=error.code,
        cause=error.cause,
        remedy=error.remedy,
        kept=kept,
    )


class _Batch:
    """Rows waiting to be committed together."""

    def __init__(self, store: CaseStore, run: int, limit: int) -> None:
        self._store = store
        self._run = run
        self._limit = limit
        self._characters = 0
        self.added = 0
        self._clear()

    def _clear(self) -> None:
        self._documents: list[Document] = []
        self._sightings: list[Sighting] = []
        self._problems: list[Problem] = []
        self._inputs: list[InputRecord] = []
        self._characters = 0

    def document(self, document: Document, sighting: Sighting) -> None:
        self._documents.append(document)
        self._sightings.append(sighting)
        self._characters += len(document.text)
        enough = min(self._limit, max(_FIRST_BATCH, self.added // _GROWTH))
        if len(self._documents) >= enough or self._characters >= _BATCH_CHARACTERS:
            self.commit()

    def problem(self, problem: Problem) -> None:
        self._problems.append(problem)
        # A hostile file can be nothing but problems; they must not pile up in memory.
        if len(self._problems) >= 10 * self._limit:
            self.commit()

    def read_to_end(self, record: InputRecord) -> None:
        self._inputs.append(record)

    def commit(self) -> None:
        segments: list[Segment] = []
        known: dict[str, tuple[str, ...]] = {}
        rows: dict[str, Iterable[object]] = {
            "documents": self._documents,
            "sightings": self._sightings,
            "problems": self._problems,
        }
        for table, items in rows.items():
            data = table_of(items, TABLES[table])
            data = self._store.new_rows(table, _KEYS[table], data)
            if data.num_rows:
                # Canonical order inside a segment, so that its bytes do not depend on the order of reading.
                data = data.sort_by(_KEYS[table])
                segments.append(self._store.write(table, data))
                known[table] = tuple(data.column(_KEYS[table]).to_pylist())
        self.added += len(known.get("documents", ()))
        if segments or self._inputs:
            change = Change(add=tuple(segments), known=known, inputs=tuple(self._inputs))
            self._store.commit(change, self._run)
        self._clear()


def _options_digest(options: ReadOptions, settings: Settings) -> str:
    """Everything besides the bytes that decides what a file gives."""
    mapping = [text for item in sorted(options.mapping.items()) for text in item]
    date = options.date.isoformat() if options.date else None
    limits = settings.digest(name for name in settings if name.startswith("read."))
    return make_id("options", options.format, date, options.channel, limits, *mapping)


@seldom_collecting()
def add_inputs(
    store: CaseStore,
    run: int,
    inputs: Iterable[str | Path],
    options: ReadOptions,
    settings: Settings,
    watcher: Watcher,
) -> ReadReport:
    """Read ``inputs`` into the case; files read before with the same options are passed over.

    Raises NoInputError before anything is read when an input does not exist. Faults inside the inputs do
    not raise: they become rows of ``problems``.
    """
    report = ReadReport()
    batch = _Batch(store, run, settings.integer("read.batch_documents"))
    reading = _Reading(store, batch, report, watcher, options, settings)
    found = list(discover(inputs))
    watcher.total(sum(item.size for item in found if isinstance(item, InputFile)))
    for item in found:
        if isinstance(item, Fault):
            report.problems += 1
            batch.problem(problem_of(item.error, "", item.kept))
        else:
            reading.file(item)
    batch.commit()
    report.added = batch.added
    return report


@dataclass(slots=True)
class _Reading:
    """Reads one file after another into a batch."""

    _store: CaseStore
    _batch: _Batch
    _report: ReadReport
    _watcher: Watcher
    options: ReadOptions
    settings: Settings
    options_digest: str = field(init=False)

    def __post_init__(self) -> None:
        self.options_digest = _options_digest(self.options, self.settings)

    def file(self, item: InputFile) -> None:
        self._report.files.append(item.path)
        self._watcher.file(item.path)
        try:
            digest = file_digest(item)
        except FileInputError as error:
            self._report.problems += 1
            self._batch.problem(problem_of(error, "", False))
            return
        record = self._store.catalogue.find_input(item.path, digest, self.options_digest)
        if record is not None:
            self._report.unchanged += 1
            self._watcher.bytes(item.size)
        else:
            record = self._read(item, digest)
            self._report.found += record.documents
            self._batch.read_to_end(record)
        self._report.problems += record.problems
        self._report.skipped.update(record.skipped)

    def _read(self, item: InputFile, digest: str) -> InputRecord:
        documents = problems = done = 0
        skipped: Counter[str] = Counter()
        formats: set[str] = set()
        for event in read_file(item, self.options, self.settings):
            if isinstance(event, Found):
                documents += 1
                document = document_from_post(event.post)
                self._batch.document(document, _sighting(document, event, digest))
                self._watcher.documents(1)
            elif isinstance(event, Opened):
                formats.add(event.format)
            elif isinstance(event, Skipped):
                skipped[event.reason] += 1
            elif isinstance(event, Fault):
                problems += 1
                self._batch.problem(problem_of(event.error, digest, event.kept))
            elif isinstance(event, Progress):
                self._watcher.bytes(event.bytes_read - done)
                done = event.bytes_read
        self._watcher.bytes(item.size - done)
        return InputRecord(
            file=item.path,
            digest=digest,
            options=self.options_digest,
            size=item.size,
            format=", ".join(sorted(formats)),
            documents=documents,
            problems=problems,
            skipped=dict(skipped),
        )


def _sighting(document: Document, event: Found, digest: str) -> Sighting:
    return Sighting(
        sighting_id=make_id("sighting", document.document_id, event.file, event.position),
        document_id=document.document_id,
        file=event.file,
        file_digest=digest,
        position=event.position,
    )
