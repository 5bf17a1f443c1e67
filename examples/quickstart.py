"""Read the demo corpus into a case and list what is claimed, on whose word.

Run it with ``python examples/quickstart.py [FILE...]``: files of your own instead of the demo corpus.
"""

from __future__ import annotations

import sys
from pathlib import Path

import tocsin
from tocsin import examples
from tocsin.model import quote


def main(inputs: list[Path], folder: str = "demo-case") -> None:
    """Add ``inputs`` to the case in ``folder`` and print its first claims; raises tocsin.TocsinError."""
    case = tocsin.Case(folder)
    case.add(inputs)
    for number, claim in enumerate(case.claims()):
        if number == 20:
            break
        document = case.document(claim.document_id)
        source = claim.source_label or document.channel or "?"
        print(f"{source} [{claim.source_kind}, {claim.certainty}, {claim.kind}]")  # noqa: T201
        print(f"    {quote(claim.content, document.text)}")  # noqa: T201
    case.brief("demo-brief.html", title="Quickstart")
    print("The whole brief is in demo-brief.html")  # noqa: T201


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or list(examples.corpus_files()))
