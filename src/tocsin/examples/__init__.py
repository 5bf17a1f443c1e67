"""The demo corpus: invented posts of invented outlets in four languages, with known truth.

Everything in it is fictional (``README.md`` names the outlets); the cities are real, so that the
map is. ``tocsin demo`` reads ``corpus_dir()``; the tests hold what it finds against ``truth()``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

__all__ = ["corpus_dir", "corpus_files", "truth"]

_HERE = Path(__file__).parent


def corpus_dir() -> Path:
    """The folder of the corpus; it holds nothing but the corpus."""
    return _HERE / "corpus"


def corpus_files() -> tuple[Path, ...]:
    """The files of the corpus, sorted by path."""
    return tuple(path for path in sorted(corpus_dir().rglob("*")) if path.is_file())


def truth() -> dict[str, Any]:
    """What the corpus truly holds; the keys are explained in ``truth()["conventions"]``.

    Its quotations are verbatim substrings of the posts, so spans follow by searching: see
    ``tocsin.testing.truth``, which also validates the whole.
    """
    loaded: dict[str, Any] = json.loads((_HERE / "truth.json").read_text(encoding="utf-8"))
    return loaded
