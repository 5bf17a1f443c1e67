"""Bases of earlier cases and fact-checks, as files hold them: tables, JSON lines, JSON-LD, web pages.

What narratives are compared with beside the case itself, and where it is looked up whether a claim has been
checked before. A table has a header; which columns are known by themselves is in ``COLUMNS``, any other is
named by a mapping. Lists (``countries``, …) have their parts joined by ``+``, ``;`` or ``|``; the names
are those of the EUvsDisinfo catalogue. Reviews in schema.org's vocabulary: ``link.reviews``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from tocsin.errors import BadMappingError, InputError, MalformedRecordError, MissingTextError
from tocsin.link.reviews import reviews_in, text_of
from tocsin.model import make_id
from tocsin.read.columns import normal
from tocsin.read.dates import DateError, parse_moment
from tocsin.read.delimited import dialect_of
from tocsin.read.jsonscan import load
from tocsin.read.markup import decode_page
from tocsin.settings import Settings

__all__ = ["COLUMNS", "References", "earlier_entries", "read_references"]

#: Field → names of columns that hold it, likeliest first; compared without capitals, spaces and hyphens.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "claim": ("claim", "claimreviewed", "claim_reviewed", "vclaim", "statement"),
    "title": ("title", "headline"),
    "summary": ("summary", "subtitle", "description"),
    "url": ("url", "link", "review_url", "id"),
    "date": ("date", "datepublished", "date_published", "published", "review_date"),
    "rating": ("rating", "verdict", "textual_rating", "alternatename", "label"),
    "publisher": ("publisher", "fact_checker", "organization", "organisation"),
    "claimant": ("claimant", "claimed_by", "speaker"),
    "language": ("language", "lang", "inlanguage"),
    "countries": ("countries",),
    "keywords": ("keywords", "tags"),
    "languages": ("languages",),
    "outlets": ("outlets",),
}
_PARTS: Final = re.compile(r"\s*[+;|]\s*")
_LISTS: Final = ("countries", "keywords", "languages", "outlets")
_CODE: Final = re.compile(r"[a-z]{2,3}(?=[-_]|$)")
_SCRIPTS: Final = "//script[contains(translate(@type, 'JSONLD', 'jsonld'), 'ld+json')]"


@dataclass(frozen=True, slots=True)
class References:
    """What a file holds: entries, without vectors and terms, and what could not be read, with where."""

    entries: tuple[Mapping[str, Any], ...]
    faults: tuple[InputError, ...]


def read_references(
    data: bytes, base: str, mapping: Mapping[str, str] | None = None, settings: Settings | None = None
) -> References:
    """The entries of a base; what the file is, is told by its content.

    ``base`` names the catalogue; ``mapping`` gives columns of a table or members of JSON objects by field of
    ``COLUMNS``. An entry without claim and title is left out as a fault. Raises BadMappingError for an
    unknown field, or a table without a column for claim or title; EncodingError, UndetectedFormatError.
    """
    chosen, given = mapping or {}, settings or Settings()
    unknown = sorted(set(chosen) - set(COLUMNS))
    if unknown:
        raise BadMappingError(
            f"an entry has no field {unknown[0]!r}", remedy=f"The fields are: {', '.join(COLUMNS)}"
        )
    text = decode_page(data)
    start = text.lstrip("\ufeff \t\r\n")[:1]
    depth = given.integer("read.max_json_depth")
    if start == "<":
        found = _page(text, depth)
    elif start in ("{", "["):
        found = _json(text, chosen, depth)
    else:
        found = _table(text, chosen)
    entries: dict[str, Mapping[str, Any]] = {}
    faults: list[InputError] = []
    for position, item in found:
        if isinstance(item, InputError):
            item.position = position
            faults.append(item)
            continue
        entry = _entry(item, base, given)
        if entry is None:
            faults.append(MissingTextError("it has neither claim nor title", remedy="", position=position))
            continue
        entries.setdefault(entry["reference_id"], entry | {"number": len(entries)})
    return References(tuple(entries.values()), tuple(faults))


def earlier_entries(rows: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The entries of a base from rows that an earlier version kept, as ``read_references`` gives them.

    What that version did not keep is empty; where it kept no order, it is that of the rows.
    """
    entries: dict[str, Mapping[str, Any]] = {}
    for row in sorted(rows, key=lambda row: row.get("number", 0)):
        entry = {name: row.get(name) for name in COLUMNS}
        entry |= {"base": row["base"], "claim": row.get("claim") or row["title"], "date": row.get("date")}
        entry |= {"summary": row.get("summary") or "", **{name: tuple(row[name] or ()) for name in _LISTS}}
        key = entry["reference_id"] = _key(entry)
        entries.setdefault(key, entry | {"number": len(entries)})
    return list(entries.values())


def _key(entry: Mapping[str, Any]) -> str:
    title = entry["title"]
    named = (entry["base"], entry["url"] or title, title, entry["claim"], entry["publisher"] or "")
    return make_id("reference", *named)


