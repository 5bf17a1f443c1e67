"""The brief: one HTML file, no script, no network, the same bytes for the same case."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from tocsin.model import Tables
from tocsin.present.source import RunFacts
from tocsin.settings import Settings

if TYPE_CHECKING:
    import jinja2

__all__ = ["build_brief"]


@lru_cache(maxsize=1)
def _environment() -> jinja2.Environment:
    import jinja2

    from tocsin.present import evidence, words

    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("tocsin.present", "templates"),
        autoescape=True,  # for every template, whatever its name: all text is hostile
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    filters: dict[str, Any] = {
        "shown": evidence.shown,
        "plain": evidence.plain,
        "count": words.count,
        "amount": words.amount,
        "size": words.size,
        "day": words.day,
        "day_range": words.day_range,
        "percent": words.percent,
        "joined": words.joined,
        "language_name": words.language_name,
    }
    environment.filters |= filters
    return environment


def _style() -> Any:
    from importlib.resources import files

    from markupsafe import Markup

    resource = files("tocsin.present") / "templates" / "brief.css"
    return Markup(resource.read_text(encoding="utf-8"))  # noqa: S704  our own file


def build_brief(tables: Tables, facts: RunFacts, settings: Settings) -> str:
    """The brief of a case as one HTML document (UTF-8 text, self-contained, without script).

    Same tables, facts and settings give the same string. Reads the settings ``brief.sources``,
    ``brief.claims_per_source``, ``brief.stories`` and ``brief.context``. Raises whatever ``tables`` raises;
    it has no errors of its own.
    """
    from tocsin.present import speakers, words
    from tocsin.present.view import brief_of

    template = _environment().get_template("brief.html.j2")
    return template.render(
        b=brief_of(tables, facts, settings),
        css=_style(),
        kinds=words.KINDS,
        certainties=words.CERTAINTIES,
        source_kinds=words.SOURCE_KINDS,
        layers=words.LAYERS,
        bases=speakers.BASES,
    )
