"""Templates to pages: the environment of each language, and what every page is given.

Everything a post contains is hostile: autoescape is on for every template, ``|shown`` shows any string of the
input isolated and with invisible characters marked, ``|plain`` is for attributes, ``|safe_url`` gives an
address only where it may be linked. Nothing here marks a string as safe.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import jinja2
from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_decimal, format_percent
from babel.units import format_unit
from fastapi import Request
from fastapi.responses import HTMLResponse
from markupsafe import Markup

import tocsin
from tocsin.judge.window import last_moment
from tocsin.present import evidence, words
from tocsin.serve.charts import bar_svg
from tocsin.serve.i18n import COOKIE, LANGUAGES, catalogue, choose
from tocsin.serve.marks import mark
from tocsin.serve.menu import MENU
from tocsin.serve.place_names import in_english, place_name, place_words, subject_name
from tocsin.serve.sentences import said

__all__ = ["THEMES", "environment", "language_of", "page"]

THEMES = ("auto", "light", "dark")
_UNITS = {"D": "duration-day", "W": "duration-week", "M": "duration-month", "Y": "duration-year"}
_LENGTH = re.compile(r"(?<=” )= P(\d{1,4})([DWMY])\b")
_NEW_LINE = re.compile(r"\s*\n\s*")
_OMITTED = re.compile(r'<span class="cut">\[([\d,]+) characters? not shown\]</span>')
#: What stands for the name of a source that has none (``extract.speakers``).
_PLACE = re.compile(r"([^()]+) \(([a-z]+:[\w-]+)\)")
_NAMELESS = frozenset({"not named", "the author"})
THEME_COOKIE = "tocsin_theme"


@lru_cache(maxsize=len(LANGUAGES))
def environment(language: str) -> jinja2.Environment:
    """The templates in one language. ``parts.html.j2`` and the brief's ``present/*`` can be imported."""
    made = jinja2.Environment(
        loader=jinja2.ChoiceLoader(
            [
                jinja2.PackageLoader("tocsin.serve", "templates"),
                jinja2.PrefixLoader({"present": jinja2.PackageLoader("tocsin.present", "templates")}),
            ]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    made.install_gettext_translations(catalogue(language), newstyle=True)  # type: ignore[attr-defined]
    filters: dict[str, Any] = {
        "shown": evidence.shown,
        "said": lambda sentence: _said(sentence, language),
        "mark": lambda reason: mark(reason, language) or _said(reason, language),
        "breaks": _breaks,
        "omissions": lambda quote: _omissions(quote, language),
        "source_name": lambda label: _source_name(label, language),
        "plain": evidence.plain,
        "place": lambda name, place_id: place_words(place_id, name, language),
        "subject": lambda surge: _subject(surge, language),
        "about": lambda reason, surge: _about(reason, surge, language),
        "subject_title": lambda surge: evidence.plain(subject_name(surge, language) or surge.subject),
        "in_english": lambda words: in_english(words, language),
        "safe_url": evidence.safe_url,
        "day": lambda moment: _day(moment, language),
        "last_day": lambda due: _day(last_moment(due), language),
        "moment": lambda moment: _moment(moment, language),
        "number": lambda value: format_decimal(value, locale=language),
        "share": lambda value: format_percent(value, locale=language),
        "language_name": lambda code: _language(code, language),
        "as_languages": lambda codes: [(code, _language(code, language)) for code in codes],
        "query": _query,
        "pairs": lambda values: [(value, value) for value in values],
        "duration": lambda span: format_timedelta(span, locale=language, threshold=1.6),
        "bar": bar_svg,
        "bytes": words.size,
        "day_before": lambda moment: _day(moment - timedelta(microseconds=1), language),
    }
    made.filters |= filters
    return made


def _day(moment: datetime, language: str) -> str:
    return format_date(moment, "d MMM y", locale=language)


def _moment(moment: datetime, language: str) -> str:
    return f"{format_datetime(moment, 'd MMM y, HH:mm', locale=language)} UTC"


def _breaks(quote: Markup) -> Markup:
    """A quotation in one paragraph: a sign stands where the post begins a new line."""
    return Markup(_NEW_LINE.sub(' <span class="nl" aria-hidden="true">¶</span> ', quote.strip()))  # noqa: S704


def _omissions(quote: Markup, language: str) -> Markup:
    """A quotation whose notes on what is left out are in the language of the page.

    What was quoted is escaped, so that only our own notes look like one.
    """

    def note(found: re.Match[str]) -> str:
        left = int(found[1].replace(",", ""))
        words = catalogue(language).ngettext(
            "%(number)s character not shown", "%(number)s characters not shown", left
        )
        return f'<span class="cut">[{words % {"number": format_decimal(left, locale=language)}}]</span>'

    return Markup(_OMITTED.sub(note, quote))  # noqa: S704  the quotation is safe already


def _said(sentence: str | None, language: str) -> Markup:
    """A kernel's sentence in the language of the page; a place by its own name."""
    place = _PLACE.fullmatch(sentence or "")
    if place is not None and (name := place_name(place[2], language)) is not None:
        return evidence.shown(f"{name} ({place[2]})")
    return said(_spelled(sentence, language), language)


def _spelled(sentence: str | None, language: str) -> str | None:
    """A sentence with lengths of time in words: ``= P10D`` is «10 days»."""

    def words_of(found: re.Match[str]) -> str:
        return f"= {format_unit(int(found[1]), _UNITS[found[2]], locale=language)}"

    return _LENGTH.sub(words_of, sentence) if sentence else sentence


def _source_name(label: str | None, language: str) -> Markup:
    """A source by name; what kernels call those without one is said in the language of the page."""
    return said(label, language) if label in _NAMELESS else evidence.shown(label)


def _subject(surge: Any, language: str) -> Markup:
    """What an alarm is about: places in the language of the page, all else as the posts have it."""
    name = subject_name(surge, language)
    if name is None and surge.subject_type in {"place", "zone", "country"}:
        return in_english(surge.subject, language)
    return evidence.shown(name or surge.subject)


def _about(reason: str, surge: Any, language: str) -> str:
    """What is said of an alarm, with its subject by the name it has in the language of the page."""
    name = subject_name(surge, language)
    return reason.replace(surge.subject, name) if name else reason


def _language(code: str, language: str) -> str:
    """A language by name, as the interface's language calls it."""
    from babel.core import Locale

    names = Locale.parse(language).languages
    return names.get(code) or words.language_name(code)


def _query(values: Any, **changes: Any) -> str:
    """A query string of ``values`` with some changed: ``given|query(cursor=x)``.

    Empty ones are left out, and of a list each value is given.
    """
    merged = {**values, **changes}
    kept = {key: value for key, value in merged.items() if value is not None and value != ""}
    return urlencode(kept, doseq=True)


def language_of(request: Request) -> str:
    """The language a page is shown in."""
    return choose(request.cookies.get(COOKIE), request.headers.get("accept-language"))


def page(request: Request, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page of a template and ``values``; ``visitor``, ``here``, ``lang``, ``theme`` and the like it has
    anyway.
    """
    language = language_of(request)
    theme = request.cookies.get(THEME_COOKIE, "auto")
    html = (
        environment(language)
        .get_template(template)
        .render(
            request=request,
            visitor=getattr(request.state, "visitor", None),
            here=request.url.path,
            asked=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            lang=language,
            languages=LANGUAGES,
            theme=theme if theme in THEMES else "auto",
            themes=THEMES,
            menu=MENU,
            saved_views=request.app.state.bench.views,
            version=tocsin.__version__,
            **values,
        )
    )
    return HTMLResponse(Markup(html), status_code=status)  # noqa: S704  rendered by the environment above
