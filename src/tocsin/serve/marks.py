"""The short marks by which the extraction says why it holds something, in the language of the page.

They are no sentences: a word for the rule, then the words it was found by («neg: не», «verb: say, that»).
Rows and English pages have them as they are.
"""

from __future__ import annotations

import re
from typing import Final

from markupsafe import Markup, escape

from tocsin.present.evidence import shown
from tocsin.serve.i18n import N_, catalogue

__all__ = ["mark"]

_WHOLE: Final = {
    "stated without a source": N_("stated without a source"),
    "network": N_("found by the network"),
    "bidding leaves it open": N_("bidding leaves it open"),
    "question": N_("a question"),
    "no hedge rules for this language": N_("no rules for doubts in this language"),
    "unlikely": N_("unlikely"),
    "as X reports": N_("as a source reports"),
    "first person": N_("first person"),
    "layout: source before a colon": N_("layout: source before a colon"),
    "layout: source after a dash": N_("layout: source after a dash"),
}
_BEFORE: Final = {
    "neg": N_("negation"),
    "ps": N_("possible"),
    "pr": N_("probable"),
    "uu": N_("open"),
    "cue": N_("cue"),
    "phrase": N_("turn of phrase"),
    "verb": N_("verb"),
    "pattern": N_("pattern"),
    "impersonal": N_("impersonal"),
    "first person": N_("first person"),
}
_BY: Final = "source by "
_SOURCE_BY: Final = N_("source by: %(rule)s")
#: How the content follows a verb («say, that»): of use to those who write rules.
_ORDER: Final = re.compile(r", [a-z ]+$")


def mark(reason: str, language: str) -> Markup | None:
    """A mark in a language; None for what is none, and in English."""
    if language == "en":
        return None
    words = catalogue(language).gettext
    if reason in _WHOLE:
        return shown(words(_WHOLE[reason]))
    if reason.startswith(_BY):
        rule = mark(reason.removeprefix(_BY), language)
        return escape(words(_SOURCE_BY)) % {"rule": rule} if rule is not None else None
    name, _, found = reason.partition(": ")
    if name not in _BEFORE or not found:
        return None
    return shown(f"{words(_BEFORE[name])}: {_ORDER.sub('', found) if name == 'verb' else found}")
