"""Judgement: what people decided, and the ledgers, matrices and boards that follow from it.

Machines propose with evidence, people decide, nothing is overwritten. ``stage`` derives forecasts and blame;
``log`` reads the judgement log; ``desk`` is every view and act on one case. Light to import.
"""

from __future__ import annotations

from tocsin.judge.log import in_force, opinions, standing

__all__ = ["in_force", "opinions", "standing"]
