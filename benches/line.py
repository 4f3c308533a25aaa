"""From an export file to searchable cases: the whole line, its processes running as `jaring up` has them."""

from __future__ import annotations

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benches.figures import Figure
from jaring.bundled import sample_posts
from store import KeyRing, open_store

POSTS = 6_000  # long enough that starting up and stragglers weigh little, short enough to wait for
AIM_PER_SECOND = 500.0
PATIENCE_SECONDS = 180.0
ROOMS = ("nlp", "desk", "indexer")


def texts(count: int, *, seed: int = 11) -> list[str]:
    """Posts of realistic words and length, no two alike: halves of different sample posts joined."""
    chance = random.Random(seed)
    known = [post.text for post in sample_posts(datetime.now(UTC)) if len(post.text) > 40]
    made = []
    for n in range(count):
        a, b = chance.sample(known, 2)
        first, second = a.split(), b.split()
        made.append(" ".join([*first[: len(first) // 2], *second[len(second) // 2 :], f"nomor {n}"])[:400])
    return made


def main() -> list[Figure]:
    """Import, read, decide and index POSTS posts; return the rate."""
    with tempfile.TemporaryDirectory(prefix="jaring-bench-") as folder:
        home = Path(folder)
        environment = {**os.environ, "JARING_HOME": folder, "JARING_CRAWL": "0", "JARING_REGIONS": "lombok-barat"}
        environment.pop("JARING_DATABASE_URL", None)
        export = home / "ekspor.csv"
        with export.open("w", newline="", encoding="utf-8") as sheet:
            writer = csv.writer(sheet)
            writer.writerow(["id", "published_at", "text"])
            writer.writerows((f"b{n}", "2026-11-01 08:00", text) for n, text in enumerate(texts(POSTS)))
        jaring = [sys.executable, "-m", "jaring"]
        subprocess.run([*jaring, "setup"], env=environment, check=True, capture_output=True)
        rooms = [subprocess.Popen([*jaring, "run", room], env=environment) for room in ROOMS]
        try:
            time.sleep(8)  # the rooms load their models: a running installation has done so long ago
            began = time.perf_counter()
            subprocess.run(
                [*jaring, "import", str(export), "--map", "umum", "--region", "lombok-barat", "--json"],
                env=environment, check=True, capture_output=True,
            )  # fmt: skip
            _wait_until_searchable(home)
            seconds = time.perf_counter() - began
        finally:
            for room in rooms:
                room.terminate()
            for room in rooms:
                room.wait()
    rate = POSTS / seconds
    return [
        Figure(
            "impor → dapat dicari, 2 inti",
            rate,
            "kiriman/dtk",
            None,
            None,
            f"≥ {AIM_PER_SECOND:.0f}/dtk",
            rate >= AIM_PER_SECOND,
        )
    ]


def _wait_until_searchable(home: Path) -> None:
    """Ask the belts in this process: a `jaring status` every moment would take a core for itself."""
    store = open_store(f"sqlite:///{home / 'jaring.sqlite'}", keys=KeyRing.open(home / "keys"))
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if all(belt.waiting == 0 and belt.leased == 0 for belt in store.belts.depth().values()):
                return
            time.sleep(0.1)
    finally:
        store.close()
    raise TimeoutError(f"not searchable after {PATIENCE_SECONDS:.0f} s")
