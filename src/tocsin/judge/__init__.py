"""Judgement: what people decided. Machines propose with evidence; nothing is overwritten."""

from __future__ import annotations

from tocsin.judge.log import standing

__all__ = ["standing"]
