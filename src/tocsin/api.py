"""The Python API: a case, and reading without one.

>>> case = Case("my-case")                                   # doctest: +SKIP
>>> case.add(["export/result.json"])                         # doctest: +SKIP
>>> claim = next(case.claims())                              # doctest: +SKIP
>>> quote(claim.content, case.document(claim.document_id).text)   # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import tocsin
from tocsin.errors import NoInputError, NoSuchFindingError
from tocsin.judge import standing
from tocsin.model import (
    TABLES,
    Attribution,
    Blame,
    Check,
    CheckProblem,
    Claim,
    Document,
    DocumentEntity,
    DocumentLink,
    Entity,
    EntityMention,
    FactcheckMatch,
    Figure,
    Forecast,
    Judgement,
    NameMention,
    Narrative,
    NarrativeClaim,
    Origin,
    PlaceMention,
    Problem,
    QuantityMention,
    Recurrence,
    ReferenceEntry,
    Sentence,
    Story,
    Tables,
    TimeMention,
    Verdict,
    make_id,
)
from tocsin.reading import Reading, SilentWatcher, options_of, paths_of, read
from tocsin.settings import SETTINGS, Settings

if TYPE_CHECKING:
    import pyarrow as pa

    from tocsin.ingest import ReadReport, Watcher
    from tocsin.judge.attach import Finding
    from tocsin.judge.desk import Act, Desk
    from tocsin.judge.entities import WhoIsWho
    from tocsin.judge.factchecks.match import Match
    from tocsin.link.origins import OriginCount
    from tocsin.link.references import References
    from tocsin.present import RunFacts
    from tocsin.search import Filters, Hit
    from tocsin.stage import StagePlan
    from tocsin.store import InputRecord, Snapshot

__all__ = ["Case", "Reading", "SilentWatcher", "read"]


def _ignore(documents: int) -> None:
    """Do nothing."""


class Case:
    """A folder with the documents read, everything derived from them, and the analyst's judgements.

    Parameters
    ----------
    - path: the folder; made when it does not exist.
    - settings: values for every setting; defaults otherwise.
    - create: whether a missing folder is made into a new case.

    Every reading method shows the case as it is when called, current versions of documents only. Raises
    NotACaseError, CaseVersionError, CaseBusyError and CaseDamagedError (see ``tocsin.errors``).
    """

    def __init__(self, path: str | Path, *, settings: Settings | None = None, create: bool = True) -> None:
        from tocsin.store import CaseStore

        self.path = Path(path)
        self.settings = settings or Settings()
        self._store = CaseStore(self.path, create=create)
        self._pinned: tuple[tuple[int, int], Snapshot] | None = None

    def __enter__(self) -> Case:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the case's database; the case itself needs no closing to be safe."""
        if self._pinned is not None:
            self._pinned[1].close()
            self._pinned = None
        self._store.close()

    # --- adding --------------------------------------------------------------------------------

    def add(
        self,
        inputs: str | Path | Iterable[str | Path],
        *,
        watcher: Watcher | None = None,
        derived: Callable[[int], object] = _ignore,
        **options: Any,
    ) -> ReadReport:
        """Read ``inputs`` and derive everything from what is new; adding again is a no-op.

        ``options`` are ``format``, ``mapping``, ``date`` and ``channel``, as on the command line. Faults
        in the inputs are rows of ``problems``, never exceptions. Raises NoInputError, CaseBusyError.
        """
        from tocsin.ingest import add_inputs

        chosen = options_of(**options)
        with self._store.writing():
            run = self._begin("add")
            report = add_inputs(
                self._store, run, paths_of(inputs), chosen, self.settings, watcher or SilentWatcher()
            )
            self._derive(run, derived)
        return report

    def add_references(
        self, path: str | Path, *, base: str = "", mapping: Mapping[str, str] | None = None
    ) -> References:
        """Import a base of earlier cases or fact-checks; returns its entries and what could not be read.

        Narratives and claims are compared with them from then on. ``base`` names it (default: the file's
        name); importing one of that name again replaces it. ``mapping``: field → column. Raises NoInputError,
        BadMappingError when there is no column for claim or title, CaseBusyError.
        """
        from tocsin.judge.factchecks.entries import reference_table
        from tocsin.link.references import read_references

        found: list[References] = []

        def table(data: bytes, name: str) -> pa.Table:
            found.append(read_references(data, name, mapping, self.settings))
            return reference_table(found[-1].entries)

        self._import("reference_entries", Path(path), base, table)
        return found[-1]

    def add_figures(self, path: str | Path, *, base: str = "") -> int:
        """Import figures to compare numbers with from a CSV table; returns how many there are.

        Columns subject, counted, value (or low and high), unit, source, date. ``base`` names the table
        (default: the file's name); importing one of that name again replaces it. Raises NoInputError,
        BadMappingError when a column is missing, CaseBusyError.
        """
        from tocsin.judge.checks.figures import figure_table, read_figures

        def table(data: bytes, name: str) -> pa.Table:
            return figure_table(read_figures(data, name))

        return self._import("figures", Path(path), base, table)

    def _import(
        self, table: str, source: Path, base: str, read_table: Callable[[bytes, str], pa.Table]
    ) -> int:
        """Put a base (its bytes and name read by ``read_table``) in place of one of its name; its rows."""
        from tocsin.store import Change

        if not source.is_file():
            raise NoInputError("there is no such file", file=str(source))
        name = base or source.stem
        data = read_table(source.read_bytes(), name)
        with self._store.writing():
            run = self._begin(f"{table} add")
            segment = self._store.write(table, data, make_id("base", name))
            change = Change(add=(segment,), replace=((segment.table, segment.partition),))
            self._store.commit(change, run)
            self._derive(run, _ignore)
        return int(data.num_rows)

    def derive(self, derived: Callable[[int], object] = _ignore) -> int:
        """Bring derived tables up to date (after a new version, say); returns partitions worked on."""
        with self._store.writing():
            return self._derive(self._begin("derive"), derived)

    def _begin(self, command: str) -> int:
        values = dict(self.settings)
        return self._store.catalogue.begin_run(tocsin.__version__, command, values, self.settings.digest())

    def _derive(self, run: int, derived: Callable[[int], object]) -> int:
        from tocsin.pipeline import derive
        from tocsin.workers import WorkerRunner, worker_count

        runner = WorkerRunner(worker_count(self.settings))
        count = derive(self._store, self.settings, run, runner=runner, progress=derived)
        self._store.tidy(run)
        self._store.catalogue.end_run(run)
        return count

    def plan(self) -> list[StagePlan]:
        """The stages, and what is stale and why."""
        from tocsin.pipeline import plan

        return plan(self._store, self.settings)

    def stage_seconds(self, run: int = 0) -> dict[str, float]:
        """Processor seconds of the stages of a run (0: the last), all processes together."""
        return self._store.catalogue.stage_seconds(run or self._store.catalogue.last_run())

    def verify(self) -> None:
        """Check every file of the case against the manifest; raises CaseDamagedError."""
        self._store.verify()

    def inputs(self) -> list[InputRecord]:
        """Every file read to its end, with what it gave."""
        return self._store.catalogue.inputs()

    # --- reading -------------------------------------------------------------------------------

    def snapshot(self) -> Snapshot:
        """The case at this moment: ``table(name)`` and ``query(sql)`` as Arrow."""
        return self._store.snapshot()

    def _now(self) -> Snapshot:
        """The case as it is now; the last snapshot again while nothing has changed.

        Taking one costs tens of milliseconds, and ``document`` is called in loops over claims.
        """
        state = self._store.catalogue.state()
        if self._pinned is None or self._pinned[0] != state:
            self._pinned = (state, self._store.snapshot())
        return self._pinned[1]

    def pin(self, snapshot: Snapshot) -> None:
        """Read from this snapshot of the case until the case changes; whoever took it keeps it open."""
        self._pinned = (self._store.catalogue.state(), snapshot)

    def table(self, name: str) -> pa.Table:
        """A declared table as Arrow, in canonical order (see the table reference)."""
        return self._now().table(name)

    def query(self, sql: str, parameters: list[Any] | None = None) -> pa.Table:
        """The result of a SELECT over the declared tables."""
        return self._now().query(sql, parameters)

    def _rows(self, name: str) -> Iterator[Any]:
        from tocsin.model.arrow import rows_of

        return rows_of(self.table(name), TABLES[name])

    def documents(self) -> Iterator[Document]:
        return self._rows("documents")

    def sentences(self) -> Iterator[Sentence]:
        return self._rows("sentences")

    def attributions(self) -> Iterator[Attribution]:
        return self._rows("attributions")

    def claims(self) -> Iterator[Claim]:
        return self._rows("claims")

    def names(self) -> Iterator[NameMention]:
        return self._rows("names")

    def times(self) -> Iterator[TimeMention]:
        return self._rows("times")

    def places(self) -> Iterator[PlaceMention]:
        return self._rows("places")

    def links(self) -> Iterator[DocumentLink]:
        """How documents derive from one another."""
        return self._rows("document_links")

    def stories(self) -> Iterator[Story]:
        """Groups of linked documents, each with its lower and upper number of independent origins."""
        return self._rows("stories")

    def origins(self) -> Iterator[Origin]:
        """The independent origins of every story."""
        return self._rows("origins")

    def count_origins(self, document_ids: Iterable[str]) -> OriginCount:
        """How many independent origins any set of documents has, at least and at most."""
        from tocsin.link.origins import count_origins

        return count_origins(document_ids, [*self.links(), *self._rows("meaning_links")])

    def quantities(self) -> Iterator[QuantityMention]:
        return self._rows("quantities")

    def document_entities(self) -> Iterator[DocumentEntity]:
        return self._rows("document_entities")

    def entity_mentions(self) -> Iterator[EntityMention]:
        return self._rows("entity_mentions")

    def entities(self) -> Iterator[Entity]:
        return self._rows("entities")

    def narratives(self) -> Iterator[Narrative]:
        return self._rows("narratives")

    def recurrences(self) -> Iterator[Recurrence]:
        return self._rows("recurrences")

    def narrative_claims(self) -> Iterator[NarrativeClaim]:
        return self._rows("narrative_claims")

    def forecasts(self) -> Iterator[Forecast]:
        return self._rows("forecasts")

    def blame(self) -> Iterator[Blame]:
        return self._rows("blame")

    def checks(self) -> Iterator[Check]:
        """Claims tested by computation: within documents, then beside what they cite."""
        yield from self._rows("checks")
        yield from self._rows("source_checks")

    def check_problems(self) -> Iterator[CheckProblem]:
        """Checks that failed or could not be loaded."""
        return self._rows("check_problems")

    def figures(self) -> Iterator[Figure]:
        """The figures given by the user."""
        return self._rows("figures")

    def factcheck_matches(self) -> Iterator[FactcheckMatch]:
        return self._rows("factcheck_matches")

    def reference_entry(self, reference_id: str) -> ReferenceEntry:
        """One entry of a reference base; raises NoSuchFindingError."""
        return cast(ReferenceEntry, self._one("reference_entries", "reference_id", reference_id))

    def match_factchecks(self, text: str, *, limit: int = 5, **known: Any) -> list[Match]:
        """Entries of the bases that a claim may repeat; ``known``: ``language``, ``author``, ``date``."""
        from tocsin.judge.factchecks.lookup import look_up

        return look_up(self._now(), text, limit=limit, **known)

    def who_is_who(self) -> WhoIsWho:
        """Persons, organisations and outlets of the case, with the analysts' merges and splits."""
        from tocsin.judge.entities import who_is_who

        return who_is_who(self.entities(), self.desk().log)

    def problems(self) -> Iterator[Problem]:
        return self._rows("problems")

    def document(self, document_id: str) -> Document:
        """One document, old versions included; raises NoSuchFindingError."""
        return cast(Document, self._one("documents", "document_id", document_id))

    def _one(self, name: str, key: str, value: str) -> Any:
        from tocsin.model.arrow import arrow_schema, rows_of

        table = TABLES[name]
        columns = ", ".join(f'"{column}"' for column in table.column_names)
        found = self.query(f"SELECT {columns} FROM all_{name} WHERE {key} = ?", [value])
        if not found.num_rows:
            raise NoSuchFindingError(f"the case has no {name} row {value!r}")
        return next(iter(rows_of(found.cast(arrow_schema(table)), table)))

    def search(
        self, query: str, *, by: str = "both", limit: int = 20, filters: Filters | None = None, **wanted: Any
    ) -> list[Hit]:
        """The best documents for a query, best first, at most ``limit``.

        ``by`` is words (BM25), meaning (vectors, across languages) or both. ``wanted`` are fields of
        ``tocsin.search.Filters``: ``since``, ``until``, ``channel``, ``place``, ``language``; they replace
        those of ``filters``. Raises ValueError for another ``by``, TypeError for an unknown filter.
        """
        from tocsin.search.query import Filters, search

        chosen = replace(filters or Filters(), **wanted)
        return search(self._now(), query, by=by, filters=chosen, limit=limit)

    # --- judging -------------------------------------------------------------------------------

    def judge(
        self, finding_id: str, verdict: Verdict | str, *, author: str, reason: str = "", detail: str = ""
    ) -> Judgement:
        """Append one judgement; when this returns it is on disk for good.

        ``finding_id`` is any id of the case. The words judged are kept with it, so that it can be found
        again if ids change. ``detail`` of a merge is the id of the other (of persons, organisations and
        outlets: of document entities). Raises NoSuchFindingError, ValueError for an unknown verdict.
        """
        from tocsin.judge.desk import Act

        return self.append([Act(finding_id, Verdict(verdict), author, reason, detail)])[0]

    def append(self, acts: Sequence[Act], *, key: str = "") -> list[Judgement]:
        """Append several judgements, all or none; on disk for good when this returns.

        ``key`` is the caller's own name for the request: asked again by the same author, it appends nothing
        and gives what was appended then. Raises what ``judge`` raises, ConflictError when a finding has an
        entry newer than its act's ``seen``, KeyReusedError when the key named something else.
        """
        from tocsin.judge.attach import anchor_of
        from tocsin.judge.desk import check_act
        from tocsin.store import Request

        log = self.judgements()
        entered = {e.finding_id for e in log if e.verdict == Verdict.ASSESS}
        sequences = [e.sequence for e in log]
        entries = []
        for act in acts:
            words = anchor = table = ""
            if act.verdict != Verdict.ASSESS and act.finding_id not in entered:
                place, item, words = self._place(act.finding_id)
                table, anchor = place.table, anchor_of(place, item)
                if act.verdict == Verdict.MERGE and act.detail:
                    self._place(act.detail)  # what it is merged with must be there too
            check_act(act.verdict, act.detail, table, sequences)
            now = datetime.now(UTC)
            parts = (act.finding_id, act.verdict, act.author, act.reason, act.detail)
            entries.append(Judgement(0, *parts, words, now, anchor))
        seen = {act.finding_id: act.seen for act in acts if act.seen is not None}
        return self._store.catalogue.append_judgements(entries, Request(seen, key))

    def _place(self, finding_id: str) -> tuple[Finding, str, str]:
        from tocsin.judge.attach import place_of

        return place_of(self._one, finding_id)

    def desk(self) -> Desk:
        """The analyst's desk: ledger, scorecards, blame matrix, boards, orphans; and the acts that append."""
        from tocsin.judge.desk import Desk

        return Desk(self._now(), self.judgements(), self.append)

    def judgements(self) -> list[Judgement]:
        """The whole log, oldest first."""
        return self._store.catalogue.judgements()

    # --- presenting ----------------------------------------------------------------------------

    def brief(self, path: str | Path | None = None, *, title: str = "", pseudonyms: str = "") -> str:
        """The brief as one self-contained HTML page; written to ``path`` when given.

        With a phrase as ``pseudonyms``, accounts stand under pseudonyms that only who knows it can make
        again; texts stay verbatim.
        """
        from tocsin.present import build_brief

        html = build_brief(self._shown(pseudonyms), self._facts(title), self.settings)
        if path is not None:
            from tocsin.store.durable import write_durably

            write_durably(Path(path), html.encode("utf-8"))
        return html

    def _shown(self, pseudonyms: str) -> Tables:
        if not pseudonyms:
            return self._now()
        from tocsin.present.exports import PseudonymousTables

        return PseudonymousTables(self._now(), pseudonyms)

    def export(self, table: str, path: str | Path, *, pseudonyms: str = "") -> int:
        """Write one declared table as .csv, .jsonl or .parquet; returns the number of rows.

        ``pseudonyms`` as for ``brief``. Raises ValueError for another ending.
        """
        from tocsin.present.exports import export_table

        return export_table(self._shown(pseudonyms), table, Path(path))

    def _facts(self, title: str) -> RunFacts:
        from tocsin.pipeline import STAGES
        from tocsin.present import InputFacts, RunFacts, StageFacts

        inputs = tuple(
            InputFacts(i.file, i.format, i.documents, i.skipped, i.problems, i.size) for i in self.inputs()
        )
        stages = tuple(
            StageFacts(s.name, s.version, self.settings.digest(s.settings), tuple(s.reads), tuple(s.writes))
            for s in STAGES
        )
        changed = {
            s.name: self.settings[s.name]
            for s in SETTINGS
            if s.affects_results and self.settings[s.name] != s.default
        }
        held = self.desk().attached()
        judged = standing(held.log)
        return RunFacts(tocsin.__version__, title, inputs, stages, changed, judged, held.log, held.orphans)
