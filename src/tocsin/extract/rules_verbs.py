"""Cue verbs in English, Russian and Ukrainian: «X said that …», «…, — сказал X», «как пишет X»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.extract.chunks import Subject, left_subject, right_source, shared_subject
from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.tokens import QUOTE, Region
from tocsin.extract.verb_after import after_verb
from tocsin.extract.verb_content import content_before, content_end, continuation
from tocsin.extract.verb_context import DASHES, ENDS, PAUSES, After, Context, Ranges

__all__ = ["ABOUT_THIS", "verb_drafts"]

#: How the rule of «Об этом сообщил X» ends.
ABOUT_THIS: Final = "about this"
_THIS: Final = frozenset({"об этом", "о чем", "о чём", "про це", "про що"})
_BE: Final = frozenset({"is", "are", "was", "were", "be", "been", "being", "am", "'s", "it's", "gets", "got"})


def verb_drafts(text: str, line: Line, region: Region) -> Iterator[Draft]:
    """Drafts of the cue verbs of a region, left to right."""
    verbs = line.lexicon.verbs
    for index, word in enumerate(region.words):
        verb = verbs.get(word)
        if verb is None:
            continue
        draft = _draft(Context(text, line, region, index, verb))
        if draft is not None and not _personal_inside(text, draft, region, line):
            draft.lemma = verb.lemma
            yield draft


def _personal_inside(text: str, draft: Draft, region: Region, line: Line) -> bool:
    """«I think» inside somebody's quotation adds no source to it; «you know» is one nowhere."""
    words = " ".join(span.of(text) for span in draft.source).lower().split()
    if len(words) == 1 and words[0] in {"you", "ты", "вы", "ти", "ви", "сен", "сіз"}:
        return True
    if region.inside is None:
        return False
    return not words or (len(words) == 1 and words[0] in line.lexicon.words("first_person") | {"people"})


def _draft(context: Context) -> Draft | None:
    if _blocked(context):
        return None
    if context.index <= 4 and " ".join(context.region.words[:2]) in _THIS:
        return _about_this(context)
    after = after_verb(context)
    if (
        context.verb.gerund
        and context.line.lexicon.language != "en"
        and after.kind not in {"that", "colon", "quote"}
    ):
        return None
    subject = left_subject(context.region, context.index, context.line.lexicon, context.verb.plural)
    clause = subject.clause if subject else _clause_start(context)
    if context.verb.group == "say" and (as_start := _as_word(context, clause)) is not None:
        return _as_clause(context, subject, as_start)
    if (
        context.verb.noun_like
        and not _after_pronoun(context)
        and after.kind in {"bare", "object", "about", "end"}
        and not _inverted_noun(context)
    ):
        return None
    if after.kind in {"colon", "quote", "that"} and not _speech_before(context, clause, after):
        return _forward(context, subject, after)
    if _content_before(context, clause, after):
        return _backward(context, subject, clause)
    return _forward(context, subject, after)


def _about_this(context: Context) -> Draft | None:
    """«Об этом сообщил X»; ``rules_layout.about_this`` puts the sentence before in place of the content."""
    found = _inverted_source(context)
    if found is None or context.region.inside is not None:
        return None
    roles = ([context.span(*found)], [context.span(context.index, context.index + 1)], [context.span(0, 2)])
    rule = f"verb: {context.verb.lemma}, {ABOUT_THIS}"
    return _cased(make_draft(context.text, context.line, roles, rule, 0.8), context, roles[0])


def _blocked(context: Context) -> bool:
    """Negated, modal and infinitive uses attribute nothing said; nor do nouns that look like verbs."""
    words, index = context.region.words, context.index
    before = words[index - 1] if index else ""
    if before in context.words("blocking"):
        return not (before == "to" and index >= 2 and words[index - 2] in {"on", "continued", "continues"})
    if context.line.lexicon.language != "en":
        return False
    if before in context.words("adverbs") and index >= 2 and words[index - 2] in context.words("blocking"):
        return True
    if before in {"the", "a", "an"} or (before in _BE and not context.verb.gerund):
        return True  # «the said letter», «is expected»: the subject of a passive says nothing
    if not context.verb.noun_like:
        return False
    # «the report», «his claims», «of doubts»: a noun.
    return before in {
        "the",
        "a",
        "an",
        "his",
        "her",
        "their",
        "its",
        "our",
        "my",
        "this",
        "that",
        "these",
        "those",
        "no",
        "of",
        "any",
    } or (before.endswith("'s"))


def _after_pronoun(context: Context) -> bool:
    """Whether a form that may be a noun is surely a verb: after a pronoun, or between a name and a clause."""
    words, index = context.region.words, context.index
    if index == 0:
        return False
    if words[index - 1] in {"he", "she", "it", "they", "we", "i", "who"}:
        return True
    named = context.region.capital(index - 1) and words[index - 1][:1].isalpha()
    return named and index + 1 < len(words) and words[index + 1] in context.words("bare_starts")


