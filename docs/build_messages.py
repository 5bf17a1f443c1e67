"""Collect the messages of the workbench into its catalogues; ``--check`` fails when one lacks any.

Messages are ``_("…")`` and ``ngettext`` in templates, ``N_("…")`` in code, the words and meanings of marks,
verdicts and roles, and the titles of problems; in ``LANGUAGE.kernels.po`` the sentences of the kernels.
Translations already there are kept; those of messages that are gone are dropped.
"""

from __future__ import annotations

import io
import sys
from http import HTTPStatus
from itertools import product
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po
from kernel_sentences import WORDS, sentences

from tocsin import errors
from tocsin.model import DateBasis, LinkType, Telling, Verdict
from tocsin.model.checks import CheckTopic
from tocsin.model.judging import Outcome
from tocsin.model.surges import SurgeKind
from tocsin.present import words
from tocsin.serve.i18n import LANGUAGES
from tocsin.serve.rendering import THEMES, environment
from tocsin.serve.tokens import Role

SERVE = Path(__file__).parents[1] / "src" / "tocsin" / "serve"
LOCALE = SERVE / "locale"
_REVIEWS = ("confirmed", "rejected", "corrected", "merged", "split", "resolved", "commented on")


def messages() -> Catalog:
    """Every message, by where it stands; the same bytes from the same code."""
    found = Catalog(fuzzy=False)
    for path in sorted(SERVE.rglob("*.j2")):
        for line, _, message in environment("en").extract_translations(path.read_text(encoding="utf-8")):  # type: ignore[attr-defined]
            said = [part for part in message if part] if isinstance(message, tuple) else [message]
            given = tuple(said[:2]) if len(said) > 1 else said[0]
            found.add(given, locations=[(path.relative_to(SERVE).as_posix(), line)])
    for path in sorted(SERVE.rglob("*.py")):
        for line, message, _, _ in extract("python", io.BytesIO(path.read_bytes()), keywords={"N_": None}):
            found.add(message, locations=[(path.relative_to(SERVE).as_posix(), line)])
    marks = (*words.SOURCE_KINDS, *words.KINDS, *words.CERTAINTIES)
    kinds = (*LinkType, *SurgeKind, *Telling, *DateBasis, *Outcome, *CheckTopic, "series", "scan", "overdue")
    statuses = {getattr(errors, name).http_status for name in errors.__all__}
    titles = [HTTPStatus(status).phrase for status in sorted(statuses)]
    for word in (
        *(m.word for m in marks),
        *(m.meaning for m in marks),
        *map(str, Verdict),
        *map(str, Role),
        *map(str, kinds),
        *THEMES,
        *_REVIEWS,
        *titles,
    ):
        found.add(word, locations=[("words", 0)])
    return found


def kernel_messages() -> Catalog:
    """The templates of what kernels say, by the module that says it."""
    found = Catalog(fuzzy=False)
    for module, _, text in sentences():
        found.add(text, locations=[(module, 0)])
    for word in WORDS:
        found.add(word, locations=[("words", 0)])
    return found


#: Catalogues by the end of their names.
CATALOGUES = {".po": messages, ".kernels.po": kernel_messages}


def build(language: str, ending: str) -> tuple[str, list[str]]:
    """A catalogue as it should be, and the messages it has no translation of."""
    path = LOCALE / f"{language}{ending}"
    old = read_po(io.BytesIO(path.read_bytes())) if path.is_file() else Catalog()
    made = Catalog(locale=language, fuzzy=False, project="tocsin", creation_date=None)
    missing = []
    for message in CATALOGUES[ending]():
        if not message.id:
            continue
        known = old.get(message.id[0] if isinstance(message.id, tuple) else message.id)
        text = known.string if known else ""
        made.add(message.id, text or ("" if isinstance(message.id, str) else ("",) * made.num_plurals))
        if not text or (isinstance(text, tuple | list) and not all(text)):
            missing.append(str(message.id))
    out = io.BytesIO()
    write_po(out, made, sort_output=True, omit_header=False, width=0)
    lines = [line for line in out.getvalue().decode().splitlines() if "Date:" not in line]
    return "\n".join(lines) + "\n", missing


def main(check: bool) -> int:
    """Write the catalogues, or only say what is wrong with them."""
    wrong = 0
    for language, ending in product(LANGUAGES, CATALOGUES):
        if language == "en":
            continue
        text, missing = build(language, ending)
        path = LOCALE / f"{language}{ending}"
        for message in missing:
            sys.stdout.write(f"{path.name}: not translated: {message}\n")
        stale = not path.is_file() or path.read_text(encoding="utf-8") != text
        wrong += len(missing) + (check and stale)
        if stale:
            sys.stdout.write(f"{path.name} {'is out of date' if check else 'written'}\n")
        if not check:
            path.write_text(text, encoding="utf-8")
    return 1 if check and wrong else 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
