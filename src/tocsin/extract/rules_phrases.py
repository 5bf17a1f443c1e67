"""Phrase cues: «according to X», «по его словам», «со ссылкой на X», «reportedly», «in my opinion»."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from tocsin.extract.chunks import right_source
from tocsin.extract.drafts import Draft, Line, make_draft
from tocsin.extract.lexicon import Phrase
from tocsin.extract.tokens import QUOTE, Region
from tocsin.model import SourceKind

__all__ = ["phrase_at", "phrase_drafts"]

_CLAUSE_BREAKS: Final = frozenset({";", "!", "?", "."})
_ADVERSATIVE: Final = frozenset({"but", "while", "а", "но", "однако", "але", "проте", "бірақ", "алайда"})
# Impersonal cues that stand in a clause of their own, before «that»/«что»; the others sit inside the content.
_INSIDE_FIRST: Final = frozenset({"reportedly", "по", "за", "как", "як", "кейбір", "алдын"})
_KINDS: Final = {
    "media": SourceKind.MEDIA,
    "crowd": SourceKind.CROWD,
    "anonymous": SourceKind.ANONYMOUS,
}


def phrase_at(region: Region, index: int, line: Line) -> Phrase | None:
    """The longest phrase cue that begins at a token."""
    words = region.words
    for phrase in line.lexicon.phrases.get(words[index], ()):
        size = len(phrase.words)
        if index + size > len(words):
            continue
        if all(
            want in ("*", have) for want, have in zip(phrase.words, words[index : index + size], strict=True)
        ):
            return phrase
    return None


def phrase_drafts(text: str, line: Line, region: Region) -> Iterator[Draft]:
    """Drafts of the phrase cues in a region, left to right."""
    index = 0
    first = line.lexicon.phrases
    while index < len(region):
        phrase = phrase_at(region, index, line) if region.words[index] in first else None
        if phrase is None:
            index += 1
            continue
        draft = _draft(text, line, region, index, phrase)
        if draft is not None:
            yield draft
        index += len(phrase.words)


def _draft(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    if phrase.role == "according":
        if line.lexicon.language == "kk":
            return _after_source(text, line, region, index, phrase)
        return _according(text, line, region, index, phrase)
    if phrase.role == "own":
        return _own(text, line, region, index, phrase)
    if phrase.role == "citing":
        return _citing(text, line, region, index, phrase)
    if phrase.role == "impersonal":
        return _impersonal(text, line, region, index, phrase)
    return _opinion(text, line, region, index, phrase)


def _span(region: Region, start: int, end: int) -> tuple[int, int]:
    return (region.starts[start], region.ends[end - 1])


def _around(line: Line, region: Region, start: int, end: int) -> list[tuple[int, int]]:
    """What is said, when a phrase [start, end) stands before, inside or after it in the same clause."""
    words = region.words
    left = start
    conjunctions = line.lexicon.words("complementizers")
    before = start - 1 if start and words[start - 1] == "," else start
    if before and words[before - 1] in conjunctions | _ADVERSATIVE | {"that"}:
        left = start  # «сообщил, что, по данным X, …»: only what follows
    else:
        while left > 0 and words[left - 1] not in _CLAUSE_BREAKS and not _adverse(words, left - 1):
            left -= 1
    right = end
    while right < len(words) and words[right] != ";":
        right += 1
    head = _without_discourse(line, region, left, start)
    ranges = [_span(region, *head)] if head else []
    if end < right:
        ranges.append(_span(region, end, right))
    return ranges


def _adverse(words: list[str], index: int) -> bool:
    return words[index] in _ADVERSATIVE and index > 0 and words[index - 1] == ","


def _without_discourse(line: Line, region: Region, start: int, end: int) -> tuple[int, int] | None:
    """Leading «moreover,», «при этом» say nothing; None if that is all there is."""
    discourse = line.lexicon.words("discourse")
    words = region.words
    while start < end:
        taken = next(
            (
                size
                for size in (3, 2, 1)
                if start + size <= end and " ".join(words[start : start + size]) in discourse
            ),
            0,
        )
        if not taken and words[start] not in {",", "-", "—", "–"}:
            break
        start += taken or 1
    return (start, end) if start < end else None


def _according(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    cue_end = index + len(phrase.words)
    source = right_source(region, cue_end, line.lexicon, phrase.case)
    if source is None:
        return None
    draft = make_draft(
        text,
        line,
        ([_span(region, *source)], [_span(region, index, cue_end)], _around(line, region, index, source[1])),
        f"phrase: {' '.join(phrase.words)} X",
        phrase.score,
    )
    if draft is not None:
        draft.case = phrase.case
    return draft


def _after_source(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    """Kazakh: «X айтуынша, …», the source first."""
    words = region.words
    start = index
    while start > 0 and words[start - 1] not in {",", ";", ":", "—", "–", "-", ".", "!", "?", QUOTE}:
        start -= 1
    kept = _without_discourse(line, region, start, index)
    cue_end = index + len(phrase.words)
    if kept is None:
        return None
    draft = make_draft(
        text,
        line,
        ([_span(region, *kept)], [_span(region, index, cue_end)], _around(line, region, kept[0], cue_end)),
        f"phrase: X {' '.join(phrase.words)}",
        phrase.score,
    )
    if draft is not None:
        draft.case = "gent"
    return draft


def _own(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    """«по его словам»: the source is the possessive; an adjective («по последним данным») names none."""
    hole = phrase.words.index("*") + index
    end = index + len(phrase.words)
    word = region.words[hole]
    lex = line.lexicon
    content = _around(line, region, index, end)
    cue = [_span(region, index, hole), _span(region, hole + 1, end)]
    known = lex.words("anaphors_person") | lex.words("anaphors_plural")
    if word in lex.words("first_person"):
        draft = make_draft(text, line, ([_span(region, hole, hole + 1)], cue, content), "first person", 0.85)
        return _implied(draft, SourceKind.AUTHOR)
    if word in known or word.startswith(("собственн", "власн")):
        rule = f"phrase: {' '.join(phrase.words)}"
        return make_draft(text, line, ([_span(region, hole, hole + 1)], cue, content), rule, phrase.score)
    if not word.endswith(("ым", "им", "ой", "ей", "ою", "ими", "ыми", "ему", "ому", "ий", "ый")):
        return None
    # The whole «последним данным» is all that is said of the source.
    kind = SourceKind.OFFICIAL if word.startswith(("официальн", "офіційн")) else SourceKind.ANONYMOUS
    cue = [_span(region, index, hole)]
    draft = make_draft(text, line, ([_span(region, hole, end)], cue, content), "phrase: unnamed data", 0.6)
    if draft is not None:
        draft.case = {"по": "datv", "за": "ablt"}.get(phrase.words[0], "")
    return _implied(draft, kind)


def _implied(draft: Draft | None, kind: str) -> Draft | None:
    if draft is not None:
        draft.implied = str(kind)
    return draft


def _citing(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    words = region.words
    cue_end = index + len(phrase.words)
    source = right_source(region, cue_end, line.lexicon, "")
    if source is None:
        return None
    colon = source[1]
    if colon + 1 < len(words) and words[colon] == ":" and colon + 1 in region.quotes:
        # «citing one of his reasons: “…”»: the speaker's own further words.
        quote = region.quotes[colon + 1]
        cue = [_span(region, index, source[1])]
        draft = make_draft(text, line, ([], cue, [(quote.start, quote.end)]), "citing: quotation", 0.7)
        return _implied(draft, "before")
    draft = make_draft(
        text,
        line,
        ([_span(region, *source)], [_span(region, index, cue_end)], _around(line, region, index, source[1])),
        f"phrase: {' '.join(phrase.words)} X",
        phrase.score,
    )
    if draft is not None:
        draft.case = phrase.case
        draft.lemma = "citing"
    return draft


def _impersonal(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    words = region.words
    end = index + len(phrase.words)
    complementizers = line.lexicon.words("complementizers")
    cue = [_span(region, index, end)]
    kind = _KINDS[phrase.kind]
    rule = f"impersonal: {' '.join(phrase.words)}"
    follower = end + 1 if words[end : end + 1] == [","] else end
    if words[follower : follower + 1] and words[follower] in complementizers and phrase.words[-1] != "that":
        content = [_span(region, follower + 1, len(words))] if follower + 1 < len(words) else []
    elif phrase.words[0] in _INSIDE_FIRST:
        # «Как стало известно SHOT, …»: who came to know is no source.
        comma = next((n for n in range(end, min(end + 4, len(words))) if words[n] == ","), end)
        content = _around(line, region, index, comma if phrase.words[0] in {"как", "як"} else end)
    elif line.lexicon.language == "kk":
        content = [_span(region, 0, index)] if index else []
    elif words[end : end + 1] and words[end] in {"в", "во", "у"}:
        source = right_source(region, end + 1, line.lexicon, "")
        if source is None:
            return None
        draft = make_draft(
            text, line, ([_span(region, *source)], cue, _around(line, region, index, source[1])), rule, 0.75
        )
        if draft is not None:
            draft.case = "loct"
        return draft
    else:
        content = (
            [_span(region, end, len(words))] if end < len(words) - 1 else _around(line, region, index, end)
        )
    return _implied(make_draft(text, line, ([], cue, content), rule, 0.7), kind)


def _opinion(text: str, line: Line, region: Region, index: int, phrase: Phrase) -> Draft | None:
    if region.inside is not None:
        return None  # somebody else's «I»
    words = region.words
    end = index + len(phrase.words)
    lex = line.lexicon
    if (
        len(phrase.words) == 1
        and "-" not in phrase.words[0]
        and lex.language != "kk"
        and index > 0
        and (words[index - 1] not in {",", "—", "–"})
    ):
        return None
    speaker = next((n for n in range(index, end) if words[n] in lex.words("first_person")), None)
    follower = end + 1 if words[end : end + 1] == [","] else end
    stop = next(
        (n for n in range(end + 2, len(words)) if words[n - 1] == "," and words[n] in _ADVERSATIVE), 0
    )
    last = stop - 1 if stop else len(words)
    if words[follower : follower + 1] and words[follower] in lex.words("complementizers"):
        content = [_span(region, follower + 1, last)] if follower + 1 < last else []
    elif words[index] in {"i", "я", "ми", "мы"} or phrase.words[0] == "деп":
        after = (end, last) if phrase.words[0] != "деп" else (0, index)
        content = [_span(region, *after)] if after[0] < after[1] else []
    else:
        content = _around(line, region, index, end)
    source = [_span(region, speaker, speaker + 1)] if speaker is not None else []
    cue = [_span(region, index, end)]
    if speaker is not None:
        cue = [
            part
            for part in (
                (region.starts[index], region.starts[speaker]),
                (region.ends[speaker], region.ends[end - 1]),
            )
            if part[0] < part[1]
        ]
    return _implied(
        make_draft(text, line, (source, cue, content), f"first person: {' '.join(phrase.words)}", 0.85),
        SourceKind.AUTHOR,
    )