def _inverted_noun(context: Context) -> bool:
    before = context.region.words[context.index - 1] if context.index else ""
    return before in {QUOTE, ","} and context.region.raw(context.index).islower()


def _clause_start(context: Context) -> int:
    words = context.region.words
    index = context.index
    while index > 0 and words[index - 1] not in PAUSES | ENDS | {":"}:
        index -= 1
    return index


# --- which side the content is on ------------------------------------------------------------------


def _inverted(context: Context, clause: int) -> bool:
    """Whether only adverbs stand between the pause and the verb: «…, ранее сообщил X»."""
    light = context.words("time_words") | context.words("discourse")
    return all(w in light for w in context.region.words[clause : context.index])


def _as_word(context: Context, clause: int) -> int | None:
    """Where an «as X reports» / «как сообщает X» clause begins."""
    words = context.region.words
    for at in (clause - 1, context.index - 1, clause):
        if (
            0 <= at < context.index
            and words[at] in context.words("as_words")
            and (at == 0 or words[at - 1] in PAUSES | {"."})
        ):
            return at
    return None


def _speech_before(context: Context, clause: int, after: After) -> bool:
    """«“A,” X said. “B”»: a quotation before and a pause after the verb's clause beats one further on."""
    words = context.region.words
    if after.kind != "quote" or clause == 0 or words[clause - 1] not in PAUSES:
        return False
    return QUOTE in words[:clause] and any(w in ENDS | {","} for w in words[context.index + 1 : after.start])


def _content_before(context: Context, clause: int, after: After) -> bool:
    words = context.region.words
    if clause == 0 or words[clause - 1] not in PAUSES:
        return False
    before = [w for w in words[:clause] if w[:1].isalnum() or w == QUOTE]
    if QUOTE in words[max(0, clause - 3) : clause]:
        return True
    if len(before) < 2:
        return False
    if context.line.lexicon.language == "en":
        if words[clause - 1] == "-" and clause >= 2:
            return False
        return after.kind == "end" or (after.kind in {"bare", "none"} and clause == context.index)
    # With its subject before it a verb goes on to an object of its own: «стороны подчеркнули необходимость».
    return after.kind == "end" or (after.kind == "bare" and _inverted(context, clause))


def _as_clause(context: Context, subject: Subject | None, start: int) -> Draft | None:
    region, words = context.region, context.region.words
    source: Ranges = []
    end = context.index + 1
    if subject is not None and subject.start > start:
        source = [context.span(subject.start, subject.end)]
        while end < len(words) and words[end] not in PAUSES | ENDS:
            end += 1
    else:
        found = _inverted_source(context)
        if found is None:
            return None
        source = [context.span(*found)]
        end = found[1]
    content: Ranges = []
    if start > 0:
        content.append(context.span(0, start))
    if end < len(words):
        content.append((region.starts[end], region.ends[-1]))
    cue = [context.span(start, start + 1), context.span(context.index, context.index + 1)]
    draft = make_draft(context.text, context.line, (source, cue, content), "as X reports", 0.85)
    return _cased(draft, context, source)


_FORWARD: Final = {"colon": 0.8, "quote": 0.85, "that": 0.9, "about": 0.65, "object": 0.6, "bare": 0.7}


def _forward(context: Context, subject: Subject | None, after: After) -> Draft | None:
    """Source before (or implied), content after."""
    english = context.line.lexicon.language == "en"
    if not _goes_forward(context, subject, after):
        return None
    if after.kind == "that" and context.verb.group == "direct" and not english:
        after = After("object", context.index + 1)
    end = content_end(context, after.start)
    content: Ranges = [context.span(after.start, end)] if after.start < end else []
    content += [(q.start, q.end) for at, q in context.region.quotes.items() if after.start <= at < end]
    source, governed = _forward_source(context, subject, after)
    score = _FORWARD[after.kind]
    if not source:
        if context.verb.group == "direct" or (english and not context.verb.gerund):
            return None
        score -= 0.25
    cue = [context.span(context.index, context.index + 1)]
    rule = f"verb: {context.verb.lemma}, {after.kind}"
    draft = make_draft(context.text, context.line, (source, cue, content), rule, score)
    if draft is not None and not source:
        draft.implied = "before"
    return _cased(draft, context, source if governed else [])


def _goes_forward(context: Context, subject: Subject | None, after: After) -> bool:
    group, english = context.verb.group, context.line.lexicon.language == "en"
    if after.kind not in _FORWARD or after.start >= len(context.region):
        return False
    if after.kind == "bare":
        return english
    if after.kind == "about":
        return group == "say"
    if after.kind == "quote" and group == "weak" and subject is None:
        return False
    # «the group called …» is a participle of another clause.
    far = subject is not None and subject.end < context.index - 3
    return not (english and group == "direct" and far)


