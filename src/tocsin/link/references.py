"""Bases of earlier cases, imported from tables: what narratives are compared with beside the case itself.

A table has a header. ``title`` is needed; ``date``, ``id`` or ``url``, and the lists ``countries``,
``keywords``, ``languages`` and ``outlets`` (parts joined by ``+``, ``;`` or ``|``) are kept if there.
The columns are those of the EUvsDisinfo catalogue.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from tocsin.errors import BadMappingError
from tocsin.model import ReferenceEntry, make_id

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["read_references", "reference_table"]

_PARTS: Final = re.compile(r"\s*[+;|]\s*")
_LISTS: Final = ("countries", "keywords", "languages", "outlets")


def _date(text: str) -> datetime | None:
    """A date in ISO form; anything else is no date: an entry without one is still an entry."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def read_references(data: bytes, base: str) -> list[Mapping[str, object]]:
    """The entries of a CSV table (UTF-8), without vectors; rows without a title are left out.

    ``base`` names the catalogue. Raises BadMappingError when there is no column ``title``.
    """
    reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig", "replace"), newline=""))
    if "title" not in (reader.fieldnames or ()):
        raise BadMappingError(
            "the table has no column named title", remedy="name the column of titles 'title'"
        )
    found: dict[str, Mapping[str, object]] = {}
    for row in reader:
        title = " ".join((row.get("title") or "").split())
        if not title:
            continue
        url = (row.get("url") or row.get("id") or "").strip()
        key = make_id("reference", base, url or title, title)
        lists = {
            name: tuple(part for part in _PARTS.split((row.get(name) or "").strip()) if part)
            for name in _LISTS
        }
        found[key] = {
            "reference_id": key,
            "base": base,
            "title": title,
            "url": url or None,
            "date": _date(row.get("date") or ""),
            **lists,
        }
    return [found[key] for key in sorted(found)]


def reference_table(entries: list[Mapping[str, object]]) -> pa.Table:
    """The entries as rows of ``reference_entries``, with the vectors of their titles."""
    from tocsin.language import identify_all
    from tocsin.link.narratives.meanings import pack, vectors_of
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import REFERENCE_ENTRIES

    titles = [str(entry["title"]) for entry in entries]
    languages = [code for code, _ in identify_all(titles)]
    vectors, encoder = vectors_of(titles, languages)
    rows = []
    for entry, language, vector in zip(entries, languages, vectors, strict=True):
        data, scale = pack(vector)
        rows.append(ReferenceEntry(**entry, language=language, vector=data, scale=scale, method=encoder))  # type: ignore[arg-type]
    return table_of(rows, REFERENCE_ENTRIES)
