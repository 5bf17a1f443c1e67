"""What a document shares: addresses, its words, a forward, hashtags, media."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import pyarrow as pa

from tocsin.link.addresses import addresses_in
from tocsin.model import make_id
from tocsin.model.sharing import ShareAction, SharedThing

__all__ = ["find_shares", "things_of"]

#: Shorter texts («Доброе утро!», "Breaking") are the same by themselves.
_LEAST_TEXT = 40
#: One hashtag is a topic; three in the same order are a template.
_LEAST_HASHTAGS = 3
_HASHTAG = re.compile(r"(?<![\w#])#(\w{2,})")
#: Names that programs give: the same in every export, they tell nothing.
_MACHINE_NAME = re.compile(
    r"^(?:photo|img|image|video|audio|file|animation|sticker|screenshot|document|voice|vid|dsc|pic)?"
    r"[\W_\d]*(?:thumb)?$"
)
_LABEL = 90


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LABEL else line[: _LABEL - 1].rstrip() + "…"


def things_of(
    document_id: str, text: str, forward: tuple[str | None, str | None], media: list[str]
) -> Iterator[SharedThing]:
    """The things one document shares, each once. ``forward`` is the id and the name of the forward's source.

    An empty or missing value is no thing: nothing missing ever matches.
    """
    for address in sorted({address for address, _ in addresses_in(text)}):
        site = address.partition("/")[0].partition("?")[0]
        yield _thing(document_id, ShareAction.ADDRESS, address, address, site)
    words = _folded(text)
    source = forward[0] or forward[1]
    if source and words:
        yield _thing(document_id, ShareAction.FORWARD, f"{source}\n{words}", _short(text), source)
    elif len(words) >= _LEAST_TEXT:
        yield _thing(document_id, ShareAction.TEXT, words, _short(text), None)
    tags = [tag.casefold() for tag in _HASHTAG.findall(text)]
    if len(tags) >= _LEAST_HASHTAGS:
        shown = " ".join(f"#{tag}" for tag in tags)
        yield _thing(document_id, ShareAction.HASHTAGS, shown, _short(shown), None)
    for name in sorted({item.replace("\\", "/").rpartition("/")[2].casefold() for item in media}):
        if name and not _MACHINE_NAME.match(name.rpartition(".")[0] or name):
            yield _thing(document_id, ShareAction.MEDIA, name, _short(name), None)


def _thing(document_id: str, action: ShareAction, value: str, label: str, feed: str | None) -> SharedThing:
    return SharedThing(document_id, action, make_id("shared", str(action), value), label, feed)


def find_shares(documents: pa.Table) -> dict[str, pa.Table]:
    """Kernel: documents → shares. Documents of no channel or no date share nothing: with whom, and when?"""
    from tocsin.model.arrow import table_of
    from tocsin.model.tables import SHARES

    found: list[SharedThing] = []
    for row in documents.to_pylist():
        if row["published"] is None or not (row["channel_id"] or row["channel"]):
            continue
        forward = (row["forwarded_from_id"], row["forwarded_from"])
        found += things_of(row["document_id"], row["text"], forward, row["media"])
    found.sort(key=lambda thing: (thing.document_id, thing.action, thing.object_id))
    return {"shares": table_of(found, SHARES)}
