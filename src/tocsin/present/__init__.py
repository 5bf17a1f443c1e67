"""What people see: the brief, its charts and its map.

Importing this package loads no engine and no template library; ``build_brief`` does when it is called.
"""

from __future__ import annotations

from tocsin.present.brief import build_brief
from tocsin.present.source import InputFacts, RunFacts, StageFacts

__all__ = ["InputFacts", "RunFacts", "StageFacts", "build_brief"]
