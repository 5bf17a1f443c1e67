"""The rule data of each language, read from the packaged YAML files and expanded once per process.

Verbs are listed by lemma. English forms follow from spelling rules and a list of irregular ones; Russian and
Ukrainian forms from the pymorphy3 dictionary (finite forms and gerunds: participles and infinitives rarely
head an attribution). Kazakh forms are listed as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from tocsin.language.wordlists import read_words

__all__ = ["Lexicon", "Phrase", "Verb", "lexicon", "lexicon_language", "read_data"]

#: Languages with rules; others use the rules of the nearest one, or none.
_OWN: Final = frozenset({"en", "ru", "uk", "kk"})
_NEAREST: Final[Mapping[str, str]] = {"be": "uk", "und": ""}


@dataclass(frozen=True, slots=True)
class Verb:
    """A cue verb form: its lemma, its class (say, weak, show, direct), whether a plural or a gerund."""

    lemma: str
    group: str
    plural: bool = False
    gerund: bool = False
    noun_like: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """A multiword cue. ``role`` is according, own, citing, impersonal or opinion; ``*`` is any one word."""

    words: tuple[str, ...]
    role: str
    case: str = ""
    kind: str = ""
    score: float = 0.8


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Everything the rules know about one language. ``sets`` holds the plain word lists by name."""

    language: str
    verbs: Mapping[str, Verb]
    phrases: Mapping[str, tuple[Phrase, ...]]
    sets: Mapping[str, frozenset[str]]
    heads: Mapping[str, str]
    triggers: frozenset[str] = field(default_factory=frozenset)
    starts: frozenset[str] = field(default_factory=frozenset)

    def words(self, name: str) -> frozenset[str]:
        """A word list by name, empty when the language has none."""
        return self.sets.get(name, frozenset())


def read_data(name: str) -> Any:
    """One of this package's lists by name, shared: not to be changed."""
    return read_words("tocsin.extract", name)


def lexicon_language(code: str) -> str:
    """The language whose rules apply to sentences in ``code``; empty for none."""
    return code if code in _OWN else _NEAREST.get(code, "")


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of en, ru, uk or kk. Raises FileNotFoundError for any other."""
    data = read_data(language)
    verbs = _verbs(data)
    phrases = _phrases(data)
    sets = {
        key: frozenset(value)
        for key, value in data.items()
        if isinstance(value, list) and all(isinstance(item, str) for item in value)
    }
    for key, value in data.get("anaphors", {}).items():
        sets[f"anaphors_{key}"] = frozenset(value)
    if language in {"ru", "uk"}:
        from tocsin.language.morphology import noun_forms

        sets["cue_nouns"] = frozenset(
            form for noun in data["cue_nouns"] for form in noun_forms(noun, language)
        )
    heads = {word: kind for kind, words in data["heads"].items() for word in words}
    starts = frozenset(phrases)
    triggers = frozenset(verbs) | starts | sets.get("cue_nouns", frozenset())
    triggers |= {form.partition(" ")[0] for form in verbs}
    return Lexicon(language, verbs, phrases, sets, heads, triggers, starts)


def _phrases(data: Mapping[str, Any]) -> dict[str, tuple[Phrase, ...]]:
    found: dict[str, list[Phrase]] = {}

    def add(words: str, role: str, entry: Mapping[str, str]) -> None:
        parts = tuple(words.split())
        phrase = Phrase(
            parts, role, entry.get("case", ""), entry.get("kind", ""), float(entry.get("score", "0.8"))
        )
        found.setdefault(parts[0], []).append(phrase)

    for role, key in (("according", "according"), ("own", "own_words"), ("citing", "citing")):
        for entry in data.get(key, ()):
            add(entry["words"], role, entry)
    for entry in data.get("impersonal", ()):
        add(entry["words"], "impersonal", entry)
    for words in data.get("opinion", ()):
        add(words, "opinion", {})
    return {first: tuple(sorted(items, key=lambda p: -len(p.words))) for first, items in found.items()}


# --- verb forms ------------------------------------------------------------------------------------


def _verbs(data: Mapping[str, Any]) -> dict[str, Verb]:
    language = data["language"]
    noun_like = frozenset(data.get("noun_like", ()))
    irregular = data.get("forms", {})
    found: dict[str, Verb] = {}
    # Later groups do not override earlier ones: a verb that is both is the stronger.
    for group in ("say", "show", "weak", "direct"):
        for lemma in data["verbs"].get(group, ()):
            if language == "en":
                forms: Iterable[tuple[str, bool, bool]] = _english_forms(lemma, irregular.get(lemma))
            else:
                forms = _slavic_forms(lemma, language)
            for form, plural, gerund in forms:
                found.setdefault(form, Verb(lemma, group, plural, gerund, form in noun_like))
    for form in data.get("extra_forms", ()):
        found[form] = Verb(form, "weak")
    for form in data.get("final_verbs", ()):
        found[form] = Verb(form, "say")
    return found


def _english_forms(lemma: str, irregular: list[str] | None) -> list[tuple[str, bool, bool]]:
    if irregular is not None:
        return [(form, False, form.endswith("ing")) for form in irregular]
    stem = lemma.removesuffix("e")
    third = lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s")
    double = lemma in {"quip", "admit", "label", "dub", "slam"}
    if double and lemma != "label":
        stem += lemma[-1]
    return [
        (lemma, True, False),
        (third, False, False),
        (stem + "ed", False, False),
        (stem + "ing", False, True),
    ]


def _slavic_forms(lemma: str, language: str) -> list[tuple[str, bool, bool]]:
    from tocsin.language.morphology import verb_forms

    return [(form, plural, gerund) for form, plural, gerund in verb_forms(lemma, language)]
