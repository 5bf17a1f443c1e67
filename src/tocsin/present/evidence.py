"""Verbatim text as safe HTML, with layers of evidence marked in it.

Everything a post contains is attacker-controlled. Three rules hold for every string shown:

- it is escaped, and stands in a ``<bdi>`` so that its writing direction cannot reorder its surroundings;
- characters that show nothing or that reorder text (zero-width, bidi controls, C0/C1 controls) get a
  visible mark: ``<bdi class="ctl" data-cp="202E">`` around the character itself. HTML cannot carry some
  controls (NUL above all): for those the mark holds a stand-in and ``data-cp`` is the truth;
- a marked piece ``<mark data-at="N">`` begins at code point N of the document's text and equals it exactly.

Marks are flat: text is split at every boundary of every layer and each piece names all layers over it.
Nested elements (the rejected alternative) cannot express layers that overlap without containing each other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from tocsin.model import Span

__all__ = ["Layer", "highlight", "plain", "quoted", "safe_url", "shown", "windows", "windows_html"]

#: Longest stretch of one span shown in one go, in code points; more is cut in the middle, and said so.
LONGEST = 1200
_HEAD, _TAIL = 800, 300
#: Unshown stretches shorter than this are shown after all: a cut mark would take as much room.
_SMALLEST_CUT = 40
_MOST_WINDOWS = 12

# \t, \n and \r are text. Category Cf signs that do print (Arabic number signs …) are left alone.
_INVISIBLE = (
    "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
# Joiners belong to emoji and to Persian and Indic scripts; beside a Latin, Greek or Cyrillic letter or a
# digit they only hide something.
_PLAIN_LETTER = "0-9A-Za-z\u00c0-\u052f"
_SPECIAL = re.compile(
    f"[{_INVISIBLE}]|(?<=[{_PLAIN_LETTER}])[\u200c\u200d]|[\u200c\u200d](?=[{_PLAIN_LETTER}])|\r"
)
_NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SHORT = {
    "\u00ad": "soft hyphen",
    "\u200b": "zero-width space",
    "\u200c": "zero-width non-joiner",
    "\u200d": "zero-width joiner",
    "\ufeff": "zero-width no-break space",
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One span to mark. ``name`` is its role; ``number`` its link in the chain (1 outermost, 0 none)."""

    name: str
    span: Span
    number: int = 0


@lru_cache(maxsize=512)
def _name_of(character: str) -> str:
    return _SHORT.get(character) or unicodedata.name(character, "control character").lower()


def _mark_control(match: re.Match[str]) -> str:
    character = match.group()
    if character == "\r":
        return "&#13;"  # a raw one would be read as \n and the quotation would differ
    point = ord(character)
    body = character
    if _NOT_IN_HTML.match(character):
        body = chr(0x2400 + point) if point < 0x20 else "\N{REPLACEMENT CHARACTER}"
    return f'<bdi class="ctl" data-cp="{point:04X}" title="{_name_of(character)}">{body}</bdi>'


def _safe(text: str) -> str:
    escaped = str(escape(text))
    # escape() adds only ASCII text, so marking afterwards cannot touch an entity.
    return _SPECIAL.sub(_mark_control, escaped)


def shown(text: str | None) -> Markup:
    """Any string of the input as isolated, escaped HTML."""
    return Markup(f'<bdi dir="auto">{_safe(text or "")}</bdi>')  # noqa: S704  escaped by _safe


def plain(text: str | None) -> str:
    """Any string of the input for an attribute or a chart label: invisible characters spelt out."""
    if not text:
        return ""
    return _SPECIAL.sub(lambda m: f"⟨U+{ord(m.group()):04X}⟩" if m.group() != "\r" else " ", text)


def safe_url(url: str | None) -> str | None:
    """The address if it may be linked (http or https with a host, no white space or controls), else None."""
    if not url or len(url) > 2048 or any(c.isspace() for c in url) or _SPECIAL.search(url):
        return None
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    return url if parts.scheme.lower() in {"http", "https"} and host else None


