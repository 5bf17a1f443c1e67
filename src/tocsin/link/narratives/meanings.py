"""Claims as vectors and facts: what is needed to tell whether two say the same. A kernel of partitions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from tocsin.link.narratives.facts import Facts, facts_of
from tocsin.model import Claim, ClaimKind, ClaimMeaning, make_id, quote
from tocsin.model.arrow import rows_of, table_of
from tocsin.model.tables import CLAIM_MEANINGS, CLAIMS, NAMES, PLACES, QUANTITIES

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

__all__ = ["chosen_claims", "encoder_name", "find_meanings", "pack", "plain_words", "unpack", "vectors_of"]

_WORD: Final = re.compile(r"[^\W_]+(?:[’'ʼ-][^\W_]+)*")
#: Shorter contents («Информация об их состоянии») say too little to be told alike or apart.
_FEWEST_WORDS: Final = 5
#: Bidding and adverts are told again by everybody and spread no claim.
_LEFT_OUT: Final = frozenset({ClaimKind.ADVICE})


def plain_words(text: str) -> tuple[str, ...]:
    """The words of a text in lower case, without signs: what two copies have in common."""
    return tuple(match[0].lower() for match in _WORD.finditer(text))


def chosen_claims(claims: Iterable[Claim], text: str, most: int) -> list[Claim]:
    """The claims of one document that are compared: at most ``most``, those on somebody's word first.

    Then those that come first in the text, where posts say what they are about.
    """
    fit = [
        claim
        for claim in claims
        if claim.kind not in _LEFT_OUT and len(plain_words(quote(claim.content, text, " "))) >= _FEWEST_WORDS
    ]
    fit.sort(key=lambda c: (c.content[0].start, c.claim_id))
    lead, rest = fit[:1], fit[1:]
    rest.sort(key=lambda c: (not c.chain, c.content[0].start, c.claim_id))
    return (lead + rest)[:most]


def pack(vector: Floats) -> tuple[bytes, float]:
    """A unit vector as int8 numbers and the scale that turns them back; it is off by some .4 %."""
    import numpy as np

    largest = float(np.abs(vector).max())
    scale = largest / 127 if largest else 1.0
    return np.rint(vector / np.float32(scale)).astype(np.int8).tobytes(), scale


def unpack(vectors: Sequence[bytes], scales: Sequence[float]) -> Floats:
    """Vectors packed by ``pack`` as unit rows (n, dimension), float32; zeros stay zeros."""
    import numpy as np

    if not vectors:
        return np.zeros((0, 0), dtype=np.float32)
    flat = np.frombuffer(b"".join(vectors), dtype=np.int8).reshape(len(vectors), -1)
    out: Floats = flat.astype(np.float32) * np.asarray(scales, dtype=np.float32)[:, None]
    length = np.linalg.norm(out, axis=1, keepdims=True)
    out /= np.where(length > 0, length, 1)
    return out


def encoder_name() -> str:
    """The name that ``vectors_of`` would give, without reading any weights."""
    from tocsin.language.core import LanguageCore
    from tocsin.language.reading import core_installed
    from tocsin.language.universal import UniversalEncoder

    return f"{LanguageCore.name}+{UniversalEncoder.name}" if core_installed() else UniversalEncoder.name


def vectors_of(texts: Sequence[str], languages: Sequence[str]) -> tuple[Floats, str]:
    """Vectors of texts and the name of the encoder: the universal one alone where the core is left out."""
    from tocsin.language import sentence_vectors
    from tocsin.language.encoder import packaged_encoder
    from tocsin.language.reading import core_installed

    if core_installed():
        return sentence_vectors(texts, languages), packaged_encoder().name
    from tocsin.language.universal import universal_encoder

    encoder = universal_encoder()
    return encoder.vectors(texts), encoder.name


def _by_document(data: pa.Table, table: Any) -> Mapping[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows_of(data, table):
        found[row.document_id].append(row)
    return found


def _wording(text: str, facts: Facts) -> str:
    parts = [*facts.actors, "", *facts.places, "", *facts.numbers, "", *facts.opposites]
    # The exact words: whatever else is kept of a claim, its vector too, must follow from the wording alone.
    return make_id("wording", facts.language, str(facts.denied), text, *parts)


def find_meanings(
    documents: pa.Table,
    claims: pa.Table,
    names: pa.Table,
    places: pa.Table,
    quantities: pa.Table,
    settings: Mapping[str, Any],
) -> dict[str, pa.Table]:
    """Kernel: claims and the mentions in them → ``claim_meanings``; documents are independent of each other.

    Reads ``narratives.claims``. Raises nothing but Arrow's own errors for missing columns.
    """
    texts = dict(
        zip(documents.column("document_id").to_pylist(), documents.column("text").to_pylist(), strict=True)
    )
    mentions = [_by_document(*pair) for pair in ((names, NAMES), (places, PLACES), (quantities, QUANTITIES))]
    kept: list[tuple[Claim, str, Facts]] = []
    for document_id, own in sorted(_by_document(claims, CLAIMS).items()):
        text = texts[document_id]
        here = [found.get(document_id, []) for found in mentions]
        chosen = chosen_claims(own, text, settings["narratives.claims"])
        kept += [(claim, quote(claim.content, text, " "), facts_of(text, claim, *here)) for claim in chosen]
    vectors, encoder = vectors_of([words for _, words, _ in kept], [claim.language for claim, _, _ in kept])
    rows = [
        ClaimMeaning(
            claim.claim_id,
            claim.document_id,
            _wording(words, facts),
            facts.language,
            *pack(vector),
            len(plain_words(words)),
            facts.denied,
            facts.actors,
            facts.places,
            facts.numbers,
            facts.opposites,
            f"meaning/1+{encoder}",
        )
        for (claim, words, facts), vector in zip(kept, vectors, strict=True)
        if vector.any()
    ]
    rows.sort(key=lambda row: (row.document_id, row.claim_id))
    return {"claim_meanings": table_of(rows, CLAIM_MEANINGS)}
