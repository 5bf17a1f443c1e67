"""The sentences kernels put into rows, read from their code: what catalogues translate as templates.

A sentence is a string or f-string of a declared module that reads as words; its values become holes,
``{1}``, or ``{1#}`` where the code formats a number. Errors, queries, patterns, ids and docstrings are none.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tocsin.judge.checks.calendar import WEEKDAYS
from tocsin.link.narratives.terms import rivals
from tocsin.model import LinkType

SOURCE = Path(__file__).parents[1] / "src" / "tocsin"
#: Whose sentences the workbench shows.
SPEAKERS = (
    *("link/citations.py", "link/copies.py", "link/forwards.py", "link/meaning.py", "link/origins.py"),
    *("link/narratives/course.py", "link/narratives/facts.py", "link/narratives/recurrence.py"),
    *("link/narratives/stage.py", "link/narratives/wordings.py"),
    *("detect/describe.py", "detect/inputs.py", "detect/kinds.py", "detect/surges.py"),
    *("detect/sharing/explain.py", "detect/sharing/layers.py", "detect/sharing/stage.py"),
    *("judge/checks/*.py", "judge/factchecks/match.py", "judge/estimative.py", "judge/forecasts.py"),
    *("resolve/times/anchor.py", "resolve/times/context.py", "resolve/times/days.py", "judge/window.py"),
    *("resolve/names/acronyms.py", "resolve/names/across.py", "resolve/names/align.py"),
    *("resolve/names/compare.py", "judge/ledger.py", "search/*.py", "present/checks.py"),
)
#: Whose errors it shows.
REFUSERS = (
    *("serve/**/*.py", "judge/desk.py", "judge/spans.py", "judge/ledger.py", "judge/ach.py", "api.py"),
    "errors.py",
)
#: Words that stand in for values, and frames around them that have no words of their own.
WORDS = (
    *map(str, LinkType),
    *WEEKDAYS,
    "d",
    "h",
    "min",
    "hour",
    "day",
    "week",
    "month",
    "year",
    *(
        "not named",
        "the author",
        "confirmed",
        "rejected",
        "corrected",
        "service message",
        "no text",
        "the workbench failed",
    ),
    *("asserted", "likely", "unlikely", "possible", "person", "org", "media"),
    "{1}; edges of towns and rounding: {2#}",
    *("{1} = {2} ({3}, {4#})", "“{1}”: {2}", "“{1}” = {2}"),
    "negation",
    *(f"{kind}: {{1}} {sign} {{2}}" for kind in ("actor", "place", "number", *rivals()) for sign in "≠→"),
    *(name for names in rivals().values() for name in names),
)
_NONE = re.compile(
    r"\\|\(\?|\[\^|^(?:\W|\{[0-9]#?\})+$|://|^//|= \?"
    r"|\b(?:SELECT|FROM|WHERE|JOIN|GROUP BY|ORDER BY|UNION|AS|IN)\b"
)
_NUMBER = re.compile(r"^[+,.\d]*[%fdgs]?$")
_NAMED = frozenset({"make_id", "getattr", "cast", "N_", "query", "select", "keep", "split", "word_set"})


class _Reader(ast.NodeVisitor):
    """Collects the templates of one module with their lines."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []
        self._inside = False

    def visit_Raise(self, node: ast.Raise) -> None:
        """Errors are read by themselves."""

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):
            self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> None:
        names = {target.id for target in node.targets if isinstance(target, ast.Name)}
        if "__all__" not in names:
            self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in _NAMED:
            self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self.visit(node.value)

    def visit_Compare(self, node: ast.Compare) -> None:
        """Words compared are no words said."""

    def visit_BinOp(self, node: ast.BinOp) -> None:
        parts = _parts(node)
        if parts is None:
            self.generic_visit(node)
        else:
            self._take(node.lineno, parts)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._take(node.lineno, _parts(node) or [])

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._keep(node.lineno, node.value)

    def _take(self, line: int, parts: list[str | ast.expr | ast.FormattedValue]) -> None:
        text, number = "", 0
        for part in parts:
            if isinstance(part, str):
                text += part
                continue
            number += 1
            spec = part.format_spec if isinstance(part, ast.FormattedValue) else None
            shape = (
                "".join(str(v.value) for v in spec.values if isinstance(v, ast.Constant))
                if isinstance(spec, ast.JoinedStr)
                else ""
            )
            text += f"{{{number}#}}" if shape and _NUMBER.match(shape) else f"{{{number}}}"
        self._keep(line, text)
        inside, self._inside = self._inside, True
        for part in parts:
            if not isinstance(part, str):
                self.visit(part.value if isinstance(part, ast.FormattedValue) else part)
        self._inside = inside

    def _keep(self, line: int, text: str) -> None:
        words = re.sub(r"\{\d#?\}", "", text)
        if _NONE.search(text) or not re.search(r"[a-z]", words) or re.fullmatch(r"[\w-]+ \d+", text):
            return
        if (
            " " in text.strip()
            or (self._inside and re.fullmatch(r" ?[a-z]+ ?", text))
            or (text != words and " " in text)
        ):
            self.found.append((line, text))


class _Refusals(_Reader):
    """Collects what the errors of one module say: causes, and what to do about them."""

    def visit_Module(self, node: ast.Module) -> None:
        for part in ast.walk(node):
            if isinstance(part, ast.Call) and getattr(part.func, "id", "").endswith("Error"):
                self.generic_visit(part)
            elif isinstance(part, ast.Assign) and getattr(part.targets[0], "id", "") == "default_remedy":
                self.visit(part.value)


def _parts(node: ast.expr) -> list[str | ast.expr | ast.FormattedValue] | None:
    """The pieces of a string that is put together: words and values; None for no string."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr):
        return [v.value if isinstance(v, ast.Constant) else v for v in node.values]  # type: ignore[misc]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _parts(node.left), _parts(node.right)
        if left is None and right is None:
            return None
        return [*(left if left is not None else [node.left]), *(right if right is not None else [node.right])]
    return None


def sentences() -> Iterator[tuple[str, int, str]]:
    """``(module, line, template)`` of everything the speakers and refusers say."""
    for patterns, kind in ((SPEAKERS, _Reader), (REFUSERS, _Refusals)):
        for pattern in patterns:
            for path in sorted(SOURCE.glob(pattern)):
                reader = kind()
                reader.visit(ast.parse(path.read_text(encoding="utf-8")))
                for line, text in reader.found:
                    yield path.relative_to(SOURCE).as_posix(), line, text


if __name__ == "__main__":
    for module, line, text in sentences():
        print(f"{module}:{line}: {text!r}")  # noqa: T201
