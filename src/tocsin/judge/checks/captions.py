"""Captions of images in another language than the text around them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Final

from tocsin.judge.checks.protocol import DocumentCheck, DocumentFacts, Input, Result
from tocsin.model import CheckTopic, CheckVerdict, Span

__all__ = ["CAPTION"]

#: A line of its own that is the name of an image, or begins as a caption does.
_CAPTION: Final = re.compile(
    r"^[ \t]*(?:(?P<name>[^\n.!?]{1,120})\.(?:jpe?g|png|webp|gif|tiff?|heic|bmp)"
    r"|(?:photo|image|picture|фото|фотография|світлина|зображення|сурет|фотосурет)\s?:"
    r"\s?(?P<said>[^\n]{3,160}))[ \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_WORD: Final = re.compile(r"[^\W\d_]{2,}")
_CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_LATIN: Final = re.compile(r"[A-Za-z\u00c0-\u024f]")
#: Most of the letters that must be of one script.
_MOST: Final = 0.8
#: Letters of the text below which it has no script worth the name.
_LETTERS: Final = 40
#: Fewer words after "Photo:" than these are whose it is, not what it shows.
_CREDIT: Final = 4


def _script(text: str) -> tuple[str, int, int]:
    """The script of most letters («» where none has most of them), Cyrillic letters, Latin letters."""
    cyrillic, latin = len(_CYRILLIC.findall(text)), len(_LATIN.findall(text))
    both = cyrillic + latin
    if both and cyrillic >= _MOST * both:
        return "Cyrillic", cyrillic, latin
    return ("Latin" if both and latin >= _MOST * both else ""), cyrillic, latin


def _captions(facts: DocumentFacts) -> Iterator[Result]:
    text = facts.document.text
    captions = list(_CAPTION.finditer(text))
    if not captions:
        return
    around = [
        s for s in facts.sentences if not any(s.start < c.end() and c.start() < s.end for c in captions)
    ]
    letters = "".join(text[s.start : s.end] for s in around)
    script, cyrillic, latin = _script(letters)
    languages: Counter[str] = Counter()
    for sentence in around:
        languages[sentence.language] += sentence.end - sentence.start
    language = max(languages, key=lambda code: (languages[code], code)) if languages else "und"
    for caption in captions:
        group = "name" if caption.group("name") is not None else "said"
        if group == "said" and len(_WORD.findall(caption.group("said"))) < _CREDIT:
            continue
        span = Span(*caption.span(group))
        yield _caption(text, span, (script, cyrillic, latin), language)


def _caption(text: str, span: Span, of_text: tuple[str, int, int], language: str) -> Result:
    words = span.of(text)
    script, cyrillic, latin = _script(words)
    steps = (
        f"caption: {cyrillic} Cyrillic and {latin} Latin letters",
        f"text around it: {of_text[1]} Cyrillic and {of_text[2]} Latin letters ({language})",
    )
    inputs = (Input(span, f"a caption in {script or 'no one'} script"),)
    enough = len(_WORD.findall(words)) >= 2 and of_text[1] + of_text[2] >= _LETTERS
    if not enough or not script or not of_text[0] or _is_file_name(words):
        missing = ("words of a language in the caption, and enough text around it",)
        return Result(CheckVerdict.NOT_CHECKABLE, inputs, steps, missing=missing, language=language)
    same = script == of_text[0]
    return Result(
        CheckVerdict.CONSISTENT if same else CheckVerdict.INCONSISTENT,
        inputs,
        steps,
        (
            "the line is the caption or the name of an image",
            "scripts are compared, not languages of one script",
        ),
        f"a text is of a script if {_MOST:.0%} of its letters are",
        language=language,
    )


def _is_file_name(words: str) -> bool:
    """Whether a name is a camera's or a program's («IMG_2041», «screenshot-3»), which is in no language."""
    return bool(re.search(r"\d{3,}|_", words)) or " " not in words.strip()


CAPTION: Final = DocumentCheck(
    "caption", "1", CheckTopic.CAPTIONS, "the caption of an image is in the script of the text", _captions
)