def _cut(text: str, window: Span, layers: Sequence[Layer]) -> Iterable[str]:
    begins: dict[int, list[Layer]] = {}
    ends: dict[int, list[Layer]] = {}
    for layer in layers:
        start, end = max(layer.span.start, window.start), min(layer.span.end, window.end)
        if start < end:
            begins.setdefault(start, []).append(layer)
            ends.setdefault(end, []).append(layer)
    over: Counter[Layer] = Counter()
    for start, end in pairwise(sorted({window.start, window.end, *begins, *ends})):
        over.subtract(ends.get(start, ()))
        over.update(begins.get(start, ()))
        over += Counter()  # drops those that have ended
        body = _safe(text[start:end])
        if not over:
            yield body
            continue
        names = " ".join(sorted({f"l-{layer.name}" for layer in over}))
        numbers = {layer.number for layer in over if layer.number and layer.span.end == end}
        last = f' data-n="{max(numbers)}"' if numbers else ""
        yield f'<mark class="{names}" data-at="{start}"{last}>{body}</mark>'


def highlight(text: str, window: Span, layers: Sequence[Layer]) -> Markup:
    """``text[window]`` with ``layers`` marked; the ``<bdi>`` around it states its offsets.

    The text content of the result equals the window exactly, but for characters HTML cannot carry (see the
    module's docstring). Raises ValueError when the window is not inside the text.
    """
    if window.end > len(text):
        raise ValueError(f"window {window} ends after the text ({len(text)} code points)")
    body = "".join(_cut(text, window, layers))
    return Markup(  # noqa: S704  escaped piece by piece in _cut
        f'<bdi dir="auto" class="ev" data-start="{window.start}" data-end="{window.end}">{body}</bdi>'
    )


def _snap(text: str, position: int, step: int) -> int:
    """Move a window's edge outwards to the next white space, at most 20 code points."""
    for _ in range(20):
        if not 0 < position < len(text) or text[position - 1 if step > 0 else position].isspace():
            break
        position += step
    return position


def _regions(spans: Iterable[Span]) -> Iterable[Span]:
    for span in spans:
        if len(span) > LONGEST:
            yield Span(span.start, span.start + _HEAD)
            yield Span(span.end - _TAIL, span.end)
        else:
            yield span


def windows(text: str, spans: Iterable[Span], context: int) -> tuple[Span, ...]:
    """What to show of ``text`` so that every span is seen with ``context`` code points on each side.

    Spans longer than ``LONGEST`` are shown in part. At most twelve windows; sorted, disjoint.
    """
    wanted = []
    for span in _regions(spans):
        start = _snap(text, max(0, span.start - context), -1)
        end = _snap(text, min(len(text), span.end + context), 1)
        wanted.append(Span(start, end))
    merged: list[Span] = []
    for span in sorted(wanted):
        if merged and span.start <= merged[-1].end + _SMALLEST_CUT:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return tuple(merged[:_MOST_WINDOWS])


def _omission(length: int) -> str:
    unit = "character" if length == 1 else "characters"
    return f' <span class="cut">[{length:,} {unit} not shown]</span> '


def windows_html(text: str, shown_windows: Sequence[Span], layers: Sequence[Layer]) -> Markup:
    """The windows of a text in order, with the length of every stretch left out between them."""
    parts: list[str] = []
    position = 0
    for window in shown_windows:
        if window.start > position:
            parts.append(_omission(window.start - position))
        parts.append(str(highlight(text, window, layers)))
        position = window.end
    if position < len(text):
        parts.append(_omission(len(text) - position))
    return Markup("".join(parts).strip())  # noqa: S704  parts are our own markup


def quoted(text: str, spans: Sequence[Span], layers: Sequence[Layer], longest: int = 480) -> Markup:
    """The words of a (discontinuous) span, at most ``longest`` code points, and how many are left out."""
    parts: list[str] = []
    room = longest
    for number, span in enumerate(spans):
        if number:
            parts.append(' <span class="gap">[…]</span> ')
        end = span.end
        if len(span) > room + 80:
            end = _snap(text, span.start + max(room, 40), -1)
            end = end if end > span.start else span.start + max(room, 40)
        parts.append(str(highlight(text, Span(span.start, end), layers)))
        room -= end - span.start
        if end < span.end or (room <= 0 and number + 1 < len(spans)):
            left = span.end - end + sum(len(rest) for rest in spans[number + 1 :])
            parts.append(_omission(left).rstrip())
            break
    return Markup("".join(parts))  # noqa: S704  parts are our own markup
