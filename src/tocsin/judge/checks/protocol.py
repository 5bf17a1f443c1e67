"""What a check is given, and what it gives: the whole protocol of plug-ins.

A plug-in is a ``DocumentCheck`` under an entry point of the group ``tocsin.checks``:

    [project.entry-points."tocsin.checks"]
    tides = "my_package.tides:CHECK"

It runs where the setting ``checks.plugins`` names it with its version (``tides==1``). Its ``find`` must be a
pure function of the facts: the same document gives the same results, in any order. Whatever it raises becomes
a row of ``check_problems``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tocsin.model import (
    CheckVerdict,
    Claim,
    Document,
    PlaceMention,
    QuantityMention,
    Sentence,
    Span,
    TimeMention,
)

__all__ = ["DocumentCheck", "DocumentFacts", "Input", "Result"]


@dataclass(frozen=True, slots=True, eq=False)
class DocumentFacts:
    """What is known of one document; every list in text order. One is equal to itself only."""

    document: Document
    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    times: tuple[TimeMention, ...]
    places: tuple[PlaceMention, ...]
    quantities: tuple[QuantityMention, ...]


@dataclass(frozen=True, slots=True)
class Input:
    """Words that go into a computation (code points of the document) and what they are read as."""

    span: Span
    read_as: str


@dataclass(frozen=True, slots=True)
class Result:
    """One test of one statement.

    ``inputs`` are the words used, ``statement`` the stretch that makes the claim (default: from the first
    input to the last). ``workings`` are the steps in order, each with numbers in it; ``tolerance`` says how
    far stated and computed may be apart and why. A result that is not checkable says in ``missing`` what it
    lacks.
    """

    verdict: CheckVerdict
    inputs: tuple[Input, ...]
    workings: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    tolerance: str = ""
    missing: tuple[str, ...] = ()
    statement: tuple[Span, ...] = ()
    language: str = ""


@dataclass(frozen=True, slots=True)
class DocumentCheck:
    """One kind of check. ``version`` goes up with every change of what it finds.

    ``topic`` is a ``CheckTopic`` or a word of the plug-in's own. ``find`` may raise anything; results of
    other spans than lie in the text are refused.
    """

    name: str
    version: str
    topic: str
    help: str
    find: Callable[[DocumentFacts], Iterable[Result]]
