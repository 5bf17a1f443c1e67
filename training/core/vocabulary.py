"""Choose the pieces the small encoder keeps, and write them as a sentencepiece model.

A piece left out is cut into shorter ones, so nothing becomes unreadable; only rare words grow longer.

python -m training.core.vocabulary DATA --size 30000 --out build/core/pieces.model
"""

from __future__ import annotations

import argparse
import io
import re
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from training.core.source import Source, read_source
from training.core.texts import texts

__all__ = ["choose", "write_model"]

#: Ids of the unknown piece, and of the marks of begin and end, as the piece table expects them.
SPECIAL = ("<unk>", "<s>", "</s>")
#: Characters per language that are counted.
_CHARACTERS = 3_000_000
#: Share of the vocabulary given to each language's most frequent pieces.
_SHARES = {"en": 0.34, "ru": 0.3, "uk": 0.14, "kk": 0.12}
_LETTERS = re.compile(r"▁?[0-9A-Za-zÀ-žА-ԯ’'ʼ]+|▁?[^\w\s]+|▁", re.UNICODE)


def write_model(pieces: list[str], scores: list[float], path: Path) -> None:
    """A unigram model with exactly these pieces after the three special ones."""
    import sentencepiece
    from sentencepiece import sentencepiece_model_pb2 as proto

    stream = io.BytesIO()
    letters = [f"{a} {b}" for a in "abcdefghij" for b in "klmnopqrst"]
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(letters),
        model_writer=stream,
        vocab_size=24,
        model_type="unigram",
        normalization_rule_name="nmt_nfkc",
        minloglevel=2,
    )
    model: Any = proto.ModelProto()
    model.ParseFromString(stream.getvalue())
    del model.pieces[:]
    kinds = model.SentencePiece.Type
    for name, kind in zip(SPECIAL, (kinds.UNKNOWN, kinds.CONTROL, kinds.CONTROL), strict=True):
        model.pieces.add(piece=name, score=0.0, type=kind)
    for piece, score in zip(pieces, scores, strict=True):
        model.pieces.add(piece=piece, score=score, type=kinds.NORMAL)
    model.trainer_spec.vocab_size = len(model.pieces)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(model.SerializeToString())


def _counts(source: Source, data: Path, build: Path) -> dict[str, Counter[int]]:
    """How often each piece of the full vocabulary stands in each language's texts."""
    import sentencepiece

    full = build / "full.model"
    write_model(source.pieces[4:], source.scores[4:].tolist(), full)
    processor: Any = sentencepiece.SentencePieceProcessor(model_file=str(full))
    counts: dict[str, Counter[int]] = {language: Counter() for language in _SHARES}
    room = dict.fromkeys(_SHARES, _CHARACTERS)
    for language, text in texts(data):
        if room.get(language, 0) > 0:
            counts[language].update(processor.encode(text))
            room[language] -= len(text)
    return counts


def choose(source: Source, data: Path, size: int, build: Path) -> list[int]:
    """Ids (rows of the source) of the pieces kept, in their old order."""
    counts = _counts(source, data, build)
    kept: set[int] = set()
    # Every single character of the scripts we read, so that no letter becomes unknown.
    for row, piece in enumerate(source.pieces[4:], 4):
        if len(piece.lstrip("▁")) <= 1 and _LETTERS.fullmatch(piece):
            kept.add(row)
    for language, share in _SHARES.items():
        # Ids of the model written above: three special ones before the pieces, four in the source.
        ranked = [
            number + 1 for number, count in counts[language].most_common() if number >= 3 and count >= 2
        ]
        new = (row for row in ranked if row not in kept)
        kept.update(islice(new, int(share * size)))
    by_score = np.argsort(-source.scores[4:], kind="stable") + 4
    for row in by_score.tolist():
        if len(kept) >= size:
            break
        if _LETTERS.fullmatch(source.pieces[row]):
            kept.add(row)
    return sorted(kept)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--size", type=int, default=30_000)
    parser.add_argument("--out", type=Path, default=Path("build/core"))
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    source = read_source()
    kept = choose(source, args.data, args.size, args.out)
    np.save(args.out / "rows.npy", np.array(kept))
    write_model([source.pieces[i] for i in kept], source.scores[kept].tolist(), args.out / "pieces.model")
    print(len(kept), "pieces kept of", len(source.pieces))


if __name__ == "__main__":
    main()