def _forward_source(context: Context, subject: Subject | None, after: After) -> tuple[Ranges, bool]:
    """Ranges of the source, and whether a preposition may govern it."""
    words = context.region.words
    lex = context.line.lexicon
    if lex.language == "en":
        if context.verb.gerund and context.index and (subject is None or words[context.index - 1] == ","):
            subject = None if _spoken_before(context) else shared_subject(context.region, context.index, lex)
        return ([context.span(subject.start, subject.end)] if subject else []), False
    if subject is not None:
        return [context.span(subject.start, subject.end)], _placed(context, subject)
    right = None if context.verb.gerund else _source_between(context, after)
    return ([context.span(*right)] if right else []), right is not None


def _spoken_before(context: Context) -> bool:
    """Whether somebody already speaks in the sentence («…, the mayor said, adding that …»)."""
    verbs = context.line.lexicon.verbs
    return any(
        (verb := verbs.get(word)) is not None
        and verb.group == "say"
        and not verb.gerund
        and not verb.noun_like
        for word in context.region.words[: context.index]
    )


def _placed(context: Context, subject: Subject) -> bool:
    return subject.start > 0 and context.region.words[subject.start - 1] in {"в", "во", "у"}


def _cased(draft: Draft | None, context: Context, source: Ranges) -> Draft | None:
    """Marks a source that a preposition governs («сообщили в МВД»)."""
    if draft is not None and source:
        words = context.region.words
        at = context.region.starts.index(source[0][0])
        if at and words[at - 1] in {"в", "во", "у"}:
            draft.case = "loct"
    return draft


def _source_between(context: Context, after: After) -> tuple[int, int] | None:
    """«Сообщил Песков, что …»: a subject between the verb and its complement."""
    found = _inverted_source(context)
    return found if found and found[1] <= after.start else None


def _inverted_source(context: Context) -> tuple[int, int] | None:
    """The source after its verb: past adverbs, recipients («журналистам», «ТАСС») and «в» before a place."""
    words = context.region.words
    lex = context.line.lexicon
    index = context.index + 1
    while index < len(words) and (
        words[index] in lex.words("time_words") or words[index] in lex.words("adverbs")
    ):
        index += 1
    if index >= len(words) or words[index] in ENDS | PAUSES:
        return None
    if lex.language != "en":
        if words[index] in lex.words("recipients") and index + 1 < len(words):
            index += 1
        elif (
            words[index] in lex.words("outlets")
            and index + 1 < len(words)
            and words[index + 1] not in ENDS | PAUSES
        ):
            index = _past_outlet(context, index)
        if words[index] in {"в", "во", "у"}:
            if not context.verb.plural or set(words[index + 1 : index + 3]) & lex.words("occasions"):
                return None
            return right_source(context.region, index + 1, lex, "")
        if words[index] in lex.words("prepositions"):
            return None
    return right_source(context.region, index, lex, "")


def _past_outlet(context: Context, index: int) -> int:
    """«рассказал РИА Новости Иванов»: the outlet is told, the person speaks."""
    words = context.region.words
    at = index + 1
    while at < len(words) and words[at] in {"новости", "news"}:
        at += 1
    if at < len(words) and words[at] not in ENDS | PAUSES | context.words("prepositions"):
        return at
    return index


def _backward(context: Context, subject: Subject | None, clause: int) -> Draft | None:
    """Content before, source on either side of the verb: «…, X said», «…, сообщил X»."""
    words = context.region.words
    implied = False
    if (
        subject is not None
        and subject.clause > 0
        and subject.end <= context.index
        and subject.start >= clause
    ):
        source: Ranges = [context.span(subject.start, subject.end)]
        end = context.index + 1
        while end < len(words) and words[end] not in PAUSES | ENDS:
            end += 1
    else:
        found = _inverted_source(context)
        implied = found is None
        source = [context.span(*found)] if found else []
        end = found[1] if found else context.index + 1
    if implied and (context.line.lexicon.language == "en" or context.verb.group != "say"):
        return None
    if context.verb.group == "direct" and QUOTE not in words[:clause] and words[clause - 1] not in DASHES:
        return None
    if (
        context.verb.group in {"show", "weak"}
        and QUOTE not in words[:clause]
        and (context.verb.lemma not in context.words("noting") or subject is None)
    ):
        return None
    content = content_before(context, clause) + continuation(context, end)
    cue = [context.span(context.index, context.index + 1)]
    if not content_before(context, clause):
        return None
    score = 0.6 if implied else 0.85
    draft = make_draft(
        context.text, context.line, (source, cue, content), f"verb: {context.verb.lemma}, after", score
    )
    if draft is not None and implied:
        draft.implied = "before"
    return _cased(draft, context, source)
