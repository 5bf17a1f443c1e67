"""Addresses that forms name."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["back_to"]


def back_to(target: str) -> str:
    """The address to go back to: a path of this workbench, whatever a form says."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return "/"
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and not parts.netloc
    return target if inside and target.isprintable() and "\\" not in target else "/"
