"""Fifty readers and one writer while files are added: errors, times, and judgements lost (none may be).

    python benchmarks/serve/load.py [--case DIR] [--seconds 30] [--readers 50] [--think 5]

Runs ``tocsin serve`` in a process of its own over a copy of the case (default: that of the demo corpus), and
in another one ``tocsin add`` again and again with new invented posts. Readers wait for each answer and ask
for something else after ``--think`` seconds on average; the writer judges without a pause. At the end the
log is read from the case.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

import tocsin
from tocsin.examples import corpus_dir
from tocsin.serve.tokens import Role, TokenBook
from tocsin.testing.worlds import make_world, write_jsonl

PORT = 8799
BASE = f"http://127.0.0.1:{PORT}"
READS = (
    "/claims",
    "/claims?kind=forecast&sort=score",
    "/claims?source_kind=anonymous",
    "/api/v1/claims?limit=50",
    "/api/v1/documents?limit=50",
    "/api/v1/forecasts",
    "/api/v1/coverage",
    "/api/v1/judgements",
)


@dataclass
class Tally:
    """What happened: seconds by address, and what was neither an answer nor a documented refusal."""

    times: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    acknowledged: list[int] = field(default_factory=list)

    def took(self, address: str, seconds: float) -> None:
        self.times.setdefault(address.partition("?")[0], []).append(seconds)


@dataclass
class Load:
    """How long, and how many seconds a reader thinks on average before he asks again."""

    seconds: float
    think: float
    end: float = 0.0

    def over(self) -> bool:
        return time.monotonic() > self.end


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


@contextmanager
def served(case: Path, port: int = PORT) -> Iterator[subprocess.Popen[bytes]]:
    """``tocsin serve`` over a case until the block ends."""
    command = [sys.executable, "-m", "tocsin", "serve", "--case", str(case), "--port", str(port)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(600):
                try:
                    httpx2.get(f"http://127.0.0.1:{port}/sign-in")
                    break
                except httpx2.TransportError:
                    time.sleep(0.1)
            yield process
        finally:
            process.terminate()


async def read(token: str, tally: Tally, load: Load, seed: int) -> None:
    """One reader."""
    choose = random.Random(seed)  # noqa: S311 - not for secrets
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=BASE, headers=headers, timeout=120) as client:
        while not load.over():
            await asyncio.sleep(choose.uniform(0, 2 * load.think))
            address = choose.choice(READS)
            start = time.perf_counter()
            try:
                answer = await client.get(address)
            except httpx2.TransportError as error:
                tally.errors.append(f"{address}: {error!r}")
                continue
            tally.took(address, time.perf_counter() - start)
            if answer.status_code != 200:
                tally.errors.append(f"{address}: {answer.status_code} {answer.text[:200]}")


async def write(token: str, tally: Tally, load: Load, findings: list[str]) -> None:
    """The writer: each judgement has its number as the reason."""
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=BASE, headers=headers, timeout=120) as client:
        number = 0
        while not load.over():
            body = {
                "finding_id": findings[number % len(findings)],
                "verdict": "comment",
                "reason": str(number),
            }
            start = time.perf_counter()
            answer = await client.post(
                "/api/v1/judgements", json=body, headers={"Idempotency-Key": f"load {number}"}
            )
            tally.took("POST /api/v1/judgements", time.perf_counter() - start)
            if answer.status_code == 201:
                tally.acknowledged.append(number)
            else:
                tally.errors.append(f"judgement {number}: {answer.status_code} {answer.text[:200]}")
            number += 1


def _posts(folder: Path, seed: int, many: int) -> Path:
    """A file of invented posts."""
    path = folder / f"posts{seed}.jsonl"
    write_jsonl(make_world(seed, many).posts, path)
    return path


async def ingest(case: Path, folder: Path, load: Load) -> int:
    """Add new files one after the other; returns how many were added whole."""
    added = 0
    while not load.over():
        path = _posts(folder, 1000 + added, 200)
        command = [
            "nice",
            "-n",
            "5",
            sys.executable,
            "-m",
            "tocsin",
            "add",
            str(path),
            "--case",
            str(case),
            "-q",
        ]
        process = await asyncio.create_subprocess_exec(*command, stderr=asyncio.subprocess.DEVNULL)
        while process.returncode is None and not load.over():
            await asyncio.sleep(0.2)
        if process.returncode is None:
            process.terminate()
            await process.wait()
        else:
            added += 1
    return added


async def run(case: Path, folder: Path, readers: int, load: Load) -> tuple[Tally, int]:
    """The load itself."""
    book = TokenBook(case)
    tokens = [book.add(f"reader {n}", Role.READER) for n in range(readers)]
    writer = book.add("writer", Role.ANALYST)
    findings = [c.claim_id for c, _ in zip(tocsin.Case(case).claims(), range(200), strict=False)]
    tally = Tally()
    load.end = time.monotonic() + load.seconds
    reading = [read(token, tally, load, n) for n, token in enumerate(tokens)]
    *_, added = await asyncio.gather(
        *reading, write(writer, tally, load, findings), ingest(case, folder, load)
    )
    return tally, int(added)


def main() -> None:
    """Print times by address, errors and lost judgements; exit 1 for any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--case", type=Path, help="a case; a copy of it is served")
    parser.add_argument("--seconds", type=float, default=30.0)
    parser.add_argument("--readers", type=int, default=50)
    parser.add_argument("--think", type=float, default=5.0, help="seconds between two requests of a reader")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        case = folder / "case"
        if given.case:
            shutil.copytree(given.case, case)
            with tocsin.Case(case) as made:  # findings of an older version would go while they are judged
                made.add([_posts(folder, 999, 50)])
        else:
            with tocsin.Case(case) as made:
                made.add([corpus_dir()])
        with served(case):
            tally, added = asyncio.run(run(case, folder, given.readers, Load(given.seconds, given.think)))
        kept = [int(e.reason) for e in tocsin.Case(case).judgements() if e.author == "writer"]
    lost = sorted(set(tally.acknowledged) - set(kept))
    for address, times in sorted(tally.times.items()):
        figures = (statistics.median(times), _quantile(times, 0.95), max(times))
        shown = "  ".join(f"{n} {v:.3f} s" for n, v in zip(("p50", "p95", "max"), figures, strict=True))
        print(f"{address:26} {len(times):6}  {shown}")
    everything = [t for times in tally.times.values() for t in times]
    print(
        json.dumps(
            {
                "readers": given.readers,
                "seconds": given.seconds,
                "think": given.think,
                "requests": len(everything),
                "p95": round(_quantile(everything, 0.95), 3),
                "errors": len(tally.errors),
                "files_added": added,
                "judgements": len(tally.acknowledged),
                "lost": len(lost),
                "twice": len(kept) - len(set(kept)),
            }
        )
    )
    for error in tally.errors[:10]:
        print(error)
    sys.exit(1 if lost or tally.errors or len(kept) != len(set(kept)) else 0)


if __name__ == "__main__":
    main()
