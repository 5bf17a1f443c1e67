"""What a stage is, and when its result is out of date.

A stage declares what it reads and writes, the settings and packaged data it depends on, and its version. From
these comes a *fingerprint*; a result is stale when it was made under another one. ``pipeline`` lists the
stages and runs them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import pyarrow as pa

from tocsin.errors import InternalError
from tocsin.model.ids import digest, make_id
from tocsin.model.tables import TABLES
from tocsin.settings import Settings
from tocsin.store import CaseStore, Change, StageResult, read_as_written, read_segment

__all__ = [
    "CORPUS",
    "IMPORTED",
    "CorpusInput",
    "Kernel",
    "Stage",
    "StagePlan",
    "Written",
    "check_stages",
    "fingerprints",
    "only_documents_added",
    "plan_stages",
    "renew_imports",
]

#: The partition under which the results of corpus stages are kept.
CORPUS = "corpus"

#: Tables that are neither read from documents nor derived: what a person imports beside them.
IMPORTED = ("figures", "reference_entries")
#: Imported table → "module:function" that makes rows which an earlier version wrote, or which were made with
#: another encoder, into those that this one would import; None where they are so already.
_RENEWALS = {"reference_entries": "tocsin.judge.factchecks.entries:renewed"}

Kernel = Callable[..., dict[str, pa.Table]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: a pure kernel from Arrow tables to Arrow tables, and what it depends on.

    ``reads`` and ``writes`` map tables to columns. ``kernel`` is ``"module:function"``, loaded when first
    run. ``data`` names packaged folders whose content changes the result; ``settings`` names the settings
    that do.

    A stage of a partition is called with the tables it reads as keyword arguments, and ``settings``
    (name → value) if it names any, and returns the tables it writes: what one batch of documents gives,
    whatever else the case holds.

    A ``corpus`` stage sees the whole case at once, because what it finds lies between documents: it is called
    with one ``CorpusInput`` and returns the tables it writes, whole. Its rows must not depend on the order or
    the batches in which documents came.
    """

    name: str
    version: str
    help: str
    kernel: str
    reads: Mapping[str, tuple[str, ...]]
    writes: Mapping[str, tuple[str, ...]]
    settings: tuple[str, ...] = ()
    data: tuple[str, ...] = ()
    corpus: bool = False

    def load(self) -> Kernel:
        """The kernel itself."""
        kernel: Kernel = _named(self.kernel)
        return kernel


def _named(function: str) -> Any:
    """The function called ``"module:function"``."""
    module, _, name = function.partition(":")
    return getattr(import_module(module), name)


@dataclass(frozen=True, slots=True)
class CorpusInput:
    """What a corpus stage is given.

    Attributes
    ----------
    table: the rows of a declared table for current document versions, in canonical order; all the columns the
        stage declared or some of them. Read when called, so that a stage holds only what it needs.
    settings: values of the settings the stage names.
    previous: what the stage wrote last time by table, if only documents have been added since; empty
        otherwise. A stage may use it to do less work, never to find something else. Some of the documents it
        covered may have been superseded by newer versions.
    """

    table: Callable[..., pa.Table]
    settings: Mapping[str, int | float | str | bool]
    previous: Mapping[str, pa.Table]


