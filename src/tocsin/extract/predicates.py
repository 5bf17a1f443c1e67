"""What a word's form says as a predicate: tense, bidding, negation. Russian and Ukrainian by the dictionary,
Kazakh by endings.

Kazakh has one form for the future and for habits («барады»); it is called future here, with the verbs taken
out that mostly tell a state.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from tocsin.extract.words import word_set
from tocsin.language.morphology import Parse, parses, verb_forms

__all__ = ["denies", "goes_on", "predicative", "tense", "verb_kind"]

_SLAVIC: Final = frozenset({"ru", "uk"})
_INFINITIVE_UK: Final = ("ти", "тися", "тись")
_IMPERATIVE: Final = {
    "ru": ("йте", "ите", "ьте", "йтесь", "итесь", "ьтесь"),
    "uk": ("йте", "іть", "те", "ься", "іться", "йтеся", "теся", "ймо", "імо"),
}
_PERSON: Final = r"(?:мын|мін|мыз|міз)"
_KAZAKH_FUTURE: Final = re.compile(
    rf"..(?:[аейи])(?:ды|ді|{_PERSON})$|..[мбп][ае]қ?(?:қшы|кші)$|.{{3}}(?:мақ|мек|бақ|бек|пақ|пек)$"
)
_KAZAKH_NOMINAL: Final = re.compile(r"..(?:[аейи])т[ыі]н(?:[ыі]н?|[ыі]на|[ыі]не|д[ыі]ғ[ыі]н?|д[ыі]г[ыі]н?)?$")
_KAZAKH_PAST: Final = re.compile(
    r"(?:ған|ген|қан|кен)(?:ын|ін|ы|і|дығын|дігін|да|де|мын|мін|быз|біз)?$"
    r"|(?:[^аейи]|^.{1,3}[аеи])(?:ды|ді)(?:м|ң|қ|к)?$|(?:ты|ті)(?:м|қ|к)?$"
)
#: Present or past in meaning though future in form.
_KAZAKH_STATES: Final = re.compile(
    r"^(?:еді|екен|екенін|екені|болатын|сияқты|керек|дейді|айтады|санайды|саналады|есептеледі|есептейді|жатады|тұрады|"
    r"отырады|жүреді|біледі|білмейді|көрінеді|тиесілі|білдіреді|құрайды|сақталады|қабылдайды|жетеді|жетпейді|"
    r"ойлайды|сенеді|төнбейді|толмайды|жазады|хабарлайды|мәлімдейді|көрсетеді|дәлелдейді|ескертеді|сендіреді|"
    r"түсіндіреді|істейді|істемейді|сөйлейді|тілейді|қалайды|сияды|ұнайды|келмейді екен)"
)
_KAZAKH_NEGATIVE: Final = re.compile(
    r".(?:[аәеоөұүыіиуйлрю]м|[зжмнң]б|[кқптсшщчхфһбвгд]п)[ае]"
    rf"(?:й(?:ды|ді|{_PERSON}|т[ыі]н\w*)|ған\w*|ген\w*|д[ыі][мңқк]?|с|у\w*|пты|пті|пп[ыі]н|пп[ыі]з)$"
)
_KAZAKH_GOING: Final = ("жатыр", "жатқан", "отыр", "тұр", "жүр", "барады", "келеді")
_KAZAKH_NO: Final = word_set("жоқ емес жоғын жоғы жоқтығын емесін еместігін")
_PREDICATIVES: Final = {
    "ru": word_set("нет нету можно нельзя нужно надо необходимо пора"),
    "uk": word_set("немає нема можна треба потрібно необхідно варто слід пора"),
    "kk": _KAZAKH_NO | word_set("бар керек мүмкін тиіс екен екенін екені керектігі қажет"),
}


@lru_cache(maxsize=1 << 17)
def tense(word: str, language: str) -> str:
    """``futr``, ``pres``, ``past``, ``infn`` or ``impr`` of a verb; empty for what is none.

    Kazakh: ``futr`` is the form in «-ады», ``nominal`` that of a reported clause in «-атыны».
    """
    if language in _SLAVIC:
        return _slavic_tense(word, language)
    return _kazakh_tense(word) if language == "kk" else ""


def _kazakh_tense(word: str) -> str:
    if _KAZAKH_STATES.match(word):
        return "pres"
    if _KAZAKH_NOMINAL.search(word):
        return "nominal"
    if _KAZAKH_FUTURE.search(word):
        return "futr"
    return "past" if _KAZAKH_PAST.search(word) else ""


def _slavic_tense(word: str, language: str) -> str:
    readings = parses(word, language)
    verbs = [p for p in readings[:3] if p.pos in {"VERB", "INFN", "PRTS"}]
    if not verbs or (readings[0] is not verbs[0] and not _mostly_verb(readings, language)):
        return ""
    tenses = {_tense_of(p, word, language) for p in verbs}
    if "impr" in tenses and len(tenses) > 1 and word.endswith(_IMPERATIVE[language]):
        return "impr"  # «позвоните»: bidding is likelier than telling somebody what he does
    if tenses == {"impr"} and readings[0] is not verbs[0]:
        return ""
    if {"futr", "pres"} <= tenses:
        return "pres"  # verbs of both aspects («оптимизируют»)
    return next((name for name in ("futr", "pres", "past", "infn", "impr") if name in tenses), "")


def _mostly_verb(readings: Sequence[Parse], language: str) -> bool:
    # The Ukrainian dictionary has no frequencies: «діє» is a vocative noun first and a verb second.
    return language == "uk" and all(p.pos in {"VERB", "ADVB"} or p.case == "voct" for p in readings[:3])


def _tense_of(reading: Parse, word: str, language: str) -> str:
    if reading.pos == "INFN" or (language == "uk" and word.endswith(_INFINITIVE_UK) and not reading.tense):
        return "infn"
    if reading.pos == "PRTS" or (language == "uk" and word.endswith(("но", "то")) and not reading.tense):
        return "past"
    if reading.tense:
        return reading.tense
    if language == "uk" and word.endswith(("ть", "ться")) and not reading.number:
        return ""  # the short infinitive of the dictionary («зменшиться»), which nobody writes
    return "impr"


@lru_cache(maxsize=1 << 12)
def verb_kind(infinitive: str, language: str) -> str:
    """``perf`` or ``impf`` of an infinitive: whether its non-past is its future; empty if unknown."""
    if language not in _SLAVIC:
        return ""
    endings = ("т", "тся") if language == "ru" else ("ть", "ться", "є", "е", "ється")
    lemma = parses(infinitive, language)[0].lemma
    for form, _, gerund in verb_forms(lemma, language):
        if not gerund and form.endswith(endings):
            tenses = {p.tense for p in parses(form, language) if p.lemma == lemma}
            if "futr" in tenses:
                return "perf"
            if "pres" in tenses:
                return "impf"
    return ""


@lru_cache(maxsize=1 << 17)
def predicative(word: str, language: str) -> bool:
    """Whether a word makes a clause without a verb: «нельзя», «открыт», «немає», «жоқ»."""
    if word in _PREDICATIVES.get(language, ()):
        return True
    return bool(word) and language in _SLAVIC and parses(word, language)[0].pos in {"PRED", "ADJS"}


def denies(word: str, language: str) -> bool:
    """Whether a Kazakh verb form is a negative one, or the word is «жоқ» or «емес»."""
    return language == "kk" and (word in _KAZAKH_NO or _KAZAKH_NEGATIVE.search(word) is not None)


def goes_on(words: Sequence[str]) -> bool:
    """Whether a Kazakh clause ends in what is going on: «кетіп жатыр», «істемей тұрған»."""
    return len(words) > 1 and words[-1].startswith(_KAZAKH_GOING) and words[-2].endswith(("п", "а", "е", "й"))
