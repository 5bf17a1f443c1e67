"""What stands in the navigation: groups of ``(address, name)`` in order; a page adds its own line."""

from __future__ import annotations

from typing import Final

from tocsin.serve.i18n import N_

__all__ = ["MENU"]

MENU: Final[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = (
    (
        N_("Watch"),
        (
            ("/", N_("Today")),
            ("/alarms", N_("Alarms")),
            ("/stories", N_("Stories")),
            ("/narratives", N_("Narratives")),
            ("/co-sharing", N_("Co-sharing")),
        ),
    ),
    (
        N_("Who says what"),
        (
            ("/search", N_("Search")),
            ("/claims", N_("Claims")),
            ("/sources", N_("Sources")),
            ("/events", N_("Events")),
            ("/views", N_("Saved views")),
        ),
    ),
    (
        N_("Test it"),
        (
            ("/checks", N_("Checks")),
            ("/factchecks", N_("Fact-checks")),
            ("/forecasts", N_("Forecasts")),
            ("/hypotheses", N_("Hypotheses")),
        ),
    ),
    (
        N_("The case"),
        (
            ("/upload", N_("Upload")),
            ("/coverage", N_("Coverage")),
            ("/export", N_("Export")),
            ("/log", N_("Log")),
            ("/api/v1/docs", N_("For programs")),
            ("/help", N_("Help")),
        ),
    ),
)
