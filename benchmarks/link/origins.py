"""Do the two numbers of origins hold the true one? Planted stories with a known number of origins.

    python benchmarks/link/origins.py [--worlds 200] [--retold] [--write FILE]

Each world (``tocsin.testing.story_worlds``) has one story of 1 to 6 independent origins and 4 to 40 posts
that derive from them by forward, copy, edit, excerpt, wire copy or address, beside posts about other
things. Printed: how often the interval from ``origins_low`` to ``origins_high`` holds the true number,
how often it is at most one wide, how often the middle is right to the unit, and how many posts about
other things were drawn into a story. With ``--retold`` there are also origins in four languages, paraphrases
and translations, and all stages that links rest on are run (some 12 minutes of CPU time). The peer is what
an analyst gets from datasketch: connected components of MinHashLSH at .7.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from tocsin.link.fold import folded
from tocsin.link.origins import count_origins
from tocsin.link.stage import link_documents
from tocsin.model import TABLES, Document, DocumentLink
from tocsin.model.arrow import empty_table, rows_of, table_of
from tocsin.model.ids import make_id
from tocsin.pipeline import derive_tables
from tocsin.stage import CorpusInput
from tocsin.testing import ratchet
from tocsin.testing.story_worlds import StoryWorld, make_story_world

FLOOR = Path(__file__).parents[1] / "floors" / "link-origins.json"
FLOOR_RETOLD = FLOOR.with_name("link-origins-retold.json")


def links_of(documents: Sequence[Document], *, meaning: bool = False) -> list[DocumentLink]:
    """The links found among these documents alone: by words and what is stated, or by meaning too."""
    if meaning:
        wanted = ("document_links", "meaning_links")
        made = derive_tables(table_of(documents, TABLES["documents"]), wanted)
        return [link for name in wanted for link in rows_of(made[name], TABLES[name])]
    tables = {
        "documents": table_of(documents, TABLES["documents"]),
        "attributions": empty_table(TABLES["attributions"]),
    }

    def table(name: str, columns: Sequence[str] | None = None) -> pa.Table:
        return tables[name].select(list(columns)) if columns else tables[name]

    found = link_documents(CorpusInput(table, {}, {}))["document_links"]
    return list(rows_of(found, TABLES["document_links"]))


def line_of(world: StoryWorld) -> str:
    """A world as a record of ``tocsin eval origins``."""
    names = ("text", "platform", "channel", "channel_id", "native_id", "url", "forwarded_from")
    documents = []
    for document in world.documents:
        given = {name: getattr(document, name) for name in (*names, "forwarded_from_id")}
        given["published"] = document.published.isoformat() if document.published else None
        given["other"] = document.document_id not in world.story or None
        documents.append({name: value for name, value in given.items() if value is not None})
    record = {"id": f"world {world.seed}", "origins": world.origins, "documents": documents}
    return json.dumps(record, ensure_ascii=False) + "\n"


def components(world: StoryWorld) -> int:
    """How many groups datasketch leaves among the posts of the story."""
    from datasketch import MinHash, MinHashLSH

    index, parent = MinHashLSH(threshold=0.7, num_perm=128), {}

    def root(item: str) -> str:
        while parent[item] != item:
            item = parent[item]
        return item

    for document in world.documents:
        if document.document_id not in world.story:
            continue
        words = folded(document.text) or document.text
        sketch = MinHash(num_perm=128)
        sketch.update_batch([words[at : at + 5].encode() for at in range(max(1, len(words) - 4))])
        parent[document.document_id] = document.document_id
        for other in index.query(sketch):
            parent[root(other)] = root(document.document_id)
        index.insert(document.document_id, sketch)
    return len({root(item) for item in parent})


def main() -> None:
    """Print the rates over all worlds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=200)
    parser.add_argument("--retold", action="store_true")
    parser.add_argument("--write", type=Path, help="write the worlds for tocsin eval origins and stop")
    parser.add_argument("--floor", choices=ratchet.MODES, default="check")
    arguments = parser.parse_args()
    if arguments.write:
        worlds = (make_story_world(seed, retold=arguments.retold) for seed in range(arguments.worlds))
        arguments.write.write_text("".join(map(line_of, worlds)), encoding="utf-8")
        return
    held = narrow = exact = peer = strays = posts = others = 0
    started = time.process_time()
    for seed in range(arguments.worlds):
        world = make_story_world(seed, retold=arguments.retold)
        links = links_of(world.documents, meaning=arguments.retold)
        count = count_origins(world.story, links)
        held += count.low <= world.origins <= count.high
        narrow += count.high - count.low <= 1
        exact += round((count.low + count.high) / 2) == world.origins
        peer += components(world) == world.origins
        posts += len(world.story)
        others += len(world.documents) - len(world.story)
        ends = [(link.document_id, link.original_id) for link in links if link.original_id]
        strays += sum((one in world.story) != (other in world.story) for one, other in ends)
    number = arguments.worlds
    print(f"{number} worlds, {posts:,} posts of stories, {others:,} about other things")
    print(
        f"  tocsin      holds the true number {held / number:.3f}, at most one wide {narrow / number:.3f},",
        end=" ",
    )
    print(f"middle right {exact / number:.3f}, links between a story and other things {strays}")
    print(f"  datasketch  right {peer / number:.3f}")
    print(f"  {time.process_time() - started:.0f} CPU-s for both")
    metrics = {
        "holds the true number": held / number,
        "at most one wide": narrow / number,
        "middle right": exact / number,
    }
    if number == 200:
        path, dataset = FLOOR, make_id("story worlds", 200, 1)
        if arguments.retold:
            path, dataset = FLOOR_RETOLD, make_id("story worlds", 200, "retold", 1)
        print(ratchet.settle(path, dataset, metrics, arguments.floor))


if __name__ == "__main__":
    main()
