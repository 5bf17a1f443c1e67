"""Entries of a base as rows of ``reference_entries``: with terms and vectors of what they say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["reference_table", "renewed"]

_METHOD: Final = "entries/1"


def reference_table(entries: Sequence[Mapping[str, Any]]) -> pa.Table:
    """The entries that ``link.references`` read as rows of ``reference_entries``.

    An entry that states no language gets that of its claim. The claim has terms and a vector of its own only
    where it is not the title.
    """
    from tocsin.language import identify_all
    from tocsin.link.narratives.meanings import pack, vectors_of
    from tocsin.model import ReferenceEntry
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import REFERENCE_ENTRIES
    from tocsin.search.words import terms_of

    guessed = identify_all([entry["claim"] for entry in entries])
    languages = [entry["language"] or code for entry, (code, _) in zip(entries, guessed, strict=True)]
    own = [n for n, entry in enumerate(entries) if entry["claim"] != entry["title"]]
    titles, encoder = vectors_of([entry["title"] for entry in entries], languages)
    claims, _ = vectors_of([entries[n]["claim"] for n in own], [languages[n] for n in own])
    packed = {n: pack(vector) for n, vector in zip(own, claims, strict=True)}
    rows = []
    for n, (entry, language, vector) in enumerate(zip(entries, languages, titles, strict=True)):
        data, scale = pack(vector)
        claim_data, claim_scale = packed.get(n, (b"", 1.0))
        values = dict(entry) | {
            "language": language,
            "title_terms": tuple(terms_of(entry["title"], language)),
            "claim_terms": tuple(terms_of(entry["claim"], language)) if n in packed else (),
            "summary_terms": tuple(terms_of(entry["summary"], language)),
        }
        rows.append(
            ReferenceEntry(
                **values,
                vector=data,
                scale=scale,
                claim_vector=claim_data,
                claim_scale=claim_scale,
                method=f"{_METHOD}+{encoder}",
            )
        )
    return table_of(rows, REFERENCE_ENTRIES)


def renewed(rows: pa.Table) -> pa.Table | None:
    """A base that an earlier version imported, or whose vectors are another encoder's, as it would be now.

    ``rows`` in whatever columns they were written. None where nothing is to be done.
    """
    from tocsin.link.narratives.meanings import encoder_name
    from tocsin.link.references import earlier_entries
    from tocsin.model.tables import REFERENCE_ENTRIES

    as_declared = set(REFERENCE_ENTRIES.column_names) <= set(rows.column_names)
    if as_declared and set(rows.column("method").to_pylist()) <= {f"{_METHOD}+{encoder_name()}"}:
        return None
    return reference_table(earlier_entries(rows.to_pylist()))
