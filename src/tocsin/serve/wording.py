"""Wording that persuasion research names, in one document and on demand: a reading aid, no verdict.

Nothing of it is kept or counted. The head was taught on Ukrainian and Russian posts alone.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Final

from tocsin.language import identify
from tocsin.language.persuasion import NotInstalled, packaged_persuasion
from tocsin.model import Span
from tocsin.serve.i18n import N_

__all__ = ["LANGUAGES", "TECHNIQUES", "Wording", "wording_of"]

#: Languages the head was taught in.
LANGUAGES: Final = frozenset({"ru", "uk"})
#: What the techniques are called on pages.
TECHNIQUES: Final[dict[str, str]] = {
    "loaded_language": N_("loaded language"),
    "cherry_picking": N_("cherry-picking"),
    "glittering_generalities": N_("glittering generalities"),
    "euphoria": N_("euphoria"),
    "cliche": N_("cliché that ends thinking"),
    "fud": N_("fear, uncertainty and doubt"),
    "appeal_to_fear": N_("appeal to fear"),
    "whataboutism": N_("whataboutism"),
    "bandwagon": N_("everybody does it"),
    "straw_man": N_("straw man"),
}
#: Longest text that is read while somebody waits, in code points.
_LONGEST: Final = 20_000
#: Shown is what is more likely there than not: readers of ordinary posts are not to see a mark everywhere.
_LEAST: Final = 0.5
_ONE_AT_A_TIME: Final = threading.Lock()


@dataclass(frozen=True, slots=True)
class Wording:
    """Of one document: the techniques more likely there than not with their chance, the surest first, and the
    words marked; ``cause`` says why it was not read."""

    techniques: tuple[tuple[str, float], ...] = ()
    spans: tuple[Span, ...] = ()
    cause: str = ""


def wording_of(text: str) -> Wording:
    """Read a text with the head of persuasion; some sixty milliseconds for a post."""
    if len(text) > _LONGEST:
        return Wording(cause=N_("The text is too long to be read for wording."))
    if identify(text)[0] not in LANGUAGES:
        return Wording(cause=N_("Only Russian and Ukrainian are read for wording."))
    with _ONE_AT_A_TIME:
        head = packaged_persuasion()
        if isinstance(head, NotInstalled):
            return Wording(cause=N_("The weights for wording are not installed."))
        found = head.text(text, _LEAST)
    surest = sorted(found.present, key=lambda name: -found.techniques[name])
    return Wording(
        tuple((name, found.techniques[name]) for name in surest),
        tuple(Span(start, end) for start, end in found.spans),
    )
