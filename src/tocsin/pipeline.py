"""The whole program in one file: the stages in order, what each reads and writes, and incremental runs.

    read → language → extract → resolve → link → detect → judge → present

``add_inputs`` turns files into segments of ``documents``; each such segment is a *partition*. Most of
``STAGES`` derive tables from a partition, one partition at a time and independent of all others: that
is why ten batches give the same case as one, why a new file costs only itself, and why partitions can be
worked on by several processes. The last stages look at the whole *corpus*, because what they find lies
between documents. ``plan`` says which stage is stale on how many partitions, and why; ``derive`` runs just
those. What a stage is, and when it is stale: ``stage.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import process_time
from typing import Any

import pyarrow as pa

from tocsin.collecting import seldom_collecting
from tocsin.errors import InternalError
from tocsin.model.arrow import empty_table
from tocsin.model.tables import TABLES
from tocsin.settings import Settings, Value
from tocsin.stage import (
    CORPUS,
    IMPORTED,
    CorpusInput,
    Stage,
    StagePlan,
    Written,
    check_stages,
    fingerprints,
    only_documents_added,
    plan_stages,
    renew_imports,
)
from tocsin.store import CaseStore, Change, Segment, Shelf, StageResult, read_segment, write_segment

__all__ = ["STAGES", "Derived", "Job", "derive", "derive_partition", "derive_tables", "in_process", "plan"]


def _all(*names: str) -> dict[str, tuple[str, ...]]:
    return {name: TABLES[name].column_names for name in names}


_POST = ("document_id", "text", "platform", "channel", "channel_id", "native_id", "published", "url")
_TOLD = ("entities", "narratives", "narrative_claims", "document_links", "meaning_links")

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
        version="5",
        help="attributions, chains and claims, with hedges and kinds",
        kernel="tocsin.extract.stage:extract_claims",
        reads=_all("documents", "sentences"),
        writes=_all("attributions", "claims"),
        settings=("extract.method",),
        data=("tocsin.extract",),
    ),
    Stage(
        name="names",
        version="4",
        help="names of persons, organisations, places, events and media",
        kernel="tocsin.extract.mentions:find_names",
        reads=_all("documents", "sentences"),
        writes=_all("names"),
        data=("tocsin.language", "tocsin.extract"),
    ),
    Stage(
        name="times",
        version="7",
        help="time expressions as intervals",
        kernel="tocsin.resolve.stage:resolve_times",
        reads=_all("documents", "sentences"),
        writes=_all("times"),
        settings=("times.zone",),
        data=("tocsin.resolve",),
    ),
    Stage(
        name="places",
        version="3",
        help="place names as gazetteer entries",
        kernel="tocsin.resolve.stage:resolve_places",
        reads=_all("documents", "sentences"),
        writes=_all("places"),
        data=("tocsin.resolve",),
    ),
    Stage(
        name="quantities",
        version="1",
        help="numbers with units, bounds and what they count",
        kernel="tocsin.resolve.stage:resolve_quantities",
        reads=_all("documents", "sentences"),
        writes=_all("quantities"),
        data=("tocsin.resolve.quantities",),
    ),
    Stage(
        name="document entities",
        version="2",
        help="persons, organisations and outlets of each document, with what points back to them",
        kernel="tocsin.resolve.names.stage:find_document_entities",
        reads=_all("documents", "sentences", "names", "attributions"),
        writes=_all("document_entities", "entity_mentions"),
        data=("tocsin.resolve.names",),
    ),
    Stage(
        name="forecasts",
        version="6",
        help="warnings and other claims about the future, with horizon, probability and places",
        kernel="tocsin.judge.stage:derive_forecasts",
        reads=_all("documents", "attributions", "claims", "times", "places"),
        writes=_all("forecasts"),
        data=("tocsin.judge", "tocsin.extract"),
    ),
    Stage(
        name="blame",
        version="5",
        help="who blames whom for what, and who denies it",
        kernel="tocsin.judge.stage:derive_blame",
        reads=_all("documents", "attributions", "claims"),
        writes=_all("blame"),
        data=("tocsin.judge", "tocsin.extract"),
    ),
    Stage(
        name="checks",
        version="3",
        help="claims tested by computation: distances, dates, sums, sizes, captions",
        kernel="tocsin.judge.checks.stage:derive_checks",
        reads=_all("documents", "sentences", "claims", "times", "places", "quantities"),
        writes=_all("checks", "check_problems"),
        settings=("checks.plugins",),
        data=("tocsin.judge", "tocsin.resolve"),
    ),
    Stage(
        name="search",
        version="1",
        help="terms of documents by which they are found",
        kernel="tocsin.search.words:index_words",
        reads=_all("documents", "sentences"),
        writes=_all("search_terms", "search_documents"),
    ),
    Stage(
        name="meanings",
        version="6",
        help="claims as vectors and facts that can be compared",
        kernel="tocsin.link.narratives.meanings:find_meanings",
        reads=_all("documents", "claims", "names", "places", "quantities"),
        writes=_all("claim_meanings"),
        settings=("narratives.claims",),
        data=("tocsin.language", "tocsin.link.narratives"),
    ),
    Stage(
        name="shares",
        version="1",
        help="things in posts that others may share too: pages, words, forwards, hashtags, files",
        kernel="tocsin.detect.sharing.things:find_shares",
        reads=_all("documents"),
        writes=_all("shares"),
    ),
    Stage(
        name="entities",
        version="3",
        help="persons, organisations and outlets across documents and scripts",
        kernel="tocsin.resolve.names.stage:find_entities",
        reads={"document_entities": ("document_entity_id", "document_id", "kind", "name")},
        writes=_all("entities", "name_comparisons"),
        data=("tocsin.resolve.names",),
        corpus=True,
    ),
    Stage(
        name="links",
        version="6",
        help="forwards, copies, near copies, excerpts and citations",
        kernel="tocsin.link.stage:link_documents",
        reads=_all("attributions") | {"documents": (*_POST, "forwarded_from", "forwarded_from_id")},
        writes=_all("document_links", "linked_texts"),
        data=("tocsin.link", "tocsin.resolve"),
        corpus=True,
    ),
    Stage(
        name="narratives",
        version="4",
        help="claims that say the same thing, and what comes near without saying it",
        kernel="tocsin.link.narratives.stage:find_narratives",
        reads=_all("documents", "claims", "claim_meanings"),
        writes=_all("wordings", "wording_links", "narratives", "narrative_claims"),
        data=("tocsin.link.narratives",),
        corpus=True,
    ),
    Stage(
        name="recurrences",
        version="1",
        help="narratives of a frame that was there before, in the case or in a reference base",
        kernel="tocsin.link.narratives.recurrence:find_recurrences",
        reads=_all("claim_meanings", "wording_links", "narratives", "narrative_claims", "reference_entries"),
        writes=_all("recurrences"),
        data=("tocsin.link.narratives",),
        corpus=True,
    ),
    Stage(
        name="factchecks",
        version="2",
        help="known fact-checks and catalogued cases that claims repeat",
        kernel="tocsin.judge.factchecks.stage:find_factchecks",
        reads=_all("claims", "claim_meanings", "reference_entries")
        | {"documents": ("document_id", "text", "channel", "published")},
        writes=_all("factcheck_matches"),
        settings=("factchecks.precision",),
        data=("tocsin.judge.factchecks", "tocsin.link.narratives"),
        corpus=True,
    ),
    Stage(
        name="meaning_links",
        version="9",
        help="documents that tell the same in other words or in another language",
        kernel="tocsin.link.meaning:find_meaning_links",
        reads=_all("documents", "sentences", "claim_meanings", "wording_links", "document_links"),
        writes=_all("meaning_links", "passage_vectors", "wording_neighbours"),
        data=("tocsin.link.narratives",),
        corpus=True,
    ),
    Stage(
        name="source checks",
        version="2",
        help="quotations and reports beside the documents they cite, and numbers beside the figures given",
        kernel="tocsin.judge.checks.corpus:derive_source_checks",
        reads=_all("documents", "document_languages", "sentences", "attributions", "quantities", "figures"),
        writes=_all("source_checks"),
        settings=("checks.figure_factor",),
        data=("tocsin.judge",),
        corpus=True,
    ),
    Stage(
        name="origins",
        version="5",
        help="stories, and how many independent origins each has",
        kernel="tocsin.link.stage:find_origins",
        reads=_all("document_links", "meaning_links")
        | {"documents": ("document_id", "text", "platform", "channel", "channel_id", "published")},
        writes=_all("stories", "origins", "story_documents"),
        data=("tocsin.link",),
        corpus=True,
    ),
    Stage(
        name="co-sharing",
        version="3",
        help="channels that share the same things together beyond chance, habit and popularity",
        kernel="tocsin.detect.sharing.stage:find_groups",
        reads=_all("shares", "narratives", "narrative_claims")
        | {
            "documents": ("document_id", "published", "channel", "channel_id"),
            "document_links": ("document_id", "original_id", "type", "certain"),
        },
        writes=_all("sharing_groups", "sharing_edges", "shared_objects"),
        settings=tuple(
            f"detect.sharing_{n}" for n in ("window", "repeats", "members", "rate", "feed_followers")
        ),
        corpus=True,
    ),
    Stage(
        name="surges",
        version="6",
        help="alarms: channels that turn to a place, name, narrative or source far above their habit",
        kernel="tocsin.detect.surges:detect_surges",
        reads=_all("documents", "document_languages", "claims", "times", "places", *_TOLD)
        | _all("story_documents", "origins"),
        writes=_all("surges", "surge_channels", "surge_points", "surge_scope", "surge_states"),
        settings=("surges.evidence", "surges.false_alarms", "surges.per_week", "surges.step"),
        corpus=True,
    ),
)


def _imported(store: CaseStore) -> dict[str, list[str]]:
    """The segments of imported tables by table."""
    return {name: [segment.name for segment in store.catalogue.segments(name)] for name in IMPORTED}


def plan(store: CaseStore, settings: Settings) -> list[StagePlan]:
    """What ``derive`` would do now, stage by stage; changes nothing."""
    partitions = {segment.partition: segment.rows for segment in store.catalogue.segments("documents")}
    wanted = fingerprints(STAGES, settings, tuple(partitions), _imported(store))
    return plan_stages(STAGES, wanted, store.catalogue.stage_results(), partitions)


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
    """What a job made: new segments by stage; they lie on disk and do not count until committed.

    ``seconds`` of processor time each stage took, reading and writing included.
    """

    partition: str
    segments: Mapping[str, tuple[Segment, ...]]
    seconds: Mapping[str, float]


def derive_partition(job: Job) -> Derived:
    """Run the stages of a job; pure but for the segment files it writes, so it may run in any process.

    Raises whatever a kernel raises as InternalError naming the stage: kernels must not fail on any text.
    """
    root = Path(job.root)
    tables: dict[str, pa.Table] = {}
    made: dict[str, tuple[Segment, ...]] = {}
    seconds: dict[str, float] = {}
    partition = job.segments["documents"].name
    for stage in STAGES:
        if stage.name not in job.stages:
            continue
        begun = process_time()
        for table in stage.reads:
            if table not in tables:
                tables[table] = read_segment(root, job.segments[table])
        inputs: dict[str, Any] = {
            table: tables[table].select(list(columns)) for table, columns in stage.reads.items()
        }
        if stage.settings:
            inputs["settings"] = {name: job.settings[name] for name in stage.settings}
        results = _run(stage, f"partition {partition}", **inputs)
        tables |= results
        made[stage.name] = tuple(
            write_segment(root, table, data, partition) for table, data in sorted(results.items())
        )
        seconds[stage.name] = process_time() - begun
    return Derived(partition, made, seconds)


def _run(stage: Stage, where: str, *arguments: CorpusInput, **inputs: Any) -> dict[str, pa.Table]:
    """Call a kernel and hold it to its declaration."""
    try:
        results = stage.load()(*arguments, **inputs)
    except Exception as error:
        raise InternalError(f"stage {stage.name} failed on {where}: {error!r}") from error
    if results.keys() != stage.writes.keys():
        raise InternalError(f"stage {stage.name} wrote {sorted(results)}, not what it declares")
    return results


#: Runs jobs, in any order and any process, and yields their results as they come.
Runner = Callable[[Sequence[Job]], Iterable[Derived]]


def in_process(jobs: Sequence[Job]) -> Iterator[Derived]:
    """The runner that needs no other process."""
    for job in jobs:
        yield derive_partition(job)


@seldom_collecting()
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
    check_stages(STAGES)
    renew_imports(store, run)
    partitions = tuple(segment.partition for segment in store.catalogue.segments("documents"))
    wanted = fingerprints(STAGES, settings, partitions, _imported(store))
    by_partition: dict[str, list[str]] = {}
    of_corpus: list[Stage] = []
    for entry in plan(store, settings):
        for partition in entry.stale:
            if entry.stage.corpus:
                of_corpus.append(entry.stage)
            else:
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
        _commit(store, result, wanted, run)
        if progress is not None:
            progress(current[result.partition]["documents"].rows)
    shelf = Shelf()
    for stage in of_corpus:
        _commit(store, _derive_corpus((store, shelf), stage, wanted[stage.name], named), wanted, run)
    return len(jobs)


def _commit(store: CaseStore, made: Derived, wanted: Mapping[str, StageResult], run: int) -> None:
    results = tuple(
        StageResult(stage, made.partition, wanted[stage].fingerprint, wanted[stage].parts)
        for stage in made.segments
    )
    segments = tuple(segment for group in made.segments.values() for segment in group)
    replace = tuple((segment.table, made.partition) for segment in segments)
    store.commit(Change(add=segments, replace=replace, results=results, seconds=made.seconds), run)


def _derive_corpus(
    case: tuple[CaseStore, Shelf], stage: Stage, wanted: StageResult, settings: Mapping[str, Value]
) -> Derived:
    """Run one corpus stage on the case as it is now."""
    begun = process_time()
    store, shelf = case
    snapshot = store.snapshot(stage.reads, shelf)
    before = store.catalogue.stage_results().get((stage.name, CORPUS))
    previous = Written(store, stage.writes if only_documents_added(before, wanted) else ())

    def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        names = tuple(columns or stage.reads.get(name, ()))
        if name not in stage.reads or not set(names) <= set(stage.reads[name]):
            raise InternalError(f"stage {stage.name} asks for {name} {names}, which it does not declare")
        return snapshot.table(name, names)

    try:
        given = CorpusInput(table, {name: settings[name] for name in stage.settings}, previous)
        results = _run(stage, "the corpus", given)
    finally:
        snapshot.close()
    segments = tuple(write_segment(store.root, name, data, CORPUS) for name, data in sorted(results.items()))
    return Derived(CORPUS, {stage.name: segments}, {stage.name: process_time() - begun})


# --- in memory ---------------------------------------------------------------------------------


def derive_tables(documents: pa.Table, wanted: Sequence[str]) -> dict[str, pa.Table]:
    """Run the stages that the ``wanted`` tables need on documents that are in no case.

    All documents are one partition, settings are the defaults, imported tables are empty. Returns every table
    there then is. Raises InternalError as ``derive_partition`` does, KeyError for a table no stage writes.
    """
    tables = {"documents": documents}
    writer = {table: stage for stage in STAGES for table in stage.writes}
    needed: set[str] = set()
    missing = [writer[table] for table in wanted]
    while missing:
        stage = missing.pop()
        if stage.name not in needed:
            needed.add(stage.name)
            missing += [writer[table] for table in stage.reads if table in writer]

    def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        found = tables[name] if name in tables else empty_table(TABLES[name])
        return found.select(list(columns)) if columns else found

    settings = Settings()
    for stage in STAGES:
        named = {name: settings[name] for name in stage.settings}
        if stage.name not in needed:
            continue
        if stage.corpus:
            tables |= _run(stage, "documents in memory", CorpusInput(table, named, {}))
        else:
            inputs: dict[str, Any] = {name: table(name, columns) for name, columns in stage.reads.items()}
            if named:
                inputs["settings"] = named
            tables |= _run(stage, "documents in memory", **inputs)
    return tables
