"""Server time of every page and list, one request after the other, beside Datasette over the same table.

    python benchmarks/serve/pages.py CASE [--requests 40] [--only WORDS] [--datasette]

Times are processor seconds of this process: what an answer takes on one core of a machine with nothing else
to do. The app is called in it (no network), each address with filters and cursors that change, so that no
answer is one that was kept; an ETag is never sent. The slowest of the first requests of each sort, which make
the indexes of the snapshot and load models, is told apart. Datasette, where it is installed, pages through
the same claims in SQLite.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from starlette.testclient import TestClient

from tocsin.serve.app import create_app
from tocsin.serve.limits import Limits
from tocsin.serve.tokens import Role, TokenBook
from tocsin.serve.warming import warm

#: Requests of each sort that are told apart: they make indexes and load models.
WARM = 4
KINDS = ("report", "forecast", "blame", "advice", "opinion")
SORTS = ("newest", "oldest", "score")
BY = ("both", "words", "meaning")


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def _addresses(client: TestClient, choose: random.Random) -> dict[str, Callable[[], str]]:
    documents = [d["document_id"] for d in client.get("/api/v1/documents?limit=200").json()["items"]]
    channels = [c["channel"] for c in client.get("/api/v1/coverage").json()["channels"][:20] if c["channel"]]
    sources = re.findall(r'href="(/sources/[^"?#]+)"', client.get("/sources").text)
    cursors = {sort: client.get(f"/api/v1/claims?sort={sort}&limit=200").json()["next"] for sort in SORTS}

    def listed(path: str) -> Callable[[], str]:
        def make() -> str:
            sort = choose.choice(SORTS)
            ways = (
                f"sort={sort}",
                f"kind={choose.choice(KINDS)}&sort={sort}",
                f"channel={choose.choice(channels)}",
                f"sort={sort}&cursor={cursors[sort]}",
                "judged=machine&source_kind=anonymous",
            )
            return f"{path}?{choose.choice(ways)}"

        return make

    def fixed(address: str) -> Callable[[], str]:
        return lambda: address

    def one_of(path: str, key: str) -> Callable[[], str]:
        ids = [item[key] for item in client.get(f"/api/v1/{path}?limit=200").json()["items"]]
        return lambda: f"/{'alarms' if path == 'surges' else path}/{choose.choice(ids)}" if ids else "/"

    labels = [n["label"] for n in client.get("/api/v1/narratives?limit=200").json()["items"]] or ["water"]

    def asked() -> str:
        words = choose.choice(labels).split()
        start = choose.randrange(max(1, len(words) - 2))
        query = {"q": " ".join(words[start : start + 3]), "by": choose.choice(BY)}
        if choose.random() < 0.5:
            query |= choose.choice(({"channel": choose.choice(channels)}, {"kind": choose.choice(KINDS)}))
        return f"/search?{urlencode(query)}"

    return {
        "page of claims": listed("/claims"),
        "reader": lambda: f"/documents/{choose.choice(documents)}",
        "one story": one_of("stories", "story_id"),
        "one narrative": one_of("narratives", "narrative_id"),
        "one alarm": one_of("surges", "surge_id"),
        "one source": lambda: choose.choice(sources),
        "search": asked,
        "API claims": listed("/api/v1/claims"),
        "API documents": lambda: f"/api/v1/documents?channel={choose.choice(channels)}",
        "API one document": lambda: f"/api/v1/documents/{choose.choice(documents)}",
        "API attributions": lambda: f"/api/v1/attributions?document={choose.choice(documents)}",
        "API forecasts": fixed("/api/v1/forecasts?testable=yes"),
        "API blame": fixed("/api/v1/blame"),
        "API coverage": fixed("/api/v1/coverage"),
        "API judgements": fixed("/api/v1/judgements"),
        **{f"page {path}": fixed(path) for path in _pages()},
    }


def _pages() -> list[str]:
    """The other pages in the navigation."""
    from tocsin.serve.menu import MENU

    return [address for _, group in MENU for address, _ in group if address != "/claims"]


def measure(case: Path, requests: int, only: str = "") -> None:
    """Print p50 and p95 of every address."""
    token = TokenBook(case).add("benchmark", Role.READER)
    app = create_app(case, limits=Limits(requests=1e9))
    headers = {"Authorization": f"Bearer {token}"}
    choose = random.Random(8)  # noqa: S311 - not for secrets
    start = time.process_time()
    with TestClient(app, base_url="http://127.0.0.1", headers=headers) as client:
        client.get("/claims")
        print(f"first page of claims (snapshot and index): {time.process_time() - start:.2f} s")
        start = time.process_time()
        warm(app.state.bench.reader.view(), lambda: False)
        print(f"the rest of what is made in the background: {time.process_time() - start:.2f} s")
        for name, make in _addresses(client, choose).items():
            if only not in name:
                continue
            times, size = [], 0
            first = 0.0
            for number in range(requests + WARM):
                address = make()
                start = time.process_time()
                answer = client.get(address)
                took = time.process_time() - start
                if answer.status_code != 200:
                    print(f"{name}: {answer.status_code} {answer.text[:200]}")
                    break
                if number >= WARM:
                    times.append(took)
                    size = max(size, len(answer.content))
                else:
                    first = max(first, took)
            if times:
                figures = (statistics.median(times), _quantile(times, 0.95))
                line = f"first {first:.3f}  p50 {figures[0]:.3f}  p95 {figures[1]:.3f} s"
                print(f"{name:22} {line}  {size / 1000:.0f} kB")


def datasette(case: Path, requests: int) -> None:
    """The same claims in SQLite, paged through by Datasette in this process."""
    import asyncio
    import sqlite3

    from datasette.app import Datasette

    from tocsin.store import CaseStore

    choose = random.Random(8)  # noqa: S311 - not for secrets
    with tempfile.TemporaryDirectory() as folder, CaseStore(case, create=False) as store:
        path = Path(folder) / "claims.db"
        rows = store.snapshot().query(
            "SELECT claim_id, document_id, d.published::VARCHAR AS published, channel, c.language, "
            "source_kind, source_label, kind, certainty, score, substr(text, content[1].start + 1, "
            "content[1].end - content[1].start) AS words "
            "FROM claims AS c JOIN documents AS d USING (document_id)"
        )
        database = sqlite3.connect(path)
        names = rows.column_names
        database.execute(f"CREATE TABLE claims ({', '.join(names)}, PRIMARY KEY (claim_id))")
        for batch in rows.to_batches(50_000):
            columns = batch.to_pydict()
            marks = ",".join("?" * len(names))
            database.executemany(
                f"INSERT INTO claims VALUES ({marks})", zip(*(columns[n] for n in names), strict=True)
            )
        for column in ("published", "kind", "channel", "score"):
            database.execute(f"CREATE INDEX by_{column} ON claims ({column})")
        database.commit()
        database.close()

        async def ask() -> list[float]:
            app = Datasette([str(path)])
            await app.invoke_startup()
            times = []
            for number in range(requests + 1):
                way = choose.choice(
                    (
                        "_sort_desc=published",
                        f"kind={choose.choice(KINDS)}&_sort_desc=published",
                        "_sort=score",
                    )
                )
                start = time.process_time()
                answer = await app.client.get(f"/claims/claims?{way}&_size=25")
                if number:
                    times.append(time.process_time() - start)
                if answer.status_code != 200:
                    sys.exit(f"datasette: {answer.status_code} {answer.text[:200]}")
            return times

        times = asyncio.run(ask())
        figures = (statistics.median(times), _quantile(times, 0.95))
        print(f"{'Datasette, same rows':22} p50 {figures[0]:.3f}  p95 {figures[1]:.3f} s")


def main() -> None:
    """Measure a copy of the catalogue over the same segments: a benchmark leaves no token behind."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("case", type=Path)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--only", default="", help="only addresses with these words in their names")
    parser.add_argument("--datasette", action="store_true", help="beside Datasette")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        case = Path(folder) / "case"
        case.mkdir()
        shutil.copy(given.case / "case.sqlite", case / "case.sqlite")
        (case / "segments").symlink_to((given.case / "segments").resolve())
        measure(case, given.requests, given.only)
        if given.datasette:
            datasette(case, given.requests)
    print(json.dumps({"case": given.case.name, "requests": given.requests}))


if __name__ == "__main__":
    main()
