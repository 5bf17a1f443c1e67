"""Exports of a case for other programs."""

from __future__ import annotations

from tocsin.present.exports.pseudonyms import PseudonymousTables, pseudonym
from tocsin.present.exports.tables import ROW_FORMATS, TABLE_FORMATS, export_rows, export_table

__all__ = [
    "ROW_FORMATS",
    "TABLE_FORMATS",
    "PseudonymousTables",
    "export_rows",
    "export_table",
    "pseudonym",
]
