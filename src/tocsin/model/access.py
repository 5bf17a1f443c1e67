"""How a stage or a page reaches the declared tables of a case, without knowing the store."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["CorpusTables", "Tables"]


class CorpusTables(Protocol):
    """What the kernel of a corpus stage is given; ``tocsin.stage.CorpusInput`` says what each part holds."""

    @property
    def table(self) -> Callable[..., pa.Table]: ...
    @property
    def settings(self) -> Mapping[str, int | float | str | bool]: ...
    @property
    def previous(self) -> Mapping[str, pa.Table]: ...


class Tables(Protocol):
    """Whatever can hand out the declared tables of one case."""

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The rows of the declared table ``name`` for current document versions, in canonical order.

        All columns, or only the named ones in the order named.
        """
        ...

    def select(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        """Those of the rows whose ``column`` is one of ``values``, in canonical order."""
        ...
