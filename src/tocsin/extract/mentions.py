"""The names kernel: documents and sentences in, the names in them out. Pure, Arrow to Arrow.

The core says where a name stands and what it names; whether an organisation or a work is an outlet of the
media is said by the lists the sources of attributions are told apart with.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Final

import pyarrow as pa

from tocsin.extract.lexicon import lexicon, lexicon_language
from tocsin.extract.names import words_of
from tocsin.model import NameMention, NameType, Sentence, make_id
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import NAMES, SENTENCES

if TYPE_CHECKING:
    from tocsin.language.names import NameSpan

__all__ = ["find_names"]

_TYPES: Final[Mapping[str, NameType]] = {
    "PER": NameType.PERSON,
    "ORG": NameType.ORG,
    "LOC": NameType.PLACE,
    "FAC": NameType.PLACE,
    "EVT": NameType.EVENT,
    "PRO": NameType.OTHER,
    "MISC": NameType.OTHER,
}
#: Types among which outlets are found: corpora call a newspaper an organisation or a product.
_MAY_BE_MEDIA: Final = frozenset({"ORG", "PRO", "MISC"})
#: Code points before a name in which «газета», "the newspaper" and the like are looked for.
_BEFORE: Final = 40


def find_names(documents: pa.Table, sentences: pa.Table) -> dict[str, pa.Table]:
    """Kernel: ``documents`` (document_id, text) and their ``sentences`` → ``names``.

    Without the core's weights (``language/weights``) there is nobody to find names, and the table is empty.
    Deterministic and independent per document; the order of rows does not matter. Raises nothing but Arrow's
    own errors for missing columns.
    """
    # The core brings its weights along: loaded only when a stage runs.
    from tocsin.language.reading import SentenceSpan, core_installed, reader

    rows: list[NameMention] = []
    if core_installed():
        read = reader()
        method = f"names/2+{read.name}"
        ordered = sorted(rows_of(sentences, SENTENCES), key=lambda s: (s.document_id, s.ordinal))
        by_document = {key: list(group) for key, group in groupby(ordered, key=lambda s: s.document_id)}
        for key, text in zip(
            *(documents.column(n).to_pylist() for n in ("document_id", "text")), strict=True
        ):
            own = by_document.get(key, [])
            spans = [SentenceSpan(s.paragraph, s.start, s.end, s.language) for s in own]
            found = read.names(text, spans)
            rows += [_mention(key, text, own, name, method) for name in found]
    rows.sort(key=lambda m: (m.document_id, m.start, m.mention_id))
    return {"names": table_of(rows, NAMES)}


def _mention(
    document_id: str, text: str, sentences: Sequence[Sentence], name: NameSpan, method: str
) -> NameMention:
    kind = _TYPES[name.type]
    if name.type in _MAY_BE_MEDIA and _is_media(text, sentences, name):
        kind = NameType.MEDIA
    key = make_id("name", document_id, name.start, name.end, kind, method)
    return NameMention(key, document_id, name.start, name.end, kind, round(name.score, 3), method)


def _is_media(text: str, sentences: Sequence[Sentence], name: NameSpan) -> bool:
    """Whether a name is a known outlet, says that it is one («газета …»), or is called one right before."""
    home = next((s for s in sentences if s.start <= name.start < s.end), None)
    language = lexicon_language(home.language) if home is not None else ""
    lex = lexicon(language or "en")
    own = words_of(text[name.start : name.end], lex)
    if any(word.special == "outlets" or word.head == "media" for word in own):
        return True
    low = max(home.start if home is not None else 0, name.start - _BEFORE)
    before = words_of(text[low : name.start], lex)
    return bool(before) and before[-1].head == "media" and not before[-1].capital
