"""tocsin: early warning and claim provenance for information attacks.

>>> import tocsin
>>> case = tocsin.Case("my-case")            # doctest: +SKIP
>>> case.add(["export/result.json"])         # doctest: +SKIP
>>> for claim in case.claims(): ...          # doctest: +SKIP

Importing this package loads no engine, no model and no web code; names are loaded when first used.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.metadata import version as _distribution_version
from types import ModuleType
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


class _Package(ModuleType):
    """Keeps ``tocsin.read`` the function.

    The package of readers has the same name, and importing a submodule sets it as an attribute of its
    parent; without this, ``tocsin.read(...)`` would work once and then be a module. ``from tocsin.read import
    …`` looks the package up by its full name and is not affected.
    """

    @property
    def read(self) -> Any:
        return __getattr__("read")

    @read.setter
    def read(self, submodule: ModuleType) -> None:
        """Ignore the import system's attribute: ``sys.modules`` has the package."""


sys.modules[__name__].__class__ = _Package
