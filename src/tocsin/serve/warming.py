"""What pages would make when first asked, made before anybody asks.

A large case takes seconds for the tables that lists are made of. ``tocsin serve`` makes them in the
background when it starts; a large case that changed is shown as it was until they are made anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from tocsin.serve.reading import View

__all__ = ["warm"]

_LANGUAGE: Final = "en"


def _steps() -> Iterator[Callable[[View], object]]:
    """In the order in which people are likely to ask."""
    from tocsin.present.map import simplify_outlines
    from tocsin.search import Filters
    from tocsin.serve.check_list import CheckFilters, find_checks
    from tocsin.serve.claim_list import choices
    from tocsin.serve.coverage import coverage_of
    from tocsin.serve.event_list import matrix
    from tocsin.serve.facts import with_facts, with_places
    from tocsin.serve.finding import best_hits
    from tocsin.serve.forecast_list import ForecastFilters, find_forecasts, scores
    from tocsin.serve.narrative_list import with_narrative_index
    from tocsin.serve.source_list import source_tables
    from tocsin.serve.story_list import with_story_index
    from tocsin.serve.today import corpus_of, inconsistent

    yield with_facts
    yield with_story_index
    yield lambda view: find_forecasts(view, ForecastFilters())
    yield corpus_of
    yield inconsistent
    yield choices
    yield with_narrative_index
    yield source_tables
    yield matrix
    yield lambda view: scores(view, 1)
    yield lambda view: coverage_of(view, 0, _LANGUAGE)
    yield lambda view: find_checks(view, CheckFilters())
    yield with_places
    yield lambda _: simplify_outlines()
    yield lambda view: find_forecasts(view, ForecastFilters(words=_LANGUAGE, source=_LANGUAGE))
    yield lambda view: matrix(view, _LANGUAGE)
    yield matrix
    yield lambda view: best_hits(view, _LANGUAGE, "both", Filters(), 1)


def warm(view: View, stopped: Callable[[], bool]) -> None:
    """Make all of it for a view, unless it is stopped meanwhile."""
    for step in _steps():
        if stopped():
            return
        step(view)
