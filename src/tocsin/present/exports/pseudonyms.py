"""Accounts under pseudonyms: the tables of a case with every name of an account replaced.

The same name has the same pseudonym wherever one phrase is used, so counts and groups stay right; without the
phrase nobody can find it by trying names (keyed BLAKE2b, RFC 7693). Addresses of posts are left out, for they
name accounts. **Texts stay verbatim**: a post that names its own channel still does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

import pyarrow as pa

from tocsin.model import TABLES, Tables

__all__ = ["PseudonymousTables", "pseudonym"]

#: Columns that are quoted or name no account, left as they are: texts are evidence.
_VERBATIM = frozenset({"text", "title", "document_id", "method"})


def pseudonym(name: str, phrase: str) -> str:
    """The pseudonym of an account's name or id: "account-" and eight hexadecimal digits."""
    key = blake2b(phrase.encode(), digest_size=32).digest()
    return "account-" + blake2b(name.encode(), key=key, digest_size=4).hexdigest()


class PseudonymousTables:
    """``tables`` with accounts under pseudonyms; a ``Tables`` itself.

    Raises ValueError for an empty phrase: everybody knows it.
    """

    def __init__(self, tables: Tables, phrase: str) -> None:
        if not phrase:
            raise ValueError("pseudonyms need a phrase")
        self._tables = tables
        self._phrase = phrase
        self._known: dict[str, str] = {}

    def table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """As ``Tables.table``; the order of rows is that of the true names."""
        return self._replaced(name, self._tables.table(name, columns))

    def select(self, name: str, column: str, values: Iterable[str]) -> pa.Table:
        """As ``Tables.select``; ``values`` are true ones."""
        return self._replaced(name, self._tables.select(name, column, values))

    @cached_property
    def _accounts(self) -> frozenset[str]:
        """Every name and id of an account: as a speaker, one stands in other tables too."""
        columns = [column.name for column in TABLES["documents"].columns if column.account]
        documents = self._tables.table("documents", columns)
        return frozenset(
            value for name in columns for value in documents.column(name).unique().to_pylist() if value
        )

    def _replaced(self, name: str, data: pa.Table) -> pa.Table:
        for column in TABLES[name].columns:
            if column.name not in data.column_names or column.name in _VERBATIM:
                continue
            if column.type not in {"string", "strings"}:
                continue
            place = data.column_names.index(column.name)
            values = data.column(column.name).to_pylist()
            if column.name == "url":
                values = [None] * len(values)
            else:
                values = [self._value(value, always=column.account) for value in values]
            field = data.schema.field(place)
            data = data.set_column(place, field, pa.array(values, type=field.type))
        return data

    def _value(self, value: Any, *, always: bool) -> Any:
        if isinstance(value, list):
            return [self._value(item, always=always) for item in value]
        if not value or not (always or value in self._accounts):
            return value
        if value not in self._known:
            self._known[value] = pseudonym(value, self._phrase)
        return self._known[value]
