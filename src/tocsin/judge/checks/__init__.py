"""Claims tested by computation: distances, dates, sums, sizes, sources and captions.

A check finds statements of one form in a document, computes, and gives results whose workings a reader can
redo by hand (``protocol``). ``registry`` knows the checks of this package and plug-ins; ``lines`` shows a
check a sentence with its places, times and quantities as marks, so that the forms of each language are
patterns in ``data``; ``stage`` runs everything. Light to import.
"""

from __future__ import annotations

from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result

__all__ = ["DocumentCheck", "DocumentFacts", "Input", "Result"]
