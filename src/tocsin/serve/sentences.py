"""What kernels say in rows (reasons, workings, doubts), in the language of the page.

Rows hold English sentences: they are evidence, the same bytes for everybody. ``docs/kernel_sentences.py``
reads their templates from the code that says them; ``locale/LANGUAGE.kernels.po`` translates these. A
sentence is laid over the templates, its values are put into the translation, and values that are sentences
themselves are translated likewise. What fits no template stays English, and is marked so.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

from markupsafe import Markup

from tocsin.present.evidence import shown
from tocsin.serve.i18n import LANGUAGES

__all__ = ["Sentences", "said", "sentences"]

_HOLE: Final = re.compile(r"\{(\d)(#?)\}")
_NUMBER: Final = r"[-+−±]?\d(?:[\d.,\u00a0\u202f ]*\d)?%?"
_DEPTH: Final = 3


def _has_words(text: str) -> bool:
    return re.search(r"[^\W\d_]{2}", text) is not None


@dataclass(frozen=True, slots=True)
class _Template:
    """One template: how its sentences look, what is put in their place.

    ``pieces`` are its words between the holes. ``clear``: they alone tell a whole sentence; ``firm``: they
    tell even the value of another; ``bare``: there are none, only signs.
    """

    pieces: tuple[str, ...]
    pattern: re.Pattern[str]
    translation: str
    clear: bool
    firm: bool
    bare: bool

    def values(self, sentence: str) -> dict[str, str] | None:
        """What stands in the holes; None for another sentence."""
        first, *_, last = self.pieces
        if not (sentence.startswith(first) and sentence.endswith(last)):
            return None
        if any(piece not in sentence for piece in self.pieces):
            return None  # much faster than the pattern
        found = self.pattern.fullmatch(sentence)
        return found.groupdict() if found is not None else None


def _template(message: str, translation: str) -> _Template:
    pieces, pattern, last = [], "", 0
    for hole in _HOLE.finditer(message):
        pieces.append(message[last : hole.start()])
        pattern += re.escape(pieces[-1]) + f"(?P<v{hole[1]}>{_NUMBER if hole[2] else '.*?'})"
        last = hole.end()
    pieces.append(message[last:])
    said_words = " ".join(pieces)
    return _Template(
        tuple(pieces),
        re.compile(pattern + re.escape(pieces[-1]), re.DOTALL),
        translation,
        clear=re.search(r"[A-Za-z]{4}|[“«]", said_words) is not None,
        firm=len(re.findall(r"[A-Za-z]{2,}", said_words)) > 1,
        bare=not _has_words(said_words),
    )


class Sentences:
    """The templates of one language."""

    def __init__(self, translations: Mapping[str, str]) -> None:
        own = {message: text for message, text in translations.items() if text and text != message}
        self._plain = {message: text for message, text in own.items() if not _HOLE.search(message)}
        made = [_template(message, text) for message, text in own.items() if message not in self._plain]
        self._templates = sorted(made, key=lambda t: (-sum(map(len, t.pieces)), t.pattern.pattern))

    def translated(self, sentence: str) -> str | None:
        """A sentence in this language; None where no template fits.

        Several are often put together with semicolons or commas: they are taken apart where every part fits.
        """
        for sign in ("; ", ", "):
            parts = sentence.split(sign)
            if len(parts) == 1 or not any(map(_has_words, parts)):
                continue
            told = [self._laid(part, _DEPTH) if _has_words(part) else part for part in parts]
            if None not in told:
                return sign.join(part for part in told if part is not None)
        return self._laid(sentence, _DEPTH)

    def _laid(self, sentence: str, depth: int) -> str | None:
        """A sentence, or at a lesser ``depth`` the value of one, laid over the templates."""
        plain = self._plain.get(sentence)
        if plain is not None or not depth:
            return plain
        for template in self._templates:
            values = template.values(sentence)
            if values is None:
                continue
            told = {name: self._laid(value, depth - 1) for name, value in values.items()}
            # A name that happens to read like a template is no sentence.
            words = [name for name, value in values.items() if _has_words(value)]
            some = any(told[name] for name in words)
            sure = template.firm or (template.bare and some)
            if depth == _DEPTH:
                sure = template.clear or some
            if sure or all(told[name] for name in words):
                chosen = {name: told[name] or value for name, value in values.items()}
                return _HOLE.sub(r"{v\1}", template.translation).format_map(chosen)
        return None


@lru_cache(maxsize=len(LANGUAGES))
def sentences(language: str) -> Sentences | None:
    """The templates of a language; None for English, which needs none."""
    source = files("tocsin.serve") / "locale" / f"{language}.kernels.po"
    if language not in LANGUAGES or not source.is_file():
        return None
    from babel.messages.pofile import read_po

    found = read_po(io.BytesIO(source.read_bytes()), locale=language)
    return Sentences({str(message.id): str(message.string) for message in found if message.id})


@lru_cache(maxsize=20_000)
def _translated(sentence: str, language: str) -> str | None:
    own = sentences(language)
    return own.translated(sentence) if own is not None else sentence


def said(sentence: str | None, language: str) -> Markup:
    """A kernel's sentence for a page, escaped; what has no translation is marked as English."""
    text = _translated(sentence or "", language) if sentence else ""
    if text is not None:
        return shown(text)
    return Markup('<span lang="en">') + shown(sentence) + Markup("</span>")
