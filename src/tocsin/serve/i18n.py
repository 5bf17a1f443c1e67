"""The languages of the interface: gettext catalogues read from ``locale/LANGUAGE.po``.

English is the language of the messages themselves. A new language is one more file.
``docs/build_messages.py`` collects the messages of templates and code into every catalogue.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

__all__ = ["COOKIE", "LANGUAGES", "N_", "catalogue", "choose"]

COOKIE: Final = "tocsin_language"
#: Languages by code, each called what its speakers call it.
LANGUAGES: Final[Mapping[str, str]] = {"en": "English", "ru": "Русский"}


def N_(message: str) -> str:  # noqa: N802  gettext's own name for it
    """Mark a message of the code for translation where it is shown."""
    return message


@lru_cache(maxsize=len(LANGUAGES))
def catalogue(language: str) -> gettext.NullTranslations:
    """The translations into a language; those of English change nothing."""
    source = files("tocsin.serve") / "locale" / f"{language}.po"
    if language not in LANGUAGES or not source.is_file():
        return gettext.NullTranslations()
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source.read_bytes()), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def choose(wanted: str | None, accept: str | None) -> str:
    """The language of a page: the one chosen, else the browser's most wanted that there is, else English."""
    if wanted in LANGUAGES:
        return str(wanted)
    ranked = []
    for place, part in enumerate((accept or "")[:500].split(",")):
        tag, _, rest = part.partition(";")
        try:
            weight = float(rest.partition("=")[2] or 1)
        except ValueError:
            weight = 0.0
        ranked.append((-weight, place, tag.strip().lower().partition("-")[0]))
    return next((tag for weight, _, tag in sorted(ranked) if tag in LANGUAGES and weight < 0), "en")
