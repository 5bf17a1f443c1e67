"""What routes are given: the case as the request sees it, and who asks."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from tocsin.serve.access import Visitor, visitor_of
from tocsin.serve.reading import View

__all__ = ["CaseNow", "Who", "view_of"]


def view_of(request: Request) -> View:
    """The case as this request sees it."""
    view: View = request.state.view
    return view


CaseNow = Annotated[View, Depends(view_of)]
Who = Annotated[Visitor, Depends(visitor_of)]
