"""Stages run in memory, on documents that are in no case: for benchmarks and tests of planted worlds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pyarrow as pa

from tocsin.model import TABLES, Document
from tocsin.model.arrow import empty_table, table_of
from tocsin.pipeline import STAGES
from tocsin.settings import Settings
from tocsin.stage import CorpusInput

__all__ = ["derive_tables"]


def derive_tables(documents: Iterable[Document], wanted: Sequence[str]) -> dict[str, pa.Table]:
    """Run the stages that the ``wanted`` tables need, and no others; returns every table there then is.

    All documents are one partition, settings are the defaults, imported tables are empty. Raises whatever a
    kernel raises, KeyError for a table that no stage writes.
    """
    tables = {"documents": table_of(documents, TABLES["documents"])}
    writer = {table: stage for stage in STAGES for table in stage.writes}
    needed: set[str] = set()
    open_ = [writer[table] for table in wanted]
    while open_:
        stage = open_.pop()
        if stage.name not in needed:
            needed.add(stage.name)
            open_ += [writer[table] for table in stage.reads if table in writer]

    def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        found = tables[name] if name in tables else empty_table(TABLES[name])
        return found.select(list(columns)) if columns else found

    settings = Settings()
    for stage in STAGES:
        if stage.name not in needed:
            continue
        named = {name: settings[name] for name in stage.settings}
        if stage.corpus:
            tables |= stage.load()(CorpusInput(table, named, {}))
            continue
        inputs = {name: table(name, columns) for name, columns in stage.reads.items()}
        tables |= stage.load()(**inputs, **({"settings": named} if named else {}))
    return tables
