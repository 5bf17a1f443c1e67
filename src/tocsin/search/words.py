"""The words of documents as terms that can be looked up: lemmas, and names in one spelling.

A kernel of partitions. A Russian or Ukrainian word is found by its lemmas, a Kazakh one by its stem, one in
English without plural and tense; a word with a capital also by its fold: «Samovar» finds «Самоваром».
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

import pyarrow as pa

from tocsin.language import lemma, lemmas
from tocsin.model.arrow import arrow_schema
from tocsin.model.tables import SEARCH_DOCUMENTS, SEARCH_TERMS
from tocsin.resolve.names import fold

__all__ = ["index_words", "terms_of"]

_WORD: Final = re.compile(r"[^\W_]+(?:[’'ʼ-][^\W_]+)*")
_LINK: Final = re.compile(r"https?://\S+")
#: Marks a term that is the fold of a name, so that it never meets a lemma by accident.
_NAME: Final = "="
_SHORTEST_NAME: Final = 3
_READINGS: Final = 2  # lemmas kept of an ambiguous word
_LONGEST: Final = 60  # longer "words" are codes and tables
_ENGLISH_ENDINGS: Final = (
    ("sses", "ss"), ("ies", "y"), ("ss", "ss"), ("us", "us"), ("is", "is"), ("s", ""), ("ied", "y"),
    ("eed", "eed"), ("ing", ""), ("ed", ""),
)  # fmt: skip


def _english(word: str) -> str:
    """A word without plural and tense: the first steps of Porter's stemmer, and a final e."""
    for ending, right in _ENGLISH_ENDINGS:
        stem = word[: -len(ending)]
        if word.endswith(ending) and len(stem) >= 3:
            word = stem + right
            if ending in {"ing", "ed"} and word[-1:] == word[-2:-1] and word[-1:] not in "lsz":
                word = word[:-1]
            break
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


@lru_cache(maxsize=1 << 17)
def _terms(word: str, language: str) -> tuple[str, ...]:
    lower = word.lower().replace("ё", "е")
    if language == "en":
        bare = re.sub(r"[’'ʼ]s$", "", lower)
        found: tuple[str, ...] = (_english(bare),)
    elif language in {"ru", "uk"}:
        # «сома» is a catfish or a soma: whoever asks for either must find it.
        found = tuple(form.replace("ё", "е") for form in lemmas(lower, language)[:_READINGS])
    elif language == "kk":
        found = (lemma(lower, language),)
    else:
        found = (lower,)
    folded = fold(word if language == "en" else lemma(word, language)) if word[:1].isupper() else ""
    if len(folded) < _SHORTEST_NAME:
        return found
    return (*found, _NAME + folded)


def terms_of(text: str, language: str) -> list[str]:
    """The terms of a text in one language, in order, repeated as the words are; links are none.

    >>> terms_of("Samovars in Kazan", "en")
    ['samovar', '=samovars', 'in', 'kazan', '=kazan']
    """
    found: list[str] = []
    for match in _WORD.finditer(_LINK.sub(" ", text)):
        if len(match[0]) <= _LONGEST:
            found += _terms(match[0], language)
    return found


def _pieces(text: str, sentences: Iterable[tuple[int, int, str]]) -> list[tuple[str, str]]:
    return [(text[start:end], language) for start, end, language in sentences]


def index_words(documents: pa.Table, sentences: pa.Table) -> dict[str, pa.Table]:
    """Kernel: documents and their sentences → ``search_terms``, ``search_documents``.

    Independent per document. Raises nothing but Arrow's own errors for missing columns.
    """
    spans: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    columns = (sentences.column(name).to_pylist() for name in ("document_id", "start", "end", "language"))
    for document, start, end, language in zip(*columns, strict=True):
        spans[document].append((start, end, language))
    found: list[tuple[str, str, int]] = []
    lengths: list[tuple[str, int]] = []
    for document, text in zip(
        documents.column("document_id").to_pylist(), documents.column("text").to_pylist(), strict=True
    ):
        counts: Counter[str] = Counter()
        for piece, language in _pieces(text, sorted(spans.get(document, ()))):
            counts.update(terms_of(piece, language))
        found += [(term, document, count) for term, count in counts.items()]
        lengths.append((document, sum(n for term, n in counts.items() if not term.startswith(_NAME))))
    found.sort()
    lengths.sort()
    terms = [list(column) for column in zip(*found, strict=True)] or [[], [], []]
    return {
        "search_terms": pa.Table.from_arrays(
            [pa.array(c, type=f.type) for c, f in zip(terms, arrow_schema(SEARCH_TERMS), strict=True)],
            schema=arrow_schema(SEARCH_TERMS),
        ),
        "search_documents": pa.Table.from_arrays(
            [
                pa.array(c, type=f.type)
                for c, f in zip(
                    [list(column) for column in zip(*lengths, strict=True)] or [[], []],
                    arrow_schema(SEARCH_DOCUMENTS),
                    strict=True,
                )
            ],
            schema=arrow_schema(SEARCH_DOCUMENTS),
        ),
    }
