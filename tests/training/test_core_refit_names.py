"""The head of names taught anew on invented states, and written beside what else is in the file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip("torch")

# ruff: noqa: E402
from tocsin.language.core import language_core
from tocsin.language.names import TAGS
from tocsin.language.packed import unpack
from tocsin.language.windows import Window
from training.core.model import Example
from training.core.refit_names import Read, head_of, teach, write
from training.core.tasks.names import NamesHead, NamesLabels
from training.core.tasks.names_data import MAIN, Corpus, texts

WIDTH = 384


def seen(count: int) -> list[Read]:
    """Windows of five to eight words; the second is a person where its state says so."""
    draw = np.random.default_rng(3)
    found = []
    for k in range(count):
        n = 5 + k % 4
        at, none = np.arange(n), np.zeros(n, np.int64)
        window = Window(
            at, none, ["word"] * n, at, at + 1, at * 5, at * 5 + 4, none, none, np.zeros((n, 22)), [0]
        )
        tags, states = none.copy(), draw.normal(size=(n, WIDTH))
        if k % 2:
            tags[1] = TAGS.index("S-PER")
            states[1] += 2
        found.append(Read(Example(window, "en", NamesLabels(0, tags)), states.astype(np.float16)))
    return found


def sureness(head: NamesHead, own: list[Read]) -> float:
    """How much likelier a person is, on the average, at the second word where there is one."""
    person = TAGS.index("S-PER")
    with torch.no_grad():
        words = torch.stack([torch.from_numpy(one.words[:5]).float() for one in own])
        scores = head(words, torch.ones(words.shape[:2], dtype=torch.bool), torch.zeros(len(own), dtype=int))
    return float(scores[1::2, 1, person].mean() - scores[::2, 1, person].mean())


def test_it_learns_and_is_written_beside_the_rest(tmp_path: Path) -> None:
    torch.manual_seed(1)
    own, fresh = seen(16), NamesHead(WIDTH)
    before = sureness(fresh.eval(), own)
    head = teach(fresh, [own] * 15, tmp_path)
    path = tmp_path / "weights.npz"
    np.savez_compressed(path, **{"other": np.arange(3), "names.old": np.zeros(2)})
    write(head, path)
    with np.load(path) as stored:
        assert stored["other"].tolist() == [0, 1, 2]
        assert "names.old" not in stored.files
        named = unpack({k: stored[k] for k in stored.files if k.startswith("names.")})
    head.load_state_dict({k.removeprefix("names."): torch.from_numpy(v) for k, v in named.items()})
    assert sureness(head, own) > before + 1


def test_it_begins_with_the_head_that_ships() -> None:
    core = language_core()
    state = head_of(core).state_dict()
    assert {f"names.{name}" for name in state} == {k for k in core.named if k.startswith("names.")}
    assert np.array_equal(state["mix.weight"].numpy(), core.named["names.mix.weight"])


def test_tokens_can_stay_apart(tmp_path: Path) -> None:
    row = {"tokens": ["In", "Orlo", ",", "all", "is", "calm", "."], "tags": ["O", "B-LOC", *"OOOOO"]}
    (tmp_path / "made.jsonl").write_text(json.dumps(row) + "\n", encoding="utf-8")
    corpus = Corpus("made", "en", "wikigold", "made", {k: k for k in MAIN}, 1, dev="made", sentences=True)
    (natural,) = texts(tmp_path, corpus, held_out=False)
    (spaced,) = texts(tmp_path, corpus, held_out=False, spaced=True)
    assert (natural.text, spaced.text) == ("In Orlo, all is calm.", "In Orlo , all is calm .")
    assert natural.spans == spaced.spans == [(3, 7, "LOC")]
