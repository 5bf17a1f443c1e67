"""The whole program in one file: the stages in order, what each reads and writes, and incremental runs.

    read → language → extract → resolve → (link → detect → judge) → present

``add_inputs`` turns files into segments of ``documents``; each such segment is a *partition*. The stages
of ``STAGES`` derive tables from a partition, one partition at a time and independent of all others: that
is why ten batches give the same case as one, why a new file costs only itself, and why partitions can be
worked on by several processes. ``plan`` says which stage is stale on how many partitions, and why;
``derive`` runs just those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

import pyarrow as pa

from tocsin.errors import InternalError
from tocsin.model.ids import digest, make_id
from tocsin.model.tables import TABLES
from tocsin.settings import Settings, Value
from tocsin.store import CaseStore, Change, Segment, StageResult, read_segment, write_segment

__all__ = [
    "STAGES",
    "Derived",
    "Job",
    "Stage",
    "StagePlan",
    "check_stages",
    "derive",
    "derive_partition",
    "fingerprints",
    "in_process",
    "plan",
]

Kernel = Callable[..., dict[str, pa.Table]]


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: a pure kernel from Arrow tables to Arrow tables, and what it depends on.

    ``reads`` and ``writes`` map tables to columns. ``kernel`` is ``"module:function"``, loaded when first
    run; it takes the tables it reads as keyword arguments, and ``settings`` (name → value) if the stage names
    any, and returns the tables it writes. ``data`` names packaged folders whose content changes the result;
    ``settings`` names the settings that do.
    """

    name: str
    version: str
    help: str
    kernel: str
    reads: Mapping[str, tuple[str, ...]]
    writes: Mapping[str, tuple[str, ...]]
    settings: tuple[str, ...] = ()
    data: tuple[str, ...] = ()

    def load(self) -> Kernel:
        """The kernel itself."""
        module, _, function = self.kernel.partition(":")
        kernel: Kernel = getattr(import_module(module), function)
        return kernel


def _all(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: TABLES[name].column_names for name in names}


#: Every stage, in order. A stage reads only tables of ``read`` and of stages before it.
STAGES: tuple[Stage, ...] = (
    Stage(
        name="language",
        version="1",
        help="paragraphs, sentences and their languages",
        kernel="tocsin.language.stage:segment_documents",
        reads=_all("documents"),
        writes=_all("sentences", "document_languages"),
        data=("tocsin.language",),
    ),
    Stage(
        name="extract",
        version="1",
        help="attributions, chains and claims, with hedges and kinds",
        kernel="tocsin.extract.stage:extract_claims",
        reads=_all("documents", "sentences"),
        writes=_all("attributions", "claims"),
        settings=("extract.method",),
        data=("tocsin.extract",),
    ),
    Stage(
        name="times",
        version="1",
        help="time expressions as intervals",
        kernel="tocsin.resolve.stage:resolve_times",
        reads=_all("documents", "sentences"),
        writes=_all("times"),
        data=("tocsin.resolve",),
    ),
    Stage(
        name="places",
        version="1",
        help="place names as gazetteer entries",
        kernel="tocsin.resolve.stage:resolve_places",
        reads=_all("documents", "sentences"),
        writes=_all("places"),
        data=("tocsin.resolve",),
    ),
)


def check_stages(stages: Sequence[Stage] = STAGES) -> None:
    """Check the declarations before anything runs.

    Raises InternalError when a stage reads a table or column nobody before it writes, when two stages
    write one table, or when a table or column is not declared in ``model.tables``.
    """
    written: dict[str, str] = {"documents": "read", "sightings": "read", "problems": "read"}
    for stage in stages:
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


# --- staleness ---------------------------------------------------------------------------------


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


def fingerprints(settings: Settings) -> dict[str, StageResult]:
    """What each stage's result depends on now, by stage name; ``partition`` is left empty.

    A partition's documents never change, so its derived tables are up to date exactly when every stage
    it went through had this fingerprint.
    """
    writer: dict[str, str] = {}
    found: dict[str, StageResult] = {}
    for stage in STAGES:
        parts = {"version": stage.version, "settings": settings.digest(stage.settings)}
        parts |= {f"data of {package}": _data_digest(package) for package in stage.data}
        for table in stage.reads:
            if table in writer:
                parts[f"table {table}"] = found[writer[table]].fingerprint
        writer |= dict.fromkeys(stage.writes, stage.name)
        flat = [text for item in sorted(parts.items()) for text in item]
        found[stage.name] = StageResult(stage.name, "", make_id("stage", stage.name, *flat), parts)
    return found


@dataclass(frozen=True, slots=True)
class StagePlan:
    """How much of a stage is to be done: stale partitions and documents, and the reasons with counts."""

    stage: Stage
    partitions: int
    stale: tuple[str, ...]
    documents: int
    reasons: Mapping[str, int]


