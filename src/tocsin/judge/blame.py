"""Blame: who makes whom answerable for what, on whose word; accusations and denials.

Machine output only. Pure: one document's claims in, its rows of ``blame`` out. A claim is read with the
cue and source of its innermost link («blamed», «denied»), because they say what is done with the words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from tocsin.extract.blame import BlameWords, blame_of
from tocsin.extract.lexicon import lexicon, lexicon_language
from tocsin.extract.sources import Source, describe
from tocsin.extract.words import normal, word_set
from tocsin.judge.forecasts import Facts
from tocsin.model import Attribution, Blame, Certainty, Claim, Spans, Stance, hull, make_id, overlaps

__all__ = ["METHOD", "blame_rows"]

METHOD: Final = "blame-1"
_SELF: Final = word_set(
    "it he she they we i its his her their itself himself herself themselves "
    "он она оно они я мы его её ее их сам сама сами своя свою "
    "він вона воно вони ми його її їх ол олар біз мен оның олардың"
)
#: What a pattern may take for an accuser in a content that begins within its clause («to present all this
#: as …»).
_NO_ONE: Final = _SELF | word_set("to not also and but who which that")
#: Cues that deny what follows.
_DENYING: Final = re.compile(
    r"\b(?:den(?:y|ies|ied|ying)|reject\w*|dismiss\w*|refut\w*|disput\w*|disown\w*|опроверг\w*|отриц\w*|отверг\w*|"
    r"спрост\w*|запереч\w*|відкин\w*|відкида\w*|жоққа шығар\w*|теріске шығар\w*)",
    re.IGNORECASE,
)
_FALSE: Final = re.compile(
    r"\b(?:lies?|absurd|false|nonsense|slander|fabricat\w+|ложью|выдумкой|клеветой|вздором|брехнею|вигадкою|наклепом|өтірік)\b",
    re.IGNORECASE,
)
#: A name in the text: words with capitals side by side, or words in quotation marks.
_NAME: Final = re.compile(
    r"[«“\"„][^»”\"“\n]{3,40}[»”\"]|"
    r"(?<![.!?…\n]\s)(?<!^)\b[A-ZА-ЯЁЇІЄҐӘҒҚҢӨҰҮҺ][\w’'-]+(?:[ -][A-ZА-ЯЁЇІЄҐӘҒҚҢӨҰҮҺ][\w’'-]+)*"
)
_QUOTES: Final = "«»“”„\"'’ "
_UNQUOTED: Final = str.maketrans("", "", '«»“”„"')
#: What a deed named only by its kind is called («the terrorist attack», «теракт»).
_KIND: Final = re.compile(
    r"\b(?:attack|terror|tragedy|explosion|blast|shooting|fire|crash|incident|murder|killing|flood|leak|outage|"
    r"теракт|нападени|атак|взрыв|трагеди|пожар|авари|убийств|катастроф|вибух|напад|трагеді|пожеж|аварі|вбивств|"
    r"жарылыс|шабуыл|өрт|апат)\w*",
    re.IGNORECASE,
)
_LEADS: Final = re.compile(
    rf"(?:{_KIND.pattern})\s+(?:at|on|in|of|near|against|by|в|во|на|у|возле|около|біля|під)\s+(?:the\s+)?[«“\"„]?$",
    re.IGNORECASE,
)
_BEFORE_VERB: Final = re.compile(
    r"((?:(?:some|many|several|most|all|the|both) )?(?:[\w’'-]+ ){1,5}?)"
    r"(?:is|are|was|were|has|have|had|will|would|could|may|might|[a-z]+ed)\b"
)
_THIS: Final = re.compile(
    r"\b(?:all )?(?:this|that|these|это|этого|этом|этим|це|цього|осы|бұл)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Event:
    key: str
    label: str


def blame_rows(facts: Facts) -> list[Blame]:
    """The blame of a document, in order of its claims; one row for each claim that blames or clears."""
    text = facts.document.text
    names = _names(text)
    found: dict[str, Blame] = {}
    for claim in facts.claims:
        chain = [facts.attributions[key] for key in claim.chain]
        nested = facts.inner.get(claim.chain[-1], ()) if claim.chain else ()
        if any(_passes_on(claim, a) for a in nested):
            continue
        words = _read(text, claim, chain)
        if words is not None and not _nobody(text, words):
            row = _row(facts, claim, chain, words, names)
            found.setdefault(row.blame_id, row)
    return list(found.values())


def _nobody(text: str, words: BlameWords) -> bool:
    """Whether an accusation names its accused by a pronoun alone: who «it» is, another claim has to say."""
    plain = [normal(span.of(text)) for span in words.accused]
    return not words.denies and all(p in _SELF for p in plain)


def _passes_on(claim: Claim, inner: Attribution) -> bool:
    """Whether a nested attribution holds all that matters of a claim, which then is told with that one."""
    own, other = hull(claim.content), hull(inner.content)
    return own is not None and other is not None and len(other) >= 0.6 * len(own)


def _read(text: str, claim: Claim, chain: Sequence[Attribution]) -> BlameWords | None:
    """Content alone first; then with the innermost cue and source, which may do the blaming."""
    with_cue = [*claim.content, *(s for a in chain[-1:] for s in (*a.cue, *a.source))]
    cue = cue_text(text, chain)
    found = blame_of(text, claim.content, claim.language)
    if chain and (found is None or found.pattern == "did it"):
        told = blame_of(text, with_cue, claim.language, doers=False)
        found = told if told is not None and _touches(told, claim) else found
    if found is None:
        return None
    denies = found.denies
    if chain and not denies and (_DENYING.search(cue) or _says_false(text, claim, cue)):
        denies = True
    if not found.accused and not (denies and chain):
        return None
    return BlameWords(found.accused, found.deed, found.accuser, found.evidence, denies, found.pattern)


def cue_text(text: str, chain: Sequence[Attribution]) -> str:
    """The words of the innermost cue."""
    return " ".join(s.of(text) for a in chain[-1:] for s in a.cue)


def _says_false(text: str, claim: Claim, cue: str) -> bool:
    around = " ".join(s.of(text) for s in claim.content)
    calls = re.search(r"\b(?:call\w*|назва\w*|назв\w*)\b", cue, re.IGNORECASE)
    return bool(_FALSE.search(cue)) or bool(calls and _FALSE.search(around))


def _touches(words: BlameWords, claim: Claim) -> bool:
    return any(overlaps(a, s) for a in words.accused for s in claim.content)


def _row(
    facts: Facts,
    claim: Claim,
    chain: Sequence[Attribution],
    words: BlameWords,
    names: Sequence[tuple[int, str]],
) -> Blame:
    text = facts.document.text
    who, tellers = _accuser(text, claim, chain, words)
    accused, label = _accused(text, claim, chain, words)
    event = _event(text, claim, words, names)
    flat = [n for span in (*accused, *words.deed) for n in (span.start, span.end)]
    return Blame(
        blame_id=make_id("blame", claim.claim_id, METHOD, len(flat), *flat),
        claim_id=claim.claim_id,
        document_id=claim.document_id,
        language=claim.language,
        accuser_label=who.label,
        accuser_key=who.key,
        tellers=tellers,
        accused=accused,
        accused_label=label.label,
        accused_key=label.key,
        deed=words.deed,
        stance=Stance.DENY if words.denies else Stance.ACCUSE,
        certainty=_without_denial(claim.certainty) if words.denies else claim.certainty,
        evidence=words.evidence,
        event_key=event.key,
        event_label=event.label,
        score=claim.score,
        reasons=(f"pattern: {words.pattern}", *claim.reasons),
        method=METHOD,
    )


def _without_denial(certainty: str) -> str:
    """How surely it is denied: «CT-» of a denial is a plain one."""
    return str(Certainty(certainty)) if certainty != Certainty.UNDERSPECIFIED else certainty


def _accuser(
    text: str, claim: Claim, chain: Sequence[Attribution], words: BlameWords
) -> tuple[Source, tuple[str, ...]]:
    """Who accuses, and the links outside him. A sentence that names its accuser goes before the chain."""
    labels = tuple(a.source_label for a in chain)
    if words.accuser and normal(words.accuser[0].of(text)) not in _NO_ONE:
        inner = chain[-1] if chain else None
        if inner is not None and any(overlaps(s, a) for s in inner.source for a in words.accuser):
            return Source(inner.source_kind, inner.source_label, inner.source_key), labels[:-1]
        return _described(text, words.accuser, claim.language), labels
    own = Source(claim.source_kind, claim.source_label, claim.source_key)
    return own, labels[:-1]


def _accused(
    text: str, claim: Claim, chain: Sequence[Attribution], words: BlameWords
) -> tuple[Spans, Source]:
    """Who is blamed; a pronoun in a denial is the one who denies."""
    plain = [normal(span.of(text)) for span in words.accused]
    if chain and all(p in _SELF for p in plain) and words.denies:
        last = chain[-1]
        spans = last.source or words.accused
        return spans, Source(last.source_kind, last.source_label, last.source_key)
    found = _described(text, words.accused, claim.language)
    if plain and plain[0] == "they" and (subject := _subject(text, claim)):
        return words.accused, Source(found.kind, f"{found.label} (they: {subject})", found.key)
    return words.accused, found


def _subject(text: str, claim: Claim) -> str:
    """The words before the first verb of an English content: whom a later «they» means, if it begins with
    a name.
    """
    match = _BEFORE_VERB.match(text, claim.content[0].start, claim.content[0].end)
    return match[1].strip() if match else ""


def _described(text: str, spans: Spans, language: str) -> Source:
    phrase = " ".join(span.of(text) for span in spans).translate(_UNQUOTED).strip()
    phrase = phrase[4:] if phrase.lower().startswith("the ") else phrase
    rules = lexicon_language(language)
    if not rules or not phrase:
        return Source("", phrase, f"words:{normal(phrase)}")
    found = describe(phrase, lexicon(rules))
    return Source(found.kind, phrase, found.key or f"words:{normal(phrase)}")


# --- which event ------------------------------------------------------------------------------------


def _names(text: str) -> list[tuple[int, str]]:
    """Names in a text with where they stand."""
    return [(m.start(), m.group().strip(_QUOTES)) for m in _NAME.finditer(text)]


def _event(text: str, claim: Claim, words: BlameWords, names: Sequence[tuple[int, str]]) -> _Event:
    """The name of the deed: one in its own words; else, for a deed named by its kind, the last before it, the
    most frequent if it stands at least twice.
    """
    region = hull(words.deed) or hull(claim.content)
    assert region is not None
    parties = (*words.accused, *words.accuser)
    own = [
        name
        for at, name in names
        if region.start <= at < region.end and not any(p.start <= at < p.end for p in parties)
    ]
    if own:
        best = max(own, key=lambda n: (len(n), n))
        return _Event(_event_key(best), best)
    told = " ".join(s.of(text) for s in words.deed)
    if words.deed and not _KIND.search(told) and not _THIS.search(told):
        return _Event("", "")
    before = [(at, name) for at, name in names if at < region.start]
    quoted = Counter(_event_key(name) for at, name in before if _near_kind(text, at))
    if not quoted:
        return _Event("", "")
    top = max(quoted, key=lambda key: (quoted[key], key))
    label = next(name for _, name in reversed(before) if _event_key(name) == top)
    return _Event(top, label)


def _near_kind(text: str, at: int) -> bool:
    """Whether a word for a kind of event leads to a name («the attack on the “Crocus City Hall”»)."""
    return bool(_LEADS.search(text[max(0, at - 40) : at]))


def _event_key(name: str) -> str:
    return "name:" + " ".join(normal(name).split())
