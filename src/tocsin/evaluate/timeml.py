"""TimeML documents → records: the text with its TIMEX3, offsets in code points.

TimeML (Pustejovsky et al. 2003; ISO 24617-1) as TempEval-3 has it, and the TIMEX2 of WikiWars (Mazur and Dale
2010), whose values are the same. The text is that of ``TEXT``, else of the whole document; the date is the
value of the time in ``DCT`` or ``DATETIME``, or of the TIMEX3 that is the time of creation.
"""

from __future__ import annotations

from typing import Any, Final

from tocsin.errors import MalformedRecordError

__all__ = ["is_timeml", "timeml_record"]

_TIMES: Final = ("TIMEX3", "TIMEX2")
_MARKS: Final = (b"<TimeML", b"<TIMEX3", b"<TIMEX2", b"<DOC")
_HEADS: Final = ("DCT", "DATETIME")


def is_timeml(head: bytes) -> bool:
    """Whether the beginning of a file is that of one."""
    return head.lstrip().startswith(b"<") and any(mark in head for mark in _MARKS)


def timeml_record(data: bytes, name: str) -> dict[str, Any]:
    """``{"id", "dct", "text", "timex"}`` of one document; raises MalformedRecordError for broken XML."""
    import lxml.etree

    parser = lxml.etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        root = lxml.etree.fromstring(data, parser)
    except (lxml.etree.XMLSyntaxError, ValueError) as error:
        cause = f"invalid XML: {str(error).splitlines()[0][:200]}"
        raise MalformedRecordError(cause, remedy="Repair it; the rest was read") from None
    body = root.find(".//TEXT")
    parts: list[str] = []
    found: list[dict[str, Any]] = []
    _walk(root if body is None else body, parts, found, 0)
    text = "".join(parts)
    timex = [t | {"text": text[t["start"] : t["end"]]} for t in sorted(found, key=lambda t: t["start"])]
    return {"id": name, "dct": _published(root), "text": text, "timex": timex}


def _walk(node: Any, parts: list[str], found: list[dict[str, Any]], at: int) -> int:
    """Take up the text of a node; returns where it ends."""
    start = at
    if isinstance(node.tag, str):
        for piece in (node.text, *node):
            if piece is None:
                continue
            if isinstance(piece, str):
                parts.append(piece)
                at += len(piece)
                continue
            at = _walk(piece, parts, found, at)
            parts.append(piece.tail or "")
            at += len(piece.tail or "")
        if node.tag in _TIMES and at > start and node.get("functionInDocument") != "CREATION_TIME":
            value = node.get("value") or node.get("val") or None
            found.append({"start": start, "end": at, "value": value, "type": node.get("type") or ""})
    return at


def _published(root: Any) -> str:
    """The date of publication as it is written there; empty where none is."""
    for head in _HEADS:
        for node in root.iter(head):
            times = [node, *node.iter(*_TIMES)]
            for time in times:
                value = time.get("value") or time.get("val")
                if value:
                    return str(value)
            if node.text and node.text.strip():
                return str(node.text.strip())
    for time in root.iter("TIMEX3"):
        if time.get("functionInDocument") == "CREATION_TIME":
            return str(time.get("value") or "")
    return ""
