"""Figures of the documentation's pages, taken from where they are measured, so that no page can drift.

A page holds ``<!-- figures: KIND ARGUMENTS -->`` … ``<!-- end -->``; ``fill`` writes what stands between:

``peers PATTERN…``     rows of the README's table of figures whose command contains one of the patterns
``all``                that whole table
``floors FILE COMMAND``  a floor file of ``benchmarks/floors`` (or a path from the root) as a table
"""

from __future__ import annotations

import json
import re
from pathlib import Path

__all__ = ["FiguresError", "fill", "peers"]

ROOT = Path(__file__).parents[1]
FLOORS = ROOT / "benchmarks" / "floors"
HEADER = ("what", "data", "tocsin", "peer, same run", "command")
LANGUAGES = {"en": "English", "ru": "Russian", "uk": "Ukrainian", "kk": "Kazakh", "all": "all"}
_BLOCK = re.compile(r"(<!-- figures: (?P<order>.+?) -->\n).*?(<!-- end -->)", re.DOTALL)


class FiguresError(ValueError):
    """A page asks for figures that are not there."""


def fill(page: str) -> str:
    """The page with every block of figures written anew; raises FiguresError."""
    return _BLOCK.sub(lambda m: m[1] + "\n" + "\n".join(_lines(m["order"])) + "\n\n" + m[3], page)


def _lines(order: str) -> list[str]:
    kind, _, rest = order.partition(" ")
    if kind == "peers":
        return peers(*rest.split())
    if kind == "all":
        return peers("")
    if kind == "floors":
        name, _, command = rest.partition(" ")
        return floors(name, command)
    raise FiguresError(f"no such figures: {order}")


def _row(*cells: object) -> str:
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


# --- the README's table ------------------------------------------------------------------------


def _measured() -> list[list[str]]:
    """The rows of the README's table; "same" is replaced by what it refers to."""
    lines = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()
    rows: list[list[str]] = []
    for line in lines[lines.index(_row(*HEADER)) + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows.append([rows[-1][i] if cell == "same" and rows else cell for i, cell in enumerate(cells)])
    return rows


def peers(*patterns: str) -> list[str]:
    """Rows of the README's table whose command contains one of the patterns; raises FiguresError."""
    rows = [row for row in _measured() if any(pattern in row[-1] for pattern in patterns)]
    if not rows:
        raise FiguresError(f"no row of the README's table has a command with {' or '.join(patterns)}")
    return [_row(*HEADER), "|" + "---|" * len(HEADER), *(_row(*row) for row in rows)]


# --- floor files -------------------------------------------------------------------------------


def floors(name: str, command: str) -> list[str]:
    """A floor file as a table, one column for each language or each metric, whichever is fewer."""
    path = ROOT / name if "/" in name else FLOORS / name
    metrics: dict[str, float] = json.loads(path.read_text(encoding="utf-8"))["metrics"]
    script = command.split(maxsplit=1)[0]
    if script.endswith(".py") and not (ROOT / script).is_file():
        raise FiguresError(f"{name}: there is no {script}")
    said = "python " + command if script.endswith(".py") else command
    where = path.relative_to(ROOT).as_posix()
    return [
        f"Floors (`{where}`): a run of `{said}` that falls below one of them fails.",
        "",
        *_table(metrics),
    ]


def _table(metrics: dict[str, float]) -> list[str]:
    pairs = {key: _split(key) for key in metrics}
    left = sorted({a for a, _ in pairs.values()}, key=_order)
    right = sorted({b for _, b in pairs.values()}, key=_order)
    if not all(b for _, b in pairs.values()):
        return [_row("measure", "floor"), "|---|---|", *(_row(k, _number(v)) for k, v in metrics.items())]
    values = {pair: metrics[key] for key, pair in pairs.items()}
    rows, columns = (left, right) if len(right) <= len(left) else (right, left)
    turned = rows is right
    lines = [_row("", *(LANGUAGES.get(c, c) for c in columns)), "|---|" + "---|" * len(columns)]
    for row in rows:
        found = [values.get((column, row) if turned else (row, column)) for column in columns]
        lines.append(_row(LANGUAGES.get(row, row), *("–" if v is None else _number(v) for v in found)))
    return lines


def _split(key: str) -> tuple[str, str]:
    """A metric's name in two: what it is measured on, and what."""
    dotted = re.match(r"(all|en|ru|uk|kk)\.(.+)$", key)
    a, _, b = (dotted[1], ":", dotted[2]) if dotted else key.partition(": ")
    return a, b


def _order(name: str) -> tuple[int, float, str]:
    known = list(LANGUAGES)
    if name in known:
        return known.index(name), 0.0, name
    return len(known), float(name) if name.isdecimal() else 0.0, name


def _number(value: float) -> str:
    return f"{value:.3f}".removeprefix("0")
