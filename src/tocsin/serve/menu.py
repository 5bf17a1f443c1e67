"""What stands in the navigation: ``(address, name)`` in order; a page adds its own line."""

from __future__ import annotations

from typing import Final

from tocsin.serve.i18n import N_

__all__ = ["MENU"]

MENU: Final[tuple[tuple[str, str], ...]] = (
    ("/", N_("Today")),
    ("/alarms", N_("Alarms")),
    ("/stories", N_("Stories")),
    ("/narratives", N_("Narratives")),
    ("/claims", N_("Claims")),
    ("/sources", N_("Sources")),
    ("/events", N_("Events")),
    ("/forecasts", N_("Forecasts")),
    ("/checks", N_("Checks")),
    ("/factchecks", N_("Fact-checks")),
    ("/hypotheses", N_("Hypotheses")),
    ("/co-sharing", N_("Co-sharing")),
    ("/search", N_("Search")),
    ("/coverage", N_("Coverage")),
    ("/upload", N_("Upload")),
    ("/export", N_("Export")),
    ("/log", N_("Log")),
)
