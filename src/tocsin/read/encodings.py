"""Which encoding some bytes are in.

Order: byte-order mark, UTF-16 without one, UTF-8, then the eight-bit encodings of Cyrillic and Latin text by
how much the letters look like language. ``charset_normalizer`` is only the last resort: on posts of a line or
two it takes cp1251 for anything (measured on ten-word Russian samples), and short texts are the common case.
"""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

from tocsin.errors import EncodingError, UndetectedFormatError

__all__ = ["SAMPLE", "detect"]

#: Bytes looked at.
SAMPLE = 1 << 16

_REMEDY = "Run 'tocsin formats' for what can be read, or leave the file out"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
#: Candidates, likeliest first: a tie goes to the earlier one.
_EIGHT_BIT = ("cp1251", "koi8_u", "cp866", "kz1048", "cp1252", "iso8859_5")

_COMMON = frozenset("оеаинтсрвлкмдпуяыіїєғқңөұүәй")
_OTHER = frozenset("ьгзбчхжшюцщэфъёґһў")
_LATIN = frozenset("éèàçùâêîôûëïüöäßáíóúñåøæœãõ")
_SIGNS = frozenset("«»„“”‘’…–—№°§€™•©\u00a0-")
# The commonest letter pairs of Russian, Ukrainian and Kazakh, from general knowledge of the languages.
_PAIR_LIST = (
    "ст но ен то на ов ни ра во ко ро по ос пр ре ер ал от ли го не ел ан ес та ть ор ла ло ет ит ол те "
    "ва ка да ри ом ат ль ис ин об де ле ся ме мо ми ог ак ам ив ие ий ия ый ых ым ой ем ти тр ви че за "
    "до же бы сь ск нн ны их ед од ас из им ев ве се со ус ут ру ку ту ду чт ча чи ше ши га ги бо ба бе "
    "пе па эт ки ма му ну ря тя ня ят ют ую ая яя ые ое ее ещ щи ві ів ні ої ії єт ає ям із що ід пі сі "
    "ці ою ює зн ты ды ын ін ың ің ар ға қа қы ығ ең бі ір өз үш үн ұл әр тт ққ рі ай ей кө жа тү ғы гі "
    "лы лі сы мы мі нд нт лд рд рт ке қо бұ сө ау еу "
)
_PAIRS = frozenset(_PAIR_LIST.split())


@lru_cache(maxsize=8)
def detect(sample: bytes, *, whole: bool = False) -> str:
    """The codec of ``sample``, the first bytes of a stream (all of it if ``whole``).

    Raises UndetectedFormatError for content that is no text, EncodingError for text in no accepted encoding.
    """
    sample = sample[:SAMPLE]
    for bom, codec in _BOMS:
        if sample.startswith(bom):
            return codec
    wide = _utf16(sample)
    if wide:
        return wide
    controls = len(_CONTROLS.findall(sample))
    if controls > max(3, len(sample) // 50) or (controls and controls * 4 > len(sample)):
        raise UndetectedFormatError("the content is binary, not text", remedy=_REMEDY)
    if _is_utf8(sample, whole):
        return "utf-8"
    scored = sorted(((_score(sample, codec), -rank) for rank, codec in enumerate(_EIGHT_BIT)), reverse=True)
    best, rank = scored[0]
    if best > 0.25:
        return _EIGHT_BIT[-rank]
    return _last_resort(sample)


def _is_utf8(sample: bytes, whole: bool) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(sample, final=whole)
    except UnicodeDecodeError:
        # A few damaged characters in good UTF-8 (an emoji cut by a careless export) do not make it cp1251.
        text = sample.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        good = sum(1 for char in text if char > "\x7f") - bad
        return good > bad * 8
    return True


def _utf16(sample: bytes) -> str | None:
    """UTF-16 without a mark: the high bytes are nearly all 0 (Latin, signs) or 4 (Cyrillic)."""
    if len(sample) < 4 or (b"\x00" not in sample and b"\x04" not in sample):
        return None
    even, odd = sample[0::2], sample[1::2]
    for high, low, codec in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        plain = sum(high.count(byte) for byte in (b"\x00", b"\x04", b"\x20"))
        if plain < len(high) * 0.9 or low.count(b"\x00") > len(low) // 20:
            continue
        text = sample[: len(sample) // 2 * 2].decode(codec, "replace")
        odd_ones = sum(1 for char in text if char == "\ufffd" or (char < " " and char not in "\t\n\r\f\x1b"))
        if odd_ones * 50 <= len(text):
            return codec
    return None


def _score(sample: bytes, codec: str) -> float:
    """How much the non-ASCII characters of ``sample`` look like words when read as ``codec``."""
    try:
        text = sample[:8192].decode(codec)
    except UnicodeDecodeError:
        return -1.0  # cp1251 and cp1252 leave some bytes undefined; one of them rules the codec out
    total = count = 0.0
    before = " "
    for char in text:
        if char > "\x7f":
            count += 1
            total += _letter(char, before)
        elif char.isalpha() and "\u0400" <= before <= "\u052f":
            total -= 1.0
        before = char
    return total / count if count else 0.0


def _letter(char: str, before: str) -> float:
    lower = char.lower()
    if lower in _COMMON or lower in _OTHER:
        value = 0.6 if lower in _COMMON else 0.3
        if (before.lower() + lower) in _PAIRS:
            value += 0.6
        if before.isascii() and before.isalpha():
            return -1.0
        if char != lower and before.isalpha() and before == before.lower():
            return value - 1.5
        return value
    if lower in _LATIN:
        return 0.5 if before.isascii() and (before.isalpha() or before == " ") and char == lower else -0.5
    if char in _SIGNS:
        return 0.3
    if char < "\u00a0":
        return -3.0
    return -1.0


def _last_resort(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample[:8192], threshold=0.15).best()
    if best is None or best.encoding.startswith("utf"):
        raise EncodingError("the bytes are no text in any accepted encoding")
    return str(best.encoding)