class Written(Mapping[str, pa.Table]):
    """Tables as they were last written, by name; each is read when it is asked for."""

    def __init__(self, store: CaseStore, names: Iterable[str]) -> None:
        self._store = store
        self._segments = {name: segment for name in names for segment in store.catalogue.segments(name)}

    def __getitem__(self, name: str) -> pa.Table:
        return read_segment(self._store.root, self._segments[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self._segments)

    def __len__(self) -> int:
        return len(self._segments)


def check_stages(stages: Sequence[Stage]) -> None:
    """Check the declarations before anything runs.

    Raises InternalError when a stage reads a table or column nobody before it writes, when two stages
    write one table, when a table or column is not declared in ``model.tables``, or when a stage of partitions
    comes after one of the corpus.
    """
    written: dict[str, str] = {
        "documents": "read",
        "sightings": "read",
        "problems": "read",
        **dict.fromkeys(IMPORTED, "import"),
    }
    corpus = ""
    for stage in stages:
        if stage.corpus:
            corpus = stage.name
        elif corpus:
            raise InternalError(f"stage {stage.name} of partitions comes after {corpus} of the corpus")
        for table, columns in [*stage.reads.items(), *stage.writes.items()]:
            if table not in TABLES or not set(columns) <= set(TABLES[table].column_names):
                raise InternalError(f"stage {stage.name}: {table} {columns} is not declared")
        for table in stage.reads:
            if table not in written:
                raise InternalError(f"stage {stage.name} reads {table}, which nothing before it writes")
        for table in stage.writes:
            if table in written:
                raise InternalError(f"{written[table]} and {stage.name} both write {table}")
            written[table] = stage.name


@cache
def _data_digest(package: str) -> str:
    """Digest of the data files (not the code: that is what ``version`` is for) of a package."""
    parts: list[str] = []
    for name, item in sorted(_walk(files(package))):
        if not name.endswith((".py", ".pyc", ".typed", ".md")):
            parts += [name, digest(item.read_bytes())]
    return make_id("data", *parts)


def _walk(folder: Traversable, prefix: str = "") -> Iterator[tuple[str, Traversable]]:
    for item in folder.iterdir():
        if item.is_file():
            yield prefix + item.name, item
        elif item.is_dir() and item.name != "__pycache__":
            yield from _walk(item, f"{prefix}{item.name}/")


def fingerprints(
    stages: Sequence[Stage],
    settings: Settings,
    partitions: Sequence[str],
    imported: Mapping[str, Sequence[str]] | None = None,
) -> dict[str, StageResult]:
    """What each stage's result depends on now, by stage name; ``partition`` is left empty.

    ``partitions`` are the names of all segments of documents. They never change, so the derived tables of one
    are up to date exactly when every stage it went through had this fingerprint; the result of a corpus stage
    depends on which of them there are as well, and on the segments of ``imported`` tables (by name) it reads.
    """
    writer: dict[str, str] = {}
    found: dict[str, StageResult] = {}
    for stage in stages:
        parts = {"version": stage.version, "settings": settings.digest(stage.settings)}
        parts |= {f"data of {package}": _data_digest(package) for package in stage.data}
        for table in stage.reads:
            if table in writer:
                parts[f"table {table}"] = _without_documents(found[writer[table]])
        if stage.corpus:
            parts["documents"] = make_id("documents", *sorted(partitions))
            for table in sorted(stage.reads.keys() & (imported or {}).keys()):
                parts[f"table {table}"] = make_id(table, *sorted((imported or {})[table]))
        writer |= dict.fromkeys(stage.writes, stage.name)
        found[stage.name] = _result(stage.name, parts)
    return found


def _result(name: str, parts: Mapping[str, str]) -> StageResult:
    flat = [text for item in sorted(parts.items()) for text in item]
    return StageResult(name, "", make_id("stage", name, *flat), dict(parts))


def _without_documents(result: StageResult) -> str:
    """The fingerprint but for which documents there are, so that more of them are no change of method."""
    parts = {name: value for name, value in result.parts.items() if name != "documents"}
    return _result(result.stage, parts).fingerprint


@dataclass(frozen=True, slots=True)
class StagePlan:
    """How much of a stage is to be done: stale partitions and documents, and the reasons with counts."""

    stage: Stage
    partitions: int
    stale: tuple[str, ...]
    documents: int
    reasons: Mapping[str, int]


def plan_stages(
    stages: Sequence[Stage],
    wanted: Mapping[str, StageResult],
    done: Mapping[tuple[str, str], StageResult],
    partitions: Mapping[str, int],
) -> list[StagePlan]:
    """What is to be done, stage by stage.

    ``wanted`` comes from ``fingerprints``, ``done`` from the case by (stage, partition); ``partitions`` are
    the names of segments of documents with their rows.
    """
    plans = []
    for stage in stages:
        places = {CORPUS: sum(partitions.values())} if stage.corpus and partitions else partitions
        stale: list[str] = []
        reasons: dict[str, int] = {}
        for place in places:
            reason = _why_stale(done.get((stage.name, place)), wanted[stage.name])
            if reason:
                stale.append(place)
                reasons[reason] = reasons.get(reason, 0) + 1
        documents = sum(places[place] for place in stale)
        plans.append(StagePlan(stage, len(places), tuple(stale), documents, reasons))
    return plans


def _why_stale(found: StageResult | None, wanted: StageResult) -> str:
    if found is None:
        return "new documents"
    if found.fingerprint == wanted.fingerprint:
        return ""
    changed = _changed(found, wanted)
    return "new documents" if changed == ["documents"] else "changed: " + ", ".join(changed)


def _changed(found: StageResult, wanted: StageResult) -> list[str]:
    names = sorted(found.parts.keys() | wanted.parts.keys())
    return [name for name in names if found.parts.get(name) != wanted.parts.get(name)]


def only_documents_added(found: StageResult | None, wanted: StageResult) -> bool:
    """Whether a result was made by the same method from other documents: its rows can be built upon."""
    return found is not None and _changed(found, wanted) == ["documents"]


def renew_imports(store: CaseStore, run: int) -> None:
    """Bring what was imported by an earlier version up to date, each base at once or not at all.

    Nobody needs to have kept the file: a base holds the words from which all else is made.
    """
    for table, function in _RENEWALS.items():
        for segment in store.catalogue.segments(table):
            data = _named(function)(read_as_written(store.root, segment))
            if data is not None:
                made = store.write(table, data, segment.partition)
                store.commit(Change(add=(made,), replace=((table, segment.partition),)), run)
