"""The few facts of each document that most pages ask for, kept in memory."""

from __future__ import annotations

from typing import Final

from tocsin.serve.reading import View
from tocsin.store import Snapshot

__all__ = ["with_facts"]

_FACTS: Final = """
SELECT d.document_id, d.channel, d.channel_id, d.published, l.language
FROM documents AS d
LEFT JOIN (SELECT document_id, language FROM document_languages WHERE rank = 0) AS l USING (document_id)
"""


def with_facts(view: View) -> None:
    """Have the table ``document_facts``: id, channel, channel_id, published, main language."""

    def make(tables: Snapshot) -> bool:
        tables.keep("document_facts", _FACTS)
        return True

    view.once("document_facts", make)