def plan(store: CaseStore, settings: Settings) -> list[StagePlan]:
    """What ``derive`` would do now, stage by stage; changes nothing."""
    partitions = {segment.partition: segment.rows for segment in store.catalogue.segments("documents")}
    done = store.catalogue.stage_results()
    wanted = fingerprints(settings)
    plans = []
    for stage in STAGES:
        stale: list[str] = []
        reasons: dict[str, int] = {}
        for partition in partitions:
            reason = _why_stale(done.get((stage.name, partition)), wanted[stage.name])
            if reason:
                stale.append(partition)
                reasons[reason] = reasons.get(reason, 0) + 1
        documents = sum(partitions[partition] for partition in stale)
        plans.append(StagePlan(stage, len(partitions), tuple(stale), documents, reasons))
    return plans


def _why_stale(found: StageResult | None, wanted: StageResult) -> str:
    if found is None:
        return "new documents"
    if found.fingerprint == wanted.fingerprint:
        return ""
    names = sorted(found.parts.keys() | wanted.parts.keys())
    changed = [name for name in names if found.parts.get(name) != wanted.parts.get(name)]
    return "changed: " + ", ".join(changed)


# --- running -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One partition to bring up to date: its segments by table, the stages to run, the settings they name."""

    root: str
    segments: Mapping[str, Segment]
    stages: tuple[str, ...]
    settings: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Derived:
    """What a job made: new segments by stage; they lie on disk and do not count until committed."""

    partition: str
    segments: Mapping[str, tuple[Segment, ...]]


def derive_partition(job: Job) -> Derived:
    """Run the stages of a job; pure but for the segment files it writes, so it may run in any process.

    Raises whatever a kernel raises as InternalError naming the stage: kernels must not fail on any text.
    """
    root = Path(job.root)
    tables: dict[str, pa.Table] = {}
    made: dict[str, tuple[Segment, ...]] = {}
    partition = job.segments["documents"].name
    for stage in STAGES:
        if stage.name not in job.stages:
            continue
        for table in stage.reads:
            if table not in tables:
                tables[table] = read_segment(root, job.segments[table])
        inputs: dict[str, Any] = {
            table: tables[table].select(list(columns)) for table, columns in stage.reads.items()
        }
        if stage.settings:
            inputs["settings"] = {name: job.settings[name] for name in stage.settings}
        try:
            results = stage.load()(**inputs)
        except Exception as error:
            raise InternalError(f"stage {stage.name} failed on partition {partition}: {error!r}") from error
        if results.keys() != stage.writes.keys():
            raise InternalError(f"stage {stage.name} wrote {sorted(results)}, not what it declares")
        tables |= results
        made[stage.name] = tuple(
            write_segment(root, table, data, partition) for table, data in sorted(results.items())
        )
    return Derived(partition, made)


#: Runs jobs, in any order and any process, and yields their results as they come.
Runner = Callable[[Sequence[Job]], Iterable[Derived]]


def in_process(jobs: Sequence[Job]) -> Iterator[Derived]:
    """The runner that needs no other process."""
    for job in jobs:
        yield derive_partition(job)


def derive(
    store: CaseStore,
    settings: Settings,
    run: int,
    *,
    runner: Runner = in_process,
    progress: Callable[[int], object] | None = None,
) -> int:
    """Bring every derived table up to date; returns the number of partitions worked on.

    Each partition is committed on its own, so an interrupted run loses only the partitions at work.
    ``progress`` is called with the number of documents of each finished partition.
    """
    check_stages()
    wanted = fingerprints(settings)
    by_partition: dict[str, list[str]] = {}
    for entry in plan(store, settings):
        for partition in entry.stale:
            by_partition.setdefault(partition, []).append(entry.stage.name)
    current: dict[str, dict[str, Segment]] = {}
    for segment in store.catalogue.segments():
        if segment.partition in by_partition:
            current.setdefault(segment.partition, {})[segment.table] = segment
    named = {name: settings[name] for stage in STAGES for name in stage.settings}
    jobs = [
        Job(str(store.root), current[partition], tuple(stages), named)
        for partition, stages in sorted(by_partition.items())
    ]
    for result in runner(jobs):
        results = tuple(
            StageResult(stage, result.partition, wanted[stage].fingerprint, wanted[stage].parts)
            for stage in result.segments
        )
        segments = tuple(segment for group in result.segments.values() for segment in group)
        replace = tuple((segment.table, result.partition) for segment in segments)
        store.commit(Change(add=segments, replace=replace, results=results), run)
        if progress is not None:
            progress(current[result.partition]["documents"].rows)
    return len(jobs)
