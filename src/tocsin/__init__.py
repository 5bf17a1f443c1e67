"""tocsin: early warning and claim provenance for information attacks.

>>> import tocsin
>>> case = tocsin.Case("my-case")            # doctest: +SKIP
>>> case.add(["export/result.json"])         # doctest: +SKIP
>>> for claim in case.claims(): ...          # doctest: +SKIP

Importing this package loads no engine, no model and no web code; names are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version as _distribution_version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tocsin.api import Case, read
    from tocsin.errors import TocsinError
    from tocsin.settings import Settings

__all__ = ["Case", "Settings", "TocsinError", "__version__", "read"]

__version__ = _distribution_version("tocsin")

_HOMES = {
    "Case": "tocsin.api",
    "Settings": "tocsin.settings",
    "TocsinError": "tocsin.errors",
    "read": "tocsin.api",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'tocsin' has no attribute {name!r}")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted(__all__)
