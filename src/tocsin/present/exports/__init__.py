"""Exports of a case for other programs."""

from __future__ import annotations

from tocsin.present.exports.pseudonyms import PseudonymousTables, pseudonym
from tocsin.present.exports.tables import TABLE_FORMATS, export_table

__all__ = ["TABLE_FORMATS", "PseudonymousTables", "export_table", "pseudonym"]
