"""Hypotheses: boards of competing hypotheses, rated by several analysts side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Form, Path, Query, Request, Response
from pydantic import BaseModel, Field

from tocsin.errors import ConflictError, NoSuchFindingError, UsageError
from tocsin.judge import ach
from tocsin.judge.ach_files import to_csv, to_markdown
from tocsin.judge.desk import Act, Desk
from tocsin.model import Verdict
from tocsin.serve.access import Guarded, needs
from tocsin.serve.acting import Attempt, perform
from tocsin.serve.dependencies import CaseNow, Who
from tocsin.serve.event_list import events
from tocsin.serve.i18n import N_
from tocsin.serve.reading import View
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
Id = Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
Name = Annotated[str, Field(max_length=200)]
Long = Annotated[str, Field(max_length=10_000)]
Level = Literal["low", "medium", "high"]
Analyst = Annotated[str, Query(max_length=200)]
_KINDS = (N_("note"), N_("claim"), N_("check"), N_("alarm"))
_LEVELS = (N_("low"), N_("medium"), N_("high"))
_TRIES = 3


def _address(name: str) -> str:
    return f"/hypotheses/{ach.board_id(name)}"


def _name_of(view: View, board_id: str) -> str:
    for name in ach.boards_of(view.raw_log):
        if ach.board_id(name) == board_id:
            return name
    raise NoSuchFindingError(f"there is no board {board_id}")


def _work(request: Request, view: View, attempt: Attempt, work: Callable[[Desk], object]) -> Response:
    """Let ``work`` append to a board; what only adds is tried again when somebody else added meanwhile."""
    bench = request.app.state.bench

    def acts() -> Sequence[Act]:
        now = view
        for left in range(_TRIES - 1, -1, -1):
            try:
                work(bench.judging.desk(now))
                break
            except ConflictError:
                if not left:
                    raise
                now = bench.reader.view()
        return ()

    return perform(request, view, attempt, acts)


def _fields(form: BaseModel) -> dict[str, str]:
    values: dict[str, Any] = form.model_dump()
    return {name: str(value) for name, value in values.items()}


@router.get("/hypotheses")
@needs(Role.READER)
def hypotheses(request: Request, view: CaseNow) -> Response:
    """Every board, with its size and what comes first."""
    boards = [ach.board_of(view.raw_log, name) for name in ach.boards_of(view.raw_log)]
    rows = [(b, ach.board_id(b.name), [r for r in ach.ranking(b) if r.place == 1]) for b in boards]
    return page(request, "hypotheses.html.j2", rows=rows, events=[e.label for e in events(view)[:50]])


@router.get("/hypotheses/{board_id}")
@needs(Role.READER)
def board(request: Request, board_id: Id, view: CaseNow, who: Who, analyst: Analyst = "") -> Response:
    """One board: ranking, matrix, what the ranking hangs on, where analysts differ."""
    found = ach.board_of(view.raw_log, _name_of(view, board_id))
    return page(
        request,
        "board.html.j2",
        board=found,
        board_id=board_id,
        analyst=analyst if analyst in found.analysts else "",
        me=who.name,
        ranked=ach.ranking(found, analyst),
        spread=ach.diagnosticity(found, analyst),
        removals=ach.sensitivity(found, analyst),
        apart=ach.disagreements(found),
        seen=view.seen(board_id),
        levels=_LEVELS,
        ratings=ach.RATINGS,
        kinds=_KINDS,
    )


@router.get("/hypotheses/{board_id}/board.{kind}")
@needs(Role.READER)
def export(
    board_id: Id, view: CaseNow, kind: Annotated[Literal["csv", "md"], Path()], analyst: Analyst = ""
) -> Response:
    """A board as CSV or Markdown."""
    found = ach.board_of(view.raw_log, _name_of(view, board_id))
    text = to_csv(found, analyst) if kind == "csv" else to_markdown(found, analyst)
    media = "text/csv" if kind == "csv" else "text/markdown"
    headers = {"Content-Disposition": f'attachment; filename="board.{kind}"'}
    return Response(text.encode(), media_type=f"{media}; charset=utf-8", headers=headers)


class BoardForm(BaseModel):
    """A new board: its name and its first hypotheses, one a line, or the event it is proposed from."""

    board: Name = ""
    text: Long = ""
    event: Annotated[str, Field(max_length=2000)] = ""
    propose: bool = False


@router.post("/hypotheses")
@needs(Role.ANALYST)
def begin(request: Request, view: CaseNow, who: Who, form: Annotated[BoardForm, Form()]) -> Response:
    """Begin a board, by hand or from rival blame."""
    name = " ".join(form.board.split())

    def work(desk: Desk) -> None:
        if not name:
            raise UsageError("the board has no name", remedy="Give it one")
        if ach.board_id(name) in {ach.board_id(n) for n in desk.boards()}:
            raise UsageError(f"there is a board {name!r} already", remedy="Choose another name")
        if form.propose:
            desk.propose_board(name, form.event)
            return
        lines = [line.strip() for line in form.text.splitlines() if line.strip()]
        if not lines:
            raise UsageError("the board has no hypothesis", remedy="Write at least one, one a line")
        desk.add_hypotheses(name, lines, who.name)

    return _work(request, view, Attempt("/hypotheses", _fields(form), back=_address(name)), work)


class HypothesisForm(BaseModel):
    """One more hypothesis of a board."""

    board: Name
    text: Long


@router.post("/hypotheses/hypothesis")
@needs(Role.ANALYST)
def hypothesis(
    request: Request, view: CaseNow, who: Who, form: Annotated[HypothesisForm, Form()]
) -> Response:
    """Put a hypothesis on a board."""

    def work(desk: Desk) -> None:
        _refuse_empty(form.text)
        desk.board(form.board)
        desk.add_hypothesis(form.board, form.text.strip(), who.name)

    back = _address(form.board)
    return _work(request, view, Attempt("/hypotheses/hypothesis", _fields(form), back=back), work)


class EvidenceForm(BaseModel):
    """One item of evidence, with the weights it bears."""

    board: Name
    text: Long
    kind: Literal["note", "claim", "check", "alarm"] = "note"
    finding: Annotated[str, Field(max_length=100)] = ""
    source: Annotated[str, Field(max_length=2000)] = ""
    credibility: Level = "medium"
    relevance: Level = "medium"


@router.post("/hypotheses/evidence")
@needs(Role.ANALYST)
def evidence(request: Request, view: CaseNow, who: Who, form: Annotated[EvidenceForm, Form()]) -> Response:
    """Put an item of evidence on a board."""
    values = {k: v.strip() for k, v in _fields(form).items() if k not in {"board", "text"} and v.strip()}

    def work(desk: Desk) -> None:
        _refuse_empty(form.text)
        desk.board(form.board)
        desk.add_evidence(form.board, form.text.strip(), who.name, **values)

    back = _address(form.board)
    return _work(request, view, Attempt("/hypotheses/evidence", _fields(form), back=back), work)


def _refuse_empty(text: str) -> None:
    if not text.strip():
        raise UsageError("there are no words", remedy="Write some")


class RatingsForm(BaseModel):
    """Cells of a board as ``E1 H1 CC``; one without a rating is left as it is."""

    board: Name
    cell: list[Annotated[str, Field(max_length=40)]] = []
    seen: int = Field(ge=0, lt=1 << 62)


@router.post("/hypotheses/ratings")
@needs(Role.ANALYST)
def rate(request: Request, view: CaseNow, who: Who, form: Annotated[RatingsForm, Form()]) -> Response:
    """Rate cells: of those sent, the ones that differ from what the analyst rated before."""
    key = ach.board_id(form.board)

    def acts() -> Sequence[Act]:
        desk: Desk = request.app.state.bench.judging.desk(view)
        found = desk.board(form.board)
        changed = []
        for cell in form.cell:
            parts = cell.split()
            if len(parts) == 3 and found.cell(parts[0], parts[1], who.name) != parts[2]:
                changed.append((parts[0], parts[1], parts[2]))
        cells = {(e, h) for e, h, _ in changed}
        _refuse_newer(view, key, who.name, form.seen, cells)
        return desk.ratings(form.board, changed, who.name)

    fields = {"board": form.board, "seen": str(form.seen)}
    return perform(request, view, Attempt("/hypotheses/ratings", fields, key, _address(form.board)), acts)


def _refuse_newer(view: View, board_id: str, author: str, seen: int, cells: set[tuple[str, str]]) -> None:
    """Refuse to rate over what the same analyst rated elsewhere meanwhile; others' ratings stand beside."""
    for entry in view.raw_log:
        if entry.sequence <= seen or entry.finding_id != board_id or entry.author != author:
            continue
        step = ach.step_of(entry) if entry.verdict == Verdict.ASSESS else {}
        if (step.get("evidence"), step.get("hypothesis")) in cells and "rating" in step:
            raise ConflictError(f"you rated the same cell elsewhere meanwhile (entry {entry.sequence})")


class ImportForm(BaseModel):
    """A matrix as CSV, pasted."""

    board: Name = ""
    text: Annotated[str, Field(max_length=500_000)] = ""


@router.post("/hypotheses/import")
@needs(Role.ANALYST)
def import_board(request: Request, view: CaseNow, who: Who, form: Annotated[ImportForm, Form()]) -> Response:
    """Add a CSV matrix to a board, begun if it is new."""

    def work(desk: Desk) -> None:
        if not form.board.strip():
            raise UsageError("the board has no name", remedy="Give it one")
        desk.import_board(form.board, form.text, who.name)

    back = _address(form.board)
    return _work(request, view, Attempt("/hypotheses/import", _fields(form), back=back), work)
