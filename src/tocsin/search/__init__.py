"""Search of a case: by words (BM25), by meaning (vectors), or both; across languages. Light to import."""

from __future__ import annotations

from tocsin.search.query import Filters, Hit

__all__ = ["Filters", "Hit"]
