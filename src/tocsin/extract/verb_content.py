"""How far the content of a verb cue reaches, before the verb's clause, after it and around it."""

from __future__ import annotations

from tocsin.extract.verb_context import DASHES, ENDS, PAUSES, Context, Ranges

__all__ = ["content_before", "content_end", "continuation"]


def content_before(context: Context, clause: int) -> Ranges:
    """Content that ends before a clause: a quotation as a whole, else from the sentence's start."""
    region, words = context.region, context.region.words
    last = clause - 1
    while last > 0 and words[last] in {","} | DASHES:
        last -= 1
    if last in region.quotes and last > 0 and words[last - 1] in {".", "!", "?", ":"}:
        quote = region.quotes[last]
        return [(quote.start, quote.end)]
    ranges = [context.span(0, last + 1)] if words[: last + 1] else []
    return ranges + [(q.start, q.end) for at, q in region.quotes.items() if at <= last]


def continuation(context: Context, end: int) -> Ranges:
    """Content that goes on after «, X said,»: a new quotation or the rest of the clause."""
    region, words = context.region, context.region.words
    lex = context.line.lexicon
    at = end
    while at < len(words) and words[at] in {",", ".", ":"} | DASHES:
        at += 1
    if at == end or at >= len(words):
        return []
    word = words[at]
    if at in region.quotes:
        quote = region.quotes[at]
        return [(quote.start, quote.end)]
    verb = lex.verbs.get(word)
    if word in lex.words("participles") or word in lex.words("relative") or (verb and verb.gerund):
        return []
    if lex.language == "en" and (
        word.endswith("ing") or (word in {"a", "an", "the", "whose"} and region.inside is None)
    ):
        return []  # a participle clause or an apposition of the speaker
    if lex.language != "en" and not any(w in DASHES for w in words[end:at]) and len(words) - at < 3:
        return []
    return [(region.starts[at], region.ends[-1])] if len(words) - at >= 2 else []


def content_end(context: Context, start: int) -> int:
    """Where content after the verb ends: before «, adding …» / «, добавив …» or a second cue verb."""
    words = context.region.words
    verbs = context.line.lexicon.verbs
    left = context.index
    while left > 0 and words[left - 1] not in PAUSES | ENDS:
        left -= 1
    relative = (
        context.line.lexicon.language == "en" and words[left : left + 2] and "which" in words[left : left + 2]
    )
    for index in range(start + 1, len(words) - 1):
        if words[index] != ",":
            continue
        if relative:
            return index  # «stories in which it claims …, to discredit»: the relative clause ends
        following = verbs.get(words[index + 1])
        if following is not None and following.gerund:
            return index
        if words[index + 1] == "and" and index + 2 < len(words):
            second = verbs.get(words[index + 2])
            if second is not None and second.group == "say" and words[index + 2].endswith("ed"):
                return index
    return len(words)
