"""One measurement from beginning to end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import Any, Final, TextIO

from tocsin import __version__
from tocsin.errors import MalformedFileError, MalformedRecordError, RecordInputError, UsageError
from tocsin.evaluate.fields import key_of
from tocsin.evaluate.options import Options
from tocsin.evaluate.predictions import Predictions
from tocsin.evaluate.problems import Problems
from tocsin.evaluate.raw import Raw, file_sha256, files_of, read_raw
from tocsin.evaluate.report import Report
from tocsin.evaluate.systems import load_system
from tocsin.evaluate.tasks import Task, task_class
from tocsin.evaluate.tasks.base import Wrong

__all__ = ["evaluate"]

#: Records asked at a time: enough for a system to batch, few enough to hold.
_BATCH: Final = 64


def evaluate(
    task: str,
    gold: Path,
    options: Options | None = None,
    *,
    answers: str | Path | None = None,
    errors: Path | None = None,
    progress: Callable[[int], None] | None = None,
) -> Report:
    """Measure a system, or predictions made elsewhere, on a file of annotations.

    ``answers`` is the name of a system of ``SYSTEMS[task]``, or the Path of a file of predictions; None is
    the first system. What was wrong goes to ``errors`` as JSON lines. ``progress`` is told how many records
    were taken up. Records are read and scored in batches; besides them some numbers a record are held (for
    same-sentence its vectors).

    Raises UsageError for what cannot be measured so, HeadNotInstalledError where the task has no system yet,
    and FileInputError for a file that is of no use; faults of single records are in ``Report.problems``.
    """
    options = options or Options()
    options.check(task)
    _refuse_overwriting(errors, gold, answers)
    problems = Problems()
    with ExitStack() as stack:
        predictions = None
        if isinstance(answers, Path):
            predictions = stack.enter_context(Predictions(answers, problems))
            about = predictions.describe(file_sha256(answers))
            if options.style:
                raise UsageError("--style means nothing for predictions", remedy="Leave it out")
            work = task_class(task)(options, None)
        else:
            system = load_system(task, answers, options.style)
            about = {"name": system.name, "version": system.version}
            work = task_class(task)(options, system)
        reader = _Reader(gold, work, problems, predictions)
        wrong = stack.enter_context(_Errors(errors))
        scored = 0
        for batch in _batches(reader.items(options.limit)):
            answered = _answers(work, batch, predictions)
            scored += len(answered)
            for item, answer in answered:
                wrong.write(work.add(item, answer))
            if progress:
                progress(reader.items_read)
        reader.check()
        wrong.write(work.finish())
        if predictions and not options.limit:
            predictions.report_unused()
    described = reader.describe() | {"scored": scored}
    return Report(task, described, about, work.settings(), work.outcome(), problems, reader.unit, __version__)


def _refuse_overwriting(errors: Path | None, gold: Path, answers: str | Path | None) -> None:
    """The file of errors is written over whatever it names, so it must name no input."""
    inputs = [gold] + ([answers] if isinstance(answers, Path) else [])
    if errors and any(path.exists() and errors.exists() and errors.samefile(path) for path in inputs):
        raise UsageError(f"--errors {errors} is an input", remedy="Name another file")


def _batches(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while batch := list(islice(rest, _BATCH)):
        yield batch


def _answers(work: Task, items: list[Any], predictions: Predictions | None) -> list[tuple[Any, Any]]:
    """Items with their answers; those that cannot be scored are left out, and listed."""
    if predictions is None:
        return list(zip(items, work.ask(items), strict=True))
    found = []
    for item in items:
        answer = _predicted(work, item, predictions)
        if answer is not None:
            found.append((item, answer))
    return found


def _predicted(work: Task, item: Any, predictions: Predictions) -> Any | None:
    raw = predictions.find(item.header)
    if raw is None:
        return work.absent()
    try:
        return work.read(raw, item)
    except RecordInputError as error:
        predictions.refuse(raw, error)
        return work.absent()


class _Reader:
    """Reads annotations; what cannot be read is listed, and never silently skipped."""

    def __init__(self, path: Path, work: Task, problems: Problems, predictions: Predictions | None) -> None:
        self._path = path
        self._work = work
        self._problems = problems
        self._predictions = predictions
        self._seen: dict[str, str] = {}
        self.items_read = self._stated = 0

    def items(self, limit: int) -> Iterator[Any]:
        """Items in the file's order, the first ``limit`` of them (0: all)."""
        for raw in read_raw(self._path, self._problems):
            try:
                item = self._work.item(raw)
                self._refuse_double(raw, item.header.key)
            except RecordInputError as error:
                self._report(error, raw)
                if self._predictions:
                    self._predictions.dismiss(key_of(raw.value), raw.ordinal)
                continue
            for note in item.notes:
                remedy = "The rest of the record was scored; repair its offsets"
                self._report(MalformedRecordError(note, remedy=remedy), raw, kept=True)
            self.items_read += 1
            self._stated += item.header.stated
            yield item
            if self.items_read == limit:
                return

    def _refuse_double(self, raw: Raw, key: str | None) -> None:
        if key is None:
            return
        first = self._seen.setdefault(key, raw.position)
        if first != raw.position:
            remedy = "Give each record an id of its own; the first was scored"
            raise MalformedRecordError(f"{key} was already annotated in {first}", remedy=remedy)

    def _report(self, error: RecordInputError, raw: Raw, *, kept: bool = False) -> None:
        error.file, error.position = str(self._path), raw.position
        self._problems.add(error, kept=kept)

    def check(self) -> None:
        """Raise MalformedFileError where not one record could be used."""
        if self.items_read:
            return
        own = [problem for problem in self._problems.listed if problem.file == str(self._path)]
        cause = f"{own[0].position}: {own[0].cause}" if own else "it holds no records"
        raise MalformedFileError(
            f"no record of it can be used for {self._work.name}; {cause}",
            remedy="See docs/evaluate.md for the formats of the task",
            file=str(self._path),
        )

    @property
    def unit(self) -> str:
        """What the bootstrap draws."""
        if not self._stated:
            return "record"
        return "document" if self._stated == self.items_read else "document or record"

    def describe(self) -> dict[str, Any]:
        return {
            "file": str(self._path),
            "sha256": file_sha256(self._path),
            "bytes": sum(part.stat().st_size for part in files_of(self._path)),
            "records": self.items_read,
        }


class _Errors:
    """The file of what was wrong; without a path it only exhausts what it is given."""

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._stream: TextIO | None = None

    def __enter__(self) -> _Errors:
        if self._path:
            try:
                self._stream = self._path.open("w", encoding="utf-8", newline="\n")
            except OSError as error:
                cause = f"--errors {self._path} cannot be written: {error.strerror}"
                raise UsageError(cause, remedy="Name a file in a folder that exists") from error
        return self

    def __exit__(self, *error: object) -> None:
        if self._stream:
            self._stream.close()

    def write(self, items: Iterable[Wrong]) -> None:
        for item in items:
            if self._stream:
                self._stream.write(json.dumps(item, ensure_ascii=False) + "\n")
