"""Help: the words the pages use, what each page is for, the keys."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request, Response

from tocsin.present import words
from tocsin.serve.access import Guarded, needs
from tocsin.serve.i18n import N_
from tocsin.serve.rendering import page
from tocsin.serve.tokens import Role

__all__ = ["PAGES", "router"]

router = APIRouter(route_class=Guarded, include_in_schema=False)
#: What each page of the navigation answers.
PAGES: Final = {
    "/": N_("What is new, and what wants looking at first."),
    "/alarms": N_("Did channels turn to one subject far above their habit, and does anything explain it?"),
    "/stories": N_("Which posts derive from one another, and how many independent origins do they have?"),
    "/narratives": N_("Which claims are told again and again, since when, in which languages?"),
    "/co-sharing": N_("Which accounts share the same things together more often than chance explains?"),
    "/search": N_("Where is this said, in any language?"),
    "/claims": N_("What is claimed, on whose word, how surely?"),
    "/sources": N_("Who is quoted, by whom, on what, and how did their forecasts come out?"),
    "/events": N_("Who blames whom for what?"),
    "/views": N_("The filters you or others keep under a name."),
    "/checks": N_("Which numbers, dates and quotations agree with one another and with the map?"),
    "/factchecks": N_("Which claims are in a base of published fact-checks?"),
    "/forecasts": N_("What was foretold, until when, and did it come true?"),
    "/hypotheses": N_("Which explanations does the evidence still allow?"),
    "/upload": N_("Put files into the case."),
    "/coverage": N_("What was read, and where are the gaps?"),
    "/export": N_("Take tables, the ledger, the log or the brief away as files."),
    "/log": N_("Who judged what, when and why; take your own entries back."),
    "/api/v1/docs": N_("The same by program."),
}
_WORDS: Final = (
    (
        N_("Claim"),
        N_("What a text says is, will be or should be so, with those on whose word it says it."),
    ),
    (
        N_("Chain"),
        N_("Who says so, outermost first: the channel, whom it quotes, whom these quote (“→”)."),
    ),
    (
        N_("Story"),
        N_("Posts that derive from one another by forwarding, copying, retelling or translating."),
    ),
    (
        N_("Origin"),
        N_("What the others of a story derive from. Ten posts of one origin are one voice, not ten."),
    ),
    (
        N_("Narrative"),
        N_("Claims of several documents that say the same thing. That many tell it does not make it true."),
    ),
    (
        N_("Earliest in this corpus"),
        N_("The earliest among what was read. An earlier one may exist elsewhere."),
    ),
    (
        N_("Machine, unconfirmed"),
        N_("Nobody has looked at it yet. A name beside a finding says that a person judged it."),
    ),
    (
        N_("Score"),
        N_("How sure the machine is, from 0 to 1; behind it stand the method and the reasons."),
    ),
    (
        N_("Judgement"),
        N_("What a person decides, an entry of the log. None is ever changed; a further one takes it back."),
    ),
)


@router.get("/help")
@needs(Role.READER)
def show(request: Request) -> Response:
    """The page of help."""
    return page(request, "help.html.j2", pages=PAGES, glossary=_WORDS, words=words)
