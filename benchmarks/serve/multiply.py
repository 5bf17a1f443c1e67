"""A big case made of a small one: every table again and again, with ids and channels of their own.

    python benchmarks/serve/multiply.py SMALL BIG [--times 67]

Texts repeat, so what is searched or compared by words means nothing in it; sizes, distributions and the work
of lists are those of a case that many times as large. Vectors and search tables are left out.
"""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tocsin.model import TABLES
from tocsin.store import CaseStore, Change, read_segment

#: Tables of the whole case that no list reads, and those of one row.
LEFT_OUT = {
    *(
        "claim_meanings",
        "entities",
        "search_documents",
        "search_terms",
        "shares",
        "surge_points",
        "surge_scope",
    ),
    *("surges", "wording_links", "wordings"),
}
_ID = re.compile("[0-9a-f]{32}")


def _other(column: pa.Array, mark: str) -> pa.Array:
    """Ids made over: three letters are the number of the copy.

    Not the first, so that ids stay in order; nor late ones, for ids of a real case differ early.
    """
    parts = (pc.utf8_slice_codeunits(column, 0, 5), mark, pc.utf8_slice_codeunits(column, 8, 32), "")
    return pc.binary_join_element_wise(*parts)


def _is_id(name: str, column: pa.ChunkedArray) -> bool:
    if not pa.types.is_string(column.type) or not name.endswith("_id") or name == "place_id":
        return False
    first = next((v for v in column.to_pylist()[:50] if v is not None), "")
    return bool(_ID.fullmatch(first))


def copy_of(data: pa.Table, copy: int) -> pa.Table:
    """The rows of a table as those of another part of the case."""
    mark = f"{copy:03x}"
    columns = []
    for field in data.schema:
        column = data.column(field.name).combine_chunks()
        if field.name in {"channel", "channel_id"}:
            column = pc.binary_join_element_wise(column, f"{copy % 40}", " ")
        elif field.name == "chain":
            values = _other(column.values, mark)
            column = pa.ListArray.from_arrays(column.offsets, values, type=column.type)
        elif _is_id(field.name, data.column(field.name)):
            column = _other(column, mark)
        columns.append(column)
    return pa.Table.from_arrays(columns, schema=data.schema)


def _partition(name: str, copy: int) -> str:
    return f"{name}-{copy}"


def multiply(small: Path, big: Path, times: int) -> None:
    """Write the big case; a partition of the small one is one of the big one for each copy."""
    with CaseStore(small, create=False) as source, CaseStore(big) as target:
        segments = [s for s in source.catalogue.segments() if s.table not in LEFT_OUT and s.rows]
        run = target.catalogue.begin_run("0", "multiply", {}, "")
        tables = {s.name: read_segment(small, s) for s in segments}
        for copy in range(times):
            new = [
                target.write(s.table, copy_of(tables[s.name], copy), _partition(s.partition, copy))
                for s in segments
                if s.table in TABLES
            ]
            target.commit(Change(add=tuple(new)), run)
        target.catalogue.end_run(run)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("small", type=Path)
    parser.add_argument("big", type=Path)
    parser.add_argument("--times", type=int, default=67)
    given = parser.parse_args()
    multiply(given.small, given.big, given.times)
