"""One of several processes that crawl what is due, by leases: `python -m benches.crawlwork FOLDER`."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

from benches.crawl import follow
from crawlers.canonical import host_of
from crawlers.running import CrawlLoop
from domain.labels import SourceState
from domain.ports import CrawlOutcome
from jaring.leasing import LeaseKeeper
from store import KeyRing, open_store


def main(folder: Path) -> None:
    """Wait for the word, crawl one source after another until none is due, say so."""
    store = open_store(f"sqlite:///{folder}/truth.sqlite", keys=KeyRing.open(folder / "keys"))
    loop = CrawlLoop.loop()
    store.sources.specs()  # connected, and all that is loaded late is loaded
    sys.stdout.write("siap\n")
    sys.stdout.flush()
    sys.stdin.readline()
    with LeaseKeeper(store) as keeper:
        for spec in store.sources.due(datetime.now(UTC)):
            now, host = datetime.now(UTC), host_of(spec.url)
            claimed = keeper.source(spec.key, host, now)
            if claimed is not None:
                notes = asyncio.run_coroutine_threadsafe(follow(*claimed, store), loop).result()
                outcome = CrawlOutcome(spec.key, SourceState.OK, now, seen=notes.seen, report=notes.report)
                store.source_leases.record(outcome, keeper.owner)
                keeper.release(sources=[spec.key], hosts=[host])
    sys.stdout.write("selesai\n")
    sys.stdout.flush()
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
