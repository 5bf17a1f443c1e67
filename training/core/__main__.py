"""From the data folder to the weights that ship: every step of the recipe, in order.

python -m training.core DATA [--build build/core] [--out src/tocsin/language/weights/core-nc.npz]

About two and a half hours on two cores, 8 GB. Steps whose result lies in the build folder are not repeated.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from tocsin.language.persuasion import WEIGHTS as NC

__all__ = ["main"]

_LANGUAGES = ("ru", "uk", "kk")


def _run(*words: object) -> None:
    """One module of this package (or the loader of the own texts) in a process of its own."""
    command = [sys.executable, "-m", *map(str, words)]
    print("$", *command[1:], flush=True)
    subprocess.run(command, check=True)  # noqa: S603 (our own modules, with the paths the user gave)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--build", type=Path, default=Path("build/core"))
    parser.add_argument("--out", type=Path, default=Path("src/tocsin/language/weights/core-nc.npz"))
    args = parser.parse_args()
    build: Path = args.build
    if not (build / "rows.npy").exists():
        _run("training.core.vocabulary", args.data, "--out", build)
    if not (build / "teacher.npy").exists():
        _run("training.core.teacher", args.data, "--out", build)
    own = [build / "own" / f"{language}-train.jsonl" for language in _LANGUAGES]
    (build / "own").mkdir(exist_ok=True)
    for language, path in zip(_LANGUAGES, own, strict=True):
        _run("training.annotated.load", "--lang", language, "--split", "train", "--out", path)
    common = ("training.core.train", args.data, "--build", build, "--own", *own)
    before: tuple[object, ...] = ()
    for name in ("first", "second", "third"):
        weights = build / name / "core.pt"
        if not weights.exists():
            _run(*common, "--out", weights.parent, "--recipe", name, *before)
        before = ("--resume", weights)
    _run("training.core.export", weights, "--data", args.data, "--build", build, "--out", args.out)
    _run("training.core.calibrate", args.data, "--weights", args.out)
    _run("training.core.refit_checkworthy", args.data, "--weights", args.out)
    _run("training.core.refit_names", args.data, "--weights", args.out)
    # Its corpus is not free for commercial use, so this head stays apart from the rest.
    _run("training.persuasion", args.data, "--build", build, "--out", args.out.parent / NC)


if __name__ == "__main__":
    main()