_Found = Iterator[tuple[str, dict[str, Any] | InputError]]


def _table(text: str, mapping: Mapping[str, str]) -> _Found:
    dialect = dialect_of(text[: 1 << 16])
    reader = csv.DictReader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=dialect.delimiter)
    try:
        names = [name for name in reader.fieldnames or () if name]
    except csv.Error as error:
        raise BadMappingError(f"the table has no header that can be read ({error})") from None
    columns = _columns(names, mapping)
    if "claim" not in columns and "title" not in columns:
        raise BadMappingError(
            "the table has no column named claim or title",
            remedy=f"Say which with --map claim=COLUMN; the columns are: {', '.join(names) or 'none'}",
        )
    rows = iter(reader)
    while True:
        try:
            row = next(rows, None)
        except csv.Error as error:
            yield f"line {reader.line_num}", MalformedRecordError(f"a row cannot be read ({error})")
            continue
        if row is None:
            return
        yield f"line {reader.line_num}", {field: row.get(column) for field, column in columns.items()}


def _columns(names: Iterable[str], mapping: Mapping[str, str]) -> dict[str, str]:
    """Field → column. A mapping rules alone for the fields it names; raises BadMappingError."""
    present = list(names)
    for field, column in mapping.items():
        if column not in present:
            raise BadMappingError(
                f"--map {field}={column}: there is no column {column!r}",
                remedy=f"The columns are: {', '.join(present)}",
            )
    by_name = {normal(name): name for name in reversed(present) if name not in mapping.values()}
    found = dict(mapping)
    for field, known in COLUMNS.items():
        there = [by_name[name] for name in known if name in by_name]
        if there and field not in found:
            found[field] = there[0]
    return found


def _json(text: str, mapping: Mapping[str, str], depth: int) -> _Found:
    """A JSON value with reviews in it, or a list of plain objects; or a line for each."""
    try:
        values = [("", load(text.strip("\ufeff \t\r\n"), depth))]
    except InputError as error:
        lines = [
            (f"line {n}", line) for n, line in enumerate(text.split("\n"), 1) if line.strip("\ufeff \r\t")
        ]
        if len(lines) < 2:
            yield "", error
            return
        values = []
        for position, line in lines:
            try:
                values.append((position, load(line.strip("\ufeff \r\t"), depth)))
            except InputError as fault:
                yield position, fault
    for position, value in values:
        reviews = list(reviews_in(value))
        plain = value if isinstance(value, list) else [value]
        for number, item in enumerate(reviews or [o for o in plain if isinstance(o, dict)], 1):
            where = position or f"entry {number}"
            yield where, item if reviews else _plain(item, mapping)


def _plain(item: Mapping[str, Any], mapping: Mapping[str, str]) -> dict[str, Any]:
    there = {field: column for field, column in mapping.items() if column in item}
    return {field: item[column] for field, column in _columns(item, there).items()}


def _page(text: str, depth: int) -> _Found:
    """The reviews in the structured data of one web page."""
    import lxml.etree  # type: ignore[import-untyped,unused-ignore]
    import lxml.html  # type: ignore[import-untyped,unused-ignore]

    try:
        tree = lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=_parser())
    except (lxml.etree.LxmlError, ValueError) as error:
        yield "", MalformedRecordError(f"the page cannot be read ({error})")
        return
    for number, script in enumerate(tree.xpath(_SCRIPTS), 1):
        try:
            value = load((script.text or "").strip(), depth)
        except InputError as error:
            yield f"script {number}", error
            continue
        for review in reviews_in(value):
            yield f"script {number}", review


def _parser() -> Any:
    import lxml.html

    return lxml.html.HTMLParser(encoding="utf-8")


def _entry(item: Mapping[str, Any], base: str, settings: Settings) -> dict[str, Any] | None:
    """One entry of ``reference_entries`` but for terms and vectors; None without claim and title."""
    said = {field: text_of(item.get(field)) for field in COLUMNS if field not in _LISTS}
    claim = said["claim"] or said["title"]
    title = said["title"] or claim
    if not claim:
        return None
    try:
        date = parse_moment(item.get("date"), settings).when if said["date"] else None
    except DateError:
        date = None  # an entry without a date is still an entry
    code = _CODE.match(said["language"].lower())
    entry = {
        "base": base,
        "title": title,
        "claim": claim,
        "summary": said["summary"],
        "url": said["url"] or None,
        "date": date,
        "rating": said["rating"] or None,
        "publisher": said["publisher"] or None,
        "claimant": said["claimant"] or None,
        "language": code[0] if code else "",
        **{name: _parts(item.get(name)) for name in _LISTS},
    }
    return entry | {"reference_id": _key(entry)}


def _parts(value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(text for text in map(text_of, value) if text)
    return tuple(part for part in _PARTS.split(text_of(value)) if part)
