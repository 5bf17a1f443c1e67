"""What follows a cue verb: colon, quotation, «that …», «about …», an object, a bare clause, the end."""

from __future__ import annotations

from typing import Final

from tocsin.extract.tokens import QUOTE
from tocsin.extract.verb_context import DASHES, ENDS, PAUSES, After, Context

__all__ = ["after_verb"]

_REACH: Final = 9  # tokens between a verb and its «that»


def after_verb(context: Context) -> After:
    """What follows the verb, and where its content would start."""
    words = context.region.words
    english = context.line.lexicon.language == "en"
    index = context.index + 1
    if index >= len(words) or words[index] in ENDS:
        return After("end", index)
    found = _complement(context, index, english)
    if found is not None:
        return found
    if context.verb.group == "direct" and words[index] not in PAUSES:
        bidding = not english and context.verb.lemma in context.words("bidding")
        return After("none" if bidding and not _infinitive(words, index) else "object", index)
    if words[index] == "to" and context.verb.lemma in context.words("infinitive"):
        return After("object", index)
    return _after_english(context, index) if english else _after_slavic(context, index)


def _after_slavic(context: Context, index: int) -> After:
    words = context.region.words
    if words[index] in context.words("about"):
        return After("about", index + 1)
    for near in range(index, min(index + 3, len(words))):
        if words[near] in PAUSES | ENDS:
            break
        if words[near] in context.words("about") and words[near - 1] in context.words("recipients"):
            return After("about", near + 1)
    if words[index] in PAUSES:
        return After("end", index)
    return After("object" if context.verb.lemma in context.words("transitive") else "bare", index)


def _infinitive(words: list[str], index: int) -> bool:
    """Whether a Russian or Ukrainian infinitive stands within reach («предложил городу построить»)."""
    for word in words[index : index + 6]:
        if word in PAUSES | ENDS:
            return False
        if len(word) > 3 and word.endswith(("ть", "ться", "ти", "тись", "чь", "тися")):
            return True
    return False


def _complement(context: Context, index: int, english: bool) -> After | None:
    """A colon, a quotation or a complementizer within reach of the verb."""
    words = context.region.words
    marks = {"that"} if english else context.words("complementizers")
    for near in range(index, min(index + _REACH, len(words))):
        word = words[near]
        if word == ":":
            return After("colon", min(near + 1, len(words) - 1))
        if word == QUOTE:
            return After("quote", near) if english or near - index < 3 else None
        if word in marks or (english and near == index and word in context.words("complementizers")):
            return After("that", near + 1) if near + 1 < len(words) else None
        if word == ",":
            following = words[near + 1] if near + 1 < len(words) else ""
            if english and following in {"citing", "quoting"}:
                return _past_citation(context, near + 1)
            if following not in (marks if not english else {QUOTE}):
                return None
        elif word in ENDS or word in DASHES or (near > index and _is_cue(context, word)):
            return None
    return None


def _is_cue(context: Context, word: str) -> bool:
    verb = context.line.lexicon.verbs.get(word)
    return verb is not None and not verb.noun_like


def _past_citation(context: Context, start: int) -> After | None:
    """«Reuters reports, citing two officials, that …»: the complement after the inserted phrase."""
    words = context.region.words
    comma = next((n for n in range(start, len(words) - 1) if words[n] == ","), None)
    return _complement(context, comma + 1, True) if comma is not None else None


def _after_english(context: Context, index: int) -> After:
    words = context.region.words
    skip = context.words("time_words") | {"also", "then", "again"}
    group = context.verb.group
    # Adjuncts («said on Monday», «told reporters») before a bare clause or the end.
    if context.verb.lemma in {"tell", "inform", "assure", "remind"}:
        return _after_recipient(context, index)
    while index < len(words) and words[index] in skip:
        index += 1
    if index >= len(words) or words[index] in ENDS | PAUSES:
        return After("end", index)
    if words[index] in context.words("prepositions"):
        stop = index
        while stop < len(words) and words[stop] not in ENDS | {","}:
            stop += 1
        if (
            group == "say"
            and stop < len(words)
            and words[stop] == ","
            and context.region.words[index] in {"in", "on", "at", "during"}
        ):
            return After("end", stop)
        return After("end" if stop - index < 14 else "none", stop)
    if group == "say":
        return After("bare", index)
    if words[index] in {"he", "she", "it", "they", "there", "we", "i", "he's", "she's", "it's", "they're"}:
        return After("bare", index)
    return After("none", index)


def _after_recipient(context: Context, index: int) -> After:
    """«told her he would …»: a one-word recipient and a clause; a longer one needs «that» (seen before)."""
    words = context.region.words
    if words[index] in context.words("recipients") and index + 1 < len(words):
        if words[index + 1] in context.words("bare_starts") | context.words("complementizers") | {"to"}:
            return After("bare", index + 1)
        if words[index + 1] in ENDS | PAUSES | context.words("prepositions"):
            return After("end", index + 1)
    stop = index
    while stop < len(words) and words[stop] not in ENDS | {","}:
        if stop > index and words[stop] in {"to", "how", "about", "he", "she", "they", "there", "it"}:
            return After("bare", stop)
        stop += 1
    return After("end" if stop - index < 8 else "none", stop)
