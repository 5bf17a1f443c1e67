r"""Run a benchmark or module with the student's layers in place of those that ship; nothing is written.

python -m training.core.with_student STUDENT.pt benchmarks/attribution/polnear.py --only network
python -m training.core.with_student --bits 32 STUDENT.pt benchmarks/language/heads.py

A benchmark that starts processes of its own measures what ships in them. Speed, over the same texts for both:

python benchmarks/language_core.py --data ../shared/data --prepare TEXTS.json
python benchmarks/language_core.py --work "full analysis" TEXTS.json 0
python -m training.core.with_student STUDENT.pt \
    benchmarks/language_core.py --work "full analysis" TEXTS.json 0
"""

from __future__ import annotations

import argparse
import runpy
import sys
from functools import partial
from pathlib import Path

from tocsin.language import core
from training.core.student import StudentCore

__all__ = ["main"]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("student", type=Path, help="a checkpoint of training.core.distil")
    parser.add_argument("--bits", type=int, choices=[8, 32], default=8, help="of the layers' weights")
    parser.add_argument("script", type=Path)
    parser.add_argument("arguments", nargs=argparse.REMAINDER, help="of the script")
    args = parser.parse_args()
    # Whoever asks for the packaged core gets this one, wherever it was imported.
    core.LanguageCore = partial(StudentCore, student=args.student, bits=args.bits)  # type: ignore[misc, assignment]
    sys.argv = [str(args.script), *args.arguments]
    sys.path.insert(0, str(args.script.parent))
    runpy.run_path(str(args.script), run_name="__main__")


if __name__ == "__main__":
    main()
